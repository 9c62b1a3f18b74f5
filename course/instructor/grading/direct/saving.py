"""The rows of one assignment in the gradebook, written for a hundred trainees at once, as nbgrader would leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Boolean, Connection, bindparam, case, delete, func, insert, select, update

from course.instructor.cohort import gradebook as book
from course.instructor.grading.direct.late import seconds_late
from course.instructor.grading.direct.records import Kept, Place, Registered

Penalty = Callable[[str, float, float], float | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading gave one trainee.

    Attributes:
        student: Whose.
        moment: When it was handed in; None leaves the date that the gradebook has.
        scores: The automatic score of each graded cell, by place.
        comments: The automatic comment by place.
        graded: Keys of the notebooks that were graded.
        absent: Keys of those that were not published.
    """

    student: str
    moment: datetime | None
    scores: Mapping[Place, float | None]
    comments: Mapping[Place, str | None]
    graded: frozenset[str]
    absent: frozenset[str] = frozenset()


def forget(connection: Connection, name: str, students: Sequence[str]) -> None:
    """Remembers no longer that some trainees' submissions were graded."""
    ours = book.graded
    connection.execute(delete(ours).where(ours.c.assignment == name, ours.c.student.in_(students)))


def remember(connection: Connection, name: str, fingerprints: Mapping[str, str]) -> None:
    """Remembers what was graded, by trainee."""
    forget(connection, name, list(fingerprints))
    rows = [{"student": who, "assignment": name, "fingerprint": said} for who, said in fingerprints.items()]
    connection.execute(insert(book.graded), rows)


def save(
    connection: Connection,
    assignment: Registered,
    before: Mapping[str, Kept],
    outcomes: Iterable[Outcome],
    penalty: Penalty,
) -> None:
    """Writes what grading gave: the rows, the flags and the silence of nbgrader's `autograde`.

    Args:
        connection: The gradebook, opened for writing.
        assignment: The assignment.
        before: What the gradebook has, read in the same transaction; brought up to date.
        outcomes: One a trainee.
        penalty: What is taken off, given the trainee, her score and the seconds she is late.
    """
    outcomes = tuple(outcomes)
    rows = _Rows()
    for each in outcomes:
        _enter(rows, assignment, before[each.student], each)
    rows.write(connection)
    _penalise(connection, assignment, before, outcomes, penalty)


@dataclass(slots=True)
class _Rows:
    """Rows to write, each kind with one statement."""

    students: list[dict[str, object]] = field(default_factory=list)
    submissions: list[dict[str, object]] = field(default_factory=list)
    moments: list[dict[str, object]] = field(default_factory=list)
    notebooks: list[dict[str, object]] = field(default_factory=list)
    new_grades: list[dict[str, object]] = field(default_factory=list)
    scores: list[dict[str, object]] = field(default_factory=list)
    zeros: list[dict[str, object]] = field(default_factory=list)
    new_comments: list[dict[str, object]] = field(default_factory=list)
    said: list[dict[str, object]] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        grade, comment, submission = book.grade, book.comment, book.submitted_assignment
        row, value = bindparam("row"), bindparam("value")
        # What an instructor gives in the meantime counts: the question is put to the row as it is now.
        by_hand = case((grade.c.manual_score.is_not(None), True), else_=bindparam("waits", type_=Boolean))
        statements = (
            (insert(book.student), self.students),
            (insert(submission), self.submissions),
            (update(submission).where(submission.c.id == row).values(timestamp=value), self.moments),
            (insert(book.submitted_notebook), self.notebooks),
            (insert(grade), self.new_grades),
            (update(grade).where(grade.c.id == row).values(auto_score=value, needs_manual_grade=by_hand), self.scores),
            (update(grade).where(grade.c.id == row).values(auto_score=0.0, needs_manual_grade=False), self.zeros),
            (insert(comment), self.new_comments),
            (update(comment).where(comment.c.id == row).values(auto_comment=value), self.said),
        )
        for statement, rows in statements:
            if rows:
                connection.execute(statement, rows)


def _enter(rows: _Rows, assignment: Registered, kept: Kept, outcome: Outcome) -> None:
    if not kept.known:
        rows.students.append({"id": outcome.student})
    if not kept.id:
        kept.id, kept.moment = book.identifier(), outcome.moment
        rows.submissions.append(
            {"id": kept.id, "assignment_id": assignment.id, "student_id": outcome.student, "timestamp": outcome.moment}
        )
    elif outcome.moment is not None and outcome.moment != kept.moment:
        kept.moment = outcome.moment
        rows.moments.append({"row": kept.id, "value": outcome.moment})
    for key in assignment.notebooks.values():
        if key not in kept.notebooks:
            kept.notebooks[key] = book.identifier(), None
            made = {"id": kept.notebooks[key][0], "assignment_id": kept.id, "notebook_id": key, "flagged": False}
            rows.notebooks.append(made)
    for place in assignment.grades:
        _grade(rows, kept, outcome, place)
    for place in assignment.comments:
        said = outcome.comments.get(place)
        if place not in kept.comments:
            row = book.identifier()
            made = {"id": row, "notebook_id": kept.notebooks[place[0]][0], "cell_id": place[1], "auto_comment": said}
            rows.new_comments.append(made)
        else:
            row, before = kept.comments[place]
            if place not in outcome.comments:
                said = before
            elif said != before:
                rows.said.append({"row": row, "value": said})
        kept.comments[place] = row, said


def _grade(rows: _Rows, kept: Kept, outcome: Outcome, place: Place) -> None:
    notebook, cell = place
    absent = notebook in outcome.absent
    score = 0.0 if absent else outcome.scores.get(place)
    if place not in kept.grades:
        row = book.identifier()
        waits = not absent and score is None
        made = {"id": row, "notebook_id": kept.notebooks[notebook][0], "cell_id": cell}
        rows.new_grades.append(made | {"auto_score": score, "needs_manual_grade": waits})
    else:
        row, before = kept.grades[place]
        if absent:
            rows.zeros.append({"row": row})
        elif place in outcome.scores:
            rows.scores.append({"row": row, "value": score, "waits": score is None})
        else:
            score = before  # a task: its row is a person's
    kept.grades[place] = row, score


def _penalise(
    connection: Connection,
    assignment: Registered,
    before: Mapping[str, Kept],
    outcomes: Iterable[Outcome],
    penalty: Penalty,
) -> None:
    changed: list[dict[str, object]] = []
    late: dict[str, tuple[str, str, float]] = {}
    for each in outcomes:
        kept = before[each.student]
        seconds = seconds_late(kept.moment, assignment.due, kept.extension)
        for key in each.graded:
            row, penalised = kept.notebooks[key]
            if seconds:
                late[row] = each.student, key, seconds
            elif penalised is not None:
                changed.append({"row": row, "value": None})
                kept.notebooks[key] = row, None
    if late:
        scores = _scores(connection, {cell for _, cell in assignment.grades}, list(late))
        for row, (student, key, seconds) in late.items():
            value = penalty(student, scores[row], seconds)
            changed.append({"row": row, "value": value})
            before[student].notebooks[key] = row, value
    if changed:
        table = book.submitted_notebook
        here = update(table).where(table.c.id == bindparam("row"))
        connection.execute(here.values(late_submission_penalty=bindparam("value")), changed)


def _scores(connection: Connection, cells: Iterable[str], notebooks: Sequence[str]) -> dict[str, float]:
    """What each submitted notebook scores, as nbgrader counts it."""
    grade = book.grade.c
    more = func.coalesce(grade.extra_credit, 0.0)
    score = case(
        (grade.manual_score.is_not(None), grade.manual_score + more),
        (grade.auto_score.is_not(None), grade.auto_score + more),
        else_=0.0,
    )
    mine = grade.cell_id.in_(cells), grade.notebook_id.in_(notebooks)
    query = select(grade.notebook_id, func.sum(score)).where(*mine)
    found = {row: float(total) for row, total in connection.execute(query.group_by(grade.notebook_id))}
    return {row: found.get(row, 0.0) for row in notebooks}
