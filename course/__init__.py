"""Soins centrés sur les personnes: the verbs that the course's notebooks say, each in one line.

Importing this costs milliseconds: what a verb needs is imported when it is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.core.version import VERSION

if TYPE_CHECKING:
    from course.instructor.classview.widget import OverviewWidget
    from course.instructor.desk.widget import DeskWidget
    from course.instructor.review.widget import BenchWidget
    from course.workbook.canvas.show import Shown
    from course.workbook.chart.picture import Picture
    from course.workbook.glossary.widget import GlossaryWidget
    from course.workbook.handin.widget import HandinWidget
    from course.workbook.progress.widget import ProgressWidget
    from course.workbook.quiz.widget import QuizWidget
    from course.workbook.team.widget import TeamWidget

__version__ = VERSION


def canvas(identifier: str) -> Shown:
    """The canvas of an objective, with the answers of the notebook's folder.

    Args:
        identifier: The objective, `1.1` … `5.5`.

    Returns:
        The canvas to show; under nbgrader, its mark out of 6, the answers having been shown as a table.

    Raises:
        ValueError: There is no such objective; the sentence is French.
    """
    from course.workbook.canvas.show import show  # noqa: PLC0415

    return show(identifier)


def team() -> TeamWidget | None:
    """Asks who works in the workbook of the notebook's folder: names, and a group's.

    Returns:
        The form to show; None under nbgrader.
    """
    from course.workbook.team.show import show  # noqa: PLC0415

    return show()


def handin(assignment: str) -> HandinWidget | None:
    """« Remettre » and « Reprendre une remise » for a goal's notebook.

    Args:
        assignment: The goal's assignment, `but-1` … `but-5`.

    Returns:
        The foot of the notebook to show; None under nbgrader.

    Raises:
        ValueError: There is no such assignment; the sentence is French.
    """
    from course.workbook.handin.show import show  # noqa: PLC0415

    return show(assignment)


def quiz(identifier: str) -> QuizWidget | None:
    """The quiz of a lesson, or a sitting of the test; ungraded, its results kept beside the notebook.

    Args:
        identifier: The lesson's, `01-introduction` … `11-le-district`, or `test-avant`, `test-apres`.

    Returns:
        The quiz to show; None under nbgrader.

    Raises:
        ValueError: There is no such quiz, or a teacher's file is not written as it must be; the sentence is French.
    """
    from course.workbook.quiz.show import show  # noqa: PLC0415

    return show(identifier)


def glossary() -> GlossaryWidget | None:
    """The terms of the course, with a search.

    Returns:
        The glossary to show; None under nbgrader.
    """
    from course.workbook.glossary.show import show  # noqa: PLC0415

    return show()


def progress() -> ProgressWidget | None:
    """What was read, answered and filled in the workbook of the notebook's folder.

    Returns:
        The table to show; None under nbgrader.
    """
    from course.workbook.progress.show import show  # noqa: PLC0415

    return show()


def chart(identifier: str) -> Picture:
    """A chart of a table of the fictional district.

    Args:
        identifier: The table, `formations_sanitaires` … `parties_prenantes`.

    Returns:
        The picture to show, with its text alternative.

    Raises:
        ValueError: There is no such table; the sentence is French.
    """
    from course.workbook.chart.show import show  # noqa: PLC0415

    return show(identifier)


def desk(step: str) -> DeskWidget | None:
    """A button of the instructor: what a command of `course` does, for the course of the notebook's folder.

    Args:
        step: `intake`, `grade`, `feedback`, `marks`, `archive`, `forget` or `demo`.

    Returns:
        The form to show; None under nbgrader.

    Raises:
        ValueError: There is no such step; the sentence is French.
    """
    from course.instructor.desk.show import show  # noqa: PLC0415

    return show(step)


def bench(identifier: str = "") -> BenchWidget | None:
    """The review bench: one canvas across the whole class of the course that the notebook's folder belongs to.

    Args:
        identifier: The objective to begin with, `1.1` … `5.5`; by default the one left last, or the first to review.

    Returns:
        The bench to show; None under nbgrader.

    Raises:
        ValueError: There is no such objective; the sentence is French.
    """
    from course.instructor.review.show import show  # noqa: PLC0415

    return show(identifier)


def classroom() -> OverviewWidget | None:
    """The class of the course that the notebook's folder belongs to: a summary, charts, and the tables as files.

    Returns:
        The page to show; None under nbgrader.

    Raises:
        Refusal: There is no course here; the sentence is French.
    """
    from course.instructor.classview.show import show  # noqa: PLC0415

    return show()
