"""Zip archives: one reader that trusts nothing and bounds all that it opens, and one writer."""

from __future__ import annotations

import errno
import io
import os
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO

from course.core.names import legible
from course.core.refusal import Unreadable

MAGIC = b"PK\x03\x04"
EARLIEST, LATEST = datetime(1980, 1, 1), datetime(2107, 12, 31)  # what the format knows of time

_MIB = 1024**2
_CHUNK = _MIB
_ENTRY = b"PK\x01\x02"
_UTF8, _ENCRYPTED = 0x800, 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_ARCHIVE_STARTS = (MAGIC, b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_DROPPINGS = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
# What zipfile raises when a byte is not what it should be. An OSError is the disk's: `_Source` sees to that.
_MALFORMED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    LookupError,
)
_DAMAGED = "Le fichier est abîmé, ou n’est pas une archive zip."
_TOO_LARGE = "Ce que l’archive contient est trop gros pour sa taille."

PathRule = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of an archive is opened at most.

    Attributes:
        archive: Bytes of the archive.
        entries: Files in it, and in all that is nested in it.
        table: Bytes of its table of contents, which is bounded before it is parsed.
        file: Bytes of one unpacked file.
        total: Bytes of all unpacked files.
        free: Unpacked bytes past which `ratio` counts.
        ratio: How many times its own size the archive may unpack to.
        folders: Folders one in the other.
        inner: The bounds of an archive that is a file of this one; None when none is opened.
    """

    archive: int
    entries: int
    table: int = 8 * _MIB
    file: int = sys.maxsize
    total: int = sys.maxsize
    free: int
    ratio: int = 100
    folders: int = 12
    inner: Bounds | None = None


# What « Remettre » packs, and what is handed in is read by: the free bytes are what it packs of the same words.
HANDIN = Bounds(archive=8 * _MIB, entries=200, file=8 * _MIB, total=16 * _MIB, free=6 * _MIB)


class Locked(Unreadable):
    """A file of an archive is protected by a password."""


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked: bytes and files."""

    left: int
    files: int

    def spend(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise Unreadable(_TOO_LARGE)

    def count(self) -> bool:
        self.files -= 1
        return self.files >= 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an open archive.

    Attributes:
        path: Its path, as the path rule gives it.
        size: Its unpacked size in bytes, as declared; reading proves it.
    """

    path: str
    size: int
    _archive: zipfile.ZipFile
    _info: zipfile.ZipInfo
    _budgets: tuple[_Budget, ...]
    _inner: Bounds | None

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, part by part.

        Raises:
            Unreadable: It is damaged, is not as large as declared, or too much has been unpacked.
        """
        left = self.size
        try:
            with self._archive.open(self._info) as stream:
                while chunk := stream.read(min(_CHUNK, left + 1)):
                    for budget in self._budgets:
                        budget.spend(len(chunk))
                    left -= len(chunk)
                    yield chunk
        except Unreadable:
            raise
        except _MALFORMED:
            raise Unreadable(f"« {legible(self.path)} » est abîmé dans l’archive.") from None
        if left:
            raise Unreadable(f"« {legible(self.path)} » n’a pas la taille annoncée.")

    def read(self, limit: int | None = None) -> bytes:
        """Its bytes.

        Args:
            limit: The most bytes it may have.

        Raises:
            Unreadable: As `chunks`; or it is larger.
        """
        if limit is not None and self.size > limit:
            raise Unreadable(_too_large(self.path, limit))
        return b"".join(self.chunks())

    @contextmanager
    def opened(self, paths: PathRule | None = None) -> Iterator[Archive]:
        """It, as an archive in the archive.

        Raises:
            Unreadable: As `opened`; or too many archives are one in the other.
        """
        if self._inner is None:
            raise Unreadable("Il y a trop d’archives l’une dans l’autre.")
        with _opened(io.BytesIO(self.read(self._inner.archive)), self._inner, paths or path_of, self._budgets) as inner:
            yield inner


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive.

    Attributes:
        entries: The files that can be read, in its order.
        refused: The others: the name and the reason of each.
        names: All names of its table of contents, folders too, as written.
    """

    entries: tuple[Entry, ...]
    refused: tuple[tuple[str, Unreadable], ...]
    names: tuple[str, ...]
    _budget: _Budget

    def prove(self) -> None:
        """Proves that every file of it can be read within its bounds, as far as its table of contents tells.

        Raises:
            Unreadable: One cannot.
        """
        for _, error in self.refused:
            raise error
        if sum(entry.size for entry in self.entries) > self._budget.left:
            raise Unreadable(_TOO_LARGE)


@contextmanager
def opened(stream: BinaryIO, bounds: Bounds, paths: PathRule | None = None) -> Iterator[Archive]:
    """An archive that somebody else made.

    Args:
        stream: Its bytes; can be sought in, and stays open as long as the block.
        bounds: How much of it is opened.
        paths: Gives the path of a file by its name in the archive, or None for one to leave out; raises `Unreadable`.
            By default `path_of`.

    Yields:
        The archive. A file that is a link, encrypted, compressed in another way than usual, there twice or below too
        many folders is refused, and no other.

    Raises:
        Unreadable: It is no archive, is damaged or too large, has too many files, or files that overlap.
        OSError: The disk cannot be read.
    """
    with _opened(stream, bounds, paths or path_of, ()) as archive:
        yield archive


def files(raw: bytes, bounds: Bounds = HANDIN) -> dict[str, bytes]:
    """The files of an archive in which no file may be refused, nor be an archive.

    Args:
        raw: The archive's bytes.
        bounds: How much of it is opened.

    Returns:
        The bytes of each by path, in its order.

    Raises:
        Unreadable: It is no such archive.
    """
    content: dict[str, bytes] = {}
    seen: set[str] = set()
    with opened(io.BytesIO(raw), bounds) as archive:
        archive.prove()
        for entry in archive.entries:
            if entry.path.casefold() in seen:  # one file where upper and lower case are the same
                raise Unreadable(_twice(entry.path))
            seen.add(entry.path.casefold())
            if is_archive(entry.path):
                raise Unreadable(_nested(entry.path))
        for entry in archive.entries:
            content[entry.path] = entry.read()
            if content[entry.path].startswith(_ARCHIVE_STARTS):
                raise Unreadable(_nested(entry.path))
    return content


def path_of(name: str) -> str | None:
    """The path that a name in an archive stands for, with `/` between folders; None for what systems add themselves.

    Raises:
        Unreadable: It leads out, names a drive, or holds something invisible.
    """
    # Joiners and marks of direction are left out; some programs of Windows write its own separator.
    visible = "".join(c for c in name if unicodedata.category(c) != "Cf")
    path = unicodedata.normalize("NFC", visible).replace("\\", "/")
    parts = path.removesuffix("/").split("/")
    if not path.isprintable() or any(part in ("", ".", "..") for part in parts) or ":" in path:
        raise Unreadable(f"« {legible(name)} » n’est pas un chemin permis dans une archive.")
    return None if is_dropping(path) else path


def is_dropping(path: str) -> bool:
    """Whether macOS or Windows adds a file of that path to folders and archives by itself."""
    return any(part.lower() in _DROPPINGS for part in path.split("/"))


def is_archive(name: str) -> bool:
    """Whether a file's name is that of an archive."""
    return name.lower().endswith(_ARCHIVES)


@contextmanager
def _opened(stream: BinaryIO, bounds: Bounds, paths: PathRule, budgets: tuple[_Budget, ...]) -> Iterator[Archive]:
    source = _Source(stream, bounds)
    if source.size > bounds.archive:
        raise Unreadable(f"L’archive dépasse {bounds.archive // _MIB} Mio.")
    try:
        archive = zipfile.ZipFile(source)
    except Unreadable:
        raise
    except _MALFORMED:
        raise Unreadable(_DAMAGED) from None
    source.opening = False
    with archive:
        share = _share(bounds, source.size)
        yield _listed(archive, bounds, paths, budgets or (share,))


def _share(bounds: Bounds, size: int) -> _Budget:
    """What an archive of that many bytes may unpack to."""
    return _Budget(min(bounds.total, max(bounds.free, bounds.ratio * size)), bounds.entries)


class _Source:
    """What zipfile reads an archive from.

    It reads a table of contents at once, so that is where it is bounded; and where a damaged archive would have it seek
    outside, that is damage and no failure of the disk.
    """

    def __init__(self, stream: BinaryIO, bounds: Bounds) -> None:
        self._stream, self._bounds = stream, bounds
        self.size = stream.seek(0, os.SEEK_END)
        self.opening = True
        self.tell = stream.tell

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._stream.tell(), os.SEEK_END: self.size}[whence]
        if not 0 <= start + offset <= self.size:
            raise _OutsideError(errno.EINVAL, os.strerror(errno.EINVAL))
        return self._stream.seek(start + offset)

    def read(self, size: int | None = -1, /) -> bytes:
        number = -1 if size is None else size
        if number > self._bounds.table:
            raise Unreadable(_too_many(self._bounds.entries))
        raw = self._stream.read(number if number >= 0 else self._bounds.table)
        if self.opening and raw.count(_ENTRY) > self._bounds.entries:
            raise Unreadable(_too_many(self._bounds.entries))
        return raw


class _OutsideError(OSError, zipfile.BadZipFile):
    """zipfile catches the one, we the other."""


def _listed(archive: zipfile.ZipFile, bounds: Bounds, paths: PathRule, budgets: tuple[_Budget, ...]) -> Archive:
    infos = archive.infolist()
    _check_apart(infos)
    entries: dict[str, Entry] = {}
    refused: list[tuple[str, Unreadable]] = []
    names = tuple(map(_decoded, infos))
    for name, info in zip(names, infos, strict=True):
        try:
            path = paths(name)
            if path is None or info.is_dir() or path.endswith("/"):
                continue
            _check_kind(path, info)
            if path.count("/") >= bounds.folders:
                raise Unreadable(f"Il y a plus de {bounds.folders} dossiers l’un dans l’autre.")
            if path in entries:
                raise Unreadable(_twice(path))
            if info.file_size > bounds.file:
                raise Unreadable(_too_large(path, bounds.file))
            if not budgets[-1].count():
                refused.append((name, Unreadable("Il y a trop de fichiers : la suite n’est pas lue.")))
                break
        except Unreadable as error:
            refused.append((name, error))
            continue
        # Each file of the outermost archive has a share of its own, so that one does not spend what others may.
        own = (_share(bounds.inner, info.compress_size),) if bounds.inner is not None and len(budgets) == 1 else ()
        entries[path] = Entry(path, info.file_size, archive, info, (*budgets, *own), bounds.inner)
    return Archive(tuple(entries.values()), tuple(refused), names, budgets[0])


def _check_apart(infos: Iterable[zipfile.ZipInfo]) -> None:
    """Refuses entries that share one content: they unpack to far more than is there."""
    end = -1
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Unreadable("Des fichiers de l’archive se recouvrent : elle n’est pas honnête.")
        end = info.header_offset + info.compress_size


def _check_kind(path: str, info: zipfile.ZipInfo) -> None:
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Unreadable(f"« {legible(path)} » est un lien, ou n’est pas un fichier ordinaire.")
    if info.flag_bits & _ENCRYPTED:
        raise Locked(f"« {legible(path)} » est protégé par un mot de passe.")
    if info.compress_type not in _METHODS:
        raise Unreadable(f"« {legible(path)} » est comprimé d’une façon qui n’est pas permise.")


def _decoded(info: zipfile.ZipInfo) -> str:
    """A name in the encoding of who packed it: macOS writes UTF-8 without the flag that says so."""
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode("utf-8")
    return info.orig_filename


def _too_many(number: int) -> str:
    return f"L’archive contient plus de {number} fichiers."


def _too_large(path: str, limit: int) -> str:
    size = f"{limit // _MIB} Mio" if limit >= _MIB else f"{limit // 1024} Kio"
    return f"« {legible(path)} » est trop gros : plus de {size}."


def _twice(path: str) -> str:
    return f"« {legible(path)} » s’y trouve deux fois."


def _nested(path: str) -> str:
    return f"« {legible(path)} » est une archive dans l’archive."


class Writer:
    """An archive that is being written."""

    def __init__(self, archive: zipfile.ZipFile, level: int) -> None:
        """Use `writing`."""
        self._archive, self._level = archive, level

    def add(self, name: str, content: bytes | Iterable[bytes], moment: datetime = EARLIEST, mode: int = 0o644) -> None:
        """Adds a file.

        Args:
            name: Its path, with `/` between folders.
            content: Its bytes, or their parts.
            moment: When it was changed, as the archive says it: without a time zone.
            mode: Its permissions.
        """
        date = min(max(moment.replace(tzinfo=None), EARLIEST), LATEST)
        info = zipfile.ZipInfo(name, date.timetuple()[:6])
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, mode << 16
        info._compresslevel = self._level  # type: ignore[attr-defined]  # public from Python 3.13 on
        if isinstance(content, bytes):
            self._archive.writestr(info, content)
            return
        with self._archive.open(info, "w", force_zip64=True) as entry:
            for part in content:
                entry.write(part)


@contextmanager
def writing(stream: IO[bytes], level: int = 6) -> Iterator[Writer]:
    """An archive to add files to; it is whole at the end of the block.

    Args:
        stream: Where it goes.
        level: How hard to compress, 1 to 9.

    Raises:
        OSError: It cannot be written.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        yield Writer(archive, level)


def packed(files: Mapping[str, bytes], moment: datetime = EARLIEST) -> bytes:
    """The bytes of an archive: the same files in the same order give the same bytes.

    Args:
        files: The content of each file by path.
        moment: When they were changed, as the archive says it.
    """
    stream = io.BytesIO()
    with writing(stream) as writer:
        for name, content in files.items():
            writer.add(name, content, moment)
    return stream.getvalue()
