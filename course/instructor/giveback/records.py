"""What the gradebook has of each trainee, goal by goal: read once for all pages and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import Connection, select

from course.core import syllabus
from course.core.names import refused_name
from course.core.rubric import TOTAL_POINTS
from course.core.syllabus import Goal
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import marks, roster
from course.instructor.cohort.marks import Change, Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee


class State(Enum):
    """Where the marking of a trainee's canvas or goal stands."""

    NO_COPY = auto()
    WAITING = auto()
    REREAD = auto()
    """Its mark was given to other words than those that are handed in now."""
    MARKED = auto()
    """Both parts are there: a canvas that is half reviewed counts neither for nor against."""


def state_of(mark: Mark | None) -> State:
    """Where a canvas stands; None when nothing was graded."""
    if mark is None:
        return State.NO_COPY
    if mark.final:
        return State.MARKED
    return State.REREAD if mark.to_reread else State.WAITING


@dataclass(frozen=True, slots=True)
class Work:
    """What one trainee got for one goal.

    Attributes:
        goal: The goal.
        at: When it was handed in, in UTC without a zone; None when that is not known.
        penalty: Points taken off for being late, 0 or more.
        marks: A mark for each canvas of the goal that nbgrader knows, in their order.
        changes: The changes of each of these marks, by objective.
    """

    goal: Goal
    at: datetime | None
    penalty: float
    marks: tuple[Mark, ...]
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)

    @property
    def marked(self) -> tuple[Mark, ...]:
        """The canvases that have both parts."""
        return tuple(mark for mark in self.marks if state_of(mark) is State.MARKED)

    @property
    def waiting(self) -> int:
        """How many canvases wait for one of their parts."""
        return len(self.marks) - len(self.marked)

    @property
    def total(self) -> float | None:
        """The points of the canvases that have both parts, less the penalty; None when there are none."""
        return max(0.0, sum(mark.total for mark in self.marked) - self.penalty) if self.marked else None

    @property
    def maximum(self) -> int:
        """The most that `total` could be."""
        return TOTAL_POINTS * len(self.marked)

    @property
    def final(self) -> float | None:
        """The total, once no canvas waits."""
        return None if self.waiting else self.total

    @property
    def passed(self) -> int:
        """How many canvases are a pass."""
        return sum(mark.passed for mark in self.marked)


@dataclass(frozen=True, slots=True)
class Record:
    """What one trainee got.

    Attributes:
        trainee: Who.
        works: By goal (`1` … `5`), in their order; a goal that was not graded is not in it.
    """

    trainee: Trainee
    works: Mapping[str, Work]


def read(connection: Connection, cohort: Cohort, students: Sequence[str] = ()) -> tuple[Record, ...]:
    """The trainees of a class with what they got, those who handed nothing in included.

    Args:
        connection: The class's gradebook.
        cohort: The class.
        students: Only these identifiers; all by default.

    Returns:
        In the order of the list of trainees, then those whom only the gradebook knows, by identifier.

    Raises:
        Refusal: The list of trainees cannot be used.
    """
    by_canvas: dict[tuple[str, str], list[Mark]] = {}
    read_marks = marks.read(connection, students=students)
    changes = marks.history(connection, read_marks)
    for mark in read_marks:
        by_canvas.setdefault((mark.student, mark.objective.partition(".")[0]), []).append(mark)
    submissions = _submissions(connection, students)
    works: dict[str, dict[str, Work]] = {}
    for goal in syllabus.load().goals:
        for (student, number), found in by_canvas.items():
            if number == goal.id and any(mark.completeness is not None for mark in found):
                at, penalty = submissions.get((student, goal.assignment), (None, 0.0))
                mine = {each.objective: changes.get((student, each.objective), ()) for each in found}
                works.setdefault(student, {})[number] = Work(goal, at, penalty, tuple(found), mine)
    return tuple(Record(each, works.get(each.id, {})) for each in _trainees(connection, cohort, students))


def _submissions(
    connection: Connection, students: Sequence[str]
) -> dict[tuple[str, str], tuple[datetime | None, float]]:
    """The date and the penalty of each submission, by trainee and assignment."""
    submission, part = book.submitted_assignment, book.submitted_notebook
    query = (
        select(submission.c.student_id, book.assignment.c.name, submission.c.timestamp, part.c.late_submission_penalty)
        .join(book.assignment, book.assignment.c.id == submission.c.assignment_id)
        .join(part, part.c.assignment_id == submission.c.id)
    )
    if students:
        query = query.where(submission.c.student_id.in_(students))
    found: dict[tuple[str, str], tuple[datetime | None, float]] = {}
    for student, assignment, at, penalty in connection.execute(query):
        _, before = found.get((student, assignment), (at, 0.0))
        found[student, assignment] = (at, before + (penalty or 0.0))
    return found


def _trainees(connection: Connection, cohort: Cohort, students: Sequence[str]) -> list[Trainee]:
    listed = {trainee.id: trainee for trainee in roster.read(cohort)}
    query = select(book.student.c.id, book.student.c.first_name, book.student.c.last_name, book.student.c.email)
    known = {row.id: row for row in connection.execute(query.order_by(book.student.c.id)) if not refused_name(row.id)}
    trainees = []
    for identifier in (*listed, *(name for name in known if name not in listed)):
        if students and identifier not in students:
            continue
        trainee, row = listed.get(identifier, Trainee(identifier)), known.get(identifier)
        if row is not None and not (trainee.first_name or trainee.last_name):
            names = (row.first_name or "", row.last_name or "")
            trainee = Trainee(identifier, *names, trainee.email or row.email or "", trainee.group)
        trainees.append(trainee)
    return trainees
