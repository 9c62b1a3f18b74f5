"""What the tables are made of: rows and the bytes of their file, months and nights, draws."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

_Item = TypeVar("_Item")

Row = dict[str, str | int | None]
"""One line of a table: column to value; None is an empty cell."""

MENTION = "données fictives"

YEARS = (2024, 2025)
MONTHS = tuple(f"{year}-{month:02}" for year in YEARS for month in range(1, 13))
RAINS = frozenset({"06", "07", "08", "09"})
NIGHTFALL, DAYBREAK = 18, 6


def yes(answer: bool) -> str:
    """`oui` or `non`."""
    return "oui" if answer else "non"


def csv_bytes(rows: Sequence[Row]) -> bytes:
    """A table as the bytes of its file: `;`, UTF-8 with byte-order mark, line feeds.

    Args:
        rows: At least one; all with the same columns in the same order.

    Returns:
        The file, with one more column than the rows: `mention`, « données fictives » on every line, so that no extract,
        filter or copy of the table loses it.
    """
    text = io.StringIO(newline="")
    columns = [*rows[0], "mention"]
    writer = csv.DictWriter(text, columns, delimiter=";", lineterminator="\n", restval=MENTION)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


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


class Draws:
    """One table's own stream of chance.

    Only `Random.random()` is promised to be the same in every Python (`random`, « Notes on Reproducibility »), so
    everything else is built on it here, with operations that IEEE 754 rounds exactly.

    Args:
        seed: A whole number, one per table.
    """

    def __init__(self, seed: int) -> None:
        """Start the stream."""
        self._next = Random(seed).random

    def chance(self, probability: float) -> bool:
        """True with that probability, 0 to 1."""
        return self._next() < probability

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included, each as likely as another."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, items: Sequence[_Item]) -> _Item:
        """One of the items, each as likely as another."""
        return items[self.integer(0, len(items) - 1)]

    def weighted(self, weights: Mapping[_Item, float]) -> _Item:
        """One of the keys, as likely as its weight is heavy; weights need not add up to 1."""
        left = self._next() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return next(reversed(list(weights)))

    def shuffled(self, items: Sequence[_Item]) -> list[_Item]:
        """The items in a random order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.integer(0, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def around(self, mean: float, deviation: float) -> float:
        """A number that falls around the mean as a bell curve does, never beyond six standard deviations."""
        total = 0.0
        for _ in range(12):  # twelve uniform draws have variance 1 together
            total += self._next()
        return mean + deviation * (total - 6.0)

    def count(self, mean: float) -> int:
        """A number of events, 0 or more, that varies as counts do: the variance is the mean."""
        return max(0, round(self.around(mean, math.sqrt(mean))))


def adjusted(draws: Draws, values: Sequence[int], total: int, bounds: tuple[int, int]) -> list[int]:
    """The values, nudged one by one at random places until they add up to `total`.

    Args:
        draws: The stream that chooses the places.
        values: Whole numbers within the bounds.
        total: What they must add up to; the bounds must allow it.
        bounds: The least and the greatest value allowed.

    Returns:
        As many values, in the same places.
    """
    result = list(values)
    low, high = bounds
    missing = total - sum(result)
    while missing:
        place, step = draws.integer(0, len(result) - 1), 1 if missing > 0 else -1
        if low <= result[place] + step <= high:
            result[place] += step
            missing -= step
    return result
