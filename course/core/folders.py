"""Where a trainee's files are: the root of a workbook, the folder of each goal, the one of what was handed in."""

from __future__ import annotations

from pathlib import Path

from course.core import syllabus
from course.core.syllabus import Goal

EXERCISES = "exercises"
LESSONS = "modules"
HANDED_IN = "remises"
RECORD = ".classeur.json"
"""At the root of a workbook that `course open` made: which version of each notebook it put there."""


def default_root() -> Path:
    """The workbook that `course open` opens where no other is named."""
    return Path.home() / "soins-centres-personnes"


def root_of(folder: Path) -> Path:
    """The root of the workbook that a notebook's folder belongs to.

    Args:
        folder: The folder of a notebook.

    Returns:
        The nearest folder, this one or above, whose `exercises/` holds a goal of the course; this folder itself when
        there is none, as where nbgrader fetched a single assignment.
    """
    folder = folder.absolute()
    names = [goal.assignment for goal in syllabus.load().goals]
    for place in (folder, *folder.parents):
        if any((place / EXERCISES / name).is_dir() for name in names):
            return place
    return folder


def goal_folder(place: Path, goal: Goal) -> Path | None:
    """The folder of a goal's notebook and answers.

    Args:
        place: A workbook's root, its `exercises/`, or the folder of any of its notebooks.
        goal: The goal.

    Returns:
        The folder, or None when the goal is not there.
    """
    place = place.absolute()
    name = goal.assignment
    if _is_of(place, goal):
        return place
    for folder in (place / EXERCISES / name, place / name, root_of(place) / EXERCISES / name, place.parent / name):
        if folder.is_dir():
            return folder
    return None


def _is_of(folder: Path, goal: Goal) -> bool:
    return folder.name == goal.assignment or (folder / f"{goal.assignment}.ipynb").is_file()
