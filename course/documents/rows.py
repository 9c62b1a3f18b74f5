"""What a row or a cell of a table is by itself, of a canvas or a plan: headings, marks, ranks, options, titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from course.core.answers.registers import IDENTIFIER
from course.core.layouts import kind_of, plain
from course.core.syllabus import Option
from course.documents import plans
from course.documents.incoming import Cell

_HEADINGS_WITHIN = 30  # rows of a table
LONGEST_NAME = 400  # characters of a heading or an option, and of a number a tenth
OPTION = re.compile(
    r"\s*(?:option\s+)?([1-5]\.[1-5])(?:\.|\s?(?=[a-d]\s*(?:$|[:–—.)-])))([a-d])(?!\w)",
    re.I,
)
_SHOWN_MARKS = {
    "option": re.compile(r"\s*([1-5]\.[1-5]\.[a-d])([A-Za-z0-9_-]{1,128}/[A-Za-z0-9_-]{0,128})(?=\n|$)"),
    "number": re.compile(rf"(\d{{0,4}})({plans.MARK}[A-Za-z0-9_-]{{1,128}})$"),
}
_NUMBER = re.compile(r"\W*[\d.]{1,8}\W*")


def heading_of_canvas(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Return the number of the row of headings: two kinds at least, and no text as people write in a field."""
    for number, row in enumerate(rows[:_HEADINGS_WITHIN]):
        names = [cell.text.strip() for cell in row]
        kinds = {kind_of(name) for name in names} - {""}
        is_text = any(re.search(r"[.;!?]$|\n.*\n", name) or len(plain(name).split()) > 5 for name in names)
        if len(kinds) > 1 and not is_text:
            return number
    return None


def heading_of_plan(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Return the number of the row of headings of a plan; None for another table.

    Strategies that other people wrote beside their actions belong to a canvas first.
    """
    for number, row in enumerate(rows[:_HEADINGS_WITHIN]):
        kinds = plans.kinds_of([cell.text for cell in row])
        if kinds and ("strategy" not in kinds or "mark" in kinds):
            return number
    return None


def mark_of(row: Sequence[Cell], kinds: Sequence[str]) -> str:
    """Return the mark of a row of a document of the course; empty for another row."""
    texts = [cell.mark for cell in row if cell.mark]
    texts += [cell.text.strip() for cell, kind in zip(row, kinds, strict=False) if kind == "mark"]
    for text in texts:
        strategy, slash, action = text.partition("/")
        if slash and IDENTIFIER.fullmatch(strategy) and (not action or IDENTIFIER.fullmatch(action)):
            return text
    return ""


def second_heading(rows: Sequence[Sequence[Cell]], kinds: Sequence[str]) -> list[str] | None:
    """Return the kinds of headings in two rows, « Suivi » over « Responsable » and « Échéance »; None of one row."""
    cells = [cell.text for row in rows for cell in row]
    lower = [kind_of(text) for text in cells]
    if not any(lower) or any(text.strip() and not kind for text, kind in zip(cells, lower, strict=True)):
        return None
    return [below or above for above, below in zip_longest(kinds, lower, fillvalue="")]


def repeats_headings(row: Sequence[Cell], names: Sequence[str]) -> bool:
    """Return True for a row that repeats the headings, as on each page."""
    full = [(cell.text, name) for cell, name in zip(row, names, strict=False) if cell.text.strip()]
    return bool(full) and all(plain(text[:LONGEST_NAME]) == plain(name[:LONGEST_NAME]) for text, name in full)


def is_rank(text: str) -> bool:
    """Return True for a number before a row: « 3 », « 3. », « (3) »."""
    return len(text) <= LONGEST_NAME // 10 and _NUMBER.fullmatch(text) is not None


def names_option(text: str, option: str) -> bool:
    """Return True for a text that begins with the number of an option."""
    named = OPTION.match(text)
    return named is not None and f"{named[1]}.{named[2]}".lower() == option


def has_option(row: Sequence[Cell], kinds: Sequence[str]) -> bool:
    """Return True for a row whose cell of the option is filled in."""
    return any(kind == "option" and cell.text.strip() for cell, kind in zip(row, kinds, strict=False))


def unmasked(cell: Cell, kind: str) -> Cell:
    """Return the cell of an option or a rank without the mark that another program shows."""
    shown = _SHOWN_MARKS[kind].match(cell.text) if kind in _SHOWN_MARKS else None
    return replace(cell, text=shown[1] + cell.text[shown.end() :], mark=shown[2]) if shown else cell


def is_title(text: str, title: str) -> bool:
    """Return True for nothing, and for a title or the beginning of it."""
    return plain(title).startswith(plain(text))


def rest_of(text: str, option: Option) -> str:
    """Return what a text says beside the number and the label of an option; empty when that is all."""
    named = OPTION.match(text)
    rest = plain(re.sub(r"^\s*option\b", "", text[named.end() :] if named else text, flags=re.I))
    return "" if plain(option.label).startswith(rest) else rest
