"""Tables as spreadsheets save them are read right, and what is written is no formula."""

from __future__ import annotations

import csv
import io
import zipfile

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
