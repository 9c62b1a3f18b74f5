"""The rows of one assignment in the gradebook, read for a hundred trainees at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, Table, and_, select

from course.instructor.cohort import gradebook as book
from course.instructor.grading.direct.masters import Source

GRADED, SOLVED, TASK = "GradeCell", "SolutionCell", "TaskCell"

Place = tuple[str, str]  # a notebook's key, and a cell's in it


@dataclass(frozen=True, slots=True)
class Registered:
    """An assignment as the gradebook knows it.

    Attributes:
        id: Its key.
        due: When it was to be handed in.
        notebooks: Keys by name.
        grades: The cells that have a grade: name, and whether it is a task, by place.
        comments: The cells that have a comment: name by place.
        sources: By notebook's name, the cells as they were released, by `grade_id`.
    """

    id: str
    due: datetime | None
    notebooks: Mapping[str, str]
    grades: Mapping[Place, tuple[str, bool]]
    comments: Mapping[Place, str]
    sources: Mapping[str, Mapping[str, Source]]


@dataclass(slots=True)
class Kept:
    """What the gradebook has of one trainee's submission; the keys of its rows, and what nbgrader put there.

    Attributes:
        known: Whether it has the trainee at all.
        id: The submission's key; empty when there is none.
        moment: When it was handed in.
        extension: What she was given beyond the due date.
        notebooks: By notebook's key: the row's key, and the penalty.
        grades: By place: the row's key, and the automatic score.
        comments: By place: the row's key, and the automatic comment.
        fingerprint: What was remembered when it was graded here; empty when it was not.
    """

    known: bool = False
    id: str = ""
    moment: datetime | None = None
    extension: timedelta | None = None
    notebooks: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    grades: dict[Place, tuple[str, float | None]] = field(default_factory=dict)
    comments: dict[Place, tuple[str, str | None]] = field(default_factory=dict)
    fingerprint: str = ""


def registered(connection: Connection, assignment: str) -> Registered | None:
    """The assignment of that name; None when the gradebook has none, or none of its notebooks."""
    found = connection.execute(select(book.assignment).where(book.assignment.c.name == assignment)).first()
    if found is None:
        return None
    query = select(book.notebook.c.name, book.notebook.c.id).where(book.notebook.c.assignment_id == found.id)
    notebooks = dict(map(tuple, connection.execute(query)))
    if not notebooks:
        return None
    cells = book.base_cell.c
    query = (
        select(
            cells.id, cells.name, cells.notebook_id, cells.type, book.grade_cell.c.max_score, book.task_cell.c.max_score
        )
        .select_from(book.base_cell)
        .outerjoin(book.grade_cell, book.grade_cell.c.id == cells.id)
        .outerjoin(book.task_cell, book.task_cell.c.id == cells.id)
        .where(cells.notebook_id.in_(notebooks.values()))
    )
    grades: dict[Place, tuple[str, bool]] = {}
    comments: dict[Place, str] = {}
    points: dict[tuple[str, str], float] = {}
    for key, name, notebook, kind, graded_points, task_points in connection.execute(query):
        if kind in (GRADED, TASK):
            grades[notebook, key] = name, kind == TASK
            points[notebook, name] = graded_points if kind == GRADED else task_points
        if kind in (SOLVED, TASK):
            comments[notebook, key] = name
    return Registered(found.id, found.duedate, notebooks, grades, comments, _sources(connection, notebooks, points))


def _sources(
    connection: Connection, notebooks: Mapping[str, str], points: Mapping[tuple[str, str], float]
) -> dict[str, dict[str, Source]]:
    names = {key: name for name, key in notebooks.items()}
    result: dict[str, dict[str, Source]] = {name: {} for name in notebooks}
    for row in connection.execute(select(book.source_cell).where(book.source_cell.c.notebook_id.in_(names))):
        worth = points.get((row.notebook_id, row.name))
        result[names[row.notebook_id]][row.name] = Source(row.cell_type, row.locked, row.source, row.checksum, worth)
    return result


def kept(connection: Connection, assignment: Registered, name: str, students: Sequence[str]) -> dict[str, Kept]:
    """What the gradebook has of some trainees' submissions.

    Args:
        connection: The gradebook.
        assignment: The assignment.
        name: Its name.
        students: A hundred or so.
    """
    result = {student: Kept() for student in students}
    submission, notebook, grade, comment = (
        book.submitted_assignment, book.submitted_notebook, book.grade, book.comment,
    )  # fmt: skip
    for student in connection.scalars(select(book.student.c.id).where(book.student.c.id.in_(students))):
        result[student].known = True
    mine = and_(submission.c.assignment_id == assignment.id, submission.c.student_id.in_(students))
    for row in connection.execute(select(submission).where(mine)):
        each = result[row.student_id]
        each.id, each.moment, each.extension = row.id, row.timestamp, row.extension
    # nbgrader's only indexes begin with the notebook's key and with the cell's: without these in the question, a large
    # class would be read whole for each hundred.
    owners = {each.id: each for each in result.values() if each.id}
    of = and_(notebook.c.notebook_id.in_(assignment.notebooks.values()), notebook.c.assignment_id.in_(owners))
    rows: dict[str, tuple[Kept, str]] = {}
    for row in connection.execute(select(notebook).where(of)):
        each = owners[row.assignment_id]
        each.notebooks[row.notebook_id] = row.id, row.late_submission_penalty
        rows[row.id] = each, row.notebook_id
    for row in connection.execute(_of(grade, assignment.grades, rows)):
        each, key = rows[row.notebook_id]
        each.grades[key, row.cell_id] = row.id, row.auto_score
    for row in connection.execute(_of(comment, assignment.comments, rows)):
        each, key = rows[row.notebook_id]
        each.comments[key, row.cell_id] = row.id, row.auto_comment
    ours = book.graded
    remembered = select(ours.c.student, ours.c.fingerprint).where(
        ours.c.assignment == name, ours.c.student.in_(students)
    )
    for student, fingerprint in connection.execute(remembered):
        result[student].fingerprint = fingerprint
    return result


def _of(table: Table, places: Iterable[Place], notebooks: Iterable[str]) -> Select:
    cells = {cell for _, cell in places}
    return select(table).where(table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks))
