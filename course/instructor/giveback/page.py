"""The page that goes back to one trainee: French, self-contained, and with nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from course.core import rubric, syllabus, team
from course.core.completeness import POINTS
from course.core.handin.receipt import in_words
from course.core.model_answers import ModelAnswers
from course.core.model_answers_html import html
from course.core.refusal import Unreadable
from course.core.rubric import LEVELS, PASS_QUALITY, PASS_TOTAL, QUALITY_POINTS, TOTAL_POINTS, Level
from course.core.syllabus import Goal
from course.core.words import points
from course.instructor.cohort.marks import Mark
from course.instructor.giveback.records import Work, noted
from course.instructor.grading.fill import marked


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a canvas's quality: what is looked at, the level in words, the points and the most there could be."""

    title: str
    level: str
    points: float
    maximum: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One canvas of a page.

    Attributes:
        id: `1.1` … `5.5`.
        title: The objective's.
        table: The trainee's answers as HTML, escaped.
        completeness: Its mark, 0 to `POINTS`; None when it was not graded.
        quality: The instructor's mark, 0 to `QUALITY_POINTS`; None until all of it is given.
        comment: The instructor's, as plain text.
        criteria: The levels behind the quality; none when it was given as a mark alone.
        models: The model answers as HTML, escaped; empty unless the instructor wants them there.
    """

    id: str
    title: str
    table: str
    completeness: float | None
    quality: float | None
    comment: str
    criteria: tuple[Criterion, ...] = ()
    models: str = ""

    @property
    def total(self) -> float | None:
        """Both marks together; None while one of them waits."""
        return None if self.completeness is None or self.quality is None else self.completeness + self.quality

    @property
    def passed(self) -> bool:
        """Whether the canvas is a pass: enough in all, and enough quality."""
        return rubric.passed(self.completeness, self.quality)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a page says of one goal.

    Attributes:
        goal: The goal's number and title.
        submitted: When it was handed in, in words, or empty.
        canvases: In the order of the notebook.
        penalty: Points taken off for being late.
        group: The group's name, « un groupe » for one that has none, or empty for work done alone.
    """

    goal: tuple[str, str]
    submitted: str
    canvases: tuple[Reviewed, ...]
    penalty: float = 0.0
    group: str = ""

    @property
    def noted(self) -> tuple[Reviewed, ...]:
        """The canvases that have both marks: the others count for nothing yet, neither for nor against."""
        return tuple(canvas for canvas in self.canvases if canvas.total is not None)

    @property
    def total(self) -> float:
        """The marks of those, less the penalty."""
        return max(0.0, sum(canvas.total or 0.0 for canvas in self.noted) - self.penalty)

    @property
    def maximum(self) -> int:
        """The most one could have for those."""
        return len(self.noted) * TOTAL_POINTS

    @property
    def waiting(self) -> int:
        """How many canvases have not both marks yet."""
        return len(self.canvases) - len(self.noted)

    @property
    def passed(self) -> int:
        """How many canvases are a pass."""
        return sum(canvas.passed for canvas in self.noted)


def shown_models(found: ModelAnswers, goals: Iterable[Goal]) -> dict[str, str]:
    """The model answers of goals as HTML, by objective: the same for all trainees."""
    # Their headings stand two levels deeper here than where one grades.
    return {each.id: html(each, found).replace("h3>", "h5>") for goal in goals for each in goal.objectives}


def feedback(work: Work, folder: Path, models: Mapping[str, str]) -> Feedback:
    """What goes back of one trainee's work for one goal.

    Args:
        work: Her marks.
        folder: Her graded folder.
        models: The model answers to add, as `shown_models` gives them; empty for none.
    """
    said = in_words(work.at) if work.at else ""
    canvases = tuple(_reviewed(mark, folder, models) for mark in work.marks)
    return Feedback((work.goal.id, work.goal.title), said, canvases, work.penalty, _group(folder))


def without_models(said: Feedback) -> Feedback:
    """The same without model answers."""
    return replace(said, canvases=tuple(replace(canvas, models="") for canvas in said.canvases))


def section(said: Feedback) -> Markup:
    """What a page says of one goal, as HTML; everything from people is escaped."""
    return Markup(_template("goal.html.j2").render(said=said))


def page(trainee: str, goals: Iterable[tuple[Feedback, Markup]], *, whole: bool = False) -> str:
    """A page as HTML: on one goal, or on all that were graded.

    Args:
        trainee: Her name.
        goals: What is said of each, and its section.
        whole: Whether it is the page on all of them, with its summary, be there one or more.
    """
    return _template("page.html.j2").render(trainee=trainee, goals=tuple(goals), all=whole)


def _reviewed(mark: Mark, folder: Path, models: Mapping[str, str]) -> Reviewed:
    objective = syllabus.load().objective(mark.objective)
    done = noted(mark)  # what a reviewer has only begun is hers
    return Reviewed(
        objective.id,
        objective.title,
        marked(folder, objective).html,
        mark.completeness,
        mark.quality if done else None,
        mark.comment.strip() if done else "",
        _criteria(mark.levels) if done else (),
        models.get(objective.id, ""),
    )


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


def _mark(value: float) -> str:
    return points(round(value, 2))


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["mark"] = _mark
    environment.globals.update(
        points=POINTS,
        quality_points=QUALITY_POINTS,
        total_points=TOTAL_POINTS,
        pass_total=PASS_TOTAL,
        pass_quality=PASS_QUALITY,
    )
    return environment.get_template(name)
