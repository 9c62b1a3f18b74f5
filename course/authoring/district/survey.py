"""The satisfaction survey of 2025: the table `enquete_satisfaction`."""

from __future__ import annotations

from course.authoring.district.centres import CENTRES, HOSTS, Centre
from course.authoring.district.draws import Draws
from course.authoring.district.remarks import remarks
from course.authoring.district.table import Row, yes

SEED = 303
WAVES = ("2025-03", "2025-06", "2025-09", "2025-12")
_PER_WAVE = 7
_SPOKEN_BY_STAFF = frozenset({"mooré", "dioula"})
_LANGUAGES = {
    True: {"mooré": 40, "dioula": 8, "fulfuldé": 38, "gourmantchéma": 14},
    False: {"mooré": 71, "dioula": 18, "fulfuldé": 8, "gourmantchéma": 3},
}
"""By displaced or not."""
_AGES = {"15 à 24 ans": 26, "25 à 39 ans": 41, "40 à 59 ans": 23, "60 ans et plus": 10}

# Index: how many of « displaced » and « speaks none of the staff's languages » are true of a person.
_WELCOME = ({5: 60, 4: 32, 3: 7, 2: 1}, {5: 20, 4: 34, 3: 28, 2: 14, 1: 4}, {5: 7, 4: 20, 3: 34, 2: 26, 1: 13})
_EXPLAINED = ({5: 42, 4: 37, 3: 15, 2: 5, 1: 1}, {5: 9, 4: 22, 3: 35, 2: 24, 1: 10}, {5: 3, 4: 9, 3: 27, 2: 36, 1: 25})
_DECIDED = (0.53, 0.26, 0.11)
_BACK = (0.95, 0.8, 0.68)


def rows() -> list[Row]:
    """The table `enquete_satisfaction`: 28 forms a centre, one of them typed twice in the place of another."""
    draws = Draws(SEED)
    table: list[Row] = []
    for wave in WAVES:
        for centre in CENTRES:
            table += [_form(draws, centre, wave) for _ in range(_forms(centre, wave))]
    for number, form in enumerate(table, 1):
        form["id"] = f"E{number:03}"
    _spoil(draws, table)
    return table


def _forms(centre: Centre, wave: str) -> int:
    """FS13 had no interviewer in September and made up for it in December."""
    if centre.id == "FS13" and wave in WAVES[2:]:
        return 0 if wave == WAVES[2] else 2 * _PER_WAVE
    return _PER_WAVE


def _form(draws: Draws, centre: Centre, wave: str) -> Row:
    share = 0.42 if centre.id in HOSTS else 0.24 if centre.id in {"FS10", "FS15"} else 0.09
    displaced = draws.chance(share)
    language = draws.weighted(_LANGUAGES[displaced])
    strange = displaced + (language not in _SPOKEN_BY_STAFF)
    disabled = draws.chance(0.07)
    welcome = draws.weighted(_WELCOME[strange])
    explained = draws.weighted(_EXPLAINED[strange])
    wait = 45 + 8 * (strange > 0) + (35 if centre.kind == "CMA" else 20 if centre.id in HOSTS else 0)
    form: Row = {
        "id": None,
        "fs_id": centre.id,
        "mois": wave,
        "sexe": "F" if draws.chance(0.63) else "M",
        "tranche_age": draws.weighted(_AGES),
        "pdi": yes(displaced),
        "handicap": yes(disabled),
        "langue": language,
        "attente_min": 5 * max(1, round(draws.around(wait, wait * 0.4) / 5)),
        "accueil_1_5": welcome,
        "explication_1_5": explained,
        "decision_partagee": yes(draws.chance(_DECIDED[strange] * (0.7 if disabled else 1.0))),
        "revient": yes(draws.chance(_BACK[strange])),
    }
    return form | {"commentaire": draws.pick(remarks(form)) if draws.chance(0.4) else None}


def _spoil(draws: Draws, table: list[Row]) -> None:
    """Plants the defects that the codebook tells."""
    for form in table:
        if form["fs_id"] == "FS11" and form["mois"] == "2025-06":
            form["attente_min"] = 0  # the question was not asked
    others = [form for form in table if form["attente_min"]]
    for form in draws.shuffled(others)[:9]:
        form["attente_min"] = None
    first, second = table[213], table[214]  # E214 and E215, of the same centre and wave
    second.update({column: value for column, value in first.items() if column != "id"})
