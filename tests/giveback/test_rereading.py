"""case re-hand-in-after-marking: no command carries a mark that was given to other words, and each says whose."""

import json
import shutil

import openpyxl
import pytest
from giveback_class import rows
from promotion import answers, review, text_of

from course.core import syllabus
from course.instructor.classview.command import count
from course.instructor.classview.tables import REREAD
from course.instructor.classview.tables import answers as answers_table
from course.instructor.cohort import roster
from course.instructor.cohort.roster import Trainee
from course.instructor.giveback.command import feedback, marks
from course.instructor.intake.command import intake

FIRST = syllabus.load().objective("1.1")
SAID = "À relire (Awa Ouédraogo et Paul Kaboré : 1.1)"


@pytest.fixture(params=["before grading", "after grading"])
def again(cohort, request):
    """Awa and Paul hand in goal 1 again: other words in 1.1, the same in 1.2 though saved anew, and the same in 1.3."""
    homes = (cohort.submitted,) if request.param == "before grading" else (cohort.submitted, cohort.autograded)
    for home in homes:
        for student in ("awa", "paul"):
            folder = home / student / "but-1" / "reponses"
            (folder / "1.1.json").write_text(answers(FIRST, "Tout autre chose"), encoding="utf-8")
            document = json.loads((folder / "1.2.json").read_text(encoding="utf-8"))
            document |= {"revision": 9, "saved_at": "2026-12-01T10:00:00Z"}
            (folder / "1.2.json").write_text(json.dumps(document), encoding="utf-8")
    return cohort


def test_marks_and_moodle_carry_none_of_them(again, capsys):
    marks(again.root, None)
    said = text_of(capsys.readouterr().out)
    assert SAID in said
    assert "Sans ligne pour le but 1 (à relire)" not in said, "nobody has a final mark of any goal"
    assert not list(again.reports.glob("notes-moodle*")), "Moodle would take an empty cell for an erased mark"
    found = [row for row in rows(again.reports / "notes.csv") if row["identifiant"] == "awa" and row["but"] == "1"]
    assert [(row["état"], row["qualité sur 14"], row["réussi"]) for row in found] == [
        ("à relire", "", ""), ("noté", "5,5", "non"), ("noté", "14", "oui"),
    ]  # fmt: skip
    graded = [again.autograded / "awa" / "but-1" / "reponses" / f"1.{number}.json" for number in (1, 2, 3)]
    handed_in = [again.submitted / path.relative_to(again.autograded) for path in graded]
    assert [row["complétude sur 6"] == "" for row in found] == [
        graded[0].read_bytes() != handed_in[0].read_bytes(), False, False,
    ], "the completeness of other words is that of no hand-in"  # fmt: skip
    sheet = openpyxl.load_workbook(again.reports / "notes.xlsx")["Par but"]
    assert sheet.cell(2, 5).value == "à relire"


def test_pages_say_so_and_show_no_old_mark(again, capsys):
    feedback([], again.root, models=False, release=False)
    assert SAID in text_of(capsys.readouterr().out)
    page = text_of(again.feedback / "awa" / "but-1" / "but-1.html")
    first, second = page.split('<section class="canvas"')[1:3]
    assert "À relire : ce canevas a été remis de nouveau" in first
    assert ("version d’avant" in first) is ("Tout autre chose" not in first)
    assert "9,5 sur 14" not in first
    assert "concret" not in first
    assert "5,5 sur 14" in second


def test_intake_and_the_class_say_so(again, capsys, tmp_path):
    (tmp_path / "vide").mkdir()
    intake([tmp_path / "vide"], again.root, ask=False)
    assert SAID in text_of(capsys.readouterr().out)
    numbers = count(again)
    assert SAID in text_of(numbers.overview.to_reread)
    assert numbers.reviewed == 3, "1.2 and 1.3 of the group, 1.1 of Zoé"
    frame = answers_table(numbers.overview).frame
    found = frame[(frame["objectif"] == "1.1") & (frame["remarque"] == REREAD)]
    assert len(found) > 0
    assert found["qualité sur 14"].isna().all()
    before_grading = not found["stratégie"].str.contains("Tout autre chose").any()
    assert found["complétude sur 6"].isna().all() == before_grading


def test_kept_or_given_anew_it_is_final_again(again):
    shutil.copytree(again.submitted, again.autograded, dirs_exist_ok=True)
    review(again, ("awa", "paul"), "1.1", (2, 2, 2, 2, 2, 2))
    marks(again.root, None)
    (row,) = (row for row in rows(again.reports / "notes-moodle.csv", ",") if row["Identifiant"] == "awa")
    assert row["But 1 sur 60"] == "50"
    feedback([], again.root, models=False, release=False)
    page = text_of(again.feedback / "awa" / "but-1" / "but-1.html")
    assert "Historique de la note de qualité" in page
    assert "De 9,5 à 14 sur 14, le " in page
    assert ", par Dr Zongo." in page
    history = [row for row in rows(again.reports / "notes-historique.csv") if row["identifiant"] == "awa"]
    assert [
        (row["canevas"], row["qualité d’avant sur 14"], row["qualité d’après sur 14"], row["par"]) for row in history
    ][:2] == [("1.1", "", "9,5", "Dr Zongo"), ("1.1", "9,5", "14", "Dr Zongo")]


def test_moodle_has_a_line_for_who_has_a_mark_and_names_the_others(cohort, capsys):
    """Each item's maximum is said, no cell is empty, and an identifier that the course made is no user's name."""
    roster.write(cohort, [Trainee(each.id, each.first_name, each.last_name) for each in roster.read(cohort)])
    for objective in ("2.1", "2.2"):
        review(cohort, ("awa",), objective, (1, 1, 1, 1, 1, 1))
    marks(cohort.root, None)
    said = text_of(capsys.readouterr().out)
    files = {path.name: rows(path, ",") for path in cohort.reports.glob("notes-moodle*.csv")}
    assert {name: [row["Identifiant"] for row in found] for name, found in files.items()} == {
        "notes-moodle.csv": ["awa"], "notes-moodle-but-1.csv": ["awa", "paul"], "notes-moodle-but-2.csv": ["awa"],
    }  # fmt: skip
    for name, found in files.items():
        assert "Nom d’utilisateur" not in found[0], name
        cells = [cell for row in found for heading, cell in row.items() if heading.startswith("But")]
        assert all(cells), name
        headings = [heading for heading in found[0] if heading.startswith("But") and "commentaire" not in heading]
        assert {*headings} <= {"But 1 sur 60", "But 2 sur 40"}, name
    assert "but 1 sur 60, but 2 sur 40" in said
    assert "seulement si vos identifiants sont ceux de Moodle" in said
    assert "Sans ligne pour le but 1 (en attente), et leur note de Moodle reste : Zoé N’Guessan <i>, 李娜." in said
    assert "Sans ligne pour le but 2 (pas de copie), et leur note de Moodle reste : Paul Kaboré" in said
