"""A mark as it is written in French."""

from __future__ import annotations

from fractions import Fraction


def points(value: Fraction | float) -> str:
    """A number of points with a decimal comma, without zeros that say nothing: `1,5`, `2`; six digits at most."""
    return f"{float(value):g}".replace(".", ",")
