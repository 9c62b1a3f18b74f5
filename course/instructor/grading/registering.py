"""Entering an assignment in a new gradebook: it does not come with the course, the published notebooks do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath

from nbgrader import api as gradebooks
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, Configurable
from traitlets.config.loader import PyFileConfigLoader

from course.instructor.cohort.places import COURSE_ID, SETTINGS, Cohort
from course.instructor.grading.settings import changed


def register(coursedir: CourseDirectory, assignment: str, place: Path, parent: Configurable | None = None) -> None:
    """Runs `generate_assignment` on the source notebooks, and leaves those that were published as they are.

    Args:
        coursedir: nbgrader's.
        assignment: `but-1` … `but-5`; its source is in the folder of sources.
        place: A folder to be made below the one of the submissions' folder.
        parent: Where nbgrader's settings come from; those of `coursedir` by default.

    Raises:
        NbGraderException: The source cannot be published.
    """
    values = {"assignment_id": assignment, "notebook_id": "*", "release_directory": step(coursedir, place)}
    with changed(coursedir, **values), one_engine():
        GenerateAssignment(coursedir=coursedir, parent=parent or coursedir).start()


def step(coursedir: CourseDirectory, folder: Path) -> str:
    """A folder below the one of the submissions' folder, as nbgrader names its folders: from the course's root."""
    beside = Path(coursedir.root, coursedir.submitted_directory).parent
    return str(PurePosixPath(coursedir.submitted_directory).parent / folder.relative_to(beside).as_posix())


def coursedir_of(cohort: Cohort) -> CourseDirectory:
    """The folders of a class as nbgrader sees them, by its settings in `nbgrader_config.py`."""
    config = settings_of(cohort)
    coursedir = CourseDirectory(config=config)
    coursedir.root, coursedir.course_id, coursedir.db_url = str(cohort.root), COURSE_ID, cohort.database
    return coursedir


def settings_of(cohort: Cohort) -> Config:
    """What `nbgrader_config.py` sets. Reading it seals this process, which imports all of nbgrader."""
    return Config(PyFileConfigLoader(SETTINGS, path=str(cohort.root)).load_config())


@contextmanager
def one_engine() -> Iterator[None]:
    """One database engine for all gradebooks opened in it: nbgrader makes nine a copy, each compiling all SQL anew."""
    make = gradebooks.create_engine
    gradebooks.create_engine = cache(make)
    try:
        yield
    finally:
        gradebooks.create_engine = make
