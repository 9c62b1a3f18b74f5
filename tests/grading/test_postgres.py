"""A gradebook on PostgreSQL, a real one: the same results, and nbgrader's own commands read and write it."""

import json

import pytest
from coursework import Course, answers
from nbgrader.plugins.export import CsvExportPlugin

from course.instructor.cohort.places import DATABASE

NAMES = ("awa", "Aïcha Ouédraogo", "N'Guessan d’Almeida", "أمينة")


def steps(course):
    """What a class goes through; the results after each step."""
    for number, student in enumerate(NAMES):
        course.hand_in(student, options=number)
    (course.submitted / "awa" / "but-1" / "timestamp.txt").unlink()
    for happen in (lambda: None, lambda: changed(course), lambda: late(course)):
        happen()
        yield course.grade().graded, *course.left()


def changed(course):
    course.mark("awa", "qualite-1-1", 9.5, "Un vrai besoin.")
    path = course.submitted / "awa" / "but-1" / "reponses" / "1.1.json"
    path.write_text(json.dumps(answers("1.1", options=1)), encoding="utf-8")


def late(course):
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment("but-1", duedate="2026-11-20 09:00:00 UTC")


@pytest.fixture(scope="module")
def on_postgres(new_course, postgres):
    """The same class on SQLite and on PostgreSQL, step by step."""
    plain, served = new_course(), new_course()
    (served.cohort / "gradebook.db").unlink()
    expected = list(steps(plain))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE, postgres.new())
        yield served, list(steps(served)), expected


def test_each_step_gives_the_same_results_as_on_sqlite(on_postgres):
    _, served, plain = on_postgres
    assert served == plain
    assert [graded for graded, *_ in plain] == [4, 1, 3]  # who has no date is not late


def test_no_file_of_sqlite_is_made(on_postgres):
    course, *_ = on_postgres
    assert not (course.cohort / "gradebook.db").exists()


def test_the_formgrader_reads_it(on_postgres):
    course: Course = on_postgres[0]
    found = {each["student"]: each["score"] for each in course.api.get_submissions("but-1")}
    assert set(found) == set(NAMES)
    assert course.api.get_assignment("but-1")["num_submissions"] == len(NAMES)


def test_nbgrader_exports_it(on_postgres, tmp_path):
    course: Course = on_postgres[0]
    with course.gradebook as gradebook:
        plugin = CsvExportPlugin(to=str(tmp_path / "grades.csv"))
        plugin.export(gradebook)
    text = (tmp_path / "grades.csv").read_text(encoding="utf-8")
    assert all(name in text for name in NAMES)


def test_nbgraders_own_autograde_changes_nothing_in_it(on_postgres):
    course: Course = on_postgres[0]
    before = course.left()
    assert course.autograde()["success"]
    assert course.left() == before
