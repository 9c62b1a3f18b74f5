"""Figures of people's paths: referral and return, long illness, hospital stay."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Literal

from course.authoring.district.calendar import at_night, rainy
from course.authoring.district.figures.reading import Line, agrees, lines, share, total

Verdict = Literal["jour", "domicile", "avoidable"]
"""What the review would have done instead of the stay: day care, home care, one of the two."""
FARE_BANDS = (500, 1500)
"""Francs CFA for a return journey: under 500, from 500 to 1,499, 1,500 and more."""


def referrals(night: bool | None = None, rains: bool | None = None) -> tuple[Line, ...]:
    """The people sent to the CMA, one typed twice counted once.

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
    """Counter-referrals found at the CSPS ÷ people sent to the CMA, 2024 and 2025; arguments as for `referrals`."""
    return share(referrals(night, rains), lambda line: line["retour_recu"] == "oui")


def night_share() -> float:
    """The share of the people sent to the CMA who left from 18:00 to 05:59."""
    return len(referrals(night=True)) / len(referrals())


def median_return_days() -> float:
    """The median number of days from departure to the counter-referral, where one came."""
    return median(int(line["delai_retour_j"]) for line in referrals() if line["delai_retour_j"])


def ambulance_rate(urgent: bool | None = None) -> float:
    """The share of the people sent, in an emergency or not, who went by ambulance."""
    found = [line for line in referrals() if agrees(line, "urgence", urgent)]
    return share(found, lambda line: line["moyen_transport"] == "ambulance")


def outcome_rate(outcome: str) -> float:
    """The share of the people sent with that outcome (`décès`, `non arrivé`, `transfert au CHR`…)."""
    return share(referrals(), lambda line: line["issue"] == outcome)


def followed(peers: bool | None = None) -> tuple[Line, ...]:
    """The people followed for hypertension or diabetes, in a peer group or not."""
    return tuple(line for line in lines("suivi_chroniques") if agrees(line, "groupe_pairs", peers))


def lost_rate(peers: bool | None = None, band: int | None = None) -> float:
    """The share of the people followed who were lost to follow-up at the end of 2025.

    Args:
        peers: True for those in a peer group, False for the others.
        band: 0, 1 or 2: only those of that band of `FARE_BANDS`; an unknown fare is in none.
    """
    found = [line for line in followed(peers) if band in {None, fare_band(line)}]
    return share(found, lambda line: line["perdu_de_vue"] == "oui")


def lost_risk_ratio() -> float:
    """Lost in peer groups ÷ lost outside them, as it comes."""
    return lost_rate(peers=True) / lost_rate(peers=False)


def lost_risk_ratio_at_equal_fare() -> float:
    """The same ratio among people whose transport costs alike (Mantel and Haenszel, over the bands of `FARE_BANDS`)."""
    above = below = 0.0
    for band in range(len(FARE_BANDS) + 1):
        inside = [line for line in followed(peers=True) if fare_band(line) == band]
        outside = [line for line in followed(peers=False) if fare_band(line) == band]
        everyone = len(inside) + len(outside)
        above += _lost(inside) * len(outside) / everyone
        below += _lost(outside) * len(inside) / everyone
    return above / below


def median_fare(peers: bool | None = None) -> float:
    """The median cost of a return journey in francs CFA; unknown ones left out."""
    return median(int(line["cout_transport_fcfa"]) for line in followed(peers) if line["cout_transport_fcfa"])


def peer_share() -> float:
    """The share of the people followed who come to a peer group."""
    return len(followed(peers=True)) / len(followed())


def control_rate(peers: bool | None = None) -> float:
    """The share of the people whose blood pressure is known (hypertension) for whom it is under control."""
    return share([line for line in followed(peers) if line["pa_controlee"]], lambda line: line["pa_controlee"] == "oui")


def fare_band(line: Line) -> int | None:
    """The band of `FARE_BANDS` of a person's fare; None when it is unknown."""
    fare = line["cout_transport_fcfa"]
    return sum(int(fare) >= limit for limit in FARE_BANDS) if fare else None


def _lost(found: list[Line]) -> int:
    return sum(line["perdu_de_vue"] == "oui" for line in found)


def stays(verdict: Verdict | None = None) -> tuple[Line, ...]:
    """The stays of July to December 2025: all, or those for which day care, home care or either would have done."""
    wanted = {"jour", "domicile"} if verdict == "avoidable" else {verdict}
    return tuple(
        line for line in lines("hospitalisations_cma") if verdict is None or line["evitable_selon_revue"] in wanted
    )


def bed_days(verdict: Verdict | None = None) -> int:
    """Bed-days of those stays in the half-year; stays of unknown length left out."""
    return total(stays(verdict), "duree_j")


def avoidable_share() -> float:
    """Avoidable bed-days ÷ bed-days: what could have been day or home care."""
    return bed_days("avoidable") / bed_days()


def home_follow_up_rate(verdict: Verdict | None = None) -> float:
    """The share of those who went home and were visited there within a fortnight."""
    return share(
        [line for line in stays(verdict) if line["suivi_domicile"]], lambda line: line["suivi_domicile"] == "oui"
    )


def readmission_rate(visited: bool | None = None, verdict: Verdict | None = None) -> float:
    """The share of those who went home, visited there or not, who were back in hospital within 30 days."""
    found = [line for line in stays(verdict) if line["readmission_30j"] and agrees(line, "suivi_domicile", visited)]
    return share(found, lambda line: line["readmission_30j"] == "oui")
