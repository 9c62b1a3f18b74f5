"""The charts of a class, each with a text alternative and a table, readable in grey and with colour blindness."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.patches import Patch, Rectangle

from course.core import rubric, syllabus
from course.core.completeness import POINTS
from course.core.palette import FAINT, INK, PAPER, SOFT
from course.core.words import counted, french, listed, percent, typeset
from course.instructor.classview.numbers import BANDS, Numbers, tenths
from course.instructor.classview.summary import NO_TIME, reviewed

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

MOST_ROWS = 60
"""With more copies than this, a distribution is shown, because one row per copy would be too thin to read."""

_FONT = "DejaVu Sans"  # comes with matplotlib
_STYLE: dict[RcKeyType, Any] = {
    "font.size": 11.5,
    "font.family": _FONT,
    "text.color": INK,
    "text.parse_math": False,  # « $ » in a name is no formula
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
_DPI = 180  # of a PNG, sharp on a printed page
_LONGEST = 34  # characters of a name
_WIDTH = 11.0  # inches: a landscape A4 sheet without its margins

_SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#cfe0f5", "#7fa9dd", "#2f63c8", "#0d2a66"])
_BANDS = ("#ffffff", "#cfe0f5", "#8fb4e3", "#3f72cc", "#0d2a66")
_LEVELS = (("#ffffff", "///"), ("#8fb4e3", ""), ("#0d2a66", ""))
_NO_COPY = (PAPER, "////")
_NO_COPY_NAME = "pas de copie"
_LABEL = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.2}  # the background of a number on a pattern


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the class, with its text alternative and the table of its figures.

    Attributes:
        name: The name of its files, without the ending.
        title: Its title, in French.
        description: Its text alternative, in one or two sentences.
        heads: The headings of the table of its figures.
        rows: The rows of that table.
        draw: Draws the complete figure, with its title; the same one each time.
        note: A note on how to read it; may be empty.
    """

    name: str
    title: str
    description: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    draw: Callable[[], Figure]
    note: str = ""

    def file(self, extension: Literal["svg", "png"]) -> bytes:
        """Return the chart as a file of a format."""
        stream = io.BytesIO()
        metadata = {"Title": self.title, **({"Date": None} if extension == "svg" else {})}
        with rc_context(_STYLE):
            self.draw().savefig(stream, format=extension, dpi=_DPI, metadata=metadata)
        return stream.getvalue()


def charts(numbers: Numbers) -> tuple[Chart, ...]:
    """Return the charts that have data, in the order of the report."""
    result = []
    if numbers.least_advanced:
        result.append(_map(numbers) if len(numbers.grid) <= MOST_ROWS else _distribution(numbers))
        result.append(_least(numbers))
    if any(sum(criterion.levels) for criterion in numbers.by_criterion):
        result.append(_criteria(numbers))
    return tuple(result)


def booklet(charts: Sequence[Chart]) -> bytes:
    """Return charts as one PDF, one per page."""
    stream = io.BytesIO()
    with rc_context(_STYLE), PdfPages(stream, metadata={"Title": "La classe en graphiques"}) as pages:
        for chart in charts:
            pages.savefig(chart.draw())
    return stream.getvalue()


def drawable(names: Sequence[str]) -> tuple[list[str], bool]:
    """Return names fit for drawing: on one line, shortened, and replaced by a number when the font lacks a letter.

    Returns:
        The names, and whether a number replaces any of them.
    """
    available = _letters()
    shown, numbered = [], False
    for number, name in enumerate(names, 1):
        line = "".join(c if c.isprintable() else " " for c in name)
        line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
        if not all(ord(c) in available for c in line):
            line, numbered = f"Copie n° {number}", True
        shown.append(line)
    return shown, numbered


def mark(value: float | None) -> str:
    """Return a mark as written in French: « 4,5 »; a dash where there is none."""
    return "–" if value is None else french(value, 0 if value == int(value) else 1)


def _laid_out_once(draw: Callable[[], Figure]) -> Callable[[], Figure]:
    """Return a function that draws a figure and places its parts at the first call: that takes longer than a file."""

    @cache
    def drawn() -> Figure:
        with rc_context(_STYLE):
            figure = draw()
            figure.draw_without_rendering()
            figure.set_layout_engine("none")
        return figure

    return drawn


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(_FONT)).get_charmap())


def _map(numbers: Numbers) -> Chart:
    objectives = syllabus.load().objectives
    names = [numbers.overview.names[students] for students in numbers.grid]
    values = [[row.get(objective.id) for objective in objectives] for row in numbers.grid.values()]
    gaps = any(value is None for line in values for value in line)
    shown, numbered = drawable(names)
    means = ["–" if objective.mean is None else tenths(objective.mean) for objective in numbers.by_objective]

    @_laid_out_once
    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 2.3 + 0.34 * len(names)), layout="constrained")
        axes = figure.add_subplot()
        for row, line in enumerate(values):
            for column, value in enumerate(line):
                _cell(axes, (column, row), value)
        for column, mean in enumerate(means):
            axes.text(column, len(values) + 0.15, mean, ha="center", va="center", fontsize=11, fontweight="bold")
        axes.set_xlim(-0.5, len(objectives) - 0.5)
        axes.set_ylim(len(values) + 0.6, -0.5)
        axes.set_xticks(range(len(objectives)), [objective.id for objective in objectives])
        axes.set_yticks([*range(len(names)), len(values) + 0.15], [*shown, "Moyenne"])
        axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        _goals(axes)
        _head(figure, axes, f"Complétude par objectif, sur 6\u00a0: {counted(len(names), 'copie')}", pad=48)
        steps = [(f"{step} sur 6", to_hex(_shade(step)), "") for step in (0, 2, 4, POINTS)]
        _legend(figure, [*steps, *([(_NO_COPY_NAME, *_NO_COPY)] if gaps else [])])
        return figure

    rows = [(name, *map(mark, line)) for name, line in zip(names, values, strict=True)]
    notice = " Un numéro remplace un nom que la police du dessin ne sait pas écrire." if numbered else ""
    return Chart(
        "graphique-1-completude",
        "Complétude par objectif",
        typeset(
            "Une ligne par copie, une colonne par objectif, plus foncé quand le canevas est plus complet. "
            f"{_extremes(numbers)}{notice}"
        ),
        ("Copie", *(objective.id for objective in objectives)),
        (*rows, ("Moyenne", *means)),
        draw,
    )


def _goals(axes: Axes) -> None:
    """Draw a line between the goals, and their names above the objectives."""
    column = 0
    for goal in syllabus.load().goals:
        if column:
            axes.axvline(column - 0.5, color=INK, linewidth=1.4)
        middle = column + (len(goal.objectives) - 1) / 2
        axes.annotate(
            f"But {goal.id}",
            (middle, 1),
            xytext=(0, 22),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            fontweight="bold",
        )
        column += len(goal.objectives)


def _cell(axes: Axes, position: tuple[int, int], value: float | None) -> None:
    column, row = position
    corner = (column - 0.5, row - 0.5)
    if value is None:
        colour, hatch = _NO_COPY
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=colour, edgecolor=FAINT, hatch=hatch, linewidth=0.8))
        return
    axes.add_patch(Rectangle(corner, 1, 1, facecolor=_shade(value), edgecolor=FAINT, linewidth=0.8))
    axes.text(column, row, mark(value), ha="center", va="center", fontsize=10.5, color=_ink(_shade(value)))


def _distribution(numbers: Numbers) -> Chart:
    without_copy = [len(numbers.grid) - len(objective.marks) for objective in numbers.by_objective]
    counts = [(*item.bands, absent) for item, absent in zip(numbers.by_objective, without_copy, strict=True)]
    looks = [*((colour, "") for colour in _BANDS), _NO_COPY]
    labels = [item.objective.id for item in numbers.by_objective]

    @_laid_out_once
    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 8.2), layout="constrained")
        axes = figure.add_subplot()
        _stacked(axes, labels, counts, looks)
        _head(figure, axes, f"Complétude par objectif, sur 6 : {french(len(numbers.grid))} copies")
        names = [*(f"{band} sur 6" for band in BANDS), *([_NO_COPY_NAME] if any(without_copy) else [])]
        _legend(figure, [(name, *look) for name, look in zip(names, looks, strict=False)])
        return figure

    rows = [(label, *map(french, line)) for label, line in zip(labels, counts, strict=True)]
    return Chart(
        "graphique-1-completude",
        "Complétude par objectif",
        typeset(
            f"Une barre par objectif : la part des {french(len(numbers.grid))} copies dans chaque tranche de "
            f"complétude. {_extremes(numbers)}"
        ),
        ("Objectif", *BANDS, _NO_COPY_NAME),
        tuple(rows),
        draw,
    )


def _least(numbers: Numbers) -> Chart:
    ranking = numbers.least_advanced
    means = [item.progress for item in ranking]
    labels = [f"{item.objective.id}  {_cut(item.objective.title)}" for item in ranking]

    @_laid_out_once
    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 1.6 + 0.36 * len(ranking)), layout="constrained")
        axes = figure.add_subplot()
        axes.barh(labels, means, color=_BANDS[3], edgecolor=INK, linewidth=0.6)
        for position, mean in enumerate(means):
            begun = f"{tenths(mean)}  ({ranking[position].begun} sur {ranking[position].copies})"
            axes.text(mean + 0.06, position, begun, va="center", fontsize=11, bbox=_LABEL)
        axes.set_ylim(len(ranking) - 0.4, -0.6)
        axes.set_xlim(0, POINTS + 1.2)
        axes.set_xticks(range(POINTS + 1))
        axes.set_xlabel("Complétude moyenne de toute la classe, sur 6, et copies qui ont commencé")
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        _head(figure, axes, f"Objectifs, du moins avancé au plus avancé\u00a0: {counted(len(numbers.grid), 'copie')}")
        return figure

    rows = [
        (
            item.objective.id,
            item.objective.title,
            tenths(mean),
            french(item.begun),
            french(item.copies),
        )
        for item, mean in zip(ranking, means, strict=True)
    ]
    return Chart(
        "graphique-2-avancement",
        "Objectifs, du moins avancé au plus avancé",
        typeset(f"Une barre par objectif\u00a0: la complétude moyenne sur 6 de toute la classe. {_extremes(numbers)}"),
        ("Objectif", "Intitulé", "Moyenne de la classe sur 6", "Copies qui ont commencé", "Copies"),
        tuple(rows),
        draw,
        NO_TIME,
    )


def _criteria(numbers: Numbers) -> Chart:
    labels = [item.criterion.short_title for item in numbers.by_criterion]
    counts = [item.levels for item in numbers.by_criterion]

    @_laid_out_once
    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 4.6), layout="constrained")
        axes = figure.add_subplot()
        _stacked(axes, labels, counts, _LEVELS)
        _head(figure, axes, typeset(f"Notes par critère : {reviewed(numbers)}"))
        _legend(figure, [(name, *look) for name, look in zip(rubric.LEVELS, _LEVELS, strict=True)])
        return figure

    best = max(numbers.by_criterion, key=lambda item: item.share)
    worst = min(numbers.by_criterion, key=lambda item: item.share)
    description = (
        "Une barre par critère : la part des canevas à zéro, à la moitié et au plein. Le critère le mieux servi est "
        f"« {best.criterion.short_title} », {percent(best.share)} des points ; le moins bien, "
        f"« {worst.criterion.short_title} », {percent(worst.share)}."
    )
    rows = [(label, *map(french, line)) for label, line in zip(labels, counts, strict=True)]
    return Chart(
        "graphique-3-criteres",
        "Notes par critère",
        typeset(description),
        ("Critère", *rubric.LEVELS),
        tuple(rows),
        draw,
    )


def _extremes(numbers: Numbers) -> str:
    """Return a sentence on the three least and the three most advanced objectives."""
    least, most = (
        listed(f"{item.objective.id} ({tenths(item.progress)})" for item in items)
        for items in (numbers.least_advanced[:3], numbers.least_advanced[:-4:-1])
    )
    return f"Les moins avancés : {least} ; les plus avancés : {most}."


def _stacked(
    axes: Axes, labels: Sequence[str], counts: Sequence[Sequence[int]], looks: Sequence[tuple[str, str]]
) -> None:
    """Draw bars of equal length divided by shares, each with a colour and a hatch; wide shares get their number."""
    for position, line in enumerate(counts):
        start, total = 0.0, sum(line) or 1
        for count, (colour, hatch) in zip(line, looks, strict=True):
            width = 100 * count / total
            axes.barh(position, width, left=start, height=0.74, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6)
            if width >= 5.5:
                axes.text(
                    start + width / 2,
                    position,
                    french(width),
                    ha="center",
                    va="center",
                    fontsize=10.5,
                    color=_ink(to_rgb(colour)),
                    bbox=_LABEL if hatch else None,
                )
            start += width
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Part, en %")
    axes.tick_params(axis="y", length=0)


def _head(figure: Figure, axes: Axes, title: str, pad: float = 14) -> None:
    axes.set_title(title, loc="left", fontweight="bold", fontsize=14, pad=pad)
    figure.get_layout_engine().set(h_pad=0.12, w_pad=0.12)  # type: ignore[union-attr,call-arg]


def _legend(figure: Figure, entries: Sequence[tuple[str, str, str]]) -> None:
    patches = [Patch(facecolor=colour, hatch=hatch, edgecolor=INK, label=name) for name, colour, hatch in entries]
    figure.legend(handles=patches, loc="outside lower left", ncols=len(patches), frameon=False, fontsize=10.5)


def _shade(value: float) -> tuple[float, float, float, float]:
    """Return the colour of a completeness mark."""
    return _SHADES(value / POINTS)


def _ink(colour: Sequence[float]) -> str:
    """Return dark or white for letters, whichever has more contrast on a colour."""
    luminance = _luminance(colour) + 0.05
    return INK if luminance / (_luminance(to_rgb(INK)) + 0.05) >= 1.05 / luminance else PAPER


def _luminance(colour: Sequence[float]) -> float:
    """Return the relative luminance, as defined by the accessibility guidelines (WCAG 2)."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _cut(title: str, most: int = 52) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rsplit(' ', 1)[0]}…"
