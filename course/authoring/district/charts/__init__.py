"""The charts of the workbook's 18 situations, drawn from the district's tables: the same bytes on every machine.

`python -m course.authoring.district --graphiques` writes them beside the notebooks of `solutions/`; nbgrader copies
them from there. Each shows what a trainee needs to find what its table hides, and says none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from course.authoring.district.charts import goal_1, goal_2, goal_3, goal_4, goal_5
from course.authoring.district.charts.plot import Chart
from course.core import syllabus

CHARTS: dict[str, Callable[[], Chart]] = {
    "1.1": goal_1.explanations,
    "1.2": goal_1.peers,
    "1.3": goal_1.people_and_roads,
    "2.1": goal_2.bodies,
    "2.2": goal_2.promises,
    "3.1": goal_3.antenatal,
    "3.2": goal_3.checking,
    "3.3": goal_3.levels,
    "3.4": goal_3.bed_days,
    "3.5": goal_3.power_and_roads,
    "4.1": goal_4.returns,
    "4.2": goal_4.supervision,
    "4.3": goal_4.first_signals,
    "5.1": goal_5.reports,
    "5.2": goal_5.returns_to_hospital,
    "5.3": goal_5.bonuses,
    "5.4": goal_5.influence,
    "5.5": goal_5.receipts,
}
"""What draws the chart of each objective."""


def place(objective: str) -> str:
    """Where the chart of an objective is, from `solutions/` or `exercises/`: `but-1/images/canevas-1-1.svg`.

    Args:
        objective: Its identifier, `1.1` … `5.5`.
    """
    found = syllabus.load().objective(objective)
    return f"but-{found.goal}/images/canevas-{found.cell}.svg"


def write_charts(folder: Path) -> list[Path]:
    """Write the 18 charts.

    Args:
        folder: `solutions/`, or another of its form; folders are made when missing, files are replaced.

    Returns:
        The files written, in the order of the objectives.
    """
    written = []
    for objective, chart in CHARTS.items():
        path = folder / place(objective)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chart().svg().encode())
        written.append(path)
    return written
