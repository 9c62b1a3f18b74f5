"""The quality of a canvas: six criteria, each at zero, half or full, assigned by a person.

Source: `data/rubric.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from course.core import syllabus
from course.core.completeness import POINTS as COMPLETENESS_POINTS

LEVELS = ("zéro", "moitié", "plein")
QUALITY_POINTS = 14
TOTAL_POINTS = COMPLETENESS_POINTS + QUALITY_POINTS
PASS_TOTAL = 12
PASS_QUALITY = 7

Level = int | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the six criteria.

    Attributes:
        id: `q1` … `q6`.
        title: Its title.
        points: Its points at the full level, 1 to 3.
        levels: The descriptions of zero, half and full.
    """

    id: str
    title: str
    points: int
    levels: tuple[str, str, str]

    @property
    def short_title(self) -> str:
        """The title up to its first colon."""
        return re.split(r"\s*:", self.title)[0]

    def worth(self, level: int) -> Fraction:
        """Return the points of a level.

        Args:
            level: 0 for zero, 1 for half, 2 for full.
        """
        return Fraction(self.points * level, 2)


@cache
def load() -> tuple[Criterion, ...]:
    """Return the course's criteria, in the order of their table."""
    return tuple(
        Criterion(row["criterion"], row["title"], int(row["points"]), (row["zero"], row["half"], row["full"]))
        for row in syllabus.rows("rubric")
    )


def quality(levels: Sequence[Level]) -> Fraction | None:
    """Return the quality mark of six levels, 0 to 14 by halves; None while one of them is missing.

    Args:
        levels: The level of each criterion of `load()`, in its order: 0, 1, 2, or None.
    """
    set_levels = [level for level in levels if level is not None]
    if len(set_levels) < len(load()):
        return None
    return sum((criterion.worth(level) for criterion, level in zip(load(), set_levels, strict=True)), Fraction(0))


def passed(completeness: Fraction | float | None, quality_mark: Fraction | float | None) -> bool:
    """Return True when a canvas passes: at least 12 of 20 in all, and at least 7 of 14 for quality."""
    if quality_mark is None:
        return False
    return (completeness or 0) + quality_mark >= PASS_TOTAL and quality_mark >= PASS_QUALITY
