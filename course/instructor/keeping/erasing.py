"""A person's rows taken out of the gradebook, and their bytes out of its file."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Connection, Table, create_engine, delete, make_url, select, text
from sqlalchemy.pool import NullPool

from course.core.refusal import Refusal
from course.instructor.cohort import gradebook as book
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.keeping.traces import Traces

_PATIENCE = 30.0


def students(cohort: Cohort) -> dict[str, tuple[str, str, str]]:
    """Those whom the gradebook knows: by identifier, first name, last name and address."""
    columns = book.student.c
    with opened(cohort) as connection:
        found = connection.execute(select(columns.id, columns.first_name, columns.last_name, columns.email))
        return {row.id: (row.first_name or "", row.last_name or "", row.email or "") for row in found}


def erase(cohort: Cohort, who: Traces) -> int:
    """Removes all rows of a person; what is given to others stays, and so does what they are told.

    Returns:
        How many comments that others were given name her.

    Raises:
        Refusal: The gradebook is in use; what was removed is, and the same can be asked again.
    """
    with opened(cohort, writing=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA secure_delete = ON"))
        _rows(connection, who.trainee.id)
        for phrase in connection.scalars(select(book.phrase.c.text)).all():
            if who.in_bytes(phrase.encode(), words=False):
                connection.execute(delete(book.phrase).where(book.phrase.c.text == phrase))
        given = connection.scalars(
            select(book.comment.c.manual_comment).where(book.comment.c.manual_comment.is_not(None))
        )
        naming = sum(who.in_bytes(each.encode(), words=False) for each in given)
    _bytes(cohort)
    return naming


def _rows(connection: Connection, student: str) -> None:
    submission, part = book.submitted_assignment, book.submitted_notebook
    hers = select(submission.c.id).where(submission.c.student_id == student)
    parts = select(part.c.id).where(part.c.assignment_id.in_(hers))
    for table in (book.grade, book.comment):
        connection.execute(delete(table).where(table.c.notebook_id.in_(parts)))
    connection.execute(delete(part).where(part.c.assignment_id.in_(hers)))
    connection.execute(delete(submission).where(submission.c.student_id == student))
    for table in vars(book).values():
        if isinstance(table, Table) and table.name.startswith("course_") and "student" in table.columns:
            connection.execute(delete(table).where(table.c.student == student))
    connection.execute(delete(book.student).where(book.student.c.id == student))


def _bytes(cohort: Cohort) -> None:
    """Writes the gradebook anew: what was deleted is otherwise still there, between what is not."""
    url = make_url(cohort.database)
    if url.get_backend_name() == "sqlite":
        try:
            with closing(sqlite3.connect(str(url.database), timeout=_PATIENCE, isolation_level=None)) as connection:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            raise Refusal(
                "Le carnet de notes est ouvert ailleurs : fermez JupyterLab, puis lancez de nouveau la même commande. "
                f"Ses notes sont effacées, mais pas encore leurs traces dans le fichier ({error})."
            ) from error
        return
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as server:
        for table in vars(book).values():
            if isinstance(table, Table):
                server.execute(text(f'VACUUM FULL "{table.name}"'))
