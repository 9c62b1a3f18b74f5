"""Archives of a class: a dated zip of its files and its gradebook, made, proved and unpacked.

An archive may come from anybody: nothing in it is trusted before it is compared with its list, `MANIFEST.json`, which
has the SHA-256 of every file.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.core import files as durable
from course.core import zips
from course.core.bar import bar
from course.core.content import VERSION
from course.core.documents import moment_of, read_json, utc
from course.core.files import open_plain
from course.core.names import legible
from course.core.refusal import Refusal, Unreadable
from course.core.terminal import typed
from course.core.zips import Bounds
from course.instructor.cohort import gradebook
from course.instructor.cohort.alone import LOCK, PREFIX
from course.instructor.cohort.gradebook import opened, refuse_lost
from course.instructor.cohort.places import ARCHIVES, Cohort
from course.instructor.intake.store import LOCK as RECEIVING
from course.instructor.intake.store import WORK
from course.instructor.keeping import dump

# nbgrader's exchange, which belongs to the accounts of the trainees; the working folder of a restoration.
EXCHANGE, RESTORING = "exchange", ".restauration"

MANIFEST = "MANIFEST.json"
FORMAT = "promotion/1"
FILES, TABLES, READ_ME = "cohort/", "carnet/", "LISEZ-MOI.txt"
MAX_MANIFEST = 256 * 1024**2
BOUNDS = Bounds(
    archive=sys.maxsize,
    entries=1_000_000,
    table=256 * 1024**2,
    total=256 * 1024**3,
    free=64 * 1024**2,
    ratio=200,  # texts that repeat themselves give 30
    folders=sys.maxsize,
)

_CHUNK = 1024**2
_LEVEL = 2  # texts: a third of the time of the usual level, for a tenth more bytes
_SIDES = ("", "-journal", "-wal", "-shm")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TABLE = re.compile(r"[a-z_]{1,60}\.jsonl")
_WINDOWS = os.name == "nt"
_RESERVED = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.I)
_READ_ME = """Archive d’une promotion du cours « Soins centrés sur les personnes ».

Elle contient des données personnelles : gardez-la en lieu sûr, et ne l’envoyez à personne.
Pour la relire, dans le dossier du cours : {command}

cohort/   les fichiers de la promotion, tels qu’ils étaient
carnet/   le carnet de notes, une table par fichier
{manifest}   la liste de tout, avec l’empreinte SHA-256 de chaque fichier
"""


def is_apart(name: str) -> bool:
    """Return whether an entry of the class's folder, by its name, is no state of the class: a lock or a copy, for one.

    Archives do not hold it, and restorations do not replace it.
    """
    return (
        name in (ARCHIVES, EXCHANGE, RESTORING, LOCK, RECEIVING, WORK)
        or name.startswith(PREFIX)
        or (name.startswith(".") and name.endswith(".tmp"))
    )


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file as archived: its SHA-256, size in bytes, permissions and time of change in nanoseconds since 1970."""

    sha256: str
    size: int
    mode: int = 0o644
    changed: int = 0


@dataclass(frozen=True, slots=True)
class ArchiveManifest:
    """The list of an archive.

    Attributes:
        date: When it was made, in UTC, to the second.
        version: The version of the course that made it.
        files: The files, by path in the archive.
        folders: The empty folders of the class, by path in it.
    """

    date: datetime
    version: str
    files: dict[str, ArchivedFile] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    def __bytes__(self) -> bytes:
        """Return the bytes of a `MANIFEST.json`."""
        document = {
            "format": FORMAT,
            "made": utc(self.date),
            "course": self.version,
            "folders": self.folders,
            "files": {name: asdict(sealed) for name, sealed in self.files.items()},
        }
        return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def parse(raw: bytes) -> ArchiveManifest:
    """Return the list in the bytes of a `MANIFEST.json`.

    Raises:
        Refusal: They are not such a file, or name a path that no archive of a class has.
    """
    try:
        document = read_json(raw, MAX_MANIFEST)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise Refusal(f"Ce n’est pas une archive de la promotion (format « {FORMAT} »).")
        date = moment_of(document["made"])
        files = {checked(name): _sealed(value) for name, value in document["files"].items()}
        folders = [checked(FILES + name).removeprefix(FILES) for name in document["folders"]]
        return ArchiveManifest(date, str(document["course"]), files, folders)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Refusal(f"La liste « {MANIFEST} » de l’archive ne se laisse pas lire : l’archive est abîmée.") from None


def checked(name: str) -> str:
    """Return a path of an archive, if it stays within the files of a class or the tables of a gradebook.

    Raises:
        Refusal: It leads elsewhere, to what an archive never holds, or this system has no such name.
    """
    top, _, rest = name.partition("/")
    parts = rest.split("/")
    fine = {
        FILES: all(part not in ("", ".", "..") and "\0" not in part for part in parts) and not is_apart(parts[0]),
        TABLES: bool(_TABLE.fullmatch(rest)),
    }.get(f"{top}/", name == READ_ME)
    if not fine or (_WINDOWS and any(_RESERVED.search(part) for part in parts)):
        raise Refusal(f"« {legible(name)} » n’est pas un chemin permis dans l’archive : rien n’est changé.")
    return name


def _sealed(value: Any) -> ArchivedFile:  # noqa: ANN401 - a value of a JSON file
    sha256, numbers = value["sha256"], (value["size"], value["mode"], value["changed"])
    if not _SHA256.fullmatch(sha256) or any(type(number) is not int or not 0 <= number < 2**63 for number in numbers):
        raise ValueError(sha256)
    return ArchivedFile(sha256, *numbers)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose list agrees with its names and sizes; the bytes of its files are not compared yet."""

    entries: dict[str, zips.Entry]
    manifest: ArchiveManifest


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive.

    Raises:
        Refusal: It is no archive of a class, or not an honest one: its list differs, a path leads out, a file is a link
            or has a password, a name is there twice, or it unpacks to far more than its size lets expect.
        OSError: The disk cannot be read.
    """
    try:
        with open_plain(path.resolve()) as stream, zips.opened(stream, BOUNDS, lambda name: name) as archive:
            archive.prove()
            yield _agreeing(archive)
    except Unreadable as error:
        raise Refusal(
            f"« {path} » n’est pas une archive de la promotion, ou elle est abîmée : rien n’est changé. {error.reason}"
        ) from None


def read_through(archive: Archive, label: str) -> None:
    """Read all of an archive; raises `Refusal` when a file differs from the list."""
    for name in bar(archive.manifest.files, label, len(archive.manifest.files)):
        _copy(archive, name, lambda _: None)


def unpack(archive: Archive, files: Path, tables: Path) -> None:
    """Write the files of the class and the tables of the gradebook into two folders, each compared with the list.

    Files in hidden folders are compared, and not written: programs read their settings there, and a class has none.

    Args:
        archive: The archive.
        files: An empty folder for the files of the class.
        tables: An empty folder for the tables.

    Raises:
        Refusal: A file differs from the list, or there is no room.
    """
    room = shutil.disk_usage(files).free
    if sum(sealed.size for sealed in archive.manifest.files.values()) > room:
        raise Refusal("Il n’y a pas assez de place sur le disque pour cette archive : rien n’est changé.")
    for name in bar(archive.manifest.files, "Lecture", len(archive.manifest.files)):
        if name == READ_ME or _hidden(name):
            _copy(archive, name, lambda _: None)
            continue
        home, rest = (files, name[len(FILES) :]) if name.startswith(FILES) else (tables, name[len(TABLES) :])
        path = home / rest
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as stream:
                _copy(archive, name, stream.write)
        except FileExistsError:
            raise Refusal(f"Deux fichiers de l’archive n’en font qu’un sur ce disque : « {rest} ».") from None
        sealed = archive.manifest.files[name]
        with suppress(OSError):
            os.utime(path, ns=(sealed.changed, sealed.changed))
            path.chmod((sealed.mode & 0o777) | stat.S_IRUSR)
    for folder in archive.manifest.folders:
        if _hidden(f"{folder}/"):
            continue
        (files / folder).mkdir(parents=True, exist_ok=True)


def _hidden(path: str) -> bool:
    """Return whether a file is in a hidden folder."""
    return any(part.startswith(".") for part in path.split("/")[:-1])


def _agreeing(archive: zips.Archive) -> Archive:
    entries = {entry.path: entry for entry in archive.entries}
    if MANIFEST not in entries:
        raise Refusal(f"« {MANIFEST} » manque : ce n’est pas une archive de la promotion.")
    manifest = parse(entries[MANIFEST].read(MAX_MANIFEST))
    names = set(archive.names) - {MANIFEST}
    if names != manifest.files.keys():
        raise Refusal("Il manque un fichier à l’archive, ou il y en a un de trop : rien n’est changé.")
    parents = {name[:end] for name in names for end, c in enumerate(name) if c == "/"}
    if parents & names or {FILES + folder for folder in manifest.folders} & names:
        raise Refusal("Un nom de l’archive est à la fois celui d’un fichier et d’un dossier : rien n’est changé.")
    for name, sealed in manifest.files.items():
        if name not in entries or entries[name].size != sealed.size:
            raise Refusal(_changed(name))
    return Archive(entries, manifest)


def _copy(archive: Archive, name: str, write: Callable[[bytes], object]) -> None:
    digest = hashlib.sha256()
    try:
        for chunk in archive.entries[name].chunks():
            digest.update(chunk)
            write(chunk)
    except Unreadable:
        raise Refusal(_changed(name)) from None
    if digest.hexdigest() != archive.manifest.files[name].sha256:
        raise Refusal(_changed(name))


def _changed(name: str) -> str:
    return f"« {legible(name)} » n’est plus ce qu’il était dans l’archive : elle est abîmée, et rien n’est changé."


@dataclass(slots=True)
class Archived:
    """Result of `pack`.

    Attributes:
        path: The archive.
        files: The number of files of the class in it.
        size: Its size in bytes.
        left_out: The paths of the class that are not in it, each with a French reason.
    """

    path: Path
    files: int = 0
    size: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)


def pack(cohort: Cohort, place: Path | None = None, *, ending: str = "", raw_gradebook: bool = False) -> Archived:
    """Make an archive, and read it through.

    Args:
        cohort: The class, held by `exclusive`.
        place: The folder for it; the class's own `archives` by default.
        ending: What follows the date in its name.
        raw_gradebook: Whether to archive the gradebook as a file, because it cannot be read or is empty.

    Raises:
        Refusal: It cannot be written whole, or the gradebook is lost; no part of it stays on disk.
    """
    if not raw_gradebook:
        refuse_lost(cohort)
    place = place or cohort.archives
    now = datetime.now(UTC)
    try:
        _clean(place, make=place == cohort.archives)
        archived = Archived(_free(place, f"cohort-{now.astimezone():%Y-%m-%d-%H%M}{ending}"))
        temporary = archived.path.with_name(f".{archived.path.name}.tmp")
        try:
            _write(cohort, temporary, archived, now.replace(microsecond=0), raw_gradebook)
            durable.replace(temporary, archived.path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        durable.sync_folder(place)
    except OSError as error:
        raise Refusal(
            f"L’archive n’est pas faite. {durable.why(error, f'« {place} » ne se laisse pas écrire')}"
        ) from error
    return archived


def _clean(place: Path, *, make: bool) -> None:
    """Remove what a killed run left in the class's own folder of archives, made when missing; another must exist."""
    if not make:
        if not place.is_dir():
            raise Refusal(f"Le dossier « {place} » n’existe pas : la clé est-elle branchée ?")
        return
    place.mkdir(exist_ok=True)
    for temporary in place.glob(".cohort-*.zip.tmp"):  # nobody else is here
        temporary.unlink()


def _write(cohort: Cohort, path: Path, archived: Archived, moment: datetime, raw_gradebook: bool) -> None:
    """Write an archive to a new file, durably, and read it through."""
    with path.open("xb") as stream:
        with zips.writing(stream, _LEVEL) as writer:
            _Packing(cohort, writer, archived, ArchiveManifest(moment, VERSION)).go(raw_gradebook)
        stream.flush()
        os.fsync(stream.fileno())
    with open_archive(path) as archive:
        read_through(archive, "Vérification")
    archived.size = path.stat().st_size


@dataclass(slots=True)
class _Packing:
    cohort: Cohort
    writer: zips.Writer
    archived: Archived
    manifest: ArchiveManifest

    def go(self, raw_gradebook: bool) -> None:
        database = None if raw_gradebook else gradebook.file_of(self.cohort)
        skipped = {f"{database.name}{side}" for side in _SIDES} if database else set()
        paths = list(self._walk("", skipped))
        command = typed("restore", self.archived.path.name)
        self._add(READ_ME, [_READ_ME.format(command=command, manifest=MANIFEST).encode()])
        for path in bar(paths, "Archive", len(paths)):
            self._add_file(path)
        if not raw_gradebook and (database is None or database.exists()):
            with opened(self.cohort) as connection:
                for table in dump.tables(connection):
                    self._add(f"{TABLES}{table.name}.jsonl", dump.rows(connection, table))
        self.writer.add(MANIFEST, bytes(self.manifest), self.manifest.date.astimezone())

    def _walk(self, below: str, skipped: set[str]) -> Iterator[str]:
        """Yield the plain files below a folder of the class, by path, in alphabetical order; note what is left out."""
        empty = True
        with os.scandir(self.cohort.folder / below) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                empty = False
                path = f"{below}/{entry.name}" if below else entry.name
                if not below and (is_apart(entry.name) or entry.name in skipped):
                    continue
                try:
                    path.encode()
                except UnicodeEncodeError:
                    self._leave(path, "son nom n’est dans aucune écriture : renommez-le")
                    continue
                if entry.is_dir(follow_symlinks=False) and entry.name.startswith("."):
                    self._leave(path, "c’est un dossier caché")
                elif entry.is_dir(follow_symlinks=False):
                    yield from self._walk(path, skipped)
                elif entry.is_file(follow_symlinks=False):
                    yield path
                else:
                    self._leave(path, "c’est un lien, ou ce n’est pas un fichier ordinaire")
        if empty and below:
            self.manifest.folders.append(below)

    def _add_file(self, name: str) -> None:
        path = self.cohort.folder / name
        try:
            with open_plain(path) as stream:
                status = os.fstat(stream.fileno())
                chunks = iter(lambda: stream.read(_CHUNK), b"")
                self._add(FILES + name, chunks, status.st_mtime_ns, stat.S_IMODE(status.st_mode) & 0o777)
            self.archived.files += 1
        except Unreadable as error:
            if path.is_file() and not path.is_symlink():
                raise Refusal(f"L’archive n’est pas faite. « {name} » : {error.reason}") from None
            self._leave(name, "n’est plus un fichier ordinaire")  # it was one when its folder was read

    def _add(self, name: str, chunks: Iterable[bytes], changed: int | None = None, mode: int = 0o644) -> None:
        """Add a file to the archive and to the list."""
        digest, size = hashlib.sha256(), 0

        def counted() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        moment = self.manifest.date.astimezone() if changed is None else _moment(changed)
        self.writer.add(name, counted(), moment, mode)
        self.manifest.files[name] = ArchivedFile(digest.hexdigest(), size, mode, max(0, changed or 0))

    def _leave(self, path: str, why: str) -> None:
        self.archived.left_out.append((legible(path), why))


def _moment(nanoseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(nanoseconds // 10**9)
    except (OverflowError, OSError, ValueError):  # a file system holds more moments than a calendar
        return zips.EARLIEST


def _free(place: Path, stem: str) -> Path:
    path, number = place / f"{stem}.zip", 1
    while os.path.lexists(path):
        number += 1
        path = place / f"{stem}-{number}.zip"
    return path
