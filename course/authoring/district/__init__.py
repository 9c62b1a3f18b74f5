"""The fictional « District sanitaire de Tansobré »: its twelve tables, made from fixed seeds, and their figures.

`python -m course.authoring.district` writes the tables and their codebook. No person, place or figure is real.
"""

from __future__ import annotations

from pathlib import Path

from course.authoring.district import (
    activity,
    alerts,
    budget,
    capitation,
    centres,
    chronic,
    commitments,
    community,
    referrals,
    stakeholders,
    stays,
    survey,
)
from course.authoring.district.table import csv_bytes

TABLES = {
    "formations_sanitaires": centres.rows,
    "activites_mensuelles": activity.rows,
    "enquete_satisfaction": survey.rows,
    "references": referrals.rows,
    "suivi_chroniques": chronic.rows,
    "asbc": community.rows,
    "budget_financement": budget.rows,
    "journal_redevabilite": commitments.rows,
    "hospitalisations_cma": stays.rows,
    "paiement_simulation": capitation.rows,
    "alertes": alerts.rows,
    "parties_prenantes": stakeholders.rows,
}
"""The twelve tables, in the order of the codebook, and what makes the rows of each."""


def write_tables(folder: Path) -> list[Path]:
    """Write the twelve tables, the same bytes on every machine.

    Args:
        folder: Where; it must exist. Files of the same names are replaced.

    Returns:
        The files written, in the order of `TABLES`.
    """
    written = []
    for name, rows in TABLES.items():
        path = folder / f"{name}.csv"
        path.write_bytes(csv_bytes(rows()))
        written.append(path)
    return written
