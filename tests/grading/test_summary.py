"""The table of a grading run opens in a French Excel, and no cell of it is a formula."""

import pytest

from course.instructor.grading.summary import as_text, write


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_be_a_formula_is_text(cell):
    assert as_text(["awa", cell]) == ["awa", f"'{cell}"]


def test_it_has_semicolons_a_byte_order_mark_and_decimal_commas(tmp_path):
    path = tmp_path / "bilans" / "but-1.csv"
    write(path, [("=cmd", "1.1", "4,5", "Une ; deux")])
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines == ["stagiaire;canevas;complétude sur 6;remarque", '\'=cmd;1.1;4,5;"Une ; deux"']
