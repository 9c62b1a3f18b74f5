"""A document as an Excel workbook: cells of text, drop-downs where there is a choice, headings that stay in view."""

from __future__ import annotations

import io
import math

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from course.core.sheets import escaped
from course.documents.model import Column, Document, Row, Sheet

MARK = "Repère"
"""The heading of the hidden column that identifies rows."""
HEADING_ROW = 4
_TEXT = "@"  # Excel's own format of text: what is typed there stays as it is typed
_FONT = "Calibri"
_WHOLE = "#,##0"
_EMPTY = 20  # rows to go on writing in
_LONGEST, _LONGEST_TITLE = 4_000, 32  # characters of a text; of the title of a message, Excel’s own limit
_PAGE = 200  # characters on a page's width that can still be read
_BLANK_HEIGHT, _LINE_HEIGHT, _MOST_HEIGHT = 45, 15, 400  # points; Excel's own limit is 409
_LINE = Side(style="thin", color="8A8A8A")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="D9E7EA")
_PAPERS = {"A4": 9, "A3": 8}


def excel(document: Document) -> bytes:
    """Return a document as an .xlsx; no text is a formula, and what XML cannot hold is escaped as Excel does."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = escaped(document.title), ""
    for sheet in document.sheets:
        _fill(book.create_sheet(sheet.name), sheet, document)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(page: Worksheet, sheet: Sheet, document: Document) -> None:
    headings = [MARK, *(column.heading for column in sheet.columns)]
    for number, text in enumerate((sheet.title, document.people, document.date), 1):
        _write(page, number, 2, text).font = Font(name=_FONT, bold=number == 1, size=14 if number == 1 else 11)
    if sheet.note:
        _write(page, 3, 5, sheet.note)
    for number, heading in enumerate(headings, 1):
        cell = _write(page, HEADING_ROW, number, heading)
        cell.font, cell.fill, cell.border = Font(name=_FONT, bold=True), _HEAD, _BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    empty = () if document.blank else (Row({}),) * _EMPTY
    for number, row in enumerate((*sheet.rows, *empty), HEADING_ROW + 1):
        _write(page, number, 1, row.mark)
        for rank, column in enumerate(sheet.columns, 2):
            text = row.texts.get(column.key, "")
            cell = _write_number(page, number, rank, text) if column.is_number else _write(page, number, rank, text)
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), _BORDER
        page.row_dimensions[number].height = _BLANK_HEIGHT if document.blank else _height(sheet, row)
    _choices(page, sheet, HEADING_ROW + len(sheet.rows) + len(empty))
    _lay_out(page, sheet, document)


def _height(sheet: Sheet, row: Row) -> float:
    """Return the height that shows a row's texts, in points: not every program finds it by itself."""
    lines = max(
        sum(1 + len(line) // max(1, int(_characters(column))) for line in row.texts.get(column.key, "").split("\n"))
        for column in sheet.columns
    )
    return min(_MOST_HEIGHT, _LINE_HEIGHT * lines)


def _characters(column: Column) -> float:
    """Return the width of a column, in characters."""
    return max(9, column.width * 0.65)


def _write(page: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)  # no cells are merged here
    if text:
        cell.value = escaped(text)
        cell.data_type = "s"  # not a formula, whatever it begins with
    cell.number_format = _TEXT
    return cell


def _write_number(page: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value, cell.number_format = int(text) if text else None, _WHOLE
    return cell


def _choices(page: Worksheet, sheet: Sheet, last: int) -> None:
    for number, column in enumerate(sheet.columns, 2):
        letter = get_column_letter(number)
        if column.choices:
            rule = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            rule.error = "Choisissez dans la liste."
        elif column.is_number:
            rule = DataValidation("whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
            rule.error = "Écrivez un nombre, en chiffres et sans lettres."
        else:
            rule = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(_LONGEST), allow_blank=True)
            rule.error = "Le texte dépasse 4\u202f000 caractères\u202f: raccourcissez-le."
        rule.errorTitle, rule.showErrorMessage = column.heading[:_LONGEST_TITLE], True
        rule.add(f"{letter}{HEADING_ROW + 1}:{letter}{max(last, HEADING_ROW + 1)}")
        page.add_data_validation(rule)


def _lay_out(page: Worksheet, sheet: Sheet, document: Document) -> None:
    page.column_dimensions["A"].hidden = True
    for number, column in enumerate(sheet.columns, 2):
        page.column_dimensions[get_column_letter(number)].width = _characters(column)
    page.freeze_panes = f"{get_column_letter(sheet.held + 2) if sheet.held else 'A'}{HEADING_ROW + 1}"
    page.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    if sheet.held:
        page.print_title_cols = f"B:{get_column_letter(sheet.held + 1)}"
    page.row_dimensions[HEADING_ROW].height = _height(sheet, Row({c.key: c.heading for c in sheet.columns}))
    setup = page.page_setup
    setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = (
        "landscape",
        _PAPERS[document.paper],
        math.ceil(sum(map(_characters, sheet.columns)) / _PAGE),
        0,
    )
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.HeaderFooter.oddFooter = HeaderFooterItem(right=_HeaderFooterPart("page &P sur &N"))
