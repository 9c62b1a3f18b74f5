"""`carte-district.svg`: the centres of the invented district around its hospital, by road distance; no place has it.

Directions are invented: only the distance of each centre, its road in the rains and its people come from the table.
"""

from __future__ import annotations

from math import cos, radians, sin, sqrt

from course.authoring.district.figures import territory
from course.authoring.figures.drawing import Point, box, document, dot, line, number, text
from course.core.palette import BLUE, FAINT, INK, OCHRE, PAPER, RUST, SOFT
from course.core.words import french, typeset

_SIZE = (860, 830)
_CENTRE: Point = (430, 440)
_NEAREST, _PER_KM = 34.0, 8.6
_ROADS = {"praticable": (BLUE, False), "difficile": (OCHRE, False), "coupé": (RUST, True)}
# Degrees clockwise from the top: any would do that keep names apart.
_DIRECTIONS = {
    "FS01": 92, "FS02": 285, "FS03": 182, "FS04": 112, "FS05": 335, "FS06": 240, "FS07": 38, "FS08": 158, "FS09": 204,
    "FS10": 66, "FS11": 306, "FS12": 132, "FS13": 258, "FS14": 12,
}  # fmt: skip


def figure() -> str:
    """The map, as SVG."""
    shapes = [
        text((20, 40), [typeset("Le district de Tansobré, par distance au CMA")], size=20, bold=True, anchor="start")
    ]
    shapes += [_circle(km) for km in (30, 20, 10)]
    roads, places, told = [], [], []
    for centre in sorted(territory.centres(), key=lambda c: int(c["distance_cma_km"])):
        km, people = int(centre["distance_cma_km"]), int(centre["population_aire"])
        road = centre["acces_saison_pluies"]
        family, dashed = _ROADS[road]
        at = _place(km, _DIRECTIONS[centre["fs_id"]])
        roads.append(line([_CENTRE, at], stroke=family.deep, thick=3, dashed=dashed))
        size = sqrt(people) / 11
        if dashed:
            places.append(
                box((at[0] - size, at[1] - size), (2 * size, 2 * size), fill=family.deep, stroke=PAPER, round_by=2)
            )
        else:
            places.append(dot(at, family.deep, size))
        outward = at[1] - size - 28 if at[1] < _CENTRE[1] - 20 else at[1] + size + 17
        places.append(text((at[0], outward), [centre["nom"], f"{km}\u00a0km"], size=15, halo=True))
        told.append(f"{centre['nom']}, {km} km, {french(people)} habitants, route {territory.ROADS[road]}")
    x, y = _CENTRE
    hub = [dot(_CENTRE, INK, 27), text((x, y + 6), ["CMA"], size=16, bold=True, fill=PAPER)]
    return document(
        "Carte imaginaire du district sanitaire de Tansobré",
        typeset(
            "Le CMA de Tansobré au milieu et les 14 CSPS autour, placés selon leur distance par la route ; leur "
            f"direction est inventée. {' ; '.join(told)}. Les marques grandissent avec la population. Données fictives."
        ),
        _SIZE,
        [*shapes, *roads, *places, *hub, *_key()],
        fictional=True,
    )


def _place(km: float, degrees: float) -> Point:
    far = _NEAREST + km * _PER_KM
    return _CENTRE[0] + far * sin(radians(degrees)), _CENTRE[1] - far * cos(radians(degrees))


def _circle(km: int) -> str:
    x, y = _CENTRE
    radius = _NEAREST + km * _PER_KM
    place = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
    return f'<circle {place} fill="none" stroke="{FAINT}" stroke-width="2"/>\n' + text(
        (x + radius * sin(radians(222)), y - radius * cos(radians(222))),
        [f"{km}\u00a0km"],
        size=15,
        fill=SOFT,
        halo=True,
    )


def _key() -> list[str]:
    shapes = [text((20, 748), [typeset("Route en saison des pluies :")], size=15, anchor="start")]
    for rank, (road, (family, dashed)) in enumerate(_ROADS.items()):
        y = 770 + 20 * rank
        shapes += [
            line([(20, y - 5), (64, y - 5)], stroke=family.deep, thick=3, dashed=dashed),
            text((74, y), [territory.ROADS[road]], size=15, anchor="start"),
        ]
    return shapes
