"""The data of a class, read once: trainees, copies and their names, marks, and hand-ins with their dates."""

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
"""The identifiers of the members of a copy, in alphabetical order."""

_USUAL_DATE = "%Y-%m-%d %H:%M:%S.%f UTC"
_MOST_NAMED = 3
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Overview:
    """The data of a class.

    Attributes:
        trainees: The trainees of the list and of the hand-ins, by identifier.
        names: The display name of each copy, in display order.
        copies: The graded copies, goal by goal, in the order of `names`.
        marks: The marks, by trainee and objective.
        to_reread: A French sentence on the marks whose answers changed since; empty when there are none.
    """

    trainees: Mapping[str, Trainee]
    names: Mapping[Students, str]
    copies: tuple[Copy, ...]
    marks: Mapping[tuple[str, str], Mark]
    to_reread: str = ""

    def mark(self, copy: Copy, objective: Objective) -> Mark | None:
        """Return the mark of a copy's canvas; None when it has none, or when its members' marks differ."""
        first, *others = (self.marks.get((student, objective.id)) for student in copy.students)
        return first if all(_same_mark(first, other) for other in others) else None

    def uneven(self, copy: Copy, objective: Objective) -> bool:
        """Return whether the members of a group have different marks."""
        return self.mark(copy, objective) is None and any(
            (student, objective.id) in self.marks for student in copy.students
        )


@dataclass(frozen=True, slots=True)
class Handin:
    """A hand-in of one trainee for one goal.

    Attributes:
        student: The trainee's identifier.
        goal: The goal.
        at: Its date, in UTC; None when there is no readable date.
        graded: Whether the graded copy comes from this hand-in.
    """

    student: str
    goal: Goal
    at: datetime | None
    graded: bool


def read(cohort: Cohort) -> Overview:
    """Read the list, the gradebook in one pass, and the list of copies; answers are read later, where needed.

    Args:
        cohort: The class, which is not changed.

    Raises:
        Refusal: The list or the gradebook cannot be used.
    """
    trainees = {trainee.id: trainee for trainee in roster.read(cohort)}
    graded = [copy for goal in syllabus.load().goals for copy in copies.read_all(cohort, goal)]
    for copy in graded:
        for student in copy.students:
            trainees.setdefault(student, Trainee(student))
    names = labels(graded, trainees)
    ranks = {students: rank for rank, students in enumerate(names)}
    graded.sort(key=lambda copy: (copy.goal.id, ranks[copy.students]))
    by_canvas = _marks(cohort) if graded else {}
    return Overview(trainees, names, tuple(graded), by_canvas, sentence(cohort, by_canvas.values()))


def read_handins(cohort: Cohort) -> tuple[Handin, ...]:
    """Return the hand-ins, graded or not, in the order of trainees and goals; only their dates are read.

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
    """Return all known trainees by identifier: those of the list in its order, then those only known by a hand-in."""
    known = dict(overview.trainees)
    for handin in handins:
        known.setdefault(handin.student, Trainee(handin.student))
    return known


def labels(graded: Iterable[Copy], trainees: Mapping[str, Trainee]) -> dict[Students, str]:
    """Return a unique display name for the members of each copy, the same for all goals.

    Args:
        graded: The copies of any goals.
        trainees: The trainees of the list, by identifier.

    Returns:
        The group's name, else the trainee's, sorted in the order of a French list: « Groupe 2 » before « Groupe 10 ».
    """
    groups: dict[Students, str] = {}
    for copy in graded:
        if not groups.get(copy.students):
            groups[copy.students] = copy.team.group or _listed_group(copy.students, trainees)
    names = {students: group or _member_names(students, trainees) for students, group in groups.items()}
    with_members = {students: f"{name} ({_member_names(students, trainees)})" for students, name in names.items()}
    unique = _disambiguated(names, with_members)
    unique = _disambiguated(unique, {students: f"{name} ({', '.join(students)})" for students, name in unique.items()})
    return dict(sorted(unique.items(), key=lambda item: (natural(item[1]), item[0])))


def members(students: Sequence[str], trainees: Mapping[str, Trainee]) -> list[str]:
    """Return the names of trainees; the identifier where the list has no name."""
    return [trainees[student].name if student in trainees else student for student in students]


def natural(text: str) -> list[tuple[int, str]]:
    """Return a sort key that compares numbers within texts as numbers, and ignores accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[:200]).casefold() if not unicodedata.combining(c))
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in _DIGITS.split(plain)]


def _listed_group(students: Sequence[str], trainees: Mapping[str, Trainee]) -> str:
    groups = {trainees[student].group if student in trainees else "" for student in students}
    return groups.pop() if len(students) > 1 and len(groups) == 1 else ""


def _member_names(students: Sequence[str], trainees: Mapping[str, Trainee]) -> str:
    names = members(students, trainees)
    return listed(names) if len(names) <= _MOST_NAMED else few(names, _MOST_NAMED)


def _disambiguated(names: dict[Students, str], longer: dict[Students, str]) -> dict[Students, str]:
    counts = Counter(name.casefold() for name in names.values())
    return {students: name if counts[name.casefold()] == 1 else longer[students] for students, name in names.items()}


def _marks(cohort: Cohort) -> dict[tuple[str, str], Mark]:
    with opened(cohort) as connection:
        return {(mark.student, mark.objective): mark for mark in marks.read(connection)}


def _same_mark(one: Mark | None, other: Mark | None) -> bool:
    if one is None or other is None:
        return one is other
    fields = ("completeness", "quality", "levels", "changed")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _folders(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:  # missing or unreadable: nothing to show
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
