"""What grading takes from nbgrader, by the class's settings: entering an assignment, and penalties for being late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
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


def register(cohort: Cohort, assignment: str, place: Path) -> None:
    """Enters an assignment in the gradebook: that does not come with the course, the published notebooks do.

    nbgrader's `generate_assignment` publishes the source once more, in a folder of its own: what trainees were given
    stays as it is.

    Args:
        cohort: The class.
        assignment: `but-1` … `but-5`; its source is in `solutions/`.
        place: A folder to be made below `cohort/`.

    Raises:
        Refusal: The source cannot be published.
    """
    coursedir = CourseDirectory(config=places.settings(cohort))
    coursedir.root, coursedir.course_id, coursedir.db_url = str(cohort.root), COURSE_ID, cohort.database
    coursedir.assignment_id = assignment
    coursedir.release_directory = str(PurePosixPath(place.relative_to(cohort.root).as_posix()))
    try:
        GenerateAssignment(coursedir=coursedir, parent=coursedir).start()
    except NbGraderException as error:
        raise Refusal(f"« {assignment} » n’entre pas dans le carnet de notes : {error}") from error


def penalties(config: Config) -> Penalty:
    """What is taken off for being late, by the plug-in that nbgrader's settings name."""
    step = AssignLatePenalties(config=config)
    step.init_plugin()

    def penalty(student: str, score: float, seconds: float) -> float | None:
        taken = step.plugin_inst.late_submission_penalty(student, score, seconds)
        return None if taken is None else float(step._check_late_penalty(SimpleNamespace(score=score), taken))

    return penalty


@contextmanager
def changed(target: HasTraits, **values: object) -> Iterator[None]:
    """Gives traits of an object other values inside a `with`.

    nbgrader's own `temp_attrs` does not put them back after an error, and the formgrader lives on after one.

    Args:
        target: The object, for example nbgrader's `CourseDirectory`.
        values: The traits and their values for a while.
    """
    before = {name: getattr(target, name) for name in values}
    try:
        for name, value in values.items():
            setattr(target, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(target, name, value)
