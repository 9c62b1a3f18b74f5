"""Tables as spreadsheets save them are read right, and what is written is no formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core import sheets, zips
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import goal_of

ROWS = (("identifiant", "prénom", "nom"), ("0012", "Aïssata", "Kaboré"), ("0101", "Ève", "Nœuvéglise"))


def test_a_list_is_read_whatever_program_saved_it() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman", "cp850"):
        for delimiter in ";,\t":
            for ending in ("\n", "\r\n", "\r"):
                for head in ("", f"sep={delimiter}{ending}"):
                    rows = [[cell.replace("œ", "oe") for cell in row] for row in ROWS]  # cp850 has no œ
                    text = head + ending.join(delimiter.join(row) for row in rows)
                    sheet = sheets.read(text.encode(encoding))
                    assert [list(row) for row in sheet.rows] == rows, (encoding, delimiter, ending, head)
                    assert sheet.lines[-1] == (4 if head else 3)


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=3), min_size=1))
def test_no_cell_is_a_formula_and_texts_come_back(rows: list[list[str]]) -> None:
    raw = sheets.written([("a", "b", "c"), *rows])
    cells = [
        cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";") for cell in row
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    expected = [tuple(sheets.unguarded(sheets.flat(cell)) for cell in row) for row in rows]
    assert sheets.read(raw).rows[1:] == tuple(row for row in expected if any(cell.strip() for cell in row))


def book(**parts: bytes) -> bytes:
    """A workbook of Excel with other parts than its own."""
    made = openpyxl.Workbook()
    for row in ROWS:
        made.active.append(row)
    made.save(stream := io.BytesIO())
    with zipfile.ZipFile(stream) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["xl/worksheets/sheet1.xml"] = parts["sheet"]
    return zips.packed(content)


CELL = '<c r="{cell}" t="inlineStr"><is><t>a</t></is></c>'
SHEET = f'<worksheet><sheetData><row r="{{row}}">{CELL}</row></sheetData></worksheet>'


def test_a_cell_whose_place_is_none_of_a_sheet_stands_where_it_comes() -> None:
    for cell, place in (("B1", 1), ("b1", 1), ("ß1", 0), ("1", 0), ("", 0), ("é1", 0)):
        (row,) = sheets.read(book(sheet=SHEET.format(row=1, cell=cell).encode())).rows
        assert row.index("a") == place, cell


def test_a_sheet_with_too_many_rows_says_so() -> None:
    with pytest.raises(Unreadable, match="plus de 20000 lignes"):
        sheets.read(book(sheet=SHEET.format(row=20_001, cell="A1").encode()))


def test_a_text_beyond_the_last_column_or_sheet_is_not_dropped_in_silence() -> None:
    with pytest.raises(Unreadable, match="plus de 200 colonnes"):
        sheets.read(book(sheet=SHEET.format(row=1, cell="GS1").encode()))
    assert sheets.read(book(sheet=SHEET.format(row=1, cell="GR1").encode())).rows[0][199] == "a"
    made = openpyxl.Workbook()
    for number in range(50):
        made.create_sheet(f"F{number}")
    made.save(stream := io.BytesIO())
    with pytest.raises(Unreadable, match="plus de 50 feuilles"):
        list(sheets.book(stream.getvalue()))


def shown(cells: list[tuple[object, str]], *, macintosh: bool = False) -> list[str]:
    """The texts of cells with a value and a format."""
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.MAC_EPOCH if macintosh else openpyxl.utils.datetime.WINDOWS_EPOCH
    for number, (value, form) in enumerate(cells, 1):
        cell = made.active.cell(number, 1, value)
        cell.number_format = form
    made.save(stream := io.BytesIO())
    (sheet,) = sheets.book(stream.getvalue(), shown=True)
    return [row[0] for row in sheet.rows]


def test_a_cell_is_read_as_a_french_excel_shows_it() -> None:
    day = date(2026, 6, 1)
    codes = (r"yyyy\-mm\-dd;@", r"dd\-mmm\-yy", r"d\ mmmm\ yyyy", "[$-40C]d/m/yy", "mm-dd-yy", r"dd/mm/yyyy\ hh:mm")
    assert shown([(day, code) for code in codes]) == ["01/06/2026"] * len(codes)
    assert shown([(day, code) for code in (r"mmmm\ yyyy", "mmm-yy")]) == ["06/2026"] * 2
    cells = [
        (0.8, "0%"), (0.125, "0.0%"), (time(12, 30), "h:mm"), (1.5, "[h]:mm"), (0.1 + 0.2, "General"), (12.0, "0"),
        (150000, r"#,##0\ [$FCFA]"), (True, "General"), ("007", "@"), (datetime(2026, 6, 1, 8), "yyyy"),
    ]  # fmt: skip
    assert shown(cells) == ["80 %", "12,5 %", "12:30", "36:00", "0,3", "12", "150000", "VRAI", "007", "06/2026"]


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    assert shown([(date(2026, 6, 1), "dd/mm/yyyy")], macintosh=True) == ["01/06/2026"]


def test_an_error_of_a_formula_is_no_text() -> None:
    made = openpyxl.Workbook()
    made.active.append(["#REF!"])
    made.save(stream := io.BytesIO())
    (sheet,) = sheets.book(stream.getvalue(), shown=True)
    assert sheet.formulas == {(1, 1)}


def test_a_number_that_is_none_takes_no_longer_the_longer_it_is() -> None:
    text = "1" * 200_000 + "x"
    sheet = f"<worksheet><sheetData><row><c><v>{text}</v></c></row></sheetData></worksheet>"
    assert sheets.read(book(sheet=sheet.encode())).rows == ((text,),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp037"])
def test_entities_grow_in_no_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aa">]>' + SHEET.format(
        row=1, cell="A1"
    )
    head = text.encode("ascii").partition(b"?>")[0] + b"?>" if encoding == "cp037" else b""
    body = text.partition("?>")[2] if head else text
    with pytest.raises(Unreadable):
        sheets.read(book(sheet=head + body.replace(">a<", ">&a;<").encode(encoding)))


def test_a_goal_is_known_however_it_is_typed() -> None:
    for text in ("but-1", "But-1", "but 1", "BUT 1", " 1 ", "but-1.ipynb", "but1"):
        assert goal_of(text).id == "1"
    for text in ("", "0", "6", "but-11", "but", "un", "1.1"):
        with pytest.raises(Refusal, match="cahier"):
            goal_of(text)
