"""The pages that go back to trainees: French, whole in one file, and with nothing of anybody else; and their zips."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cache
from pathlib import Path

from markupsafe import Markup

from course.core import files, rubric, syllabus, team, zips
from course.core.comparison import html
from course.core.model_answers import ModelAnswers
from course.core.names import ascii_name, safe
from course.core.refusal import Unreadable
from course.core.rubric import LEVELS, Level
from course.core.syllabus import Goal, Objective
from course.core.words import moment, points
from course.instructor import output
from course.instructor.cohort.copies import marked_canvas
from course.instructor.cohort.marks import Change, Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import DATE, MAX_SECRET_BYTES, SECRET
from course.instructor.cohort.roster import Trainee
from course.instructor.giveback.records import Record, State, Work, state_of

WHOLE = "retour.html"
ZIP = "retours"
_TEMPLATES = "giveback/templates"
_STYLE = Path(__file__).with_name("templates") / "feedback.css"
_MAX_BYTES = max(MAX_SECRET_BYTES, 1024)
_LONGEST = 40  # letters of a name in another script, three or four bytes each


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a canvas's quality: what is looked at, the level in words, the points and the most there could be."""

    title: str
    level: str
    points: float
    maximum: int


@dataclass(frozen=True, slots=True)
class Canvas:
    """One canvas of a page.

    Attributes:
        objective: Its objective.
        mark: Its mark; of a quality that is only begun, nothing is shown.
        answers: The trainee's answers as a table.
        criteria: The levels behind the quality; none when it was given as a mark alone.
        models: The model answers; empty unless the instructor wants them there.
        state: Where its marking stands.
        history: How its mark came and changed, a French sentence each; none for a mark that never changed, or that
            does not count.
    """

    objective: Objective
    mark: Mark
    answers: Markup
    criteria: tuple[Criterion, ...]
    models: Markup
    state: State
    history: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether both parts of its mark are there, and of the words that are handed in now."""
        return self.state is State.MARKED

    @property
    def reread(self) -> bool:
        """Whether it is to be read again."""
        return self.state is State.REREAD


@dataclass(frozen=True, slots=True)
class GoalFeedback:
    """What a page says of one goal.

    Attributes:
        work: The goal and its marks.
        submitted: When it was handed in, in French; empty when that is not known.
        group: The group's name, « un groupe » for one that has none; empty for work done alone.
        canvases: In the order of the notebook.
    """

    work: Work
    submitted: str
    group: str
    canvases: tuple[Canvas, ...]


@dataclass(slots=True)
class Written:
    """What a run wrote.

    Attributes:
        pages: By assignment, each trainee's page on it.
        wholes: Each trainee's page on all goals.
        changed: How many pages are new or changed.
        waiting: By assignment, how many copies have a canvas that waits.
        reachable: By assignment, how many copies nbgrader's exchange can give back.
    """

    pages: dict[str, list[tuple[Trainee, Path]]]
    wholes: list[tuple[Trainee, Path]] = field(default_factory=list)
    changed: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    reachable: dict[str, int] = field(default_factory=dict)


def shown_models(models: ModelAnswers, goals: Iterable[Goal]) -> dict[str, Markup]:
    """The model answers of goals as HTML, by objective: the same for all trainees."""
    # Their headings stand two levels deeper here than where one grades.
    return {each.id: Markup(html(each, models).replace("h3>", "h5>")) for goal in goals for each in goal.objectives}


def feedback(work: Work, folder: Path, models: Mapping[str, Markup]) -> GoalFeedback:
    """What goes back of one trainee's work for one goal.

    Args:
        work: Its marks.
        folder: Its graded folder.
        models: The model answers to add, as `shown_models` gives them; empty for none.
    """
    submitted = moment(work.at.replace(tzinfo=UTC), zone=True) if work.at else ""
    canvases = tuple(_canvas(work, mark, folder, models) for mark in work.marks)
    return GoalFeedback(work, submitted, _group(folder), canvases)


def section(goal: GoalFeedback) -> Markup:
    """What a page says of one goal, as HTML."""
    return output.fragment(f"{_TEMPLATES}/goal.html.j2", {"goal": goal})


def page(trainee: str, goals: Iterable[tuple[GoalFeedback, Markup]], *, whole: bool = False) -> str:
    """A page as HTML: on one goal, or on all that were graded.

    Args:
        trainee: The trainee's name.
        goals: What is said of each, and its section.
        whole: Whether it is the page on all of them, with a summary.
    """
    values = {"trainee": trainee, "goals": tuple(goals), "whole": whole}
    return output.page(f"{_TEMPLATES}/page.html.j2", values, _STYLE)


def write(cohort: Cohort, records: Iterable[Record], goals: tuple[Goal, ...], models: Mapping[str, Markup]) -> Written:
    """Writes each trainee's pages where nbgrader looks for them; one that is there already stays untouched.

    Args:
        cohort: The class.
        records: What the trainees got.
        goals: The goals whose pages are wanted; the page on all goals comes with them.
        models: The model answers to add, as `shown_models` gives them; the page on all goals has none.

    Raises:
        Refusal: A page cannot be written; those before it are there.
    """
    written = Written({goal.assignment: [] for goal in goals})
    for record in records:
        try:
            _write_one(cohort, record, goals, models, written)
        except OSError as error:
            raise output.not_written(cohort.feedback / record.trainee.id, error) from error
    return written


def bundle(path: Path, pages: Iterable[tuple[Trainee, Path]], ending: str) -> None:
    """Puts pages into one zip, a file a trainee, under names that any system takes.

    Args:
        path: The zip.
        pages: The trainees and their pages.
        ending: What follows a trainee's name in the name of the file: « but-1 ».

    Raises:
        Refusal: It cannot be written; an older one is as it was.
    """
    stream = io.BytesIO()
    try:
        with zips.writing(stream) as archive:
            for name, source in _named(pages, ending):
                archive.add(name, source.read_bytes())
    except OSError as error:  # a page that was written just now is gone
        raise output.not_written(path, error) from error
    output.write(path, stream.getvalue())


def _canvas(work: Work, mark: Mark, folder: Path, models: Mapping[str, Markup]) -> Canvas:
    objective, state = syllabus.load().objective(mark.objective), state_of(mark)
    answers, model = Markup(marked_canvas(folder, objective).html), models.get(objective.id, Markup())
    if state is not State.MARKED:
        return Canvas(objective, mark, answers, (), model, state)
    changes = work.changes.get(objective.id, ())
    history = tuple(map(_changed, changes)) if len(changes) > 1 else ()
    return Canvas(objective, mark, answers, _criteria(mark.levels), model, state, history)


def _changed(change: Change) -> str:
    """A change of a mark: « De 9 à 7,5 sur 14, le 22/11/2026 à 10 h 05, par Dr Zongo. »."""
    before, after = (None if value is None else points(value) for value in (change.before, change.after))
    if after is None:
        deed = f"Note de {before} retirée"
    elif before is None:
        deed = f"{after} sur {rubric.QUALITY_POINTS}"
    elif before == after:
        deed = f"{after} sur {rubric.QUALITY_POINTS}, gardée après une nouvelle remise"
    else:
        deed = f"De {before} à {after} sur {rubric.QUALITY_POINTS}"
    if change.at is None:
        return f"{deed}, hors de la table de correction."
    who = f", par {change.reviewer}" if change.reviewer else ""
    return f"{deed}, le {moment(change.at.replace(tzinfo=UTC))}{who}."


@cache
def _criteria(levels: tuple[Level, ...]) -> tuple[Criterion, ...]:
    if None in levels:
        return ()
    return tuple(
        Criterion(each.title, f"{LEVELS[level]} : {each.levels[level]}", float(each.worth(level)), each.points)
        for each, level in zip(rubric.load(), levels, strict=True)
        if level is not None
    )


def _group(folder: Path) -> str:
    try:
        who = team.read(folder)
    except Unreadable:
        return ""
    return (who.group or "un groupe") if len(who.members) > 1 else ""


def _write_one(
    cohort: Cohort, record: Record, goals: tuple[Goal, ...], models: Mapping[str, Markup], written: Written
) -> None:
    name, sections = record.trainee.name, list[tuple[GoalFeedback, Markup]]()
    for work in record.works.values():
        assignment = work.goal.assignment
        folder = cohort.autograded / record.trainee.id / assignment
        if not folder.is_dir():
            continue
        plain = feedback(work, folder, {})
        sections.append((plain, section(plain)))
        if work.goal not in goals:
            continue
        shown = section(_with_models(plain, models)) if models else sections[-1][1]
        place = cohort.feedback / record.trainee.id / assignment
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{assignment}.html"
        written.changed += _put(path, page(name, [(plain, shown)]))
        written.pages[assignment].append((record.trainee, path))
        written.waiting[assignment] = written.waiting.get(assignment, 0) + bool(work.waiting)
        _copied(folder, place, DATE)
        reachable = _copied(folder, place, SECRET)
        written.reachable[assignment] = written.reachable.get(assignment, 0) + reachable
    if sections:
        path = cohort.feedback / record.trainee.id / WHOLE
        path.parent.mkdir(parents=True, exist_ok=True)
        written.changed += _put(path, page(name, sections, whole=True))
        written.wholes.append((record.trainee, path))


def _with_models(goal: GoalFeedback, models: Mapping[str, Markup]) -> GoalFeedback:
    canvases = (replace(canvas, models=models.get(canvas.objective.id, Markup())) for canvas in goal.canvases)
    return replace(goal, canvases=tuple(canvases))


def _put(path: Path, text: str) -> bool:
    """Writes a page unless it is there already; whether it was written."""
    raw = text.encode()
    with suppress(OSError):
        if path.read_bytes() == raw:
            return False
    # One command makes it again: it need not outlive a power cut, and synchronising thousands of files takes minutes.
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(raw)
    if path.exists():
        path.chmod(0o644)  # nbgrader's own pages cannot be replaced on Windows otherwise
    files.replace(temporary, path)
    return True


def _copied(source: Path, target: Path, name: str) -> bool:
    """Copies what nbgrader's exchange needs beside a page; whether there is such a file."""
    try:
        raw = files.read_bytes(source, name, limit=_MAX_BYTES)
    except Unreadable:
        raw = None
    path = target / name
    if raw is None:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != raw:
        path.unlink(missing_ok=True)
        path.write_bytes(raw)
    return raw is not None


def _named(pages: Iterable[tuple[Trainee, Path]], ending: str) -> Iterator[tuple[str, Path]]:
    taken: set[str] = set()
    for trainee, path in pages:
        stem = _stem(trainee)
        names = [stem, f"{stem}-{safe(trainee.id)}"]
        number = 1
        while (name := f"{names[0]}_{ending}.html").casefold() in taken:
            number += 1
            names = [*names[1:], f"{stem}-{number}"]
        taken.add(name.casefold())
        yield name, path


def _stem(trainee: Trainee) -> str:
    """A trainee's name in ASCII, or in its own letters where ASCII has none for them: a zip can hold those too."""
    own = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", trainee.name)).strip("-")[:_LONGEST]
    return ascii_name(trainee.name) or own or safe(trainee.name)
