"""nbgrader's exchange: its own classes collect, with a strict check of owners, into a folder where nothing is graded.

What they collect is then taken in as everything else: the latest counts, and what it replaces is kept.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.core import files as durable
from course.core import syllabus, team, zips
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.handin.package import handin_of, test_files
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.instructor.cohort import places
from course.instructor.cohort.places import COURSE_ID, Cohort
from course.instructor.cohort.receipt import DATE, SECRET
from course.instructor.intake.names import BETWEEN, Envelope
from course.instructor.intake.piece import Piece, Problem
from course.instructor.intake.reasons import Reason, Why
from course.instructor.intake.sources import Keep
from course.instructor.intake.submission import names, parsed_date

if TYPE_CHECKING:
    from course.instructor.grading.collect import DropName, StrictCollect

WORDS = ("exchange", "échange")
INBOUND = "inbound"


def inbound_of(source: Path) -> Path | None:
    """Return the inbound folder that a path names: itself, that of a course or of an exchange; None without one."""
    for path in (source, source / INBOUND, source / COURSE_ID / INBOUND):
        if path.name == INBOUND and path.is_dir() and not path.is_symlink():
            return path
    return None


def drops(cohort: Cohort, inbound: Path, work: Path, keep: Keep) -> Iterator[Piece | Problem]:
    """Collect what trainees handed in through an exchange.

    Args:
        cohort: The class; its settings state whether owners are checked.
        inbound: The folder of drops: `<exchange>/<course>/inbound`.
        work: An existing folder of ours for what is collected.
        keep: Sets an original aside, and returns its SHA-256.

    Yields:
        The latest drop of each trainee and goal, and a problem for each that is refused or older.
    """
    if sys.platform == "win32":
        yield Problem(str(inbound), Reason(Why.NO_EXCHANGE_HERE))
        return
    if not inbound.is_dir():
        yield Problem(str(inbound), Reason(Why.NO_INBOUND))
        return
    refused: dict[str, Reason] = {}
    counted: set[str] = set()
    config = places.settings(cohort)
    for goal in syllabus.load().goals:
        collector, log = _collector(config, inbound, goal, work)
        if failure := _failure(collector):
            yield Problem(str(inbound), failure)
            return
        refused |= log.refused
        for record in collector.src_records:
            counted.add(record.folder)
            home = work / record.student / goal.assignment
            if record.folder not in log.refused and home.is_dir():
                yield _drop(home, goal, record, collector, log, keep)
    for name, reason in refused.items():
        yield Problem(_location(inbound, name), reason, unkept=Reason(Why.NOT_KEPT))
    yield from _older(inbound, counted | refused.keys())


def _failure(collector: StrictCollect) -> Reason | None:
    """Collect; return why the exchange cannot be read, None where it can."""
    from nbgrader.exchange import ExchangeError  # noqa: PLC0415

    try:
        collector.init_src()
        collector.copy_files()
    except OSError as error:
        return Reason(Why.UNREADABLE_EXCHANGE, detail=durable.cause(error))
    except ExchangeError as error:
        return Reason(Why.DROP_REMARK, detail=str(error))
    return None


def _older(inbound: Path, known: set[str]) -> Iterator[Problem]:
    """Yield a problem for each drop of a notebook of the course that was neither collected nor refused."""
    assignments = [goal.assignment for goal in syllabus.load().goals]
    try:
        others = sorted({path.name for path in inbound.iterdir()} - known)
    except OSError as error:
        yield Problem(str(inbound), Reason(Why.UNREADABLE_EXCHANGE, detail=durable.cause(error)))
        return
    for name in others:
        if any(f"+{assignment}+" in name for assignment in assignments):
            yield Problem(_location(inbound, name), Reason(Why.OLDER_DROP))


def _location(inbound: Path, name: str) -> str:
    return BETWEEN.join((inbound.name, legible(name)))


def _collector(config: Any, inbound: Path, goal: Goal, work: Path) -> tuple[StrictCollect, _Log]:  # noqa: ANN401
    from nbgrader.auth import Authenticator  # noqa: PLC0415
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415
    from nbgrader.exchange import ExchangeFactory  # noqa: PLC0415

    from course.instructor.grading.collect import StrictCollect  # noqa: PLC0415

    directory = CourseDirectory(config=config)
    directory.root, directory.submitted_directory = str(work.parent), work.name
    directory.course_id, directory.assignment_id = inbound.parent.name, goal.assignment
    chosen = ExchangeFactory(config=config).collect
    kind = chosen if issubclass(chosen, StrictCollect) else StrictCollect
    log = _Log()
    logger = logging.Logger("course.instructor.intake", logging.INFO)
    logger.addHandler(log)
    collector = kind(coursedir=directory, authenticator=Authenticator(config=config), config=config, log=logger)
    collector.root = str(inbound.parents[1])
    return collector, log


class _Log(logging.Handler):
    """The reports of a collector, by drop or by trainee."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, Reason] = {}
        self._remarks: list[tuple[str, Reason]] = []

    def emit(self, record: logging.LogRecord) -> None:
        from course.instructor.grading.collect import DropReport, Trouble  # noqa: PLC0415

        if record.levelno < logging.WARNING:
            return
        match getattr(record, "report", None):
            case DropReport(Trouble.REFUSED, drop=drop, detail=detail):
                self.refused[drop] = Reason(Why.DROP_REFUSED, detail=detail)
            case DropReport(Trouble.NO_NAME, drop=drop):
                self.refused[drop] = Reason(Why.NO_DROP_NAME)
            case DropReport(Trouble.NOT_COPIED, drop=drop, detail=detail):
                self.refused[drop] = Reason(Why.DROP_NOT_COPIED, detail=detail)
            case DropReport(Trouble.REMARK, student=student, detail=detail):
                self._remarks.append((student, Reason(Why.DROP_REMARK, detail=detail)))

    def remarks(self, student: str) -> tuple[Reason, ...]:
        return tuple(remark for name, remark in self._remarks if name == student)


def _drop(  # noqa: PLR0913, PLR0917
    home: Path, goal: Goal, record: DropName, collector: StrictCollect, log: _Log, keep: Keep
) -> Piece:
    """Return the piece that a collected drop is; files that cannot be read are left out with a remark."""
    content: dict[str, bytes] = {}
    remarks = log.remarks(record.student)
    for name in (*names(goal), DATE):
        try:
            raw = read_bytes(home, *name.split("/"), limit=zips.HANDIN.file)
        except Unreadable as error:
            remarks = (*remarks, Reason(Why.FILE_LEFT_OUT, name=name, detail=error.reason.rstrip(".")))
            continue
        if raw is not None:
            content[name] = raw
    remarks += tuple(
        Reason(Why.FILE_LEFT_OUT, name=name, detail=reason.rstrip("."))
        for name, reason in test_files(content)[1].items()
    )
    original = zips.packed(dict(sorted(content.items())))
    key, members = hashlib.sha256(original).hexdigest(), team.or_nobody(content.get(team.FILE))
    try:
        handin = handin_of({name: raw for name, raw in content.items() if name not in (SECRET, DATE)}, "")
        key, members = hashlib.sha256(content[manifest.FILE]).hexdigest(), handin.manifest.team
    except Unreadable:
        pass  # a hand-in of nbgrader's own button has no manifest
    date = parsed_date(content.get(DATE, b"")) or record.moment.replace(tzinfo=UTC)
    return Piece(
        _location(Path(collector.inbound_path), record.folder),
        Envelope(),
        goal,
        members,
        keep(original, ".zip"),
        key,
        date.astimezone(UTC).replace(microsecond=0),
        account=record.student,
        proven=bool(collector.check_owner),
        remarks=remarks,
    )
