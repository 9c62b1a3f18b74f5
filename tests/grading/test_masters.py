"""What is graded is computed as nbgrader computes it: the notebook, its check sums, its dates."""

import json
import logging

import nbformat
import pytest
from coursework import source_notebook
from nbgrader import utils
from nbgrader.api import GradeCell
from nbgrader.preprocessors import OverwriteCells

from course.core import syllabus
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import parsed
from course.instructor.grading.direct import masters, records


def overwritten(course, goal, raw):
    place = {"notebook": goal.assignment, "assignment": goal.assignment, "db_url": course.config.CourseDirectory.db_url}
    step = OverwriteCells(log=logging.Logger("quiet", logging.CRITICAL))
    notebook, _ = step.preprocess(nbformat.reads(raw.decode(), as_version=4), {"nbgrader": place})
    return nbformat.writes(notebook) + "\n"


def ours(course, goal, raw):
    with opened(Cohort(course.root)) as connection:
        known = records.registered(connection, goal.assignment)
    return masters.written(masters.master(raw, known.sources[goal.assignment]))


@pytest.mark.parametrize("goal", syllabus.load().goals, ids=lambda goal: goal.assignment)
def test_each_published_notebook_gets_back_what_the_gradebook_keeps(new_whole, goal):
    course = new_whole()
    raw = (course.root / "exercises" / goal.assignment / f"{goal.assignment}.ipynb").read_bytes()
    assert ours(course, goal, raw) == overwritten(course, goal, raw)
    assert "BARÈME" in ours(course, goal, raw)


def points(cell):
    cell["metadata"]["nbgrader"]["points"] = 7


def unlocked(cell):
    cell["metadata"]["nbgrader"]["locked"] = False


def other_source(cell):
    cell["source"] = ["6.0\n", "# \u2028 fin"]


def unknown(cell):
    cell["metadata"]["nbgrader"]["grade_id"] = "inconnue"


def other_kind(cell):
    cell["cell_type"] = "markdown" if cell["cell_type"] == "code" else "code"
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}


def trusted(cell):
    cell["metadata"]["trusted"] = True
    cell["metadata"]["tags"] = ["é", "«"]


def pasted(cell):
    if cell["cell_type"] != "code":
        cell["attachments"] = {"a.txt": {"text/plain": ["un\n", "deux"], "image/png": "AAAA"}}


@pytest.mark.parametrize("rank", range(2))
@pytest.mark.parametrize("change", [points, unlocked, other_source, unknown, other_kind, trusted, pasted])
def test_a_notebook_that_no_longer_agrees_is_brought_back_in_the_same_way(course, change, rank):
    path = course.root / "exercises" / "but-1" / "but-1.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change([cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]][rank])
    raw = json.dumps(notebook).encode()
    goal = syllabus.load().goals[0]
    assert ours(course, goal, raw) == overwritten(course, goal, raw)


def test_a_gradebook_that_contradicts_itself_is_not_guessed_about(course):
    with course.gradebook as gradebook:
        cell = gradebook.db.query(GradeCell).filter(GradeCell.name == "completude-1-1").one()
        cell.max_score = 5
        gradebook.db.commit()
    raw = (course.root / "exercises" / "but-1" / "but-1.ipynb").read_bytes()
    with pytest.raises(ValueError, match="completude-1-1"):
        ours(course, syllabus.load().goals[0], raw)


@pytest.mark.parametrize(
    "marks", [{}, {"solution": True}, {"grade": True, "solution": True, "points": 3}, {"locked": True}]
)
def test_check_sums_are_nbgraders(marks):
    for cell in source_notebook().cells:
        cell.metadata["nbgrader"] = {"grade_id": "é-1", **marks}
        assert masters.checksum(json.loads(json.dumps(cell))) == utils.compute_checksum(cell)


@pytest.mark.parametrize(
    "date",
    [
        "2026-11-20 10:00:00.123456 UTC",
        "2026-11-20 10:00:00 +0200",
        "2026-11-20 10:00:00 Africa/Ouagadougou",
        "2026-11-20 10:00:00 XYZ",
        "2026-11-20T10:00:00+02:00",
        "2026-11-20 10:00:00",
        "20 November 2026 10:00",
        "10:00",
    ],
)
def test_dates_are_read_as_nbgrader_reads_them(date):
    assert parsed(date) == utils.parse_utc(date)
