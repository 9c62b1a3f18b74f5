"""What `course grade` says, in French: what was done, what is wrong, what to do next."""

import os

import pytest
from coursework import CANVASES, spaced

from course.core.refusal import Refusal
from course.instructor.cohort.places import Cohort
from course.instructor.grading.direct import grading
from course.instructor.grading.direct.command import grade, grade_all


def graded(course):
    return grade_all(Cohort(course.root), [], lambda _: None)


def test_what_was_done_and_what_to_do_next_is_said_in_french(course, capsys):
    for student in ("awa", "moussa"):
        course.hand_in(student)
    (course.submitted / "awa" / "but-1" / "but-1.ipynb").unlink()
    grade([], course.root, False)
    said = spaced(capsys.readouterr().out)
    assert "awa : but-1.ipynb : notebook absent ou renommé" in said
    assert "2 copies corrigées, 0 déjà à jour." in said
    assert "Bilan de la classe : « cohort/bilans/but-1.csv »." in said
    assert "course review" in said
    grade(["1"], course.root, False)
    assert "0 copie corrigée, 2 déjà à jour." in spaced(capsys.readouterr().out)


def test_remarks_without_end_are_counted_not_listed(course, capsys):
    for number in range(grading.SHOWN + 2):
        (course.hand_in(f"t{number:02}") / "but-1.ipynb").unlink()
    grade([], course.root, False)
    said = spaced(capsys.readouterr().out)
    assert said.count("notebook absent") == grading.SHOWN
    assert "… et 2 autres remarques, dans les bilans." in said


@pytest.mark.parametrize(
    ("goals", "prepare", "said"),
    [
        ([], lambda _: None, "recueillez d’abord les copies"),
        ([], lambda course: course.submitted.mkdir(parents=True), "Aucune copie de"),
        (["projet"], lambda course: course.hand_in("awa"), "n’est pas un devoir de ce cours"),
        (["but-2"], lambda course: course.hand_in("awa"), "Aucune copie de « but-2 »"),
        ([], lambda course: (course.hand_in("awa"), unpublished(course)), "Le notebook publié de « but-1 » manque"),
        ([], lambda course: (course.hand_in("awa"), torn(course)), "ne s’accorde pas avec le carnet de notes"),
        ([], lambda course: (course.hand_in("awa"), foreign(course)), "la correction n’exécute aucun code"),
    ],
)
def test_what_cannot_be_graded_is_said_in_french(course, goals, prepare, said):
    prepare(course)
    with pytest.raises(Refusal) as refusal:
        grade(goals, course.root, False)
    assert said in spaced(str(refusal.value))


def published_of(course):
    return course.root / "exercises" / "but-1" / "but-1.ipynb"


def unpublished(course):
    published_of(course).unlink()


def torn(course):
    published_of(course).write_text('{"cells": [')


def foreign(course):
    text = published_of(course).read_text(encoding="utf-8").replace("completude-1-1", "examen-1")
    published_of(course).write_text(text, encoding="utf-8")
    with course.gradebook as gradebook:
        for cell in (*gradebook.find_notebook("but-1", "but-1").source_cells,
                     *gradebook.find_notebook("but-1", "but-1").grade_cells):  # fmt: skip
            cell.name = cell.name.replace("completude-1-1", "examen-1")
        cell = gradebook.find_source_cell("examen-1", "but-1", "but-1")
        cell.locked = False
        gradebook.db.commit()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_said(course):
    course.hand_in("awa")
    course.cohort.chmod(0o500)
    try:
        with pytest.raises(Refusal, match="ne se laisse pas écrire"):
            graded(course)
    finally:
        course.cohort.chmod(0o700)


def test_a_summary_that_cannot_be_written_stops_nothing(course):
    course.hand_in("awa")
    (course.cohort / "bilans" / "but-1.csv").mkdir(parents=True)
    done = graded(course)
    assert "déplacez-le" in done.problems[0]
    assert course.automatic("awa") == (6.0,) * len(CANVASES)


def test_a_summary_that_excel_holds_is_said(course, monkeypatch):
    def held(*_):
        raise PermissionError(13, "Permission denied")  # what Windows says of an open file

    monkeypatch.setattr("course.instructor.grading.summary.durable.replace", held)
    course.hand_in("awa")
    done = graded(course)
    assert "fermez-le dans Excel" in done.problems[0]
    assert not list((course.cohort / "bilans").iterdir())
