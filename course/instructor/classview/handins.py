"""Who handed in what, and when: the one list that is read from what trainees sent, before anything is graded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.core import syllabus
from course.core.names import refused_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import parsed, read_date

_USUAL = "%Y-%m-%d %H:%M:%S.%f UTC"


@dataclass(frozen=True, slots=True)
class Handin:
    """What one trainee handed in for one goal.

    Attributes:
        student: Her identifier.
        goal: The goal.
        at: When, in UTC; None when nothing that can be read says so.
        graded: Whether the graded copy is of this very handing in.
    """

    student: str
    goal: Goal
    at: datetime | None
    graded: bool


def read(cohort: Cohort) -> tuple[Handin, ...]:
    """What was handed in, in the order of trainees and goals; nothing of it is opened but its date.

    Args:
        cohort: The class.
    """
    goals = {goal.assignment: goal for goal in syllabus.load().goals}
    found = []
    for student in _folders(cohort.submitted):
        if refused_name(student):
            continue
        for name in _folders(cohort.submitted / student):
            if name in goals:
                date, other = _date(cohort.submitted, student, name), _date(cohort.autograded, student, name)
                graded = (cohort.autograded / student / name).is_dir() and date == other
                found.append(Handin(student, goals[name], _moment(date), graded))
    return tuple(found)


def _folders(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:  # not there, or closed to us: nothing that can be shown
        return


def _date(folder: Path, student: str, assignment: str) -> str | None:
    try:
        return read_date(folder, student, assignment)
    except Unreadable:
        return None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, _USUAL).replace(tzinfo=UTC)
    except ValueError:
        return parsed(text).replace(tzinfo=UTC)
