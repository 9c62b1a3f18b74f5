"""What the district's budgets planned and engaged from 2023 to 2025: the table `budget_financement`."""

from __future__ import annotations

from course.authoring.district.community import bonuses_paid
from course.authoring.district.draws import Draws
from course.authoring.district.table import Row

SEED = 707
YEARS = (2023, 2024, 2025)
PRIMARY, HOSPITAL, OFFICE = "soins primaires", "hôpital", "district"
BONUSES = "Primes des ASBC"
SUPERVISION = "Supervision des CSPS"
RECEIVED = (
    "Fonctionnement des CSPS", "Gratuité des soins, part des CSPS", "Entretien des CSPS", "Médicaments des CSPS",
)  # fmt: skip
"""The lines that reach the 14 CSPS themselves."""
_LINES: tuple[tuple[str, str, str, tuple[int, int, int]], ...] = (  # thousands of francs planned, 2023 to 2025
    ("État", RECEIVED[0], PRIMARY, (74_000, 75_500, 76_000)),
    ("État", RECEIVED[1], PRIMARY, (118_000, 117_000, 116_500)),
    ("Communes", RECEIVED[2], PRIMARY, (22_000, 21_500, 21_000)),
    ("Recettes propres", RECEIVED[3], PRIMARY, (48_000, 49_000, 50_000)),
    ("État", BONUSES, PRIMARY, (28_800, 28_800, 28_800)),
    ("Partenaire C", "Nutrition à base communautaire", PRIMARY, (17_000, 17_500, 17_700)),
    ("État", "Fonctionnement du CMA", HOSPITAL, (96_000, 104_000, 113_000)),
    ("État", "Gratuité des soins, part du CMA", HOSPITAL, (136_000, 152_000, 171_000)),
    ("Recettes propres", "Médicaments du CMA", HOSPITAL, (71_000, 79_000, 87_000)),
    ("Partenaire E", "Équipement du bloc opératoire", HOSPITAL, (58_000, 64_000, 92_000)),
    ("Partenaire D", "VIH et tuberculose", HOSPITAL, (62_000, 66_000, 70_000)),
    ("Partenaire E", "Ambulances et carburant", HOSPITAL, (34_000, 38_000, 43_000)),
    ("État", "Fonctionnement de l’équipe cadre", OFFICE, (41_000, 43_000, 45_000)),
    ("Partenaire A", "Campagnes contre le paludisme", OFFICE, (84_000, 93_000, 91_000)),
    ("Partenaire B", "Campagnes de vaccination", OFFICE, (51_000, 53_000, 54_000)),
    ("État", "Formation continue", OFFICE, (14_000, 13_000, 12_000)),
    ("Partenaire F", "Information sanitaire", OFFICE, (12_000, 13_000, 14_000)),
    ("Partenaire A", SUPERVISION, OFFICE, (13_200, 13_400, 11_800)),
    ("Partenaire B", SUPERVISION, OFFICE, (12_900, 13_100, 11_400)),
    ("Partenaire C", SUPERVISION, OFFICE, (0, 12_800, 11_600)),
    ("Partenaire D", SUPERVISION, OFFICE, (0, 0, 11_300)),
)
_TWICE = (2024, RECEIVED[2])
_NOTHING = (2025, "Formation continue")
_UNKNOWN = (2025, "Information sanitaire")


def rows() -> list[Row]:
    """The table `budget_financement`: 60 lines, and one of them again."""
    draws = Draws(SEED)
    table: list[Row] = []
    for place, year in enumerate(YEARS):
        for source, programme, level, planned in _LINES:
            if planned[place]:
                row = _line(draws, year, (source, programme, level), planned[place])
                table += [row, dict(row)] if (year, programme) == _TWICE else [row]
    return table


def _line(draws: Draws, year: int, what: tuple[str, str, str], thousands: int) -> Row:
    source, programme, level = what
    engaged: int | None = round(thousands * draws.integer(905, 985) / 1000) * 1000
    if programme == BONUSES:
        engaged = bonuses_paid(year)
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
