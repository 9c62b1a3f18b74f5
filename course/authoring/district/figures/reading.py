"""The committed tables as figures read them: blank is unknown, and a line typed twice counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from course.core.content import content
from course.core.syllabus import rows

Line = dict[str, str]
Keep = Callable[[Line], bool]
_IDENTIFIERS = frozenset({"id", "ref_id", "alerte_id"})
"""Codes given at data entry: two lines that differ by them alone are one line typed twice."""


@cache
def lines(table: str) -> tuple[Line, ...]:
    """The lines of `data/district/<table>.csv`, without those typed twice.

    Args:
        table: The name of the file without its ending.

    Returns:
        Column to text for each line, in the order of the file.
    """
    seen: dict[tuple[tuple[str, str], ...], Line] = {}
    for line in rows(table, content("data") / "district"):
        key = tuple((column, value) for column, value in line.items() if column not in _IDENTIFIERS)
        seen.setdefault(key, line)
    return tuple(seen.values())


def total(found: Iterable[Line], column: str) -> int:
    """The sum of a column; blank cells are left out."""
    return sum(int(line[column]) for line in found if line[column])


def share(found: Iterable[Line], holds: Keep) -> float:
    """The share, 0 to 1, of the lines for which something holds; `ZeroDivisionError` when there is no line."""
    known = [holds(line) for line in found]
    return sum(known) / len(known)


def agrees(line: Line, column: str, wanted: bool | None) -> bool:
    """True when nothing is wanted of a oui/non column, or when it says what is wanted."""
    return wanted is None or line[column] == ("oui" if wanted else "non")
