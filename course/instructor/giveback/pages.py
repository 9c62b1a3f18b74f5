"""The feedback pages for trainees, self-contained and without data of other trainees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cache
from pathlib import Path

from markupsafe import Markup

from course.core import files, rubric, syllabus, team
from course.core.comparison import html
from course.core.model_answers import ModelAnswers
from course.core.refusal import Unreadable
from course.core.rubric import LEVELS, Level
from course.core.syllabus import Goal, Objective
from course.core.words import moment, points, typeset
from course.instructor import output
from course.instructor.cohort.copies import marked_canvas
from course.instructor.cohort.marks import Change, Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import DATE, MAX_SECRET_BYTES, SECRET
from course.instructor.cohort.roster import Trainee
from course.instructor.giveback import report_card
from course.instructor.giveback.records import MarkingState, Record, Work, state_of
from course.instructor.giveback.returns import Returns

WHOLE, CARD = "retour.html", "feuille.html"
CARDS = "feuilles.html"
"""The page with the sheets of a class, to print, in its folder of reports."""
_TEMPLATES = "giveback/templates"
STYLE = Path(__file__).with_name("templates") / "feedback.css"
_MAX_BYTES = max(MAX_SECRET_BYTES, 1024)


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """One criterion of a canvas's quality: its title, the level in words, the points and the maximum points."""

    title: str
    level: str
    points: float
    maximum: int


@dataclass(frozen=True, slots=True)
class CanvasFeedback:
    """A canvas on a page.

    Attributes:
        objective: Its objective.
        mark: Its mark; an incomplete quality mark is not shown.
        answers: The trainee's answers as a table.
        criteria: The levels behind the quality mark; none when it was given without levels.
        models: The model answers; empty unless requested by the instructor.
        state: The state of its marking.
        history: A French sentence for each change of its mark; none for a mark that never changed or does not count.
    """

    objective: Objective
    mark: Mark
    answers: Markup
    criteria: tuple[CriterionFeedback, ...]
    models: Markup
    state: MarkingState
    history: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """True when its mark is complete and for the current answers."""
        return self.state is MarkingState.MARKED

    @property
    def reread(self) -> bool:
        """True when it must be reviewed again."""
        return self.state is MarkingState.REREAD


@dataclass(frozen=True, slots=True)
class GoalFeedback:
    """The feedback on one goal.

    Attributes:
        work: The goal and its marks.
        submitted: The date of the hand-in, in French; empty when unknown.
        corrected: The date of the last mark, in French; empty when nothing is marked.
        group: The group's name, « un groupe » for one that has none; empty for work done alone.
        canvases: In the order of the notebook.
    """

    work: Work
    submitted: str
    corrected: str
    group: str
    canvases: tuple[CanvasFeedback, ...]


@dataclass(slots=True)
class WrittenPages:
    """Result of `write`.

    Attributes:
        pages: By assignment, each trainee's page on it.
        wholes: Each trainee's page on all goals.
        cards: The sheet of each trainee, as HTML.
        changed: The trainees with a new or changed page.
        waiting: By assignment, the number of copies with a canvas that waits for its mark.
        reachable: By assignment, the number of copies that nbgrader's exchange can return.
    """

    pages: dict[str, list[tuple[Trainee, Path]]]
    wholes: list[tuple[Trainee, Path]] = field(default_factory=list)
    cards: list[Markup] = field(default_factory=list)
    changed: list[Trainee] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)
    reachable: Counter[str] = field(default_factory=Counter)


def shown_models(models: ModelAnswers, goals: Iterable[Goal]) -> dict[str, Markup]:
    """Return the model answers of goals as HTML, by objective."""
    # The headings are two levels deeper here than in the graded notebook.
    objectives = (objective for goal in goals for objective in goal.objectives)
    return {objective.id: Markup(html(objective, models).replace("h3>", "h5>")) for objective in objectives}


def feedback(work: Work, folder: Path, models: Mapping[str, Markup]) -> GoalFeedback:
    """Return the feedback on one trainee's work for one goal.

    Args:
        work: The marks.
        folder: Its graded folder.
        models: The model answers to add, from `shown_models`; empty for none.
    """
    submitted = moment(work.at.replace(tzinfo=UTC), zone=True) if work.at else ""
    canvases = tuple(_canvas(work, mark, folder, models) for mark in work.marks)
    return GoalFeedback(work, submitted, report_card.corrected(work), _group(folder), canvases)


def section(goal: GoalFeedback) -> Markup:
    """Return the feedback on one goal as HTML."""
    return output.fragment(f"{_TEMPLATES}/goal.html.j2", {"goal": goal})


def page(trainee: str, goals: Iterable[tuple[GoalFeedback, Markup]], card: Markup | None = None) -> str:
    """Return a page as HTML: on one goal, or on all graded goals.

    Args:
        trainee: The trainee's name.
        goals: The feedback on each goal, and its section as HTML.
        card: The trainee's sheet, in front of the page on all goals.
    """
    values = {"trainee": trainee, "goals": tuple(goals), "card": card}
    return output.page(f"{_TEMPLATES}/page.html.j2", values, STYLE)


def cards(title: str, sections: Iterable[Markup]) -> str:
    """Return a page of sheets as HTML, each of which begins a sheet of paper.

    Args:
        title: Its title.
        sections: The sheets as HTML.
    """
    return output.page(f"{_TEMPLATES}/cards.html.j2", {"title": title, "cards": tuple(sections)}, STYLE)


def write(
    cohort: Cohort,
    records: Iterable[Record],
    goals: tuple[Goal, ...],
    models: Mapping[str, Markup],
    returns: Returns,
) -> WrittenPages:
    """Write each trainee's pages where nbgrader expects them; unchanged pages are not written again.

    Args:
        cohort: The class.
        records: The trainees' records.
        goals: The goals whose pages are written; the page on all goals is written with them.
        models: The model answers to add, from `shown_models`; the page on all goals has none.
        returns: What was given back before, and now.

    Raises:
        Refusal: A page cannot be written; those before it are written.
    """
    written = WrittenPages({goal.assignment: [] for goal in goals})
    for record in records:
        try:
            _write_one(cohort, record, goals, models, returns, written)
        except OSError as error:
            raise output.not_written(cohort.feedback / record.trainee.id, error) from error
    return written


def _canvas(work: Work, mark: Mark, folder: Path, models: Mapping[str, Markup]) -> CanvasFeedback:
    objective, state = syllabus.load().objective(mark.objective), state_of(mark)
    answers, model = Markup(marked_canvas(folder, objective).html), models.get(objective.id, Markup())
    if state is not MarkingState.MARKED:
        return CanvasFeedback(objective, mark, answers, (), model, state)
    changes = work.changes.get(objective.id, ())
    history = tuple(map(_change_sentence, changes)) if len(changes) > 1 else ()
    return CanvasFeedback(objective, mark, answers, _criteria(mark.levels), model, state, history)


def _change_sentence(change: Change) -> str:
    """Describe a change of a mark: « De 9 à 7,5 sur 14, le 22/11/2026 à 10 h 05, par Dr Zongo. »."""
    before, after = (None if value is None else points(value) for value in (change.before, change.after))
    if after is None:
        text = f"Note de {before} retirée"
    elif before is None:
        text = f"{after} sur {rubric.QUALITY_POINTS}"
    elif before == after:
        text = f"{after} sur {rubric.QUALITY_POINTS}, gardée après une nouvelle remise"
    else:
        text = f"De {before} à {after} sur {rubric.QUALITY_POINTS}"
    if change.at is None:
        return f"{text}, hors de la table de correction."
    author = f", par {change.reviewer}" if change.reviewer else ""
    return f"{text}, le {moment(change.at.replace(tzinfo=UTC))}{author}."


@cache
def _criteria(levels: tuple[Level, ...]) -> tuple[CriterionFeedback, ...]:
    if None in levels:
        return ()
    return tuple(
        CriterionFeedback(
            criterion.title,
            f"{LEVELS[level]} : {typeset(criterion.levels[level])}",
            float(criterion.worth(level)),
            criterion.points,
        )
        for criterion, level in zip(rubric.load(), levels, strict=True)
        if level is not None
    )


def _group(folder: Path) -> str:
    try:
        copy_team = team.read(folder)
    except Unreadable:
        return ""
    return (copy_team.group or "un groupe") if len(copy_team.members) > 1 else ""


def _write_one(  # noqa: PLR0913, PLR0917
    cohort: Cohort,
    record: Record,
    goals: tuple[Goal, ...],
    models: Mapping[str, Markup],
    returns: Returns,
    written: WrittenPages,
) -> None:
    changed = False
    name, sections = record.trainee.name, list[tuple[GoalFeedback, Markup]]()
    for work in record.works.values():
        assignment = work.goal.assignment
        folder = cohort.autograded / record.trainee.id / assignment
        if not folder.is_dir():
            continue
        without_models = feedback(work, folder, {})
        sections.append((without_models, section(without_models)))
        if work.goal not in goals:
            continue
        shown = section(_with_models(without_models, models)) if models else sections[-1][1]
        target = cohort.feedback / record.trainee.id / assignment
        target.mkdir(parents=True, exist_ok=True)
        path = target / f"{assignment}.html"
        changed |= _write_if_changed(path, page(name, [(without_models, shown)]))
        written.pages[assignment].append((record.trainee, path))
        written.waiting[assignment] += bool(work.waiting)
        _copy(folder, target, DATE)
        written.reachable[assignment] += _copy(folder, target, SECRET)
    if sections:
        path = cohort.feedback / record.trainee.id / WHOLE
        path.parent.mkdir(parents=True, exist_ok=True)
        card = report_card.section(report_card.card(record, returns))
        changed |= _write_if_changed(path, page(name, sections, card))
        changed |= _write_if_changed(path.with_name(CARD), cards(f"Mes retours – {name}", [card]))
        written.wholes.append((record.trainee, path))
        written.cards.append(card)
    if changed:
        written.changed.append(record.trainee)


def _with_models(goal: GoalFeedback, models: Mapping[str, Markup]) -> GoalFeedback:
    canvases = (replace(canvas, models=models.get(canvas.objective.id, Markup())) for canvas in goal.canvases)
    return replace(goal, canvases=tuple(canvases))


def _write_if_changed(path: Path, text: str) -> bool:
    """Write a page unless the file already has this content; return whether it was written."""
    raw = text.encode()
    with suppress(OSError):
        if path.read_bytes() == raw:
            return False
    # Pages can be written again, so they need not survive a power cut: synchronising thousands of files takes minutes.
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(raw)
    if path.exists():
        path.chmod(0o644)  # otherwise nbgrader's read-only pages cannot be replaced on Windows
    files.replace(temporary, path)
    return True


def _copy(source: Path, target: Path, name: str) -> bool:
    """Copy a file that nbgrader's exchange needs beside a page; return whether it exists."""
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
