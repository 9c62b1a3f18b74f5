"""Tables as CSV: read as any spreadsheet saves them, written for a French Excel, without formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course.core.refusal import Unreadable

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = ";,\t"
_OLD = ("cp1252", "mac_roman", "cp850")  # what Excel writes by « CSV », « CSV (Macintosh) » and « CSV (MS-DOS) »
_FRENCH = frozenset("àâäçéèêëîïôöùûüœæÀÂÇÉÈÊËÎÏÔÙÛŒ’«»°€")
_LETTERS = frozenset("áãåíìñóòõøúýÿÁÄÅÍÌÑÓÒÖÕØÚÜßŠšŽž")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that a spreadsheet saved.

    Attributes:
        rows: Its rows of text cells, the headings first; formula guards are taken off, empty rows are left out.
        lines: Of each row, the number of its line in the file, from 1.
        delimiter: What separates its cells.
        encoding: How its bytes were read.
    """

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    delimiter: str
    encoding: str


def read(raw: bytes) -> Sheet:
    """The table in a CSV file that a spreadsheet saved, on any system.

    Args:
        raw: Its bytes; UTF-8 or UTF-16 with or without a mark, or an old Windows, Macintosh or DOS encoding; separated
            by semicolons, commas or tabs; lines end with LF, CR or both; a first line `sep=;` is obeyed.

    Raises:
        Unreadable: It is no table.
    """
    text, encoding = decoded(raw)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head, _, rest = text.partition("\n")
    skipped = 0
    if head.casefold().startswith("sep=") and len(head) == len("sep=") + 1:
        text, delimiter, skipped = rest, head[-1], 1
    else:
        first = next((line for line in text.split("\n") if line.strip(f"{_DELIMITERS} ")), "")
        delimiter = max(_DELIMITERS, key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines = [], []
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                rows.append(tuple(unguarded(cell) for cell in cells))
                lines.append(table.line_num + skipped)
    except csv.Error:
        raise Unreadable("Ce n’est pas un tableau CSV.") from None
    return Sheet(tuple(rows), tuple(lines), delimiter, encoding)


def decoded(raw: bytes) -> tuple[str, str]:
    """The text of a file of unknown encoding, and the encoding that gives the most French letters."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), encoding
    sample = raw[:4096]
    if sample.count(0) > len(sample) // 4:
        encoding = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        return raw.decode(encoding, errors="replace"), encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        texts = {encoding: raw.decode(encoding, errors="replace") for encoding in _OLD}
        best = max(_OLD, key=lambda encoding: likeness(texts[encoding]))
        return texts[best], best


def likeness(text: str) -> int:
    """How much a decoded text looks like French: French letters add to it, unusual signs subtract."""
    foreign = [character for character in text if character > "\x7f"]
    return sum(2 if c in _FRENCH else 0 if c in _LETTERS else -2 for c in foreign)


def written(
    rows: Iterable[Sequence[str]], *, delimiter: str = ";", encoding: str = "utf-8-sig", one_line: bool = True
) -> bytes:
    """The bytes of a table for a spreadsheet, by default a French Excel; no cell is a formula.

    Args:
        rows: The headings and the rows.
        delimiter: What separates cells.
        encoding: `utf-8-sig` for Excel, `utf-8` for other programs.
        one_line: Whether line breaks and control characters become spaces, so that a row is one line.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    for row in rows:
        writer.writerow([guarded(flat(cell) if one_line else cell) for cell in row])
    return stream.getvalue().encode(encoding, errors="replace")


def flat(cell: str) -> str:
    """A text on one line: a space stands for each character that does not print."""
    return "".join(character if character.isprintable() else " " for character in cell)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before one that it would."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell
