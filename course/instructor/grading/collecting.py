"""`nbgrader collect`, strict: a drop that is not plainly the trainee's own neither passes for hers nor stops others."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from fnmatch import fnmatch, fnmatchcase
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect

from course.core import files as durable
from course.core.names import legible, refused_name
from course.core.refusal import Unreadable
from course.instructor.cohort.receipt import DATE, parsed, read_date
from course.instructor.grading.dropping import Drop

try:
    import pwd
except ImportError:
    pwd = None


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
                reason = durable.cause(error)
                self.log.error(
                    "%s : remise « %s » non recueillie : %s",
                    record.student,
                    legible(record.folder),
                    reason,
                    extra={"report": Report(Trouble.NOT_COPIED, record.folder, record.student, reason)},
                )

    def do_copy(self, src: str, dest: str, log: object = None) -> None:  # noqa: ARG002 - nbgrader's signature
        """Copies the plain files of a drop to a folder that exists, and reports the others."""
        folder = Path(src).name
        student = folder.split("+")[0]
        for left in Drop(Path(src), self._wanted).copy(Path(dest), self._owners(student)):
            self._remark(student, left)

    def _records(self, names: list[str]) -> Iterator[Record]:
        form = re.compile(
            rf"(?P<student>.*)\+{re.escape(self.coursedir.assignment_id)}\+(?P<date>[^+]*)(\+[^+]*)?", re.S
        )
        for name in names:
            match = form.fullmatch(name)
            if match is None:
                if name.count("+") < 2:
                    self.log.warning(
                        "Remise « %s » ignorée : ce n’est pas un nom de remise.",
                        legible(name),
                        extra={"report": Report(Trouble.NO_NAME, name)},
                    )
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
                self.log.warning(
                    "Remise « %s » refusée : %s.",
                    legible(name),
                    reason,
                    extra={"report": Report(Trouble.REFUSED, name, student, reason)},
                )
            else:
                yield Record(name, student, match["date"], moment)

    def _asked_for(self, student: str) -> bool:
        pattern = self.coursedir.student_id or "*"
        return student == pattern or fnmatchcase(student, pattern)

    def _usurped(self, folder: Path, student: str) -> str | None:
        """Why a drop does not count, or None when it does."""
        try:
            status = folder.lstat()
            if folder.is_symlink() or not folder.is_dir():
                return "ce n’est pas un dossier"
            owners = self._owners(student)
            if owners is None:
                return None
            for owner, place in ((status.st_uid, "le dossier"), *self._owned(folder)):
                if owner not in owners:
                    return (
                        f"{place} appartient au compte « {_account(owner)} », pas à « {student} » (si toute la classe "
                        "travaille sous un seul compte : c.ExchangeCollect.check_owner = False)"
                    )
        except OSError:
            return "le dossier ne se laisse pas lire"
        return None

    def _owned(self, folder: Path) -> Iterator[tuple[int, str]]:
        for entry in Drop(folder, self._wanted).entries():
            yield entry.owner, f"« {entry} »"

    def _owners(self, student: str) -> frozenset[int] | None:
        if not self.check_owner or pwd is None:
            return None
        owners = {os.getuid()}
        with suppress(KeyError):
            owners.add(pwd.getpwnam(student).pw_uid)
        return frozenset(owners)

    def _wanted(self, name: str) -> bool:
        kept = any(fnmatch(name, pattern) for pattern in self.coursedir.include)
        return kept and not any(fnmatch(name, pattern) for pattern in self.coursedir.ignore)

    def _due(self) -> datetime | None:
        if not self.before_duedate:
            return None
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook, suppress(MissingEntry):
            return gradebook.find_assignment(self.coursedir.assignment_id).duedate
        return None

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
        with tempfile.TemporaryDirectory(prefix=".remise-", dir=destination.parents[1]) as place:
            fresh, old = Path(place, "fresh"), Path(place, "old")
            fresh.mkdir()
            self.do_copy(str(Path(self.inbound_path, record.folder)), str(fresh))
            self._date(record, fresh)
            if destination.is_dir():
                destination.rename(old)
            fresh.rename(destination)
        if self.coursedir.groupshared:
            _share(destination)
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
        left = f"{DATE} ne s’accorde pas avec la remise ; la date de la remise est gardée"
        self._remark(record.student, left)

    def _remark(self, student: str, detail: str) -> None:
        self.log.warning(
            "%s : %s", student, detail, extra={"report": Report(Trouble.REMARK, student=student, detail=detail)}
        )


def _chosen(records: list[Record], due: datetime | None) -> Record:
    """The latest drop; with a due date, the latest before it if there is one."""
    in_time = [record for record in records if due is not None and record.moment <= due]
    return max(in_time or records, key=lambda record: record.moment)


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _share(folder: Path) -> None:
    for name, _, files in os.walk(folder):
        for path, mode in ((Path(name), 0o2770), *((Path(name, each), 0o660) for each in files)):
            path.chmod(path.stat().st_mode & 0o2777 | mode)
