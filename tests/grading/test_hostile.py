"""No copy runs anything, hides anything from the instructor, or costs anybody else a mark.

One run of `nbgrader autograde` over every hostile copy, between two ordinary ones, and the feedback of all.
"""

import csv
import os

import nbformat
import pytest
from coursework import FULL, SCHEME, spaced
from hostile import CANARY, COPIES, RAW

NEIGHBOURS = ("awa", "zénabou")
PARTS = {"but-1.ipynb", "timestamp.txt", "submission_secret.txt", "remarques.txt", "equipe.json"}
ALLOWED = PARTS | {
    f"reponses/{canvas}.{kind}" for canvas in ("1.1", "1.2", "1.3") for kind in ("json", "illisible.txt")
}


@pytest.fixture(scope="module")
def graded(new_course):
    course = new_course()
    for student in NEIGHBOURS:
        course.hand_in(student)
    for student, copy in COPIES.items():
        copy.spoil(course.hand_in(student))
    course.result = course.autograde(force=False)
    course.scores = course.grades()
    course.pages = course.feedback()
    return course


def remarks(course, student):
    return [line for line in spaced(course.result["log"]).splitlines() if f" {student} : " in line]


def automatic(course, student):
    return tuple(course.scores[student][cell][0] for cell in ("completude-1-1", "completude-1-2"))


@pytest.mark.skipif(os.name != "posix", reason="a third of them needs links and pipes")
def test_there_are_as_many_hostile_copies_as_ever():
    assert len(COPIES) == 61


def test_the_run_succeeds_and_everybody_is_in_the_gradebook(graded):
    assert graded.result["success"], graded.result
    assert set(graded.scores) == {*NEIGHBOURS, *COPIES}
    assert set(graded.pages) == {*NEIGHBOURS, *COPIES}


def test_nobody_else_is_touched(graded):
    for student in NEIGHBOURS:
        assert automatic(graded, student) == FULL, student
        assert not remarks(graded, student), student


def test_the_answers_are_marked_and_the_quality_waits_for_the_instructor(graded):
    for student, copy in COPIES.items():
        assert automatic(graded, student) == copy.marks, student
        for cell in ("qualite-1-1", "qualite-1-2"):
            assert graded.scores[student][cell] == (None, None, True), student


def test_what_is_wrong_is_told_in_french_with_student_and_file(graded):
    for student, copy in COPIES.items():
        lines, place = remarks(graded, student), copy.told
        assert bool(lines) == bool(place), student
        assert all(place in line or place.startswith("reponses") for line in lines), student
        if copy.marks != FULL and place:
            assert any(f"{place} illisible" in line and line.endswith("compté 0") for line in lines), student


def test_the_table_of_the_class_says_the_same(graded):
    with (graded.cohort / "bilans" / "but-1.csv").open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream, delimiter=";"))
    for student, copy in COPIES.items():
        rows = [row for row in table if row["stagiaire"] == student]
        points = tuple(float(row["complétude sur 6"].replace(",", ".")) for row in rows if row["canevas"])
        assert points == copy.marks, student
        assert any(row["remarque"] for row in rows) == bool(copy.told), student


def test_nothing_was_executed(graded):
    assert not list(graded.root.rglob(CANARY))


def test_nothing_raw_reaches_a_notebook_or_a_page(graded):
    for student in COPIES:
        folder = graded.autograded / student / "but-1"
        cells = nbformat.read(folder / "but-1.ipynb", as_version=4).cells
        outputs = [output.data for cell in cells for output in cell.get("outputs", ())]
        shown = [data["text/html"] for data in outputs if "text/html" in data]
        assert len(shown) == 4, student  # of each canvas, the answers and the model answers
        notes = [path.read_text(encoding="utf-8") for path in folder.rglob("*.txt")]
        for text in (*(cell.source for cell in cells), *shown, *notes, graded.pages[student]):
            for raw in (RAW, "onerror=alert(1)><", "<script>"):
                assert raw not in text, student


def test_only_what_is_ours_or_valid_is_kept(graded):
    for student in COPIES:
        folder = graded.autograded / student / "but-1"
        kept = [path for path in folder.rglob("*") if not path.is_dir()]
        assert {path.relative_to(folder).as_posix() for path in kept} <= ALLOWED, student
        assert all(path.is_file() and not path.is_symlink() for path in kept), student


def test_the_graded_notebook_is_the_published_one_with_the_mark_scheme_for_the_grader(graded):
    notebook = nbformat.read(graded.autograded / "graded_cells_deleted" / "but-1" / "but-1.ipynb", as_version=4)
    nbformat.validate(notebook)
    published = nbformat.read(graded.root / "exercises" / "but-1" / "but-1.ipynb", as_version=4)
    assert [cell.cell_type for cell in notebook.cells] == [cell.cell_type for cell in published.cells]
    assert sum(SCHEME in cell.source for cell in notebook.cells) == 2
    assert not any(SCHEME in cell.source for cell in published.cells)


def test_no_working_folder_is_left_behind(graded):
    assert not [path for path in graded.cohort.iterdir() if path.name.startswith(".")]


def test_the_submitted_copies_are_left_as_they_were(graded):
    assert (graded.submitted / "programs_beside" / "but-1" / "sitecustomize.py").is_file()
    assert not (graded.submitted / "answers_missing" / "but-1" / "remarques.txt").exists()


def test_course_grade_finds_them_graded(graded):
    done = graded.grade(["1"])
    assert (done.graded, done.unchanged, done.problems) == (0, len(COPIES) + len(NEIGHBOURS), [])
