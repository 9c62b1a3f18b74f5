"""A zip that somebody else made, as a box: its table of contents is bounded before it is read, and each file too."""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from course.core.handin.archive import DAMAGE, DAMAGED, check_kind, is_dropping, path_of
from course.core.handin.manifest import shown
from course.core.refusal import Unreadable
from course.instructor.intake.boxes import MAX_DEPTH, MAX_FILES, Bad, Box, Budget, File, bounded, too_large

MAX_ARCHIVES = 3  # zips in zips, the outermost included
MAX_BOX = 4 * 1024**3  # bytes of a zip on disk, as Moodle makes of a class
MAX_INNER_BOX = 64 * 1024**2  # bytes of a zip in a zip that is no hand-in: it is held in memory
MAX_RATIO = 100  # of what is unpacked, whatever is nested in it, to the zip it comes from
FREE_BYTES = 1024**3  # past which the ratio counts
MAX_INNER_FILES = 2_000  # in all that is nested in one file of a zip
FREE_INNER_BYTES = 32 * 1024**2  # so that one trainee's bomb does not spend what a class's zip may

_MAX_TABLE = 8 * 1024**2  # bytes of a zip's table of contents
_ENTRY = b"PK\x01\x02"
_UTF8 = 0x800


@contextmanager
def zipped(stream: BinaryIO, limit: int, depth: int, budgets: tuple[Budget, ...] = ()) -> Iterator[Box]:
    """What is in a zip; its files can be read inside the `with`.

    Args:
        stream: The zip.
        limit: The most bytes it may have.
        depth: How many zips it is in, itself included.
        budgets: What may be unpacked from the zips it is in.

    Raises:
        Unreadable: It is no zip, or no honest one.
    """
    if depth > MAX_ARCHIVES:
        raise Unreadable(f"Il y a plus de {MAX_ARCHIVES} archives l’une dans l’autre.")
    size = stream.seek(0, os.SEEK_END)
    if size > limit:
        raise Unreadable("L’archive est trop grosse : extrayez-la, puis donnez le dossier.")
    frugal = _Frugal(stream)
    try:
        archive = zipfile.ZipFile(frugal)  # type: ignore[arg-type]  # all that it needs of a file
    except Unreadable:
        raise
    except DAMAGE:
        raise Unreadable(DAMAGED) from None
    frugal.opening = False
    with archive:
        yield _listed(archive, budgets or (Budget(max(FREE_BYTES, MAX_RATIO * size)),))


class _Frugal:
    """A file for zipfile, which reads a whole table of contents at once: here is where that is bounded."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.opening = True
        self.seek, self.tell = stream.seek, stream.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > _MAX_TABLE:
            raise Unreadable(f"L’archive contient plus de {MAX_FILES} fichiers.")
        raw = self.stream.read(size if size >= 0 else _MAX_TABLE)
        if self.opening and raw.count(_ENTRY) > MAX_FILES:
            raise Unreadable(f"L’archive contient plus de {MAX_FILES} fichiers.")
        return raw


def _listed(archive: zipfile.ZipFile, budgets: tuple[Budget, ...]) -> Box:
    box = Box()
    entries = archive.infolist()
    _check_apart(entries)
    seen: set[str] = set()
    for info in entries:
        name = "".join(c for c in _decoded(info) if unicodedata.category(c) != "Cf")  # joiners, and tricks
        try:
            path = path_of(name)
            if info.is_dir() or path.endswith("/") or is_dropping(path) or path.rpartition("/")[2].startswith("."):
                continue
            check_kind(path, info)
            if len(path.split("/")) > MAX_DEPTH:
                raise Unreadable(f"Il y a plus de {MAX_DEPTH} dossiers l’un dans l’autre.")
            if (same := unicodedata.normalize("NFC", path)) in seen:
                raise Unreadable(f"« {shown(path)} » s’y trouve deux fois : le premier seul est lu.")
            if not budgets[-1].count():
                box.bad.append(Bad((name,), "Il y a trop de fichiers : la suite n’est pas lue."))
                return box
        except Unreadable as error:
            box.bad.append(Bad((name,), error.reason))
        else:
            seen.add(same)
            box.files.append(_file_in_zip(archive, info, tuple(path.split("/")), budgets))
    return box


def _check_apart(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that share one content unpack to far more than is there."""
    end = -1
    for info in sorted(entries, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise Unreadable("Des fichiers de l’archive se recouvrent : elle n’est pas honnête.")
        end = info.header_offset + info.compress_size


def _decoded(info: zipfile.ZipInfo) -> str:
    """A name in the letters of who packed it: macOS writes UTF-8 and does not say so."""
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode("utf-8")
    return info.orig_filename


def _file_in_zip(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, parts: tuple[str, ...], budgets: tuple[Budget, ...]
) -> File:
    if len(budgets) == 1:
        budgets = (*budgets, Budget(max(FREE_INNER_BYTES, MAX_RATIO * info.compress_size), MAX_INNER_FILES))

    def read(limit: int) -> bytes:
        if info.file_size > limit:
            raise Unreadable(too_large(limit))
        try:
            with archive.open(info) as stream:
                raw = bounded(stream, limit, budgets)
        except Unreadable:
            raise
        except DAMAGE:
            raise Unreadable("Le fichier est abîmé dans son archive.") from None
        if len(raw) != info.file_size:
            raise Unreadable("Le fichier n’a pas la taille annoncée.")
        return raw

    @contextmanager
    def opened(inner: int) -> Iterator[Box]:
        if inner > MAX_ARCHIVES:  # before it is unpacked
            raise Unreadable(f"Il y a plus de {MAX_ARCHIVES} archives l’une dans l’autre.")
        with zipped(io.BytesIO(read(MAX_INNER_BOX)), MAX_INNER_BOX, inner, budgets) as box:
            yield box

    return File(parts, read, opened)
