"""Grading functions that nbgrader provides from the class's settings: registering an assignment, late penalties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import HasTraits
from traitlets.config import Config

from course.core.refusal import Refusal
from course.instructor.cohort import places
from course.instructor.cohort.places import COURSE_ID, Cohort
from course.instructor.grading.rows import Penalty


def register(cohort: Cohort, assignment: str, folder: Path) -> None:
    """Register an assignment in the gradebook, which does not come with the course as the published notebooks do.

    nbgrader's `generate_assignment` publishes the source again, into a separate folder: the notebooks published to
    trainees are not changed.

    Args:
        cohort: The class.
        assignment: `but-1` … `but-5`; its source is in `solutions/`.
        folder: A folder to create below `cohort/`.

    Raises:
        Refusal: The source cannot be published.
    """
    coursedir = CourseDirectory(config=places.settings(cohort))
    coursedir.root, coursedir.course_id, coursedir.db_url = str(cohort.root), COURSE_ID, cohort.database
    coursedir.assignment_id = assignment
    coursedir.release_directory = folder.relative_to(cohort.root).as_posix()
    try:
        GenerateAssignment(coursedir=coursedir, parent=coursedir).start()
    except NbGraderException as error:
        raise Refusal(f"« {assignment} » n’entre pas dans le carnet de notes : {error}") from error


def penalties(config: Config) -> Penalty:
    """Return the penalty function of the plug-in that nbgrader's settings name."""
    preprocessor = AssignLatePenalties(config=config)
    preprocessor.init_plugin()

    def penalty(student: str, score: float, seconds: float) -> float | None:
        points = preprocessor.plugin_inst.late_submission_penalty(student, score, seconds)
        if points is None:
            return None
        return float(preprocessor._check_late_penalty(SimpleNamespace(score=score), points))

    return penalty


@contextmanager
def temporary_traits(target: HasTraits, **values: object) -> Iterator[None]:
    """Set traits of an object temporarily, inside a `with`.

    nbgrader's own `temp_attrs` does not restore them after an error, and the formgrader keeps running after one.

    Args:
        target: The object, for example nbgrader's `CourseDirectory`.
        values: The traits and their temporary values.
    """
    before = {name: getattr(target, name) for name in values}
    try:
        for name, value in values.items():
            setattr(target, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(target, name, value)
