"""The colours of the figures: five families that colour-blind readers can distinguish, each deep and pale.

The families are those of Okabe and Ito (2008), darkened until white letters are legible on them. No information is
conveyed by colour alone: a number, a label or a position conveys it too.
"""

from __future__ import annotations

from dataclasses import dataclass

PAPER = "#ffffff"
INK = "#16212b"
SOFT = "#46535f"
LINE = "#6b7884"
FAINT = "#c3cad1"
WASH = "#f3f5f7"


@dataclass(frozen=True, slots=True)
class Family:
    """A colour in two strengths.

    Attributes:
        deep: For borders, discs and lines; white letters on it have a contrast of 4.5 or more.
        pale: For grounds; ink on it has a contrast of 12 or more.
    """

    deep: str
    pale: str


BLUE = Family("#2f63c8", "#e6eefb")
RUST = Family("#7d2608", "#fbe9df")
GREEN = Family("#00533f", "#dff1ea")
PLUM = Family("#5a1d6e", "#f3e9f6")
OCHRE = Family("#856700", "#fdf3cf")
FAMILIES = (BLUE, RUST, GREEN, PLUM, OCHRE)
"""In the order of the five goals."""
