"""`course grade` leaves what nbgrader's sealed `autograde` leaves: every row, every file, to the byte."""

import json
import subprocess
import sys

import pytest
from coursework import answers, spaced
from gradebooks import files, tables
from hostile import CANARY, COPIES
from sqlalchemy import Engine, event

from course.core import syllabus
from course.instructor.cohort.places import Cohort
from course.instructor.grading.direct import grading
from course.instructor.grading.direct.command import grade, grade_all

NAMES = ("Aïcha Ouédraogo", "N'Guessan d’Almeida", "أمينة", "groupe 3")
TEAM = {"format": "equipe/1", "group": "  Groupe 3 ", "members": ["Awa T.", "", "Paul K."], "autre": "<script>"}
TABLES = (
    *("alembic_version", "course", "student", "assignment", "notebook", "base_cell", "grade_cells", "task_cells"),
    *("solution_cells", "source_cell", "submitted_assignment", "submitted_notebook", "grade", "comment"),
)


def hand_in_all(course, student, number):
    """A copy of each assignment, none like another."""
    for goal in syllabus.load().goals:
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


def by_hand(course, student, cell, points):
    """A mark that an instructor gives in the formgrader over the automatic one."""
    with course.gradebook as gradebook:
        grade = gradebook.find_grade(cell, "but-1", "but-1", student)
        grade.manual_score, grade.needs_manual_grade, grade.extra_credit = points, False, 0.5
        gradebook.db.commit()


def told(lines):
    return {spaced(line).strip() for line in lines}


def graded(course, goals=(), **options):
    return grade_all(Cohort(course.root), goals, lambda _: None, **options)


def left(course):
    """All that a grading leaves."""
    return (
        tables(course.config.CourseDirectory.db_url),
        files(course.autograded),
        files(course.cohort / "bilans"),
    )


@pytest.fixture(scope="module")
def both(new_whole):
    """The same submissions of all five assignments, hostile ones among them, graded by nbgrader and by us."""
    sealed, direct = new_whole(), new_whole()
    for course in (sealed, direct):
        (course.root / "solutions" / "but-1" / "reponses").mkdir()
        (course.root / "solutions" / "but-1" / "reponses" / "1.1.json").write_text("{}")
        (course.root / "solutions" / "but-1" / "__pycache__").mkdir()
        (course.root / "solutions" / "but-1" / "__pycache__" / "x.py").write_text("")
        (course.root / "solutions" / "but-1" / ".note").write_text("à moi")
        for number, student in enumerate(NAMES):
            hand_in_all(course, student, number)
        course.hand_in("awa")
        for student, copy in COPIES.items():
            copy.spoil(course.hand_in(student))
    results = [sealed.api.autograde(goal.assignment, "*", force=False) for goal in syllabus.load().goals]
    assert all(result["success"] for result in results), results
    sealed.told = told(
        line.split("] ")[-1] for result in results for line in result["log"].splitlines() if "WARNING" in line
    )
    lines = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "AT_ONCE", 7)
        patch.setattr(grading, "SHOWN", 10_000)
        direct.done = grade_all(Cohort(direct.root), [], lines.append)
    direct.told = told(lines)
    for course in (sealed, direct):
        course.left = left(course)
    return sealed, direct


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_the_gradebook_is_the_same(both, table):
    sealed, direct = both
    assert direct.left[0][table] == sealed.left[0][table]


def test_no_table_was_left_out_of_the_comparison(both):
    assert set(TABLES) == set(both[0].left[0])
    assert len(both[0].left[0]["grade"]) > 400


def test_the_graded_folders_hold_the_same_files_to_the_byte(both):
    sealed, direct = both
    assert set(direct.left[1]) == set(sealed.left[1])
    assert [name for name, found in sealed.left[1].items() if direct.left[1][name] != found] == []


def test_the_summaries_are_the_same(both):
    sealed, direct = both
    assert direct.left[2] == sealed.left[2]
    assert set(direct.left[2]) == {f"but-{number}.csv" for number in range(1, 6)}


def test_the_same_is_told_of_the_same_copies(both):
    sealed, direct = both
    assert {line for line in direct.told if " : " in line} <= sealed.told
    assert {line for line in sealed.told if line.split(" : ")[0] in COPIES} == {
        line for line in direct.told if line.split(" : ")[0] in COPIES
    }


def test_all_were_graded_and_nothing_was_executed(both):
    direct = both[1]
    expected = len(COPIES) + 1 + 5 * len(NAMES) + 4 * len([name for name in COPIES if name.startswith("student_is")])
    assert (direct.done.graded, direct.done.unchanged, direct.done.problems) == (expected, 0, [])
    assert not list(direct.root.rglob(CANARY))
    assert not [path for path in direct.cohort.iterdir() if path.name.startswith(".")]


def test_who_worked_together_goes_on_written_anew_and_what_was_packed_does_not(both):
    for course in both:
        folder = course.autograded / "groupe 3" / "but-1"
        assert json.loads((folder / "equipe.json").read_text(encoding="utf-8")) == {
            "format": "equipe/1", "group": "Groupe 3", "members": ["Awa T.", "Paul K."],
        }  # fmt: skip
        assert not list(course.autograded.rglob("remise.json"))


def test_graded_again_all_is_the_same_again_marks_and_comments_of_the_instructor_included(new_course):
    courses = [new_course(), new_course()]
    for course, again in zip(
        courses, (lambda c: c.autograde(force=True), lambda c: graded(c, force=True)), strict=True
    ):
        for student in ("awa", "moussa", "zénabou"):
            course.hand_in(student)
        again(course)
        course.mark("awa", "qualite-1-1", 9.5, "Un vrai besoin.")
        by_hand(course, "awa", "completude-1-1", 5.0)
        course.mark("moussa", "qualite-1-2", 0)
        folder = course.submitted / "zénabou" / "but-1"
        (folder / "reponses" / "1.1.json").write_text(json.dumps(answers("1.1", options=1)), encoding="utf-8")
        (folder / "timestamp.txt").unlink()
        again(course)
    sealed, direct = courses
    assert left(direct) == left(sealed)
    assert direct.grades()["awa"]["qualite-1-1"] == (None, 9.5, False)
    assert direct.grades()["awa"]["completude-1-1"] == (6.0, 5.0, True)


def published_of(course):
    return course.root / "exercises" / "but-1" / "but-1.ipynb"


def test_an_assignment_that_the_gradebook_does_not_know_is_entered_first(new_course):
    known, unknown = new_course(), new_course()
    (unknown.cohort / "gradebook.db").unlink()
    published = published_of(unknown).read_bytes()
    for course in (known, unknown):
        course.hand_in("awa")
        assert graded(course).graded == 1
    assert left(unknown) == left(known)
    assert published_of(unknown).read_bytes() == published


def test_the_formgrader_reads_it_and_its_own_button_grades_over_it(course):
    course.hand_in("awa")
    graded(course)
    assert course.api.get_submission("but-1", "awa")["autograded"]
    assert course.api.get_submission("but-1", "awa")["score"] == 12
    before = left(course)
    assert course.autograde()["success"]
    assert left(course) == before
    assert graded(course).graded == 1  # it knows that nbgrader has been there
    assert left(course) == before
    assert "6 sur 6" in spaced(course.feedback()["awa"])


def test_names_that_nbgrader_cannot_carry_are_told_and_stop_nobody(course, capsys):
    course.hand_in("awa")
    course.hand_in("awa[1]")
    grade(["but-1"], course.root, False)
    assert set(course.grades()) == {"awa"}
    assert "awa[1] : dossier : nbgrader ne sait pas traiter" in spaced(capsys.readouterr().out)
    assert "copie non corrigée" in (course.cohort / "bilans" / "but-1.csv").read_text(encoding="utf-8-sig")


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
            graded(course)
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert asked[1] < 60


def test_grading_starts_without_nbgrader_and_all_that_it_brings():
    code = (
        "import sys; import course.instructor.grading.direct.command\n"
        "print([name for name in ('nbgrader', 'nbconvert', 'nbformat', 'jupyter_server', 'pandas', 'IPython')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
