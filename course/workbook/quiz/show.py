"""`quiz("02-concepts")`: a quiz, or a sitting of the test; nothing where nbgrader executes the notebook."""

from __future__ import annotations

import os
from pathlib import Path

from course.core import quizzes
from course.workbook.quiz.sitting import SittingWidget
from course.workbook.quiz.widget import QuizWidget


def show(identifier: str) -> QuizWidget | None:
    """The quiz, its results kept in the working folder, which Jupyter makes the notebook's own.

    Args:
        identifier: The stem of a lesson's file of `data/quiz`, or `test-avant`, `test-apres`.

    Raises:
        ValueError: There is no such quiz, or its file is not written as it must be; the sentence is French.
    """
    try:
        quiz = quizzes.load(identifier)
    except KeyError:
        known = ", ".join((*quizzes.names(), *quizzes.SITTINGS))
        raise ValueError(f"Il n’y a pas de quiz « {identifier} ». Ceux du cours : {known}.") from None
    if "NBGRADER_EXECUTION" in os.environ:
        return None
    widget = SittingWidget if identifier in quizzes.SITTINGS else QuizWidget
    return widget(quiz, Path.cwd())
