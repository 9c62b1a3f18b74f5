"""`nbgrader generate_feedback`: nbgrader's own command writes the page of `course feedback`."""

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
    """Makes the page from the gradebook and the graded folder, ignoring the notebook that nbgrader opens."""

    model_answers = Bool(False, help="Joindre au retour les deux corrigés et le contre-exemple de chaque canevas.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Add the page to the resources, under `feedback`."""
        submission, folder = resources["nbgrader"], Path(resources["metadata"]["path"]).absolute()
        cohort = Cohort(folder.parents[3], submission["db_url"])
        with opened(cohort) as connection:
            (record,) = records.read(connection, cohort, [submission["student"]])
        work = next(work for work in record.works.values() if work.goal.assignment == submission["assignment"])
        models = self._models()
        goal = pages.feedback(work, folder, pages.shown_models(models, [work.goal]) if models else {})
        resources["feedback"] = pages.page(record.trainee.name, [(goal, pages.section(goal))])
        return nb, resources

    def _models(self) -> ModelAnswers | None:
        """Return the model answers if requested; the log tells the instructor why they are missing."""
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
    """Exports only the page: no code, mark scheme, script or outside address of the notebook."""

    file_extension = ".html"

    def from_notebook_node(  # type: ignore[override] # returns text, as nbconvert's own text exporters do
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: object
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of a notebook preprocessed by `GatherFeedback`."""
        _, after = super().from_notebook_node(nb, resources, **kw)
        return str(after["feedback"]), after
