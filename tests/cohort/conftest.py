"""A class on disk, graded by the real nbgrader."""

import shutil
from pathlib import Path

import pytest

from course.instructor.cohort.places import Cohort

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def cohort(tmp_path):
    """A class in which nobody has handed anything in."""
    root = tmp_path / "cours d’été"
    root.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    return Cohort(root)
