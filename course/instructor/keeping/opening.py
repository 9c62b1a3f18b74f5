"""Opening an archive that may have been on anybody's key: nothing in it is believed before it is proved."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from course.core import files as durable
from course.core.bar import bar
from course.core.handin.archive import MALFORMED
from course.core.refusal import Refusal
from course.instructor.keeping import manifest
from course.instructor.keeping.apart import is_apart
from course.instructor.keeping.manifest import FILES, READ_ME, TABLES, Manifest

MAX_TABLE = 256 * 1024**2  # bytes of a zip's table of contents: two million files
MAX_TOTAL = 256 * 1024**3
MAX_RATIO = 200  # of what is in it to the archive; texts that repeat themselves give 30
FREE_BYTES = 64 * 1024**2

_CHUNK = 1024**2
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PLAIN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_DAMAGED = "L’archive est abîmée, ou ce n’est pas une archive de « course archive » : rien n’est changé."


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose list agrees with what is in it; its bytes are not proved yet."""

    zip: zipfile.ZipFile
    said: Manifest


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """An archive, open.

    Raises:
        Refusal: It is none, or no honest one: something else in it than its list says, a path that leads out, a link,
            a password, a name twice, or far more in it than its size lets expect.
    """
    try:
        descriptor = os.open(path, _PLAIN)
    except OSError as error:
        why = durable.cause(error)
        raise Refusal(f"« {path} » ne se laisse pas ouvrir ({why}) : vérifiez le nom du fichier.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refusal(f"« {path} » n’est pas un fichier : donnez celui de l’archive, « cohort-….zip ».")
    with os.fdopen(descriptor, "rb") as stream:
        try:
            archive = zipfile.ZipFile(_Frugal(stream))  # type: ignore[arg-type] # all that it needs of a file
            said = _said(archive, os.fstat(descriptor).st_size)
        except MALFORMED:
            raise Refusal(_DAMAGED) from None
        with archive:
            yield Archive(archive, said)


def read_through(archive: Archive, label: str) -> None:
    """Reads all of an archive and compares it with its list.

    Raises:
        Refusal: A file is not what the list says.
    """
    for name in bar(archive.said.files, label, len(archive.said.files)):
        _copy(archive, name, lambda _: None)


def unpack(archive: Archive, files: Path, tables: Path) -> None:
    """Writes what is in an archive into two empty folders, each file proved.

    Args:
        archive: It.
        files: Where the files of the class go.
        tables: Where the tables of the gradebook go.

    Raises:
        Refusal: A file is not what the list says, or there is no room.
    """
    room = shutil.disk_usage(files).free
    if sum(each.size for each in archive.said.files.values()) > room:
        raise Refusal("Il n’y a pas assez de place sur le disque pour cette archive : rien n’est changé.")
    made = {files}
    for name in bar(archive.said.files, "Lecture", len(archive.said.files)):
        if name == READ_ME:
            _copy(archive, name, lambda _: None)
            continue
        home, rest = (files, name[len(FILES) :]) if name.startswith(FILES) else (tables, name[len(TABLES) :])
        path = home / rest
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        try:
            with path.open("xb") as stream:
                _copy(archive, name, stream.write)
        except FileExistsError:
            raise Refusal(f"Deux fichiers de l’archive n’en font qu’un sur ce disque : « {rest} ».") from None
        sealed = archive.said.files[name]
        with suppress(OSError):
            os.utime(path, ns=(sealed.changed, sealed.changed))
            path.chmod((sealed.mode & 0o777) | stat.S_IRUSR)
    for folder in archive.said.folders:
        (files / folder).mkdir(parents=True, exist_ok=True)


def lines(folder: Path) -> dict[str, Iterable[bytes]]:
    """The tables of an unpacked gradebook, by name."""

    def each(path: Path) -> Iterator[bytes]:
        with path.open("rb") as stream:
            yield from stream

    return {path.stem: each(path) for path in sorted(folder.glob("*.jsonl"))}


def _said(archive: zipfile.ZipFile, size: int) -> Manifest:
    entries = archive.infolist()
    names = [info.orig_filename for info in entries]
    if len(set(names)) != len(names):
        raise Refusal("Un nom est deux fois dans l’archive : rien n’est changé.")
    total = 0
    for info in entries:
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG) or info.is_dir():
            raise Refusal("L’archive contient un lien, ou autre chose que des fichiers : rien n’est changé.")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            raise Refusal("L’archive est chiffrée ou comprimée d’une autre façon : rien n’est changé.")
        total += info.file_size
    if total > max(FREE_BYTES, MAX_RATIO * size) or total > MAX_TOTAL:
        raise Refusal("Ce que l’archive contient est trop gros pour sa taille : rien n’est changé.")
    if manifest.FILE not in names or archive.getinfo(manifest.FILE).file_size > manifest.MAX_BYTES:
        raise Refusal(f"« {manifest.FILE} » manque dans l’archive : ce n’est pas « course archive » qui l’a faite.")
    with archive.open(manifest.FILE) as stream:
        said = manifest.parse(stream.read(manifest.MAX_BYTES))
    _agree(said, set(names) - {manifest.FILE}, archive)
    return said


def _agree(said: Manifest, names: set[str], archive: zipfile.ZipFile) -> None:
    if names != said.files.keys():
        raise Refusal("Il manque un fichier à l’archive, ou il y en a un de trop : rien n’est changé.")
    parents = {name[:end] for name in names for end, c in enumerate(name) if c == "/"}
    if parents & names or {FILES + folder for folder in said.folders} & names:
        raise Refusal("Un nom de l’archive est à la fois celui d’un fichier et d’un dossier : rien n’est changé.")
    for name in (*names, *(FILES + folder for folder in said.folders)):
        if name.startswith(FILES) and is_apart(name[len(FILES) :].partition("/")[0]):
            raise Refusal(f"« {name[:120]} » n’est pas un chemin permis dans l’archive : rien n’est changé.")
    for name, sealed in said.files.items():
        if archive.getinfo(name).file_size != sealed.size:
            raise Refusal(_changed(name))


def _copy(archive: Archive, name: str, write: Callable[[bytes], object]) -> None:
    sealed = archive.said.files[name]
    digest, left = hashlib.sha256(), sealed.size
    try:
        with archive.zip.open(name) as stream:
            while left >= 0 and (chunk := stream.read(_CHUNK)):
                digest.update(chunk)
                left -= len(chunk)
                write(chunk)
    except MALFORMED:
        raise Refusal(_changed(name)) from None
    if left or digest.hexdigest() != sealed.sha256:
        raise Refusal(_changed(name))


def _changed(name: str) -> str:
    return f"« {name[:120]} » n’est plus ce qu’il était dans l’archive : elle est abîmée, et rien n’est changé."


class _Frugal:
    """A file for zipfile, which reads a whole table of contents at once: here is where that is bounded."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > MAX_TABLE:
            raise Refusal(_DAMAGED)
        return self._stream.read(MAX_TABLE if size < 0 else size)
