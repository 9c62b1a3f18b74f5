"""nbgrader's exchange: its own classes collect, with our strict check of owners, into a folder where nothing is graded.

What they collect is then taken in as everything else: the latest counts, and what it replaces is kept.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from course.core import files as durable
from course.core import syllabus, team
from course.core.files import read_bytes
from course.core.handin import archive, manifest
from course.core.handin.opening import handin_of
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort.places import COURSE_ID, SETTINGS, Cohort
from course.instructor.intake.names import Envelope
from course.instructor.intake.originals import bundle
from course.instructor.intake.pieces import Problem, Whole
from course.instructor.intake.reading import Keep
from course.instructor.intake.submissions import DATE, SECRET, moment, names

WORDS = ("exchange", "échange")
INBOUND = "inbound"


def inbound_of(source: Path) -> Path | None:
    """The inbound folder that a path names: itself, that of a course, or that of an exchange; None when it is none."""
    for path in (source, source / INBOUND, source / COURSE_ID / INBOUND):
        if path.name == INBOUND and path.is_dir() and not path.is_symlink():
            return path
    return None


def configured(cohort: Cohort) -> Path:
    """The inbound folder of the exchange that nbgrader's settings name."""
    from nbgrader.exchange.default import Exchange  # noqa: PLC0415 - seconds

    config = _config(cohort)
    root = config.Exchange.get("root") or Exchange.root.default_value
    return Path(str(root), str(config.CourseDirectory.get("course_id") or COURSE_ID), INBOUND)


def drops(cohort: Cohort, inbound: Path, work: Path, keep: Keep) -> Iterator[Whole | Problem]:
    """What trainees handed in through an exchange, the latest of each that is proven to be hers.

    Args:
        cohort: The class; its settings say whether owners are checked.
        inbound: The folder of drops: `<exchange>/<course>/inbound`.
        work: An existing folder of ours; what is collected stands in it for a while.
        keep: Puts an original aside, and gives its SHA-256.

    Yields:
        The latest drop of each trainee and goal, and a problem for each that is refused or older.
    """
    if sys.platform == "win32":
        yield Problem(str(inbound), "L’échange de nbgrader n’existe pas sous Windows : donnez les fichiers remis.")
        return
    if not inbound.is_dir():
        yield Problem(str(inbound), "Ce dossier des remises n’existe pas : rien n’a encore été remis par l’échange.")
        return
    told: dict[str, Problem] = {}
    counted: set[str] = set()
    config = _config(cohort)
    for goal in syllabus.load().goals:
        collector, log = _collector(config, inbound, goal, work)
        try:
            collector.init_src()
            collector.copy_files()
        except OSError as error:
            yield Problem(str(inbound), f"L’échange ne se laisse pas lire ({durable.cause(error)}).")
            return
        except Exception as error:  # nbgrader's own, which says no more than its log
            yield Problem(str(inbound), log.last or f"nbgrader ne lit pas cet échange ({type(error).__name__}).")
            return
        told |= {name: Problem(_place(inbound, name), why) for name, why in log.refused.items()}
        for record in collector.src_records:
            counted.add(record.folder)
            home = work / record.student / goal.assignment
            if legible(record.folder) not in log.refused and home.is_dir():
                proven = bool(collector.check_owner)
                yield _drop(home, goal, record, _place(inbound, record.folder), proven, log.notes(record.student), keep)
    yield from told.values()
    assignments = [goal.assignment for goal in syllabus.load().goals]
    for path in sorted(inbound.iterdir()):
        known = path.name in counted or legible(path.name) in told
        if not known and any(f"+{name}+" in path.name for name in assignments):
            yield Problem(_place(inbound, path.name), OLDER)


OLDER = "Une remise plus récente du même compte est là."


def _place(inbound: Path, name: str) -> str:
    return f"{inbound.name} › {legible(name)}"


def _config(cohort: Cohort) -> Any:  # noqa: ANN401 - traitlets' own
    from traitlets.config import Config  # noqa: PLC0415
    from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415

    if not (cohort.root / SETTINGS).is_file():
        return Config()
    return Config(PyFileConfigLoader(SETTINGS, path=str(cohort.root)).load_config())


def _collector(config: Any, inbound: Path, goal: Goal, work: Path) -> tuple[Any, _Log]:  # noqa: ANN401
    from nbgrader.auth import Authenticator  # noqa: PLC0415
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415
    from nbgrader.exchange import ExchangeFactory  # noqa: PLC0415

    from course.instructor.grading.collecting import StrictCollect  # noqa: PLC0415

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
    """What the collector says, sorted by the drop it says it of."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, str] = {}
        self.last = ""
        self._notes: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING:
            return
        self.last = record.getMessage()
        match record.msg.split("«")[0], record.args:
            case "Remise ", (name, why):
                self.refused[str(name)] = f"Refusée : {why}."
            case "Remise ", (name,):
                self.refused[str(name)] = "Ce n’est pas un nom de remise."
            case "%s : remise ", (_, name, why):
                self.refused[str(name)] = f"Elle ne se laisse pas recueillir : {why}."
            case _, (student, left):
                self._notes.append((str(student), str(left)))

    def notes(self, student: str) -> tuple[str, ...]:
        return tuple(left for name, left in self._notes if name == student)


def _drop(home: Path, goal: Goal, record: Any, place: str, proven: bool, notes: tuple[str, ...], keep: Keep) -> Whole:  # noqa: ANN401, PLR0913, PLR0917
    content: dict[str, bytes] = {}
    for name in (*names(goal), DATE):
        try:
            raw = read_bytes(home, *name.split("/"), limit=archive.MAX_FILE_BYTES)
        except Unreadable as error:
            notes = (*notes, f"{name} n’est pas repris : {error.reason.rstrip('.')}")
            continue
        if raw is not None:
            content[name] = raw
    original = bundle(content)
    key, who = hashlib.sha256(original).hexdigest(), _team(content)
    try:
        said = handin_of({name: raw for name, raw in content.items() if name not in (SECRET, DATE)}, "")
        key, who = hashlib.sha256(content[manifest.FILE]).hexdigest(), said.manifest.team
    except Unreadable:
        pass  # a hand-in of nbgrader's own button has no manifest
    date = moment(content.get(DATE, b"").decode("ascii", errors="replace")) or record.moment.replace(tzinfo=UTC)
    return Whole(
        place,
        Envelope(),
        goal,
        who,
        key,
        date.astimezone(UTC).replace(microsecond=0),
        keep(original, ".zip"),
        account=record.student,
        proven=proven,
        notes=notes,
    )


def _team(content: dict[str, bytes]) -> Team:
    try:
        return team.parse(content.get(team.FILE, b""))
    except Unreadable:
        return Team()
