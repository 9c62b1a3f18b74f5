"""`course grade`: the class's copies graded, and what came of it in a few French lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from course.core import syllabus
from course.core.refusal import Refusal
from course.core.syllabus import Goal
from course.instructor.cohort.places import Cohort, find
from course.instructor.grading.direct.grading import SHOWN, Graded, grade_class


def grade(goals: Sequence[str], folder: Path | None, force: bool) -> None:
    """Grades all copies that are new or changed, and says what came of it.

    Args:
        goals: `but-1` … `but-5`, or `1` … `5`; all of them when empty.
        folder: The course's folder, or one in it; by default the working folder's, else the clone's.
        force: Grade anew what has not changed, too.

    Raises:
        Refusal: There is no course there, no copy, or a grading is under way.
    """
    cohort = find(folder)
    remarks: list[str] = []
    done = grade_all(cohort, goals, remarks.append, force=force)
    for line in (*remarks, *told(done, cohort)):
        print(line)
    if done.problems and not done.graded and not done.unchanged:
        raise Refusal(" ".join(done.problems))


def grade_all(cohort: Cohort, goals: Sequence[str], say: Callable[[str], None], *, force: bool = False) -> Graded:
    """Grades all copies that are new or changed.

    Args:
        cohort: The class.
        goals: `but-1` … `but-5`, or `1` … `5`; all of them when empty.
        say: Hears, in French, what there is to know of the first copies that something is wrong with.
        force: Grade anew what has not changed, too.

    Raises:
        Refusal: An assignment is none of the course, there is no copy, or a grading is under way.
    """
    return grade_class(cohort, [_goal(name) for name in goals] or syllabus.load().goals, say, force=force)


def told(done: Graded, cohort: Cohort) -> list[str]:
    """What a grading did, and what to do next, in French lines."""
    lines = []
    if done.remarks > SHOWN:
        lines.append(f"… et {_counted(done.remarks - SHOWN, 'autre remarque')}, dans les bilans.")
    if done.graded or done.unchanged:
        lines.append(f"{_counted(done.graded, 'copie corrigée')}, {done.unchanged} déjà à jour.")
        lines += done.problems
    if done.reports:
        names = ", ".join(f"« {path.relative_to(cohort.root).as_posix()} »" for path in done.reports)
        lines.append(f"Bilan{'s' if len(done.reports) > 1 else ''} de la classe : {names}.")
        lines.append("Pour donner la qualité et un commentaire : course review.")
    return lines


def _goal(name: str) -> Goal:
    for goal in syllabus.load().goals:
        if name.strip().lower() in (goal.id, goal.assignment):
            return goal
    known = ", ".join(goal.assignment for goal in syllabus.load().goals)
    raise Refusal(f"« {name} » n’est pas un devoir de ce cours. Les devoirs sont : {known}.")


def _counted(number: int, words: str) -> str:
    return f"{number} {' '.join(f'{word}s' for word in words.split())}" if number > 1 else f"{number} {words}"
