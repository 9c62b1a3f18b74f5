"""What the charts of the district are made of: a sheet of paper, scales, axes, bars and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from course.authoring.figures.drawing import SMALLEST, Point, box, document, line, text
from course.core.palette import FAINT, INK, LINE, SOFT, Family
from course.core.words import french, typeset

WIDTH = 760
"""Of every chart, in pixels: a notebook's cell shows it whole."""

LEFT, RIGHT = 20, WIDTH - 20
_LETTER = 8.2
_SQUARE = 16


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one table.

    Attributes:
        title: Its name, in French; it tells no finding.
        told: What it shows, in one or two French sentences with their values: the text alternative.
        source: The table and what of it is drawn.
        height: In pixels.
        shapes: What is drawn below the title.
    """

    title: str
    told: str
    source: str
    height: int
    shapes: tuple[str, ...]

    @property
    def alternative(self) -> str:
        """The text alternative: the title, the values and the mention."""
        return typeset(f"{self.title}. {self.told} Données fictives.")

    def svg(self) -> str:
        """The chart as an SVG file, marked « données fictives »."""
        shapes = [
            text((LEFT, 36), [typeset(self.title)], size=19, bold=True, anchor="start"),
            *self.shapes,
            text((LEFT, self.height - 14), [typeset(self.source)], size=SMALLEST, fill=SOFT, anchor="start"),
        ]
        return document(typeset(self.title), self.alternative, (WIDTH, self.height), shapes, fictional=True)


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to a place on the paper: `low` stands at `start`, `high` at `end`, both in pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def across(  # noqa: PLR0913, PLR0917
    scale: Scale,
    top: float,
    bottom: float,
    ticks: Iterable[float],
    name: str,
    write: Callable[[float], str] = french,
) -> list[str]:
    """A horizontal axis at `bottom`, its lines up to `top`, its ticks written below, then its name with its unit."""
    shapes = []
    for value in ticks:
        x = scale(value)
        shapes += [
            line([(x, top), (x, bottom)], stroke=FAINT, thick=1),
            text((x, bottom + 20), [write(value)], size=15, fill=SOFT),
        ]
    shapes.append(text(((scale.start + scale.end) / 2, bottom + 43), [typeset(name)], size=15))
    return shapes


def upwards(  # noqa: PLR0913, PLR0917
    scale: Scale,
    left: float,
    right: float,
    ticks: Iterable[float],
    name: str,
    write: Callable[[float], str] = french,
) -> list[str]:
    """A vertical axis at `left`, its lines up to `right`, its ticks written before, its name with its unit on top."""
    shapes = []
    for value in ticks:
        y = scale(value)
        shapes += [
            line([(left, y), (right, y)], stroke=FAINT, thick=1),
            text((left - 8, y + 5), [write(value)], size=15, fill=SOFT, anchor="end"),
        ]
    shapes.append(text((LEFT, scale.end - 18), [typeset(name)], size=15, anchor="start"))
    return shapes


def bar(at: Point, size: tuple[float, float], family: Family) -> str:
    """A bar of a chart, in the deep colour of a family, its upper left corner at `at`."""
    return box(at, size, fill=family.deep, stroke=family.deep, thick=0, round_by=2)


def pale_bar(at: Point, size: tuple[float, float], family: Family) -> str:
    """The same, pale within a deep border: told from the other by who sees no colour."""
    return box(at, size, fill=family.pale, stroke=family.deep, thick=2, round_by=2)


def label(at: Point, said: str, *, bold: bool = False, anchor: str = "start", fill: str = INK) -> str:
    """A few words of 15 pixels."""
    return text(at, [typeset(said)], size=15, bold=bold, anchor=anchor, fill=fill)


def key(y: float, entries: Sequence[tuple[Family, bool, str]], left: float = LEFT) -> list[str]:
    """A key on one line: for each entry its colour, whether it is pale, and its words."""
    shapes, x = [], left
    for family, pale, said in entries:
        shapes += [
            (pale_bar if pale else bar)((x, y - 13), (_SQUARE, _SQUARE), family),
            label((x + _SQUARE + 8, y), said),
        ]
        x += _SQUARE + 32 + _LETTER * len(said)
    return shapes


def rule(points: Sequence[Point], *, dashed: bool = False) -> str:
    """A dark line: an axis, a mean, a limit."""
    return line(points, stroke=INK if dashed else LINE, thick=2, dashed=dashed)
