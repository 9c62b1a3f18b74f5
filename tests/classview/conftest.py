"""One class for the tests that only look at it."""

from __future__ import annotations

import pytest
from school import made

from course.instructor.classview.command import count
from course.instructor.classview.numbers import Numbers
from course.instructor.cohort.places import Cohort


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return made(tmp_path_factory.mktemp("école") / "cours d’été")


@pytest.fixture(scope="session")
def counted(school: Cohort) -> Numbers:
    return count(school)
