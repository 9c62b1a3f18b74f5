"""`canvas("1.1")`: a widget for a trainee, a table and a mark for nbgrader."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from course.core import syllabus
from course.workbook.canvas.widget import CanvasWidget

Shown: TypeAlias = CanvasWidget | float


def show(identifier: str) -> Shown:
    """The canvas of an objective in the working folder, which Jupyter makes the notebook's own.

    Args:
        identifier: The objective, `1.1` … `5.5`.

    Returns:
        A widget; where nbgrader executes the notebook, the mark out of 6.

    Raises:
        ValueError: There is no such objective.
    """
    try:
        objective = syllabus.load().objective(identifier)
    except KeyError:
        raise ValueError(f"Il n’y a pas de canevas « {identifier} » : ils vont de 1.1 à 5.5.") from None
    if "NBGRADER_EXECUTION" not in os.environ:
        return CanvasWidget(objective, Path.cwd())
    # A trainee's kernel needs none of these, and she is waiting.
    from IPython.display import publish_display_data  # noqa: PLC0415

    from course.core.marking import mark  # noqa: PLC0415
    from course.core.model_answers_html import display  # noqa: PLC0415

    marked = mark(Path.cwd(), objective)
    publish_display_data({"text/html": marked.html, "text/plain": marked.text})
    publish_display_data(display(objective))
    return float(marked.mark)
