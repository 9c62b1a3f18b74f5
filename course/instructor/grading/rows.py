"""The rows of one assignment in the gradebook, read and written for a hundred trainees at once.

They are those that nbgrader's `autograde` would leave; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from course.instructor.cohort import gradebook as book
from course.instructor.grading.notebook import Source

GRADED, SOLVED, TASK = "GradeCell", "SolutionCell", "TaskCell"

Place = tuple[str, str]  # a notebook's key, and a cell's in it
Penalty = Callable[[str, float, float], float | None]
"""What is taken off, given the trainee, her score for the notebook and the seconds she is late."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An assignment as the gradebook knows it.

    Attributes:
        id: Its key.
        due: When it was to be handed in, in UTC.
        notebooks: Keys by name.
        scored: The cells that grading gives a score: name by place.
        tasks: The cells that a person gives a score, by place.
        commented: The cells that have a comment, by place.
        sources: By notebook's name, the cells as they were released, by `grade_id`.
    """

    id: str
    due: datetime | None
    notebooks: Mapping[str, str]
    scored: Mapping[Place, str]
    tasks: frozenset[Place]
    commented: frozenset[Place]
    sources: Mapping[str, Mapping[str, Source]]

    def late(self, moment: datetime | None, extension: timedelta | None) -> float:
        """How late a submission is, in seconds; 0 when it is not, or when nobody knows."""
        if moment is None or self.due is None:
            return 0.0
        return max(0.0, (moment - (self.due + (extension or timedelta()))).total_seconds())


@dataclass(slots=True)
class Entry:
    """What the gradebook has of one trainee's submission: keys of rows, and what grading put there.

    Attributes:
        known: Whether it has the trainee at all.
        id: The submission's key; empty when there is none.
        moment: When it was handed in, in UTC.
        extension: What she was given beyond the due date.
        notebooks: By notebook's key: the row's key, and the penalty.
        grades: By place: the row's key, and the automatic score.
        comments: The places that have a row for a comment.
        fingerprint: What was remembered when it was graded; empty when it was not.
    """

    known: bool = False
    id: str = ""
    moment: datetime | None = None
    extension: timedelta | None = None
    notebooks: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    grades: dict[Place, tuple[str, float | None]] = field(default_factory=dict)
    comments: set[Place] = field(default_factory=set)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading gave one trainee.

    Attributes:
        student: Whose.
        moment: When it was handed in, in UTC; None leaves the date that the gradebook has.
        scores: By place.
    """

    student: str
    moment: datetime | None
    scores: Mapping[Place, float]


def registered(connection: Connection, assignment: str) -> Registered | None:
    """The assignment of that name; None when the gradebook has none, or none of its notebooks."""
    task = connection.execute(select(book.assignment).where(book.assignment.c.name == assignment)).first()
    if task is None:
        return None
    query = select(book.notebook.c.name, book.notebook.c.id).where(book.notebook.c.assignment_id == task.id)
    notebooks = {row.name: row.id for row in connection.execute(query)}
    if not notebooks:
        return None
    cell, of_grade, of_task = book.base_cell, book.grade_cell, book.task_cell
    query = select(cell, func.coalesce(of_grade.c.max_score, of_task.c.max_score).label("points"))
    query = query.select_from(cell).outerjoin(of_grade, of_grade.c.id == cell.c.id)
    query = query.outerjoin(of_task, of_task.c.id == cell.c.id).where(cell.c.notebook_id.in_(notebooks.values()))
    rows = connection.execute(query).all()
    kinds = {kind: {(row.notebook_id, row.id): row.name for row in rows if row.type == kind}
             for kind in (GRADED, SOLVED, TASK)}  # fmt: skip
    points = {(row.notebook_id, row.name): row.points for row in rows if row.points is not None}
    names = {key: name for name, key in notebooks.items()}
    sources: dict[str, dict[str, Source]] = {name: {} for name in notebooks}
    for row in connection.execute(select(book.source_cell).where(book.source_cell.c.notebook_id.in_(names))):
        worth = points.get((row.notebook_id, row.name))
        sources[names[row.notebook_id]][row.name] = Source(row.cell_type, row.source, worth)
    tasks = frozenset(kinds[TASK])
    return Registered(task.id, task.duedate, notebooks, kinds[GRADED], tasks, tasks | {*kinds[SOLVED]}, sources)


def entries(connection: Connection, assignment: Registered, name: str, students: Sequence[str]) -> dict[str, Entry]:
    """What the gradebook has of some trainees' submissions.

    Args:
        connection: The gradebook.
        assignment: The assignment.
        name: Its name.
        students: A hundred or so.
    """
    result = {student: Entry() for student in students}
    submission, notebook, ours = book.submitted_assignment, book.submitted_notebook, book.graded
    for student in connection.scalars(select(book.student.c.id).where(book.student.c.id.in_(students))):
        result[student].known = True
    mine = and_(submission.c.assignment_id == assignment.id, submission.c.student_id.in_(students))
    for row in connection.execute(select(submission).where(mine)):
        entry = result[row.student_id]
        entry.id, entry.moment, entry.extension = row.id, row.timestamp, row.extension
    # nbgrader's only indexes begin with the notebook's key and with the cell's: without these in the question, a large
    # class would be read whole for each hundred.
    owners = {entry.id: entry for entry in result.values() if entry.id}
    of = and_(notebook.c.notebook_id.in_(assignment.notebooks.values()), notebook.c.assignment_id.in_(owners))
    pages: dict[str, tuple[Entry, str]] = {}
    for row in connection.execute(select(notebook).where(of)):
        entry = owners[row.assignment_id]
        entry.notebooks[row.notebook_id] = row.id, row.late_submission_penalty
        pages[row.id] = entry, row.notebook_id
    for row in connection.execute(_cells(book.grade, {*assignment.scored, *assignment.tasks}, pages)):
        entry, key = pages[row.notebook_id]
        entry.grades[key, row.cell_id] = row.id, row.auto_score
    for row in connection.execute(_cells(book.comment, assignment.commented, pages)):
        entry, key = pages[row.notebook_id]
        entry.comments.add((key, row.cell_id))
    remembered = select(ours.c.student, ours.c.fingerprint)
    for student, fingerprint in connection.execute(
        remembered.where(ours.c.assignment == name, ours.c.student.in_(students))
    ):
        result[student].fingerprint = fingerprint
    return result


def _cells(table: Table, places: Iterable[Place], notebooks: Iterable[str]) -> Select[Any]:
    cells = {cell for _, cell in places}
    return select(table).where(table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks))


def forget(connection: Connection, name: str, students: Sequence[str]) -> None:
    """Remembers no longer that some trainees' submissions were graded."""
    ours = book.graded
    connection.execute(delete(ours).where(ours.c.assignment == name, ours.c.student.in_(students)))


def remember(connection: Connection, name: str, fingerprints: Mapping[str, str]) -> None:
    """Remembers what was graded, by trainee."""
    forget(connection, name, list(fingerprints))
    rows = [{"student": student, "assignment": name, "fingerprint": text} for student, text in fingerprints.items()]
    connection.execute(insert(book.graded), rows)


def save(
    connection: Connection,
    assignment: Registered,
    before: Mapping[str, Entry],
    outcomes: Sequence[Outcome],
    penalty: Penalty,
) -> None:
    """Writes what grading gave: the rows and flags that nbgrader's `autograde` leaves.

    Args:
        connection: The gradebook, opened for writing.
        assignment: The assignment.
        before: What the gradebook has, read in the same transaction; brought up to date.
        outcomes: One a trainee.
        penalty: What is taken off for being late.
    """
    changes = _Changes()
    for outcome in outcomes:
        _enter(changes, assignment, before[outcome.student], outcome)
    changes.write(connection)
    _penalise(connection, assignment, {each.student: before[each.student] for each in outcomes}, penalty)


@dataclass(slots=True)
class _Changes:
    """Rows to write, each kind with one statement."""

    added: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    moments: list[dict[str, object]] = field(default_factory=list)
    scores: list[dict[str, object]] = field(default_factory=list)

    def add(self, table: Table, **values: object) -> str:
        """Adds a row, with a key of its own unless it has one."""
        key = str(values.setdefault("id", book.identifier()))
        self.added.setdefault(table.name, []).append(values)
        return key

    def write(self, connection: Connection) -> None:
        for table in (book.student, book.submitted_assignment, book.submitted_notebook, book.grade, book.comment):
            if rows := self.added.get(table.name):
                connection.execute(insert(table), rows)
        row: BindParameter[Any] = bindparam("row")
        value: BindParameter[Any] = bindparam("value")
        if self.moments:
            submission = book.submitted_assignment
            connection.execute(update(submission).where(submission.c.id == row).values(timestamp=value), self.moments)
        if self.scores:
            # As nbgrader: a score that a person gave over the automatic one is to be looked at again. What she gives in
            # the meantime counts, so the question is put to the row as it is now.
            by_hand = case((book.grade.c.manual_score.is_not(None), True), else_=False)
            values = {"auto_score": value, "needs_manual_grade": by_hand}
            connection.execute(update(book.grade).where(book.grade.c.id == row).values(values), self.scores)


def _enter(changes: _Changes, assignment: Registered, entry: Entry, outcome: Outcome) -> None:
    if not entry.known:
        changes.add(book.student, id=outcome.student)
    if not entry.id:
        values = {"assignment_id": assignment.id, "student_id": outcome.student, "timestamp": outcome.moment}
        entry.id, entry.moment = changes.add(book.submitted_assignment, **values), outcome.moment
    elif outcome.moment is not None and outcome.moment != entry.moment:
        entry.moment = outcome.moment
        changes.moments.append({"row": entry.id, "value": outcome.moment})
    for key in assignment.notebooks.values():
        if key not in entry.notebooks:
            row = changes.add(book.submitted_notebook, assignment_id=entry.id, notebook_id=key, flagged=False)
            entry.notebooks[key] = row, None
    for place in (*assignment.scored, *assignment.tasks):
        key, cell = place
        task = place in assignment.tasks
        if place not in entry.grades:
            values = {"notebook_id": entry.notebooks[key][0], "cell_id": cell}
            score = None if task else outcome.scores[place]
            row = changes.add(book.grade, **values, auto_score=score, needs_manual_grade=task)
            entry.grades[place] = row, score
        elif not task:  # a task's row is a person's
            row, score = entry.grades[place][0], outcome.scores[place]
            changes.scores.append({"row": row, "value": score})
            entry.grades[place] = row, score
    for place in assignment.commented - entry.comments:
        key, cell = place
        changes.add(book.comment, notebook_id=entry.notebooks[key][0], cell_id=cell, auto_comment=None)
        entry.comments.add(place)


def _penalise(connection: Connection, assignment: Registered, graded: Mapping[str, Entry], penalty: Penalty) -> None:
    late: dict[str, float] = {}
    penalties: dict[Place, float | None] = {}  # by trainee and notebook's key
    for student, entry in graded.items():
        if seconds := assignment.late(entry.moment, entry.extension):
            late[student] = seconds
        else:
            penalties |= {(student, key): None for key, (_, before) in entry.notebooks.items() if before is not None}
    if late:
        pages = {row: (student, key) for student in late for key, (row, _) in graded[student].notebooks.items()}
        scores = _scores(connection, {cell for _, cell in (*assignment.scored, *assignment.tasks)}, pages)
        for row, (student, key) in pages.items():
            penalties[student, key] = penalty(student, scores.get(row, 0.0), late[student])
    changed = []
    for (student, key), value in penalties.items():
        row = graded[student].notebooks[key][0]
        graded[student].notebooks[key] = row, value
        changed.append({"row": row, "value": value})
    if changed:
        table = book.submitted_notebook
        here = update(table).where(table.c.id == bindparam("row"))
        connection.execute(here.values(late_submission_penalty=bindparam("value")), changed)


def _scores(connection: Connection, cells: Iterable[str], notebooks: Iterable[str]) -> dict[str, float]:
    """What each submitted notebook scores, as nbgrader counts it."""
    grade = book.grade.c
    more = func.coalesce(grade.extra_credit, 0.0)
    score = case(
        (grade.manual_score.is_not(None), grade.manual_score + more),
        (grade.auto_score.is_not(None), grade.auto_score + more),
        else_=0.0,
    )
    query = select(grade.notebook_id, func.sum(score)).where(grade.cell_id.in_(cells), grade.notebook_id.in_(notebooks))
    return {row: float(total) for row, total in connection.execute(query.group_by(grade.notebook_id))}
