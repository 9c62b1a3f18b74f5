"""The fictional « District sanitaire de Tansobré »: its twelve tables, from fixed seeds, their findings and pictures.

`python -m course.authoring.district` writes the tables and their codebook. No person, place or figure is real.
"""

from __future__ import annotations

from pathlib import Path

from course.authoring.district import care, means, territory, voices
from course.authoring.district.table import csv_bytes

TABLES = {
    "formations_sanitaires": territory.centre_rows,
    "activites_mensuelles": territory.report_rows,
    "enquete_satisfaction": voices.survey_rows,
    "references": care.referral_rows,
    "suivi_chroniques": care.follow_up_rows,
    "asbc": means.agent_rows,
    "budget_financement": means.budget_rows,
    "journal_redevabilite": voices.commitment_rows,
    "hospitalisations_cma": care.stay_rows,
    "paiement_simulation": means.payment_rows,
    "alertes": territory.alert_rows,
    "parties_prenantes": voices.actor_rows,
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
