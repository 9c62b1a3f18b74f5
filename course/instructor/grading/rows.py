"""The rows of one assignment in the gradebook, read and written for a hundred trainees at once.

They are the rows that nbgrader's `autograde` would write; a test compares them.
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

from course.instructor.cohort import schema
from course.instructor.grading.notebook import SourceCell

GRADED, SOLVED, TASK = "GradeCell", "SolutionCell", "TaskCell"

CellKey = tuple[str, str]  # the primary keys of a notebook and of a cell in it
Penalty = Callable[[str, float, float], float | None]
"""Return the points taken off for the trainee, the score for the notebook, and the lateness in seconds."""


@dataclass(frozen=True, slots=True)
class RegisteredAssignment:
    """An assignment as stored in the gradebook.

    Attributes:
        id: Its primary key.
        due: The due date, in UTC.
        notebooks: The notebooks' primary keys, by name.
        scored: The names of the cells scored by grading.
        tasks: The cells scored by a person.
        commented: The cells that have a comment.
        sources: By notebook name, the cells as they were released, by `grade_id`.
    """

    id: str
    due: datetime | None
    notebooks: Mapping[str, str]
    scored: Mapping[CellKey, str]
    tasks: frozenset[CellKey]
    commented: frozenset[CellKey]
    sources: Mapping[str, Mapping[str, SourceCell]]

    def late(self, moment: datetime | None, extension: timedelta | None) -> float:
        """Return the lateness of a submission in seconds; 0 when it is in time or the dates are unknown."""
        if moment is None or self.due is None:
            return 0.0
        return max(0.0, (moment - (self.due + (extension or timedelta()))).total_seconds())


@dataclass(slots=True)
class SubmissionRows:
    """The rows of one trainee's submission in the gradebook: their primary keys, and the values set by grading.

    Attributes:
        known: Whether the trainee is in the gradebook.
        id: The submission's primary key; empty when there is none.
        moment: When it was handed in, in UTC.
        extension: The trainee's extension of the due date.
        notebooks: By notebook's primary key: the row's primary key, and the penalty.
        grades: By cell: the row's primary key, and the automatic score.
        comments: The cells that have a comment row.
        fingerprint: The fingerprint stored when it was graded; empty when it was not.
    """

    known: bool = False
    id: str = ""
    moment: datetime | None = None
    extension: timedelta | None = None
    notebooks: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    grades: dict[CellKey, tuple[str, float | None]] = field(default_factory=dict)
    comments: set[CellKey] = field(default_factory=set)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class GradingOutcome:
    """The result of grading one submission.

    Attributes:
        student: The trainee's identifier.
        moment: When it was handed in, in UTC; None keeps the date in the gradebook.
        scores: The score of each cell.
    """

    student: str
    moment: datetime | None
    scores: Mapping[CellKey, float]


def registered(connection: Connection, assignment: str) -> RegisteredAssignment | None:
    """Return the assignment of that name; None when the gradebook lacks it or its notebooks."""
    task = connection.execute(select(schema.assignment).where(schema.assignment.c.name == assignment)).first()
    if task is None:
        return None
    query = select(schema.notebook.c.name, schema.notebook.c.id).where(schema.notebook.c.assignment_id == task.id)
    notebooks = {row.name: row.id for row in connection.execute(query)}
    if not notebooks:
        return None
    cell, grade_cell, task_cell = schema.base_cell, schema.grade_cell, schema.task_cell
    query = select(cell, func.coalesce(grade_cell.c.max_score, task_cell.c.max_score).label("points"))
    query = query.select_from(cell).outerjoin(grade_cell, grade_cell.c.id == cell.c.id)
    query = query.outerjoin(task_cell, task_cell.c.id == cell.c.id).where(cell.c.notebook_id.in_(notebooks.values()))
    rows = connection.execute(query).all()
    kinds = {kind: {(row.notebook_id, row.id): row.name for row in rows if row.type == kind}
             for kind in (GRADED, SOLVED, TASK)}  # fmt: skip
    points = {(row.notebook_id, row.name): row.points for row in rows if row.points is not None}
    names = {key: name for name, key in notebooks.items()}
    sources: dict[str, dict[str, SourceCell]] = {name: {} for name in notebooks}
    for row in connection.execute(select(schema.source_cell).where(schema.source_cell.c.notebook_id.in_(names))):
        maximum = points.get((row.notebook_id, row.name))
        sources[names[row.notebook_id]][row.name] = SourceCell(row.cell_type, row.source, maximum)
    tasks = frozenset(kinds[TASK])
    return RegisteredAssignment(
        task.id, task.duedate, notebooks, kinds[GRADED], tasks, tasks | {*kinds[SOLVED]}, sources
    )


def submission_rows(
    connection: Connection, assignment: RegisteredAssignment, name: str, students: Sequence[str]
) -> dict[str, SubmissionRows]:
    """Read the rows of trainees' submissions from the gradebook.

    Args:
        connection: The gradebook.
        assignment: The assignment.
        name: Its name.
        students: About a hundred identifiers.
    """
    result = {student: SubmissionRows() for student in students}
    submission, notebook, graded = schema.submitted_assignment, schema.submitted_notebook, schema.graded
    for student in connection.scalars(select(schema.student.c.id).where(schema.student.c.id.in_(students))):
        result[student].known = True
    in_batch = and_(submission.c.assignment_id == assignment.id, submission.c.student_id.in_(students))
    for row in connection.execute(select(submission).where(in_batch)):
        stored = result[row.student_id]
        stored.id, stored.moment, stored.extension = row.id, row.timestamp, row.extension
    # nbgrader's only indexes begin with the notebook's key and with the cell's: a query without them would scan a whole
    # large class for each batch.
    by_id = {stored.id: stored for stored in result.values() if stored.id}
    in_batch = and_(notebook.c.notebook_id.in_(assignment.notebooks.values()), notebook.c.assignment_id.in_(by_id))
    notebooks: dict[str, tuple[SubmissionRows, str]] = {}
    for row in connection.execute(select(notebook).where(in_batch)):
        stored = by_id[row.assignment_id]
        stored.notebooks[row.notebook_id] = row.id, row.late_submission_penalty
        notebooks[row.id] = stored, row.notebook_id
    for row in connection.execute(_cells(schema.grade, {*assignment.scored, *assignment.tasks}, notebooks)):
        stored, key = notebooks[row.notebook_id]
        stored.grades[key, row.cell_id] = row.id, row.auto_score
    for row in connection.execute(_cells(schema.comment, assignment.commented, notebooks)):
        stored, key = notebooks[row.notebook_id]
        stored.comments.add((key, row.cell_id))
    query = select(graded.c.student, graded.c.fingerprint)
    query = query.where(graded.c.assignment == name, graded.c.student.in_(students))
    for student, fingerprint in connection.execute(query):
        result[student].fingerprint = fingerprint
    return result


def _cells(table: Table, keys: Iterable[CellKey], notebooks: Iterable[str]) -> Select[Any]:
    cells = {cell for _, cell in keys}
    return select(table).where(table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks))


def forget(connection: Connection, name: str, students: Sequence[str]) -> None:
    """Delete the fingerprints of trainees' graded submissions."""
    table = schema.graded
    connection.execute(delete(table).where(table.c.assignment == name, table.c.student.in_(students)))


def remember(connection: Connection, name: str, fingerprints: Mapping[str, str]) -> None:
    """Store the fingerprints of graded submissions, by trainee."""
    forget(connection, name, list(fingerprints))
    rows = [{"student": student, "assignment": name, "fingerprint": text} for student, text in fingerprints.items()]
    connection.execute(insert(schema.graded), rows)


def save(
    connection: Connection,
    assignment: RegisteredAssignment,
    stored: Mapping[str, SubmissionRows],
    outcomes: Sequence[GradingOutcome],
    penalty: Penalty,
) -> None:
    """Write grading results: the rows and flags that nbgrader's `autograde` would write.

    Args:
        connection: The gradebook, opened for writing.
        assignment: The assignment.
        stored: The gradebook's rows, read in the same transaction; updated in place.
        outcomes: One per trainee.
        penalty: The penalty for late submissions.
    """
    changes = _Changes()
    for outcome in outcomes:
        _enter(changes, assignment, stored[outcome.student], outcome)
    changes.write(connection)
    _penalise(connection, assignment, {outcome.student: stored[outcome.student] for outcome in outcomes}, penalty)


@dataclass(slots=True)
class _Changes:
    """Rows to write, one statement per kind."""

    added: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    moments: list[dict[str, object]] = field(default_factory=list)
    scores: list[dict[str, object]] = field(default_factory=list)

    def add(self, table: Table, **values: object) -> str:
        """Add a row, with a new primary key unless it has one, and return the key."""
        key = str(values.setdefault("id", schema.identifier()))
        self.added.setdefault(table.name, []).append(values)
        return key

    def write(self, connection: Connection) -> None:
        for table in (
            schema.student,
            schema.submitted_assignment,
            schema.submitted_notebook,
            schema.grade,
            schema.comment,
        ):
            if rows := self.added.get(table.name):
                connection.execute(insert(table), rows)
        row: BindParameter[Any] = bindparam("row")
        value: BindParameter[Any] = bindparam("value")
        if self.moments:
            submission = schema.submitted_assignment
            connection.execute(update(submission).where(submission.c.id == row).values(timestamp=value), self.moments)
        if self.scores:
            # As in nbgrader, a manual score over the automatic one must be reviewed again. The row itself is tested, so
            # that a manual score given in the meantime counts.
            by_hand = case((schema.grade.c.manual_score.is_not(None), True), else_=False)
            values = {"auto_score": value, "needs_manual_grade": by_hand}
            connection.execute(update(schema.grade).where(schema.grade.c.id == row).values(values), self.scores)


def _enter(
    changes: _Changes, assignment: RegisteredAssignment, stored: SubmissionRows, outcome: GradingOutcome
) -> None:
    if not stored.known:
        changes.add(schema.student, id=outcome.student)
    if not stored.id:
        values = {"assignment_id": assignment.id, "student_id": outcome.student, "timestamp": outcome.moment}
        stored.id, stored.moment = changes.add(schema.submitted_assignment, **values), outcome.moment
    elif outcome.moment is not None and outcome.moment != stored.moment:
        stored.moment = outcome.moment
        changes.moments.append({"row": stored.id, "value": outcome.moment})
    for key in assignment.notebooks.values():
        if key not in stored.notebooks:
            row = changes.add(schema.submitted_notebook, assignment_id=stored.id, notebook_id=key, flagged=False)
            stored.notebooks[key] = row, None
    for cell_key in (*assignment.scored, *assignment.tasks):
        notebook, cell = cell_key
        task = cell_key in assignment.tasks
        if cell_key not in stored.grades:
            values = {"notebook_id": stored.notebooks[notebook][0], "cell_id": cell}
            score = None if task else outcome.scores[cell_key]
            row = changes.add(schema.grade, **values, auto_score=score, needs_manual_grade=task)
            stored.grades[cell_key] = row, score
        elif not task:  # a person fills the row of a task
            row, score = stored.grades[cell_key][0], outcome.scores[cell_key]
            changes.scores.append({"row": row, "value": score})
            stored.grades[cell_key] = row, score
    for notebook, cell in assignment.commented - stored.comments:
        changes.add(schema.comment, notebook_id=stored.notebooks[notebook][0], cell_id=cell, auto_comment=None)
        stored.comments.add((notebook, cell))


def _penalise(
    connection: Connection, assignment: RegisteredAssignment, graded: Mapping[str, SubmissionRows], penalty: Penalty
) -> None:
    late: dict[str, float] = {}
    penalties: dict[tuple[str, str], float | None] = {}  # by trainee and notebook's primary key
    for student, stored in graded.items():
        if seconds := assignment.late(stored.moment, stored.extension):
            late[student] = seconds
        else:
            penalties |= {(student, key): None for key, (_, before) in stored.notebooks.items() if before is not None}
    if late:
        notebooks = {row: (student, key) for student in late for key, (row, _) in graded[student].notebooks.items()}
        scores = _scores(connection, {cell for _, cell in (*assignment.scored, *assignment.tasks)}, notebooks)
        for row, (student, key) in notebooks.items():
            penalties[student, key] = penalty(student, scores.get(row, 0.0), late[student])
    changed = []
    for (student, key), value in penalties.items():
        row = graded[student].notebooks[key][0]
        graded[student].notebooks[key] = row, value
        changed.append({"row": row, "value": value})
    if changed:
        table = schema.submitted_notebook
        statement = update(table).where(table.c.id == bindparam("row"))
        connection.execute(statement.values(late_submission_penalty=bindparam("value")), changed)


def _scores(connection: Connection, cells: Iterable[str], notebooks: Iterable[str]) -> dict[str, float]:
    """Return the score of each submitted notebook, computed as nbgrader does."""
    grade = schema.grade.c
    extra = func.coalesce(grade.extra_credit, 0.0)
    score = case(
        (grade.manual_score.is_not(None), grade.manual_score + extra),
        (grade.auto_score.is_not(None), grade.auto_score + extra),
        else_=0.0,
    )
    query = select(grade.notebook_id, func.sum(score)).where(grade.cell_id.in_(cells), grade.notebook_id.in_(notebooks))
    return {row: float(total) for row, total in connection.execute(query.group_by(grade.notebook_id))}
