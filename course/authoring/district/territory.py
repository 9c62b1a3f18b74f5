"""The centres of the district, their monthly reports and the alerts: what all other tables stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from course.authoring.district.table import MONTHS, Draws, Row, month_end, rainy, yes


@dataclass(frozen=True, slots=True)
class Centre:
    """One health centre. Every name is invented.

    Attributes:
        id: `FS01` … `FS15`.
        name: Where it stands.
        kind: `CSPS` or `CMA`.
        population: People of its area, displaced people counted.
        distance: Kilometres to the CMA by road.
        access: In the rainy season: `praticable`, `difficile` or `coupé`.
        power: `réseau`, `solaire` or `aucune`.
        nurses: Nurses who see patients.
        midwives: Midwives, men and women.
        agents: Community health workers (ASBC).
        houses: Staff houses that can be lived in; None when nobody knows.
    """

    id: str
    name: str
    kind: str
    population: int
    distance: int
    access: str
    power: str
    nurses: int
    midwives: int
    agents: int
    houses: int | None

    @property
    def near(self) -> bool:
        """At most 10 km from the CMA."""
        return self.distance <= 10

    @property
    def far(self) -> bool:
        """More than 20 km from the CMA."""
        return self.distance > 20


# FS11, FS12 and FS14 hold 40 % of the people whose centre is beyond 10 km. FS13 has no house; of FS08 nobody knows.
CENTRES = (
    Centre("FS01", "Laogotin", "CSPS", 13_164, 4, "praticable", "réseau", 2, 2, 6, 3),
    Centre("FS02", "Wobgoré", "CSPS", 15_587, 7, "praticable", "réseau", 3, 2, 6, 3),
    Centre("FS03", "Nongtaaba", "CSPS", 14_326, 9, "praticable", "solaire", 2, 1, 6, 2),
    Centre("FS04", "Pagbilgo", "CSPS", 16_233, 12, "praticable", "réseau", 2, 2, 8, 3),
    Centre("FS05", "Bendgoudou", "CSPS", 12_781, 13, "difficile", "solaire", 2, 1, 8, 2),
    Centre("FS06", "Zamtaoré", "CSPS", 17_912, 14, "praticable", "solaire", 3, 2, 8, 3),
    Centre("FS07", "Dassimpouko", "CSPS", 13_745, 16, "difficile", "solaire", 2, 1, 8, 2),
    Centre("FS08", "Sankuitenga", "CSPS", 15_068, 17, "difficile", "solaire", 2, 1, 8, None),
    Centre("FS09", "Yirboulé", "CSPS", 14_597, 19, "difficile", "solaire", 2, 1, 8, 1),
    Centre("FS10", "Nabonswendé", "CSPS", 11_400, 21, "coupé", "aucune", 1, 1, 6, 1),
    Centre("FS11", "Guirbatenga", "CSPS", 25_183, 24, "coupé", "solaire", 2, 1, 12, 1),
    Centre("FS12", "Pelgotenga", "CSPS", 24_371, 27, "coupé", "solaire", 2, 1, 12, 1),
    Centre("FS13", "Koroblaso", "CSPS", 12_874, 31, "coupé", "aucune", 1, 1, 8, 0),
    Centre("FS14", "Samandjo", "CSPS", 26_842, 36, "coupé", "aucune", 2, 1, 12, 1),
    Centre("FS15", "Tansobré", "CMA", 34_029, 0, "praticable", "réseau", 16, 7, 4, 8),
)
CSPS = tuple(centre for centre in CENTRES if centre.kind == "CSPS")
HOSTS = frozenset({"FS11", "FS12", "FS14"})
"""The three large, far centres where most displaced people settled."""


def centre_rows() -> list[Row]:
    """The table `formations_sanitaires`."""
    return [
        {
            "fs_id": centre.id,
            "nom": centre.name,
            "type": centre.kind,
            "population_aire": centre.population,
            "distance_cma_km": centre.distance,
            "acces_saison_pluies": centre.access,
            "electricite": centre.power,
            "infirmiers": centre.nurses,
            "sages_femmes": centre.midwives,
            "asbc": centre.agents,
            "logements": centre.houses,
        }
        for centre in CENTRES
    ]


# Monthly reports

_COUNTS = (
    "nouveaux_contacts", "cpn1", "cpn4", "accouchements_assistes", "penta1", "penta3", "consultations_hta",
    "consultations_diabete",
)  # fmt: skip
_HARD = {"near": (0.03, 0.08), "middle": (0.07, 0.25), "far": (0.22, 0.85)}
"""How often a month goes badly (staff away, road cut): in the dry season, in the rains."""
_MALARIA = {"07": 1.2, "08": 1.4, "09": 1.5, "10": 1.4, "11": 1.15}
_STRIPS_OUT = ("2025-02", "2025-03", "2025-04")


def report_rows() -> list[Row]:
    """The table `activites_mensuelles`: 15 centres × 24 months."""
    draws = Draws(202)
    table = {(centre.id, month): _report(draws, centre, month) for centre in CENTRES for month in MONTHS}
    missing = table["FS13", "2024-08"]
    missing.update(dict.fromkeys(_COUNTS), date_reception=None)
    for month in _STRIPS_OUT:
        table["FS10", month]["consultations_diabete"] = 0
    table["FS07", "2025-03"]["consultations_diabete"] = None
    copied = table["FS04", "2025-04"]
    table["FS04", "2025-05"].update({column: copied[column] for column in _COUNTS})
    for report in table.values():
        report["complet"] = yes(all(report[column] is not None for column in _COUNTS))
    return list(table.values())


def _report(draws: Draws, centre: Centre, month: str) -> Row:
    zone = "near" if centre.near else "far" if centre.far else "middle"
    hard = draws.chance(_HARD[zone][rainy(month)])
    late = draws.chance(0.95 if hard else 0.05)
    report: Row = {"fs_id": centre.id, "mois": month}
    report |= _contacts(draws, centre, month, hard) | _mothers(draws, centre, hard) | _chronic(draws, centre, month)
    if draws.chance(0.2 if late else 0.02):
        report[draws.pick(("consultations_hta", "consultations_diabete"))] = None
    delay = draws.integer(13, 45) if late else draws.integer(2, 10)
    received = month_end(month) + timedelta(days=delay)
    return report | {"complet": None, "date_reception": received.isoformat()}


def _contacts(draws: Draws, centre: Centre, month: str, hard: bool) -> Row:
    yearly = 1.16 - 0.016 * centre.distance
    season = _MALARIA.get(month[5:], 0.87)
    mean = centre.population * yearly / 12 * season * (0.8 if hard else 1.0)
    return {"nouveaux_contacts": round(draws.around(mean, mean * 0.05))}


def _mothers(draws: Draws, centre: Centre, hard: bool) -> Row:
    distance = centre.distance
    first = draws.count(centre.population * 0.046 / 12 * (0.93 - 0.004 * distance) * (0.85 if hard else 1.0))
    dropout = 0.335 + 0.0028 * distance + (0.0098 * min(distance, 34) if hard else 0.0)
    births = centre.population * 0.041 / 12 * (0.93 - 0.0085 * distance) * (0.82 if hard else 1.0)
    if centre.kind == "CMA":
        births += 46  # complicated births sent by the 14 CSPS
    penta1 = draws.count(centre.population * 0.038 / 12 * (0.97 - 0.003 * distance) * (0.9 if hard else 1.0))
    missed = 0.03 + 0.0026 * distance
    return {
        "cpn1": first,
        "cpn4": round(first * (1 - min(0.88, max(0.15, draws.around(dropout, 0.03))))),
        "accouchements_assistes": draws.count(births),
        "penta1": penta1,
        "penta3": round(penta1 * (1 - max(0.0, draws.around(missed, 0.015)))),
    }


def _chronic(draws: Draws, centre: Centre, month: str) -> Row:
    growth = 1 + 0.01 * MONTHS.index(month)
    per_head = centre.population / 10_000 * growth
    pressure, sugar = (34, 13) if centre.kind == "CMA" else (26 - 0.5 * centre.distance, 5 - 0.1 * centre.distance)
    return {
        "consultations_hta": max(1, draws.count(per_head * pressure)),
        "consultations_diabete": max(1, draws.count(per_head * sugar)),
    }


# Alerts

OUTSIDE = ("habitants", "école", "élevage", "commune", "radio locale")
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


def alert_rows() -> list[Row]:
    """The table `alertes`: 56 events, of which 33 were signalled twice, and one alert typed twice."""
    draws = Draws(1111)
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
            source = draws.weighted({centre.kind: 80, "laboratoire": 8, "CMA": 12})
            table.append(_alert(draws, event, day + timedelta(days=lead), source))
    table.sort(key=lambda row: str(row["date_signal"]))
    table.insert(43, dict(table[42]))  # AL44 is AL43 again
    for number, row in enumerate(table, 1):
        row["alerte_id"] = f"AL{number:02}"
    wrong = [row for row in table[50:] if row["date_riposte"]][2]  # answered, says the book, before the check
    wrong["date_riposte"] = (date.fromisoformat(str(wrong["date_verification"])) - timedelta(days=9)).isoformat()
    return table


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
