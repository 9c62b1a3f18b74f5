"""Hospital stays of the second half of 2025 at the CMA: the table `hospitalisations_cma`."""

from __future__ import annotations

from course.authoring.district.draws import Draws, adjusted
from course.authoring.district.table import Row, yes

SEED = 909
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


def rows() -> list[Row]:
    """The table `hospitalisations_cma`: 500 stays in the order of the register."""
    draws = Draws(SEED)
    table: list[Row] = []
    for verdict, total in (("non", DAYS - DAY_CARE - HOME_CARE), ("jour", DAY_CARE), ("domicile", HOME_CARE)):
        table += _verdict(draws, verdict, total)
    table = draws.shuffled(table)
    for number, row in enumerate(table, 1):
        row["sejour_id"] = f"H{number:03}"
    _spoil(draws, table)
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
    if age == 0 and draws.chance(0.5):
        age = 1
    return {"sejour_id": None, "service": service, "age": age, "motif": reason}


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


def _spoil(draws: Draws, table: list[Row]) -> None:
    """Plants the defects that the codebook tells; the stays without a length are one already."""
    kept = [row for row in table if row["evitable_selon_revue"] == "non" and row["duree_j"] is not None]
    for row in draws.shuffled(kept)[:_UNREVIEWED]:
        row["evitable_selon_revue"] = None  # the file was not found
    toddlers = [
        row for row in table if row["service"] == "pédiatrie" and row["age"] == 2 and row["evitable_selon_revue"]
    ]
    toddlers[0]["age"] = 24  # months, written where years are asked
