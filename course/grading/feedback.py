"""Feedback: one French page a trainee, self-contained, built from marks, answers and comments only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2
from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from course.core import model_answers, syllabus
from course.core.completeness import POINTS
from course.core.model_answers import ModelAnswers, UnusableTableError
from course.core.model_answers_html import html
from course.grading.cells import canvas_of
from course.grading.fill import marked

QUALITY_POINTS = 14
PASS_TOTAL = 12
PASS_QUALITY = 7

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One canvas of a page.

    Attributes:
        id: `1.1` … `5.5`.
        title: The objective's.
        table: The trainee's answers as HTML, escaped.
        completeness: Its mark, 0 to `POINTS`.
        quality: The instructor's mark, 0 to `QUALITY_POINTS`; None until it is given.
        comment: The instructor's, as plain text.
        models: The model answers as HTML, escaped; empty unless the instructor wants them there.
    """

    id: str
    title: str
    table: str
    completeness: float
    quality: float | None
    comment: str
    models: str = ""

    @property
    def total(self) -> float:
        """Both marks together."""
        return self.completeness + (self.quality or 0)

    @property
    def passed(self) -> bool:
        """Whether the canvas is a pass: enough in all, and enough quality."""
        return self.quality is not None and self.total >= PASS_TOTAL and self.quality >= PASS_QUALITY


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one page says.

    Attributes:
        goal: The goal's number and title.
        trainee: Her name, or her identifier.
        submitted: When it was handed in, in words, or empty.
        canvases: In the order of the notebook.
        penalty: Points taken off for being late.
    """

    goal: tuple[str, str]
    trainee: str
    submitted: str
    canvases: tuple[Reviewed, ...]
    penalty: float

    @property
    def total(self) -> float:
        """All marks, less the penalty."""
        return sum(canvas.total for canvas in self.canvases) - self.penalty

    @property
    def maximum(self) -> float:
        """The most one could have."""
        return len(self.canvases) * (POINTS + QUALITY_POINTS)

    @property
    def waiting(self) -> int:
        """How many canvases have no quality mark yet."""
        return sum(canvas.quality is None for canvas in self.canvases)


class GatherFeedback(NbGraderPreprocessor):
    """Gathers what a page says: marks and comments as `GetGrades` put them, answers as they were staged."""

    model_answers = Bool(False, help="Joindre au retour les deux corrigés et le contre-exemple de chaque canevas.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Puts a `Feedback` into the resources, under `feedback`."""
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            submission = gradebook.find_submission(place["assignment"], place["student"])
            notebook = gradebook.find_submission_notebook(place["notebook"], place["assignment"], place["student"])
            given = {grade.name for grade in notebook.grades if grade.manual_score is not None}
            student = submission.student
            names = " ".join(filter(None, (student.first_name, student.last_name)))
            trainee, submitted = names or student.id, _in_words(submission.timestamp)
        goal = next(goal for goal in syllabus.load().goals if goal.assignment == place["assignment"])
        resources["feedback"] = Feedback(
            (goal.id, goal.title),
            trainee,
            submitted,
            _reviewed(nb, Path(resources["metadata"]["path"]), given, self._models()),
            place.get("late_penalty") or 0.0,
        )
        return nb, resources

    def _models(self) -> ModelAnswers | None:
        """What to add, when it is wanted; what cannot be added is told to the instructor, and not to the trainee."""
        if not self.model_answers:
            return None
        try:
            found = model_answers.load()
        except UnusableTableError as error:
            self.log.warning("%s", error)
            return None
        if found.absence:
            self.log.warning("%s", found.absence)
            return None
        return found


class FeedbackPage(Exporter):
    """Makes the page. Nothing else of the notebook is in it: no code, no mark scheme, no script, no outside address."""

    file_extension = ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **kw: object
    ) -> tuple[str, ResourcesDict]:
        """The page of a notebook that went through `GatherFeedback`."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return page(resources["feedback"]), resources


def page(feedback: Feedback) -> str:
    """The page as HTML; everything from people is escaped."""
    return _template().render(
        feedback=feedback,
        points=POINTS,
        quality_points=QUALITY_POINTS,
        pass_total=PASS_TOTAL,
        pass_quality=PASS_QUALITY,
    )


def _reviewed(nb: NotebookNode, folder: Path, given: set[str], models: ModelAnswers | None) -> tuple[Reviewed, ...]:
    completeness: dict[str, float] = {}
    quality: dict[str, NotebookNode] = {}
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        match canvas_of(marks.get("grade_id", "")):
            case "completude", objective:
                completeness[objective.id] = marks["score"]
            case "qualite", objective:
                quality[objective.id] = marks
    result = []
    for identifier, mark in completeness.items():
        objective = syllabus.load().objective(identifier)
        marks = quality.get(identifier, {})
        result.append(
            Reviewed(
                identifier,
                objective.title,
                marked(folder, objective).html,
                mark,
                marks["score"] if marks.get("grade_id") in given else None,
                (marks.get("comment") or "").strip(),
                html(objective, models) if models else "",
            )
        )
    return tuple(result)


def _in_words(moment: datetime | None) -> str:
    if moment is None:
        return ""
    day = "1er" if moment.day == 1 else str(moment.day)
    return f"{day} {_MONTHS[moment.month - 1]} {moment.year} à {moment.hour} h {moment.minute:02} (temps universel)"


def _mark(value: float) -> str:
    return f"{round(value, 2):g}".replace(".", ",")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["mark"] = _mark
    return environment.get_template("feedback.html.j2")
