"""People's paths through care: referrals to the CMA, follow-up of long illness, hospital stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from course.authoring.district.table import (
    DAYBREAK,
    MONTHS,
    NIGHTFALL,
    Draws,
    Row,
    adjusted,
    at_night,
    month_end,
    months_between,
    rainy,
    stamp,
    yes,
)
from course.authoring.district.territory import CENTRES, CSPS, Centre

SIZE, RETURNED = 600, 132
_LOST_MONTH = "2024-08"
_REASONS = {  # reason: (weight, share of emergencies)
    "complication de la grossesse ou de l’accouchement": (23, 0.85),
    "paludisme grave": (20, 0.9),
    "anémie sévère": (12, 0.85),
    "traumatisme": (10, 0.6),
    "hypertension ou diabète compliqués": (10, 0.35),
    "souffrance du nouveau-né": (8, 0.95),
    "malnutrition avec complications": (7, 0.5),
    "abdomen aigu": (5, 0.9),
    "autre": (5, 0.2),
}
_SPEEDS = {  # kilometres an hour: dry season, rains
    "ambulance": (32, 19),
    "moto": (24, 14),
    "tricycle": (16, 9),
    "transport en commun": (20, 11),
    "charrette": (6, 4),
}
_OUTCOMES = {
    "retour à domicile": 41, "hospitalisation puis sortie": 44, "transfert au CHR": 5, "décès": 5, "non arrivé": 5,
}  # fmt: skip


def referral_rows() -> list[Row]:
    """The table `references`, in the order of departures."""
    draws = Draws(404)
    departures = sorted(_departure(draws, month) for month, number in _months(draws) for _ in range(number))
    table = [_referral(draws, moment) for moment in departures]
    for number, row in enumerate(table, 1):
        row["ref_id"] = f"R{number:04}"
    _return(draws, table)
    _spoil_referrals(table)
    return table


def _months(draws: Draws) -> list[tuple[str, int]]:
    months = [month for month in MONTHS if month != _LOST_MONTH]
    counts = [draws.integer(22, 31) for _ in months]
    return list(zip(months, adjusted(draws, counts, SIZE, (21, 32)), strict=True))


def _departure(draws: Draws, month: str) -> datetime:
    day = date.fromisoformat(f"{month}-{draws.integer(1, month_end(month).day):02}")
    if draws.chance(0.24):
        hour = draws.pick((*range(NIGHTFALL, 24), *range(DAYBREAK)))
    else:
        hour = draws.integer(DAYBREAK + 1, NIGHTFALL - 2)
    return datetime(day.year, day.month, day.day, hour, 5 * draws.integer(0, 11))


def _transport(draws: Draws, centre: Centre, urgent: bool) -> str:
    weights = {
        "ambulance": 46 if urgent else 14,
        "moto": 30,
        "tricycle": 14,
        "transport en commun": 0 if urgent else 26,
    }
    if centre.distance <= 20:
        weights["charrette"] = 6
    return draws.weighted(weights)


def _referral(draws: Draws, departure: datetime) -> Row:
    day = departure.date().isoformat()
    centre = draws.weighted({centre: centre.population * (1.25 - 0.012 * centre.distance) for centre in CSPS})
    reason = draws.weighted({reason: weight for reason, (weight, _) in _REASONS.items()})
    urgent = draws.chance(_REASONS[reason][1]) or at_night(departure)  # nobody leaves at night without an emergency
    transport = _transport(draws, centre, urgent)
    outcome = draws.weighted(_OUTCOMES)
    minutes = centre.distance * 60 / _SPEEDS[transport][rainy(day)] * (0.9 + draws.integer(0, 50) / 100)
    arrival = departure + timedelta(minutes=10 + 5 * round(minutes / 5))
    noted = outcome != "non arrivé" and not draws.chance(0.02)
    return {
        "ref_id": None,
        "fs_depart": centre.id,
        "date_depart": stamp(departure),
        "motif": reason,
        "urgence": yes(urgent),
        "moyen_transport": transport,
        "date_arrivee": stamp(arrival) if noted else None,
        "issue": outcome,
        "retour_recu": "non",
        "delai_retour_j": None,
    }


def _return(draws: Draws, table: list[Row]) -> None:
    """Mark the counter-referrals that came back: none of a person who left or arrived at night, fewer in the rains."""
    chances: list[tuple[float, Row]] = []
    for row in table:
        moments = [str(row[column]) for column in ("date_depart", "date_arrivee") if row[column]]
        hours = [int(moment[11:13]) for moment in moments]
        luck = draws.around(0.0, 0.3) + (0.2 if rainy(moments[0]) else 0.0) + (0.15 if row["urgence"] == "oui" else 0.0)
        by_day = all(DAYBREAK < hour < NIGHTFALL for hour in hours)
        if by_day and row["issue"] in {"retour à domicile", "hospitalisation puis sortie"}:
            chances.append((luck, row))
    for _, row in sorted(chances, key=lambda chance: chance[0])[:RETURNED]:
        row["retour_recu"] = "oui"
        row["delai_retour_j"] = max(2, round(draws.around(13, 6)))


def _spoil_referrals(table: list[Row]) -> None:
    """Insert the defects that the codebook lists; the lost month is one already."""
    first, second = table[416], table[417]  # R0417 was typed twice
    second.update({column: value for column, value in first.items() if column != "ref_id"})
    wrong = table[232]  # R0233: the arrival was dated a day too early
    wrong["date_arrivee"] = stamp(datetime.fromisoformat(str(wrong["date_arrivee"])) - timedelta(days=1))


# Follow-up


@dataclass(frozen=True, slots=True)
class _Group:
    """People of one band of transport cost, in a peer group or not, and how many of them were lost."""

    fares: tuple[int, ...]
    peers: bool
    people: int
    lost: int


# Within a band of cost, peer groups lose a third fewer; over all, half as many, because those who live near join them.
_GROUPS = (
    _Group(tuple(range(0, 500, 100)), True, 55, 7),
    _Group(tuple(range(0, 500, 100)), False, 73, 15),
    _Group(tuple(range(500, 1500, 100)), True, 25, 5),
    _Group(tuple(range(500, 1500, 100)), False, 91, 28),
    _Group(tuple(range(1500, 4100, 100)), True, 10, 3),
    _Group(tuple(range(1500, 4100, 100)), False, 84, 40),
)
_UNASKED = _Group((), False, 12, 4)
_WITH_PEERS = frozenset({"FS01", "FS02", "FS03", "FS04", "FS06", "FS08", "FS11", "FS15"})
_NOT_ASKING = "FS05"
"""The centre that did not ask the cost of transport."""


def follow_up_rows() -> list[Row]:
    """The table `suivi_chroniques`, in the order of inclusion."""
    draws = Draws(505)
    people = [
        (draws.pick(MONTHS[:21]), group, number < group.lost)
        for group in (*_GROUPS, _UNASKED)
        for number in range(group.people)
    ]
    people = sorted(draws.shuffled(people), key=lambda person: person[0])
    table = [_person(draws, *person) for person in people]
    for number, row in enumerate(table, 1):
        row["code_patient"] = f"P{number:03}"
    _spoil_follow_up(draws, table)
    return table


def _centre(draws: Draws, group: _Group) -> str:
    if not group.fares:
        return _NOT_ASKING
    weights = {
        centre.id: centre.population * (3.0 if centre.kind == "CMA" else 1.0)
        for centre in CENTRES
        if centre.id != _NOT_ASKING and (centre.id in _WITH_PEERS or not group.peers)
    }
    return draws.weighted(weights)


def _person(draws: Draws, month: str, group: _Group, lost: bool) -> Row:
    illness = draws.weighted({"hypertension": 58, "diabète": 27, "hypertension et diabète": 15})
    expected = months_between(month, MONTHS[-1])
    missed = draws.integer(3, max(3, expected - 1)) if lost else round(expected * draws.integer(0, 22) / 100)
    controlled = draws.chance(0.2 if lost else 0.58 if group.peers else 0.49)
    return {
        "code_patient": None,
        "fs_id": _centre(draws, group),
        "maladie": illness,
        "mois_inclusion": month,
        "visites_attendues": expected,
        "visites_faites": max(0, expected - missed),
        "perdu_de_vue": yes(lost),
        "groupe_pairs": yes(group.peers),
        "cout_transport_fcfa": draws.pick(group.fares) if group.fares else None,
        "pa_controlee": None if illness == "diabète" else yes(controlled),
    }


def _spoil_follow_up(draws: Draws, table: list[Row]) -> None:
    """Insert the defects that the codebook lists; the centre that did not ask is one already."""
    steady = [row for row in table if row["perdu_de_vue"] == "non"]
    for row in draws.shuffled(steady)[:3]:
        row["visites_faites"] = int(row["visites_attendues"] or 0) + draws.integer(1, 3)
    measured = [row for row in table if row["pa_controlee"] and row["maladie"] == "hypertension"]
    for row in draws.shuffled(measured)[:6]:
        row["pa_controlee"] = None


# Hospital stays

DAYS, DAY_CARE, HOME_CARE = 2333, 152, 268
"""Bed-days in all, and those the review would have given in a day hospital or at home: 18 %."""
_UNREVIEWED, _UNDATED = 7, 3
_STAYS = {  # verdict: {(service, reason): (stays, ages from … to)}
    "non": {
        ("médecine", "paludisme grave"): (58, (15, 74)),
        ("médecine", "infection respiratoire"): (30, (18, 82)),
        ("médecine", "poussée d’hypertension ou accident vasculaire récent"): (22, (38, 80)),
        ("médecine", "décompensation d’un diabète"): (14, (26, 71)),
        ("médecine", "complication du VIH ou tuberculose"): (13, (20, 61)),
        ("pédiatrie", "paludisme grave"): (62, (0, 12)),
        ("pédiatrie", "infection respiratoire"): (24, (0, 8)),
        ("pédiatrie", "malnutrition avec complications"): (20, (0, 4)),
        ("pédiatrie", "diarrhée avec déshydratation"): (18, (0, 5)),
        ("chirurgie", "traumatisme"): (34, (6, 66)),
        ("chirurgie", "abdomen aigu"): (22, (9, 63)),
        ("chirurgie", "hernie étranglée"): (9, (24, 72)),
        ("maternité", "césarienne"): (46, (16, 43)),
        ("maternité", "complication de la grossesse ou de l’accouchement"): (32, (15, 45)),
    },
    "jour": {
        ("médecine", "réglage d’un traitement du diabète"): (13, (29, 70)),
        ("médecine", "transfusion programmée"): (8, (16, 58)),
        ("pédiatrie", "transfusion programmée"): (9, (1, 12)),
        ("chirurgie", "hernie simple"): (13, (19, 68)),
        ("chirurgie", "petite chirurgie"): (8, (11, 64)),
    },
    "domicile": {
        ("médecine", "suites d’un accident vasculaire"): (13, (47, 83)),
        ("médecine", "soins de fin de vie"): (9, (41, 86)),
        ("chirurgie", "pansements d’une plaie chronique"): (11, (22, 75)),
        ("pédiatrie", "malnutrition sans complication"): (12, (0, 4)),
    },
}
_LENGTHS = {"non": (4.7, 2.2, (0, 17)), "jour": (3.0, 1.0, (1, 6)), "domicile": (6.0, 2.5, (2, 16))}


def stay_rows() -> list[Row]:
    """The table `hospitalisations_cma`: 500 stays in the order of the register."""
    draws = Draws(909)
    table: list[Row] = []
    for verdict, total in (("non", DAYS - DAY_CARE - HOME_CARE), ("jour", DAY_CARE), ("domicile", HOME_CARE)):
        table += _verdict(draws, verdict, total)
    table = draws.shuffled(table)
    for number, row in enumerate(table, 1):
        row["sejour_id"] = f"H{number:03}"
    _spoil_stays(draws, table)
    return table


def _verdict(draws: Draws, verdict: str, total: int) -> list[Row]:
    mean, deviation, bounds = _LENGTHS[verdict]
    stays = [(*what, ages) for what, (number, ages) in _STAYS[verdict].items() for _ in range(number)]
    dated = len(stays) - (_UNDATED if verdict == "non" else 0)
    drawn = [min(bounds[1], max(bounds[0], round(draws.around(mean, deviation)))) for _ in range(dated)]
    lengths: list[int | None] = [*adjusted(draws, drawn, total, bounds), *[None] * (len(stays) - dated)]
    return [
        _stay(draws, service, reason, draws.integer(*ages)) | _end(draws, verdict, reason, days)
        for (service, reason, ages), days in zip(draws.shuffled(stays), lengths, strict=True)
    ]


def _stay(draws: Draws, service: str, reason: str, age: int) -> Row:
    infant = 1 if age == 0 and draws.chance(0.5) else age
    return {"sejour_id": None, "service": service, "age": infant, "motif": reason}


def _end(draws: Draws, verdict: str, reason: str, days: int | None) -> Row:
    endings = {"amélioré": 86, "contre avis médical": 5, "transfert": 4, "décès": 5}
    if verdict != "non":
        endings = {"amélioré": 90, "contre avis médical": 7, "décès": 30 if reason == "soins de fin de vie" else 0}
    ending = draws.weighted(endings)
    alive = ending in {"amélioré", "contre avis médical"}
    followed = draws.chance(0.16 if verdict == "non" else 0.09)
    again = draws.chance(0.03 if followed else 0.22 if verdict == "domicile" else 0.1)
    return {
        "duree_j": days,
        "evitable_selon_revue": verdict,
        "mode_sortie": ending,
        "suivi_domicile": yes(followed) if alive else None,
        "readmission_30j": yes(again) if alive else None,
    }


def _spoil_stays(draws: Draws, table: list[Row]) -> None:
    """Insert the defects that the codebook lists; the stays without a length are one already."""
    needed = [row for row in table if row["evitable_selon_revue"] == "non" and row["duree_j"] is not None]
    for row in draws.shuffled(needed)[:_UNREVIEWED]:
        row["evitable_selon_revue"] = None  # the file was not found
    toddlers = [
        row for row in table if row["service"] == "pédiatrie" and row["age"] == 2 and row["evitable_selon_revue"]
    ]
    toddlers[0]["age"] = 24  # months, written where years are asked
