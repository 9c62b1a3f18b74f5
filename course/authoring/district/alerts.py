"""Health alerts of 2024 and 2025: the table `alertes`."""

from __future__ import annotations

from datetime import date, timedelta

from course.authoring.district.centres import CENTRES, Centre
from course.authoring.district.draws import Draws
from course.authoring.district.table import Row

SEED = 1111
OUTSIDE = ("habitants", "école", "élevage", "commune", "radio locale")
INSIDE = ("CSPS", "CMA", "laboratoire")
_BOTH, _OUTSIDE_FIRST, _OUTSIDE_ONLY, _INSIDE_ONLY = 33, 27, 12, 11
_EVENTS = {  # event: (weight, the sectors that have a part in it besides health)
    "rougeole suspectée": (16, ("éducation",)),
    "diarrhées groupées": (14, ("eau",)),
    "méningite suspectée": (10, ("éducation",)),
    "mortalité d’animaux": (9, ("élevage", "environnement")),
    "morsures de chien": (9, ("élevage",)),
    "intoxication alimentaire": (8, ("commerce", "éducation")),
    "fièvre d’origine inconnue": (8, ("élevage",)),
    "paralysie flasque": (5, ()),
    "inondation": (5, ("action sociale", "eau")),
}


def rows() -> list[Row]:
    """The table `alertes`: 56 events, of which 33 were signalled twice, and one alert typed twice."""
    draws = Draws(SEED)
    table: list[Row] = []
    kinds = draws.shuffled(["both"] * _BOTH + ["outside"] * _OUTSIDE_ONLY + ["inside"] * _INSIDE_ONLY)
    first = draws.shuffled([True] * _OUTSIDE_FIRST + [False] * (_BOTH - _OUTSIDE_FIRST))
    days = sorted(date(2024, 1, 4) + timedelta(days=draws.integer(0, 690)) for _ in kinds)
    for number, (kind, day) in enumerate(zip(kinds, days, strict=True), 1):
        name = draws.weighted({name: weight for name, (weight, _) in _EVENTS.items()})
        centre = draws.pick(CENTRES)
        event = f"EV{number:02} {name}, aire {centre.id}"
        lead = (draws.integer(3, 11) if first.pop() else -draws.integer(1, 4)) if kind == "both" else 0
        if kind != "inside":
            table.append(_alert(draws, event, day, draws.pick(OUTSIDE)))
        if kind != "outside":
            table.append(_alert(draws, event, day + timedelta(days=lead), _inside(draws, centre)))
    table.sort(key=lambda row: str(row["date_signal"]))
    table.insert(43, dict(table[42]))  # AL44 is AL43 again
    for number, row in enumerate(table, 1):
        row["alerte_id"] = f"AL{number:02}"
    _spoil(table)
    return table


def _inside(draws: Draws, centre: Centre) -> str:
    return draws.weighted({centre.kind: 80, "laboratoire": 8, "CMA": 12})


def _alert(draws: Draws, event: str, day: date, source: str) -> Row:
    outside = source in OUTSIDE
    checked = day + timedelta(days=draws.integer(2, 10) if outside else draws.integer(0, 2))
    never = outside and draws.chance(0.16)
    answered = checked + timedelta(days=draws.integer(1, 6))
    partners = next(partners for name, (_, partners) in _EVENTS.items() if name in event)
    joined = [partner for partner in partners if draws.chance(0.24)]
    return {
        "alerte_id": None,
        "date_signal": day.isoformat(),
        "source": source,
        "evenement": event,
        "date_verification": None if never else checked.isoformat(),
        "date_riposte": None if never or draws.chance(0.12) else answered.isoformat(),
        "secteurs_impliques": ", ".join(["santé", *joined]),
    }


def _spoil(table: list[Row]) -> None:
    """Plants the defects that the codebook tells: an answer dated before the check."""
    wrong = [row for row in table[50:] if row["date_riposte"]][2]
    wrong["date_riposte"] = (date.fromisoformat(str(wrong["date_verification"])) - timedelta(days=9)).isoformat()
