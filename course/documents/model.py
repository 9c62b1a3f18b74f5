"""What a document holds, whatever its form: sheets of rows under columns that are described by data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from course.core.words import french

BLANK_NAMES = f"Noms\u00a0: {'…' * 30}"
BLANK_DATE = f"Date\u00a0: {'…' * 12}"
"""The lines to write names and a date on."""


class Paper(StrEnum):
    """A size of paper, always laid on its side; the value is its name."""

    A4 = "A4"
    A3 = "A3"

    @property
    def millimetres(self) -> tuple[int, int]:
        """The width and the height."""
        return (297, 210) if self is Paper.A4 else (420, 297)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes:
        key: The field of a row, `action`.
        heading: Its heading.
        width: Its share of the page's width.
        choices: The texts that a drop-down offers; none for free text.
        under: Whether a page shows it under the column before it, and Excel beside.
        is_number: Whether it holds whole numbers.
    """

    key: str
    heading: str
    width: int
    choices: tuple[str, ...] = ()
    under: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet.

    Attributes:
        texts: Its texts by column key; a missing one is empty.
        mark: What identifies the row when it comes back, read by nobody; empty for a row to fill in.
        continued: Whether it belongs to the row above.
    """

    texts: Mapping[str, str]
    mark: str = ""
    continued: bool = False

    def shown(self, column: Column) -> str:
        """Return the text of a column as a page shows it: « 150 000 »."""
        text = self.texts.get(column.key, "")
        return french(int(text)) if column.is_number and text else text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title: a canvas, or another table that people fill in.

    Attributes:
        name: Its short name, at most 31 characters without the signs of paths: « Canevas 1.1 ».
        title: Its title.
        columns: Its columns.
        rows: Its rows.
        note: A line under the title; empty for none.
        held: How many of its first columns stay in view in Excel, and repeat on each page.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    held: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes:
        title: Its title.
        people: A line on who works; for a blank one, a line to write names on.
        date: A line on when it was made; for a blank one, a line to write a date on.
        sheets: Its sheets.
        blank: Whether it is filled in by hand: rows are high.
        paper: Its paper.
        points: The size of its letters.
    """

    title: str
    people: str
    date: str
    sheets: tuple[Sheet, ...]
    blank: bool = False
    paper: Paper = Paper.A4
    points: int = 10
