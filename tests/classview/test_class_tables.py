"""The class as tables: each answer once, beside its marks, with types; and as files that are read back whole."""

from __future__ import annotations

import csv
import io

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.escape import unescape
from promotion import promotion
from school import EVIL, FORMULA, GROUP

from course.core import syllabus
from course.core.refusal import Refusal
from course.instructor import spreadsheets
from course.instructor.classview import overview, tables
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.tables import Table
from course.instructor.spreadsheets import Column, Sheet


@pytest.fixture(scope="module")
def table(counted: Numbers) -> Table:
    return tables.answers(counted.overview)


@pytest.fixture(scope="module")
def answers(table: Table) -> pd.DataFrame:
    return table.frame


@pytest.fixture(scope="module")
def book(counted: Numbers, table: Table) -> openpyxl.Workbook:
    handins = tables.handed_in(counted)
    raw, notices = tables.as_workbook([table, tables.marks(counted.overview), handins])
    assert notices == ()
    return openpyxl.load_workbook(io.BytesIO(raw))


def headings(columns: tuple[Column, ...]) -> list[str]:
    return [column.heading for column in columns]


def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def rows(answers: pd.DataFrame, copy: str, objective: str) -> pd.DataFrame:
    return answers[(answers["copie"] == copy) & (answers["objectif"] == objective)]


def test_its_columns_are_those_that_are_explained(answers: pd.DataFrame) -> None:
    assert list(answers.columns) == headings(tables.ANSWERS)


def test_a_group_is_there_once_under_its_name_with_its_members(answers: pd.DataFrame) -> None:
    found = rows(answers, GROUP, "1.1")
    assert set(found["membres"]) == {"Awa Traoré, Paul Kaboré d’Été"}
    assert set(found["identifiants"]) == {"awa, paul"}
    assert list(found["option"]) == ["1.1.a", "1.1.b", "1.1.c", "1.1.d"]


def test_two_people_of_one_name_are_told_apart(counted: Numbers) -> None:
    names = list(counted.overview.names.values())
    assert "Awa Traoré" in names
    assert len(names) == len(set(names)) == 4


def test_every_option_of_a_canvas_has_a_row_even_when_nothing_was_written(answers: pd.DataFrame) -> None:
    found = rows(answers, "نور الدين", "1.3")
    assert list(found["option"]) == [option.id for option in syllabus.load().objective("1.3").options]
    assert set(found["remarque"]) == {tables.NOTHING}
    assert set(found["stratégie"]) == {""}
    assert found["n° de stratégie"].isna().all()


def test_an_unreadable_answer_says_why(answers: pd.DataFrame) -> None:
    (said,) = set(rows(answers, "نور الدين", "1.2")["remarque"])
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "réponse illisible : Le fichier n’est pas du JSON valable."


def test_texts_are_as_they_were_written_and_pilot_fields_beside_them(answers: pd.DataFrame) -> None:
    row = rows(answers, "ሰላም ተስፋዬ", "1.1").iloc[0]
    assert row["stratégie"] == f"{FORMULA} pour 1.1.a"
    assert (row["responsable"], row["échéance"], row["indicateur"]) == (
        "La sage-femme",
        "Juin 2027",
        "12 réunions sur 12",
    )
    assert EVIL in rows(answers, GROUP, "2.1").iloc[0]["stratégie"]


def test_marks_stand_beside_the_answers_and_nothing_where_nothing_was_given(answers: pd.DataFrame) -> None:
    row = rows(answers, GROUP, "1.1").iloc[0]
    assert (row["complétude sur 6"], row["qualité sur 14"], row["total sur 20"], row["acquis"]) == (6, 14, 20, True)
    assert row["q1 pertinence"] == "plein"
    row = rows(answers, "ሰላም ተስፋዬ", "1.2").iloc[0]
    assert row["complétude sur 6"] == 2.5
    assert row[["qualité sur 14", "total sur 20", "acquis", "q1 pertinence"]].isna().all()


def test_a_group_with_two_marks_has_none_here_and_says_so(answers: pd.DataFrame, counted: Numbers) -> None:
    found = rows(answers, GROUP, "2.1")
    assert set(found["remarque"]) == {tables.UNEVEN}
    assert found["total sur 20"].isna().all()
    marks = tables.marks(counted.overview).frame
    given = marks[marks["objectif"] == "2.1"].set_index("identifiant")["qualité sur 14"]
    assert given["awa"] == 14
    assert pd.isna(given["paul"])


def test_the_table_of_marks_has_a_row_for_each_person(counted: Numbers) -> None:
    marks = tables.marks(counted.overview).frame
    assert list(marks.columns) == headings(tables.MARKS)
    first = marks[marks["objectif"] == "1.1"].set_index("identifiant")
    assert list(first.index) == ["awa", "awa2", "noor", "paul", "selam"]
    assert first.loc["awa", "commentaire"] == first.loc["paul", "commentaire"] == "Très concret."
    assert first.loc["paul", "copie"] == GROUP


def test_types_hold_for_no_row_at_all(answers: pd.DataFrame, tmp_path) -> None:
    empty = tables.answers(overview.read(promotion(tmp_path / "vide"))).frame
    assert len(empty) == 0
    assert list(empty.dtypes) == list(answers.dtypes)


def test_what_was_handed_in_names_those_who_did_not(counted: Numbers) -> None:
    found = tables.handed_in(counted).frame.set_index(["identifiant", "but"])
    assert len(found) == 6 * 5
    assert set(found.loc["zoé"]["état"]) == {"rien remis"}
    assert found.loc[("awa2", "3"), "état"] == "à corriger"
    assert found.loc[("awa", "1"), "état"] == "corrigée"


def test_who_sent_a_file_that_was_refused_is_not_said_to_have_handed_in_nothing(counted: Numbers) -> None:
    numbers = Numbers(counted.overview, counted.handins, frozenset({"zoé", "awa"}))
    found = tables.handed_in(numbers).frame.set_index(["identifiant", "but"])
    assert set(found.loc["zoé"]["état"]) == {"rien de lisible"}
    assert found.loc[("awa", "1"), "état"] == "corrigée"
    missing = next(goal for goal in "12345" if found.loc[("awa", goal), "état"] not in ("corrigée", "à corriger"))
    assert found.loc[("awa", missing), "état"] == "rien remis"  # and a photograph once, in the place of another goal
    assert numbers.nothing_readable == tuple(one for one in counted.without_handin if one.id == "zoé")


def test_a_gradebook_that_is_none_is_refused_in_french(tmp_path, monkeypatch: pytest.MonkeyPatch, school) -> None:
    (tmp_path / "carnet.db").write_bytes(b"ce n'est pas une base" * 100)
    monkeypatch.setenv("COURSE_GRADEBOOK", f"sqlite:///{tmp_path / 'carnet.db'}")
    with pytest.raises(Refusal, match="carnet de notes"):
        overview.read(school)


def test_looking_at_a_new_class_makes_no_gradebook(tmp_path) -> None:
    cohort = promotion(tmp_path / "cours")
    (cohort.folder / "gradebook.db").unlink()
    (cohort.submitted / "awa" / "but-1").mkdir(parents=True)
    assert not overview.read(cohort).marks
    assert not (cohort.folder / "gradebook.db").exists()


def test_the_csv_is_for_a_french_spreadsheet(table: Table) -> None:
    raw = spreadsheets.as_csv(table.columns, table.rows())
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, *lines = read(raw)
    assert heads == headings(tables.ANSWERS)
    assert len(lines) == len(table.frame)
    found = {row[0]: dict(zip(heads, row, strict=True)) for row in lines if row[6] == "1.1.a"}
    assert found["ሰላም ተስፋዬ"]["complétude sur 6"] == "2,5"
    assert found["ሰላም ተስፋዬ"]["acquis"] == "non"
    assert found["ሰላም ተስፋዬ"]["stratégie"] == f"'{FORMULA} pour 1.1.a"
    assert "\ufffd" in found["نور الدين"]["stratégie"], "a control character"


def test_no_cell_of_a_csv_is_a_formula() -> None:
    starts = ("=", "+", "-", "@", "\t", "\r")
    _, *lines = read(spreadsheets.as_csv([Column("copie")], [(f"{start}1+1",) for start in starts]))
    assert len(lines) == len(starts)
    assert [cell for (cell,) in lines if cell.startswith(starts)] == []


def test_the_workbook_has_answers_marks_handins_and_an_explanation_of_each_column(
    book: openpyxl.Workbook, answers: pd.DataFrame
) -> None:
    assert book.sheetnames == ["Réponses", "Notes", "Remises", "Colonnes"]
    sheet = book["Réponses"]
    assert (sheet.max_row, sheet.freeze_panes, sheet.auto_filter.ref) == (len(answers) + 1, "B2", sheet.dimensions)
    explained = {(row[0].value, row[1].value): row[2].value for row in book["Colonnes"].iter_rows(min_row=2)}
    for sheet in book.worksheets[:3]:
        for head in sheet[1]:
            assert explained[sheet.title, head.value]


def test_texts_of_trainees_are_texts_in_excel(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    values = {cell.value for cell in cells}
    assert f"{FORMULA} pour 1.1.a" in values
    assert {"2.5", "6"}.isdisjoint(values), "marks are numbers"
    assert {2.5, 6} <= values


def test_what_excel_refuses_is_replaced_or_cut_and_said() -> None:
    long = "é" * 40_000
    texts = ["a\x00b\x1f\ufffe", "_x0041_ et _x000D_", "ligne 1\r\nligne 2\rligne 3", "😀" * 3, long, "12", "http://a"]
    texts += ["<r><t>gras</t></r>", "<r>&</x></r>"]
    raw, (notice,) = spreadsheets.as_excel([Sheet("Réponses", [Column("copie")], [(text,) for text in texts])], "")
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["Réponses"]
    found = [unescape(cell.value) for cell in sheet["A"][1:]]
    assert found[:4] == ["a\ufffdb\ufffd\ufffd", texts[1], "ligne 1\nligne 2\nligne 3", texts[3]]
    assert found[4] == long[: len(found[4])]
    assert 30_000 < len(found[4]) <= 32_767
    assert found[5:] == texts[5:]
    assert "32" in notice
    assert "CSV" in notice


def test_more_rows_than_excel_opens_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    raw, (notice,) = spreadsheets.as_excel([Sheet("Notes", [Column("copie")], [(letter,) for letter in "abcde"])], "")
    assert openpyxl.load_workbook(io.BytesIO(raw))["Notes"].max_row == 4
    assert "« Notes » n’a que ses 3 premières lignes" in notice.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_parquet_keeps_types_and_texts(table: Table, answers: pd.DataFrame) -> None:
    found = pd.read_parquet(io.BytesIO(tables.as_parquet(table)))
    pd.testing.assert_frame_equal(found, answers)
    assert str(found["n° d’action"].dtype) == "Int16"
    assert str(found["acquis"].dtype) == "boolean"
    assert found["complétude sur 6"].mean() == pytest.approx(float(answers["complétude sur 6"].mean()))
