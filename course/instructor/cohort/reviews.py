"""Reviews: the levels and comments that reviewers give, written together with the words that they are given to.

No mark is written over one that the reviewer has not seen, and each change of a quality mark is recorded.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from course.core import rubric
from course.core.rubric import Level
from course.core.syllabus import Goal, Objective
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import schema, words
from course.instructor.cohort.marks import (
    NO_LEVELS,
    QUALITY,
    Mark,
    canvas_of,
    former_words,
    grades,
    joined,
    read,
    recorded,
    rows_of,
    state,
)
from course.instructor.cohort.words import Words

MAX_COMMENT = 4_000
MAX_REVIEWER = 128


@dataclass(frozen=True, slots=True)
class Review:
    """The levels and the comment that a reviewer gives to a canvas.

    Attributes:
        levels: 0, 1, 2 or None, for each of the six criteria; the mark counts once all are given.
        comment: At most `MAX_COMMENT` characters.
        answers: The digest of the words that the reviewer saw; empty for the graded ones.
        reviewer: The name of the reviewer.
    """

    levels: tuple[Level, ...]
    comment: str = ""
    answers: str = ""
    reviewer: str = ""


class SomebodyElse(Exception):  # noqa: N818 - nobody made an error: two people review
    """The marks are not those that the reviewer saw: nothing was written. `marks` are the present ones."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        """Keep the present marks."""
        super().__init__("somebody else gave another mark")
        self.marks = marks


def give(
    connection: Connection, students: Sequence[str], objective: Objective, review: Review, base: str
) -> tuple[Mark, ...]:
    """Write the mark and the comment of one canvas, the same for all who handed it in together.

    Args:
        connection: A gradebook opened for writing.
        students: One trainee, or the members of a group.
        objective: The canvas.
        review: The levels and the comment.
        base: The `state` of the marks that the reviewer saw.

    Returns:
        The new marks.

    Raises:
        SomebodyElse: They had changed: nothing is written.
        ValueError: A level is not valid, or the comment is too long.
        LookupError: One of them has no graded canvas there.
    """
    _check(review)
    before = _now(connection, students, objective)
    if state(before) != base:
        raise SomebodyElse(before)
    marks = {mark.student: mark for mark in before}
    for student, notebook, cell in _cells_of(connection, students, objective):
        _write_mark(connection, marks[student], objective, review, notebook, cell)
    return read(connection, students=students, objectives=[objective])


def keep_words(connection: Connection, students: Sequence[str], goal: Goal) -> None:
    """Record the graded words of marks that other programs gave, before other words are graded.

    Args:
        connection: A gradebook opened for writing.
        students: Their identifiers, about a hundred at once.
        goal: The goal of the copies.
    """
    known = {
        (row.student, row.objective): row.quality for row in connection.execute(rows_of(schema.words, students, ()))
    }
    objectives = {objective.id: objective for objective in goal.objectives}
    for mark in recorded(connection, students, ()):
        objective, key = objectives.get(mark.objective), (mark.student, mark.objective)
        if objective is None or not mark.begun or (key in known and known[key] == mark.quality):
            continue
        if graded := words.graded(book.cohort_of(connection), mark.student, objective):
            _write_words(connection, mark.student, objective, mark.quality, graded)


def note_elsewhere(connection: Connection, grade: str, before: float | None, after: float | None) -> None:
    """Record a change that nbgrader's own tools make: by the account, to the graded words.

    Args:
        connection: The gradebook, in the transaction of the change.
        grade: The key of the row in nbgrader's own table; only a quality mark is recorded.
        before: The mark before.
        after: The mark since then.
    """
    query = select(schema.submitted_assignment.c.student_id, schema.base_cell.c.name).select_from(schema.grade)
    row = connection.execute(joined(query, schema.grade, (), ()).where(schema.grade.c.id == grade)).first()
    canvas = canvas_of(row.name) if row else None
    if row is None or canvas is None or canvas[0] != QUALITY or before == after:
        return
    objective = canvas[1]
    for table in (schema.words, schema.change):
        table.create(connection, checkfirst=True)
    _delete_words(connection, row.student_id, objective)
    _write_change(connection, row.student_id, objective, account(), before, after)


def account() -> str:
    """Return the default name of the reviewer: the account on the hub, else on this computer; empty for none."""
    try:
        name = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a computer on which nobody has a name
        return ""
    return name[:MAX_REVIEWER]


def _check(review: Review) -> None:
    if len(review.levels) != len(rubric.load()) or any(level not in (0, 1, 2, None) for level in review.levels):
        raise ValueError(f"no such levels: {review.levels!r}")
    if len(review.comment) > MAX_COMMENT:
        raise ValueError("the comment is too long")


def _now(connection: Connection, students: Sequence[str], objective: Objective) -> tuple[Mark, ...]:
    # PostgreSQL lets two writers read the same row; this makes the second wait for the first. SQLite has one writer.
    connection.execute(grades(students, [f"{QUALITY}-{objective.cell}"]).with_for_update(of=schema.grade))
    marks = recorded(connection, students, [objective])
    if missing := set(students) - {mark.student for mark in marks}:
        raise LookupError(f"no graded canvas {objective.id}: {sorted(missing)}")
    return marks


def _write_mark(  # noqa: PLR0913, PLR0917
    connection: Connection, mark: Mark, objective: Objective, review: Review, notebook: str, cell: str
) -> None:
    """Write one trainee's mark and comment, the levels, and the words that they are given to."""
    quality = rubric.quality(review.levels)
    score = None if quality is None else float(quality)
    if mark.elsewhere and review.levels == NO_LEVELS:
        score = mark.quality  # a comment alone takes no mark of formgrader away
    else:
        here = and_(schema.grade.c.notebook_id == notebook, schema.grade.c.cell_id == cell)
        values = {"manual_score": score, "needs_manual_grade": score is None}
        connection.execute(update(schema.grade).where(here).values(values))
    _write_comment(connection, notebook, cell, review.comment)
    _write_review(connection, mark.student, objective, review)
    former, seen = former_words(connection, mark), _seen(connection, mark, objective, review.answers)
    confirmed = mark.quality is not None and former and seen and former.digest != seen.digest
    if score != mark.quality or confirmed:
        _write_change(connection, mark.student, objective, review.reviewer, mark.quality, score)
    _write_words(connection, mark.student, objective, score, seen)


def _write_review(connection: Connection, student: str, objective: Objective, review: Review) -> None:
    connection.execute(delete(schema.review).where(_is_of(schema.review, student, objective)))
    if review.comment or review.levels != NO_LEVELS:
        connection.execute(
            insert(schema.review).values(
                student=student,
                objective=objective.id,
                levels="".join("-" if level is None else str(level) for level in review.levels),
                answers=review.answers,
                reviewer=review.reviewer,
                at=datetime.now(UTC).replace(tzinfo=None),
            )
        )


def _write_comment(connection: Connection, notebook: str, cell: str, text: str) -> None:
    here = and_(schema.comment.c.notebook_id == notebook, schema.comment.c.cell_id == cell)
    updated = connection.execute(update(schema.comment).where(here).values(manual_comment=text or None))
    if not updated.rowcount and text:
        connection.execute(
            insert(schema.comment).values(
                id=schema.identifier(), notebook_id=notebook, cell_id=cell, auto_comment=None, manual_comment=text
            )
        )


def _write_change(  # noqa: PLR0913, PLR0917
    connection: Connection, student: str, objective: Objective, reviewer: str, before: float | None, after: float | None
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    row = (schema.identifier(), student, objective.id, now, reviewer, before, after)
    connection.execute(insert(schema.change).values(row))


def _seen(connection: Connection, mark: Mark, objective: Objective, digest: str) -> Words | None:
    """Return the words of a digest, with their text if it can still be read; the graded words for an empty digest."""
    cohort = book.cohort_of(connection)
    graded = words.graded(cohort, mark.student, objective)
    if not digest:
        return graded
    readable = (graded, words.handed_in(cohort, mark.student, objective), former_words(connection, mark))
    return next((known for known in readable if known and known.digest == digest), Words(digest))


def _write_words(
    connection: Connection, student: str, objective: Objective, quality: float | None, seen: Words | None
) -> None:
    _delete_words(connection, student, objective)
    if seen:
        row = (student, objective.id, quality, seen.digest, seen.text)
        connection.execute(insert(schema.words).values(row))


def _delete_words(connection: Connection, student: str, objective: Objective) -> None:
    connection.execute(delete(schema.words).where(_is_of(schema.words, student, objective)))


def _is_of(table: Table, student: str, objective: Objective) -> ColumnElement[bool]:
    return and_(table.c.student == student, table.c.objective == objective.id)


def _cells_of(connection: Connection, students: Sequence[str], objective: Objective) -> list[tuple[str, str, str]]:
    """Return each trainee with the keys of the notebook and of the cell that takes the quality mark."""
    grade = schema.grade
    selected = select(schema.submitted_assignment.c.student_id, grade.c.notebook_id, grade.c.cell_id).select_from(grade)
    rows = connection.execute(joined(selected, grade, students, [f"{QUALITY}-{objective.cell}"]))
    return [(student, notebook, cell) for student, notebook, cell in rows]
