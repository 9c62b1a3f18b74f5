"""Marks and comments, one trainee and canvas each: read all at once, and given so that nobody's are written over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import Connection, Select, and_, delete, insert, or_, select, update

from course.instructor.cohort import gradebook as book
from course.core import rubric, syllabus
from course.core.rubric import Level
from course.core.syllabus import Objective
from course.instructor.cohort.cells import COMPLETENESS, QUALITY, canvas_of

MAX_COMMENT = 4_000
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
        answers: The digest of the answers that were before the reviewer's eyes; empty when it was given elsewhere.
        reviewer: Who gave it; empty when it was given elsewhere.
        at: When, in UTC; None when it was given elsewhere.
    """

    student: str
    objective: str
    completeness: float | None = None
    quality: float | None = None
    waiting: bool = False
    levels: tuple[Level, ...] = _NONE
    comment: str = ""
    answers: str = ""
    reviewer: str = ""
    at: datetime | None = None

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
        answers: The digest of the answers that she saw.
        reviewer: Who.
    """

    levels: tuple[Level, ...]
    comment: str = ""
    answers: str = ""
    reviewer: str = ""


class SomebodyElse(Exception):  # noqa: N818 - nobody made an error: two people review
    """The marks are not those that the reviewer had before her: nothing was written. `marks` are those of now."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        """Keeps the marks of now."""
        super().__init__("somebody else gave another mark")
        self.marks = marks


def read(
    connection: Connection, *, students: Sequence[str] = (), objective: Objective | None = None
) -> tuple[Mark, ...]:
    """The marks of a class, in the order of trainees and canvases.

    Args:
        connection: An open gradebook.
        students: Only these trainees; all by default.
        objective: Only this canvas; all by default.
    """
    names = [f"{kind}-{objective.cell}" for kind in (COMPLETENESS, QUALITY)] if objective else []
    found: dict[tuple[str, str], dict[str, object]] = {}
    for student, name, auto, manual, extra, waiting in connection.execute(_grades(students, names)):
        canvas = canvas_of(name)
        if canvas is None:
            continue
        kind, about = canvas
        mark = found.setdefault((student, about.id), {})
        score = manual if manual is not None else auto if kind == COMPLETENESS else None
        mark[kind] = None if score is None else score + (extra or 0.0)
        if kind == QUALITY:
            mark["waiting"] = waiting
    for student, name, text in connection.execute(_comments(students, names)):
        canvas = canvas_of(name)
        if canvas and canvas[0] == QUALITY and (student, canvas[1].id) in found:
            found[student, canvas[1].id]["comment"] = text or ""
    kept = {(row.student, row.objective): row for row in connection.execute(_reviews(students, objective))}
    order = {each.id: rank for rank, each in enumerate(syllabus.load().objectives)}
    keys = sorted(found, key=lambda key: (key[0], order[key[1]]))
    return tuple(_mark(key, found[key], kept.get(key)) for key in keys)


def state(marks: Sequence[Mark]) -> str:
    """A short text that changes when anybody changes any of these marks or comments."""
    said = [(each.student, each.objective, each.quality, each.levels, each.comment) for each in marks]
    return sha256(repr(sorted(said, key=lambda one: one[:2])).encode()).hexdigest()[:16]


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
    quality = rubric.quality(review.levels)
    # A comment alone takes nothing away from a mark that formgrader gave.
    spared = {each.student for each in before if each.elsewhere} if review.levels == _NONE else frozenset()
    for student, key, cell in _places(connection, students, objective):
        here = and_(book.grade.c.notebook_id == key, book.grade.c.cell_id == cell)
        score = None if quality is None else float(quality)
        if student not in spared:
            values = {"manual_score": score, "needs_manual_grade": score is None}
            connection.execute(update(book.grade).where(here).values(values))
        _write_comment(connection, key, cell, review.comment)
        mine = and_(book.review.c.student == student, book.review.c.objective == objective.id)
        connection.execute(delete(book.review).where(mine))
        if review.comment or any(level is not None for level in review.levels):
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
    return read(connection, students=students, objective=objective)


def _check(review: Review) -> None:
    if len(review.levels) != len(rubric.load()) or any(level not in (0, 1, 2, None) for level in review.levels):
        raise ValueError(f"no such levels: {review.levels!r}")
    if len(review.comment) > MAX_COMMENT:
        raise ValueError("the comment is too long")


def _now(connection: Connection, students: Sequence[str], objective: Objective) -> tuple[Mark, ...]:
    # PostgreSQL lets two writers read the same row; this makes the second wait for the first. SQLite has one writer.
    connection.execute(_grades(students, [f"{QUALITY}-{objective.cell}"]).with_for_update(of=book.grade))
    found = read(connection, students=students, objective=objective)
    if missing := set(students) - {each.student for each in found}:
        raise LookupError(f"no graded canvas {objective.id}: {sorted(missing)}")
    return found


def _mark(key: tuple[str, str], found: dict[str, object], kept: object) -> Mark:
    quality: float | None = found.get(QUALITY)  # type: ignore[assignment]
    comment: str = found.get("comment", "")  # type: ignore[assignment]
    said = (*key, found.get(COMPLETENESS), quality, bool(found.get("waiting")))
    if kept is None:
        return Mark(*said, comment=comment)  # type: ignore[arg-type]
    levels, given = _written(kept.levels)  # type: ignore[attr-defined]
    if given != quality:
        return Mark(*said, comment=comment)  # type: ignore[arg-type] # formgrader gave another one since
    return Mark(*said, levels, comment, kept.answers, kept.reviewer, kept.at)  # type: ignore[arg-type,attr-defined]


@lru_cache(maxsize=4096)
def _written(signs: str) -> tuple[tuple[Level, ...], float | None]:
    """The levels that a row of `course_review` holds, and the mark they make."""
    levels = tuple(None if sign == "-" else int(sign) for sign in signs)
    given = rubric.quality(levels)
    return levels, None if given is None else float(given)


def _joined(selected: Select, table: object, students: Sequence[str], names: Sequence[str]) -> Select:
    notebook, submission = book.submitted_notebook, book.submitted_assignment
    query = (
        selected.join(book.base_cell, book.base_cell.c.id == table.c.cell_id)  # type: ignore[attr-defined]
        .join(notebook, notebook.c.id == table.c.notebook_id)  # type: ignore[attr-defined]
        .join(submission, submission.c.id == notebook.c.assignment_id)
    )
    if students:
        query = query.where(submission.c.student_id.in_(students))
    return query.where(or_(*(book.base_cell.c.name == name for name in names))) if names else query


def _grades(students: Sequence[str], names: Sequence[str]) -> Select:
    grade = book.grade
    columns = (grade.c.auto_score, grade.c.manual_score, grade.c.extra_credit, grade.c.needs_manual_grade)
    selected = select(book.submitted_assignment.c.student_id, book.base_cell.c.name, *columns).select_from(grade)
    return _joined(selected, grade, students, names)


def _comments(students: Sequence[str], names: Sequence[str]) -> Select:
    comment = book.comment
    selected = select(book.submitted_assignment.c.student_id, book.base_cell.c.name, comment.c.manual_comment)
    return _joined(selected.select_from(comment).where(comment.c.manual_comment.is_not(None)), comment, students, names)


def _reviews(students: Sequence[str], objective: Objective | None) -> Select:
    query = select(book.review)
    if students:
        query = query.where(book.review.c.student.in_(students))
    return query.where(book.review.c.objective == objective.id) if objective else query


def _places(connection: Connection, students: Sequence[str], objective: Objective) -> list[tuple[str, str, str]]:
    grade = book.grade
    selected = select(book.submitted_assignment.c.student_id, grade.c.notebook_id, grade.c.cell_id).select_from(grade)
    return [
        tuple(row) for row in connection.execute(_joined(selected, grade, students, [f"{QUALITY}-{objective.cell}"]))
    ]


def _write_comment(connection: Connection, notebook: str, cell: str, text: str) -> None:
    here = and_(book.comment.c.notebook_id == notebook, book.comment.c.cell_id == cell)
    done = connection.execute(update(book.comment).where(here).values(manual_comment=text or None))
    if not done.rowcount and text:
        connection.execute(
            insert(book.comment).values(
                id=book.identifier(), notebook_id=notebook, cell_id=cell, auto_comment=None, manual_comment=text
            )
        )
