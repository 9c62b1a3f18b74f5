"""The results of a measurement, and their table in text form: ratios first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Unit = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the course, and the same figure of the reference.

    Attributes:
        label: The name of the figure, in French.
        course: The course's figure in each round.
        other: The reference's figure in each round.
        unit: Formats one figure.
        expected: The project's promise, in French; empty without one.
    """

    label: str
    course: Sequence[float]
    other: Sequence[float]
    unit: Unit
    expected: str = ""

    @property
    def ratio(self) -> float:
        """The median of the reference divided by that of the course: above 1, the course costs less."""
        return median(self.other) / median(self.course)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The lines of one measurement.

    Attributes:
        title: Its title, in French.
        other: The name of the reference, as the heading of a column.
        figures: Its figures, one line of the table each.
        remarks: Notes for the reader, in French.
    """

    title: str
    other: str
    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()


def seconds(value: float) -> str:
    """Format a duration as `1,24 s`, or in milliseconds below a tenth of a second."""
    return f"{_number(value * 1000, 1)} ms" if value < 0.1 else f"{_number(value, 2)} s"


def size(value: float) -> str:
    """Format a number of bytes as `3,9 Mio`, or as `912 Kio` below one."""
    kibibytes = value / 1024
    return f"{_number(kibibytes / 1024, 1)} Mio" if kibibytes >= 1000 else f"{_number(kibibytes, 0)} Kio"


def count(value: float) -> str:
    """Format a count."""
    return _number(value, 0)


def table(measurement: Measurement) -> str:
    """Format a measurement for a terminal: a title, a column of ratios, then both sides as « median [min – max] »."""
    heads = ("", "rapport", "le cours", measurement.other, "attendu")
    body = [
        (
            figure.label,
            f"{_number(figure.ratio, 1)} ×",
            _spread(figure.course, figure.unit),
            _spread(figure.other, figure.unit),
            figure.expected,
        )
        for figure in measurement.figures
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
