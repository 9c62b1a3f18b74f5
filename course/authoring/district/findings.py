"""Figures computed from the tables of the district: those that model answers cite and that tests verify.

Blank cells are unknown and left out; duplicate lines count once. Rates and shares are numbers from 0 to 1. The
docstring of a function is the definition of its figure; `key_figures` names the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from statistics import mean, median
from typing import Literal

from course.authoring.district.tables import (
    Line,
    agrees,
    at_night,
    lines,
    month_end,
    months_between,
    rainy,
    share,
    total,
)

Zone = Literal["near", "middle", "far"]
"""The distance of a centre from the CMA by road: up to 10 km, over 10 and up to 20 km, over 20 km. The CMA is near."""
Verdict = Literal["jour", "domicile", "avoidable"]
"""The care that the review recommends instead of the stay: day care, home care, one of the two."""

ROADS = {"praticable": "praticable", "difficile": "difficile", "coupé": "coupée"}
"""The values of the access to a centre in the rains, with their feminine form, for « route »."""
STAFF_LANGUAGES = frozenset({"mooré", "dioula"})
"""The languages in which the staff see patients, according to the codebook."""
FARE_BANDS = (500, 1500)
"""Francs CFA for a return journey: under 500, from 500 to 1,499, 1,500 and more."""
PRIMARY, SUPERVISION = "soins primaires", "Supervision des CSPS"

_DUE_DAY = 10
_UNASKED_WAIT = ("FS11", "2025-06")
_SECOND_NAME = "Inspection de l’enseignement"
_SURVEYED = "2025-12"
_OUTSIDE = ("habitants", "école", "élevage", "commune", "radio locale")
"""The sources of an alert that are not health services."""


# The centres, their people and their monthly reports


def centres(zone: Zone | None = None, kind: str | None = "CSPS") -> tuple[Line, ...]:
    """The centres of a zone, the CSPS alone unless `kind` is `CMA` or None (all)."""
    return tuple(
        line
        for line in lines("formations_sanitaires")
        if (kind is None or line["type"] == kind) and zone in {None, zone_of(line["fs_id"])}
    )


def by_distance(kind: str | None = None) -> list[Line]:
    """The centres from the nearest to the farthest from the CMA."""
    return sorted(centres(kind=kind), key=lambda centre: int(centre["distance_cma_km"]))


def zone_of(centre: str) -> Zone:
    """The zone of a centre, by its code."""
    distance = next(int(line["distance_cma_km"]) for line in lines("formations_sanitaires") if line["fs_id"] == centre)
    return "near" if distance <= 10 else "middle" if distance <= 20 else "far"


def people(beyond_km: int = -1) -> int:
    """People of the district, or of the areas whose centre is more than `beyond_km` from the CMA."""
    return total((c for c in centres(kind=None) if int(c["distance_cma_km"]) > beyond_km), "population_aire")


def crowd_share() -> float:
    """The share of the three most populous CSPS beyond 10 km in the people whose centre is beyond 10 km."""
    far = [int(line["population_aire"]) for line in centres() if int(line["distance_cma_km"]) > 10]
    return sum(sorted(far)[-3:]) / sum(far)


def csps(beyond_km: int = -1) -> int:
    """The number of CSPS that are more than `beyond_km` from the CMA; all by default."""
    return sum(int(line["distance_cma_km"]) > beyond_km for line in centres())


def csps_where(column: Literal["acces_saison_pluies", "electricite"], value: str) -> int:
    """The number of CSPS with a value of their access in the rains (`coupé`…) or their power (`aucune`…)."""
    return sum(line[column] == value for line in centres())


def staff(column: Literal["infirmiers", "sages_femmes", "asbc", "logements"], zone: Zone | None = None) -> int:
    """The number of nurses, midwives, ASBC or staff houses of the CSPS, of one zone or all; unknown houses left out."""
    return total(centres(zone), column)


def people_per_nurse(zone: Zone | None = None) -> float:
    """People of the areas of the CSPS for each nurse who sees patients there."""
    return total(centres(zone), "population_aire") / staff("infirmiers", zone)


def reports(
    zone: Zone | None = None, year: int | None = None, on_time: bool | None = None, centre: str | None = None
) -> tuple[Line, ...]:
    """Monthly reports of all 15 centres, by zone, year, whether they were in by the 10th of the next month, centre."""
    return tuple(
        line
        for line in lines("activites_mensuelles")
        if zone in {None, zone_of(line["fs_id"])}
        and (year is None or line["mois"].startswith(str(year)))
        and on_time in {None, _on_time(line)}
        and centre in {None, line["fs_id"]}
    )


def _on_time(line: Line) -> bool:
    if not line["date_reception"]:
        return False
    return (date.fromisoformat(line["date_reception"]) - month_end(line["mois"])).days <= _DUE_DAY


def on_time_rate(zone: Zone | None = None) -> float:
    """The share of the 360 reports due that came in by the 10th of the next month; a missing report is late."""
    return len(reports(zone, on_time=True)) / len(reports(zone))


def activity(column: str, zone: Zone | None = None, year: int | None = None) -> int:
    """The sum of a column of the monthly reports."""
    return total(reports(zone, year), column)


def antenatal_dropout(zone: Zone | None = None, on_time: bool | None = None, centre: str | None = None) -> float:
    """1 − CPN4 ÷ CPN1 over 24 months: the women who came to a first antenatal visit and not to a fourth.

    Args:
        zone: One zone, or all 15 centres.
        on_time: True for the reports that came in by the 10th only, False for the others, None for all.
        centre: The code of one centre, or all.
    """
    group = reports(zone, on_time=on_time, centre=centre)
    return 1 - total(group, "cpn4") / total(group, "cpn1")


def vaccine_dropout(zone: Zone | None = None) -> float:
    """1 − Penta3 ÷ Penta1 over 24 months: the children who had the first dose and not the third."""
    return 1 - activity("penta3", zone) / activity("penta1", zone)


def per_person(column: str, zone: Zone | None = None, people: int = 1) -> float:
    """A column of the reports of 2025 per `people` inhabitants of the areas of the CSPS, without the CMA."""
    known = {line["fs_id"] for line in centres(zone)}
    group = [line for line in reports(zone, 2025) if line["fs_id"] in known]
    return people * total(group, column) / total(centres(zone), "population_aire")


# Survey, commitments and seats in bodies


def forms(displaced: bool | None = None, staff_language: bool | None = None) -> tuple[Line, ...]:
    """The survey's forms, by displacement and by knowledge of one of the staff's languages."""
    return tuple(
        line
        for line in lines("enquete_satisfaction")
        if agrees(line, "pdi", displaced) and staff_language in {None, line["langue"] in STAFF_LANGUAGES}
    )


def mean_score(
    column: Literal["accueil_1_5", "explication_1_5"],
    displaced: bool | None = None,
    staff_language: bool | None = None,
) -> float:
    """The mean mark, 1 to 5, of the welcome or of the explanations."""
    return mean(int(line[column]) for line in forms(displaced, staff_language))


def yes_rate(
    column: Literal["decision_partagee", "revient", "pdi", "handicap"],
    displaced: bool | None = None,
    staff_language: bool | None = None,
) -> float:
    """The share of the forms that say oui: decision shared, would come back, displaced, disabled."""
    return share(forms(displaced, staff_language), lambda line: line[column] == "oui")


def other_language_share() -> float:
    """The share of the people asked who speak none of the staff's languages at home."""
    return share(forms(), lambda line: line["langue"] not in STAFF_LANGUAGES)


def median_wait() -> float:
    """The median wait in minutes; the zeros of FS11 in June 2025 (not asked) left out."""
    asked = [line for line in forms() if (line["fs_id"], line["mois"]) != _UNASKED_WAIT]
    return median(int(line["attente_min"]) for line in asked if line["attente_min"])


def commitments(posted: bool | None = None) -> tuple[Line, ...]:
    """The commitments whose end is known (kept or not), posted at the centre or not."""
    return tuple(
        line
        for line in lines("journal_redevabilite")
        if line["tenu"] and posted in {None, bool(line["date_affichage"])}
    )


def kept_rate(posted: bool | None = None) -> float:
    """The share of the commitments whose end is known that were kept, on time or not."""
    return share(commitments(posted), lambda line: line["tenu"] == "oui")


def posted_rate() -> float:
    """The share of all commitments, whatever their end, that were posted at the centre."""
    return share(lines("journal_redevabilite"), lambda line: bool(line["date_affichage"]))


def actors() -> tuple[Line, ...]:
    """The 34 actors, the one under two names counted once."""
    return tuple(line for line in lines("parties_prenantes") if line["acteur"] != _SECOND_NAME)


def for_users(actor: Line) -> bool:
    """Return True when an actor speaks for the users of the health services."""
    return actor["represente_usagers"] == "oui"


def bodies(users: bool = False) -> int:
    """The number of bodies: all, or those with a seat for an actor who speaks for the users."""
    return len({line["instance"] for line in actors() if line["instance"] and (not users or for_users(line))})


def user_groups(seated: bool | None = None) -> int:
    """The number of actors who speak for the users: all, those with a seat, or those without."""
    return sum(for_users(line) and seated in {None, bool(line["instance"])} for line in actors())


def women_share() -> float:
    """The mean share of women among those who speak for an actor with a seat."""
    seated = [line for line in actors() if line["instance"] and line["femmes_pct"]]
    return total(seated, "femmes_pct") / len(seated) / 100


# People's paths: referral and return, long illness, hospital stay


def referrals(night: bool | None = None, rains: bool | None = None) -> tuple[Line, ...]:
    """The people sent to the CMA.

    Args:
        night: True for those who left from 18:00 to 05:59, False for the others.
        rains: True for those who left from June to September, False for the others.
    """
    return tuple(
        line
        for line in lines("references")
        if night in {None, at_night(datetime.fromisoformat(line["date_depart"]))}
        and rains in {None, rainy(line["date_depart"])}
    )


def counter_referral_return_rate(night: bool | None = None, rains: bool | None = None) -> float:
    """Counter-referrals received at the CSPS ÷ people sent to the CMA, 2024 and 2025; arguments as for `referrals`."""
    return share(referrals(night, rains), lambda line: line["retour_recu"] == "oui")


def night_share() -> float:
    """The share of the people sent to the CMA who left from 18:00 to 05:59."""
    return len(referrals(night=True)) / len(referrals())


def median_return_days() -> float:
    """The median number of days from departure to the counter-referral, where one came."""
    return median(int(line["delai_retour_j"]) for line in referrals() if line["delai_retour_j"])


def ambulance_rate(urgent: bool | None = None) -> float:
    """The share of the people sent, in an emergency or not, who went by ambulance."""
    sent = [line for line in referrals() if agrees(line, "urgence", urgent)]
    return share(sent, lambda line: line["moyen_transport"] == "ambulance")


def outcome_rate(outcome: str) -> float:
    """The share of the people sent with an outcome (`décès`, `non arrivé`, `transfert au CHR`…)."""
    return share(referrals(), lambda line: line["issue"] == outcome)


def followed(peers: bool | None = None, band: int | None = None) -> tuple[Line, ...]:
    """The people followed for hypertension or diabetes.

    Args:
        peers: True for those in a peer group, False for the others.
        band: 0, 1 or 2: only those of that band of `FARE_BANDS`; an unknown fare is in none.
    """
    return tuple(
        line
        for line in lines("suivi_chroniques")
        if agrees(line, "groupe_pairs", peers) and band in {None, _fare_band(line)}
    )


def _fare_band(line: Line) -> int | None:
    fare = line["cout_transport_fcfa"]
    return sum(int(fare) >= limit for limit in FARE_BANDS) if fare else None


def lost(group: Iterable[Line]) -> int:
    """The number of people lost to follow-up at the end of 2025."""
    return sum(line["perdu_de_vue"] == "oui" for line in group)


def lost_rate(peers: bool | None = None, band: int | None = None) -> float:
    """The share of the people followed who were lost to follow-up; arguments as for `followed`."""
    return lost(followed(peers, band)) / len(followed(peers, band))


def lost_risk_ratio() -> float:
    """The share lost in peer groups ÷ the share lost outside them, not adjusted."""
    return lost_rate(peers=True) / lost_rate(peers=False)


def lost_risk_ratio_at_equal_fare() -> float:
    """The same ratio among people whose transport costs alike (Mantel and Haenszel, over the bands of `FARE_BANDS`)."""
    above = below = 0.0
    for band in range(len(FARE_BANDS) + 1):
        inside, outside = followed(True, band), followed(False, band)
        everyone = len(inside) + len(outside)
        above += lost(inside) * len(outside) / everyone
        below += lost(outside) * len(inside) / everyone
    return above / below


def median_fare(peers: bool | None = None) -> float:
    """The median cost of a return journey in francs CFA."""
    return median(int(line["cout_transport_fcfa"]) for line in followed(peers) if line["cout_transport_fcfa"])


def peer_share() -> float:
    """The share of the people followed who come to a peer group."""
    return len(followed(peers=True)) / len(followed())


def control_rate(peers: bool | None = None) -> float:
    """The share of the people whose blood pressure is known (hypertension) for whom it is under control."""
    return share([line for line in followed(peers) if line["pa_controlee"]], lambda line: line["pa_controlee"] == "oui")


def stays(verdict: Verdict | None = None) -> tuple[Line, ...]:
    """The stays of July to December 2025: all, or those for which day care, home care or either was sufficient."""
    wanted = {"jour", "domicile"} if verdict == "avoidable" else {verdict}
    return tuple(
        line for line in lines("hospitalisations_cma") if verdict is None or line["evitable_selon_revue"] in wanted
    )


def bed_days(verdict: Verdict | None = None) -> int:
    """Bed-days of those stays in the half-year; stays of unknown length left out."""
    return total(stays(verdict), "duree_j")


def avoidable_share() -> float:
    """Avoidable bed-days ÷ bed-days: the share for which day or home care was sufficient."""
    return bed_days("avoidable") / bed_days()


def home_follow_up_rate(verdict: Verdict | None = None) -> float:
    """The share of those who went home and were visited there within a fortnight."""
    home = [line for line in stays(verdict) if line["suivi_domicile"]]
    return share(home, lambda line: line["suivi_domicile"] == "oui")


def readmission_rate(visited: bool | None = None, verdict: Verdict | None = None) -> float:
    """The share of those who went home, visited there or not, who were back in hospital within 30 days."""
    home = [line for line in stays(verdict) if line["readmission_30j"] and agrees(line, "suivi_domicile", visited)]
    return share(home, lambda line: line["readmission_30j"] == "oui")


# Resources: community health workers, budgets, payment, alerts


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


def budget(
    year: int,
    column: Literal["prevu_fcfa", "engage_fcfa"] = "prevu_fcfa",
    level: str | None = None,
    programme: str | None = None,
    source: str | None = None,
) -> int:
    """Francs CFA planned or engaged in a year; an unknown sum is left out.

    Args:
        year: 2023 to 2025.
        column: Planned (`prevu_fcfa`) or engaged (`engage_fcfa`).
        level: One level (`soins primaires`, `hôpital`, `district`), or all.
        programme: One programme, or all.
        source: One source, or all.
    """
    wanted = {"annee": str(year), "niveau": level, "programme": programme, "source": source}
    return total(
        (
            line
            for line in lines("budget_financement")
            if all(value in {None, line[name]} for name, value in wanted.items())
        ),
        column,
    )


def primary_care_share(year: int, column: Literal["prevu_fcfa", "engage_fcfa"] = "prevu_fcfa") -> float:
    """Primary care ÷ all of a year's budget, planned or engaged."""
    return budget(year, column, PRIMARY) / budget(year, column)


def supervision_partners(year: int) -> int:
    """The number of partners who pay for the supervision of the CSPS in a year."""
    planned = (line for line in lines("budget_financement") if line["annee"] == str(year))
    return len({line["source"] for line in planned if line["programme"] == SUPERVISION})


def capitation_change(centre: str, per_km: float = 0.0) -> float:
    """The gain or loss (below 0) of a CSPS, as a share of its receipts, if the total were paid per enrolled person.

    Args:
        centre: Code of one of the 14 CSPS.
        per_km: The additional weight of a person for each kilometre to the CMA; 0 is the flat amount.
    """
    weights: dict[str, float] = {}
    receipts: dict[str, int] = {}
    for line in _payments():
        weights[line["fs_id"]] = int(line["population_inscrite"]) * (1 + per_km * int(line["distance_km"]))
        receipts[line["fs_id"]] = int(line["recettes_actuelles"])
    return weights[centre] / sum(weights.values()) * sum(receipts.values()) / receipts[centre] - 1


def csps_that_lose(per_km: float = 0.0) -> int:
    """The number of CSPS beyond 20 km that would lose more than 5 % of their receipts under that payment."""
    far = [line["fs_id"] for line in _payments() if int(line["distance_km"]) > 20]
    return sum(capitation_change(centre, per_km) < -0.05 for centre in far)


def flat_amount() -> float:
    """Francs CFA a year for an enrolled person, if the receipts of the 14 CSPS were shared equally."""
    return total(_payments(), "recettes_actuelles") / total(_payments(), "population_inscrite")


def _payments() -> list[Line]:
    known = {line["fs_id"] for line in centres()}
    return [line for line in lines("paiement_simulation") if line["fs_id"] in known]


def alerts(outside: bool | None = None) -> tuple[Line, ...]:
    """The alerts, those of outside (people, school, livestock service, commune, radio) or of the health services."""
    return tuple(line for line in lines("alertes") if outside in {None, line["source"] in _OUTSIDE})


def leads() -> list[int]:
    """The lead in days of the outside signal, for each event signalled from outside and by a health service."""
    first: dict[tuple[str, bool], date] = {}
    for line in alerts():
        key = (line["evenement"], line["source"] in _OUTSIDE)
        day = date.fromisoformat(line["date_signal"])
        first[key] = min(day, first.get(key, day))
    return [(first[event, False] - day).days for (event, out), day in first.items() if out and (event, False) in first]


def check_days(group: Iterable[Line]) -> list[int]:
    """The days from signal to verification of the alerts that have a date of verification."""
    return [
        (date.fromisoformat(line["date_verification"]) - date.fromisoformat(line["date_signal"])).days
        for line in group
        if line["date_verification"]
    ]


def median_check_days(outside: bool | None = None) -> float:
    """The median number of days from a signal to its verification, where one is written down."""
    return median(check_days(alerts(outside)))


def unchecked_share(outside: bool | None = None) -> float:
    """The share of the alerts without a date of verification."""
    return share(alerts(outside), lambda line: not line["date_verification"])


def shared_alert_rate() -> float:
    """The share of the alerts that involve at least one sector other than health."""
    return share(alerts(), lambda line: "," in line["secteurs_impliques"])
