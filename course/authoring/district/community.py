"""The community health workers in December 2025: the table `asbc`."""

from __future__ import annotations

from course.authoring.district.calendar import month_before
from course.authoring.district.centres import CENTRES, Centre
from course.authoring.district.draws import Draws
from course.authoring.district.table import Row

SEED = 606
MONTH = "2025-12"
MONTHLY_BONUS = 20_000
"""Francs CFA a month."""

# Two agents a village. No such village was found in a gazetteer of Burkina Faso, Mali, Côte d'Ivoire and Niger.
VILLAGES = (
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


def rows() -> list[Row]:
    """The table `asbc`: 120 agents, as many a centre as `formations_sanitaires` says."""
    draws = Draws(SEED)
    waits = draws.shuffled([months for months, people in _MONTHS_LATE.items() for _ in range(people)])
    table: list[Row] = []
    villages = iter(VILLAGES)
    for centre in CENTRES:
        for pair in range(centre.agents // 2):
            village = next(villages)
            for woman in (True, pair % 5 == 4):  # a woman and a man, now and then two women
                row = _agent(draws, centre, village, waits[len(table)], woman)
                table.append({"asbc_id": f"A{len(table) + 1:03}"} | row)
    _spoil(table)
    return table


def bonuses_paid(year: int) -> int:
    """Francs CFA of bonuses paid out for the months of a year: less in 2025 for each month an agent still waits for."""
    unpaid = sum(months * people for months, people in _MONTHS_LATE.items()) if year == int(MONTH[:4]) else 0
    return (12 * sum(_MONTHS_LATE.values()) - unpaid) * MONTHLY_BONUS


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
        "prime_payee": month_before(MONTH, wait),
        "supervision_trimestre": supervised,
    }


def _spoil(table: list[Row]) -> None:
    """Plants the defects that the codebook tells."""
    for row in table:
        if row["fs_id"] == "FS06":
            row["jours_rupture_intrants"] = None  # the form had no such line
    for number in (31, 88):  # these two counted the visits of the whole quarter
        row = table[number - 1]
        row["visites_mois"] = 3 * int(row["visites_mois"] or 0) + 11
    row = table[63]  # A064 spells the village of A063 another way
    row["village"] = str(row["village"]).replace("ou", "u")
