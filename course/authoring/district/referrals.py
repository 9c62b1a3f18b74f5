"""People sent from a CSPS to the CMA: the table `references`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from course.authoring.district.calendar import DAYBREAK, MONTHS, NIGHTFALL, at_night, month_end, rainy, stamp
from course.authoring.district.centres import CSPS, Centre
from course.authoring.district.draws import Draws, adjusted
from course.authoring.district.table import Row, yes

SEED = 404
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


def rows() -> list[Row]:
    """The table `references`, in the order of departures."""
    draws = Draws(SEED)
    departures = sorted(_departure(draws, month) for month, number in _months(draws) for _ in range(number))
    table = [_referral(draws, moment) for moment in departures]
    for number, row in enumerate(table, 1):
        row["ref_id"] = f"R{number:04}"
    _return(draws, table)
    _spoil(table)
    return table


def _months(draws: Draws) -> list[tuple[str, int]]:
    kept = [month for month in MONTHS if month != _LOST_MONTH]
    counts = [draws.integer(22, 31) for _ in kept]
    return list(zip(kept, adjusted(draws, counts, SIZE, (21, 32)), strict=True))


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
    """Marks the counter-referrals that came back: none of a person who left or arrived at night, fewer in the rains."""
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


def _spoil(table: list[Row]) -> None:
    """Plants the defects that the codebook tells; the lost month is one already."""
    first, second = table[416], table[417]  # R0417 was typed twice
    second.update({column: value for column, value in first.items() if column != "ref_id"})
    wrong = table[232]  # R0233: the arrival was dated a day too early
    wrong["date_arrivee"] = stamp(datetime.fromisoformat(str(wrong["date_arrivee"])) - timedelta(days=1))
