"""The class as a piece of a page: the summary in words, the map of completeness, its figures. All of it escaped."""

from __future__ import annotations

from html import escape

from course.instructor.classview.numbers import Numbers
from course.instructor.classview.page import image, lines, table, who_when_table
from course.instructor.classview.summary import opening, summary


def fragment(numbers: Numbers) -> str:
    """The class as HTML.

    Args:
        numbers: What was counted.
    """
    parts = [f"<p><b>{escape(opening(numbers))}</b></p>"]
    charts = ""
    if numbers.overview.copies:
        from course.instructor.classview.charts import charts as drawn  # noqa: PLC0415 - matplotlib takes a while

        charts = "".join(
            f"<h3>{escape(chart.title)}</h3>{image(chart.files()['svg'].decode(), chart.told)}"
            f"<details><summary>Les chiffres</summary>{table(chart.title, chart.heads, chart.rows)}</details>"
            for chart in drawn(numbers)
        )
    for part in summary(numbers):
        if part.title == "Remises":
            parts.append(f"<h3>Remises</h3>{lines(part.lines)}")
            if numbers.handins:
                parts.append(
                    f"<details><summary>Qui a remis quoi, et quand</summary>{who_when_table(numbers)}</details>"
                )
        elif part.title.startswith(("Options", "Objectifs")):
            parts.append(f"<h3>{escape(part.title)}</h3>{lines(part.lines)}")
    return "".join(parts) + charts
