"""No copy runs anything, hides anything from the instructor, or costs anybody else a mark."""

import csv
import os

import nbformat
import pytest
from coursework import FULL, SCHEME, spaced
from hostile import CANARY, COPIES, RAW
from nbgrader.apps import api, autogradeapp

NEIGHBOURS = ("awa", "zénabou")


@pytest.fixture(scope="module")
def graded(new_course):
    """One run of `autograde` over every hostile copy, between two ordinary ones, and the feedback of all."""
    course = new_course()
    for student in NEIGHBOURS:
        course.hand_in(student)
    for student, copy in COPIES.items():
        copy.spoil(course.hand_in(student))
    course.result = course.autograde(force=False)
    course.found = course.grades()
    course.pages = course.feedback()
    return course


def told(course, student):
    return [line for line in spaced(course.result["log"]).splitlines() if f" {student} : " in line]


def test_the_run_succeeds_and_everybody_is_in_the_gradebook(graded):
    assert graded.result["success"], graded.result
    assert set(graded.found) == {*NEIGHBOURS, *COPIES}
    assert set(graded.pages) == {*NEIGHBOURS, *COPIES}


@pytest.mark.parametrize("student", NEIGHBOURS)
def test_nobody_else_is_touched(graded, student):
    assert graded.automatic(student) == FULL
    assert not told(graded, student)


@pytest.mark.parametrize("student", COPIES)
def test_the_answers_are_marked_and_the_quality_waits_for_the_instructor(graded, student):
    assert graded.automatic(student) == COPIES[student].marks
    for cell in ("qualite-1-1", "qualite-1-2"):
        assert graded.found[student][cell] == (None, None, True)


@pytest.mark.parametrize("student", COPIES)
def test_what_is_wrong_is_told_in_french_with_student_and_file(graded, student):
    lines, place = told(graded, student), COPIES[student].told
    assert bool(lines) == bool(place)
    assert all(place in line or place.startswith("reponses") for line in lines)
    if COPIES[student].marks != FULL and place:
        assert any(f"{place} illisible" in line and line.endswith("compté 0") for line in lines)


@pytest.mark.parametrize("student", COPIES)
def test_the_summary_table_says_the_same(graded, student):
    with (graded.cohort / "bilans" / "but-1.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["stagiaire"] == student]
    points = tuple(float(row["complétude sur 6"].replace(",", ".")) for row in rows if row["canevas"])
    assert points == COPIES[student].marks
    assert any(row["remarque"] for row in rows) == bool(COPIES[student].told)


def test_nothing_was_executed(graded):
    assert not (graded.cohort / CANARY).exists()
    assert not list(graded.root.rglob(CANARY))


@pytest.mark.parametrize("student", COPIES)
def test_nothing_raw_reaches_a_notebook_or_a_page(graded, student):
    folder = graded.autograded / student / "but-1"
    cells = nbformat.read(folder / "but-1.ipynb", as_version=4).cells
    shown = [
        output.data["text/html"] for cell in cells for output in cell.get("outputs", ()) if "text/html" in output.data
    ]
    assert len(shown) == 4  # of each canvas, the answers and the model answers
    notes = [path.read_text(encoding="utf-8") for path in folder.rglob("*.txt")]
    for text in (*(cell.source for cell in cells), *shown, *notes, graded.pages[student]):
        assert RAW not in text
        assert "onerror=alert(1)><" not in text
        assert "<script>" not in text


@pytest.mark.parametrize("student", COPIES)
def test_only_what_is_ours_or_valid_is_kept(graded, student):
    folder = graded.autograded / student / "but-1"
    allowed = {"but-1.ipynb", "timestamp.txt", "submission_secret.txt", "remarques.txt", "equipe.json"}
    allowed |= {f"reponses/{canvas}.{kind}" for canvas in ("1.1", "1.2", "1.3") for kind in ("json", "illisible.txt")}
    files = [path for path in folder.rglob("*") if not path.is_dir()]
    assert {path.relative_to(folder).as_posix() for path in files} <= allowed
    assert all(path.is_file() and not path.is_symlink() for path in files)


def test_the_graded_notebook_is_the_published_one_with_the_mark_scheme_for_the_grader(graded):
    notebook = nbformat.read(graded.autograded / "graded_cells_deleted" / "but-1" / "but-1.ipynb", as_version=4)
    nbformat.validate(notebook)
    published = nbformat.read(graded.root / "exercises" / "but-1" / "but-1.ipynb", as_version=4)
    assert [cell.cell_type for cell in notebook.cells] == [cell.cell_type for cell in published.cells]
    assert sum(SCHEME in cell.source for cell in notebook.cells) == 2


def test_no_working_folder_is_left_behind(graded):
    assert not [path for path in graded.cohort.iterdir() if path.name.startswith(".")]


def test_the_submitted_copies_are_left_as_they_were(graded):
    assert (graded.submitted / "programs_beside" / "but-1" / "sitecustomize.py").is_file()
    assert not (graded.submitted / "answers_missing" / "but-1" / "remarques.txt").exists()


def test_a_file_beside_the_trainees_is_no_trainee(course):
    course.hand_in("awa")
    (course.submitted / "liste.xlsx").write_text("")
    (course.submitted / ".ipynb_checkpoints").mkdir()
    assert course.autograde()["success"]
    assert set(course.grades()) == {"awa"}


@pytest.mark.parametrize("student", ["Aïcha Ouédraogo", "N'Guessan d’Almeida", "groupe 3", "أمينة", "jean-luc.k@dgs"])
def test_names_as_people_have_them(new_course, student):
    course = new_course()
    course.hand_in(student)
    result = course.autograde(student)
    assert result["success"], result
    assert course.automatic(student) == FULL
    assert student.replace("'", "&#39;") in course.feedback(student)[student]


@pytest.mark.skipif(os.name != "posix", reason="Windows itself refuses such names")
@pytest.mark.parametrize("name", ["<b>awa<b>", 'a"b', "awa[1]", "awa*", "x" * 200, "awa\u202e", "a&b"])
def test_names_that_nbgrader_cannot_carry_are_refused_and_told(course, name):
    course.hand_in("awa")
    course.hand_in(name)
    result = course.autograde()
    assert result["success"], result
    assert set(course.grades()) == {"awa"}
    assert "copie non corrigée" in result["log"]


def test_one_trainee_at_a_time(course):
    for student in ("awa", "moussa"):
        course.hand_in(student)
    assert course.autograde("moussa")["success"]
    assert set(course.grades()) == {"moussa"}


def test_one_notebook_at_a_time_and_trainees_left_out(course):
    for student in ("awa", "moussa"):
        course.hand_in(student)
    api = course.api
    api.coursedir.notebook_id = "but-1"
    api.coursedir.student_id_exclude = "moussa"
    assert api.autograde("but-1", "*")["success"]
    assert set(course.grades()) == {"awa"}
    assert course.automatic("awa") == FULL


def test_a_copy_already_graded_is_skipped_until_a_newer_one_comes_or_force_is_used(course):
    folder = course.hand_in("awa", options=1)
    assert course.autograde(force=False)["success"]
    before = course.automatic("awa")
    other = course.hand_in("autre")
    (folder / "reponses" / "1.1.json").write_bytes((other / "reponses" / "1.1.json").read_bytes())
    assert "Skipping existing assignment" in course.autograde("awa", force=False)["log"]
    assert course.automatic("awa") == before
    assert course.autograde("awa", force=True)["success"]
    assert course.automatic("awa") == (6.0, before[1])
    (folder / "reponses" / "1.2.json").write_bytes((other / "reponses" / "1.2.json").read_bytes())
    (folder / "timestamp.txt").write_text("2026-11-21 10:00:00.000000 UTC")
    assert course.autograde("awa", force=False)["success"]
    assert course.automatic("awa") == FULL


def test_marks_and_comments_of_the_instructor_survive_grading_again(course):
    course.hand_in("awa")
    assert course.autograde()["success"]
    course.mark("awa", "qualite-1-1", 9.5, "Un vrai besoin.")
    assert course.autograde()["success"]
    assert course.grades()["awa"]["qualite-1-1"] == (None, 9.5, False)
    assert course.grades()["awa"]["qualite-1-2"] == (None, None, True)
    page = course.feedback()["awa"]
    assert "Un vrai besoin." in page
    assert "9,5 sur 14" in page


def test_answers_left_beside_the_source_notebook_replace_nobodys(course):
    course.hand_in("awa")
    trial = course.root / "solutions" / "but-1" / "reponses"
    trial.mkdir()
    for name in ("1.1.json", "1.1.illisible.txt", "1.2.json"):
        (trial / name).write_text("{}")
    assert course.autograde()["success"]
    assert course.automatic("awa") == FULL


def test_a_gradebook_that_does_not_know_the_assignment_learns_it(course):
    (course.cohort / "gradebook.db").unlink()
    before = (course.root / "exercises" / "but-1" / "but-1.ipynb").read_bytes()
    course.hand_in("awa")
    assert course.autograde()["success"]
    assert course.automatic("awa") == FULL
    assert (course.root / "exercises" / "but-1" / "but-1.ipynb").read_bytes() == before


@pytest.mark.parametrize(
    ("assignment", "prepare", "said"),
    [
        ("but-1", lambda course: course.cohort.exists(), "recueillez d’abord les copies"),
        ("but-1", lambda course: course.submitted.mkdir(), "Aucune copie de"),
        ("projet", lambda course: course.hand_in("awa"), "n’est pas un devoir de ce cours"),
        ("but-2", lambda course: course.hand_in("awa"), "Le notebook publié manque"),
    ],
)
def test_what_cannot_be_graded_is_said_in_french(course, assignment, prepare, said):
    prepare(course)
    result = course.api.autograde(assignment, "*")
    assert not result["success"]
    assert said in result["log"]


def test_a_summary_that_cannot_be_written_stops_nothing(course):
    course.hand_in("awa")
    (course.cohort / "bilans" / "but-1.csv").mkdir(parents=True)
    result = course.autograde()
    assert result["success"], result
    assert "fermez-le dans Excel" in result["log"]
    assert course.automatic("awa") == FULL


def test_the_summary_of_the_class_is_kept_when_one_copy_is_graded_again(course):
    for student in ("awa", "moussa"):
        (course.hand_in(student) / "but-1.ipynb").unlink()
    assert course.autograde()["success"]
    before = (course.cohort / "bilans" / "but-1.csv").read_bytes()
    assert course.autograde("awa")["success"]
    assert (course.cohort / "bilans" / "but-1.csv").read_bytes() == before


def test_commands_and_formgrader_use_the_same_class(course):
    assert course.config
    assert autogradeapp.Autograde is api.Autograde
    assert api.Autograde.__name__ == "SealedAutograde"
