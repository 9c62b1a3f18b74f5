"""`course grade` grades what is new or changed, by what is in the files and rows, and nothing else."""

import json
import os
import shutil

import pytest
from coursework import answers, spaced
from sqlalchemy import text

from course.instructor.cohort import marks
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.grading import plan
from course.instructor.grading.engine import grade

NOTEBOOK = "but-1.ipynb"


def graded(course, **options):
    done = course.grade(["but-1"], **options)
    assert done.problems == []
    return done.graded, done.unchanged


def rows(course, statement):
    with opened(Cohort(course.root), writing=True) as connection:
        assert connection.execute(text(statement)).rowcount


@pytest.fixture(scope="module")
def class_of_two(new_course):
    """Two trainees, graded."""
    course = new_course()
    for student in ("awa", "moussa"):
        course.hand_in(student)
    assert graded(course) == (2, 0)
    return course


@pytest.fixture
def copied(class_of_two, tmp_path):
    """Makes copies of that class."""

    def copy(name="course"):
        return type(class_of_two)(shutil.copytree(class_of_two.root, tmp_path / name, symlinks=True))

    return copy


@pytest.fixture
def course(copied):
    return copied()


def test_nothing_new_is_nothing_to_do(course):
    before = course.left()
    assert graded(course) == (0, 2)
    assert course.left() == before


def touched(course):
    for path in course.root.rglob("*"):
        os.utime(path, (0, 0) if "autograded" in path.parts else None)


def opened_in_jupyterlab(course):
    folder = course.autograded / "awa" / "but-1" / ".ipynb_checkpoints"
    folder.mkdir()
    (folder / "but-1-checkpoint.ipynb").write_text("{}")


def packed(course):
    (course.submitted / "awa" / "but-1" / "remise.json").write_text("{}")


def marked_by_hand(course):
    course.mark("awa", "qualite-1-1", 9.5, "Un vrai besoin.")
    course.mark("moussa", "qualite-1-2", 0.0)


def saved_by_her_jupyterlab(course):
    path = course.submitted / "awa" / "but-1" / NOTEBOOK
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"metadata": {}}), encoding="utf-8")


def test_what_changes_no_grade_is_graded_again_by_nobody(copied):
    for happen in (touched, opened_in_jupyterlab, packed, marked_by_hand, saved_by_her_jupyterlab):
        course = copied(happen.__name__)
        happen(course)
        before = course.left()
        assert graded(course) == (0, 2), happen
        assert course.left() == before, happen


def answered_otherwise(course):
    path = course.submitted / "awa" / "but-1" / "reponses" / "1.1.json"
    was = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("Former", "Formez"), encoding="utf-8")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))  # the same size and the same time


def answered_no_longer(course):
    (course.submitted / "awa" / "but-1" / "reponses" / "1.2.json").unlink()


def answers_became_unreadable(course):
    (course.submitted / "awa" / "but-1" / "reponses" / "1.2.json").write_text("{")


def dated_otherwise(course):
    (course.submitted / "awa" / "but-1" / "timestamp.txt").write_text("2026-11-21 10:00:00 UTC")


def another_secret(course):
    (course.submitted / "awa" / "but-1" / "submission_secret.txt").write_text("f" * 128)


def in_a_team(course):
    team = {"format": "equipe/1", "group": "Groupe 1", "members": ["Awa"]}
    (course.submitted / "awa" / "but-1" / "equipe.json").write_text(json.dumps(team))


def notebook_changed(course):
    (course.submitted / "awa" / "but-1" / NOTEBOOK).write_text("{}")


COPY_CHANGED = (
    answered_otherwise,
    answered_no_longer,
    answers_became_unreadable,
    dated_otherwise,
    another_secret,
    in_a_team,
    notebook_changed,
)


def test_a_copy_that_changed_is_graded_and_becomes_what_it_would_be_anew(copied, new_course):
    for happen in COPY_CHANGED:
        course, anew = copied(happen.__name__), new_course()
        happen(course)
        shutil.copytree(course.submitted, anew.submitted)
        assert graded(course) == (1, 1), happen
        assert graded(anew) == (2, 0), happen
        assert course.left() == anew.left(), happen


def lost_a_folder(course):
    shutil.rmtree(course.autograded / "awa")


def lost_a_file(course):
    (course.autograded / "awa" / "but-1" / "reponses" / "1.1.json").unlink()


def half_written(course):
    path = course.autograded / "awa" / "but-1" / NOTEBOOK
    path.chmod(0o600)
    path.write_bytes(b"")


def replaced_by_a_link(course):
    path = course.autograded / "awa" / "but-1"
    shutil.rmtree(path)
    path.symlink_to(course.autograded / "moussa" / "but-1")


def score_changed(course):
    rows(
        course,
        "UPDATE grade SET auto_score = 1 WHERE id = (SELECT min(id) FROM grade WHERE auto_score = 6)",
    )


def grades_lost(course):
    rows(course, "DELETE FROM grade WHERE notebook_id = (SELECT min(notebook_id) FROM grade)")


def comment_lost(course):
    rows(course, "DELETE FROM comment WHERE id = (SELECT min(id) FROM comment)")


def date_changed(course):
    rows(course, "UPDATE submitted_assignment SET timestamp = NULL WHERE student_id = 'awa'")


def submission_lost(course):
    with course.gradebook as gradebook:
        gradebook.remove_submission("but-1", "awa")


RESULT_CHANGED = (
    lost_a_folder,
    lost_a_file,
    half_written,
    *([replaced_by_a_link] if os.name == "posix" else []),
    score_changed,
    grades_lost,
    comment_lost,
    date_changed,
    submission_lost,
)


def test_what_grading_left_and_is_there_no_longer_is_made_again(copied):
    for happen in RESULT_CHANGED:
        course = copied(happen.__name__)
        before = course.left()
        happen(course)
        assert course.left() != before, happen
        assert graded(course) == (1, 1), happen
        assert course.left() == before, happen


def published_anew(course):
    path = course.root / "solutions" / "but-1" / NOTEBOOK
    path.write_text(
        path.read_text(encoding="utf-8").replace("un besoin nommé", "deux besoins nommés"), encoding="utf-8"
    )
    assert course.api.generate_assignment("but-1", force=True)["success"]


def a_file_beside_the_source(course):
    (course.root / "solutions" / "but-1" / "images").mkdir()
    (course.root / "solutions" / "but-1" / "images" / "carte.svg").write_text("<svg/>")


def due_before(course):
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment("but-1", duedate="2026-11-01 10:00:00 UTC")


def test_what_changes_for_all_is_graded_for_all(copied):
    for happen in (published_anew, a_file_beside_the_source, due_before):
        course = copied(happen.__name__)
        happen(course)
        assert graded(course) == (2, 0), happen
        anew = course.left()
        assert graded(course) == (0, 2), happen
        assert graded(course, force=True) == (2, 0), happen
        assert course.left() == anew, happen


def test_the_rule_of_the_course_is_part_of_what_may_change(course, monkeypatch):
    monkeypatch.setattr(plan, "_rules", lambda: b"another version")
    assert graded(course) == (2, 0)


def test_one_assignment_or_trainee_more_leaves_the_others_alone(course):
    course.hand_in("zénabou")
    assert graded(course) == (1, 2)
    assert course.automatic("zénabou") == (6.0, 6.0)


def test_marks_and_comments_survive_a_changed_copy(course):
    course.mark("awa", "qualite-1-1", 9.5, "Un vrai besoin.")
    path = course.submitted / "awa" / "but-1" / "reponses" / "1.1.json"
    path.write_text(json.dumps(answers("1.1", options=1)), encoding="utf-8")
    assert graded(course) == (1, 1)
    assert course.automatic("awa") == (1.5, 6.0)
    assert course.grades()["awa"]["qualite-1-1"] == (None, 9.5, False)


def test_case_re_hand_in_after_marking_grading_says_whose_marks_wait(course, capsys):
    """case re-hand-in-after-marking: the words of formgrader's mark are kept, and the person is named."""
    for student in ("awa", "moussa"):
        course.mark(student, "qualite-1-1", 9)
    path = course.submitted / "awa" / "but-1" / "reponses" / "1.1.json"
    path.write_text(json.dumps(answers("1.1", text="Écouter les veuves")), encoding="utf-8")
    grade([], course.root, force=False)
    said = spaced(capsys.readouterr().out)
    assert "À relire (awa : 1.1)." in said
    assert "tapez « course review »" in said
    with opened(Cohort(course.root)) as connection:
        found = {mark.student: mark for mark in marks.read(connection) if mark.objective == "1.1"}
        former = marks.former_words(connection, found["awa"])
    assert {student: mark.final for student, mark in found.items()} == {"awa": False, "moussa": True}
    assert "Former les agents de santé" in former.text
    grade([], course.root, force=True)
    assert "À relire (awa : 1.1)." in spaced(capsys.readouterr().out)
