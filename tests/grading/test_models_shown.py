"""Model answers where one grades: beside the answers, in feedback only when that is turned on, nowhere in exercises."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from coursework import CANVASES, REPOSITORY
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from course.core import model_answers
from course.core.model_answers import ABSENT, COUNTER_FILE, FILE

MODEL = model_answers.load().answers["1.1.a"][0].strategy
VERDICT = model_answers.load().counter_examples["1.1"].verdict


def outputs(course, student):
    path = course.autograded / student / "but-1" / "but-1.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return [cell.outputs for cell in cells if cell.cell_type == "code"]


def feedback_with_models(course):
    config = course.config
    config.GatherFeedback.model_answers = True
    config.CourseDirectory.assignment_id = "but-1"
    converter = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
    converter.force = True
    converter.start()
    return (course.cohort / "feedback" / "awa" / "but-1" / "but-1.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graded(new_course):
    course = new_course()
    course.hand_in("awa")
    assert course.autograde()["success"]
    course.mark("awa", "qualite-1-1", 9.5, "Bien vu, continuez.")
    return course


def test_the_grader_has_them_between_the_answers_and_the_mark(graded):
    for cell in outputs(graded, "awa"):
        assert [output.output_type for output in cell] == ["display_data", "display_data", "execute_result"]
    shown = outputs(graded, "awa")[0][1].data["text/html"]
    assert MODEL in shown
    assert VERDICT in shown


def test_feedback_holds_none_unless_it_is_turned_on(graded):
    page = graded.feedback()["awa"]
    assert MODEL not in page
    assert VERDICT not in page
    assert "Deux corrigés" not in page


def test_turned_on_they_follow_the_comment(graded):
    page = feedback_with_models(graded)
    assert page.count("<details ") == len(CANVASES)
    places = [page.index(text) for text in ("Bien vu, continuez.", MODEL, VERDICT, "Ce que vous avez écrit")]
    assert places == sorted(places)
    assert not re.search(r"(?i)\b(src|href|action)\s*=|<script", page)


def test_left_out_grading_and_feedback_work_and_the_grader_is_told(course, monkeypatch, tmp_path):
    monkeypatch.setattr(model_answers, "content", lambda _: tmp_path)
    course.hand_in("awa")
    assert course.autograde()["success"]
    assert course.automatic("awa") == (6, 6)
    assert outputs(course, "awa")[0][1].data["text/plain"] == ABSENT
    page = feedback_with_models(course)
    assert "Retour sur votre travail" in page
    assert ABSENT not in page


def test_a_mistake_in_the_table_stops_no_grading_and_is_no_trainee_s_business(course, monkeypatch, tmp_path):
    (Path(tmp_path) / FILE).write_text("option;variant\n1.1.a;1\n", encoding="utf-8")
    monkeypatch.setattr(model_answers, "content", lambda _: tmp_path)
    course.hand_in("awa")
    assert course.autograde()["success"]
    assert course.automatic("awa") == (6, 6)
    assert "il manque la colonne" in outputs(course, "awa")[0][1].data["text/plain"]
    assert "il manque la colonne" not in feedback_with_models(course)


def test_the_tables_beside_the_assignments_disturb_nothing_and_are_not_handed_out(course):
    for name in (FILE, COUNTER_FILE):
        shutil.copy(REPOSITORY / "solutions" / name, course.root / "solutions")
    assert course.api.get_source_assignments() == {"but-1"}
    assert course.api.generate_assignment("but-1", force=True)["success"]
    assert [path.name for path in (course.root / "exercises").rglob("*") if path.is_file()] == ["but-1.ipynb"]
    course.hand_in("awa")
    assert course.autograde()["success"]
    assert not list(course.autograded.rglob("*.csv"))
