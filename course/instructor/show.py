"""The verbs of the instructor's notebooks: each shows a widget, or nothing when nbgrader executes the notebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from course.core import syllabus
from course.workbook.show import is_graded

if TYPE_CHECKING:
    from course.instructor.classview.widget import OverviewWidget
    from course.instructor.desk.widget import DeskWidget
    from course.instructor.review.widget import BenchWidget


def bench(identifier: str = "") -> BenchWidget | None:
    """Return the review bench for the class of the course that the notebook's folder belongs to.

    Args:
        identifier: The objective to begin with, `1.1` … `5.5`; by default the last one opened, or the first to review.

    Raises:
        ValueError: There is no such objective; the sentence is French.
    """
    if identifier and identifier not in {objective.id for objective in syllabus.load().objectives}:
        raise ValueError(f"Il n’y a pas d’objectif « {identifier} » : ils vont de 1.1 à 5.5.")
    if is_graded():
        return None
    from course.instructor.review.widget import BenchWidget

    return BenchWidget(Path.cwd(), identifier)


def classroom() -> OverviewWidget | None:
    """Return the overview of the class of the course that the notebook's folder belongs to.

    Raises:
        Refusal: There is no course here; the sentence is French.
    """
    if is_graded():
        return None
    from course.instructor.classview.widget import OverviewWidget
    from course.instructor.cohort.places import find

    return OverviewWidget(find())


def desk(step: str) -> DeskWidget | None:
    """Return a button that runs a command of `course`, for the course that the notebook's folder belongs to.

    Args:
        step: `intake`, `grade`, `feedback`, `marks`, `archive`, `restore`, `forget` or `demo`.

    Raises:
        ValueError: There is no such step; the sentence is French.
        Refusal: There is no course here; the sentence is French.
    """
    from course.instructor.desk.steps import STEPS

    if step not in STEPS:
        raise ValueError(f"Il n’y a pas d’étape « {step} » : {', '.join(STEPS)}.")
    if is_graded():
        return None
    from course.instructor.cohort.places import find
    from course.instructor.desk.widget import DeskWidget

    return DeskWidget(step, find())
