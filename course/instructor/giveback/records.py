"""The gradebook's data on each trainee, goal by goal, read once for all pages and tables."""

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
from course.instructor.cohort import marks, roster, schema
from course.instructor.cohort.marks import Change, Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee


class MarkingState(Enum):
    """The state of the marking of a trainee's canvas or goal."""

    NO_COPY = auto()
    WAITING = auto()
    REREAD = auto()
    """The answers changed since the mark was given."""
    MARKED = auto()
    """The mark has both parts; a partly reviewed canvas is not counted."""


def state_of(mark: Mark | None) -> MarkingState:
    """Return the state of a canvas from its mark, None when nothing was graded."""
    if mark is None:
        return MarkingState.NO_COPY
    if mark.final:
        return MarkingState.MARKED
    return MarkingState.REREAD if mark.to_reread else MarkingState.WAITING


@dataclass(frozen=True, slots=True)
class Work:
    """The marks of one trainee for one goal.

    Attributes:
        goal: The goal.
        at: The date of the hand-in, in UTC without a time zone; None when unknown.
        penalty: The points taken off for a late hand-in, 0 or more.
        marks: A mark for each canvas of the goal in the gradebook, in their order.
        changes: The changes of these marks, by objective.
    """

    goal: Goal
    at: datetime | None
    penalty: float
    marks: tuple[Mark, ...]
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)

    @property
    def marked(self) -> tuple[Mark, ...]:
        """The complete marks."""
        return tuple(mark for mark in self.marks if state_of(mark) is MarkingState.MARKED)

    @property
    def waiting(self) -> int:
        """The number of canvases without a complete mark."""
        return len(self.marks) - len(self.marked)

    @property
    def total(self) -> float | None:
        """The sum of the complete marks, less the penalty; None when there are none."""
        return max(0.0, sum(mark.total for mark in self.marked) - self.penalty) if self.marked else None

    @property
    def maximum(self) -> int:
        """The maximum of `total`."""
        return TOTAL_POINTS * len(self.marked)

    @property
    def final(self) -> float | None:
        """The total if all marks are complete, else None."""
        return None if self.waiting else self.total

    @property
    def passed(self) -> int:
        """The number of canvases passed."""
        return sum(mark.passed for mark in self.marked)


@dataclass(frozen=True, slots=True)
class Record:
    """The marks of one trainee.

    Attributes:
        trainee: The trainee.
        works: The marks by goal (`1` … `5`), in their order; goals that are not graded are missing.
    """

    trainee: Trainee
    works: Mapping[str, Work]

    @property
    def final(self) -> float | None:
        """The final mark out of 20: the marks of all goals by their weights; None while one of them is missing."""
        return self.average if len(self.finals) == len(_weighted()) else None

    @property
    def average(self) -> float | None:
        """The same over the goals whose mark is final; None when there are none."""
        weights = sum(work.goal.weight for work in self.finals)
        points = sum(work.goal.weight * (work.final or 0.0) / work.maximum for work in self.finals)
        return TOTAL_POINTS * points / weights if weights else None

    @property
    def finals(self) -> tuple[Work, ...]:
        """The goals whose mark is final and counts."""
        return tuple(work for work in self.works.values() if work.final is not None and work.goal.weight)

    @property
    def missing(self) -> tuple[Goal, ...]:
        """The goals that the final mark lacks."""
        finals = {work.goal.id for work in self.finals}
        return tuple(goal for goal in _weighted() if goal.id not in finals)


def _weighted() -> tuple[Goal, ...]:
    return tuple(goal for goal in syllabus.load().goals if goal.weight)


def read(connection: Connection, cohort: Cohort, students: Sequence[str] = ()) -> tuple[Record, ...]:
    """Read the records of the trainees of a class, including those who handed nothing in.

    Args:
        connection: The class's gradebook.
        cohort: The class.
        students: Only these identifiers; all by default.

    Returns:
        Records in the order of the list of trainees, then those only in the gradebook, by identifier.

    Raises:
        Refusal: The list of trainees cannot be used.
    """
    by_goal: dict[tuple[str, str], list[Mark]] = {}
    read_marks = marks.read(connection, students=students)
    changes = marks.history(connection, read_marks)
    for mark in read_marks:
        by_goal.setdefault((mark.student, mark.objective.partition(".")[0]), []).append(mark)
    submissions = _submissions(connection, students)
    works: dict[str, dict[str, Work]] = {}
    for goal in syllabus.load().goals:
        for (student, number), goal_marks in by_goal.items():
            if number == goal.id and any(mark.completeness is not None for mark in goal_marks):
                at, penalty = submissions.get((student, goal.assignment), (None, 0.0))
                goal_changes = {mark.objective: changes.get((student, mark.objective), ()) for mark in goal_marks}
                works.setdefault(student, {})[number] = Work(goal, at, penalty, tuple(goal_marks), goal_changes)
    trainees = _trainees(connection, cohort, students)
    return tuple(Record(trainee, works.get(trainee.id, {})) for trainee in trainees)


def _submissions(
    connection: Connection, students: Sequence[str]
) -> dict[tuple[str, str], tuple[datetime | None, float]]:
    """Return the date and the penalty of each submission, by trainee and assignment."""
    submission, notebook = schema.submitted_assignment, schema.submitted_notebook
    query = (
        select(
            submission.c.student_id,
            schema.assignment.c.name,
            submission.c.timestamp,
            notebook.c.late_submission_penalty,
        )
        .join(schema.assignment, schema.assignment.c.id == submission.c.assignment_id)
        .join(notebook, notebook.c.assignment_id == submission.c.id)
    )
    if students:
        query = query.where(submission.c.student_id.in_(students))
    result: dict[tuple[str, str], tuple[datetime | None, float]] = {}
    for student, assignment, at, penalty in connection.execute(query):
        _, before = result.get((student, assignment), (at, 0.0))
        result[student, assignment] = (at, before + (penalty or 0.0))
    return result


def _trainees(connection: Connection, cohort: Cohort, students: Sequence[str]) -> list[Trainee]:
    listed = {trainee.id: trainee for trainee in roster.read(cohort)}
    query = select(schema.student.c.id, schema.student.c.first_name, schema.student.c.last_name, schema.student.c.email)
    known = {row.id: row for row in connection.execute(query.order_by(schema.student.c.id)) if not refused_name(row.id)}
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
