"""`nbgrader generate_feedback`: the page of `course feedback`, by nbgrader's own command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from course.core.model_answers import ModelAnswers, UnusableTableError, load
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.giveback import pages, records


class GatherFeedback(NbGraderPreprocessor):
    """Makes the page from the gradebook and the graded folder; the notebook that nbgrader opens says nothing in it."""

    model_answers = Bool(False, help="Joindre au retour les deux corrigés et le contre-exemple de chaque canevas.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Puts the page into the resources, under `feedback`."""
        about, folder = resources["nbgrader"], Path(resources["metadata"]["path"]).absolute()
        cohort = Cohort(folder.parents[3], about["db_url"])
        with opened(cohort) as connection:
            (record,) = records.read(connection, cohort, [about["student"]])
        work = next(work for work in record.works.values() if work.goal.assignment == about["assignment"])
        models = self._models()
        goal = pages.feedback(work, folder, pages.shown_models(models, [work.goal]) if models else {})
        resources["feedback"] = pages.page(record.trainee.name, [(goal, pages.section(goal))])
        return nb, resources

    def _models(self) -> ModelAnswers | None:
        """The model answers when they are wanted; why there are none is for the instructor, and not for the trainee."""
        if not self.model_answers:
            return None
        try:
            models = load()
        except UnusableTableError as error:
            self.log.warning("%s", error)
            return None
        if models.absence:
            self.log.warning("%s", models.absence)
            return None
        return models


class FeedbackPage(Exporter):
    """The page alone. Nothing else of the notebook is in it: no code, no mark scheme, no script, no outside address."""

    file_extension = ".html"

    def from_notebook_node(  # type: ignore[override] # a text, as nbconvert's own exporters of text give
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: object
    ) -> tuple[str, dict[str, Any]]:
        """The page of a notebook that went through `GatherFeedback`."""
        _, after = super().from_notebook_node(nb, resources, **kw)
        return str(after["feedback"]), after
