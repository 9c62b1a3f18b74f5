"""The pictures of the lesson on the district: its map, and a first chart of each of its twelve tables.

The tables are shown unchanged, defects included. `python -m course.authoring.district --graphiques` writes the pictures
into `modules/images/` and `data/district/graphiques/`; `course.chart` shows the latter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import cos, radians, sin, sqrt
from statistics import median

from course.authoring.district import TITLES, findings
from course.authoring.district.tables import MONTHS, lines, typed
from course.authoring.drawing import RIGHT, Drawing, Fill, Point, Scale, SvgSheet, round_ticks
from course.core.palette import BLUE, FAINT, GREEN, INK, OCHRE, PAPER, PLUM, RUST, SOFT
from course.core.words import french, percent

MAP = "images/carte-district.svg"
"""In `modules/`."""

_ROADS = {"praticable": (BLUE, False), "difficile": (OCHRE, False), "coupé": (RUST, True)}
# Degrees clockwise from the top, chosen so that the names do not overlap.
_DIRECTIONS = {
    "FS01": 92, "FS02": 285, "FS03": 182, "FS04": 112, "FS05": 335, "FS06": 240, "FS07": 38, "FS08": 158, "FS09": 204,
    "FS10": 66, "FS11": 306, "FS12": 132, "FS13": 258, "FS14": 12,
}  # fmt: skip
_KEY = 26
_HUB: Point = (430, 440)
_HALF_YEARS: dict[float, str] = {0: "janvier 2024", 6: "juillet 2024", 12: "janvier 2025", 18: "juillet 2025"}


def district_map() -> Drawing:
    """Draw the centres around the hospital by road distance, with their roads in the rains and their population.

    The directions are invented.
    """
    sheet = SvgSheet("Le district de Tansobré, par distance au CMA", "", width=860)
    for km in (30, 20, 10):
        sheet.dot(*_HUB, _radius(km), "none", FAINT)
        sheet.text(*_around(km, 222), f"{km} km", fill=SOFT, anchor="middle", halo=True)
    centres = findings.by_distance("CSPS")
    for centre in centres:
        family, dashed = _ROADS[centre["acces_saison_pluies"]]
        place = _around(int(centre["distance_cma_km"]), _DIRECTIONS[centre["fs_id"]])
        sheet.line([_HUB, place], stroke=family.deep, thick=3, dashed=dashed)
    values = []
    for centre in centres:
        km, people, road = int(centre["distance_cma_km"]), int(centre["population_aire"]), centre["acces_saison_pluies"]
        family, dashed = _ROADS[road]
        x, y = _around(km, _DIRECTIONS[centre["fs_id"]])
        size = sqrt(people) / 11
        if dashed:
            sheet.box((x - size, y - size), (2 * size, 2 * size), fill=family.deep, stroke=PAPER)
        else:
            sheet.dot(x, y, size, family.deep)
        outward = y - size - 28 if y < _HUB[1] - 20 else y + size + 17
        sheet.text(x, outward, centre["nom"], f"{km} km", anchor="middle", halo=True)
        values.append(f"{centre['nom']}, {km} km, {french(people)} habitants, route {findings.ROADS[road]}")
    sheet.dot(*_HUB, 27, INK)
    sheet.text(_HUB[0], _HUB[1] + 6, "CMA", size=16, bold=True, fill=PAPER, anchor="middle")
    sheet.text(20, 748, "Route en saison des pluies :")
    for rank, (road, (family, dashed)) in enumerate(_ROADS.items()):
        sheet.line([(20, 765 + 20 * rank), (64, 765 + 20 * rank)], stroke=family.deep, thick=3, dashed=dashed)
        sheet.text(74, 770 + 20 * rank, findings.ROADS[road])
    return sheet.drawing(
        830,
        "Le CMA de Tansobré au milieu et les 14 CSPS autour, placés selon leur distance par la route ; leur direction "
        f"est inventée. {' ; '.join(values)}. Les marques grandissent avec la population. Données fictives.",
    )


def _radius(km: int) -> float:
    return 34 + 8.6 * km


def _around(km: int, degrees: float) -> Point:
    return _HUB[0] + _radius(km) * sin(radians(degrees)), _HUB[1] - _radius(km) * cos(radians(degrees))


# The twelve tables


class _TableSheet(SvgSheet):
    """The sheet of a table's first chart, whose text alternative names the table."""

    def __init__(self, title: str, table: str, period: str) -> None:
        super().__init__(title, f"Table : {TITLES[table]}, {period}")
        self._table = f"Table « {TITLES[table]} », {period}."

    def chart(self, height: int, values: str) -> Drawing:
        return super().chart(height, f"{values} {self._table}")

    def rows(self, counts: Mapping[str, float | None], fill: Fill, unit: str, digits: int = 0) -> int:
        """Draw horizontal bars, the first on top, with a note for an unknown value; return the height."""
        left = 40 + 8.2 * max(map(len, counts))
        axis = round_ticks(max(value or 0 for value in counts.values()))
        scale, step = Scale(0, axis[-1], left, 690), 26 if len(counts) > 9 else 34
        bottom = 64 + step * len(counts)
        self.across(scale, 56, bottom, axis, unit)
        for rank, (name, value) in enumerate(counts.items()):
            y = 64 + step * rank
            self.text(left - 10, y + step / 2 + 1, name, anchor="end")
            self.row(scale, y, step - 8, value or 0, fill, "case vide" if value is None else french(value, digits))
        return bottom + 84

    def columns(self, counts: Sequence[int], fill: Fill, up: str, gap: float = 0.25) -> Scale:
        """Draw vertical bars with their values, none for 0; return the scale from a bar's rank to its left edge."""
        axis = round_ticks(max(counts))
        scale, across = Scale(0, axis[-1], 330, 92), Scale(0, len(counts), 76, RIGHT)
        self.upwards(scale, 70, RIGHT, axis, up)
        width = across(1) - across(0)
        for rank, count in enumerate(counts):
            words = french(count) if count else ""
            self.column(scale, across(rank + gap / 2), width * (1 - gap), count, fill, words)
        return across

    def below(self, across: Scale, names: Mapping[float, str], unit: str) -> int:
        """Write the names of the columns, then the name of their axis, below them; return the height."""
        for place, name in names.items():
            self.text(across(place), 350, name, anchor="middle")
        self.text(405, 376, unit, anchor="middle")
        return 420


def _listed(counts: Mapping[str, float], digits: int = 0) -> str:
    return ", ".join(f"{name} {french(value, digits)}" for name, value in counts.items())


def _most_common(table: str, column: str) -> dict[str, int]:
    return dict(Counter(line[column] for line in typed(table)).most_common())


def _centres() -> Drawing:
    sheet = _TableSheet("Les quinze centres, leurs habitants et leur distance", "formations_sanitaires", "2025")
    across, up = Scale(0, 40, 100, 730), Scale(0, 40_000, 330, 112)
    sheet.dot(_KEY, 61, 6, BLUE.deep)
    sheet.text(_KEY + 14, 66, "CSPS")
    sheet.box((_KEY + 80, 55), (12, 12), fill=RUST.deep, stroke=RUST.deep)
    sheet.text(_KEY + 100, 66, "CMA")
    sheet.upwards(up, 90, RIGHT, range(0, 40_001, 10_000), "Habitants de l’aire")
    sheet.across(across, 112, 330, range(0, 41, 10), "Distance au CMA par la route (km)")
    values = []
    for centre in sorted(typed("formations_sanitaires"), key=lambda line: int(line["distance_cma_km"])):
        km, people = int(centre["distance_cma_km"]), int(centre["population_aire"])
        if centre["type"] == "CMA":
            sheet.box((across(km) - 6, up(people) - 6), (12, 12), fill=RUST.deep, stroke=RUST.deep)
        else:
            sheet.dot(across(km), up(people), 6, BLUE.deep)
        values.append(f"{centre['nom']} à {km} km, {french(people)}")
    return sheet.chart(420, f"Habitants de l’aire : {', '.join(values)}.")


def _activity() -> Drawing:
    sheet = _TableSheet("Consultations prénatales du district, mois par mois", "activites_mensuelles", "2024 et 2025")
    across, up = Scale(0, 23, 100, 715), Scale(0, 1000, 330, 100)
    sheet.upwards(up, 76, RIGHT, range(0, 1001, 200), "Femmes (nombre)")
    values = []
    for name, column, family, square in (("CPN1", "cpn1", BLUE, False), ("CPN4", "cpn4", RUST, True)):
        months = dict.fromkeys(MONTHS, 0)
        for line in typed("activites_mensuelles"):
            months[line["mois"]] += int(line[column] or 0)
        points = [(across(rank), up(women)) for rank, women in enumerate(months.values())]
        sheet.line(points, stroke=family.deep, thick=2.5)
        for x, y in points:
            if square:
                sheet.box((x - 4, y - 4), (8, 8), fill=family.deep, stroke=family.deep, thick=0, radius=0)
            else:
                sheet.dot(x, y, 4.5, family.deep)
        least, most = min(months.values()), max(months.values())
        sheet.text(across(0), up(most) - 12, name, bold=True, fill=family.deep, halo=True)
        total = sum(months.values())
        values.append(f"{name} : de {french(least)} à {french(most)} femmes par mois, {french(total)} en tout")
    height = sheet.below(across, _HALF_YEARS, "Mois")
    return sheet.chart(height, f"Première consultation (CPN1) et quatrième (CPN4). {' ; '.join(values)}.")


def _survey() -> Drawing:
    sheet = _TableSheet("Les notes de l’accueil", "enquete_satisfaction", "2025")
    marks = Counter(int(form["accueil_1_5"]) for form in typed("enquete_satisfaction"))
    counts = [marks[mark] for mark in range(1, 6)]
    across = sheet.columns(counts, Fill(PLUM), "Fiches (nombre)")
    height = sheet.below(across, {n + 0.5: str(n + 1) for n in range(5)}, "Note de l’accueil (de 1 à 5)")
    listed = ", ".join(map(french, counts))
    return sheet.chart(height, f"Nombre de fiches pour chaque note, de 1 à 5 : {listed}.")


def _referrals() -> Drawing:
    sheet = _TableSheet("Fiches de référence, mois par mois", "references", "2024 et 2025")
    months = Counter(line["date_depart"][:7] for line in typed("references"))
    across = sheet.columns([months[month] for month in MONTHS], Fill(BLUE), "Fiches (nombre)")
    height = sheet.below(across, {place + 0.5: name for place, name in _HALF_YEARS.items()}, "Mois du départ")
    least, most = min(months.values()), max(months.values())
    return sheet.chart(height, f"De {least} à {most} fiches par mois, et aucune barre en août 2024.")


def _chronic() -> Drawing:
    sheet = _TableSheet("Ce que coûte un aller et retour au centre, en FCFA", "suivi_chroniques", "fin 2025")
    fares = [line["cout_transport_fcfa"] for line in typed("suivi_chroniques")]
    limits = {
        "à pied": 0, "1 à 499": 499, "500 à 999": 999, "1 000 à 1 499": 1499, "1 500 à 1 999": 1999,
        "2 000 et plus": 1_000_000,
    }  # fmt: skip
    bands = dict.fromkeys(limits, 0)
    for fare in filter(None, fares):
        bands[next(name for name, limit in limits.items() if int(fare) <= limit)] += 1
    height = sheet.rows(bands, Fill(GREEN), "Personnes suivies (nombre)")
    return sheet.chart(
        height, f"Personnes suivies, par tranche de FCFA : {_listed(bands)} ; {fares.count('')} cases vides."
    )


def _agents() -> Drawing:
    sheet = _TableSheet("Visites à domicile de chaque ASBC", "asbc", "décembre 2025")
    visits = [int(line["visites_mois"]) for line in typed("asbc")]
    counts = [sum(number // 5 == n for number in visits) for n in range(17)]
    across = sheet.columns(counts, Fill(GREEN), "Agents (nombre)", gap=0.06)
    names: dict[float, str] = {n: str(5 * n) for n in range(0, 17, 2)}
    height = sheet.below(across, names, "Visites de décembre 2025, par tranches de 5")
    return sheet.chart(
        height,
        f"{len(visits)} agents : de {min(visits)} à {max(visits)} visites, la moitié à {french(median(visits))} ou "
        f"plus ; {sum(number > 40 for number in visits)} agents en déclarent plus de 40.",
    )


def _budget() -> Drawing:
    sheet = _TableSheet("Qui finance la santé du district", "budget_financement", "2025")
    amounts = Counter[str]()
    for line in lines("budget_financement"):
        amounts[line["source"]] += int(line["prevu_fcfa"]) if line["annee"] == "2025" else 0
    sums = {source: amount / 1e6 for source, amount in amounts.most_common()}
    height = sheet.rows(sums, Fill(OCHRE), "Budget prévu en 2025 (millions de FCFA)", 1)
    return sheet.chart(height, f"Millions de FCFA prévus : {_listed(sums, 1)}.")


def _commitments() -> Drawing:
    sheet = _TableSheet("Qui s’est engagé en public", "journal_redevabilite", "2024 et 2025")
    makers = _most_common("journal_redevabilite", "pris_par")
    height = sheet.rows(makers, Fill(PLUM), "Engagements (lignes de la table)")
    return sheet.chart(height, f"Lignes de la table : {_listed(makers)}.")


def _stays() -> Drawing:
    sheet = _TableSheet("Combien de temps on reste au CMA", "hospitalisations_cma", "juillet à décembre 2025")
    nights = [line["duree_j"] for line in typed("hospitalisations_cma")]
    counts = Counter(map(int, filter(None, nights)))
    lengths = range(max(counts) + 1)
    across = sheet.columns([counts[n] for n in lengths], Fill(BLUE), "Séjours (nombre)")
    height = sheet.below(across, {n + 0.5: str(n) for n in lengths}, "Durée du séjour (nuits)")
    listed = ", ".join(f"{n} ({counts[n]})" for n in lengths if counts[n])
    return sheet.chart(height, f"Séjours pour chaque durée, en nuits : {listed}. {nights.count('')} durées inconnues.")


def _capitation() -> Drawing:
    sheet = _TableSheet("Note de qualité de chaque centre", "paiement_simulation", "2025")
    marks = {line["fs_id"]: line["qualite_0_100"] for line in typed("paiement_simulation")}
    numbers = {name: int(mark) if mark else None for name, mark in marks.items()}
    height = sheet.rows(numbers, Fill(GREEN), "Note de la grille (de 0 à 100)")
    listed = ", ".join(f"{name} {mark or 'case vide'}" for name, mark in marks.items())
    return sheet.chart(height, f"Note sur 100 : {listed}.")


def _alerts() -> Drawing:
    sheet = _TableSheet("Qui donne l’alerte", "alertes", "2024 et 2025")
    sources = _most_common("alertes", "source")
    height = sheet.rows(sources, Fill(RUST), "Signaux (lignes de la table)")
    return sheet.chart(height, f"Lignes de la table : {_listed(sources)}.")


def _actors() -> Drawing:
    sheet = _TableSheet("Les acteurs, secteur par secteur", "parties_prenantes", "novembre 2025")
    sectors = _most_common("parties_prenantes", "secteur")
    height = sheet.rows(sectors, Fill(BLUE), "Acteurs (lignes de la table)")
    first = percent(max(sectors.values()) / sum(sectors.values()))
    return sheet.chart(height, f"Lignes de la table : {_listed(sectors)}. Le premier secteur en tient {first}.")


TABLE_CHARTS: dict[str, Callable[[], Drawing]] = {
    "formations_sanitaires": _centres,
    "activites_mensuelles": _activity,
    "enquete_satisfaction": _survey,
    "references": _referrals,
    "suivi_chroniques": _chronic,
    "asbc": _agents,
    "budget_financement": _budget,
    "journal_redevabilite": _commitments,
    "hospitalisations_cma": _stays,
    "paiement_simulation": _capitation,
    "alertes": _alerts,
    "parties_prenantes": _actors,
}
"""The function that draws the first chart of each table."""
