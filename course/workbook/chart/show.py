"""`chart("references")`: a chart of a table of the district, drawn on the spot."""

from __future__ import annotations

from importlib.util import find_spec

from course.authoring.district.charts import CHARTS
from course.workbook.chart.picture import Picture

READY = {
    "formations_sanitaires": "1.3",
    "activites_mensuelles": "3.1",
    "enquete_satisfaction": "1.1",
    "references": "4.1",
    "suivi_chroniques": "1.2",
    "asbc": "5.3",
    "budget_financement": "3.3",
    "journal_redevabilite": "2.2",
    "hospitalisations_cma": "3.4",
    "paiement_simulation": "5.5",
    "alertes": "3.2",
    "parties_prenantes": "2.1",
}
"""The workbook's chart of each table, by objective: it needs no library, and stands in for the other in a browser."""


def show(identifier: str) -> Picture:
    """The chart of a table.

    Args:
        identifier: The name of a file of `data/district` without its ending.

    Returns:
        The chart by pandas and matplotlib; the workbook's own chart of the same table where one of them is missing,
        as in the edition that runs in a browser alone.

    Raises:
        ValueError: There is no such table; the sentence is French.
    """
    if identifier not in READY:
        raise ValueError(f"Il n’y a pas de table « {identifier} » dans le district. Les douze : {', '.join(READY)}.")
    if not (find_spec("pandas") and find_spec("matplotlib")):
        ready = CHARTS[READY[identifier]]()
        return Picture(ready.svg(), ready.alternative)
    from course.workbook.chart.drawings import draw  # noqa: PLC0415

    return draw(identifier)
