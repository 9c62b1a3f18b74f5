"""Figures of means: community health workers, budgets, payment, and alerts."""

from __future__ import annotations

from datetime import date
from statistics import mean, median

from course.authoring.district.alerts import OUTSIDE
from course.authoring.district.calendar import months_between
from course.authoring.district.figures.reading import Line, lines, share, total

_SURVEYED = "2025-12"
PRIMARY, SUPERVISION = "soins primaires", "Supervision des CSPS"


def agents(late_months: tuple[int, int] = (0, 12)) -> tuple[Line, ...]:
    """The community health workers who wait for that many months of bonus, from the first number to the second."""
    first, last = late_months
    return tuple(line for line in lines("asbc") if first <= months_between(line["prime_payee"], _SURVEYED) <= last)


def late_bonus_share(months: int = 1) -> float:
    """The share of the agents who wait for at least that many months of bonus in December 2025."""
    return len(agents((months, 12))) / len(agents())


def median_visits(late_months: tuple[int, int] = (0, 12)) -> float:
    """The median number of home visits of December 2025 among the agents who wait for that many months of bonus."""
    return median(int(line["visites_mois"]) for line in agents(late_months))


def households() -> int:
    """Households in the care of the agents."""
    return total(agents(), "menages_couverts")


def unsupervised_share() -> float:
    """The share of the agents who had no supervision from October to December 2025."""
    return share(agents(), lambda line: line["supervision_trimestre"] == "0")


def women_agents_share() -> float:
    """The share of women among the agents."""
    return share(agents(), lambda line: line["sexe"] == "F")


def mean_stockout_days() -> float:
    """The mean number of days of the quarter without supplies; FS06, not asked, left out."""
    return mean(int(line["jours_rupture_intrants"]) for line in agents() if line["jours_rupture_intrants"])


def budget(year: int, column: str = "prevu_fcfa", level: str | None = None, programme: str | None = None) -> int:
    """Francs CFA planned (`prevu_fcfa`) or engaged (`engage_fcfa`) in a year, the line typed twice counted once.

    Args:
        year: 2023 to 2025.
        column: Which of the two; an unknown sum is left out.
        level: One level (`soins primaires`, `hôpital`, `district`), or all.
        programme: One programme, or all.
    """
    found = (
        line
        for line in lines("budget_financement")
        if line["annee"] == str(year) and level in {None, line["niveau"]} and programme in {None, line["programme"]}
    )
    return total(found, column)


def primary_care_share(year: int, column: str = "prevu_fcfa") -> float:
    """Primary care ÷ all of a year's budget, planned or engaged."""
    return budget(year, column, PRIMARY) / budget(year, column)


def supervision_partners(year: int) -> int:
    """How many partners pay for the supervision of the CSPS in a year."""
    return len(
        {
            line["source"]
            for line in lines("budget_financement")
            if line["annee"] == str(year) and line["programme"] == SUPERVISION
        }
    )


def capitation_change(centre: str, per_child: float = 0.0, per_elder: float = 0.0, per_km: float = 0.0) -> float:
    """What a CSPS would gain or lose (below 0), as a share of its receipts, if the total were paid by enrolled person.

    Args:
        centre: Code of one of the 14 CSPS.
        per_child: What a child under 5 weighs more than an adult; 0.5 is half as much again.
        per_elder: What a person of 60 and over weighs more than an adult.
        per_km: What a person weighs more for each kilometre to the CMA; all three at 0 is the flat amount.
    """
    weights: dict[str, float] = {}
    receipts: dict[str, int] = {}
    for line in _csps():
        age = 1 + per_child * int(line["part_0_4"]) / 100 + per_elder * int(line["part_60plus"]) / 100
        weights[line["fs_id"]] = int(line["population_inscrite"]) * age * (1 + per_km * int(line["distance_km"]))
        receipts[line["fs_id"]] = int(line["recettes_actuelles"])
    return weights[centre] / sum(weights.values()) * sum(receipts.values()) / receipts[centre] - 1


def csps_that_lose(beyond_km: int = 20, limit: float = 0.05, per_km: float = 0.0) -> int:
    """How many CSPS beyond a distance would lose more than `limit` of their receipts under that payment."""
    far = [line["fs_id"] for line in _csps() if int(line["distance_km"]) > beyond_km]
    return sum(capitation_change(centre, per_km=per_km) < -limit for centre in far)


def flat_amount() -> float:
    """Francs CFA a year for an enrolled person, if the receipts of the 14 CSPS were shared equally."""
    return total(_csps(), "recettes_actuelles") / total(_csps(), "population_inscrite")


def _csps() -> list[Line]:
    known = {line["fs_id"] for line in lines("formations_sanitaires") if line["type"] == "CSPS"}
    return [line for line in lines("paiement_simulation") if line["fs_id"] in known]


def alerts(outside: bool | None = None) -> tuple[Line, ...]:
    """The alerts, those of outside (people, school, livestock service, commune, radio) or of the health services."""
    return tuple(line for line in lines("alertes") if outside in {None, line["source"] in OUTSIDE})


def leads() -> list[int]:
    """For each event signalled from outside and by a health service: by how many days the outside signal came first."""
    first: dict[tuple[str, bool], date] = {}
    for line in alerts():
        key = (line["evenement"], line["source"] in OUTSIDE)
        day = date.fromisoformat(line["date_signal"])
        first[key] = min(day, first.get(key, day))
    return [(first[event, False] - day).days for (event, out), day in first.items() if out and (event, False) in first]


def median_lead() -> float:
    """The median of `leads`, in days."""
    return median(leads())


def median_check_days(outside: bool | None = None) -> float:
    """The median number of days from a signal to its verification, where one is written down."""
    return median(
        (date.fromisoformat(line["date_verification"]) - date.fromisoformat(line["date_signal"])).days
        for line in alerts(outside)
        if line["date_verification"]
    )


def unchecked_share(outside: bool | None = None) -> float:
    """The share of the alerts without a date of verification."""
    return share(alerts(outside), lambda line: not line["date_verification"])


def shared_alert_rate() -> float:
    """The share of the alerts in which at least one other sector took part beside health."""
    return share(alerts(), lambda line: "," in line["secteurs_impliques"])
