"""One plain chart for each table, by pandas and matplotlib: what a first look at it shows."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes

from course.core.content import content
from course.core.palette import BLUE, GREEN, OCHRE, PLUM, RUST
from course.core.words import french, percent, typeset
from course.workbook.chart.picture import Picture
from course.workbook.chart.sheet import NUMBER, sheet

Drawn = tuple[str, str, str, Callable[[Axes], None]]
"""A title, the values in words, when the table is of, and what draws on the axes."""


def draw(table: str) -> Picture:
    """The chart of a table, by the name of its file without the ending."""
    title, told, when, plot = _DRAWINGS[table](_read(table))
    return Picture(
        sheet(title, f"Table : {table}.csv, {when}", plot),
        typeset(f"{title}. {told} Table {table}.csv, {when}. Données fictives."),
    )


def _read(table: str) -> pd.DataFrame:
    return pd.read_csv(content("data") / "district" / f"{table}.csv", sep=";", encoding="utf-8-sig")


def _listed(counts: pd.Series, digits: int = 0) -> str:
    return ", ".join(f"{name} {french(value, digits)}" for name, value in counts.items())


def _rows(counts: pd.Series, colour: str, unit: str, digits: int = 0) -> Callable[[Axes], None]:
    """Horizontal bars, the first on top, their values written; a value that is unknown has no bar and says so."""

    def plot(axes: Axes) -> None:
        names = [str(name) for name in counts.index]
        axes.barh(names, counts.fillna(0), color=colour)
        for place, value in enumerate(counts):
            said = " case vide" if pd.isna(value) else f" {french(value, digits)}"
            axes.text(0 if pd.isna(value) else value, place, said, va="center", fontsize=11)
        axes.invert_yaxis()
        axes.set_xlabel(typeset(unit))
        axes.xaxis.set_major_formatter(NUMBER)
        axes.margins(x=0.12)

    return plot


def _columns(counts: pd.Series, colour: str, across: str, up: str) -> Callable[[Axes], None]:
    """Vertical bars."""

    def plot(axes: Axes) -> None:
        axes.bar([str(name) for name in counts.index], counts, color=colour)
        axes.set_xlabel(typeset(across))
        axes.set_ylabel(typeset(up))
        axes.yaxis.set_major_formatter(NUMBER)
        axes.grid(axis="y")

    return plot


def _centres(table: pd.DataFrame) -> Drawn:
    def plot(axes: Axes) -> None:
        for kind, colour, mark in (("CSPS", BLUE.deep, "o"), ("CMA", RUST.deep, "s")):
            found = table[table["type"] == kind]
            axes.scatter(
                found["distance_cma_km"], found["population_aire"], color=colour, marker=mark, s=70, label=kind
            )
        axes.set_xlabel("Distance au CMA par la route (km)")
        axes.set_ylabel("Habitants de l’aire")
        axes.set_ylim(0)
        axes.yaxis.set_major_formatter(NUMBER)
        axes.grid()
        axes.legend()

    told = ", ".join(
        f"{row.nom} à {row.distance_cma_km} km, {french(row.population_aire)}"
        for row in table.sort_values("distance_cma_km").itertuples()
    )
    return "Les quinze centres, leurs habitants et leur distance", f"Habitants de l’aire : {told}.", "2025", plot


def _activity(table: pd.DataFrame) -> Drawn:
    months = table.groupby("mois")[["cpn1", "cpn4"]].sum()

    def plot(axes: Axes) -> None:
        axes.plot(months.index, months["cpn1"], color=BLUE.deep, marker="o", label="CPN1")
        axes.plot(months.index, months["cpn4"], color=RUST.deep, marker="s", label="CPN4")
        axes.set_xticks(range(0, 24, 6), ["janvier 2024", "juillet 2024", "janvier 2025", "juillet 2025"])
        axes.set_xlabel("Mois")
        axes.set_ylabel("Femmes")
        axes.set_ylim(0)
        axes.yaxis.set_major_formatter(NUMBER)
        axes.grid()
        axes.legend()

    told = " ; ".join(
        f"{name} : de {french(values.min())} à {french(values.max())} femmes par mois, {french(values.sum())} en tout"
        for name, values in (("CPN1", months["cpn1"]), ("CPN4", months["cpn4"]))
    )
    title = "Consultations prénatales du district, mois par mois"
    return title, f"Première consultation (CPN1) et quatrième (CPN4). {told}.", "2024 et 2025", plot


def _survey(table: pd.DataFrame) -> Drawn:
    marks = table["accueil_1_5"].value_counts().sort_index()
    told = f"Nombre de fiches pour chaque note, de 1 à 5 : {', '.join(french(count) for count in marks)}."
    plot = _columns(marks, PLUM.deep, "Note de l’accueil (de 1 à 5)", "Fiches (nombre)")
    return "Les notes de l’accueil", told, "2025", plot


def _referrals(table: pd.DataFrame) -> Drawn:
    months = table["date_depart"].str[:7].value_counts()
    every = pd.period_range("2024-01", "2025-12", freq="M").astype(str)
    months = months.reindex(every)  # a month without a sheet stays unknown: it is no zero

    def plot(axes: Axes) -> None:
        axes.bar(every, months, color=BLUE.deep)
        axes.set_xticks(range(0, 24, 6), ["janvier 2024", "juillet 2024", "janvier 2025", "juillet 2025"])
        axes.set_xlabel("Mois du départ")
        axes.set_ylabel("Fiches (nombre)")
        axes.grid(axis="y")

    told = f"De {french(months.min())} à {french(months.max())} fiches par mois, et aucune barre en août 2024."
    return "Fiches de référence, mois par mois", told, "2024 et 2025", plot


def _chronic(table: pd.DataFrame) -> Drawn:
    limits = [-1, 0, 499, 999, 1499, 1999, 1_000_000]
    names = ["à pied", "1 à 499", "500 à 999", "1 000 à 1 499", "1 500 à 1 999", "2 000 et plus"]
    bands = pd.cut(table["cout_transport_fcfa"], limits, labels=names).value_counts().reindex(names)
    blank = int(table["cout_transport_fcfa"].isna().sum())
    told = f"Personnes suivies, par tranche de FCFA : {_listed(bands)} ; {blank} cases vides."
    plot = _rows(bands, GREEN.deep, "Personnes suivies (nombre)")
    return "Ce que coûte un aller et retour au centre, en FCFA", told, "fin 2025", plot


def _agents(table: pd.DataFrame) -> Drawn:
    visits = table["visites_mois"]

    def plot(axes: Axes) -> None:
        axes.hist(visits, bins=range(0, 86, 5), color=GREEN.deep, edgecolor="white")
        axes.set_xlabel("Visites de décembre 2025, par tranches de 5")
        axes.set_ylabel("Agents (nombre)")
        axes.grid(axis="y")

    told = (
        f"{len(visits)} agents : de {visits.min()} à {visits.max()} visites, la moitié à {french(visits.median())} ou "
        f"plus ; {int((visits > 40).sum())} agents en déclarent plus de 40."
    )
    return "Visites à domicile de chaque ASBC", told, "décembre 2025", plot


def _budget(table: pd.DataFrame) -> Drawn:
    last = table[table["annee"] == 2025].drop_duplicates()
    sums = (last.groupby("source")["prevu_fcfa"].sum() / 1e6).sort_values(ascending=False)
    plot = _rows(sums, OCHRE.deep, "Budget prévu en 2025 (millions de FCFA)", 1)
    return "Qui finance la santé du district", f"Millions de FCFA prévus : {_listed(sums, 1)}.", "2025", plot


def _commitments(table: pd.DataFrame) -> Drawn:
    makers = table["pris_par"].value_counts()
    plot = _rows(makers, PLUM.deep, "Engagements (lignes de la table)")
    return "Qui s’est engagé en public", f"Lignes de la table : {_listed(makers)}.", "2024 et 2025", plot


def _stays(table: pd.DataFrame) -> Drawn:
    nights = table["duree_j"].dropna().astype(int)
    counts = nights.value_counts().sort_index()
    told = f"Séjours pour chaque durée, en nuits : {', '.join(f'{n} ({count})' for n, count in counts.items())}."
    plot = _columns(counts, BLUE.deep, "Durée du séjour (nuits)", "Séjours (nombre)")
    title = "Combien de temps on reste au CMA"
    return title, f"{told} {int(table['duree_j'].isna().sum())} durées inconnues.", "juillet à décembre 2025", plot


def _capitation(table: pd.DataFrame) -> Drawn:
    marks = table.set_index("fs_id")["qualite_0_100"]
    told = ", ".join(f"{name} {'case vide' if pd.isna(value) else french(value)}" for name, value in marks.items())
    plot = _rows(marks, GREEN.deep, "Note de la grille (de 0 à 100)")
    return "Note de qualité de chaque centre", f"Note sur 100 : {told}.", "2025", plot


def _alerts(table: pd.DataFrame) -> Drawn:
    sources = table["source"].value_counts()
    plot = _rows(sources, RUST.deep, "Signaux (lignes de la table)")
    return "Qui donne l’alerte", f"Lignes de la table : {_listed(sources)}.", "2024 et 2025", plot


def _actors(table: pd.DataFrame) -> Drawn:
    sectors = table["secteur"].value_counts()
    share = percent(sectors.iloc[0] / sectors.sum())
    plot = _rows(sectors, BLUE.deep, "Acteurs (lignes de la table)")
    told = f"Lignes de la table : {_listed(sectors)}. Le premier secteur en tient {share}."
    return "Les acteurs, secteur par secteur", told, "novembre 2025", plot


_DRAWINGS: dict[str, Callable[[pd.DataFrame], Drawn]] = {
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
