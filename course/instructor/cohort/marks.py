"""Marks and comments by trainee and canvas: read for a whole class at once, written so that none is overwritten.

A mark belongs to the words it was given to: `Mark` says whether other words are handed in now.
"""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, delete, insert, select, update

from course.core import rubric, syllabus
from course.core.rubric import Level
from course.core.syllabus import Goal, Objective
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import schema, words
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.words import Words

MAX_COMMENT = 4_000
MAX_REVIEWER = 128
COMPLETENESS, QUALITY = "completude", schema.QUALITY

_CELL = re.compile(rf"({COMPLETENESS}|{QUALITY})-(\d+)-(\d+)")
_NONE: tuple[Level, ...] = (None,) * 6
_SIGNS = "012"


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one trainee's canvas, as the gradebook has it.

    Attributes:
        student: The trainee's identifier.
        objective: `1.1` … `5.5`.
        completeness: 0 to 6 by halves; None when it was not graded.
        quality: 0 to 14 by halves; None until a reviewer gave it.
        waiting: Whether nbgrader lists it as waiting for manual grading.
        levels: 0, 1, 2 or None, for each of the six criteria; all None for a mark given in another program.
        comment: The instructor's comment.
        reviewer: The name of the reviewer; empty for a mark given in another program.
        at: When the mark was given, in UTC; None for a mark given in another program.
        changed: Whether quality, levels or comment were given to other words than those handed in now.
        ungraded: Whether the completeness is of other words than those handed in now.
    """

    student: str
    objective: str
    completeness: float | None = None
    quality: float | None = None
    waiting: bool = False
    levels: tuple[Level, ...] = _NONE
    comment: str = ""
    reviewer: str = ""
    at: datetime | None = None
    changed: bool = False
    ungraded: bool = False

    @property
    def final(self) -> bool:
        """Whether both parts are there, and of the words handed in now: no other mark is published."""
        return None not in (self.completeness, self.quality) and not self.changed and not self.ungraded

    @property
    def to_reread(self) -> bool:
        """Whether its quality was given to other words than those handed in now."""
        return self.changed and self.quality is not None

    @property
    def total(self) -> float:
        """The sum of both parts, 0 to 20; a missing one counts 0."""
        return (self.completeness or 0.0) + (self.quality or 0.0)

    @property
    def passed(self) -> bool:
        """Whether the canvas is a pass."""
        return rubric.passed(self.completeness, self.quality)

    @property
    def elsewhere(self) -> bool:
        """Whether the quality was given without levels, in another program: formgrader, for example."""
        return self.quality is not None and self.levels == _NONE

    @property
    def begun(self) -> bool:
        """Whether there is a quality, a comment or a level."""
        return self.quality is not None or bool(self.comment) or any(level is not None for level in self.levels)


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


@lru_cache(maxsize=1024)
def canvas_of(grade_id: str) -> tuple[str, Objective] | None:
    """Return the part and the objective of a graded cell.

    Args:
        grade_id: Its nbgrader identifier, for example `completude-1-1`.

    Returns:
        `COMPLETENESS` or `QUALITY`, and the objective; None for a cell of no canvas of this course.
    """
    match = _CELL.fullmatch(grade_id)
    if match is None:
        return None
    try:
        return match[1], syllabus.load().objective(f"{match[2]}.{match[3]}")
    except KeyError:
        return None


class SomebodyElse(Exception):  # noqa: N818 - nobody made an error: two people review
    """The marks are not those that the reviewer saw: nothing was written. `marks` are the present ones."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        """Keep the present marks."""
        super().__init__("somebody else gave another mark")
        self.marks = marks


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a quality mark.

    Attributes:
        student: The trainee's identifier.
        objective: `1.1` … `5.5`.
        at: When, in UTC without a zone; None for a change made in another program, of which no record exists.
        reviewer: The name of the reviewer; empty for such a change.
        before: The mark before, None for none; equal to `after` when it was confirmed for other words.
        after: The mark since then, None for none.
    """

    student: str
    objective: str
    at: datetime | None
    reviewer: str
    before: float | None
    after: float | None


def read(
    connection: Connection, *, students: Sequence[str] = (), objective: Objective | None = None
) -> tuple[Mark, ...]:
    """Return the marks of a class, in the order of trainees and canvases, compared with the words handed in now.

    Args:
        connection: An open gradebook.
        students: Only these trainees; all by default.
        objective: Only this canvas; all by default.
    """
    known = {(row.student, row.objective): row for row in connection.execute(_ours(schema.words, students, objective))}
    marks = _read(connection, students, objective)
    return tuple(_compared(book.cohort_of(connection), mark, known) for mark in marks)


def former_words(connection: Connection, mark: Mark) -> Words | None:
    """Return the words that a mark was given to; None when they cannot be read any more."""
    objective = syllabus.load().objective(mark.objective)
    row = connection.execute(_ours(schema.words, [mark.student], objective)).first()
    if row is None or row.quality != mark.quality:
        return words.graded(book.cohort_of(connection), mark.student, objective)
    return Words(row.digest, row.text, words.restored(row.text, objective)) if row.text else None


def keep_words(connection: Connection, students: Sequence[str], goal: Goal) -> None:
    """Record the graded words of marks that other programs gave, before other words are graded.

    Args:
        connection: A gradebook opened for writing.
        students: Their identifiers, about a hundred at once.
        goal: The goal of the copies.
    """
    known = {
        (row.student, row.objective): row.quality for row in connection.execute(_ours(schema.words, students, None))
    }
    objectives = {objective.id: objective for objective in goal.objectives}
    for mark in _read(connection, students, None):
        objective, key = objectives.get(mark.objective), (mark.student, mark.objective)
        if objective is None or not mark.begun or (key in known and known[key] == mark.quality):
            continue
        if graded := words.graded(book.cohort_of(connection), mark.student, objective):
            _write_words(connection, mark.student, objective, mark.quality, graded)


def history(connection: Connection, marks: Iterable[Mark]) -> dict[tuple[str, str], tuple[Change, ...]]:
    """Return all changes of some quality marks in order, by trainee and objective.

    A change made in another program has no record: it is the difference between two that follow each other.

    Args:
        connection: An open gradebook.
        marks: The present marks.
    """
    changes: dict[tuple[str, str], list[Change]] = {}
    present = {(mark.student, mark.objective): mark for mark in marks}
    table = schema.change
    for row in connection.execute(select(table).order_by(table.c.at, table.c.id)):
        key = (row.student, row.objective)
        if key in present:
            _add(changes.setdefault(key, []), Change(*key, None, "", None, row.before))
            changes[key].append(Change(*key, row.at, row.reviewer, row.before, row.after))
    for key, mark in present.items():  # one of an earlier version of the course has no change, but reviewer and date
        _add(changes.setdefault(key, []), Change(*key, mark.at, mark.reviewer, None, mark.quality))
    return {key: tuple(of_mark) for key, of_mark in changes.items() if of_mark}


def _add(changes: list[Change], change: Change) -> None:
    """Add a change that has no record, if the mark before it is not that of the last change."""
    before = changes[-1].after if changes else None
    if before != change.after:
        changes.append(replace(change, before=before))


def _compared(cohort: Cohort, mark: Mark, known: Mapping[tuple[str, str], Row[Any]]) -> Mark:
    """Return a mark with `changed` and `ungraded`."""
    objective = syllabus.load().objective(mark.objective)
    graded = words.graded(cohort, mark.student, objective)
    now = words.handed_in(cohort, mark.student, objective)
    if now is None:
        return mark
    row = known.get((mark.student, mark.objective))
    seen = row.digest if row is not None and row.quality == mark.quality else graded and graded.digest
    return replace(
        mark,
        changed=mark.begun and seen is not None and seen != now.digest,
        ungraded=graded is None or graded.digest != now.digest,
    )


def _read(connection: Connection, students: Sequence[str], objective: Objective | None) -> tuple[Mark, ...]:
    """Return the marks as the gradebook has them, not compared with the words."""
    names = [f"{kind}-{objective.cell}" for kind in (COMPLETENESS, QUALITY)] if objective else []
    rows: dict[tuple[str, str], _Recorded] = {}
    for student, name, auto, manual, extra, waiting in connection.execute(_grades(students, names)):
        if (canvas := canvas_of(name)) is None:
            continue
        kind, about = canvas
        row = rows.setdefault((student, about.id), _Recorded())
        score = manual if manual is not None else auto if kind == COMPLETENESS else None
        value = None if score is None else score + (extra or 0.0)
        if kind == COMPLETENESS:
            row.completeness = value
        else:
            row.quality, row.waiting = value, waiting
    for student, name, text in connection.execute(_comments(students, names)):
        canvas = canvas_of(name)
        if canvas and canvas[0] == QUALITY and (student, canvas[1].id) in rows:
            rows[student, canvas[1].id].comment = text or ""
    reviews = {
        (row.student, row.objective): row for row in connection.execute(_ours(schema.review, students, objective))
    }
    order = {objective.id: rank for rank, objective in enumerate(syllabus.load().objectives)}
    keys = sorted(rows, key=lambda key: (key[0], order[key[1]]))
    return tuple(_mark(*key, rows[key], reviews.get(key)) for key in keys)


@dataclass(slots=True)
class _Recorded:
    """The mark of one trainee's canvas in nbgrader's own tables."""

    completeness: float | None = None
    quality: float | None = None
    waiting: bool = False
    comment: str = ""


def state(marks: Sequence[Mark]) -> str:
    """Return a short text that differs whenever a level, a quality mark or a comment does."""
    values = sorted((mark.student, mark.objective, repr((mark.quality, mark.levels, mark.comment))) for mark in marks)
    return sha256(repr(values).encode()).hexdigest()[:16]


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
    return read(connection, students=students, objective=objective)


def _write_mark(  # noqa: PLR0913, PLR0917
    connection: Connection, mark: Mark, objective: Objective, review: Review, notebook: str, cell: str
) -> None:
    """Write one trainee's mark and comment, the levels, and the words that they are given to."""
    quality = rubric.quality(review.levels)
    score = None if quality is None else float(quality)
    if mark.elsewhere and review.levels == _NONE:
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
    if review.comment or review.levels != _NONE:
        connection.execute(
            insert(schema.review).values(
                student=student,
                objective=objective.id,
                levels="".join("-" if level is None else _SIGNS[level] for level in review.levels),
                answers=review.answers,
                reviewer=review.reviewer,
                at=datetime.now(UTC).replace(tzinfo=None),
            )
        )


def account() -> str:
    """Return the default name of the reviewer: the account on the hub, else on this computer; empty for none."""
    try:
        name = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a computer on which nobody has a name
        return ""
    return name[:MAX_REVIEWER]


def note_elsewhere(connection: Connection, grade: str, before: float | None, after: float | None) -> None:
    """Record a change that nbgrader's own tools make: by the account, to the graded words.

    Args:
        connection: The gradebook, in the transaction of the change.
        grade: The key of the row in nbgrader's own table; only a quality mark is recorded.
        before: The mark before.
        after: The mark since then.
    """
    query = select(schema.submitted_assignment.c.student_id, schema.base_cell.c.name).select_from(schema.grade)
    row = connection.execute(_joined(query, schema.grade, (), ()).where(schema.grade.c.id == grade)).first()
    canvas = canvas_of(row.name) if row else None
    if row is None or canvas is None or canvas[0] != QUALITY or before == after:
        return
    objective = canvas[1]
    for table in (schema.words, schema.change):
        table.create(connection, checkfirst=True)
    _delete_words(connection, row.student_id, objective)
    _write_change(connection, row.student_id, objective, account(), before, after)


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


def _check(review: Review) -> None:
    if len(review.levels) != len(rubric.load()) or any(level not in (0, 1, 2, None) for level in review.levels):
        raise ValueError(f"no such levels: {review.levels!r}")
    if len(review.comment) > MAX_COMMENT:
        raise ValueError("the comment is too long")


def _now(connection: Connection, students: Sequence[str], objective: Objective) -> tuple[Mark, ...]:
    # PostgreSQL lets two writers read the same row; this makes the second wait for the first. SQLite has one writer.
    connection.execute(_grades(students, [f"{QUALITY}-{objective.cell}"]).with_for_update(of=schema.grade))
    marks = _read(connection, students, objective)
    if missing := set(students) - {mark.student for mark in marks}:
        raise LookupError(f"no graded canvas {objective.id}: {sorted(missing)}")
    return marks


def _mark(student: str, objective: str, row: _Recorded, review: Row[Any] | None) -> Mark:
    mark = Mark(student, objective, row.completeness, row.quality, bool(row.waiting), comment=row.comment)
    if review is None:
        return mark
    levels, quality = _read_levels(review.levels)
    if quality != row.quality:
        return mark  # another program has changed it since
    return Mark(
        student, objective, row.completeness, row.quality, bool(row.waiting), levels, row.comment, review.reviewer,
        review.at,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _read_levels(signs: str) -> tuple[tuple[Level, ...], float | None]:
    """Return the levels in a row of `course_review`, and their quality mark."""
    levels = tuple(None if sign == "-" else int(sign) for sign in signs)
    quality = rubric.quality(levels)
    return levels, None if quality is None else float(quality)


def _joined(selected: Select[Any], table: Table, students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    notebook, submission = schema.submitted_notebook, schema.submitted_assignment
    query = (
        selected.join(schema.base_cell, schema.base_cell.c.id == table.c.cell_id)
        .join(notebook, notebook.c.id == table.c.notebook_id)
        .join(submission, submission.c.id == notebook.c.assignment_id)
    )
    if students:
        query = query.where(submission.c.student_id.in_(students))
    return query.where(schema.base_cell.c.name.in_(names)) if names else query


def _grades(students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    grade = schema.grade
    columns = (grade.c.auto_score, grade.c.manual_score, grade.c.extra_credit, grade.c.needs_manual_grade)
    selected = select(schema.submitted_assignment.c.student_id, schema.base_cell.c.name, *columns).select_from(grade)
    return _joined(selected, grade, students, names)


def _comments(students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    comment = schema.comment
    selected = select(schema.submitted_assignment.c.student_id, schema.base_cell.c.name, comment.c.manual_comment)
    return _joined(selected.select_from(comment).where(comment.c.manual_comment.is_not(None)), comment, students, names)


def _ours(table: Table, students: Sequence[str], objective: Objective | None) -> Select[Any]:
    query = select(table)
    if students:
        query = query.where(table.c.student.in_(students))
    return query.where(table.c.objective == objective.id) if objective else query


def _cells_of(connection: Connection, students: Sequence[str], objective: Objective) -> list[tuple[str, str, str]]:
    """Return each trainee with the keys of the notebook and of the cell that takes the quality mark."""
    grade = schema.grade
    selected = select(schema.submitted_assignment.c.student_id, grade.c.notebook_id, grade.c.cell_id).select_from(grade)
    rows = connection.execute(_joined(selected, grade, students, [f"{QUALITY}-{objective.cell}"]))
    return [(student, notebook, cell) for student, notebook, cell in rows]


def _write_comment(connection: Connection, notebook: str, cell: str, text: str) -> None:
    here = and_(schema.comment.c.notebook_id == notebook, schema.comment.c.cell_id == cell)
    updated = connection.execute(update(schema.comment).where(here).values(manual_comment=text or None))
    if not updated.rowcount and text:
        connection.execute(
            insert(schema.comment).values(
                id=schema.identifier(), notebook_id=notebook, cell_id=cell, auto_comment=None, manual_comment=text
            )
        )
