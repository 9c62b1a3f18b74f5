"""The tables as files: read back whole by what opens them, and nothing in them is ever a formula."""

from __future__ import annotations

import csv
import io

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.escape import unescape
from school import FORMULA

from course.instructor.classview import columns, exports, table
from course.instructor.classview.numbers import Numbers


@pytest.fixture(scope="module")
def answers(counted: Numbers) -> pd.DataFrame:
    return table.answers(counted.overview)


@pytest.fixture(scope="module")
def book(counted: Numbers, answers: pd.DataFrame) -> openpyxl.Workbook:
    raw, notices = exports.as_excel(
        {
            "Réponses": answers,
            "Notes": table.marks(counted.overview),
            "Remises": table.handed_in(counted.overview, counted.handins),
        }
    )
    assert notices == ()
    return openpyxl.load_workbook(io.BytesIO(raw))


def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_csv_is_for_a_french_spreadsheet(answers: pd.DataFrame) -> None:
    raw = exports.as_csv(answers)
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, *rows = read(raw)
    assert heads == list(columns.ANSWERS)
    assert len(rows) == len(answers)
    found = {row[0]: dict(zip(heads, row, strict=True)) for row in rows if row[6] == "1.1.a"}
    assert found["ሰላም ተስፋዬ"]["complétude sur 6"] == "2,5"
    assert found["ሰላም ተስፋዬ"]["acquis"] == "non"
    assert found["ሰላም ተስፋዬ"]["stratégie"] == f"'{FORMULA} pour 1.1.a"
    assert "\ufffd" in found["نور الدين"]["stratégie"], "a control character"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_csv_is_a_formula(start: str) -> None:
    ((_,), (cell,)) = read(exports.as_csv(pd.DataFrame({"copie": [f"{start}1+1"]})))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


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
    raw, (notice,) = exports.as_excel({"Réponses": pd.DataFrame({"copie": texts})})
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["Réponses"]
    found = [unescape(cell.value) for cell in sheet["A"][1:]]
    assert found[:4] == ["a\ufffdb\ufffd\ufffd", texts[1], "ligne 1\nligne 2\nligne 3", texts[3]]
    assert found[4] == long[: len(found[4])]
    assert 30_000 < len(found[4]) <= 32_767
    assert found[5:] == ["12", "http://a"]
    assert "32" in notice
    assert "CSV" in notice


def test_more_rows_than_excel_opens_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 3)
    raw, (notice,) = exports.as_excel({"Notes": pd.DataFrame({"copie": list("abcde")})})
    assert openpyxl.load_workbook(io.BytesIO(raw))["Notes"].max_row == 4
    assert "« Notes » a 5 lignes" in notice.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_parquet_keeps_types_and_texts(answers: pd.DataFrame) -> None:
    found = pd.read_parquet(io.BytesIO(exports.as_parquet(answers)))
    pd.testing.assert_frame_equal(found, answers)
    assert str(found["n° d’action"].dtype) == "Int16"
    assert str(found["acquis"].dtype) == "boolean"
    assert found["complétude sur 6"].mean() == pytest.approx(float(answers["complétude sur 6"].mean()))
