"""`indice-couverture.svg`: the universal health coverage index of 12 places, from 2000 to 2021, years drawn to scale.

Source: World Health Organization, Global Health Observatory, by Our World in Data, 2021 vintage (SDG 3.8.1).
`python -m course.authoring.coverage` writes it into `modules/images/`.
"""

from __future__ import annotations

from course.authoring.drawing import Drawing, Scale, SvgSheet
from course.core.content import content
from course.core.palette import BLUE, FAINT, LINE, RUST, SOFT
from course.core.syllabus import rows
from course.core.words import french

FILE = "images/indice-couverture.svg"
"""In `modules/`."""
REFERENCES = ("Région africaine de l’OMS", "Monde", "Belgique", "France")
"""Places that are not countries of the subregion: in the last row, in another colour."""

_COLUMNS, _ACROSS, _DOWN, _WIDE, _HIGH = 4, 212, 196, 178, 130
_FIRST, _LAST = 2000, 2021
_LEVELS = (0, 50, 100)


def series() -> dict[str, dict[int, float]]:
    """Return the index by place, in the order of the table: year to value, from 0 to 100."""
    places: dict[str, dict[int, float]] = {}
    for row in rows("coverage_index"):
        places.setdefault(row["place"], {})[int(row["year"])] = float(row["value"].replace(",", "."))
    return places


def figure() -> Drawing:
    """Draw twelve small charts on one scale, each with the other places in grey behind."""
    sheet = SvgSheet(
        "Indice de couverture sanitaire universelle, de 2000 à 2021",
        "Source : OMS, Observatoire mondial de la santé, par Our World in Data, millésime 2021 (ODD 3.8.1).\n"
        "L’OMS révise toute la série à chaque rapport : n’y ajoutez pas une année prise ailleurs.",
        width=900,
        mention="",
    )
    sheet.text(20, 64, "Sur 100. Points : 2000, 2010, 2015, 2019 et 2021. En gris, les onze autres lieux.", size=16)
    places = series()
    for rank, (place, values) in enumerate(places.items()):
        left, top = 58 + rank % _COLUMNS * _ACROSS, 108 + rank // _COLUMNS * _DOWN
        across, up = Scale(_FIRST, _LAST, left, left + _WIDE), Scale(0, 100, top + _HIGH, top)
        colour = (RUST if place in REFERENCES else BLUE).deep
        sheet.line([(left, up(0)), (left + _WIDE, up(0))], stroke=FAINT, thick=1)
        sheet.line(*([(left, up(y)), (left + _WIDE, up(y))] for y in _LEVELS[1:]), stroke=FAINT, thick=1, dashed=True)
        sheet.line(*([(across(year), up(0)), (across(year), up(0) + 5)] for year in values), stroke=LINE, thick=1)
        others = [other for name, other in places.items() if name != place]
        curves = [[(across(year), up(value)) for year, value in curve.items()] for curve in (*others, values)]
        sheet.line(*curves[:-1], stroke=FAINT, thick=1)
        sheet.line(curves[-1], stroke=colour, thick=3)
        for x, y in curves[-1]:
            sheet.dot(x, y, 4, colour)
        below = 24 if values[_FIRST] > 70 else -12  # a curve near the top leaves room below
        first, last = french(values[_FIRST], 1), french(values[_LAST], 1)
        sheet.text(left - 2, up(values[_FIRST]) + below, first, bold=True, fill=colour, halo=True)
        x = left + _WIDE + 4
        sheet.text(x, up(values[_LAST]) + below, last, bold=True, fill=colour, anchor="end", halo=True)
        sheet.text(left, top - 8, place.removesuffix(" de l’OMS"), size=16, bold=True, fill=colour, halo=True)
        if rank % _COLUMNS == 0:
            for level in _LEVELS:
                sheet.text(left - 8, up(level) + 5, str(level), fill=SOFT, anchor="end")
        if rank >= len(places) - _COLUMNS:
            sheet.text(across(_FIRST), top + _HIGH + 24, str(_FIRST), fill=SOFT)
            sheet.text(across(2010), top + _HIGH + 24, "2010", fill=SOFT, anchor="middle")
            sheet.text(across(_LAST), top + _HIGH + 24, str(_LAST), fill=SOFT, anchor="end")
    extremes = " ; ".join(
        f"{place}, de {french(values[_FIRST], 1)} à {french(values[_LAST], 1)}" for place, values in places.items()
    )
    return sheet.drawing(
        754,
        f"Douze petits graphiques sur une même échelle de 0 à 100. De 2000 à 2021 : {extremes}. Partout la hausse par "
        "an est plus forte avant 2015 qu’après. Les années publiées sont 2000, 2010, 2015, 2019 et 2021 ; leur écart "
        "est dessiné à l’échelle.",
    )


if __name__ == "__main__":
    (content("modules") / FILE).write_bytes(figure().svg)
