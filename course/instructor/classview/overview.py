"""A class read once: its trainees, its copies and what they are called, its marks, and who handed in what and when."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.core import syllabus
from course.core.names import refused_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.words import few, listed
from course.instructor.cohort import copies, marks, roster
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import parsed, read_date
from course.instructor.cohort.rereading import sentence
from course.instructor.cohort.roster import Trainee

Students = tuple[str, ...]
"""The identifiers of those who handed in together, in alphabetical order."""

_USUAL_DATE = "%Y-%m-%d %H:%M:%S.%f UTC"
_MOST_NAMED = 3
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Overview:
    """A class.

    Attributes:
        trainees: Those of the list and those who handed something in, by identifier.
        names: What those who handed in together are called, in the order to show them in.
        copies: The graded copies, goal by goal, in the order of `names`.
        marks: By trainee and objective.
        to_reread: Which marks were given to other words than those of now, in French; empty when none was.
    """

    trainees: Mapping[str, Trainee]
    names: Mapping[Students, str]
    copies: tuple[Copy, ...]
    marks: Mapping[tuple[str, str], Mark]
    to_reread: str = ""

    def mark(self, copy: Copy, objective: Objective) -> Mark | None:
        """The mark of a copy's canvas; None when it has none, or when its members do not all have the same."""
        first, *others = (self.marks.get((student, objective.id)) for student in copy.students)
        return first if all(_alike(first, other) for other in others) else None

    def torn(self, copy: Copy, objective: Objective) -> bool:
        """Whether the members of a group do not all have the same mark."""
        return self.mark(copy, objective) is None and any(
            (student, objective.id) in self.marks for student in copy.students
        )


@dataclass(frozen=True, slots=True)
class Handin:
    """What one trainee handed in for one goal.

    Attributes:
        student: The trainee's identifier.
        goal: The goal.
        at: When, in UTC; None when nothing that can be read says so.
        graded: Whether the graded copy is of this very hand-in.
    """

    student: str
    goal: Goal
    at: datetime | None
    graded: bool


def read(cohort: Cohort) -> Overview:
    """Reads the list, the gradebook in one pass, and which copies there are; their answers are read where needed.

    Args:
        cohort: The class; nothing in it is made or changed.

    Raises:
        Refusal: The list or the gradebook cannot be used.
    """
    trainees = {trainee.id: trainee for trainee in roster.read(cohort)}
    graded = [copy for goal in syllabus.load().goals for copy in copies.read_all(cohort, goal)]
    for copy in graded:
        for student in copy.students:
            trainees.setdefault(student, Trainee(student))
    names = labels(graded, trainees)
    places = {students: place for place, students in enumerate(names)}
    graded.sort(key=lambda copy: (copy.goal.id, places[copy.students]))
    found = _marks(cohort) if graded else {}
    return Overview(trainees, names, tuple(graded), found, sentence(cohort, found.values()))


def read_handins(cohort: Cohort) -> tuple[Handin, ...]:
    """What was handed in, graded or not, in the order of trainees and goals; of its files only the date is opened.

    Args:
        cohort: The class.
    """
    goals = {goal.assignment: goal for goal in syllabus.load().goals}
    handins = []
    for student in _folders(cohort.submitted):
        if refused_name(student):
            continue
        for name in _folders(cohort.submitted / student):
            if name in goals:
                date, graded_date = _date(cohort.submitted, student, name), _date(cohort.autograded, student, name)
                graded = (cohort.autograded / student / name).is_dir() and date == graded_date
                handins.append(Handin(student, goals[name], _moment(date), graded))
    return tuple(handins)


def expected(overview: Overview, handins: Iterable[Handin]) -> dict[str, Trainee]:
    """All whom the class knows of: those of the list in its order, then who is only among what was handed in."""
    everybody = dict(overview.trainees)
    for handin in handins:
        everybody.setdefault(handin.student, Trainee(handin.student))
    return everybody


def labels(graded: Iterable[Copy], trainees: Mapping[str, Trainee]) -> dict[Students, str]:
    """A name for all who handed in together, the same for each goal, and never one for two.

    Args:
        graded: The copies of any goals.
        trainees: Those of the list, by identifier.

    Returns:
        The group's name, else the trainee's, in the order of a French list: « Groupe 2 » before « Groupe 10 ».
    """
    groups: dict[Students, str] = {}
    for copy in graded:
        if not groups.get(copy.students):
            groups[copy.students] = copy.team.group or _listed_group(copy.students, trainees)
    names = {students: group or _people(students, trainees) for students, group in groups.items()}
    with_people = {students: f"{name} ({_people(students, trainees)})" for students, name in names.items()}
    apart = _told_apart(names, with_people)
    apart = _told_apart(apart, {students: f"{name} ({', '.join(students)})" for students, name in apart.items()})
    return dict(sorted(apart.items(), key=lambda item: (natural(item[1]), item[0])))


def members(students: Sequence[str], trainees: Mapping[str, Trainee]) -> list[str]:
    """The names of trainees; an identifier where the list has no name."""
    return [trainees[student].name if student in trainees else student for student in students]


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts numbers within texts as numbers, and letters without their accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[:200]).casefold() if not unicodedata.combining(c))
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(plain)]


def _listed_group(students: Sequence[str], trainees: Mapping[str, Trainee]) -> str:
    groups = {trainees[student].group if student in trainees else "" for student in students}
    return groups.pop() if len(students) > 1 and len(groups) == 1 else ""


def _people(students: Sequence[str], trainees: Mapping[str, Trainee]) -> str:
    names = members(students, trainees)
    return listed(names) if len(names) <= _MOST_NAMED else few(names, _MOST_NAMED)


def _told_apart(names: dict[Students, str], longer: dict[Students, str]) -> dict[Students, str]:
    counts = Counter(name.casefold() for name in names.values())
    return {students: name if counts[name.casefold()] == 1 else longer[students] for students, name in names.items()}


def _marks(cohort: Cohort) -> dict[tuple[str, str], Mark]:
    with opened(cohort) as connection:
        return {(mark.student, mark.objective): mark for mark in marks.read(connection)}


def _alike(one: Mark | None, other: Mark | None) -> bool:
    if one is None or other is None:
        return one is other
    fields = ("completeness", "quality", "levels", "changed")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


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
        return datetime.strptime(text, _USUAL_DATE).replace(tzinfo=UTC)
    except ValueError:
        return parsed(text).replace(tzinfo=UTC)
