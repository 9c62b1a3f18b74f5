"""Marks and comments by trainee and canvas, read for a whole class at once; `reviews` writes them.

A mark belongs to the words it was given to: `Mark` says whether other words are handed in now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from course.core import rubric, syllabus
from course.core.rubric import Level
from course.core.syllabus import Objective
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import schema, words
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.words import Words

COMPLETENESS, QUALITY = "completude", schema.QUALITY

_CELL = re.compile(rf"({COMPLETENESS}|{QUALITY})-(\d+)-(\d+)")
NO_LEVELS: tuple[Level, ...] = (None,) * 6


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
    levels: tuple[Level, ...] = NO_LEVELS
    comment: str = ""
    reviewer: str = ""
    at: datetime | None = None
    changed: bool = False
    ungraded: bool = False

    @property
    def final(self) -> bool:
        """True for a mark with both parts, of the words handed in now: no other mark is published."""
        return None not in (self.completeness, self.quality) and not self.changed and not self.ungraded

    @property
    def to_reread(self) -> bool:
        """True when its quality was given to other words than those handed in now."""
        return self.changed and self.quality is not None

    @property
    def total(self) -> float:
        """The sum of both parts, 0 to 20; a missing one counts 0."""
        return (self.completeness or 0.0) + (self.quality or 0.0)

    @property
    def passed(self) -> bool:
        """True for a pass."""
        return rubric.passed(self.completeness, self.quality)

    @property
    def elsewhere(self) -> bool:
        """True when the quality was given without levels, in another program: formgrader, for example."""
        return self.quality is not None and self.levels == NO_LEVELS

    @property
    def begun(self) -> bool:
        """True when there is a quality, a comment or a level."""
        return self.quality is not None or bool(self.comment) or any(level is not None for level in self.levels)


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
    connection: Connection, *, students: Sequence[str] = (), objectives: Sequence[Objective] = ()
) -> tuple[Mark, ...]:
    """Return the marks of a class, in the order of trainees and canvases, compared with the words handed in now.

    Args:
        connection: An open gradebook.
        students: Only these trainees; all by default.
        objectives: Only these canvases; all by default.
    """
    known = {
        (row.student, row.objective): row for row in connection.execute(rows_of(schema.words, students, objectives))
    }
    marks = recorded(connection, students, objectives)
    return tuple(_compared(book.cohort_of(connection), mark, known) for mark in marks)


def former_words(connection: Connection, mark: Mark) -> Words | None:
    """Return the words that a mark was given to; None when they cannot be read any more."""
    objective = syllabus.load().objective(mark.objective)
    row = connection.execute(rows_of(schema.words, [mark.student], [objective])).first()
    if row is None or row.quality != mark.quality:
        return words.graded(book.cohort_of(connection), mark.student, objective)
    return Words(row.digest, row.text, words.restored(row.text, objective)) if row.text else None


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
    row = known.get((mark.student, mark.objective))
    if row is not None and row.quality != mark.quality:
        row = None  # of an earlier mark
    if row is None and words.is_untouched(cohort, mark.student, objective):
        return mark
    graded = words.graded(cohort, mark.student, objective)
    now = words.handed_in(cohort, mark.student, objective)
    if now is None:
        return mark
    seen = row.digest if row is not None else graded and graded.digest
    return replace(
        mark,
        changed=mark.begun and seen is not None and seen != now.digest,
        ungraded=graded is None or graded.digest != now.digest,
    )


def recorded(connection: Connection, students: Sequence[str], objectives: Sequence[Objective]) -> tuple[Mark, ...]:
    """Return the marks as the gradebook has them, not compared with the words."""
    names = [f"{kind}-{objective.cell}" for objective in objectives for kind in (COMPLETENESS, QUALITY)]
    rows: dict[tuple[str, str], _Recorded] = {}
    for student, name, auto, manual, extra, waiting in connection.execute(grades(students, names)):
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
        (row.student, row.objective): row for row in connection.execute(rows_of(schema.review, students, objectives))
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


def joined(selected: Select[Any], table: Table, students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    """Return a query of one of nbgrader's tables joined to its cells and trainees, for some of both or for all."""
    notebook, submission = schema.submitted_notebook, schema.submitted_assignment
    query = (
        selected.join(schema.base_cell, schema.base_cell.c.id == table.c.cell_id)
        .join(notebook, notebook.c.id == table.c.notebook_id)
        .join(submission, submission.c.id == notebook.c.assignment_id)
    )
    if students:
        query = query.where(submission.c.student_id.in_(students))
    return query.where(schema.base_cell.c.name.in_(names)) if names else query


def grades(students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    """Return the query of nbgrader's grades, for some trainees and cells or for all."""
    grade = schema.grade
    columns = (grade.c.auto_score, grade.c.manual_score, grade.c.extra_credit, grade.c.needs_manual_grade)
    selected = select(schema.submitted_assignment.c.student_id, schema.base_cell.c.name, *columns).select_from(grade)
    return joined(selected, grade, students, names)


def _comments(students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    comment = schema.comment
    selected = select(schema.submitted_assignment.c.student_id, schema.base_cell.c.name, comment.c.manual_comment)
    return joined(selected.select_from(comment).where(comment.c.manual_comment.is_not(None)), comment, students, names)


def rows_of(table: Table, students: Sequence[str], objectives: Sequence[Objective]) -> Select[Any]:
    """Return the query of one of the course's own tables, for some trainees and canvases, or for all."""
    query = select(table)
    if students:
        query = query.where(table.c.student.in_(students))
    return query.where(table.c.objective.in_([objective.id for objective in objectives])) if objectives else query
