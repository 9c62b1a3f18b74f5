"""What is graded and shown of one canvas in a folder: its mark, and its answers or the reason there are none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from course.core.answers.format import Answers
from course.core.answers.reading import FOLDER, file_name, read
from course.core.completeness import completeness
from course.core.refusal import Unreadable
from course.core.syllabus import Objective
from course.core.table import answers_html, answers_text, unreadable_html


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked canvas.

    Attributes:
        mark: Completeness, 0 to 6 by halves.
        html: The answers as a table, or why they cannot be read; everything escaped.
        text: The same as plain text.
        problem: Why the answers cannot be read, in French; empty when they can, or when there are none.
    """

    mark: Fraction
    html: str
    text: str
    problem: str = ""


def mark(folder: Path, objective: Objective) -> Marked:
    """Marks the canvas of an objective in an assignment's folder.

    Args:
        folder: The folder that holds `reponses/`.
        objective: The canvas's objective.
    """
    try:
        return given(objective, read(folder, objective))
    except Unreadable as error:
        return unreadable(objective, error)


def given(objective: Objective, answers: Answers | None) -> Marked:
    """Marks answers that were read already; None when nothing was handed in."""
    return Marked(
        completeness(objective, answers).mark, answers_html(objective, answers), answers_text(objective, answers)
    )


def unreadable(objective: Objective, error: Unreadable) -> Marked:
    """A canvas whose answers file cannot be read: 0, with its name and the reason in place of the table."""
    name = f"{FOLDER}/{file_name(objective)}"
    text = f"Canevas {objective.id} : réponse illisible. Fichier « {name} » : {error.reason}"
    return Marked(Fraction(0), unreadable_html(objective, name, error), text, error.reason)
