"""`indice-couverture.svg`: the universal health coverage index of 12 places, from 2000 to 2021, years drawn to scale.

Source: World Health Organization, Global Health Observatory, by Our World in Data, 2021 vintage (SDG 3.8.1).
"""

from __future__ import annotations

import csv
import io

from course.authoring.figures.drawing import Point, document, dot, line, text
from course.core.content import content
from course.core.palette import BLUE, FAINT, RUST, SOFT

TABLE = "coverage_index.csv"
REFERENCES = ("Région africaine de l’OMS", "Monde", "Belgique", "France")
"""Places that are not countries of the subregion: drawn in a colour of their own, in the last row."""

_SIZE = (900, 754)
_NAME = "Indice de couverture sanitaire universelle, de 2000 à 2021"
_KEY = "Sur 100. Points\u00a0: 2000, 2010, 2015, 2019 et 2021. En gris, les onze autres lieux."
_SHORT = {"Région africaine de l’OMS": "Région africaine"}
_COLUMNS = 4
_LEFT, _TOP = 58, 108
_ACROSS, _DOWN = 212, 196
_WIDE, _HIGH = 178, 130
_FIRST, _LAST = 2000, 2021
_LABELLED = ((2000, "start"), (2010, "middle"), (2021, "end"))
_TOLD = """
Douze petits graphiques sur une même échelle de 0 à 100. De 2000 à 2021\u00a0: {places}. Partout la hausse par an est
plus forte avant 2015 qu’après. Les années publiées sont 2000, 2010, 2015, 2019 et 2021\u202f; leur écart est dessiné à
l’échelle.
"""


def series() -> dict[str, dict[int, float]]:
    """The index, place by place in the order of the table: year to value, from 0 to 100.

    Raises:
        FileNotFoundError: The course's data are nowhere to be found.
    """
    raw = (content("data") / TABLE).read_text(encoding="utf-8-sig")
    found: dict[str, dict[int, float]] = {}
    for row in csv.DictReader(io.StringIO(raw), delimiter=";"):
        found.setdefault(row["place"], {})[int(row["year"])] = float(row["value"].replace(",", "."))
    return found


def figure() -> str:
    """The figure, as SVG: twelve small charts on one scale, all the other places in grey behind each."""
    places = series()
    shapes = [
        text((20, 36), [_NAME], size=20, bold=True, anchor="start"),
        text((20, 64), [_KEY], anchor="start"),
    ]  # fmt: skip
    for rank, (place, values) in enumerate(places.items()):
        origin = (_LEFT + rank % _COLUMNS * _ACROSS, _TOP + rank // _COLUMNS * _DOWN)
        others = [other for name, other in places.items() if name != place]
        shapes += _panel(origin, place, values, others)
        if rank % _COLUMNS == 0:
            shapes += [
                text((origin[0] - 8, _at(origin, _FIRST, level)[1] + 5), [str(level)], size=15, fill=SOFT, anchor="end")
                for level in (0, 50, 100)
            ]
        if rank >= len(places) - _COLUMNS:
            shapes += [
                text((_at(origin, year, 0)[0], origin[1] + _HIGH + 24), [str(year)], size=15, fill=SOFT, anchor=anchor)
                for year, anchor in _LABELLED
            ]
    shapes.append(
        text(
            (20, _SIZE[1] - 36),
            ["Source\u00a0: OMS, Observatoire mondial de la santé, par Our World in Data, millésime 2021 (ODD 3.8.1).",
             "L’OMS révise toute la série à chaque rapport\u00a0: n’y ajoutez pas une année prise ailleurs."],
            size=15, fill=SOFT, anchor="start",
        )
    )  # fmt: skip
    told = "\u202f; ".join(
        f"{place}, de {_french(values[_FIRST])} à {_french(values[_LAST])}" for place, values in places.items()
    )
    return document(
        "L’indice de couverture sanitaire universelle de douze lieux, de 2000 à 2021",
        _TOLD.format(places=told),
        _SIZE,
        shapes,
        fictional=False,
    )


def _panel(origin: Point, place: str, values: dict[int, float], others: list[dict[int, float]]) -> list[str]:
    colour = (RUST if place in REFERENCES else BLUE).deep
    base = _at(origin, _FIRST, 0)[1]
    shapes = [
        line([_at(origin, _FIRST, level), _at(origin, _LAST, level)], stroke=FAINT, thick=1, dashed=level > 0)
        for level in (0, 50, 100)
    ]
    shapes += [line([(x, base), (x, base + 5)], thick=1) for x in (_at(origin, year, 0)[0] for year in values)]
    shapes += [line([_at(origin, *pair) for pair in other.items()], stroke=FAINT, thick=1) for other in others]
    points = [_at(origin, *pair) for pair in values.items()]
    shapes.append(line(points, stroke=colour, thick=3))
    shapes += [dot(point, colour) for point in points]
    below = 24 if values[_FIRST] > 70 else -12  # a curve near the top leaves room under it
    for (x, y), value, anchor in (
        ((points[0][0] - 2, points[0][1]), values[_FIRST], "start"),
        ((points[-1][0] + 4, points[-1][1]), values[_LAST], "end"),
    ):
        shapes.append(text((x, y + below), [_french(value)], size=15, bold=True, fill=colour, anchor=anchor, halo=True))
    name = _SHORT.get(place, place)
    shapes.append(text((origin[0], origin[1] - 8), [name], bold=True, fill=colour, anchor="start", halo=True))
    return shapes


def _at(origin: Point, year: int, value: float) -> Point:
    across = (year - _FIRST) / (_LAST - _FIRST) * _WIDE
    return origin[0] + across, origin[1] + _HIGH * (1 - value / 100)


def _french(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
