"""Making an archive of a class: a dated zip of its files and its gradebook, read through once it is written."""

from __future__ import annotations

import hashlib
import os
import stat
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from course.core import files as durable
from course.core.bar import bar
from course.core.names import legible
from course.core.refusal import Refusal
from course.core.version import VERSION
from course.instructor.cohort.gradebook import address, opened
from course.instructor.cohort.places import Cohort
from course.instructor.keeping import dump, manifest
from course.instructor.keeping.apart import ARCHIVES, is_apart
from course.instructor.keeping.manifest import FILES, READ_ME, TABLES, Manifest, Sealed
from course.instructor.keeping.opening import open_archive, read_through

_CHUNK = 1024**2
_LEVEL = 2  # texts: a third of the time of the usual level, for a tenth more bytes
_PLAIN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_EARLIEST, _LATEST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 0, 0, 0)  # what a zip knows of time
_SIDES = ("", "-journal", "-wal", "-shm")
_READ_ME = """Archive d’une promotion du cours « Soins centrés sur les personnes ».

Elle contient des données personnelles : gardez-la en lieu sûr, et ne l’envoyez à personne.
Pour la relire, dans le dossier du cours : course restore {name}

cohort/   les fichiers de la promotion, tels qu’ils étaient
carnet/   le carnet de notes, une table par fichier
{manifest}   la liste de tout, avec l’empreinte SHA-256 de chaque fichier
"""


@dataclass(slots=True)
class Archived:
    """An archive that was made.

    Attributes:
        path: Where it is.
        files: How many files of the class are in it.
        size: Its size in bytes.
        left: What is not in it, by path, and why: French phrases.
    """

    path: Path
    files: int = 0
    size: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def pack(cohort: Cohort, place: Path | None = None, *, ending: str = "", raw_gradebook: bool = False) -> Archived:
    """Makes an archive, and reads it through.

    Args:
        cohort: The class, which nothing else changes meanwhile.
        place: The folder where it goes; the class's own `archives` by default.
        ending: What follows the date in its name.
        raw_gradebook: Whether a file of SQLite that cannot be read goes in as it is.

    Raises:
        Refusal: It cannot be written whole; nothing is left of it.
    """
    place = place or cohort.folder / ARCHIVES
    now = datetime.now(UTC)
    try:
        if place == cohort.folder / ARCHIVES:
            place.mkdir(exist_ok=True)
            for left in place.glob(".cohort-*.zip.tmp"):  # of a run that was killed; nobody else is here
                left.unlink()
        elif not place.is_dir():
            raise Refusal(f"Le dossier « {place} » n’existe pas : la clé est-elle branchée ?")
        path = _free(place, f"cohort-{now.astimezone():%Y-%m-%d-%H%M}{ending}")
        made = Archived(path)
        temporary = path.with_name(f".{path.name}.tmp")
        try:
            with temporary.open("xb") as stream:
                _write(stream, cohort, Manifest(now.replace(microsecond=0), VERSION), made, raw_gradebook)
                stream.flush()
                os.fsync(stream.fileno())
            with open_archive(temporary) as archive:
                read_through(archive, "Vérification")
            made.size = temporary.stat().st_size
            durable.replace(temporary, path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        durable.sync_folder(place)
    except OSError as error:
        raise Refusal(
            f"L’archive n’est pas faite. {durable.why(error, f'« {place} » ne se laisse pas écrire')}"
        ) from error
    return made


def database_file(cohort: Cohort) -> Path | None:
    """The gradebook's file, when it is one in the class's folder."""
    url = address(cohort)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    path = Path(url.database).absolute()
    return path if path.parent == cohort.folder.absolute() else None


def _write(stream: object, cohort: Cohort, said: Manifest, made: Archived, raw_gradebook: bool) -> None:
    database = None if raw_gradebook else database_file(cohort)
    skipped = {f"{database.name}{side}" for side in _SIDES} if database else set()
    found = list(_walk(cohort.folder, "", skipped, said, made))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:  # type: ignore[call-overload]
        text = _READ_ME.format(name=made.path.name, manifest=manifest.FILE).encode()
        now = said.made.timestamp()
        _add(archive, said, _entry(READ_ME, now), [text])
        for name in bar(found, "Archive", len(found)):
            try:
                _add_file(archive, said, cohort.folder, name)
                made.files += 1
            except _NotPlain:
                made.left.append((legible(name), "n’est plus un fichier ordinaire"))
        if not raw_gradebook and (database is None or database.exists()):
            with opened(cohort) as connection:
                for table in dump.tables(connection):
                    _add(archive, said, _entry(f"{TABLES}{table.name}.jsonl", now), dump.rows(connection, table))
        _add(archive, Manifest(said.made, ""), _entry(manifest.FILE, now), [manifest.written(said)])


class _NotPlain(Exception):  # noqa: N818 - a link that was put there since
    pass


def _walk(root: Path, below: str, skipped: set[str], said: Manifest, made: Archived) -> Iterator[str]:
    """The plain files below a folder, by path, in alphabetical order; what is none is told."""
    empty = True
    with os.scandir(root / below) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            empty = False
            path = f"{below}/{entry.name}" if below else entry.name
            if not below and (is_apart(entry.name) or entry.name in skipped):
                continue
            try:
                path.encode()
            except UnicodeEncodeError:
                made.left.append((legible(path), "son nom n’est dans aucune écriture : renommez-le"))
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(root, path, skipped, said, made)
            elif entry.is_file(follow_symlinks=False):
                yield path
            else:
                made.left.append((legible(path), "c’est un lien, ou ce n’est pas un fichier ordinaire"))
    if empty and below:
        said.folders.append(below)


def _add_file(archive: zipfile.ZipFile, said: Manifest, root: Path, name: str) -> None:
    try:
        descriptor = os.open(root / name, _PLAIN)
    except OSError as error:
        if (root / name).is_symlink() or not (root / name).exists():
            raise _NotPlain from None
        why = durable.cause(error)
        raise Refusal(f"L’archive n’est pas faite : « {name} » ne se laisse pas lire ({why}).") from error
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _NotPlain
        info = _entry(FILES + name, status.st_mtime, stat.S_IMODE(status.st_mode) & 0o777)
        _add(archive, said, info, iter(lambda: stream.read(_CHUNK), b""))
        said.files[info.filename] = replace(said.files[info.filename], changed=max(0, status.st_mtime_ns))


def _add(archive: zipfile.ZipFile, said: Manifest, info: zipfile.ZipInfo, chunks: Iterable[bytes]) -> None:
    """Adds an entry, and what it is to the list."""
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as entry:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            entry.write(chunk)
    said.files[info.filename] = Sealed(digest.hexdigest(), size, (info.external_attr >> 16) & 0o777)


def _entry(name: str, changed: float, mode: int = 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, min(max(tuple(time.localtime(changed))[:6], _EARLIEST), _LATEST))
    info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
    info._compresslevel = _LEVEL  # type: ignore[attr-defined] # an entry that is streamed does not take the archive's
    info.external_attr = (stat.S_IFREG | mode) << 16
    return info


def _free(place: Path, stem: str) -> Path:
    path, number = place / f"{stem}.zip", 1
    while os.path.lexists(path):
        number += 1
        path = place / f"{stem}-{number}.zip"
    return path
