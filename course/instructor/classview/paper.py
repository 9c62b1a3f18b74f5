"""The paper that the charts of a class are drawn on: its size, its letters, and the files that come of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

from course.core.palette import FAINT, INK, SOFT

_FONT = "DejaVu Sans"  # comes with matplotlib
_STYLE = {
    "font.size": 11.5,
    "font.family": _FONT,
    "text.color": INK,
    "text.parse_math": False,  # « $ » in a name is money
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "path",
    "svg.hashsalt": "classe",
    "pdf.fonttype": 42,
}
_DOTS = 180  # to the inch, of a PNG: sharp on a page
_LONGEST = 34


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the class, and the same in words and in figures.

    Attributes:
        name: The name of its files, without the ending.
        title: Its title, in French.
        told: What it shows, in one or two sentences: its text alternative.
        heads: The headings of the table of its figures.
        rows: The rows of it.
        draw: Makes the drawing, whole, with its title.
    """

    name: str
    title: str
    told: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    draw: Callable[[], Figure]

    def files(self) -> dict[str, bytes]:
        """The drawing as SVG and PNG, by ending."""
        found = {}
        with rc_context(_STYLE):
            figure = self.draw()
            for ending, date in (("svg", {"Date": None}), ("png", {})):
                stream = io.BytesIO()
                figure.savefig(stream, format=ending, dpi=_DOTS, metadata={"Title": self.title, **date})
                found[ending] = stream.getvalue()
        return found


def booklet(charts: Sequence[Chart]) -> bytes:
    """The charts as one PDF, a page each."""
    stream = io.BytesIO()
    with rc_context(_STYLE), PdfPages(stream, metadata={"Title": "La classe en graphiques"}) as pages:
        for chart in charts:
            pages.savefig(chart.draw())
    return stream.getvalue()


def drawable(names: Sequence[str]) -> tuple[list[str], bool]:
    """Names as they can be drawn: on one line, not too long, and with a number for one whose letters the font lacks.

    Returns:
        The names, and whether any number stands for one.
    """
    known = _letters()
    shown = []
    for number, name in enumerate(names, 1):
        line = "".join(c if c.isprintable() else " " for c in name)
        line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
        shown.append(line if all(ord(c) in known for c in line) else f"Copie n° {number}")
    return shown, any(each.startswith("Copie n° ") and each != name for each, name in zip(shown, names, strict=True))


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(_FONT)).get_charmap())
