"""Charts as SVG, with the standard library only: a sheet, its shapes, its scales and axes.

The files are the same bytes on every machine. They are ASCII, with character references: JupyterLite passes the text
of an SVG file through `btoa`, which accepts Latin-1 only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from course.core.palette import DARK_STYLE, FAINT, INK, LINE, PAPER, SOFT, Family
from course.core.words import french, typeset

WIDTH = 760
"""The width of a chart in pixels: it fits a notebook's cell."""
LEFT, RIGHT = 20, WIDTH - 20
SMALLEST = 15
"""The smallest font size in pixels: a notebook may reduce a picture a little, and 14 must remain."""

_FONTS = "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_LEADING = 1.32
_LETTER = 8.2  # mean width in pixels of a letter of the widest of these fonts at 15 pixels
_SQUARE = 16

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Fill:
    """The colour of a bar: deep, or pale with a deep border, distinguishable without seeing colours."""

    family: Family
    pale: bool = False

    @property
    def ink(self) -> str:
        """The colour of letters on it."""
        return INK if self.pale else PAPER


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from values to pixels on the sheet: `low` is at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the position of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture.

    Attributes:
        title: Its name, in French; it reveals no finding.
        source: The table and the part of it that are shown; printed at its foot.
        alternative: Its content, values included, in French sentences.
        svg: The bytes of its file.
    """

    title: str
    source: str
    alternative: str
    svg: bytes


class SvgSheet:
    """Paper, dark on a dark page, on which shapes are drawn from back to front.

    Texts are typed with plain spaces; French no-break spaces are set here.

    Args:
        title: The picture's name, in French, also printed at its head.
        source: The text at its foot on the left; a line feed starts another line.
        width: Its width in pixels.
        mention: The text at its foot on the right.
    """

    def __init__(self, title: str, source: str, *, width: int = WIDTH, mention: str = "données fictives") -> None:
        """Create a sheet with its title."""
        self._title, self._source, self._width, self._mention = typeset(title), typeset(source), width, mention
        self._shapes: list[str] = []
        self.text(LEFT, 36, title, size=19, bold=True)

    def chart(self, height: int, values: str) -> Drawing:
        """Return the picture, with a text alternative of the title, the values, in sentences, and the mention."""
        return self.drawing(height, f"{self._title}. {values} Données fictives.")

    def drawing(self, height: int, alternative: str) -> Drawing:
        """Return the picture, `height` pixels high, with its text alternative."""
        lines = self._source.split("\n")
        self.text(LEFT, height - 14 - 20 * (len(lines) - 1), *lines, fill=SOFT)
        self.text(self._width - 20, height - 14, self._mention, fill=SOFT, anchor="end")
        description = typeset(alternative)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self._width}" height="{height}" '
            f'viewBox="0 0 {self._width} {height}" role="img" aria-labelledby="titre description" lang="fr" '
            f'font-family="{_FONTS}">\n<title id="titre">{escape(self._title)}</title>\n'
            f'<desc id="description">{escape(description, quote=False)}</desc>\n'
            f"<style>{DARK_STYLE}</style>\n"
            f'<rect width="{self._width}" height="{height}" rx="14" fill="{PAPER}"/>'
        )
        document = "\n".join([head, *self._shapes, "</svg>\n"])
        return Drawing(self._title, self._source, description, document.encode("ascii", "xmlcharrefreplace"))

    def text(  # noqa: PLR0913
        self,
        x: float,
        y: float,
        *lines: str,
        size: int = SMALLEST,
        bold: bool = False,
        fill: str = INK,
        anchor: Anchor = "start",
        halo: bool = False,
    ) -> None:
        """Draw lines of text, one below the other.

        Args:
            x: The position of each line's anchor.
            y: The base line of the first line.
            lines: The lines; empty ones leave their place free.
            size: The font size in pixels, `SMALLEST` or more.
            bold: Whether the letters are bold.
            fill: Their colour.
            anchor: The anchor of each line: `start`, `middle` or `end`.
            halo: Whether to outline them with paper colour, for text that crosses lines.
        """
        spans = "".join(
            f'<tspan x="{_number(x)}" y="{_number(y + rank * size * _LEADING)}">{escape(typeset(line), quote=False)}'
            "</tspan>"
            for rank, line in enumerate(lines)
            if line
        )
        weight = ' font-weight="700"' if bold else ""
        glow = f' stroke="{PAPER}" stroke-width="5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
        if spans:
            self._shapes.append(
                f'<text font-size="{size}"{weight} fill="{fill}" text-anchor="{anchor}"{glow}>{spans}</text>'
            )

    def box(  # noqa: PLR0913
        self, at: Point, size: Point, *, fill: str, stroke: str, thick: float = 2, radius: float = 2
    ) -> None:
        """Draw a rectangle; `at` is its upper left corner."""
        (x, y), (width, height) = map(_number, at), map(_number, size)
        self._shapes.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius:g}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{thick:g}"/>'
        )

    def bar(self, at: Point, size: Point, fill: Fill) -> None:
        """Draw a bar of a chart, unless its width or height is zero."""
        if size[0] > 0 and size[1] > 0:
            colour = fill.family.pale if fill.pale else fill.family.deep
            self.box(at, size, fill=colour, stroke=fill.family.deep, thick=2 if fill.pale else 0)

    def row(self, scale: Scale, y: float, height: float, value: float, fill: Fill, words: str) -> None:  # noqa: PLR0913, PLR0917
        """Draw a horizontal bar from the start of a scale to a value, words after it."""
        self.bar((scale.start, y), (scale(value) - scale.start, height), fill)
        self.text(scale(value) + 6, y + height / 2 + 5, words)

    def column(self, scale: Scale, x: float, width: float, value: float, fill: Fill, words: str) -> None:  # noqa: PLR0913, PLR0917
        """Draw a vertical bar from the start of a scale to a value, words above it."""
        self.bar((x, scale(value)), (width, scale.start - scale(value)), fill)
        self.text(x + width / 2, scale(value) - 6, words, anchor="middle")

    def stack(self, scale: Scale, y: float, height: float, parts: Iterable[tuple[float, Fill, str]]) -> float:
        """Draw horizontal bars end to end, each with words in its middle; return the position of their end."""
        x = scale.start
        for value, fill, words in parts:
            width = scale(value) - scale.start
            self.bar((x, y), (width, height), fill)
            self.text(x + width / 2, y + height / 2 + 5, words, anchor="middle", fill=fill.ink)
            x += width
        return x

    def line(self, *paths: Iterable[Point], stroke: str = LINE, thick: float = 2, dashed: bool = False) -> None:
        """Draw polylines in one style."""
        moves = " ".join("M" + " ".join(f"{_number(x)},{_number(y)}" for x, y in path) for path in paths)
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        self._shapes.append(
            f'<path d="{moves}" fill="none" stroke="{stroke}" stroke-width="{thick:g}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dash}/>'
        )

    def dot(self, x: float, y: float, radius: float, fill: str, stroke: str = "none") -> None:
        """Draw a disc, or a circle when `fill` is `none`."""
        edge = f' stroke="{stroke}" stroke-width="2"' if stroke != "none" else ""
        self._shapes.append(f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}" fill="{fill}"{edge}/>')

    def across(  # noqa: PLR0913, PLR0917
        self,
        scale: Scale,
        top: float,
        bottom: float,
        ticks: Iterable[float],
        name: str,
        write: Callable[[float], str] = french,
    ) -> None:
        """Draw a horizontal axis at `bottom`: grid lines up to `top`, the ticks below, then its name and unit."""
        values = list(ticks)
        self.line(*([(scale(value), top), (scale(value), bottom)] for value in values), stroke=FAINT, thick=1)
        for value in values:
            self.text(scale(value), bottom + 20, write(value), fill=SOFT, anchor="middle")
        self.text((scale.start + scale.end) / 2, bottom + 43, name, anchor="middle")

    def upwards(self, scale: Scale, left: float, right: float, ticks: Iterable[float], name: str) -> None:
        """Draw a vertical axis at `left`: grid lines up to `right`, the ticks before, its name and unit on top."""
        values = list(ticks)
        self.line(*([(left, scale(value)), (right, scale(value))] for value in values), stroke=FAINT, thick=1)
        for value in values:
            self.text(left - 8, scale(value) + 5, french(value), fill=SOFT, anchor="end")
        self.text(LEFT, scale.end - 18, name)

    def key(self, y: float, entries: Sequence[tuple[Fill, str]], heading: str = "") -> None:
        """Draw a key on one line, after a heading: the colour and the words of each entry."""
        self.text(LEFT, y, heading)
        x = LEFT + (_LETTER * len(heading) + 16 if heading else 0)
        for fill, words in entries:
            self.bar((x, y - 13), (_SQUARE, _SQUARE), fill)
            self.text(x + _SQUARE + 8, y, words)
            x += _SQUARE + 32 + _LETTER * len(words)


def round_ticks(high: float) -> list[float]:
    """Return at most seven round values from 0 to `high` or a little beyond, for an axis."""
    step = 1.0
    while high / step > 6:
        step *= 2.5 if f"{step:e}"[0] == "2" else 2
    return [step * n for n in range(int(-(-high // step)) + 1)]


def per_cent(share: float) -> str:
    """Format a share, 0 to 1, for an axis in per cent."""
    return french(100 * share)


def _number(value: float) -> str:
    """Format a length to a tenth of a pixel, the same on every machine."""
    return f"{round(value, 1):g}"
