"""`nbgrader generate_feedback`: the page of `course feedback`, by nbgrader's own command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from course.core.model_answers import ModelAnswers, UnusableTableError, load
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.giveback import page, records


@dataclass(frozen=True, slots=True)
class _There(Cohort):
    """A class whose gradebook is where nbgrader says, whatever its settings are."""

    address: str = ""

    @property
    def database(self) -> str:
        return self.address


class GatherFeedback(NbGraderPreprocessor):
    """Makes the page from the gradebook and the graded folder; the notebook that nbgrader opens says nothing in it."""

    model_answers = Bool(False, help="Joindre au retour les deux corrigés et le contre-exemple de chaque canevas.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Puts the page into the resources, under `feedback`."""
        place, folder = resources["nbgrader"], Path(resources["metadata"]["path"]).absolute()
        cohort = _There(folder.parents[3], place["db_url"])
        with opened(cohort) as connection:
            (record,) = records.read(connection, cohort, [place["student"]])
        work = next(each for each in record.works.values() if each.goal.assignment == place["assignment"])
        models = self._models()
        said = page.feedback(work, folder, page.shown_models(models, [work.goal]) if models else {})
        resources["feedback"] = page.page(record.trainee.name, [(said, page.section(said))])
        return nb, resources

    def _models(self) -> ModelAnswers | None:
        """What to add, when it is wanted; what cannot be added is told to the instructor, and not to the trainee."""
        if not self.model_answers:
            return None
        try:
            found = load()
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
        return resources["feedback"], resources
