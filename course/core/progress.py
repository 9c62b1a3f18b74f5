"""Progress: lessons read, questions answered and options filled, counted from the workbook's files alone.

- *Read*: lessons that the trainee marked as read, with the button of their quiz.
- *Answered*: questions of the quizzes that were checked at least once, right or wrong.
- *Filled*: options treated in the canvases, by the rule of `course.core.completeness`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course.core import answers, pages, quizzes, results, syllabus
from course.core.completeness import completeness
from course.core.folders import LESSONS, goal_folder, root_of
from course.core.refusal import Unreadable
from course.core.syllabus import Goal


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that has a quiz.

    Attributes:
        id: The stem of its notebook and of its quiz: `02-concepts`.
        title: The title of its notebook.
        goal: The goal that it covers, `1` … `5`; empty when it covers all of them.
    """

    id: str
    title: str
    goal: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of completed work, in one goal or in all.

    Attributes:
        read: Lessons read, of `lessons`.
        answered: Questions answered, of `questions`.
        filled: Options treated, of `options`.
    """

    lessons: int
    questions: int
    options: int
    read: int = 0
    answered: int = 0
    filled: int = 0

    @staticmethod
    def sum(parts: Sequence[Progress]) -> Progress:
        """Return the total of several counts."""
        return Progress(
            lessons=sum(part.lessons for part in parts),
            questions=sum(part.questions for part in parts),
            options=sum(part.options for part in parts),
            read=sum(part.read for part in parts),
            answered=sum(part.answered for part in parts),
            filled=sum(part.filled for part in parts),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the course: a goal, or the lessons that cover all goals.

    Attributes:
        goal: The goal; None for the lessons that cover all goals.
        lessons: Its lessons, in order.
        progress: Its counts.
    """

    goal: Goal | None
    lessons: tuple[Lesson, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Journey:
    """The progress in the whole course.

    Attributes:
        parts: The lessons that cover all goals first, then the five goals.
        total: The sum of the parts.
        unreadable: The names of unreadable files, counted as empty; for example `1.1.json`.
    """

    parts: tuple[Part, ...]
    total: Progress
    unreadable: tuple[str, ...] = ()


def lessons() -> tuple[Lesson, ...]:
    """Return the lessons that have a quiz, in order, with their goals."""
    return tuple(Lesson(page.stem, page.title, page.goal) for page in pages.load() if page.kind == pages.LESSON)


def journey(folder: Path) -> Journey:
    """Count the progress of a workbook.

    Args:
        folder: The folder of any of its notebooks.

    Returns:
        The counts. An unreadable file is named, and counted as empty.

    Raises:
        QuizMistake: A quiz of the course is malformed.
    """
    unreadable: list[str] = []
    all_lessons = lessons()
    parts = []
    for goal in (None, *syllabus.load().goals):
        own = tuple(lesson for lesson in all_lessons if lesson.goal == (goal.id if goal else ""))
        read, answered, questions = _lessons(folder, own, unreadable)
        filled = _filled(folder, goal, unreadable) if goal else 0
        options = sum(len(objective.options) for objective in goal.objectives) if goal else 0
        parts.append(Part(goal, own, Progress(len(own), questions, options, read, answered, filled)))
    return Journey(tuple(parts), Progress.sum([part.progress for part in parts]), tuple(unreadable))


def _lessons(folder: Path, own: Sequence[Lesson], unreadable: list[str]) -> tuple[int, int, int]:
    """Return the numbers of lessons read, of questions answered, and of questions."""
    root = root_of(folder)
    home = root / LESSONS if (root / LESSONS).is_dir() else folder
    read = answered = questions = 0
    for lesson in own:
        quiz = quizzes.load(lesson.id)
        questions += len(quiz.questions)
        try:
            stored = results.read(home, lesson.id)
        except Unreadable:
            unreadable.append(f"{lesson.id}.json")
            continue
        if stored:
            read += stored.read
            answered += stored.answered(quiz)
    return read, answered, questions


def _filled(folder: Path, goal: Goal, unreadable: list[str]) -> int:
    home = goal_folder(folder, goal)
    if home is None:
        return 0
    treated = 0
    for objective in goal.objectives:
        try:
            treated += len(completeness(objective, answers.read(home, objective)).treated)
        except Unreadable:
            unreadable.append(answers.file_name(objective))
    return treated
