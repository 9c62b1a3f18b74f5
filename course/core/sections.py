"""The section of its lesson that each question serves: what to read again after a quiz."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache

from course.core import syllabus
from course.core.content import content
from course.core.quizzes import Question

_AIMS = re.compile(r"^\*\*Objectifs\*\*\s*:\s*(.+)$", re.MULTILINE)
_BEGINNINGS = ("essentiel", "entree")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a lesson.

    Attributes:
        title: An objective of the course, or the aim of the lesson that the section serves, in French.
        cell: The id of the cell that it begins with, in the lesson's notebook.
    """

    title: str
    cell: str


def section(lesson: str, question: Question) -> Section | None:
    """The section of a lesson that a question serves: its objective’s, else the beginning, named after the first aim.

    Args:
        lesson: The stem of the lesson's notebook and of its quiz.
        question: A question of that quiz.

    Returns:
        None where the question names no aim, or the lesson has no such section.
    """
    cells, aims = _lesson(lesson)
    for aim in question.aims:
        if "." in aim and (cell := f"objectif-{aim.replace('.', '-')}") in cells:
            return Section(f"Objectif {aim}\u00a0: {syllabus.load().objective(aim).title}", cell)
    beginning = next((cell for cell in _BEGINNINGS if cell in cells), "")
    ranks = [int(aim) for aim in question.aims if "." not in aim]
    if beginning and ranks and ranks[0] <= len(aims):
        return Section(aims[ranks[0] - 1], beginning)
    return None


@cache
def _lesson(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The ids of a lesson's cells, and its aims in order; none where there is no such notebook."""
    try:
        cells = json.loads((content("modules") / f"{name}.ipynb").read_bytes())["cells"]
        ids = frozenset(str(cell.get("id")) for cell in cells)
        line = next((found[1] for cell in cells if (found := _AIMS.search("".join(cell["source"])))), "")
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset(), ()
    aims = (aim.strip(" .\u00a0\u202f") for aim in re.split(r"[;.](?:\s|$)", line))
    return ids, tuple(f"{aim[0].upper()}{aim[1:]}" for aim in aims if aim)
