"""A dry run of payment by enrolled person: the table `paiement_simulation`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.authoring.district import activity, budget
from course.authoring.district.centres import CENTRES, CSPS, Centre
from course.authoring.district.draws import Draws
from course.authoring.district.table import Row

SEED = 1010
_YEAR = 2025
_CONTACTS = ("nouveaux_contacts", "cpn1", "cpn4", "accouchements_assistes")
_ENROLLED_TWICE = "FS03"
_UNSCORED, _SCORED_ZERO = "FS13", "FS08"


def rows() -> list[Row]:
    """The table `paiement_simulation`: one line a centre, the receipts being those of the budget."""
    draws = Draws(SEED)
    acts = contacts(activity.rows())
    enrolled = {centre.id: _enrolled(draws, centre) for centre in CENTRES}
    receipts = _receipts(draws, enrolled)
    return [
        {
            "fs_id": centre.id,
            "population_inscrite": enrolled[centre.id],
            "part_0_4": round(draws.around(17.0 + 0.07 * centre.distance, 0.7)),
            "part_60plus": round(draws.around(4.6 + 0.03 * centre.distance, 0.5)),
            "distance_km": centre.distance,
            "recettes_actuelles": receipts[centre.id],
            "actes": acts[centre.id],
            "qualite_0_100": _quality(draws, centre),
        }
        for centre in CENTRES
    ]


def contacts(reports: Sequence[Row]) -> dict[str, int]:
    """For each centre, the contacts of 2025 that its reports tell: new contacts, antenatal visits and births."""
    total = dict.fromkeys((centre.id for centre in CENTRES), 0)
    for report in reports:
        if str(report["mois"]).startswith(str(_YEAR)):
            total[str(report["fs_id"])] += sum(int(report[column] or 0) for column in _CONTACTS)
    return total


def _enrolled(draws: Draws, centre: Centre) -> int:
    if centre.id == _ENROLLED_TWICE:
        return round(centre.population * 1.02)
    return round(centre.population * draws.around(0.95 - 0.0115 * centre.distance, 0.01))


def _receipts(draws: Draws, enrolled: Mapping[str, int]) -> dict[str, int]:
    """Share what the budget engaged for the CSPS: a person far away costs more to serve. The CMA comes on top."""
    total = sum(
        int(row["engage_fcfa"] or 0)
        for row in budget.rows()
        if row["annee"] == _YEAR and row["programme"] in budget.RECEIVED
    )
    weights = {
        centre.id: enrolled[centre.id] * (100 + 3.3 * centre.distance + draws.integer(-3, 3)) for centre in CENTRES
    }
    francs_a_weight = total / sum(weights[centre.id] for centre in CSPS)
    receipts = {name: round(weight * francs_a_weight / 1000) * 1000 for name, weight in weights.items()}
    largest = max(CSPS, key=lambda centre: receipts[centre.id]).id
    receipts[largest] += total - sum(receipts[centre.id] for centre in CSPS)
    return receipts


def _quality(draws: Draws, centre: Centre) -> int | None:
    score = round(draws.around(74 - 0.5 * centre.distance, 5))
    if centre.id == _UNSCORED:
        return None
    return 0 if centre.id == _SCORED_ZERO else score
