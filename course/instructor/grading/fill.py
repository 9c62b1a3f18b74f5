"""What fills the canvases of a published notebook: a trainee's answers, in place of executing her own."""

from __future__ import annotations

from pathlib import Path

from course.core.answers import FOLDER, unreadable_name
from course.core.marking import Marked, mark, unreadable
from course.core.refusal import Unreadable
from course.core.syllabus import Objective
from course.instructor.cohort.marks import COMPLETENESS, canvas_of


def marked(folder: Path, objective: Objective) -> Marked:
    """One canvas of a staged submission.

    Args:
        folder: The staged or autograded folder of the submission.
        objective: The canvas.

    Returns:
        What an execution there would show and give; answers that staging refused give its reason, and 0.
    """
    refusal = folder / FOLDER / unreadable_name(objective)
    if refusal.is_file():
        return unreadable(objective, Unreadable(refusal.read_text(encoding="utf-8")))
    return mark(folder, objective)


def score(canvas: Marked, points: float) -> float:
    """The mark of a canvas as its cell gives it, at most the points of the cell."""
    return min(float(canvas.mark), float(points))


def graded_canvas(grade_id: str, number: int) -> Objective:
    """The canvas of a code cell that is graded.

    Args:
        grade_id: Its nbgrader identifier.
        number: Its place in the notebook, from 1.

    Raises:
        ValueError: It is no canvas, in French: nbgrader would give it full marks, unexecuted.
    """
    found = canvas_of(grade_id)
    if found is None or found[0] != COMPLETENESS:
        raise ValueError(
            f"La cellule notée n° {number} (« {grade_id} ») n’est pas celle d’un canevas : la correction n’exécute "
            "aucun code. Corrigez le notebook du dossier solutions."
        )
    return found[1]
