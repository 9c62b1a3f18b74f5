"""`handin("but-1")`: « Remettre » for a trainee, nothing where nbgrader executes the notebook."""

from __future__ import annotations

import os
from pathlib import Path

from course.core import syllabus
from course.workbook.handin.widget import HandinWidget


def show(assignment: str) -> HandinWidget | None:
    """The foot of a goal's notebook, for the working folder, which Jupyter makes the notebook's own.

    Args:
        assignment: The goal's assignment, `but-1` … `but-5`.

    Returns:
        A widget; None where nbgrader executes the notebook.

    Raises:
        ValueError: There is no such assignment.
    """
    for goal in syllabus.load().goals:
        if goal.assignment == assignment:
            return None if "NBGRADER_EXECUTION" in os.environ else HandinWidget(goal, Path.cwd())
    raise ValueError(f"Il n’y a pas de cahier « {assignment} » : ils vont de but-1 à but-5.")
