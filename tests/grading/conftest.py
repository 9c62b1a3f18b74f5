"""The courses that the grading tests use."""

import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from coursework import REPOSITORY, Course, source_notebook


@pytest.fixture(scope="session", autouse=True)
def environment():
    """nbgrader finds alembic and its kernels, and children find the course, as in an activated environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH")))))
        patch.delenv("COURSE_EXCHANGE", raising=False)
        yield


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The course as a fresh clone has it, with the gradebook that `generate_assignment` makes."""
    root = tmp_path_factory.mktemp("published")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
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
