"""The district's 24 months, its rainy season and its nights."""

from __future__ import annotations

from datetime import date, datetime, timedelta

YEARS = (2024, 2025)
MONTHS = tuple(f"{year}-{month:02}" for year in YEARS for month in range(1, 13))
RAINS = frozenset({"06", "07", "08", "09"})
NIGHTFALL, DAYBREAK = 18, 6


def rainy(day: str) -> bool:
    """True when a month (`2024-07`) or a date (`2024-07-15`) is in the rainy season, June to September."""
    return day[5:7] in RAINS


def at_night(moment: datetime) -> bool:
    """True from 18:00 to 05:59."""
    return moment.hour >= NIGHTFALL or moment.hour < DAYBREAK


def month_end(month: str) -> date:
    """The last day of a month (`2024-07`)."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def months_between(first: str, last: str) -> int:
    """How many months lie from `first` to `last`: 0 within one month, negative when `last` comes before."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])


def month_before(month: str, months: int) -> str:
    """The month that comes `months` months before another."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - months
    return f"{number // 12}-{number % 12 + 1:02}"


def stamp(moment: datetime) -> str:
    """A date and time as the tables write it: `2024-07-15 06:30`."""
    return moment.strftime("%Y-%m-%d %H:%M")
