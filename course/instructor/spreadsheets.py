"""Tables with typed cells as Excel workbooks or CSV; no text written by people becomes a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from course.core import sheets
from course.core.words import counted, french, points

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575  # below the headings: Excel's maximum
_MOST_CHARACTERS = 32_767
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
)  # not allowed in XML, and so in Excel
_A4 = 9
_HEAD_HEIGHT = 48  # points: three lines of a heading
_ELSEWHERE = "Le fichier CSV a tout."
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
    "default_date_format": "dd/mm/yyyy hh:mm",
}

Cell = str | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        heading: Its heading.
        meaning: Its explanation for the reader.
        width: Its width in Excel, in characters.
    """

    heading: str
    meaning: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        name: Its French name.
        columns: Its columns.
        rows: Its rows, a cell for each column.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def as_csv(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, delimiter: str = ";", encoding: str = "utf-8-sig"
) -> bytes:
    """Return a table as CSV, by default for a French Excel; texts keep their line breaks."""
    headings = [column.heading for column in columns]
    cells = ([_clean(in_words(cell)) for cell in row] for row in rows)
    return sheets.written([headings, *cells], delimiter=delimiter, encoding=encoding, one_line=False)


def in_words(cell: Cell) -> str:
    """Return a cell as French text: decimal comma, « oui » and « non », empty for None."""
    match cell:
        case None:
            return ""
        case bool():
            return "oui" if cell else "non"
        case int():
            return str(cell)
        case float():
            return points(round(cell, 2))
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M}"  # a format that spreadsheets read
        case _:
            return cell


def as_excel(tables: Iterable[Sheet], title: str) -> tuple[bytes, tuple[str, ...]]:
    """Return an Excel workbook.

    Args:
        tables: Its sheets.
        title: The title in its properties.

    Returns:
        The file, and French sentences on the sheets and cells that were cut; none for any usual class.
    """
    import xlsxwriter  # noqa: PLC0415 - only needed for exports

    stream = io.BytesIO()
    cuts = _Cuts()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties({"title": title, "comments": "Données personnelles."})
        formats = _Formats(book)
        for table in tables:
            _fill(book.add_worksheet(table.name), table, formats, cuts)
    return stream.getvalue(), tuple(cuts.notices())


@dataclass(slots=True)
class _Cuts:
    """The content that does not fit into a workbook: the names of cut sheets, and the number of cut cells."""

    sheets: list[str] = field(default_factory=list)
    cells: int = 0

    def notices(self) -> Iterator[str]:
        for name in self.sheets:
            yield f"Excel : la feuille « {name} » n’a que ses {french(MOST_ROWS)} premières lignes. {_ELSEWHERE}"
        if self.cells:
            cut = counted(self.cells, "cellule coupée", "cellules coupées")
            yield f"Excel : {cut} à {french(_MOST_CHARACTERS)} signes. {_ELSEWHERE}"


class _Formats:
    """The cell formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.head: Format = book.add_format({"bold": True, "bg_color": "#E6EEFB", "border": 1, "text_wrap": True})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        # Excel shows the decimal separator of the reader's locale.
        self.number: Format = book.add_format({"num_format": "0.0", "valign": "top"})
        self.whole: Format = book.add_format({"valign": "top"})


def _fill(sheet: Worksheet, table: Sheet, formats: _Formats, cuts: _Cuts) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_row(0, _HEAD_HEIGHT)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.heading, formats.head)
    last = 0
    for number, row in enumerate(table.rows, 1):
        if number > MOST_ROWS:
            cuts.sheets.append(table.name)
            break
        last = number
        for index, cell in enumerate(row):
            _put(sheet, number, index, cell, formats, cuts)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _put(sheet: Worksheet, row: int, column: int, cell: Cell, formats: _Formats, cuts: _Cuts) -> None:  # noqa: PLR0913, PLR0917
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_string(row, column, in_words(cell), formats.text)
        case int() | float():
            sheet.write_number(row, column, cell, formats.number if isinstance(cell, float) else formats.whole)
        case datetime():
            sheet.write_datetime(row, column, cell)
        case _:
            text = _fitting(cell, cuts)
            if text.startswith("<r>"):  # XlsxWriter takes such a text for its own XML, but not one of two pieces
                sheet.write_rich_string(row, column, text[0], formats.text, text[1:], formats.text)
            else:
                sheet.write_string(row, column, text, formats.text)


def _fitting(text: str, cuts: _Cuts) -> str:
    text = _clean(text)
    # Excel counts UTF-16 code units and XlsxWriter code points: a character outside the first plane counts twice.
    if len(text) <= _MOST_CHARACTERS // 2 or len(text.encode("utf-16-le")) // 2 <= _MOST_CHARACTERS:
        return text
    cuts.cells += 1
    return text.encode("utf-16-le")[: 2 * (_MOST_CHARACTERS - 1)].decode("utf-16-le", errors="ignore")


def _clean(text: str) -> str:
    """Return a text with uniform line ends and without characters that spreadsheets refuse."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
