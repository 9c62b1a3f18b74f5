"""The marks as tables: for Moodle's import, for Excel, and for any other program."""

import openpyxl
import pytest
from giveback_class import AWA, NOBODY, ZOE, rows
from promotion import GOALS, hand_in, promotion, review, text_of

from course.core.refusal import Refusal
from course.instructor.cohort import roster
from course.instructor.giveback.command import marks
from course.instructor.giveback.deadline import deadline


@pytest.fixture
def given(cohort):
    marks(cohort.root, None)
    return cohort


def test_moodle_gets_a_point_and_nothing_of_what_waits(given):
    raw = (given.reports / "notes-moodle.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    found = rows(given.reports / "notes-moodle.csv", ",")
    assert [row["Identifiant"] for row in found] == ["awa", "paul"]
    assert found[0]["Adresse de courriel"] == AWA.email
    awa = found[0]
    assert awa["But 1 sur 60"] == "45.5"
    assert text_of(awa["But 1 commentaire"]) == (
        "Canevas 1.1 : 15 sur 20, réussi. Très <b>concret</b> & net. =1+1"
        " | Canevas 1.2 : 11 sur 20, pas encore réussi. -Dites le besoin."
        " | Canevas 1.3 : 19,5 sur 20, réussi."
    )
    assert all("\n" not in cell for row in found for cell in row.values())


def test_without_an_address_of_everybody_s_own_the_column_is_left_out(cohort, capsys):
    """Moodle gives a mark whose address is empty to the person of the line before."""
    roster.write(cohort, [AWA, roster.Trainee("paul", "Paul", "Kaboré", AWA.email.upper())])
    marks(cohort.root, None)
    assert "Adresse de courriel" not in rows(cohort.reports / "notes-moodle.csv", ",")[0]
    assert "Moodle donnerait la note à une autre personne" in text_of(capsys.readouterr().out)


def test_the_table_has_every_trainee_and_canvas(given):
    found = rows(given.reports / "notes.csv")
    assert len(found) == 5 * 18
    first = next(row for row in found if (row["identifiant"], row["canevas"]) == ("awa", "1.1"))
    assert (first["complétude sur 6"], first["qualité sur 14"], first["total sur 20"]) == ("5,5", "9,5", "15")
    assert (first["réussi"], first["état"], first["Q4 Équité et place des personnes sur 3"]) == ("oui", "noté", "1,5")
    half = next(row for row in found if (row["identifiant"], row["canevas"]) == (ZOE.id, "1.2"))
    assert (half["état"], half["qualité sur 14"], half["commentaire"]) == ("en attente", "", "")
    assert {row["état"] for row in found if row["identifiant"] == "absente"} == {"pas de copie"}


def test_excel_has_totals_and_canvases_as_numbers(given):
    book = openpyxl.load_workbook(given.reports / "notes.xlsx")
    assert book.sheetnames == ["Par but", "En bref", "Par canevas", "Historique"]
    totals = [[cell.value for cell in row] for row in book["Par but"].iter_rows()]
    assert totals[0][:6] == ["identifiant", "prénom", "nom", "groupe", "but 1 sur 60", "but 2 sur 40"]
    assert totals[1] == [
        "awa",
        "Awa",
        "Ouédraogo",
        "Groupe 3",
        45.5,
        "en attente",
        *["pas de copie"] * 3,
        None,
        pytest.approx(20 * 45.5 / 60),
        "2, 3, 4, 5",
        2,
    ]
    assert totals[5][4:] == ["pas de copie"] * 5 + [None, None, "1, 2, 3, 4, 5", 0]
    sheet = book["Par canevas"]
    assert sheet.max_row == 1 + 5 * 18
    assert sheet.cell(2, 9).value == 5.5
    assert sheet.cell(2, 9).number_format == "0.0"


def test_the_final_mark_is_of_all_goals_by_their_weights(tmp_path):
    cohort = promotion(tmp_path / "cours", (AWA, NOBODY))
    for goal in GOALS:
        hand_in(cohort, (AWA,), goal, "Texte")
        for objective in goal.objectives:
            review(cohort, (AWA.id,), objective.id, (2,) * 6 if goal.id in "12" else (1, 1, 1, 1, 1, 1))
    marks(cohort.root, None)
    book = openpyxl.load_workbook(cohort.reports / "notes.xlsx")
    awa = [cell.value for cell in book["Par but"][2]]
    # 20 on goals 1 and 2, 13 on the others; a goal weighs as many as its canvases: data/goals.csv.
    assert awa[9] == pytest.approx((20 * (3 + 2) + 13 * (5 + 3 + 5)) / 18)
    assert awa[10] == pytest.approx(awa[9])
    assert awa[11] is None
    brief = {row[0].value: [cell.value for cell in row[1:]] for row in book["En bref"].iter_rows(min_row=2)}
    assert brief["but 1"] == [60, 3, 1, 1, 60, 60, 60, 60]
    assert brief["note finale"][2:4] == [1, 1]


def test_a_late_hand_in_is_shown_and_costs_nothing(cohort):
    deadline(["1"], "18/11/2026", folder=cohort.root)
    deadline(["1"], "21/11/2026", "paul", folder=cohort.root)
    marks(cohort.root, None)
    found = {(row["identifiant"], row["canevas"]): row for row in rows(cohort.reports / "notes.csv")}
    assert found["awa", "1.1"]["remise"] == "en retard"
    assert found["paul", "1.1"]["remise"] == "dans le délai prolongé"
    assert found["awa", "2.1"]["remise"] == ""
    assert found["awa", "1.1"]["total sur 20"] == found["paul", "1.1"]["total sur 20"] == "15"


def test_formulas_are_text_everywhere(given):
    sheet = openpyxl.load_workbook(given.reports / "notes.xlsx")["Par but"]
    cell = sheet.cell(6, 2)
    assert (cell.value, cell.data_type) == (NOBODY.first_name, "s")
    assert rows(given.reports / "notes.csv")[-1]["prénom"] == f"'{NOBODY.first_name}"


def test_it_goes_where_one_says(cohort, tmp_path):
    marks(cohort.root, tmp_path / "clé")
    assert {path.name for path in (tmp_path / "clé").iterdir()} == {
        "notes-moodle.csv", "notes.csv", "notes.xlsx", "notes-historique.csv",
    }  # fmt: skip


def test_an_empty_class_is_told(tmp_path):
    with pytest.raises(Refusal, match="La promotion est vide"):
        marks(promotion(tmp_path / "vide").root, None)
    assert len(GOALS) == 5
