"""`bench()`: the bench for an instructor, nothing where nbgrader executes the notebook."""

from __future__ import annotations

import os
from pathlib import Path

from course.core import syllabus
from course.instructor.review.widget import BenchWidget


def show(identifier: str = "") -> BenchWidget | None:
    """The bench over the class of the working folder's course.

    Args:
        identifier: The objective to begin with, `1.1` … `5.5`; empty for the one that was left.

    Returns:
        A widget; None where nbgrader executes the notebook.

    Raises:
        ValueError: There is no such objective.
    """
    if identifier and identifier not in {each.id for each in syllabus.load().objectives}:
        raise ValueError(f"Il n’y a pas d’objectif « {identifier} » : ils vont de 1.1 à 5.5.")
    return None if "NBGRADER_EXECUTION" in os.environ else BenchWidget(Path.cwd(), identifier)
