"""Figures of the centres, their people and their monthly reports."""

from __future__ import annotations

from datetime import date
from typing import Literal

from course.authoring.district.calendar import month_end
from course.authoring.district.figures.reading import Line, lines, total

Zone = Literal["near", "middle", "far"]
"""How far a centre is from the CMA by road: up to 10 km, beyond 10 and up to 20 km, beyond 20 km. The CMA is near."""
ROADS = {"praticable": "praticable", "difficile": "difficile", "coupé": "coupée"}
"""What the table says of the way to a centre in the rains, as it is said of a road."""
_DUE_DAY = 10


def centres(zone: Zone | None = None, kind: str | None = "CSPS") -> tuple[Line, ...]:
    """The centres of a zone, the CSPS alone unless `kind` is `CMA` or None (all)."""
    return tuple(
        line
        for line in lines("formations_sanitaires")
        if (kind is None or line["type"] == kind) and zone in {None, zone_of(line["fs_id"])}
    )


def zone_of(centre: str) -> Zone:
    """The zone of a centre, by its code."""
    distance = next(int(line["distance_cma_km"]) for line in lines("formations_sanitaires") if line["fs_id"] == centre)
    return "near" if distance <= 10 else "middle" if distance <= 20 else "far"


def people(beyond_km: int = -1) -> int:
    """People of the district, or of the areas whose centre is more than `beyond_km` from the CMA."""
    found = [line for line in centres(kind=None) if int(line["distance_cma_km"]) > beyond_km]
    return total(found, "population_aire")


def crowd_share() -> float:
    """The share, of the people whose centre is beyond 10 km, that the three most populous of those CSPS hold."""
    far = [int(line["population_aire"]) for line in centres() if int(line["distance_cma_km"]) > 10]
    return sum(sorted(far)[-3:]) / sum(far)


def csps(beyond_km: int = -1) -> int:
    """How many CSPS are more than `beyond_km` from the CMA; all by default."""
    return sum(int(line["distance_cma_km"]) > beyond_km for line in centres())


def csps_where(column: Literal["acces_saison_pluies", "electricite"], value: str) -> int:
    """How many CSPS say that of their access in the rains (`coupé`…) or their power (`aucune`…)."""
    return sum(line[column] == value for line in centres())


def staff(column: Literal["infirmiers", "sages_femmes", "asbc", "logements"], zone: Zone | None = None) -> int:
    """Nurses, midwives, ASBC or staff houses of the CSPS, of one zone or all; unknown houses left out."""
    return total(centres(zone), column)


def people_per_nurse(zone: Zone | None = None) -> float:
    """People of the areas of the CSPS for each nurse who sees patients there."""
    return total(centres(zone), "population_aire") / staff("infirmiers", zone)


def reports(zone: Zone | None = None, year: int | None = None, on_time: bool | None = None) -> tuple[Line, ...]:
    """Monthly reports of all 15 centres, by zone, year and whether they were in by the 10th of the next month."""
    return tuple(
        line
        for line in lines("activites_mensuelles")
        if zone in {None, zone_of(line["fs_id"])}
        and (year is None or line["mois"].startswith(str(year)))
        and on_time in {None, _on_time(line)}
    )


def _on_time(line: Line) -> bool:
    if not line["date_reception"]:
        return False
    return (date.fromisoformat(line["date_reception"]) - month_end(line["mois"])).days <= _DUE_DAY


def on_time_rate(zone: Zone | None = None) -> float:
    """The share of the 360 reports due that came in by the 10th of the next month; one that never came is late."""
    return len(reports(zone, on_time=True)) / len(reports(zone))


def activity(column: str, zone: Zone | None = None, year: int | None = None) -> int:
    """The sum of a column of the monthly reports; blank cells are left out."""
    return total(reports(zone, year), column)


def antenatal_dropout(zone: Zone | None = None, on_time: bool | None = None) -> float:
    """1 − CPN4 ÷ CPN1 over 24 months: the women who came to a first antenatal visit and not to a fourth.

    Args:
        zone: One zone, or all 15 centres.
        on_time: True for the reports that came in by the 10th only, False for the others, None for all.
    """
    found = reports(zone, on_time=on_time)
    return 1 - total(found, "cpn4") / total(found, "cpn1")


def dropout_of(centre: str, on_time: bool | None = None) -> float:
    """1 − CPN4 ÷ CPN1 of one centre over 24 months."""
    found = [line for line in reports(on_time=on_time) if line["fs_id"] == centre]
    return 1 - total(found, "cpn4") / total(found, "cpn1")


def vaccine_dropout(zone: Zone | None = None) -> float:
    """1 − Penta3 ÷ Penta1 over 24 months: the children who had the first dose and not the third."""
    return 1 - activity("penta3", zone) / activity("penta1", zone)


def contacts_per_person(zone: Zone | None = None, year: int = 2025) -> float:
    """New contacts of a year for each person of the areas of the CSPS; the CMA is left out."""
    known = {line["fs_id"] for line in centres(zone)}
    found = [line for line in reports(zone, year) if line["fs_id"] in known]
    return total(found, "nouveaux_contacts") / total(centres(zone), "population_aire")


def per_1000_people(column: str, zone: Zone | None = None, year: int = 2025) -> float:
    """A column of a year's reports for 1,000 people of the areas of the CSPS; the CMA is left out."""
    known = {line["fs_id"] for line in centres(zone)}
    found = [line for line in reports(zone, year) if line["fs_id"] in known]
    return 1000 * total(found, column) / total(centres(zone), "population_aire")
