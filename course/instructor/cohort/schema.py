"""The tables of a gradebook: nbgrader's and the course's, in one database so that one transaction writes both.

Those of nbgrader are declared as version 0.9.6 makes them (a test compares): opening a gradebook does not import
nbgrader, which takes seconds.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Integer,
    Interval,
    MetaData,
    String,
    Table,
    Text,
)

QUALITY = "qualite"
"""The prefix of the name of a cell that takes a mark."""

NBGRADER, COURSE = MetaData(), MetaData()


def identifier() -> str:
    """Return a new key, of the form that nbgrader uses."""
    return uuid4().hex


def _key() -> Column[str]:
    return Column("id", String(32), primary_key=True)


def _name(name: str = "name") -> Column[str]:
    return Column(name, String(128))


def _link(name: str, table: str, **options: Any) -> Column[str]:  # noqa: ANN401 - SQLAlchemy's own
    return Column(name, ForeignKey(f"{table}.id"), **options)


def _cell_type(name: str) -> Column[str]:
    return Column("cell_type", Enum("code", "markdown", "raw", name=name))


assignment = Table("assignment", NBGRADER, _key(), _name(), Column("duedate", DateTime), Column("course_id", String))
notebook = Table("notebook", NBGRADER, _key(), _name(), _link("assignment_id", "assignment"), _name("kernelspec"))
base_cell = Table("base_cell", NBGRADER, _key(), _name(), _link("notebook_id", "notebook"), _name("type"))
grade_cell, task_cell = (
    Table(
        name,
        NBGRADER,
        _link("id", "base_cell", primary_key=True),
        Column("max_score", Float),
        _cell_type("grade_cell_type"),
    )
    for name in ("grade_cells", "task_cells")
)
source_cell = Table(
    "source_cell",
    NBGRADER,
    _key(),
    _name(),
    _cell_type("source_cell_type"),
    Column("source", Text),
    Column("checksum", String(128)),
    Column("locked", Boolean),
    _link("notebook_id", "notebook"),
)
student = Table(
    "student",
    NBGRADER,
    Column("id", String(128), primary_key=True),
    *map(_name, ("first_name", "last_name", "email", "lms_user_id")),
)
submitted_assignment = Table(
    "submitted_assignment",
    NBGRADER,
    _key(),
    _link("assignment_id", "assignment"),
    _link("student_id", "student"),
    Column("timestamp", DateTime),
    Column("extension", Interval),
)
submitted_notebook = Table(
    "submitted_notebook",
    NBGRADER,
    _key(),
    _link("assignment_id", "submitted_assignment"),
    _link("notebook_id", "notebook"),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float(0)),
)
grade = Table(
    "grade",
    NBGRADER,
    _key(),
    _link("notebook_id", "submitted_notebook"),
    _link("cell_id", "base_cell"),
    *(Column(name, Float) for name in ("auto_score", "manual_score", "extra_credit")),
    Column("needs_manual_grade", Boolean, nullable=False),
)
comment = Table(
    "comment",
    NBGRADER,
    _key(),
    _link("notebook_id", "submitted_notebook"),
    _link("cell_id", "base_cell"),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
)

# The fingerprint of each graded submission: the next run grades only those that are new or changed.
graded = Table(
    "course_graded",
    COURSE,
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
)
# The levels of a quality mark, a character for each of the six criteria: 0, 1, 2, or « - » for none yet.
review = Table(
    "course_review",
    COURSE,
    Column("student", String(128), primary_key=True),
    Column("objective", String(8), primary_key=True),
    Column("levels", String(6), nullable=False),
    Column("answers", String(64), nullable=False),
    Column("reviewer", String(128), nullable=False),
    Column("at", DateTime, nullable=False),
)
# The number that replaces a name in a review: « Copie 7 ». The members of a group share it.
number = Table(
    "course_number",
    COURSE,
    Column("student", String(128), primary_key=True),
    Column("objective", String(8), primary_key=True),
    Column("number", Integer, nullable=False),
)
# Comments that instructors reuse.
phrase = Table(
    "course_phrase",
    COURSE,
    Column("text", String(4000), primary_key=True),
    Column("uses", Integer, nullable=False),
    Column("at", DateTime, nullable=False),
)

# The words that a quality mark was given to; no row for a mark given in another program, to the graded words.
words = Table(
    "course_words",
    COURSE,
    Column("student", String(128), primary_key=True),
    Column("objective", String(8), primary_key=True),
    Column("quality", Float),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
)
# Each change of a quality mark; `before` and `after` are equal for a mark confirmed for other words.
change = Table(
    "course_change",
    COURSE,
    _key(),
    Column("student", String(128), nullable=False, index=True),
    Column("objective", String(8), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("reviewer", String(128), nullable=False),
    Column("before", Float),
    Column("after", Float),
)
# Each mark as a trainee's pages have shown it: a new row when a part, a level or the comment differs from the last one.
returned = Table(
    "course_returned",
    COURSE,
    _key(),
    Column("student", String(128), nullable=False, index=True),
    Column("objective", String(8), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("completeness", Float, nullable=False),
    Column("quality", Float, nullable=False),
    Column("digest", String(64), nullable=False),
)


def tables() -> tuple[Table, ...]:
    """Return the tables of nbgrader, then those of the course."""
    return (*NBGRADER.tables.values(), *COURSE.tables.values())
