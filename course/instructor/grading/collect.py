"""Strict `nbgrader collect`: a drop that is not clearly the trainee's own is refused and does not stop the others.

The trainee can change a dropped folder while it is read, so each file is opened relative to the descriptor of its
folder, never through a link, and its type and owner are checked on the open file.
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
from dataclasses import dataclass
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
class DropName:
    """The parsed name of a dropped folder: `awa+but-1+2026-11-22 10:00:00 UTC+x7f…`."""

    folder: str
    student: str
    date: str
    moment: datetime


class Trouble(Enum):
    """A kind of problem with a drop."""

    NO_NAME = auto()
    REFUSED = auto()
    NOT_COPIED = auto()
    REMARK = auto()


@dataclass(frozen=True, slots=True)
class DropReport:
    """The content of a log line for a program: the attribute `report` of its `LogRecord`.

    Attributes:
        trouble: The kind of problem.
        drop: The name of the drop's folder; empty for a remark on a collected drop.
        student: The trainee named by the drop; empty when it names none.
        detail: The reason, in French.
    """

    trouble: Trouble
    drop: str = ""
    student: str = ""
    detail: str = ""


class StrictCollect(ExchangeCollect):
    """`ExchangeCollect` that trusts no name, date, owner, link or size in the inbound folder, and reports in French.

    With `check_owner` (the default) a drop counts only when its folder and everything in it belong to the account of
    the trainee it names, or to the collecting account: the instructor may hand in for a trainee.
    """

    def init_src(self) -> None:
        """Choose the drop to collect for each trainee.

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
        drops: dict[str, list[DropName]] = {}
        for drop in self._valid_drops(names):
            drops.setdefault(drop.student, []).append(drop)
        due = self._due()
        self.src_records = [_chosen(of_student, due) for of_student in drops.values()]

    def copy_files(self) -> None:
        """Copy the chosen drops; one that cannot be copied is reported and the others are still copied."""
        assignment = self.coursedir.assignment_id
        if not self.src_records:
            self.log.warning("Aucune remise de « %s » à recueillir.", assignment)
        submitted = Path(self.coursedir.root, self.coursedir.submitted_directory)
        for drop in self.src_records:
            try:
                self._collect(drop, submitted / drop.student / assignment)
            except OSError as error:
                reason = files.cause(error)
                report = DropReport(Trouble.NOT_COPIED, drop.folder, drop.student, reason)
                line = f"{drop.student} : remise « {legible(drop.folder)} » non recueillie : {reason}"
                self.log.error(line, extra={"report": report})

    def do_copy(self, src: str, dest: str, log: object = None) -> None:  # noqa: ARG002 - nbgrader's signature
        """Copy the regular files of a drop to an existing folder, and report the others."""
        student = Path(src).name.split("+")[0]
        for refused in Drop(Path(src), self._wanted).copy(Path(dest), self._owners(student)):
            self._remark(student, refused)

    def _valid_drops(self, names: list[str]) -> Iterator[DropName]:
        assignment = re.escape(self.coursedir.assignment_id)
        form = re.compile(rf"(?P<student>.*)\+{assignment}\+(?P<date>[^+]*)(\+[^+]*)?", re.S)
        for name in names:
            match = form.fullmatch(name)
            if match is None:
                if name.count("+") < 2:
                    self._refuse(DropReport(Trouble.NO_NAME, name, detail="ce n’est pas un nom de remise"))
                continue
            student = match["student"]
            reason = refused_name(student) or ("ce nom contient « + »" if "+" in student else None)
            if reason is None and not self._selected(student):
                continue
            try:
                moment = parsed(match["date"])
            except ValueError:
                reason = reason or "la date n’est pas une date"
            reason = reason or self._refusal(Path(self.inbound_path, name), student)
            if reason:
                self._refuse(DropReport(Trouble.REFUSED, name, student, reason))
            else:
                yield DropName(name, student, match["date"], moment)

    def _selected(self, student: str) -> bool:
        pattern = self.coursedir.student_id or "*"
        return bool(student == pattern or fnmatchcase(student, pattern))

    def _refusal(self, folder: Path, student: str) -> str | None:
        """Return the reason why a drop does not count, or None when it does."""
        try:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode):
                return "ce n’est pas un dossier"
            owners = self._owners(student)
            if owners is None:
                return None
            with closing(Drop(folder, self._wanted).entries()) as entries:
                content = ((entry.owner, f"« {entry} »") for entry in entries)
                for owner, label in ((status.st_uid, "le dossier"), *content):
                    if owner not in owners:
                        return (
                            f"{label} appartient au compte « {_account(owner)} », pas à « {student} » (si toute la "
                            "classe travaille sous un seul compte : c.ExchangeCollect.check_owner = False)"
                        )
        except OSError:
            return "le dossier ne se laisse pas lire"
        return None

    def _owners(self, student: str) -> frozenset[int] | None:
        """Return the accounts whose files count as the trainee's; None when all do."""
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

    def _collect(self, drop: DropName, destination: Path) -> None:
        label = f"{drop.student} : {self.coursedir.assignment_id}"
        for folder in (destination.parent, destination):
            if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
                raise OSError(f"« {folder} » n’est pas un dossier, déplacez-le")
        if destination.is_dir():
            existing = self.coursedir.get_existing_timestamp(str(destination))
            newer = self.update and (existing is None or drop.moment > existing)
            if not newer and not (self.before_duedate and existing != drop.moment):
                self.log.info("%s : déjà recueilli%s.", label, "" if self.update else " (--update pour remplacer)")
                return
        destination.parent.mkdir(parents=True, exist_ok=True)
        # Outside the folders of trainees: a failed copy leaves nothing that could be graded.
        with tempfile.TemporaryDirectory(prefix=".remise-", dir=destination.parents[1]) as working:
            fresh, old = Path(working, "fresh"), Path(working, "old")
            fresh.mkdir()
            self.do_copy(str(Path(self.inbound_path, drop.folder)), str(fresh))
            self._fix_date(drop, fresh)
            if destination.is_dir():
                destination.rename(old)
            fresh.rename(destination)
        if self.coursedir.groupshared:
            for path in (destination, *destination.rglob("*")):
                path.chmod(path.stat().st_mode & 0o2777 | (0o2770 if path.is_dir() else 0o660))
        self.log.info("%s : recueilli, remis le %s.", label, drop.date)

    def _fix_date(self, drop: DropName, folder: Path) -> None:
        """Write the date of the folder's name, the one that drops are compared by, unless the file already has it."""
        with suppress(Unreadable):
            text = read_date(folder)
            if text is not None and parsed(text) == drop.moment:
                return
        if (folder / DATE).is_dir():
            shutil.rmtree(folder / DATE)
        (folder / DATE).write_text(drop.date, encoding="ascii")
        self._remark(drop.student, f"{DATE} ne s’accorde pas avec la remise ; la date de la remise est gardée")

    def _refuse(self, report: DropReport) -> None:
        self.log.warning(f"Remise « {legible(report.drop)} » refusée : {report.detail}.", extra={"report": report})

    def _remark(self, student: str, detail: str) -> None:
        report = DropReport(Trouble.REMARK, student=student, detail=detail)
        self.log.warning(f"{student} : {detail}", extra={"report": report})


def _chosen(drops: list[DropName], due: datetime | None) -> DropName:
    """Return the latest drop; with a due date, the latest before it if there is one."""
    in_time = [drop for drop in drops if due is not None and drop.moment <= due]
    return max(in_time or drops, key=lambda drop: drop.moment)


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


@dataclass(frozen=True, slots=True)
class DropEntry:
    """A file or folder in a dropped folder.

    Attributes:
        path: Its path below that folder, name by name.
        mode: `st_mode`: its type and permissions.
        owner: The number of the owning account.
        parent: The descriptor of its folder, open only during the iteration.
    """

    path: tuple[str, ...]
    mode: int
    owner: int
    parent: int

    def __str__(self) -> str:
        """Return its path, fit for a log."""
        return legible("/".join(self.path))


@dataclass(slots=True)
class Drop:
    """A dropped folder.

    Attributes:
        path: Its path.
        wanted: Whether a file of that name is read.
    """

    path: Path
    wanted: Callable[[str], bool]

    def entries(self) -> Generator[DropEntry]:
        """Yield its files and folders, answers first, without following links, and at most one past `MAX_ENTRIES`.

        Raises:
            OSError: It is not a folder, or cannot be read.
        """
        descriptor = os.open(self.path, _READ | os.O_DIRECTORY)
        try:
            yield from islice(self._below(descriptor, ()), MAX_ENTRIES + 1)
        finally:
            os.close(descriptor)

    def copy(self, destination: Path, owners: frozenset[int] | None) -> tuple[str, ...]:
        """Copy its regular files.

        Args:
            destination: An existing folder of the course.
            owners: The accounts whose files are copied; None copies any.

        Returns:
            A French phrase for each file that was left out, with the reason.
        """
        refused: list[str] = []
        remaining = MAX_BYTES
        with closing(self.entries()) as entries:
            for number, entry in enumerate(entries):
                if number == MAX_ENTRIES:
                    refused.append(f"plus de {MAX_ENTRIES} fichiers : la suite n’est pas reprise")
                    break
                if stat.S_ISDIR(entry.mode):
                    continue
                try:
                    raw = _read(entry, owners, min(MAX_FILE_BYTES, remaining))
                except Unreadable as error:
                    refused.append(f"{entry} n’est pas repris : {error.reason}")
                    continue
                path = destination.joinpath(*entry.path)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
                remaining -= len(raw)
        return tuple(refused)

    def _below(self, descriptor: int, path: tuple[str, ...]) -> Iterator[DropEntry]:
        with os.scandir(descriptor) as entries:
            wanted = (entry.name for entry in entries if self.wanted(entry.name))
            names = sorted(wanted, key=lambda name: (name != FOLDER, name))
        for name in names:
            try:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except OSError:
                continue
            entry = DropEntry((*path, name), status.st_mode, status.st_uid, descriptor)
            yield entry
            if not stat.S_ISDIR(entry.mode) or len(entry.path) > MAX_DEPTH:
                continue
            try:
                below = os.open(name, _READ | os.O_DIRECTORY, dir_fd=descriptor)
            except OSError:
                continue
            try:
                yield from self._below(below, entry.path)
            finally:
                os.close(below)


def _read(entry: DropEntry, owners: frozenset[int] | None, limit: int) -> bytes:
    """Return the bytes of a file; raise `Unreadable` with a French phrase, not a sentence."""
    if stat.S_ISLNK(entry.mode):
        raise Unreadable("c’est un lien")
    if not stat.S_ISREG(entry.mode):
        raise Unreadable("ce n’est pas un fichier ordinaire")
    try:
        descriptor = os.open(entry.path[-1], _READ, dir_fd=entry.parent)
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
