"""The lines of the district's tables, read from `data/district/`, and the calendar of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cache

from course.authoring.country import original
from course.core.content import content
from course.core.syllabus import rows

Line = dict[str, str]
"""A line of a table: column to text."""

MONTHS = tuple(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
"""The months covered by the tables, in their format."""

_IDENTIFIERS = frozenset({"id", "ref_id", "alerte_id"})
"""Codes assigned at data entry: two lines that differ by them alone are duplicates."""
_RAINS = frozenset({"06", "07", "08", "09"})


def typed(table: str) -> list[Line]:
    """Return the lines of `data/district/<table>.csv`, duplicates included, in the original words of the course."""
    lines = rows(table, content("data") / "district")
    return [{column: original(value) for column, value in line.items()} for line in lines]


@cache
def lines(table: str) -> tuple[Line, ...]:
    """Return the lines of `data/district/<table>.csv` in the order of the file, without duplicates."""
    unique: dict[tuple[tuple[str, str], ...], Line] = {}
    for line in typed(table):
        key = tuple((column, value) for column, value in line.items() if column not in _IDENTIFIERS)
        unique.setdefault(key, line)
    return tuple(unique.values())


def total(group: Iterable[Line], column: str) -> int:
    """Return the sum of a column, blank cells left out."""
    return sum(int(line[column]) for line in group if line[column])


def share(group: Iterable[Line], holds: Callable[[Line], bool]) -> float:
    """Return the share of the lines that satisfy a condition; `ZeroDivisionError` without lines."""
    answers = [holds(line) for line in group]
    return sum(answers) / len(answers)


def agrees(line: Line, column: str, wanted: bool | None) -> bool:
    """Return True when a oui/non column has the wanted value, or when `wanted` is None."""
    return wanted is None or line[column] == ("oui" if wanted else "non")


def rainy(day: str) -> bool:
    """Return True when a month (`2024-07`) or a date (`2024-07-15`) is in the rainy season, June to September."""
    return day[5:7] in _RAINS


def at_night(moment: datetime) -> bool:
    """Return True from 18:00 to 05:59."""
    return moment.hour >= 18 or moment.hour < 6


def month_end(month: str) -> date:
    """Return the last day of a month (`2024-07`)."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def months_between(first: str, last: str) -> int:
    """Return the number of months from `first` to `last`: 0 within one month, negative when `last` comes before."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])
