"""`course review`: the instructor's JupyterLab, on the page of the bench, whatever course folder it is."""

from __future__ import annotations

import pytest

from course.core.refusal import Refusal
from course.instructor.review import command
from course.lab.launch import place_of
from course.lab.settings import Desk


def test_opens_the_page_of_the_course_and_brings_it_where_it_is_missing(cohort, monkeypatch):
    asked = []
    monkeypatch.setattr(command, "open_course", asked.append)  # what it does is test_launch's; here, what it is asked
    command.review(cohort.root / "cohort", browser=False, port=9001)
    place = place_of(asked[0])
    assert (place.root, place.port, place.desk) == (cohort.root, 9001, Desk.INSTRUCTOR)
    assert (place.root / place.start).read_bytes().count(b"from course import bench") == 1
    (cohort.root / place.start).write_text("à moi")
    command.review(cohort.root, browser=True, port=None)
    assert (cohort.root / place.start).read_text() == "à moi"


def test_a_folder_that_is_no_course_is_said(tmp_path):
    with pytest.raises(Refusal, match="nbgrader_config"):
        command.review(tmp_path, browser=False, port=None)
