"""`nbgrader collect`, strict: a drop that is not plainly the trainee's own neither passes for hers nor stops others.

A dropped folder stays the trainee's while it is read, so each file is opened from its folder's descriptor, never
through a link, and asked then what it is and whose.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from fnmatch import fnmatch, fnmatchcase
from itertools import islice
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect

from course.core import files
from course.core.answers import FOLDER
from course.core.names import legible, refused_name
from course.core.refusal import Unreadable
from course.instructor.cohort.receipt import DATE, parsed, read_date

if sys.platform == "win32":  # which has no exchange
    pwd = None
else:
    import pwd

MAX_ENTRIES = 1_000
MAX_DEPTH = 4
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_BYTES = 60 * 1024 * 1024

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Record:
    """One drop of one trainee, as its folder's name tells: `awa+but-1+2026-11-22 10:00:00 UTC+x7f…`."""

    folder: str
    student: str
    date: str
    moment: datetime


class Trouble(Enum):
    """What is the matter with a drop."""

    NO_NAME = auto()
    REFUSED = auto()
    NOT_COPIED = auto()
    REMARK = auto()


@dataclass(frozen=True, slots=True)
class Report:
    """What a line of the log is about, for a program: the attribute `report` of its record.

    Attributes:
        trouble: What is the matter.
        drop: The name of the drop's folder; empty for a remark on what was taken.
        student: The trainee whom it names; empty when it names none.
        detail: Why, in French.
    """

    trouble: Trouble
    drop: str = ""
    student: str = ""
    detail: str = ""


class StrictCollect(ExchangeCollect):
    """`ExchangeCollect` that trusts no name, date, owner, link or size in the inbound folder, and says so in French.

    With `check_owner` (on unless set otherwise) a drop counts only when its folder and all in it belong to the account
    of the trainee it names, or to the account that collects: who collects may hand in for somebody.
    """

    def init_src(self) -> None:
        """Chooses the drop to collect of each trainee.

        Raises:
            ExchangeError: There is no inbound folder to read.
        """
        if not self.coursedir.course_id:
            self.fail("Le cours n’a pas d’identifiant : ajoutez l’option --course.")
        self.inbound_path = str(Path(self.root, self.coursedir.course_id, "inbound"))
        try:
            with os.scandir(self.inbound_path) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError:
            self.fail(f"Le dossier des remises « {self.inbound_path} » n’existe pas ou ne se laisse pas lire.")
        records: dict[str, list[Record]] = {}
        for record in self._records(names):
            records.setdefault(record.student, []).append(record)
        due = self._due()
        self.src_records = [_chosen(each, due) for each in records.values()]

    def copy_files(self) -> None:
        """Copies the chosen drops; one that cannot be copied is reported, and the others go on."""
        assignment = self.coursedir.assignment_id
        if not self.src_records:
            self.log.warning("Aucune remise de « %s » à recueillir.", assignment)
        for record in self.src_records:
            submitted = Path(self.coursedir.root, self.coursedir.submitted_directory)
            try:
                self._collect(record, submitted / record.student / assignment)
            except OSError as error:
                reason = files.cause(error)
                report = Report(Trouble.NOT_COPIED, record.folder, record.student, reason)
                line = f"{record.student} : remise « {legible(record.folder)} » non recueillie : {reason}"
                self.log.error(line, extra={"report": report})

    def do_copy(self, src: str, dest: str, log: object = None) -> None:  # noqa: ARG002 - nbgrader's signature
        """Copies the plain files of a drop to a folder that exists, and reports the others."""
        student = Path(src).name.split("+")[0]
        for refused in Drop(Path(src), self._wanted).copy(Path(dest), self._owners(student)):
            self._remark(student, refused)

    def _records(self, names: list[str]) -> Iterator[Record]:
        assignment = re.escape(self.coursedir.assignment_id)
        form = re.compile(rf"(?P<student>.*)\+{assignment}\+(?P<date>[^+]*)(\+[^+]*)?", re.S)
        for name in names:
            match = form.fullmatch(name)
            if match is None:
                if name.count("+") < 2:
                    self._refuse(Report(Trouble.NO_NAME, name, detail="ce n’est pas un nom de remise"))
                continue
            student = match["student"]
            reason = refused_name(student) or ("ce nom contient « + »" if "+" in student else None)
            if reason is None and not self._asked_for(student):
                continue
            try:
                moment = parsed(match["date"])
            except ValueError:
                reason = reason or "la date n’est pas une date"
            reason = reason or self._usurped(Path(self.inbound_path, name), student)
            if reason:
                self._refuse(Report(Trouble.REFUSED, name, student, reason))
            else:
                yield Record(name, student, match["date"], moment)

    def _asked_for(self, student: str) -> bool:
        pattern = self.coursedir.student_id or "*"
        return bool(student == pattern or fnmatchcase(student, pattern))

    def _usurped(self, folder: Path, student: str) -> str | None:
        """Why a drop does not count, or None when it does."""
        try:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode):
                return "ce n’est pas un dossier"
            owners = self._owners(student)
            if owners is None:
                return None
            with closing(Drop(folder, self._wanted).entries()) as entries:
                places = ((entry.owner, f"« {entry} »") for entry in entries)
                for owner, place in ((status.st_uid, "le dossier"), *places):
                    if owner not in owners:
                        return (
                            f"{place} appartient au compte « {_account(owner)} », pas à « {student} » (si toute la "
                            "classe travaille sous un seul compte : c.ExchangeCollect.check_owner = False)"
                        )
        except OSError:
            return "le dossier ne se laisse pas lire"
        return None

    def _owners(self, student: str) -> frozenset[int] | None:
        """The accounts whose files count as hers; None when all do."""
        if not self.check_owner or pwd is None:
            return None
        owners = {os.getuid()}
        with suppress(KeyError):
            owners.add(pwd.getpwnam(student).pw_uid)
        return frozenset(owners)

    def _wanted(self, name: str) -> bool:
        included = any(fnmatch(name, pattern) for pattern in self.coursedir.include)
        return included and not any(fnmatch(name, pattern) for pattern in self.coursedir.ignore)

    def _due(self) -> datetime | None:
        due: datetime | None = None
        if self.before_duedate:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook, suppress(MissingEntry):
                due = gradebook.find_assignment(self.coursedir.assignment_id).duedate
        return due

    def _collect(self, record: Record, destination: Path) -> None:
        who = f"{record.student} : {self.coursedir.assignment_id}"
        for place in (destination.parent, destination):
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                raise OSError(f"« {place} » n’est pas un dossier, déplacez-le")
        if destination.is_dir():
            existing = self.coursedir.get_existing_timestamp(str(destination))
            newer = self.update and (existing is None or record.moment > existing)
            if not newer and not (self.before_duedate and existing != record.moment):
                self.log.info("%s : déjà recueilli%s.", who, "" if self.update else " (--update pour remplacer)")
                return
        destination.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folders of trainees, so that a copy that fails leaves nothing that could be graded.
        with tempfile.TemporaryDirectory(prefix=".remise-", dir=destination.parents[1]) as working:
            fresh, old = Path(working, "fresh"), Path(working, "old")
            fresh.mkdir()
            self.do_copy(str(Path(self.inbound_path, record.folder)), str(fresh))
            self._date(record, fresh)
            if destination.is_dir():
                destination.rename(old)
            fresh.rename(destination)
        if self.coursedir.groupshared:
            for path in (destination, *destination.rglob("*")):
                path.chmod(path.stat().st_mode & 0o2777 | (0o2770 if path.is_dir() else 0o660))
        self.log.info("%s : recueilli, remis le %s.", who, record.date)

    def _date(self, record: Record, folder: Path) -> None:
        """The date of the folder's name is the one that was compared: it is the one that is kept."""
        with suppress(Unreadable):
            text = read_date(folder)
            if text is not None and parsed(text) == record.moment:
                return
        if (folder / DATE).is_dir():
            shutil.rmtree(folder / DATE)
        (folder / DATE).write_text(record.date, encoding="ascii")
        self._remark(record.student, f"{DATE} ne s’accorde pas avec la remise ; la date de la remise est gardée")

    def _refuse(self, report: Report) -> None:
        self.log.warning(f"Remise « {legible(report.drop)} » refusée : {report.detail}.", extra={"report": report})

    def _remark(self, student: str, detail: str) -> None:
        report = Report(Trouble.REMARK, student=student, detail=detail)
        self.log.warning(f"{student} : {detail}", extra={"report": report})


def _chosen(records: list[Record], due: datetime | None) -> Record:
    """The latest drop; with a due date, the latest before it if there is one."""
    in_time = [record for record in records if due is not None and record.moment <= due]
    return max(in_time or records, key=lambda record: record.moment)


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a dropped folder.

    Attributes:
        parts: Its path below that folder.
        mode: What it is and who may do what, as the system says.
        owner: The number of the account that owns it.
        parent: The descriptor of its folder, open only while the entry is looked at.
    """

    parts: tuple[str, ...]
    mode: int
    owner: int
    parent: int

    def __str__(self) -> str:
        """Its path, fit for a log."""
        return legible("/".join(self.parts))


@dataclass(slots=True)
class Drop:
    """A folder that was dropped.

    Attributes:
        path: Where it is.
        wanted: Whether a file of that name is to be read at all.
    """

    path: Path
    wanted: Callable[[str], bool] = field(default=lambda _: True)

    def entries(self) -> Generator[Entry]:
        """What is in it, answers first, folders too, nothing behind a link, and one entry past `MAX_ENTRIES` at most.

        Raises:
            OSError: It is no folder, or does not let itself be read.
        """
        descriptor = os.open(self.path, _READ | os.O_DIRECTORY)
        try:
            yield from islice(self._below(descriptor, ()), MAX_ENTRIES + 1)
        finally:
            os.close(descriptor)

    def copy(self, destination: Path, owners: frozenset[int] | None) -> tuple[str, ...]:
        """Copies its plain files.

        Args:
            destination: A folder of the course that exists.
            owners: The accounts whose files are taken; None takes any.

        Returns:
            What was left out and why: a French phrase each.
        """
        refused: list[str] = []
        room = MAX_BYTES
        with closing(self.entries()) as entries:
            for number, entry in enumerate(entries):
                if number == MAX_ENTRIES:
                    refused.append(f"plus de {MAX_ENTRIES} fichiers : la suite n’est pas reprise")
                    break
                if stat.S_ISDIR(entry.mode):
                    continue
                try:
                    raw = _read(entry, owners, min(MAX_FILE_BYTES, room))
                except Unreadable as error:
                    refused.append(f"{entry} n’est pas repris : {error.reason}")
                    continue
                path = destination.joinpath(*entry.parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
                room -= len(raw)
        return tuple(refused)

    def _below(self, descriptor: int, parts: tuple[str, ...]) -> Iterator[Entry]:
        with os.scandir(descriptor) as entries:
            wanted = (each.name for each in entries if self.wanted(each.name))
            names = sorted(wanted, key=lambda name: (name != FOLDER, name))
        for name in names:
            try:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except OSError:
                continue
            entry = Entry((*parts, name), status.st_mode, status.st_uid, descriptor)
            yield entry
            if not stat.S_ISDIR(entry.mode) or len(entry.parts) > MAX_DEPTH:
                continue
            try:
                below = os.open(name, _READ | os.O_DIRECTORY, dir_fd=descriptor)
            except OSError:
                continue
            try:
                yield from self._below(below, entry.parts)
            finally:
                os.close(below)


def _read(entry: Entry, owners: frozenset[int] | None, limit: int) -> bytes:
    """The bytes of a file; raises `Unreadable` with a phrase instead of a sentence."""
    if stat.S_ISLNK(entry.mode):
        raise Unreadable("c’est un lien")
    if not stat.S_ISREG(entry.mode):
        raise Unreadable("ce n’est pas un fichier ordinaire")
    try:
        descriptor = os.open(entry.parts[-1], _READ, dir_fd=entry.parent)
    except OSError:
        raise Unreadable("il ne se laisse pas ouvrir") from None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or (owners is not None and status.st_uid not in owners):
            raise Unreadable("ce n’est pas un fichier ordinaire à ce stagiaire")
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise Unreadable("il est trop gros")
    return raw
