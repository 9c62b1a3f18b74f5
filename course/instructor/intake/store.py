"""The files of a reception: its tables, its originals and the trainees' folders, each written whole or not at all.

Everything is built in `cohort/.reception/`, made durable at once, and only then renamed into its place, never through a
link. Whatever stops the program, a trainee's folder has its former or its new content, or the next run restores it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from course.core import files as durable
from course.core import sheets
from course.core.files import read_bytes
from course.core.lock import held
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.instructor.cohort.places import Cohort
from course.instructor.intake.submission import MOMENT, Submission

WORK = ".reception"
LOCK = ".reception.lock"
ORIGINALS = "recus"
REGISTER = "registre.csv"
DECISIONS = "noms.csv"
HEADINGS = ("original", "remise", "reçu le", "fichier", "contenu", "date", "identifiants", "raison et suite à donner",
            "état", "en attente pour")  # fmt: skip
MAX_TABLE = 64 * 1024**2
MAX_ORIGINAL = 80 * 1024**2

_UNDER_WAY = "Une autre réception est en cours pour cette classe : attendez qu’elle finisse."
_FRESH, _OLD, _ASIDE = "neuf", "ancien", "originaux"
_DATED = "%d/%m/%Y %H:%M:%S UTC"  # moments in the register
_BETWEEN = " | "  # identifiers in a cell of the register


class Table:
    """A table of a class that an instructor may edit in Excel: a file of its folder, by the parts of its path."""

    def __init__(self, cohort: Cohort, *parts: str, headings: Sequence[str]) -> None:
        """Read it; raises `Refusal` where it cannot be read, since writing it anew would lose it."""
        self._cohort, self._parts, self._headings = cohort, parts, headings
        try:
            rows = sheets.read(self._raw()).rows[1:]
        except (Unreadable, OSError):
            raise Refusal(
                f"« {cohort.folder.joinpath(*parts)} » ne se laisse pas lire, ou n’est pas un tableau CSV : fermez-le "
                "dans Excel, corrigez-le ou déplacez-le, puis recommencez."
            ) from None
        width = len(headings)
        self.rows = [(*row, *[""] * width)[:width] for row in rows]

    def _raw(self) -> bytes:
        home = self._cohort.folder.joinpath(*self._parts[:-1])
        if home.is_symlink() or not home.is_dir():
            return b""  # a link is refused where originals are written
        return read_bytes(self._cohort.folder, *self._parts, limit=MAX_TABLE) or b""

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Write it durably, unless it is the same already; raises `Refusal`, and it is as it was."""
        raw = sheets.written([self._headings, *rows])
        if raw == self._raw():
            return
        path = self._cohort.folder.joinpath(*self._parts)
        try:
            durable.write(path, raw)
        except NotWritten as error:
            raise Refusal(f"« {path} » n’est pas écrit. {error.reason}") from error


class State(Enum):
    """State of a file of the register: a key in a column of its own, whatever the reason beside it."""

    TAKEN = "pris"
    WAITING = "en attente"
    REFUSED = "refusé"


@dataclass(frozen=True, slots=True)
class Received:
    """A line of the register.

    Attributes:
        original: The name of the file in `recus/`; empty when it is not kept.
        key: The key of the piece; empty for a copy that was there and was replaced, and for what is no piece.
        received: When it was first taken, in UTC, to the second; the text of its cell where that is no such moment.
        place: The displayed path of the file.
        content: « but-1 », « 1.1 » for one canvas; empty for what is no piece.
        date: The date it says, in UTC, as `received`; empty when it says none.
        students: The identifiers of its trainees.
        reason: Why it is refused or waits, and what to do; empty for what was taken.
        state: Whether it was taken, waits or is refused.
        waiting: The identifiers of those for whom it waits still, where it was taken for others.
    """

    original: str
    key: str
    received: datetime | str
    place: str
    content: str
    date: datetime | str
    students: frozenset[str]
    reason: str = ""
    state: State = State.TAKEN
    waiting: frozenset[str] = frozenset()

    @property
    def taken_for(self) -> frozenset[str]:
        """The identifiers of those for whom it was taken."""
        return self.students - self.waiting if self.state is State.TAKEN else frozenset()

    def joined(self, line: Received) -> Received:
        """Return this line with the new trainees, reason and state of another one of the same file."""
        students = self.students | line.students
        if State.REFUSED in (self.state, line.state):
            return replace(self, students=students, reason=line.reason, state=line.state)
        taken = self.taken_for - (line.students - line.taken_for) | line.taken_for
        waiting = students - taken
        reason = line.reason or (self.reason if waiting else "")
        state = State.TAKEN if taken or not waiting else State.WAITING
        return replace(self, students=students, reason=reason, state=state, waiting=waiting if taken else frozenset())

    def limited(self, students: frozenset[str]) -> Received:
        """Return this line for some of its trainees alone; it has no reason left where it was taken for all of them."""
        waiting = self.waiting & students
        if self.state is State.TAKEN and self.waiting and not waiting:
            return replace(self, students=students, waiting=waiting, reason="")
        if self.state is State.TAKEN and waiting and waiting == students:
            return replace(self, students=students, waiting=frozenset(), state=State.WAITING)
        return replace(self, students=students, waiting=waiting)

    @property
    def slot(self) -> str:
        """The text by which a line is known: no two lines of the register have the same."""
        if self.state is State.REFUSED:
            return f"{self.original} {self.place}"  # several people may send the same empty file
        return self.key or self.original or self.place or str(self.received)

    @property
    def dated(self) -> datetime | str:
        """The date it says, else when it was received; a text where the cell holds no such moment."""
        return self.date or self.received


class Register:
    """The files that were received: `cohort/recus/registre.csv`, which an instructor may edit in Excel."""

    def __init__(self, cohort: Cohort) -> None:
        """Read it, as `Table`."""
        self._table = Table(cohort, ORIGINALS, REGISTER, headings=HEADINGS)
        self._lines: dict[str, Received] = {}
        self._changed = False
        for row in self._table.rows:
            if any(row):
                self._merge(_line(row))

    @property
    def lines(self) -> tuple[Received, ...]:
        """The lines, in the order of the file."""
        return tuple(self._lines.values())

    def __contains__(self, key: str) -> bool:
        """Return whether a piece was received before."""
        return key in self._lines

    def get(self, key: str) -> Received | None:
        """Return the line of a piece; None without one."""
        return self._lines.get(key)

    def first(self, key: str) -> datetime | None:
        """Return when a piece was first received; None when that is not known."""
        received = self._lines[key].received if key in self._lines else None
        return received if isinstance(received, datetime) else None

    def taken(self, key: str) -> frozenset[str]:
        """Return the identifiers of those for whom a piece was taken, whether it counts or was replaced since."""
        return self._lines[key].taken_for if key in self._lines else frozenset()

    def note(self, line: Received) -> None:
        """Add a line, or the new trainees, reason and state of a known one."""
        if self._merge(line):
            self._changed = True

    def replace(self, lines: Iterable[Received]) -> None:
        """Replace all lines."""
        self._lines, self._changed = {}, True
        for line in lines:
            self._merge(line)

    def _merge(self, line: Received) -> bool:
        known = self._lines.get(line.slot)
        if known:
            line = known.joined(line)
        self._lines[line.slot] = line
        return line != known

    def save(self) -> None:
        """Write it durably where it changed; raises `Refusal`, and it is as it was."""
        if self._changed:
            self._table.write(map(_cells, self._lines.values()))
            self._changed = False


def _line(row: tuple[str, ...]) -> Received:
    original, key, received, place, content, date, students, reason, state, waiting = row
    whose, held_back = (frozenset(cell.split(_BETWEEN)) - {""} for cell in (students, waiting))
    try:
        known = State(state)
    except ValueError:  # registers had no such column once, and « refusé » as the content of what was refused
        refused = content == State.REFUSED.value
        known = State.REFUSED if refused else State.WAITING if reason else State.TAKEN
    return Received(original, key, _moment(received), place, content, _moment(date), whose, reason, known,
                    held_back & whose)  # fmt: skip


def _moment(text: str) -> datetime | str:
    """Return the moment in a cell; its text where it holds none."""
    for form in (_DATED, MOMENT):  # registers had the second once
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC)
    return text


def _cells(line: Received) -> tuple[str, ...]:
    received, date = (
        moment.strftime(_DATED) if isinstance(moment, datetime) else moment for moment in (line.received, line.date)
    )
    students, waiting = (_BETWEEN.join(sorted(cell)) for cell in (line.students, line.waiting & line.students))
    return (line.original, line.key, received, line.place, line.content, date, students, line.reason,
            line.state.value, waiting)  # fmt: skip


def unreadable(cohort: Cohort) -> frozenset[str]:
    """Return the identifiers of those from whom something came that could not be taken.

    Raises:
        Refusal: The register cannot be read.
    """
    return frozenset().union(*(line.students for line in Register(cohort).lines if line.state is State.REFUSED))


class WorkFolders:
    """The folders of a class during a reception; `open_folders` makes one."""

    def __init__(self, cohort: Cohort) -> None:
        """Name the folders; nothing is created."""
        self.cohort = cohort
        self.work = cohort.folder / WORK
        self._kept: dict[str, str] = {}
        self._fresh: list[tuple[str, str]] = []
        self._written = False  # whether something has to be made durable

    def keep(self, raw: bytes, ending: str) -> str:
        """Set an original aside until it is known whether it is taken; return its SHA-256."""
        code = hashlib.sha256(raw).hexdigest()
        if code not in self._kept:
            self._kept[code] = f"{code}{ending}"
            (self.work / _ASIDE / self._kept[code]).write_bytes(raw)
            self._written = True
        return code

    def name(self, code: str) -> str:
        """Return the name of an original in `recus/`."""
        return self._kept[code]

    def original(self, code: str) -> bytes:
        """Return the bytes of an original that was set aside."""
        aside = self.work / _ASIDE / self._kept[code]
        return (aside if aside.exists() else self.cohort.folder / ORIGINALS / self._kept[code]).read_bytes()

    def settle(self, codes: set[str]) -> None:
        """Move originals to `recus/`, each once; raises `Refusal` before anything of the class has changed."""
        home = self.cohort.folder / ORIGINALS
        _folder(home)
        names = [name for code in sorted(codes) if not os.path.lexists(home / (name := self._kept[code]))]
        if names:
            self._sync()
            for name in names:
                (self.work / _ASIDE / name).rename(home / name)
            durable.sync_folder(home)

    def prepare(self, student: str, assignment: str, submission: Submission) -> None:
        """Build the new folder of a trainee in the work folder."""
        for name, raw in submission.files.items():
            path = self.work / _FRESH / student / assignment / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        self._fresh.append((student, assignment))
        self._written = True

    def replace(self) -> dict[tuple[str, str], str]:
        """Put the prepared folders in place; return why, in French, for each that could not be replaced."""
        failed: dict[tuple[str, str], str] = {}
        _folder(self.cohort.submitted)
        if self._fresh:
            self._sync()
        for student, assignment in self._fresh:
            try:
                self._swap(student, assignment)
            except OSError as error:
                failed[student, assignment] = durable.why(error, "Le dossier du stagiaire ne se laisse pas écrire")
            except Refusal as refusal:
                failed[student, assignment] = str(refusal)
        if self._fresh:
            self._sync()  # all renames
            self._fresh.clear()
        return failed

    def _sync(self) -> None:
        """Make all that was written durable at once: 2,000 small files one by one take seconds."""
        if self._written and hasattr(os, "sync"):
            os.sync()
        self._written = False

    def _swap(self, student: str, assignment: str) -> None:
        target = self.cohort.submitted / student / assignment
        _folder(target.parent)
        if os.path.lexists(target):
            _folder(target)
            old = self.work / _OLD / student / assignment
            old.parent.mkdir(parents=True, exist_ok=True)
            target.rename(old)  # if the program stops between the two renames, `recover` undoes this one
        (self.work / _FRESH / student / assignment).rename(target)
        self._written = True

    def everything(self, student: str, assignment: str) -> dict[str, bytes]:
        """Return the content of all files of a trainee's folder by path, whoever put them there; links are left out.

        Raises:
            Unreadable: One cannot be read, or has more than `MAX_ORIGINAL` bytes: it would be lost with the folder.
        """
        home = self.cohort.submitted / student / assignment
        files: dict[str, bytes] = {}
        for path in _files_below(home) if os.path.lexists(home) and not home.is_symlink() else ():
            parts = path.relative_to(home).parts
            try:
                raw = read_bytes(self.cohort.submitted, student, assignment, *parts, limit=MAX_ORIGINAL)
            except Unreadable as error:
                raise Unreadable(_in_the_way(path, error.reason)) from None
            except OSError as error:
                raise Unreadable(_in_the_way(path, f"Il ne se laisse pas lire ({durable.cause(error)}).")) from None
            files["/".join(parts)] = raw or b""
        return files

    def recover(self) -> None:
        """Put back the folders that a stopped run had moved away, and remove the work folder."""
        for old in sorted(self.work.glob(f"{_OLD}/*/*")):
            target = self.cohort.submitted / old.parent.name / old.name
            if not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                old.rename(target)
        shutil.rmtree(self.work)


@contextmanager
def receiving(cohort: Cohort) -> Iterator[WorkFolders]:
    """Hold off other receptions of a class whose folder exists; a stopped one is undone first.

    Raises:
        Refusal: Another reception is going on, or the folder cannot be written.
        OSError: A stopped reception cannot be undone.
    """
    folders = WorkFolders(cohort)
    with held(cohort.folder / LOCK, _UNDER_WAY):
        if folders.work.is_symlink() or (folders.work.exists() and not folders.work.is_dir()):
            raise Refusal(f"« {folders.work} » n’est pas un dossier : déplacez-le, puis recommencez.")
        if folders.work.is_dir():
            folders.recover()
        durable.sweep(cohort.folder, cohort.reports, cohort.folder / ORIGINALS)
        yield folders


@contextmanager
def open_folders(cohort: Cohort) -> Iterator[WorkFolders]:
    """Open the folders of a class for a reception, for one program at a time.

    Raises:
        Refusal: Another reception is going on, or the folder cannot be written.
    """
    try:
        cohort.folder.mkdir(parents=True, exist_ok=True)
        with receiving(cohort) as folders:
            (folders.work / _ASIDE).mkdir(parents=True)
            try:
                yield folders
            finally:
                folders.recover()
    except OSError as error:
        raise Refusal(f"Rien n’est perdu. {durable.why(error, 'La réception s’est arrêtée')}") from error


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield what is below a folder, but folders and links; raises `Unreadable` for a folder that cannot be listed."""

    def refuse(error: OSError) -> None:
        reason = f"Il ne se laisse pas lire ({durable.cause(error)})."
        raise Unreadable(_in_the_way(Path(error.filename or folder), reason)) from error

    for home, _, names in os.walk(folder, onerror=refuse):
        yield from (path for name in sorted(names) if not (path := Path(home, name)).is_symlink())


def _in_the_way(path: Path, reason: str) -> str:
    return f"« {path} » se perdrait, et rien n’est remplacé : déplacez-le, puis recommencez. {reason}"


def _folder(path: Path) -> None:
    """Make a folder; raises `Refusal` where something else has its name, or a link."""
    with suppress(FileExistsError):
        path.mkdir()
    if path.is_symlink() or not path.is_dir():
        raise Refusal(f"« {path} » n’est pas un dossier : déplacez-le, puis recommencez.")
