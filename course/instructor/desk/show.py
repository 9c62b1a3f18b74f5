"""`desk("grade")`: one button of the instructor's notebook; nothing where nbgrader executes a notebook."""

from __future__ import annotations

import os

from course.instructor.cohort.places import find
from course.instructor.desk.steps import STEPS
from course.instructor.desk.widget import DeskWidget


def show(step: str) -> DeskWidget | None:
    """The button of a step, for the course that the working folder belongs to.

    Args:
        step: A key of `STEPS`.

    Raises:
        ValueError: There is no such step.
        Refusal: There is no course here.
    """
    if step not in STEPS:
        raise ValueError(f"Il n’y a pas d’étape « {step} » : {', '.join(STEPS)}.")
    return None if "NBGRADER_EXECUTION" in os.environ else DeskWidget(step, find())
