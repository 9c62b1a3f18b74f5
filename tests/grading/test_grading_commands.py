"""The settings and nbgrader's own commands, on the workbook as it is handed out."""

import getpass
import json
import os
import runpy
import shutil
import sys
from pathlib import Path

import pytest
from coursework import REPOSITORY, Course, answers, spaced
from forks import forked, needs_fork
from hostile import CANARY, code_cell
from traitlets.config.loader import PyFileConfigLoader

from course.core import syllabus

GOAL = syllabus.load().goal("1")


def nbgrader(*arguments, cwd, **environment):
    """Runs nbgrader's program; returns its status and what it wrote."""

    def program():
        os.chdir(cwd)
        os.environ.update(environment)
        sys.argv = ["nbgrader", *arguments]
        runpy.run_module("nbgrader", run_name="__main__")

    return forked(program)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """The real workbook, in a fresh clone's state."""
    root = tmp_path_factory.mktemp("workbook")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    for folder in ("solutions", "exercises"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("reponses"))
    return Course(root)


@needs_fork
def test_a_trainee_fetches_and_submits_from_anywhere_and_is_collected_graded_and_answered(workbook, tmp_path):
    released = workbook.api.release_assignment("but-1")
    assert released["success"], released
    elsewhere = {"JUPYTER_CONFIG_PATH": str(workbook.root), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    place = tmp_path / "chez moi"
    place.mkdir()
    status, output = nbgrader("fetch_assignment", "but-1", cwd=place, **elsewhere)
    assert status == 0, output
    (place / "but-1" / "reponses").mkdir()
    for objective in GOAL.objectives:
        text = json.dumps(answers(objective.id), ensure_ascii=False)
        (place / "but-1" / "reponses" / f"{objective.id}.json").write_text(text, encoding="utf-8")
    status, output = nbgrader("submit", "but-1", cwd=place, **elsewhere)
    assert status == 0, output
    assert not (place / "cohort").exists()

    collected = workbook.api.collect("but-1")
    assert collected["success"], collected
    status, output = nbgrader("autograde", "but-1", cwd=workbook.root)
    assert status == 0, output
    assert "Bilan de la classe : " in spaced(output)
    assert "SAWarning" not in output
    student = getpass.getuser()
    grades = workbook.grades()[student]
    for objective in GOAL.objectives:
        assert grades[f"completude-{objective.cell}"] == (6.0, None, False)
        assert grades[f"qualite-{objective.cell}"] == (None, None, True)

    page = workbook.feedback()[student]
    for objective in GOAL.objectives:
        assert f"Canevas {objective.id}" in page
    assert "BARÈME" not in page
    assert workbook.api.release_feedback("but-1")["success"]
    status, output = nbgrader("fetch_feedback", "but-1", cwd=place, **elsewhere)
    assert status == 0, output
    (mine,) = place.rglob("but-1.html")
    assert mine.read_text(encoding="utf-8") == page


def test_every_assignment_of_the_workbook_can_be_graded_so(workbook):
    for goal in syllabus.load().goals:
        notebook = json.loads(
            (workbook.root / "exercises" / goal.assignment / f"{goal.assignment}.ipynb").read_text("utf-8")
        )
        marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
        graded = {each["grade_id"] for each in marks if each.get("grade")}
        assert graded == {f"completude-{objective.cell}" for objective in goal.objectives}


@needs_fork
def test_settings_that_fail_grade_nothing_rather_than_unsealed(course):
    folder = course.hand_in("mallory")
    code_cell(folder)
    path = course.root / "nbgrader_config.py"
    path.write_text(path.read_text(encoding="utf-8").replace("seal(c)", "raise RuntimeError"), encoding="utf-8")
    status, output = nbgrader("autograde", "but-1", cwd=course.root)
    assert status != 0
    assert "RuntimeError" in output
    assert not list(course.root.rglob(CANARY))
    assert not course.autograded.exists()


def load(root):
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def test_everything_that_changes_is_under_cohort_wherever_the_command_is_run(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = load(course.root)
    settings = config.CourseDirectory
    assert settings.root == str(course.root)
    assert settings.db_url == f"sqlite:///{(course.cohort / 'gradebook.db').as_posix()}"
    kept = {
        settings[f"{name}_directory"]
        for name in ("submitted", "autograded", "feedback", "solution", "source_with_tests")
    }
    assert all(name.startswith("cohort/") for name in kept)
    assert Path(config.Exchange.root).is_relative_to(course.cohort)


def test_a_class_shares_another_exchange(course, monkeypatch):
    monkeypatch.setenv("COURSE_EXCHANGE", "/srv/exchange")
    assert load(course.root).Exchange.root == "/srv/exchange"


def test_the_folder_is_made_when_it_can_be_and_not_missed_when_it_cannot(tmp_path):
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    load(tmp_path)
    assert (tmp_path / "cohort").is_dir()
    (tmp_path / "cohort").rmdir()
    (tmp_path / "cohort").write_text("")
    load(tmp_path)


def test_without_the_course_installed_it_says_so(tmp_path, monkeypatch):
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    monkeypatch.setitem(sys.modules, "course.instructor.grading", None)
    with pytest.raises(ModuleNotFoundError, match="Le cours n’est pas installé"):
        load(tmp_path)


def test_a_gradebook_is_made_without_an_activated_environment(course, monkeypatch):
    (course.cohort / "gradebook.db").unlink()
    monkeypatch.setenv("PATH", os.defpath)
    with course.gradebook as gradebook:
        assert gradebook.students == []
