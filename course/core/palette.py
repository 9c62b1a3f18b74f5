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

DARK = {
    PAPER: "#14191e",
    INK: "#ece7de",
    SOFT: "#b9c0c6",
    LINE: "#8794a0",
    FAINT: "#36414b",
    WASH: "#252e36",
    BLUE.deep: "#9cbcff",
    BLUE.pale: "#1b2a45",
    RUST.deep: "#f2a98a",
    RUST.pale: "#3b2118",
    GREEN.deep: "#7fd1b5",
    GREEN.pale: "#12352a",
    PLUM.deep: "#d9a9e8",
    PLUM.pale: "#331f3b",
    OCHRE.deep: "#e0c05a",
    OCHRE.pale: "#352c0d",
}
"""Each colour as it is on a dark page: those of `course/workbook/tokens.css`."""

DARK_STYLE = "@media (prefers-color-scheme:dark){{{}}}".format(
    "".join(f'[{of}="{light}"]{{{of}:{dark}}}' for light, dark in DARK.items() for of in ("fill", "stroke"))
)
"""The style sheet of every picture: in an `<img>`, the scheme is that of the page around it, and light on paper."""
