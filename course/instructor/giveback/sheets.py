"""The marks of a class as a workbook for Excel, a row at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from course.core import files as durable
from course.instructor.giveback import tables
from course.instructor.giveback.records import Record
from course.instructor.giveback.writing import not_written

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

# What a person types never becomes a formula, a link or a number.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# A decimal comma where Excel is French: the format is that of the reader's own settings.
_NUMBER = "0.0"
_MOST = 32_767  # characters that a cell of Excel holds


def write(path: Path, found: Sequence[Record]) -> None:
    """Writes the workbook: totals by goal, and every canvas.

    Args:
        path: Where it goes; its folder is made when missing.
        found: What the trainees got.

    Raises:
        Refusal: It cannot be written; an older one is as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.stem}-", dir=path.parent, ignore_cleanup_errors=True) as place:
            made = Path(place) / path.name
            _fill(made, found)
            durable.replace(made, path)
    except OSError as error:
        raise not_written(path, error) from error


def _fill(path: Path, found: Sequence[Record]) -> None:
    import xlsxwriter  # noqa: PLC0415 - only who exports needs it

    workbook = xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": str(path.parent)})
    try:
        workbook.set_properties({"title": "Notes de la promotion", "comments": ""})
        _sheet(workbook, "Par but", tables.totals_headings(), tables.totals(found))
        lines = (line.cells for line in tables.lines(found))
        _sheet(workbook, "Par canevas", tables.CANVAS, lines)
    finally:
        with suppress(OSError):
            workbook.close()


def _sheet(workbook: Workbook, name: str, headings: Sequence[str], rows: Iterable[Sequence[tables.Cell]]) -> None:
    sheet = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    number = workbook.add_format({"num_format": _NUMBER})
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, 60 if heading == "commentaire" else 14)
    sheet.write_row(0, 0, headings, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _put(sheet, last, column, cell, number)
    sheet.autofilter(0, 0, last, len(headings) - 1)


def _put(sheet: object, row: int, column: int, cell: tables.Cell, number: Format) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, cell if len(cell) <= _MOST else f"{cell[: _MOST - 1]}…")  # type: ignore[attr-defined]
    elif cell is not None:
        sheet.write_number(row, column, cell, number)  # type: ignore[attr-defined]
