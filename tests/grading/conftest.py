"""The courses that the grading tests use."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from coursework import REPOSITORY, Course, source_notebook
from promotion import gradebook

from course.core import syllabus
from course.instructor.cohort.places import Cohort


@pytest.fixture(scope="session", autouse=True)
def environment():
    """nbgrader finds alembic and its kernels, and children find the course, as in an activated environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH")))))
        for name in ("COURSE_EXCHANGE", "COURSE_GRADEBOOK"):
            patch.delenv(name, raising=False)
        yield


def new(root):
    """Makes a course that has nothing yet but a gradebook."""
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "cohort").mkdir()
    (root / "cohort" / "gradebook.db").write_bytes(gradebook())


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The course as a fresh clone has it, with the gradebook that `generate_assignment` makes."""
    root = tmp_path_factory.mktemp("published")
    new(root)
    (root / "solutions" / "but-1").mkdir(parents=True)
    nbformat.write(source_notebook(), root / "solutions" / "but-1" / "but-1.ipynb")
    result = Course(root).api.generate_assignment("but-1")
    assert result["success"], result
    return root


@pytest.fixture(scope="session")
def new_course(published, tmp_path_factory):
    """Makes courses that nobody has handed anything in to."""

    def make():
        return Course(Path(shutil.copytree(published, tmp_path_factory.mktemp("course") / "course")))

    return make


@pytest.fixture
def course(new_course):
    return new_course()


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """The real course, its five assignments in a new gradebook, and nobody's copies."""
    root = tmp_path_factory.mktemp("whole")
    new(root)
    from course.instructor.grading.settings import register  # noqa: PLC0415 - all of nbgrader

    for goal in syllabus.load().goals:
        for folder in ("solutions", "exercises"):
            place = Path(folder, goal.assignment)
            shutil.copytree(REPOSITORY / place, root / place, ignore=shutil.ignore_patterns("reponses", ".ipynb_*"))
        with tempfile.TemporaryDirectory(dir=root / "cohort") as place:
            register(Cohort(root), goal.assignment, Path(place) / "published")
    return root


@pytest.fixture(scope="session")
def new_whole(whole, tmp_path_factory):
    """Makes real courses that nobody has handed anything in to."""

    def make():
        return Course(Path(shutil.copytree(whole, tmp_path_factory.mktemp("course") / "course")))

    return make
