"""Marks and comments by trainee and canvas: read for a whole class at once, given so that nobody's are overwritten.

A mark belongs to the words it was given to. Who reads marks is told which are of other words than those handed in now.
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

from sqlalchemy import Connection, Row, Select, Table, and_, delete, insert, select, update

from course.core import rubric, syllabus
from course.core.rubric import Level
from course.core.syllabus import Goal, Objective
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import words
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.words import Words

MAX_COMMENT = 4_000
MAX_REVIEWER = 128
COMPLETENESS, QUALITY = "completude", book.QUALITY

_CELL = re.compile(rf"({COMPLETENESS}|{QUALITY})-(\d+)-(\d+)")
_NONE: tuple[Level, ...] = (None,) * 6
_SIGNS = "012"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the gradebook has of one trainee's canvas.

    Attributes:
        student: Her identifier.
        objective: `1.1` … `5.5`.
        completeness: 0 to 6 by halves; None when it was not graded.
        quality: 0 to 14 by halves; None until it was given.
        waiting: Whether nbgrader counts it among those that wait for a person.
        levels: 0, 1, 2 or None, for each of the six criteria; all None when the mark was given elsewhere.
        comment: The instructor's.
        reviewer: Who gave it; empty when it was given elsewhere.
        at: When, in UTC; None when it was given elsewhere.
        changed: Whether what a reviewer gave was given to other words than those that are handed in now.
        ungraded: Whether the completeness is that of other words than those that are handed in now.
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
        """Whether both parts are there, and of the words that are handed in now: no other mark leaves the course."""
        return None not in (self.completeness, self.quality) and not self.changed and not self.ungraded

    @property
    def to_reread(self) -> bool:
        """Whether its quality was given to other words than those that are handed in now."""
        return self.changed and self.quality is not None

    @property
    def total(self) -> float:
        """Both parts, 0 to 20; what was not given counts 0."""
        return (self.completeness or 0.0) + (self.quality or 0.0)

    @property
    def passed(self) -> bool:
        """Whether the canvas is a pass."""
        return rubric.passed(self.completeness, self.quality)

    @property
    def elsewhere(self) -> bool:
        """Whether the quality was given without levels, in formgrader for example."""
        return self.quality is not None and self.levels == _NONE

    @property
    def begun(self) -> bool:
        """Whether a reviewer has given anything of it."""
        return self.quality is not None or bool(self.comment) or any(level is not None for level in self.levels)


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer gives.

    Attributes:
        levels: 0, 1, 2 or None, for each of the six criteria; the mark counts once all are given.
        comment: At most `MAX_COMMENT` characters.
        answers: The digest of the words that she saw; empty for those that are graded.
        reviewer: Who.
    """

    levels: tuple[Level, ...]
    comment: str = ""
    answers: str = ""
    reviewer: str = ""


@lru_cache(maxsize=1024)
def canvas_of(grade_id: str) -> tuple[str, Objective] | None:
    """What a graded cell is about.

    Args:
        grade_id: Its nbgrader identifier, for example `completude-1-1`.

    Returns:
        `COMPLETENESS` or `QUALITY`, and the objective; None when it is no cell of a canvas of this course.
    """
    match = _CELL.fullmatch(grade_id)
    if match is None:
        return None
    try:
        return match[1], syllabus.load().objective(f"{match[2]}.{match[3]}")
    except KeyError:
        return None


class SomebodyElse(Exception):  # noqa: N818 - nobody made an error: two people review
    """The marks are not those that the reviewer saw: nothing was written. `marks` are those of now."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        """Keeps the marks of now."""
        super().__init__("somebody else gave another mark")
        self.marks = marks


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a quality mark.

    Attributes:
        student: Whose.
        objective: `1.1` … `5.5`.
        at: When, in UTC without a zone; None for one that nobody saw, made with other tools than the course's.
        reviewer: Who; empty for such a one.
        before: The mark before, None when there was none; the same as `after` when it was kept for other words.
        after: The mark since then.
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
    """The marks of a class, in the order of trainees and canvases; for those that a person gave, the words are read.

    Args:
        connection: An open gradebook.
        students: Only these trainees; all by default.
        objective: Only this canvas; all by default.
    """
    known = {(row.student, row.objective): row for row in connection.execute(_ours(book.words, students, objective))}
    marks = _read(connection, students, objective)
    return tuple(_compared(book.cohort_of(connection), mark, known) if mark.begun else mark for mark in marks)


def former_words(connection: Connection, mark: Mark) -> Words | None:
    """The words that a mark was given to; None when nobody can read them any more."""
    objective = syllabus.load().objective(mark.objective)
    row = connection.execute(_ours(book.words, [mark.student], objective)).first()
    if row is None or row.quality != mark.quality:
        return words.graded(book.cohort_of(connection), mark.student, objective)
    return Words(row.digest, row.text, words.restored(row.text, objective)) if row.text else None


def keep_words(connection: Connection, students: Sequence[str], goal: Goal) -> None:
    """Before copies are graded anew: marks that were given elsewhere, to the words that are graded, keep those words.

    Args:
        connection: A gradebook opened for writing.
        students: A hundred or so.
        goal: The goal of the copies.
    """
    known = {(row.student, row.objective): row.quality for row in connection.execute(_ours(book.words, students, None))}
    mine = {objective.id: objective for objective in goal.objectives}
    for mark in _read(connection, students, None):
        key = (mark.student, mark.objective)
        if mark.objective not in mine or not mark.begun or (key in known and known[key] == mark.quality):
            continue
        if given_to := words.graded(book.cohort_of(connection), mark.student, mine[mark.objective]):
            _write_words(connection, mark.student, mine[mark.objective], mark.quality, given_to)


def history(connection: Connection, marks: Iterable[Mark]) -> dict[tuple[str, str], tuple[Change, ...]]:
    """All changes of some quality marks, in their order, by trainee and objective; those of other tools are found out.

    Args:
        connection: An open gradebook.
        marks: The marks of now.
    """
    changes: dict[tuple[str, str], list[Change]] = {}
    now = {(mark.student, mark.objective): mark for mark in marks}
    table = book.change
    for row in connection.execute(select(table).order_by(table.c.at, table.c.id)):
        key = (row.student, row.objective)
        if key in now:
            _add(changes.setdefault(key, []), Change(*key, None, "", None, row.before))
            changes[key].append(Change(*key, row.at, row.reviewer, row.before, row.after))
    for key, mark in now.items():  # a mark of an earlier version of the course has no change, and who gave it and when
        _add(changes.setdefault(key, []), Change(*key, mark.at, mark.reviewer, None, mark.quality))
    return {key: tuple(found) for key, found in changes.items() if found}


def _add(changes: list[Change], change: Change) -> None:
    """Adds a change that nobody saw, if there was one."""
    before = changes[-1].after if changes else None
    if before != change.after:
        changes.append(replace(change, before=before))


def _compared(cohort: Cohort, mark: Mark, known: Mapping[tuple[str, str], Row[Any]]) -> Mark:
    """A mark with what is so of its words."""
    objective = syllabus.load().objective(mark.objective)
    graded = words.graded(cohort, mark.student, objective)
    now = words.handed_in(cohort, mark.student, objective)
    if now is None:
        return mark
    row = known.get((mark.student, mark.objective))
    seen = row.digest if row is not None and row.quality == mark.quality else graded and graded.digest
    return replace(
        mark,
        changed=seen is not None and seen != now.digest,
        ungraded=graded is None or graded.digest != now.digest,
    )


def _read(connection: Connection, students: Sequence[str], objective: Objective | None) -> tuple[Mark, ...]:
    """The marks as the gradebook has them."""
    names = [f"{kind}-{objective.cell}" for kind in (COMPLETENESS, QUALITY)] if objective else []
    rows: dict[tuple[str, str], _Row] = {}
    for student, name, auto, manual, extra, waiting in connection.execute(_grades(students, names)):
        if (canvas := canvas_of(name)) is None:
            continue
        kind, about = canvas
        row = rows.setdefault((student, about.id), _Row())
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
    reviews = {(row.student, row.objective): row for row in connection.execute(_ours(book.review, students, objective))}
    order = {each.id: rank for rank, each in enumerate(syllabus.load().objectives)}
    keys = sorted(rows, key=lambda key: (key[0], order[key[1]]))
    return tuple(_mark(*key, rows[key], reviews.get(key)) for key in keys)


@dataclass(slots=True)
class _Row:
    """One trainee's canvas in nbgrader's own tables."""

    completeness: float | None = None
    quality: float | None = None
    waiting: bool = False
    comment: str = ""


def state(marks: Sequence[Mark]) -> str:
    """A short text that changes when anybody changes any of these marks or comments."""
    values = sorted((each.student, each.objective, repr((each.quality, each.levels, each.comment))) for each in marks)
    return sha256(repr(values).encode()).hexdigest()[:16]


def give(
    connection: Connection, students: Sequence[str], objective: Objective, review: Review, base: str
) -> tuple[Mark, ...]:
    """Gives one canvas its marks and comment: the same to all who handed it in together.

    Args:
        connection: A gradebook opened for writing.
        students: One trainee, or the members of a group.
        objective: The canvas.
        review: What is given.
        base: The `state` of the marks that the reviewer had before her.

    Returns:
        The marks as they are now.

    Raises:
        SomebodyElse: They had changed: nothing is written.
        ValueError: A level is none, or the comment too long.
        LookupError: One of them has no graded canvas there.
    """
    _check(review)
    before = _now(connection, students, objective)
    if state(before) != base:
        raise SomebodyElse(before)
    marks = {mark.student: mark for mark in before}
    quality = rubric.quality(review.levels)
    score = None if quality is None else float(quality)
    for student, key, cell in _places(connection, students, objective):
        mark = marks[student]
        here = and_(book.grade.c.notebook_id == key, book.grade.c.cell_id == cell)
        # A comment alone takes nothing away from a mark that formgrader gave.
        spared = mark.elsewhere and review.levels == _NONE
        if not spared:
            values = {"manual_score": score, "needs_manual_grade": score is None}
            connection.execute(update(book.grade).where(here).values(values))
        _write_comment(connection, key, cell, review.comment)
        mine = and_(book.review.c.student == student, book.review.c.objective == objective.id)
        connection.execute(delete(book.review).where(mine))
        if review.comment or review.levels != _NONE:
            connection.execute(
                insert(book.review).values(
                    student=student,
                    objective=objective.id,
                    levels="".join("-" if level is None else _SIGNS[level] for level in review.levels),
                    answers=review.answers,
                    reviewer=review.reviewer,
                    at=datetime.now(UTC).replace(tzinfo=None),
                )
            )
        after = mark.quality if spared else score
        former, seen = former_words(connection, mark), _seen(connection, mark, objective, review.answers)
        kept = mark.quality is not None and former and seen and former.digest != seen.digest
        if after != mark.quality or kept:
            _write_change(connection, student, objective, review.reviewer, mark.quality, after)
        _write_words(connection, student, objective, after, seen)
    return read(connection, students=students, objective=objective)


def account() -> str:
    """Who reviews, unless she gives another name: the account's on the hub, else on this computer."""
    try:
        name = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a computer on which nobody has a name
        return ""
    return name[:MAX_REVIEWER]


def note_elsewhere(connection: Connection, grade: str, before: float | None, after: float | None) -> None:
    """Keeps a change that nbgrader's own tools make: it is to the words that are graded, and the account's.

    Args:
        connection: The gradebook, in the transaction of the change.
        grade: The key of the row in nbgrader's own table; nothing is kept unless it is a quality mark.
        before: The mark before.
        after: The mark since then.
    """
    query = select(book.submitted_assignment.c.student_id, book.base_cell.c.name).select_from(book.grade)
    found = connection.execute(_joined(query, book.grade, (), ()).where(book.grade.c.id == grade)).first()
    canvas = canvas_of(found.name) if found else None
    if found is None or canvas is None or canvas[0] != QUALITY or before == after:
        return
    for table in (book.words, book.change):
        table.create(connection, checkfirst=True)
    _write_words(connection, found.student_id, canvas[1], None, None)
    _write_change(connection, found.student_id, canvas[1], account(), before, after)


def _write_change(  # noqa: PLR0913, PLR0917
    connection: Connection, student: str, objective: Objective, who: str, before: float | None, after: float | None
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    row = (book.identifier(), student, objective.id, now, who, before, after)
    connection.execute(insert(book.change).values(row))


def _seen(connection: Connection, mark: Mark, objective: Objective, digest: str) -> Words | None:
    """The words of a digest, as far as they are anywhere; those that are graded for none."""
    cohort = book.cohort_of(connection)
    graded = words.graded(cohort, mark.student, objective)
    places = (graded, words.handed_in(cohort, mark.student, objective), former_words(connection, mark))
    if not digest:
        return graded
    return next((found for found in places if found and found.digest == digest), Words(digest))


def _write_words(
    connection: Connection, student: str, objective: Objective, quality: float | None, given_to: Words | None
) -> None:
    mine = and_(book.words.c.student == student, book.words.c.objective == objective.id)
    connection.execute(delete(book.words).where(mine))
    if given_to:
        row = (student, objective.id, quality, given_to.digest, given_to.text)
        connection.execute(insert(book.words).values(row))


def _check(review: Review) -> None:
    if len(review.levels) != len(rubric.load()) or any(level not in (0, 1, 2, None) for level in review.levels):
        raise ValueError(f"no such levels: {review.levels!r}")
    if len(review.comment) > MAX_COMMENT:
        raise ValueError("the comment is too long")


def _now(connection: Connection, students: Sequence[str], objective: Objective) -> tuple[Mark, ...]:
    # PostgreSQL lets two writers read the same row; this makes the second wait for the first. SQLite has one writer.
    connection.execute(_grades(students, [f"{QUALITY}-{objective.cell}"]).with_for_update(of=book.grade))
    marks = _read(connection, students, objective)
    if missing := set(students) - {each.student for each in marks}:
        raise LookupError(f"no graded canvas {objective.id}: {sorted(missing)}")
    return marks


def _mark(student: str, objective: str, row: _Row, review: Row[Any] | None) -> Mark:
    mark = Mark(student, objective, row.completeness, row.quality, bool(row.waiting), comment=row.comment)
    if review is None:
        return mark
    levels, quality = _read_levels(review.levels)
    if quality != row.quality:
        return mark  # formgrader gave another one since
    return Mark(
        student, objective, row.completeness, row.quality, bool(row.waiting), levels, row.comment, review.reviewer,
        review.at,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _read_levels(signs: str) -> tuple[tuple[Level, ...], float | None]:
    """The levels that a row of `course_review` holds, and the mark they make."""
    levels = tuple(None if sign == "-" else int(sign) for sign in signs)
    quality = rubric.quality(levels)
    return levels, None if quality is None else float(quality)


def _joined(selected: Select[Any], table: Table, students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    notebook, submission = book.submitted_notebook, book.submitted_assignment
    query = (
        selected.join(book.base_cell, book.base_cell.c.id == table.c.cell_id)
        .join(notebook, notebook.c.id == table.c.notebook_id)
        .join(submission, submission.c.id == notebook.c.assignment_id)
    )
    if students:
        query = query.where(submission.c.student_id.in_(students))
    return query.where(book.base_cell.c.name.in_(names)) if names else query


def _grades(students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    grade = book.grade
    columns = (grade.c.auto_score, grade.c.manual_score, grade.c.extra_credit, grade.c.needs_manual_grade)
    selected = select(book.submitted_assignment.c.student_id, book.base_cell.c.name, *columns).select_from(grade)
    return _joined(selected, grade, students, names)


def _comments(students: Sequence[str], names: Sequence[str]) -> Select[Any]:
    comment = book.comment
    selected = select(book.submitted_assignment.c.student_id, book.base_cell.c.name, comment.c.manual_comment)
    return _joined(selected.select_from(comment).where(comment.c.manual_comment.is_not(None)), comment, students, names)


def _ours(table: Table, students: Sequence[str], objective: Objective | None) -> Select[Any]:
    query = select(table)
    if students:
        query = query.where(table.c.student.in_(students))
    return query.where(table.c.objective == objective.id) if objective else query


def _places(connection: Connection, students: Sequence[str], objective: Objective) -> list[tuple[str, str, str]]:
    """Of each trainee, the keys of her notebook and of the cell that takes her quality."""
    grade = book.grade
    selected = select(book.submitted_assignment.c.student_id, grade.c.notebook_id, grade.c.cell_id).select_from(grade)
    rows = connection.execute(_joined(selected, grade, students, [f"{QUALITY}-{objective.cell}"]))
    return [(student, notebook, cell) for student, notebook, cell in rows]


def _write_comment(connection: Connection, notebook: str, cell: str, text: str) -> None:
    here = and_(book.comment.c.notebook_id == notebook, book.comment.c.cell_id == cell)
    done = connection.execute(update(book.comment).where(here).values(manual_comment=text or None))
    if not done.rowcount and text:
        connection.execute(
            insert(book.comment).values(
                id=book.identifier(), notebook_id=notebook, cell_id=cell, auto_comment=None, manual_comment=text
            )
        )
