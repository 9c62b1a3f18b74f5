"""`cohort/recus/`: every file that was ever taken, once, by its SHA-256, and the register of what each is."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from course.core import files as durable
from course.core.files import read_bytes
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.instructor.cohort.places import Cohort
from course.instructor.intake import tables

FOLDER = "recus"
REGISTER = "registre.csv"
HEADINGS = ("original", "remise", "reçu le", "fichier", "contenu", "date", "identifiants")
MAX_REGISTER = 64 * 1024**2

_MOMENT = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True, slots=True)
class Received:
    """A line of the register.

    Attributes:
        original: The name of the file in `recus/`.
        key: The key of the piece; empty for a copy that was there and was replaced.
        received: When it was first taken, in UTC, to the second.
        place: What the file was called.
        content: « but-1 », or « 1.1 » for one canvas.
        date: The date it says, in UTC; empty when it says none.
        students: Whose it is.
    """

    original: str
    key: str
    received: datetime
    place: str
    content: str
    date: str
    students: frozenset[str]


class Register:
    """What was received, by original; `cohort/recus/registre.csv`, which an instructor may read in Excel."""

    def __init__(self, cohort: Cohort) -> None:
        """Reads it; a line that nobody can understand any more is left out.

        Raises:
            Refusal: There is such a file, and none of it can be read: it would be lost by writing another one.
        """
        self._cohort = cohort
        self._lines: dict[str, Received] = {}
        self._by_key: dict[str, str] = {}
        try:
            rows = tables.read(self._raw(), len(HEADINGS))
        except (csv.Error, Unreadable, OSError):
            raise Refusal(
                f"Le registre « {cohort.folder / FOLDER / REGISTER} » ne se laisse pas lire : fermez-le dans Excel, ou "
                "déplacez-le, puis recommencez."
            ) from None
        for row in rows:
            try:
                moment = datetime.strptime(row[2], _MOMENT).replace(tzinfo=UTC)
            except ValueError:
                continue
            self._add(Received(row[0], row[1], moment, *row[3:6], frozenset(row[6].split(" | ")) - {""}))

    def _raw(self) -> bytes:
        home = self._cohort.folder / FOLDER
        if home.is_symlink() or not home.is_dir():
            return b""  # `placing` says so
        return read_bytes(self._cohort.folder, FOLDER, REGISTER, limit=MAX_REGISTER) or b""

    def first(self, key: str) -> datetime | None:
        """When a piece was first received; None when it never was."""
        original = self._by_key.get(key)
        return self._lines[original].received if original else None

    def note(self, line: Received) -> None:
        """Adds a file, or more trainees to one that is there."""
        self._add(line)

    def _add(self, line: Received) -> None:
        known = self._lines.get(self._by_key.get(line.key, line.original))
        if known:
            line = replace(known, students=known.students | line.students)
        self._lines[line.original] = line
        if line.key:
            self._by_key[line.key] = line.original

    def save(self) -> None:
        """Writes it durably, unless it already says so.

        Raises:
            Refusal: It is as it was.
        """
        rows = [
            (
                each.original,
                each.key,
                each.received.strftime(_MOMENT),
                each.place,
                each.content,
                each.date,
                " | ".join(sorted(each.students)),
            )
            for each in self._lines.values()
        ]
        raw = tables.written(HEADINGS, rows)
        if not rows or raw == self._raw():
            return
        try:
            durable.write(self._cohort.folder / FOLDER / REGISTER, raw)
        except NotWritten as error:
            raise Refusal(f"Le registre « {FOLDER}/{REGISTER} » n’est pas écrit. {error.reason}") from error


def bundle(files: Mapping[str, bytes]) -> bytes:
    """One zip of files: the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, raw in sorted(files.items()):
            info = zipfile.ZipInfo(name)  # of 1980
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, raw)
    return stream.getvalue()


def unbundled(raw: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """Some files of an original that was read and found good before, without the folder they may be packed in."""
    wanted = set(names)
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = {info.orig_filename.replace("\\", "/"): info for info in archive.infolist() if not info.is_dir()}
        tops = {name.partition("/")[0] for name in entries if name.rpartition("/")[2] == "remise.json"}
        top = "" if "remise.json" in entries or len(tops) != 1 else f"{tops.pop()}/"
        for name, info in entries.items():
            if name.removeprefix(top) in wanted:
                found[name.removeprefix(top)] = archive.read(info)
    return found
