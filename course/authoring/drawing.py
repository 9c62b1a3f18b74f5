"""Pictures of tables as SVG, by the standard library alone: a sheet, its shapes, its scales and axes.

The files are the same bytes on every machine. They are ASCII, with character references: JupyterLite passes the text
of an SVG file through `btoa`, which takes no letter beyond Latin-1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from course.core.palette import FAINT, INK, LINE, PAPER, SOFT, Family
from course.core.words import french, typeset

WIDTH = 760
"""Of a chart, in pixels: a notebook's cell shows it whole."""
LEFT, RIGHT = 20, WIDTH - 20
SMALLEST = 15
"""No letter is smaller, in pixels: notebooks may show a picture a little reduced, and 14 must remain."""

_FONTS = "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_LEADING = 1.32
_LETTER = 8.2  # pixels across, on average, of the widest of these fonts at 15 pixels
_SQUARE = 16

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Fill:
    """The colour of a bar: deep, or pale within a deep border, which eyes that see no colour tell apart."""

    family: Family
    pale: bool = False

    @property
    def ink(self) -> str:
        """The colour of letters that stand on it."""
        return INK if self.pale else PAPER


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to a place on the sheet: `low` stands at `start`, `high` at `end`, both in pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture.

    Attributes:
        title: Its name, in French; it gives no finding away.
        source: The table that it shows, and what of it; printed at its foot.
        alternative: What it shows, its values included, in French sentences.
        svg: The bytes of its file.
    """

    title: str
    source: str
    alternative: str
    svg: bytes


class Sheet:
    """White paper, so that a picture reads in a dark theme too, on which shapes are laid from back to front.

    Texts are typed with plain spaces; the French no-break ones are set here.

    Args:
        title: The picture's name, in French, also printed at its head.
        source: What stands at its foot on the left; a line feed begins another line.
        width: In pixels.
        mention: What stands at its foot on the right.
    """

    def __init__(self, title: str, source: str, *, width: int = WIDTH, mention: str = "données fictives") -> None:
        """Begin with an empty sheet."""
        self._title, self._source, self._width, self._mention = typeset(title), typeset(source), width, mention
        self._shapes: list[str] = []
        self.text(LEFT, 36, title, size=19, bold=True)

    def chart(self, height: int, values: str) -> Drawing:
        """The picture, its text alternative made of the title, of the values, in sentences, and of the mention."""
        return self.drawing(height, f"{self._title}. {values} Données fictives.")

    def drawing(self, height: int, alternative: str) -> Drawing:
        """The picture, `height` pixels high, with its text alternative."""
        lines = self._source.split("\n")
        self.text(LEFT, height - 14 - 20 * (len(lines) - 1), *lines, fill=SOFT)
        self.text(self._width - 20, height - 14, self._mention, fill=SOFT, anchor="end")
        description = typeset(alternative)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self._width}" height="{height}" '
            f'viewBox="0 0 {self._width} {height}" role="img" aria-labelledby="titre description" lang="fr" '
            f'font-family="{_FONTS}">\n<title id="titre">{escape(self._title)}</title>\n'
            f'<desc id="description">{escape(description, quote=False)}</desc>\n'
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
        """Lines of text, one below the other.

        Args:
            x: Where what `anchor` names of each line stands.
            y: The base line of the first.
            lines: One or more.
            size: In pixels, `SMALLEST` or more.
            bold: Whether the letters are heavy.
            fill: Their colour.
            anchor: `start`, `middle` or `end`.
            halo: Whether paper surrounds them, over lines that they cross.
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
        """A rectangle; `at` is its upper left corner."""
        (x, y), (width, height) = map(_number, at), map(_number, size)
        self._shapes.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius:g}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{thick:g}"/>'
        )

    def bar(self, at: Point, size: Point, fill: Fill) -> None:
        """A bar of a chart; none when it has no width or no height."""
        if size[0] > 0 and size[1] > 0:
            colour = fill.family.pale if fill.pale else fill.family.deep
            self.box(at, size, fill=colour, stroke=fill.family.deep, thick=2 if fill.pale else 0)

    def row(self, scale: Scale, y: float, height: float, value: float, fill: Fill, words: str) -> None:  # noqa: PLR0913, PLR0917
        """A horizontal bar from the start of a scale to a value, words behind it."""
        self.bar((scale.start, y), (scale(value) - scale.start, height), fill)
        self.text(scale(value) + 6, y + height / 2 + 5, words)

    def column(self, scale: Scale, x: float, width: float, value: float, fill: Fill, words: str) -> None:  # noqa: PLR0913, PLR0917
        """A vertical bar from the start of a scale to a value, words above it."""
        self.bar((x, scale(value)), (width, scale.start - scale(value)), fill)
        self.text(x + width / 2, scale(value) - 6, words, anchor="middle")

    def stack(self, scale: Scale, y: float, height: float, parts: Iterable[tuple[float, Fill, str]]) -> float:
        """Horizontal bars one behind the other, each with words in its middle; the place where they end."""
        x = scale.start
        for value, fill, words in parts:
            width = scale(value) - scale.start
            self.bar((x, y), (width, height), fill)
            self.text(x + width / 2, y + height / 2 + 5, words, anchor="middle", fill=fill.ink)
            x += width
        return x

    def line(self, *paths: Iterable[Point], stroke: str = LINE, thick: float = 2, dashed: bool = False) -> None:
        """Broken lines, all drawn alike."""
        moves = " ".join("M" + " ".join(f"{_number(x)},{_number(y)}" for x, y in path) for path in paths)
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        self._shapes.append(
            f'<path d="{moves}" fill="none" stroke="{stroke}" stroke-width="{thick:g}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dash}/>'
        )

    def dot(self, x: float, y: float, radius: float, fill: str, stroke: str = "none") -> None:
        """A disc, or with `none` for fill a circle."""
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
        """A horizontal axis at `bottom`, its lines up to `top`, its ticks written below, then its name and unit."""
        values = list(ticks)
        self.line(*([(scale(value), top), (scale(value), bottom)] for value in values), stroke=FAINT, thick=1)
        for value in values:
            self.text(scale(value), bottom + 20, write(value), fill=SOFT, anchor="middle")
        self.text((scale.start + scale.end) / 2, bottom + 43, name, anchor="middle")

    def upwards(self, scale: Scale, left: float, right: float, ticks: Iterable[float], name: str) -> None:
        """A vertical axis at `left`, its lines up to `right`, its ticks written before, its name and unit on top."""
        values = list(ticks)
        self.line(*([(left, scale(value)), (right, scale(value))] for value in values), stroke=FAINT, thick=1)
        for value in values:
            self.text(left - 8, scale(value) + 5, french(value), fill=SOFT, anchor="end")
        self.text(LEFT, scale.end - 18, name)

    def key(self, y: float, entries: Sequence[tuple[Fill, str]], heading: str = "") -> None:
        """A key on one line, behind a heading: for each entry its colour and its words."""
        self.text(LEFT, y, heading)
        x = LEFT + (_LETTER * len(heading) + 16 if heading else 0)
        for fill, words in entries:
            self.bar((x, y - 13), (_SQUARE, _SQUARE), fill)
            self.text(x + _SQUARE + 8, y, words)
            x += _SQUARE + 32 + _LETTER * len(words)


def round_ticks(high: float) -> list[float]:
    """Round values from 0 to `high` or a little beyond, at most seven of them, for an axis."""
    step = 1.0
    while high / step > 6:
        step *= 2.5 if f"{step:e}"[0] == "2" else 2
    return [step * n for n in range(int(-(-high // step)) + 1)]


def per_cent(share: float) -> str:
    """A share, 0 to 1, as the number of an axis in per cent."""
    return french(100 * share)


def _number(value: float) -> str:
    """A length as SVG writes it: to a tenth of a pixel, with nothing that differs between machines."""
    return f"{round(value, 1):g}"
