"""The test and the quizzes as sheets to print, each with its key for the teacher."""

from __future__ import annotations

from course.authoring.handout import template
from course.core import quizzes
from course.core.quizzes import Quiz


def sheet(quiz: Quiz, *, key: bool = False) -> str:
    """Return a quiz as one self-contained HTML page for A4.

    Args:
        quiz: The quiz; a sitting of the test also asks for a code, a date and which sitting it is.
        key: Whether to show the right choices and the explanations, for the teacher.
    """
    return str(template("questionnaire").render(quiz=quiz, key=key, test=quiz.id in quizzes.SITTINGS))
