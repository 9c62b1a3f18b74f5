"""The folders of a workbook: its root, the folder of each goal, the folder of hand-ins."""

from __future__ import annotations

from pathlib import Path

from course.core import syllabus
from course.core.content import PACKAGE
from course.core.refusal import Refusal
from course.core.syllabus import Goal
from course.core.terminal import typed

EXERCISES = "exercises"
LESSONS = "modules"
HANDED_IN = "remises"
SETTINGS = "nbgrader_config.py"
"""At the root of an instructor's course."""
RECORD, RECORD_FORMAT = ".classeur.json", "classeur/1"
"""At the root of a workbook that `course open` made: which version of each notebook it put there."""


def course_root(folder: Path | None = None) -> Path:
    """Return the root of an instructor's course: the folder of nbgrader's settings.

    Args:
        folder: A course's folder, or one below it; by default the working folder, else the clone this package is in.

    Raises:
        Refusal: There is no course there.
    """
    start = (folder or Path.cwd()).expanduser().absolute()
    clone = [] if folder else [PACKAGE.parent]
    for root in (start, *start.parents, *clone):
        if (root / SETTINGS).is_file():
            return root
    raise Refusal(
        f"« {start} » n’est pas le dossier d’un cours : allez là où se trouve le fichier « {SETTINGS} », "
        f"ou faites un dossier de cours par « {typed('new', 'DOSSIER')} »."
    )


def default_root() -> Path:
    """Return the workbook that `course open` opens by default."""
    return Path.home() / "soins-centres-personnes"


def root_of(folder: Path) -> Path:
    """Return the root of the workbook that a notebook's folder belongs to.

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
    """Return the folder of a goal's notebook and answers.

    Args:
        place: A workbook's root, its `exercises/`, or the folder of any of its notebooks.
        goal: The goal.

    Returns:
        The folder, or None without one.
    """
    place = place.absolute()
    name = goal.assignment
    if _is_of(place, goal):
        return place
    neighbour = [place.parent / name] if (place / f"{place.name}.ipynb").is_file() else []
    for folder in (place / EXERCISES / name, place / name, root_of(place) / EXERCISES / name, *neighbour):
        if folder.is_dir():
            return folder
    return None


def _is_of(folder: Path, goal: Goal) -> bool:
    return folder.name == goal.assignment or (folder / f"{goal.assignment}.ipynb").is_file()
