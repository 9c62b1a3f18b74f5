"""Tables for a French Excel: semicolons, UTF-8 with a byte-order mark, every cell a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_MAX_BYTES = 64 * 1024**2


def written(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table's bytes; no cell is a formula, and each row is one line."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(headings)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig", errors="replace")


def read(raw: bytes, columns: int) -> list[tuple[str, ...]]:
    """The rows of a table that `written` made, and that a person may have saved again in Excel.

    Args:
        raw: Its bytes.
        columns: How many cells to give of each row; what is missing is empty.

    Raises:
        csv.Error: It is no table.
    """
    try:
        text = raw[:_MAX_BYTES].decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    next(table, None)
    return [tuple(map(_cell, (*row, *[""] * columns)[:columns])) for row in table if any(row)]


def _text(cell: str) -> str:
    line = "".join(c if c.isprintable() else " " for c in cell)
    return f"'{line}" if line.startswith(_FORMULAS) else line


def _cell(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell
