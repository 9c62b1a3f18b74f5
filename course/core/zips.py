"""Zip archives: a bounded reader of untrusted archives, and a writer."""

from __future__ import annotations

import io
import os
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from course.core.names import is_likely, legible, likeness
from course.core.refusal import Unreadable

MAGIC = b"PK\x03\x04"
ENDING = ".zip"
# Archives of other formats, which the course does not read.
OTHER_MAGIC = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
OTHER_ENDINGS = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
MAX_PART = 255  # characters of the name of a file or folder, as file systems have it
EARLIEST, LATEST = datetime(1980, 1, 1), datetime(2107, 12, 31)  # the range of dates of the format

_MIB = 1024**2
_ENTRY = b"PK\x01\x02"
_UTF8, _ENCRYPTED = 0x800, 0x1
_PAGES = ("cp850", "cp437", "cp1252")
_LOST = "\N{REPLACEMENT CHARACTER}"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BEFORE = 64  # bytes in which a zip begins: mail programs put a few before it
_DROPPINGS = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
# Exceptions of zipfile for damaged archives; OSError when it would seek outside the file.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OverflowError, RuntimeError,
           ValueError, LookupError, OSError)  # fmt: skip
_TOO_LARGE = "Ce que l’archive contient est trop gros pour sa taille."

PathRule = Callable[[str], str | None]


class Locked(Unreadable):
    """A file of an archive is protected by a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The limits for opening an archive.

    Attributes:
        archive: Bytes of the archive.
        entries: Number of files, nested archives included.
        table: Bytes of the table of contents, checked before it is parsed.
        file: Bytes of one unpacked file.
        total: Bytes of all unpacked files.
        free: Unpacked bytes beyond which `ratio` applies.
        ratio: Unpacked size relative to the size of the archive.
        folders: Depth of nested folders.
        inner: The limits for archives inside this one; None to open none.
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


# The limits of hand-ins, for « Remettre » and for readers: `free` allows for very repetitive texts.
HANDIN = Bounds(archive=8 * _MIB, entries=200, file=8 * _MIB, total=16 * _MIB, free=6 * _MIB)


@dataclass(slots=True)
class _Budget:
    """The numbers of bytes and files that may still be unpacked."""

    left: int
    files: int

    @classmethod
    def of(cls, bounds: Bounds, size: int) -> _Budget:
        return cls(min(bounds.total, max(bounds.free, bounds.ratio * size)), bounds.entries)

    def spend(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise Unreadable(_TOO_LARGE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an open archive.

    Attributes:
        path: Its path, as the path rule returns it.
        size: Its declared unpacked size in bytes; reading verifies it.
        unsure: Whether its path may be decoded differently, the archive declaring no encoding.
    """

    path: str
    size: int
    unsure: bool
    _archive: zipfile.ZipFile
    _info: zipfile.ZipInfo
    _budgets: tuple[_Budget, ...]
    _inner: Bounds | None

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes in chunks.

        Raises:
            Unreadable: It is damaged, does not have its declared size, or too much has been unpacked.
        """
        remaining = self.size
        try:
            with self._archive.open(self._info) as stream:
                while chunk := stream.read(min(_MIB, remaining + 1)):
                    for budget in self._budgets:
                        budget.spend(len(chunk))
                    remaining -= len(chunk)
                    yield chunk
        except Unreadable:
            raise
        except _DAMAGE:
            raise Unreadable(f"« {legible(self.path)} » est abîmé dans l’archive.") from None
        if remaining:
            raise Unreadable(f"« {legible(self.path)} » n’a pas la taille annoncée.")

    def head(self, number: int) -> bytes:
        """Return its first bytes; none when it cannot be read."""
        try:
            with self._archive.open(self._info) as stream:
                return stream.read(number)
        except _DAMAGE:
            return b""

    def read(self, limit: int = sys.maxsize) -> bytes:
        """Return its bytes; raises as `chunks`, and when it is larger than `limit`."""
        if self.size > limit:
            raise Unreadable(_too_large(self.path, limit))
        return b"".join(self.chunks())

    @contextmanager
    def opened(self, paths: PathRule | None = None) -> Iterator[Archive]:
        """Open it as a nested archive; raises as `opened`, and when archives are nested too deep."""
        if self._inner is None:
            raise Unreadable("Il y a trop d’archives l’une dans l’autre.")
        with _opened(io.BytesIO(self.read(self._inner.archive)), self._inner, paths, self._budgets) as archive:
            yield archive


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive.

    Attributes:
        entries: The readable files, in the order of the archive.
        refused: The names of the other files, with the reasons.
        names: All names of the table of contents, folders included.
    """

    entries: tuple[Entry, ...]
    refused: tuple[tuple[str, Unreadable], ...]
    names: tuple[str, ...]
    _budget: _Budget

    def prove(self) -> None:
        """Check from the table of contents that every file can be read within the limits.

        Raises:
            Unreadable: One cannot.
        """
        for _, error in self.refused:
            raise error
        if sum(entry.size for entry in self.entries) > self._budget.left:
            raise Unreadable(_TOO_LARGE)


@contextmanager
def opened(stream: IO[bytes], bounds: Bounds, paths: PathRule | None = None) -> Iterator[Archive]:
    """Open an untrusted archive.

    Args:
        stream: Its bytes; seekable, and open during the `with` block.
        bounds: The limits.
        paths: Maps the name of a file in the archive to its path, or to None to skip it; may raise `Unreadable`. By
            default `path_of`.

    Yields:
        The archive. A file that is a link, encrypted, compressed by an unusual method, duplicate, too large or nested
        too deep is refused, without refusing the others.

    Raises:
        Unreadable: It is not an archive, is damaged or too large, has too many files, or files that overlap.
    """
    with _opened(stream, bounds, paths, ()) as archive:
        yield archive


def files(raw: bytes, bounds: Bounds = HANDIN) -> dict[str, bytes]:
    """Read all files of an archive, none of which may be refused or be an archive.

    Args:
        raw: The archive's bytes.
        bounds: The limits.

    Returns:
        The bytes of each file by path, in the order of the archive.

    Raises:
        Unreadable: The archive or one of its files is invalid.
    """
    content: dict[str, bytes] = {}
    seen: set[str] = set()
    with opened(io.BytesIO(raw), bounds) as archive:
        archive.prove()
        for entry in archive.entries:
            if entry.path.casefold() in seen:  # the same file on a case-insensitive disk
                raise Unreadable(_twice(entry.path))
            seen.add(entry.path.casefold())
            content[entry.path] = b"" if is_archive(entry.path) else entry.read()
            if is_archive(entry.path) or content[entry.path].startswith((MAGIC, *OTHER_MAGIC)):
                raise Unreadable(f"« {legible(entry.path)} » est une archive dans l’archive.")
    return content


def path_of(name: str) -> str | None:
    """Return the path for a name in an archive, with `/` between folders; None for files that systems add.

    Raises:
        Unreadable: It leads outside, names a drive, contains invisible characters, or a name longer than `MAX_PART`.
    """
    # Joiners and marks of direction are dropped; some Windows programs write backslashes.
    visible = "".join(c for c in name if unicodedata.category(c) != "Cf")
    path = unicodedata.normalize("NFC", visible).replace("\\", "/")
    parts = path.removesuffix("/").split("/")
    bad = any(part in ("", ".", "..") or len(part) > MAX_PART for part in parts)
    if bad or not path.isprintable() or ":" in path:
        raise Unreadable(f"« {legible(name)} » n’est pas un chemin permis dans une archive.")
    return None if is_dropping(path) else path


def is_dropping(path: str) -> bool:
    """Return True for the path of a file that macOS or Windows adds to folders and archives by itself."""
    return any(part.lower() in _DROPPINGS for part in path.split("/"))


def is_archive(name: str) -> bool:
    """Return True when a file's name is that of an archive."""
    return name.lower().endswith((ENDING, *OTHER_ENDINGS))


def is_zip(head: bytes) -> bool:
    """Return True when the first bytes of a file, at least 64 where it has them, are those of a zip."""
    return head.startswith(MAGIC[:2]) or MAGIC in head[:_BEFORE]


@contextmanager
def _opened(
    stream: IO[bytes], bounds: Bounds, paths: PathRule | None, budgets: tuple[_Budget, ...]
) -> Iterator[Archive]:
    size = stream.seek(0, os.SEEK_END)
    if size > bounds.archive:
        raise Unreadable(f"L’archive dépasse {bounds.archive // _MIB} Mio.")
    source = _Source(stream, bounds)
    try:
        archive = zipfile.ZipFile(source)
    except Unreadable:
        raise
    except _DAMAGE:
        raise Unreadable("Le fichier est abîmé, ou n’est pas une archive zip.") from None
    source.opening = False
    with archive:
        yield _listed(archive, bounds, paths or path_of, budgets or (_Budget.of(bounds, size),))


class _Source:
    """The stream for zipfile, which reads the whole table of contents at once: it is bounded here."""

    def __init__(self, stream: IO[bytes], bounds: Bounds) -> None:
        self._stream, self._bounds = stream, bounds
        self.seek, self.tell = stream.seek, stream.tell
        self.opening = True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        number = self._bounds.table if size is None or size < 0 else size
        raw = self._stream.read(number) if number <= self._bounds.table else None
        if raw is None or (self.opening and raw.count(_ENTRY) > self._bounds.entries):
            raise Unreadable(f"L’archive contient plus de {self._bounds.entries} fichiers.")
        return raw


def _listed(archive: zipfile.ZipFile, bounds: Bounds, paths: PathRule, budgets: tuple[_Budget, ...]) -> Archive:
    infos = archive.infolist()
    end = -1
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:  # overlapping files unpack to far more than the archive contains
            raise Unreadable("Des fichiers de l’archive se recouvrent : elle n’est pas honnête.")
        end = info.header_offset + info.compress_size
    entries: dict[str, Entry] = {}
    refused: list[tuple[str, Unreadable]] = []
    names, unsure = _decoded(infos)
    for name, info in zip(names, infos, strict=True):
        try:
            path = paths(name)
            if path is None or info.is_dir() or path.endswith("/"):
                continue
            _check(path, info, bounds)
            if path in entries:
                raise Unreadable(_twice(path))
        except Unreadable as error:
            refused.append((name, error))
            continue
        budgets[-1].files -= 1
        if budgets[-1].files < 0:
            refused.append((name, Unreadable("Il y a trop de fichiers : la suite n’est pas lue.")))
            break
        # Each file of the outermost archive also has its own budget, so that one cannot use up that of the others.
        inner = bounds.inner
        own = () if inner is None or len(budgets) > 1 else (_Budget.of(inner, info.compress_size),)
        entries[path] = Entry(path, info.file_size, name in unsure, archive, info, (*budgets, *own), inner)
    return Archive(tuple(entries.values()), tuple(refused), names, budgets[0])


def _check(path: str, info: zipfile.ZipInfo, bounds: Bounds) -> None:
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Unreadable(f"« {legible(path)} » est un lien, ou n’est pas un fichier ordinaire.")
    if info.flag_bits & _ENCRYPTED:
        raise Locked(f"« {legible(path)} » est protégé par un mot de passe.")
    if info.compress_type not in _METHODS:
        raise Unreadable(f"« {legible(path)} » est comprimé d’une façon qui n’est pas permise.")
    if path.count("/") >= bounds.folders:
        raise Unreadable(f"Il y a plus de {bounds.folders} dossiers l’un dans l’autre.")
    if info.file_size > bounds.file:
        raise Unreadable(_too_large(path, bounds.file))


def _decoded(infos: Sequence[zipfile.ZipInfo]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the decoded names, and those that another likely encoding would decode differently.

    macOS writes UTF-8 without its flag. Windows and old programs write a code page, the same for all names of an
    archive, so it is chosen from all of them. zipfile decodes names without the flag as code page 437.
    """
    old = {info.orig_filename for info in infos if not info.flag_bits & _UTF8 and not info.orig_filename.isascii()}
    texts = {name: _reread(name, "utf-8") for name in old}
    paged = sorted(name for name in old if _LOST in texts[name])
    if paged:
        readings = {page: _reread(" ".join(paged), page) for page in _PAGES}
        page = max(_PAGES, key=lambda page: likeness(readings[page]))
        texts |= {name: _reread(name, page) for name in paged}
        others = (reading for reading in readings.values() if reading != readings[page])
        if not any(is_likely(other) and 3 * likeness(other) >= 2 * likeness(readings[page]) for other in others):
            paged = []
    names = [info.orig_filename if info.flag_bits & _UTF8 else texts.get(info.orig_filename, info.orig_filename)
             for info in infos]  # fmt: skip
    return tuple(names), frozenset(texts[name] for name in paged)


def _reread(name: str, encoding: str) -> str:
    return name.encode("cp437", errors="replace").decode(encoding, errors="replace")


def _too_large(path: str, limit: int) -> str:
    size = f"{limit // _MIB} Mio" if limit >= _MIB else f"{limit // 1024} Kio"
    return f"« {legible(path)} » est trop gros : plus de {size}."


def _twice(path: str) -> str:
    return f"« {legible(path)} » s’y trouve deux fois."


@dataclass(frozen=True, slots=True)
class Writer:
    """An archive being written."""

    _archive: zipfile.ZipFile
    _level: int

    def add(self, name: str, content: bytes | Iterable[bytes], moment: datetime = EARLIEST, mode: int = 0o644) -> None:
        """Add a file.

        Args:
            name: Its path, with `/` between folders.
            content: Its bytes, or their chunks.
            moment: Its modification time, stored without a time zone.
            mode: Its permissions.
        """
        info = zipfile.ZipInfo(name, min(max(moment.replace(tzinfo=None), EARLIEST), LATEST).timetuple()[:6])
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, mode << 16
        info._compresslevel = self._level  # type: ignore[attr-defined]  # public from Python 3.13 on
        if isinstance(content, bytes):
            self._archive.writestr(info, content)
            return
        with self._archive.open(info, "w", force_zip64=True) as entry:
            for chunk in content:
                entry.write(chunk)


@contextmanager
def writing(stream: IO[bytes], level: int = 6) -> Iterator[Writer]:
    """Create an archive to add files to; it is complete at the end of the `with` block.

    Args:
        stream: The destination.
        level: The compression level, 1 to 9.

    Raises:
        OSError: It cannot be written.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        yield Writer(archive, level)


def packed(files: Mapping[str, bytes], moment: datetime = EARLIEST) -> bytes:
    """Pack files into an archive: the same files in the same order give the same bytes.

    Args:
        files: The content of each file by path.
        moment: Their modification time.
    """
    stream = io.BytesIO()
    with writing(stream) as writer:
        for name, content in files.items():
            writer.add(name, content, moment)
    return stream.getvalue()
