"""Means: the community health workers, the budgets, and a dry run of payment by enrolled person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.authoring.district.table import Draws, Row, month_before
from course.authoring.district.territory import CENTRES, CSPS, Centre, report_rows

_MONTH = "2025-12"
_BONUS = 20_000  # francs CFA a month

# Two agents a village. No such village was found in a gazetteer of Burkina Faso, Mali, Côte d'Ivoire and Niger.
_VILLAGES = (
    "Basnonga", "Basyamba", "Kiemkorgo", "Kiemtolga", "Pogkinga", "Tilglatin", "Tilgnonga", "Wendkorgo", "Wendtabre",
    "Nabgodin", "Sidgodin", "Sidnonga", "Raogtolga", "Raoglatin", "Zougzinga", "Zougboulga", "Komtabre", "Komyamba",
    "Yalgyamba", "Yalgpouro", "Lambdoure", "Lambtenga", "Songbaoga", "Songnonga", "Gomkorgo", "Gomgodin", "Tamprongo",
    "Tampbaoga", "Bilbkorgo", "Bilbdogo", "Sougnonga", "Souglatin", "Dabkinga", "Dabdoure", "Ritzinga", "Ritbaoga",
    "Nokwende", "Nokboulga", "Silmtabre", "Silmlatin", "Kugtolga", "Kugkorgo", "Ziigtenga", "Ziigbila", "Wobdogo",
    "Wobyamba", "Djiguizesso", "Djiguilarasso", "Samakourani", "Samabelesso", "Faranzesso", "Konobelesso",
    "Bolokourani", "Tiemofokoro", "Nionlarasso", "Sirafokoro", "Dalafokoro", "Dalalarasso", "Pusbgodin", "Pusbkorgo",
)  # fmt: skip
_MONTHS_LATE = {0: 38, 1: 26, 2: 22, 3: 18, 4: 9, 5: 7}
"""How many agents wait for how many months of bonus."""
_VISITS = (25, 24, 14, 12, 10, 9)
"""Home visits in a month, by months of bonus waited for."""


def agent_rows() -> list[Row]:
    """The table `asbc`: 120 agents, as many a centre as `formations_sanitaires` says."""
    draws = Draws(606)
    waits = draws.shuffled([months for months, people in _MONTHS_LATE.items() for _ in range(people)])
    table: list[Row] = []
    villages = iter(_VILLAGES)
    for centre in CENTRES:
        for pair in range(centre.agents // 2):
            village = next(villages)
            for woman in (True, pair % 5 == 4):  # a woman and a man, now and then two women
                agent: Row = {"asbc_id": f"A{len(table) + 1:03}"}
                table.append(agent | _agent(draws, centre, village, waits[len(table)], woman))
    _spoil_agents(table)
    return table


def _bonuses_paid(year: int) -> int:
    """Francs CFA of bonuses paid out for the months of a year: less in 2025 for each month an agent still waits for."""
    unpaid = sum(months * people for months, people in _MONTHS_LATE.items()) if year == int(_MONTH[:4]) else 0
    return (12 * sum(_MONTHS_LATE.values()) - unpaid) * _BONUS


def _agent(draws: Draws, centre: Centre, village: str, wait: int, woman: bool) -> Row:
    supervised = draws.weighted({0: 5, 1: 3, 2: 1} if centre.far else {0: 2, 1: 4, 2: 2, 3: 2})
    visits = draws.around(_VISITS[wait] + supervised, 3.0)
    return {
        "village": village,
        "fs_id": centre.id,
        "sexe": "F" if woman else "M",
        "menages_couverts": draws.integer(62, 158) + (24 if centre.far else 0),
        "visites_mois": max(1, round(visits)),
        "jours_rupture_intrants": max(0, round(draws.around(14 if centre.far else 7, 6))),
        "prime_payee": month_before(_MONTH, wait),
        "supervision_trimestre": supervised,
    }


def _spoil_agents(table: list[Row]) -> None:
    """Insert the defects that the codebook lists."""
    for row in table:
        if row["fs_id"] == "FS06":
            row["jours_rupture_intrants"] = None  # the form had no such line
    for number in (31, 88):  # these two counted the visits of the whole quarter
        row = table[number - 1]
        row["visites_mois"] = 3 * int(row["visites_mois"] or 0) + 11
    row = table[63]  # A064 spells the village of A063 another way
    row["village"] = str(row["village"]).replace("ou", "u")


# Budgets

_PRIMARY, _HOSPITAL, _OFFICE = "soins primaires", "hôpital", "district"
_BONUSES = "Primes des ASBC"
_SUPERVISION = "Supervision des CSPS"
_RECEIVED = (
    "Fonctionnement des CSPS", "Gratuité des soins, part des CSPS", "Entretien des CSPS", "Médicaments des CSPS",
)  # fmt: skip
"""The lines that reach the 14 CSPS themselves."""
_LINES: tuple[tuple[str, str, str, tuple[int, int, int]], ...] = (  # thousands of francs planned, 2023 to 2025
    ("État", _RECEIVED[0], _PRIMARY, (74_000, 75_500, 76_000)),
    ("État", _RECEIVED[1], _PRIMARY, (118_000, 117_000, 116_500)),
    ("Communes", _RECEIVED[2], _PRIMARY, (22_000, 21_500, 21_000)),
    ("Recettes propres", _RECEIVED[3], _PRIMARY, (48_000, 49_000, 50_000)),
    ("État", _BONUSES, _PRIMARY, (28_800, 28_800, 28_800)),
    ("Partenaire C", "Nutrition à base communautaire", _PRIMARY, (17_000, 17_500, 17_700)),
    ("État", "Fonctionnement du CMA", _HOSPITAL, (96_000, 104_000, 113_000)),
    ("État", "Gratuité des soins, part du CMA", _HOSPITAL, (136_000, 152_000, 171_000)),
    ("Recettes propres", "Médicaments du CMA", _HOSPITAL, (71_000, 79_000, 87_000)),
    ("Partenaire E", "Équipement du bloc opératoire", _HOSPITAL, (58_000, 64_000, 92_000)),
    ("Partenaire D", "VIH et tuberculose", _HOSPITAL, (62_000, 66_000, 70_000)),
    ("Partenaire E", "Ambulances et carburant", _HOSPITAL, (34_000, 38_000, 43_000)),
    ("État", "Fonctionnement de l’équipe cadre", _OFFICE, (41_000, 43_000, 45_000)),
    ("Partenaire A", "Campagnes contre le paludisme", _OFFICE, (84_000, 93_000, 91_000)),
    ("Partenaire B", "Campagnes de vaccination", _OFFICE, (51_000, 53_000, 54_000)),
    ("État", "Formation continue", _OFFICE, (14_000, 13_000, 12_000)),
    ("Partenaire F", "Information sanitaire", _OFFICE, (12_000, 13_000, 14_000)),
    ("Partenaire A", _SUPERVISION, _OFFICE, (13_200, 13_400, 11_800)),
    ("Partenaire B", _SUPERVISION, _OFFICE, (12_900, 13_100, 11_400)),
    ("Partenaire C", _SUPERVISION, _OFFICE, (0, 12_800, 11_600)),
    ("Partenaire D", _SUPERVISION, _OFFICE, (0, 0, 11_300)),
)
_TWICE = (2024, _RECEIVED[2])
_NOTHING = (2025, "Formation continue")
_UNKNOWN = (2025, "Information sanitaire")


def budget_rows() -> list[Row]:
    """The table `budget_financement`: 60 lines, and one of them again."""
    draws = Draws(707)
    table: list[Row] = []
    for place, year in enumerate((2023, 2024, 2025)):
        for source, programme, level, planned in _LINES:
            if planned[place]:
                row = _line(draws, year, (source, programme, level), planned[place])
                table += [row, dict(row)] if (year, programme) == _TWICE else [row]
    return table


def _line(draws: Draws, year: int, what: tuple[str, str, str], thousands: int) -> Row:
    source, programme, level = what
    engaged: int | None = round(thousands * draws.integer(905, 985) / 1000) * 1000
    if programme == _BONUSES:
        engaged = _bonuses_paid(year)
    elif (year, programme) == _NOTHING:
        engaged = 0
    elif (year, programme) == _UNKNOWN:
        engaged = None
    return {
        "annee": year,
        "source": source,
        "programme": programme,
        "prevu_fcfa": thousands * 1000,
        "engage_fcfa": engaged,
        "niveau": level,
    }


# Payment

_YEAR = 2025
_CONTACTS = ("nouveaux_contacts", "cpn1", "cpn4", "accouchements_assistes")
_ENROLLED_TWICE = "FS03"
_UNSCORED, _SCORED_ZERO = "FS13", "FS08"


def payment_rows() -> list[Row]:
    """The table `paiement_simulation`: one line a centre, the receipts being those of the budget."""
    draws = Draws(1010)
    acts = _contacts(report_rows())
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


def _contacts(reports: Sequence[Row]) -> dict[str, int]:
    """For each centre, the contacts of 2025 in its reports: new contacts, antenatal visits and births."""
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
        int(row["engage_fcfa"] or 0) for row in budget_rows() if row["annee"] == _YEAR and row["programme"] in _RECEIVED
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
