"""The verbs of a trainee's notebooks: each shows a widget, and nothing where nbgrader executes the notebook.

They work on the current folder, which Jupyter makes the notebook's own, and import what they need when they are called.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from course.core import syllabus

if TYPE_CHECKING:
    from course.workbook.canvas.widget import CanvasWidget
    from course.workbook.chart import Picture
    from course.workbook.glossary.widget import GlossaryWidget
    from course.workbook.handin.widget import HandinWidget
    from course.workbook.plan.widget import PlanWidget
    from course.workbook.progress.widget import ProgressWidget
    from course.workbook.quiz.widget import QuizWidget
    from course.workbook.team.widget import TeamWidget

    Shown: TypeAlias = CanvasWidget | float


def is_graded() -> bool:
    """Whether nbgrader executes the notebook."""
    return "NBGRADER_EXECUTION" in os.environ


def canvas(identifier: str) -> Shown:
    """The canvas of an objective, with the answers of the notebook's folder.

    Args:
        identifier: The objective, `1.1` … `5.5`.

    Returns:
        The canvas to show; under nbgrader its mark out of 6, after the answers were shown as a table.

    Raises:
        ValueError: There is no such objective; the sentence is French.
    """
    try:
        objective = syllabus.load().objective(identifier)
    except KeyError:
        raise ValueError(f"Il n’y a pas de canevas « {identifier} » : ils vont de 1.1 à 5.5.") from None
    if not is_graded():
        from course.workbook.canvas.widget import CanvasWidget

        return CanvasWidget(objective, Path.cwd())
    from IPython.display import publish_display_data

    from course.core.comparison import display
    from course.core.marking import mark

    marked = mark(Path.cwd(), objective)
    publish_display_data({"text/html": marked.html, "text/plain": marked.text})
    publish_display_data(display(objective))
    return float(marked.mark)


def team() -> TeamWidget | None:
    """Asks who works in the workbook of the notebook's folder: names, and a group's."""
    if is_graded():
        return None
    from course.workbook.team.widget import TeamWidget

    return TeamWidget(Path.cwd())


def handin(assignment: str) -> HandinWidget | None:
    """« Remettre » and « Reprendre une remise » for a goal's notebook.

    Args:
        assignment: The goal's assignment, `but-1` … `but-5`.

    Raises:
        ValueError: There is no such assignment; the sentence is French.
    """
    goals = {goal.assignment: goal for goal in syllabus.load().goals}
    if assignment not in goals:
        raise ValueError(f"Il n’y a pas de cahier « {assignment} » : ils vont de but-1 à but-5.")
    if is_graded():
        return None
    from course.workbook.handin.widget import HandinWidget

    return HandinWidget(goals[assignment], Path.cwd())


def plan() -> PlanWidget | None:
    """« Mon plan »: the actions of the canvases of the workbook of the notebook's folder, chosen and completed."""
    if is_graded():
        return None
    from course.workbook.plan.widget import PlanWidget

    return PlanWidget(Path.cwd())


def quiz(identifier: str) -> QuizWidget | None:
    """The quiz of a lesson, or a sitting of the test; ungraded, its results kept beside the notebook.

    Args:
        identifier: The lesson's, `01-introduction` … `11-le-district`, or `test-avant`, `test-apres`.

    Raises:
        ValueError: There is no such quiz, or a teacher's file is not written as it must be; the sentence is French.
    """
    from course.core import quizzes

    try:
        questions = quizzes.load(identifier)
    except KeyError:
        known = ", ".join((*quizzes.names(), *quizzes.SITTINGS))
        raise ValueError(f"Il n’y a pas de quiz « {identifier} ». Ceux du cours : {known}.") from None
    if is_graded():
        return None
    from course.workbook.quiz.sitting import SittingWidget
    from course.workbook.quiz.widget import QuizWidget

    widget = SittingWidget if identifier in quizzes.SITTINGS else QuizWidget
    return widget(questions, Path.cwd())


def glossary() -> GlossaryWidget | None:
    """The terms of the course, with a search."""
    if is_graded():
        return None
    from course.workbook.glossary.widget import GlossaryWidget

    return GlossaryWidget()


def progress() -> ProgressWidget | None:
    """Show what was read, answered and filled in the workbook of the notebook's folder."""
    if is_graded():
        return None
    from course.workbook.progress.widget import ProgressWidget

    return ProgressWidget(Path.cwd())


def chart(identifier: str) -> Picture:
    """A chart of a table of the fictional district, with its text alternative.

    Args:
        identifier: The table, `formations_sanitaires` … `parties_prenantes`.

    Raises:
        ValueError: There is no such table; the sentence is French.
    """
    from course.workbook.chart import show

    return show(identifier)
