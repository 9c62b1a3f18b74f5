"""The charts of a class: each told in words and figures too, readable in grey, and by who confuses colours."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from course.core import rubric, syllabus
from course.core.completeness import POINTS
from course.core.palette import FAINT, INK, PAPER
from course.core.words import french, listed, percent, typeset
from course.instructor.classview.columns import short
from course.instructor.classview.numbers import BANDS, Numbers, tenths
from course.instructor.classview.paper import Chart, drawable

MOST_ROWS = 60
"""More copies than that are shown as a distribution: a row each would be too thin to read."""

_SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#cfe0f5", "#7fa9dd", "#2f63c8", "#0d2a66"])
_BANDS = ("#ffffff", "#cfe0f5", "#8fb4e3", "#3f72cc", "#0d2a66")
_LEVELS = (("#ffffff", "///"), ("#8fb4e3", ""), ("#0d2a66", ""))
_WIDTH = 11.0  # inches: a landscape A4 sheet, its margins off


def charts(numbers: Numbers) -> tuple[Chart, ...]:
    """The charts for which there is anything to show, in the order of the report."""
    found = []
    if numbers.least:
        found.append(_map(numbers) if len(numbers.grid) <= MOST_ROWS else _distribution(numbers))
        found.append(_least(numbers))
    if any(sum(each.levels) for each in numbers.judged):
        found.append(_criteria(numbers))
    return tuple(found)


def mark(value: float | None) -> str:
    """A mark as one writes it: « 4,5 »; a dash where there is none."""
    return "–" if value is None else french(value, 0 if value == int(value) else 1)


def _map(numbers: Numbers) -> Chart:
    objectives = syllabus.load().objectives
    names = [numbers.overview.names[who] for who in numbers.grid]
    values = [[row.get(each.id) for each in objectives] for row in numbers.grid.values()]
    gaps = any(value is None for line in values for value in line)
    means = [each.mean for each in numbers.advances]
    shown, numbered = drawable(names)
    written = ["–" if mean is None else tenths(mean) for mean in means]

    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 2.3 + 0.34 * len(names)), layout="constrained")
        axes = figure.add_subplot()
        for row, line in enumerate(values):
            for column, value in enumerate(line):
                _cell(axes, (column, row), value)
        for column, mean in enumerate(written):
            axes.text(column, len(values) + 0.15, mean, ha="center", va="center", fontsize=11, fontweight="bold")
        axes.set_xlim(-0.5, len(objectives) - 0.5)
        axes.set_ylim(len(values) + 0.6, -0.5)
        axes.set_xticks(range(len(objectives)), [each.id for each in objectives])
        axes.set_yticks([*range(len(names)), len(values) + 0.15], [*shown, "Moyenne"])
        axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        _goals(axes)
        _head(figure, axes, "Complétude par objectif, sur 6", pad=48)
        steps = [(f"{step} sur 6", _hex(step), "") for step in (0, 2, 4, POINTS)]
        _legend(figure, [*steps, *([("pas de copie", PAPER, "////")] if gaps else [])])
        return figure

    table = [(name, *map(mark, line)) for name, line in zip(names, values, strict=True)]
    notice = " Un numéro remplace un nom que la police du dessin ne sait pas écrire." if numbered else ""
    return Chart(
        "graphique-1-completude",
        "Complétude par objectif",
        typeset(
            "Une ligne par copie, une colonne par objectif, plus foncé quand le canevas est plus complet. "
            f"{_said(numbers)}{notice}"
        ),
        ("Copie", *(each.id for each in objectives)),
        (*table, ("Moyenne", *written)),
        draw,
    )


def _goals(axes: Axes) -> None:
    """A line between the goals, and their names above the objectives."""
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


def _cell(axes: Axes, at: tuple[int, int], value: float | None) -> None:
    column, row = at
    corner = (column - 0.5, row - 0.5)
    if value is None:
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=PAPER, edgecolor=FAINT, hatch="////", linewidth=0.8))
        return
    axes.add_patch(Rectangle(corner, 1, 1, facecolor=_SHADES(value / POINTS), edgecolor=FAINT, linewidth=0.8))
    axes.text(column, row, mark(value), ha="center", va="center", fontsize=10.5, color=_ink(_SHADES(value / POINTS)))


def _distribution(numbers: Numbers) -> Chart:
    absent = [len(numbers.grid) - len(each.marks) for each in numbers.advances]
    heads = (*BANDS, "pas de copie")
    counts = [(*each.bands, away) for each, away in zip(numbers.advances, absent, strict=True)]
    colours = [*((colour, "") for colour in _BANDS), (PAPER, "////")]
    labels = [each.objective.id for each in numbers.advances]

    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 8.2), layout="constrained")
        axes = figure.add_subplot()
        _stacked(axes, labels, counts, colours)
        _head(figure, axes, f"Complétude par objectif, sur 6\u00a0: {french(len(numbers.grid))} copies")
        names = [*(f"{head} sur 6" for head in BANDS), *(["pas de copie"] if any(absent) else [])]
        _legend(figure, [(name, *colour) for name, colour in zip(names, colours, strict=False)])
        return figure

    rows = [(label, *map(french, line)) for label, line in zip(labels, counts, strict=True)]
    return Chart(
        "graphique-1-completude",
        "Complétude par objectif",
        typeset(
            f"Une barre par objectif : la part des {french(len(numbers.grid))} copies dans chaque tranche de "
            f"complétude. {_said(numbers)}"
        ),
        ("Objectif", *heads),
        tuple(rows),
        draw,
    )


def _criteria(numbers: Numbers) -> Chart:
    labels = [short(each.criterion) for each in numbers.judged]
    counts = [each.levels for each in numbers.judged]

    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 4.6), layout="constrained")
        axes = figure.add_subplot()
        _stacked(axes, labels, counts, _LEVELS)
        _head(figure, axes, f"Notes par critère\u00a0: {typeset(_canvases(numbers.reviewed))}")
        _legend(figure, [(name, *colour) for name, colour in zip(rubric.LEVELS, _LEVELS, strict=True)])
        return figure

    best = max(numbers.judged, key=lambda each: _share(each.levels))
    least = min(numbers.judged, key=lambda each: _share(each.levels))
    told = (
        f"Une barre par critère : la part des canevas à zéro, à la moitié et au plein. Le critère le mieux servi est "
        f"« {short(best.criterion)} », {percent(_share(best.levels))} des points ; le moins bien, "
        f"« {short(least.criterion)} », {percent(_share(least.levels))}."
    )
    rows = [(label, *map(french, line)) for label, line in zip(labels, counts, strict=True)]
    return Chart(
        "graphique-3-criteres",
        "Notes par critère",
        typeset(told),
        ("Critère", *rubric.LEVELS),
        tuple(rows),
        draw,
    )


def _least(numbers: Numbers) -> Chart:
    found = numbers.least
    means = [each.mean or 0.0 for each in found]
    labels = [f"{each.objective.id}  {_cut(each.objective.title)}" for each in found]

    def draw() -> Figure:
        figure = Figure(figsize=(_WIDTH, 1.6 + 0.36 * len(found)), layout="constrained")
        axes = figure.add_subplot()
        axes.barh(labels, means, color=_BANDS[3], edgecolor=INK, linewidth=0.6)
        for place, mean in enumerate(means):
            back = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.2}
            axes.text(mean + 0.06, place, tenths(mean), va="center", fontsize=11, bbox=back)
        axes.set_ylim(len(found) - 0.4, -0.6)
        axes.set_xlim(0, POINTS + 0.4)
        axes.set_xticks(range(POINTS + 1))
        axes.set_xlabel("Complétude moyenne, sur 6")
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        _head(figure, axes, "Objectifs, du moins avancé au plus avancé")
        return figure

    rows = [
        (each.objective.id, each.objective.title, tenths(mean), french(each.bands[0]), french(len(each.marks)))
        for each, mean in zip(found, means, strict=True)
    ]
    return Chart(
        "graphique-2-avancement",
        "Objectifs, du moins avancé au plus avancé",
        typeset(f"Une barre par objectif, la complétude moyenne sur 6. {_said(numbers)}"),
        ("Objectif", "Intitulé", "Moyenne sur 6", "Copies à 0", "Copies"),
        tuple(rows),
        draw,
    )


def _said(numbers: Numbers) -> str:
    found = numbers.least
    least = listed(f"{each.objective.id} ({tenths(each.mean or 0)})" for each in found[:3])
    most = listed(f"{each.objective.id} ({tenths(each.mean or 0)})" for each in found[:-4:-1])
    return f"Les moins avancés : {least} ; les plus avancés : {most}."


def _stacked(
    axes: Axes, labels: Sequence[str], counts: Sequence[Sequence[int]], colours: Sequence[tuple[str, str]]
) -> None:
    """Bars of one length, cut by shares; a share that has the room is written in it."""
    for place, line in enumerate(counts):
        start, total = 0.0, sum(line) or 1
        for count, (colour, hatch) in zip(line, colours, strict=True):
            width = 100 * count / total
            axes.barh(place, width, left=start, height=0.74, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6)
            if width >= 5.5:
                back = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.2} if hatch else None
                axes.text(
                    start + width / 2,
                    place,
                    french(width),
                    ha="center",
                    va="center",
                    fontsize=10.5,
                    color=_ink(to_rgb(colour)),
                    bbox=back,
                )
            start += width
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Part, en\u00a0%")
    axes.tick_params(axis="y", length=0)


def _head(figure: Figure, axes: Axes, title: str, pad: float = 14) -> None:
    axes.set_title(title, loc="left", fontweight="bold", fontsize=14, pad=pad)
    figure.get_layout_engine().set(h_pad=0.12, w_pad=0.12)  # type: ignore[union-attr,call-arg]


def _legend(figure: Figure, entries: Sequence[tuple[str, str, str]]) -> None:
    patches = [Patch(facecolor=colour, hatch=hatch, edgecolor=INK, label=name) for name, colour, hatch in entries]
    figure.legend(handles=patches, loc="outside lower left", ncols=len(patches), frameon=False, fontsize=10.5)


def _canvases(number: int) -> str:
    return f"{french(number)} canevas relu{'s' if number > 1 else ''}"


def _share(levels: Sequence[int]) -> float:
    return (levels[1] + 2 * levels[2]) / (2 * (sum(levels) or 1))


def _ink(colour: Sequence[float]) -> str:
    """Dark or white letters, whichever stand out more on a colour."""
    light = _light(colour) + 0.05
    return INK if light / (_light(to_rgb(INK)) + 0.05) >= 1.05 / light else PAPER


def _light(colour: Sequence[float]) -> float:
    """The relative luminance, as the accessibility guidelines (WCAG 2) define it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _hex(value: float) -> str:
    red, green, blue, _ = _SHADES(value / POINTS)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def _cut(title: str, most: int = 52) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rsplit(' ', 1)[0]}…"
