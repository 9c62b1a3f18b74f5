"""Tables for spreadsheets: cells with types, as an Excel workbook or as CSV; nothing that people wrote is a formula."""

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

MOST_ROWS = 1_048_575  # below the headings; Excel opens no more
_MOST_CHARACTERS = 32_767
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # by XML, and so by Excel
_A4 = 9
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
        heading: What stands over it.
        meaning: What it says, for who opens the table in a year.
        width: In Excel, in characters.
    """

    heading: str
    meaning: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a workbook.

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
    """A table as CSV, by default for a French Excel; texts keep their lines."""
    headings = [column.heading for column in columns]
    cells = ([_clean(in_words(cell)) for cell in row] for row in rows)
    return sheets.written([headings, *cells], delimiter=delimiter, encoding=encoding, one_line=False)


def in_words(cell: Cell) -> str:
    """A cell as French text: decimal comma, « oui » and « non », nothing where there is nothing."""
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
            return f"{cell:%d/%m/%Y %H:%M}"  # as a spreadsheet reads it
        case _:
            return cell


def as_excel(tables: Iterable[Sheet], title: str) -> tuple[bytes, tuple[str, ...]]:
    """A workbook.

    Args:
        tables: Its sheets.
        title: Among its properties.

    Returns:
        The file, and what does not stand in it as it was written, in French sentences; none for any usual class.
    """
    import xlsxwriter  # noqa: PLC0415 - only who exports needs it

    stream = io.BytesIO()
    cuts = _Cuts()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties({"title": title, "comments": "Données personnelles."})
        looks = _Looks(book)
        for table in tables:
            _fill(book.add_worksheet(table.name), table, looks, cuts)
    return stream.getvalue(), tuple(cuts.notices())


@dataclass(slots=True)
class _Cuts:
    """What does not fit into a workbook: the names of sheets that are too long, and how many cells are."""

    sheets: list[str] = field(default_factory=list)
    cells: int = 0

    def notices(self) -> Iterator[str]:
        for name in self.sheets:
            yield f"Excel : la feuille « {name} » n’a que ses {french(MOST_ROWS)} premières lignes. {_ELSEWHERE}"
        if self.cells:
            cut = counted(self.cells, "cellule coupée", "cellules coupées")
            yield f"Excel : {cut} à {french(_MOST_CHARACTERS)} signes. {_ELSEWHERE}"


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.head: Format = book.add_format({"bold": True, "bg_color": "#E6EEFB", "border": 1, "text_wrap": True})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        # A decimal comma where Excel is French: the format is that of the reader's own settings.
        self.number: Format = book.add_format({"num_format": "0.0", "valign": "top"})
        self.whole: Format = book.add_format({"valign": "top"})


def _fill(sheet: Worksheet, table: Sheet, looks: _Looks, cuts: _Cuts) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.heading, looks.head)
    last = 0
    for number, row in enumerate(table.rows, 1):
        if number > MOST_ROWS:
            cuts.sheets.append(table.name)
            break
        last = number
        for place, cell in enumerate(row):
            _put(sheet, number, place, cell, looks, cuts)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _put(sheet: Worksheet, row: int, place: int, cell: Cell, looks: _Looks, cuts: _Cuts) -> None:  # noqa: PLR0913, PLR0917
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_string(row, place, in_words(cell), looks.text)
        case int() | float():
            sheet.write_number(row, place, cell, looks.number if isinstance(cell, float) else looks.whole)
        case datetime():
            sheet.write_datetime(row, place, cell)
        case _:
            sheet.write_string(row, place, _fitting(cell, cuts), looks.text)


def _fitting(text: str, cuts: _Cuts) -> str:
    text = _clean(text)
    # XlsxWriter measures a text in code points, and Excel in UTF-16: a character outside the first plane takes two.
    if len(text) <= _MOST_CHARACTERS // 2 or len(text.encode("utf-16-le")) // 2 <= _MOST_CHARACTERS:
        return text
    cuts.cells += 1
    return text.encode("utf-16-le")[: 2 * (_MOST_CHARACTERS - 1)].decode("utf-16-le", errors="ignore")


def _clean(text: str) -> str:
    """A text without the characters that no spreadsheet takes; a line ends in one way."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
