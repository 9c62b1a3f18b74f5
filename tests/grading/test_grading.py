"""`course grade`: what it leaves, what it says in French, and what it does not need."""

import json
import subprocess
import sys

import pytest
from coursework import CANVASES, answers, spaced
from hostile import CANARY
from promotion import GOALS
from sqlalchemy import Engine, event

from course.core import files
from course.core.refusal import Refusal
from course.instructor.grading import engine, report
from course.instructor.grading.engine import grade

NAMES = ("Aïcha Ouédraogo", "N'Guessan d’Almeida", "أمينة", "groupe 3")
TEAM = {"format": "equipe/1", "group": "  Groupe 3 ", "members": ["Awa T.", "", "Paul K."], "autre": "<script>"}


def hand_in_all(course, student, number):
    """A copy of each assignment, none like another."""
    for goal in GOALS:
        folder = course.submitted / student / goal.assignment
        (folder / "reponses").mkdir(parents=True)
        published = course.root / "exercises" / goal.assignment / f"{goal.assignment}.ipynb"
        notebook = json.loads(published.read_text(encoding="utf-8"))
        notebook["cells"] = notebook["cells"][: None if number % 2 else -1]
        (folder / published.name).write_text(json.dumps(notebook), encoding="utf-8")
        for rank, objective in enumerate(goal.objectives[number % 2 :]):
            document = answers(objective.id, options=(number + rank) % 4, text=f"Former «\u2028 les {student} <b> »")
            (folder / "reponses" / f"{objective.id}.json").write_text(json.dumps(document), encoding="utf-8")
        if number:
            (folder / "timestamp.txt").write_text(f"2026-11-2{number} 10:00:00.123456 +0100")
            (folder / "equipe.json").write_text(json.dumps(TEAM), encoding="utf-8")
            (folder / "remise.json").write_text("<script>")


@pytest.fixture(scope="module")
def graded(new_whole):
    """All five assignments of the real course, seven copies at a time."""
    course = new_whole()
    source = course.root / "solutions" / "but-1"
    for name in ("__pycache__/x.py", ".note", "images/carte.svg", "reponses/1.1.json"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text("{}")
    for number, student in enumerate(NAMES):
        hand_in_all(course, student, number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "AT_ONCE", 3)
        course.done = course.grade()
    return course


def test_every_copy_of_every_assignment_is_graded(graded):
    assert (graded.done.graded, graded.done.unchanged, graded.done.problems) == (5 * len(NAMES), 0, [])
    assert [path.name for path in graded.done.reports] == [f"but-{number}.csv" for number in range(1, 6)]
    assert not list(graded.root.rglob(CANARY))
    assert not [path for path in graded.cohort.iterdir() if path.name.startswith(".")]


def test_the_gradebook_has_a_row_for_every_cell(graded):
    rows, _, _ = graded.left()
    copies, canvases = 5 * len(NAMES), sum(len(goal.objectives) for goal in GOALS)
    expected = {"student": len(NAMES), "submitted_assignment": copies, "submitted_notebook": copies}
    expected |= {"grade": 2 * canvases * len(NAMES), "comment": canvases * len(NAMES)}
    assert {name: len(rows[name]) for name in expected} == expected


def test_who_worked_together_goes_on_written_anew_and_what_was_packed_does_not(graded):
    folder = graded.autograded / "groupe 3" / "but-1"
    assert json.loads((folder / "equipe.json").read_text(encoding="utf-8")) == {
        "format": "equipe/1", "group": "Groupe 3", "members": ["Awa T.", "Paul K."],
    }  # fmt: skip
    assert not list(graded.autograded.rglob("remise.json"))


def test_what_stands_beside_the_source_is_in_every_copy_but_for_answers_that_a_teacher_tried(graded):
    for student in NAMES:
        folder = graded.autograded / student / "but-1"
        assert {"images/carte.svg", ".note"} <= {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
        assert not (folder / "__pycache__").exists()
        path = folder / "reponses" / "1.1.json"
        sent = graded.submitted / student / "but-1" / "reponses" / "1.1.json"
        assert path.exists() == sent.exists()
        assert not path.exists() or path.read_bytes() == sent.read_bytes()


def test_the_formgrader_reads_it_and_its_own_button_changes_nothing(course):
    course.hand_in("awa")
    course.grade()
    assert course.api.get_submission("but-1", "awa")["autograded"]
    assert course.api.get_submission("but-1", "awa")["score"] == 12
    before = course.left()
    assert course.autograde()["success"]
    assert course.left() == before
    assert course.grade().unchanged == 1
    assert "6 sur 6" in spaced(course.feedback()["awa"])


def test_an_assignment_that_the_gradebook_does_not_know_is_entered_first(new_course):
    known, unknown = new_course(), new_course()
    (unknown.cohort / "gradebook.db").unlink()
    published = published_of(unknown).read_bytes()
    for course in (known, unknown):
        course.hand_in("awa")
        assert course.grade().graded == 1
    assert unknown.left() == known.left()
    assert published_of(unknown).read_bytes() == published


def test_the_number_of_questions_to_the_gradebook_does_not_grow_with_the_class(new_course):
    asked = []
    for trainees in (2, 60):
        course = new_course()
        for number in range(trainees):
            course.hand_in(f"t{number:02}")
        statements = []

        def count(_, __, statement, *___, into=statements):
            into.append(statement)

        event.listen(Engine, "before_cursor_execute", count)
        try:
            course.grade()
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert asked[1] < 70


def test_grading_starts_without_nbgrader_and_all_that_it_brings():
    code = (
        "import sys; import course.instructor.grading.engine\n"
        "print([name for name in ('nbgrader', 'nbconvert', 'nbformat', 'jupyter_server', 'pandas', 'IPython')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


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
    for name in ("1", "But 1", "but-1", "But-1"):
        grade([name], course.root, False)
        assert "0 copie corrigée, 2 déjà à jour." in spaced(capsys.readouterr().out)


def test_remarks_without_end_are_counted_not_listed(course, capsys):
    for number in range(engine.SHOWN + 2):
        (course.hand_in(f"t{number:02}") / "but-1.ipynb").unlink()
    grade([], course.root, False)
    said = spaced(capsys.readouterr().out)
    assert said.count("notebook absent") == engine.SHOWN
    assert "… et 2 autres remarques, dans les bilans." in said


def test_what_cannot_be_graded_is_said_in_french(course):
    def refused(words, *goals):
        with pytest.raises(Refusal) as refusal:
            grade(goals, course.root, False)
        assert words in spaced(str(refusal.value))

    refused("recueillez d’abord les copies")
    course.submitted.mkdir(parents=True)
    refused("Aucune copie de")
    course.hand_in("awa")
    refused("n’est pas un cahier de ce cours", "projet")
    refused("Aucune copie de « but-2 »", "but-2")
    published, raw = published_of(course), published_of(course).read_bytes()
    for changed in (
        b'{"cells": [',
        raw.replace(b'"nbformat": 4', b'"nbformat": 3'),
        raw.replace(b"completude-1-1", b"completude-9-9"),
        raw.replace(b'"cell_type": "markdown"', b'"cell_type": "raw"'),
    ):
        assert changed != raw
        published.write_bytes(changed)
        refused("ne s’accorde pas avec le carnet de notes")
    foreign(course)
    refused("la correction n’exécute aucun code")
    published.unlink()
    refused("Le notebook publié de « but-1 » manque")
    assert not course.autograded.exists()


def published_of(course):
    return course.root / "exercises" / "but-1" / "but-1.ipynb"


def foreign(course):
    """A graded cell that is no canvas, in the source and so in all that comes of it."""
    path = course.root / "solutions" / "but-1" / "but-1.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("completude-1-1", "examen-1"), encoding="utf-8")
    assert course.api.generate_assignment("but-1", force=True)["success"]


def test_a_table_that_cannot_be_written_stops_nothing(course):
    course.hand_in("awa")
    (course.cohort / "bilans" / "but-1.csv").mkdir(parents=True)
    done = course.grade()
    assert "déplacez-le" in done.unwritten[0]
    assert course.automatic("awa") == (6.0,) * len(CANVASES)


def test_a_table_that_excel_holds_is_said(course, monkeypatch):
    def held(*_):
        raise PermissionError(13, "Permission denied")  # what Windows says of an open file

    monkeypatch.setattr(files, "replace", held)
    course.hand_in("awa")
    done = course.grade()
    assert "fermez-le dans Excel" in done.unwritten[0]
    assert not list((course.cohort / "bilans").iterdir())


def test_the_table_opens_in_a_french_excel_and_no_cell_is_a_formula(tmp_path):
    path = tmp_path / "bilans" / "but-1.csv"
    report.write(path, [(text, "1.1", "4,5", "Une ; deux") for text in ("=1+1", "+33", "-2", "@SUM(A1)", "awa")])
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, *rows = raw.decode("utf-8-sig").splitlines()
    assert heading == "stagiaire;canevas;complétude sur 6;remarque"
    assert rows == [f'{text};1.1;4,5;"Une ; deux"' for text in ("'=1+1", "'+33", "'-2", "'@SUM(A1)", "awa")]
