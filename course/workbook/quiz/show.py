"""`quiz("02-concepts")`: the quiz of a lesson for a trainee, nothing where nbgrader executes the notebook."""

from __future__ import annotations

import os
from pathlib import Path

from course.core import quizzes
from course.workbook.quiz.widget import QuizWidget


def show(identifier: str) -> QuizWidget | None:
    """The quiz, its results kept in the working folder, which Jupyter makes the notebook's own.

    Args:
        identifier: The stem of a file of `data/quiz`.

    Raises:
        ValueError: There is no such quiz, or its file is not written as it must be; the sentence is French.
    """
    try:
        quiz = quizzes.load(identifier)
    except KeyError:
        known = ", ".join(quizzes.names())
        raise ValueError(f"Il n’y a pas de quiz « {identifier} ». Ceux du cours : {known}.") from None
    return None if "NBGRADER_EXECUTION" in os.environ else QuizWidget(quiz, Path.cwd())
