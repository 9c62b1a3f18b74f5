"""What a measurement found, and the table of it that a person reads: ratios first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Unit = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the course beside the same figure of what it is compared with.

    Attributes:
        what: What was measured, in French.
        course: The course's figure in each round.
        other: The other's, in the same rounds.
        unit: How to write one figure.
        expected: What the project promised, in French; empty when nothing was.
    """

    what: str
    course: Sequence[float]
    other: Sequence[float]
    unit: Unit
    expected: str = ""

    @property
    def ratio(self) -> float:
        """How many times less the course costs, by the medians; below 1 it costs more."""
        return median(self.other) / median(self.course)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The lines of one measurement.

    Attributes:
        title: What was done, in French.
        other: Whom the course is compared with, as the heading of a column.
        lines: The figures.
        remarks: What a reader must know to judge them.
    """

    title: str
    other: str
    lines: tuple[Line, ...]
    remarks: tuple[str, ...] = ()


def seconds(value: float) -> str:
    """`1,24 s`, and milliseconds below a tenth of a second."""
    return f"{_number(value * 1000, 1)} ms" if value < 0.1 else f"{_number(value, 2)} s"


def size(value: float) -> str:
    """A number of bytes as `3,9 Mio`, and as `912 Kio` below one."""
    kibibytes = value / 1024
    return f"{_number(kibibytes / 1024, 1)} Mio" if kibibytes >= 1000 else f"{_number(kibibytes, 0)} Kio"


def count(value: float) -> str:
    """A number of things."""
    return _number(value, 0)


def table(measurement: Measurement) -> str:
    """The measurement for a terminal: a title, a column of ratios, then both sides as « median [least – most] »."""
    heads = ("", "rapport", "le cours", measurement.other, "attendu")
    body = [
        (
            line.what,
            f"{_number(line.ratio, 1)} ×",
            _spread(line.course, line.unit),
            _spread(line.other, line.unit),
            line.expected,
        )
        for line in measurement.lines
    ]
    widths = [max(map(_width, column)) for column in zip(heads, *body, strict=True)]
    rows = [
        _row(heads, widths),
        "  " + "  ".join("─" * width for width in widths),
        *(_row(row, widths) for row in body),
    ]
    return "\n".join([measurement.title, "", *rows, *(f"  {remark}" for remark in measurement.remarks)])


def _row(texts: Sequence[str], widths: Sequence[int]) -> str:
    return (
        "  " + "  ".join(text + " " * (width - _width(text)) for text, width in zip(texts, widths, strict=True))
    ).rstrip()


def _width(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)


def _spread(values: Sequence[float], unit: Unit) -> str:
    least, most = unit(min(values)), unit(max(values))
    return unit(median(values)) if least == most else f"{unit(median(values))} [{least} – {most}]"


def _number(value: float, decimals: int) -> str:
    return f"{value:_.{decimals}f}".replace(".", ",").replace("_", "\N{NARROW NO-BREAK SPACE}")
