"""Tables as spreadsheets save them are read right, and what is written is no formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core import sheets
from course.core.refusal import Refusal
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


def test_a_goal_is_known_however_it_is_typed() -> None:
    for text in ("but-1", "But-1", "but 1", "BUT 1", " 1 ", "but-1.ipynb", "but1"):
        assert goal_of(text).id == "1"
    for text in ("", "0", "6", "but-11", "but", "un", "1.1"):
        with pytest.raises(Refusal, match="cahier"):
            goal_of(text)
