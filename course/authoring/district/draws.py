"""Draws that give the same sequence on every platform and every Python: one stream of `random()` and arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

_Item = TypeVar("_Item")


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
