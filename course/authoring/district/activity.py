"""The monthly reports of the centres: the table `activites_mensuelles`."""

from __future__ import annotations

from datetime import timedelta

from course.authoring.district.calendar import MONTHS, month_end, rainy
from course.authoring.district.centres import CENTRES, Centre
from course.authoring.district.draws import Draws
from course.authoring.district.table import Row, yes

SEED = 202
_COUNTS = (
    "nouveaux_contacts", "cpn1", "cpn4", "accouchements_assistes", "penta1", "penta3", "consultations_hta",
    "consultations_diabete",
)  # fmt: skip
_HARD = {"near": (0.03, 0.08), "middle": (0.07, 0.25), "far": (0.22, 0.85)}
"""How often a month goes badly (staff away, road cut): in the dry season, in the rains."""
_MALARIA = {"07": 1.2, "08": 1.4, "09": 1.5, "10": 1.4, "11": 1.15}
_STRIPS_OUT = ("2025-02", "2025-03", "2025-04")


def rows() -> list[Row]:
    """The table `activites_mensuelles`: 15 centres × 24 months."""
    draws = Draws(SEED)
    table = {(centre.id, month): _report(draws, centre, month) for centre in CENTRES for month in MONTHS}
    missing = table["FS13", "2024-08"]
    missing.update(dict.fromkeys(_COUNTS), date_reception=None)
    for month in _STRIPS_OUT:
        table["FS10", month]["consultations_diabete"] = 0
    table["FS07", "2025-03"]["consultations_diabete"] = None
    copied = table["FS04", "2025-04"]
    table["FS04", "2025-05"].update({column: copied[column] for column in _COUNTS})
    for report in table.values():
        report["complet"] = yes(all(report[column] is not None for column in _COUNTS))
    return list(table.values())


def _zone(centre: Centre) -> str:
    return "near" if centre.near else "far" if centre.far else "middle"


def _report(draws: Draws, centre: Centre, month: str) -> Row:
    zone = _zone(centre)
    hard = draws.chance(_HARD[zone][rainy(month)])
    late = draws.chance(0.95 if hard else 0.05)
    report: Row = {"fs_id": centre.id, "mois": month}
    report |= _contacts(draws, centre, month, hard) | _mothers(draws, centre, hard) | _chronic(draws, centre, month)
    if draws.chance(0.2 if late else 0.02):
        report[draws.pick(("consultations_hta", "consultations_diabete"))] = None
    delay = draws.integer(13, 45) if late else draws.integer(2, 10)
    received = month_end(month) + timedelta(days=delay)
    return report | {"complet": None, "date_reception": received.isoformat()}


def _contacts(draws: Draws, centre: Centre, month: str, hard: bool) -> Row:
    yearly = 1.16 - 0.016 * centre.distance
    season = _MALARIA.get(month[5:], 0.87)
    mean = centre.population * yearly / 12 * season * (0.8 if hard else 1.0)
    return {"nouveaux_contacts": round(draws.around(mean, mean * 0.05))}


def _mothers(draws: Draws, centre: Centre, hard: bool) -> Row:
    distance = centre.distance
    first = draws.count(centre.population * 0.046 / 12 * (0.93 - 0.004 * distance) * (0.85 if hard else 1.0))
    dropout = 0.335 + 0.0028 * distance + (0.0098 * min(distance, 34) if hard else 0.0)
    births = centre.population * 0.041 / 12 * (0.93 - 0.0085 * distance) * (0.82 if hard else 1.0)
    if centre.kind == "CMA":
        births += 46  # complicated births sent by the 14 CSPS
    penta1 = draws.count(centre.population * 0.038 / 12 * (0.97 - 0.003 * distance) * (0.9 if hard else 1.0))
    missed = 0.03 + 0.0026 * distance
    return {
        "cpn1": first,
        "cpn4": round(first * (1 - min(0.88, max(0.15, draws.around(dropout, 0.03))))),
        "accouchements_assistes": draws.count(births),
        "penta1": penta1,
        "penta3": round(penta1 * (1 - max(0.0, draws.around(missed, 0.015)))),
    }


def _chronic(draws: Draws, centre: Centre, month: str) -> Row:
    growth = 1 + 0.01 * MONTHS.index(month)
    per_head = centre.population / 10_000 * growth
    pressure, sugar = (34, 13) if centre.kind == "CMA" else (26 - 0.5 * centre.distance, 5 - 0.1 * centre.distance)
    return {
        "consultations_hta": max(1, draws.count(per_head * pressure)),
        "consultations_diabete": max(1, draws.count(per_head * sugar)),
    }
