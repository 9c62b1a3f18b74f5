"""nbgrader's gradebook, read and written in whole tables: its own classes ask the database a question for each cell.

Here it is opened and made, and one that is lost, damaged or busy is told from one that is new.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sqlalchemy import (
    URL,
    CompoundSelect,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    inspect,
    literal,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from course.core import files
from course.core.lock import held
from course.core.refusal import Refusal
from course.core.terminal import typed
from course.core.words import few
from course.instructor.cohort import schema
from course.instructor.cohort.places import BEFORE, COURSE_ID, DATABASE, Cohort

LOCK = ".carnet.tmp"  # archives leave out hidden names with this ending
_PATIENCE = 30.0  # seconds to wait for another writer
_PATIENCE_MAKING = 600.0  # seconds: nbgrader takes a few to make its tables, far more on a busy machine
_DATED = len("cohort-2026-11-30-1015")  # archives of one minute have a number after it
_SHOWN = 6  # names of trainees in a sentence
# How names or codes of errors begin, of SQLite and of PostgreSQL (its documentation, « Error Codes »).
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01")
_FULL = ("SQLITE_FULL", "53100")
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")

_NEEDED = frozenset(
    {schema.student.name, schema.comment.name, *schema.COURSE.tables}
)  # nbgrader makes all of its own at once
# Queries of each look at the gradebook.
_HANDED_IN = select(schema.submitted_assignment.c.student_id).distinct()
_ENTERED = select(schema.student.c.id)
_ANY_GRADE = select(schema.grade.c.id).limit(1)


@contextmanager
def opened(cohort: Cohort, *, writing: bool = False, even_lost: bool = False) -> Iterator[Connection]:
    """Open the gradebook of a class, in one transaction: the `with` is committed whole, or not at all.

    Args:
        cohort: The class. Its gradebook is made, as nbgrader makes it, when there is none and no copy was graded.
        writing: Whether rows will be written: other writers are then locked out from the beginning, so that rows read
            before do not change.
        even_lost: Whether to open a lost gradebook too, to restore it.

    Yields:
        The connection; `cohort_of` returns its class.

    Raises:
        Refusal: It cannot be opened, it is `lost`, or another program writes for more than 30 seconds.
    """
    with _in_french(cohort) as engine:
        options = {"course_writing": writing, "course_cohort": cohort}
        with _connected(cohort, engine, options, even_lost=even_lost) as connection, connection.begin():
            yield connection


def cohort_of(connection: Connection) -> Cohort:
    """Return the class of a connection that `opened` made."""
    cohort = connection.get_execution_options()["course_cohort"]
    assert isinstance(cohort, Cohort)
    return cohort


def lost(cohort: Cohort) -> bool:
    """Return whether the gradebook lacks copies that were graded, after a fault of the disk for example.

    It is missing, empty, lacks a trainee with a graded copy, or a mark that its history has.

    Raises:
        Refusal: It cannot be opened.
    """
    return _lost(cohort) is not None


def refuse_lost(cohort: Cohort) -> None:
    """Raise `Refusal`, with what to do, when the gradebook of a class is `lost`."""
    if (students := _lost(cohort)) is not None:
        raise _lost_refusal(cohort, students)


def _lost_refusal(cohort: Cohort, students: list[str]) -> Refusal:
    """Return the refusal of a gradebook that lacks the copies of some trainees, an empty list for all."""
    archives = [path for path in cohort.archives.glob("cohort-*.zip") if BEFORE not in path.name]
    archives.sort(key=lambda path: (path.name[:_DATED], path.stat().st_mtime_ns))
    restoration = (
        f"Pour remettre votre dernière archive, tapez « {typed('restore', archives[-1])} »"
        if archives
        else f"Il n’y a pas d’archive dans « {cohort.archives} » : retrouvez la vôtre, sur une clé peut-être, et "
        f"tapez « {typed('restore', 'FICHIER')} »"
    )
    state = f"a perdu des notes ({few(students, _SHOWN)})" if students else "manque, ou est vide"
    wanted = (
        " Si vous avez vous-même retiré ces personnes du carnet, sortez d’abord leurs dossiers de "
        f"« {cohort.autograded} »."
        if students
        else ""
    )
    where = (
        f" Vérifiez aussi l’adresse du carnet, dans la variable {DATABASE} : « {shown(cohort.database)} »."
        if os.environ.get(DATABASE)
        else ""
    )
    return Refusal(
        f"Rien n’est écrit, et n’effacez rien : le carnet de notes {state}, alors que des copies sont déjà corrigées. "
        f"{restoration}.{wanted}{where}"
    )


def file_of(cohort: Cohort) -> Path | None:
    """Return the gradebook's file; None when it is not one in the class's folder.

    Raises:
        Refusal: The address of the gradebook is no address of a database.
    """
    url = address(cohort)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    path = Path(url.database).absolute()
    return path if path.parent == cohort.folder.absolute() else None


def is_damaged(cohort: Cohort) -> bool:
    """Return whether the gradebook is a damaged file in the class's folder; one that another program locks is not."""
    path = file_of(cohort)
    if path is None or not path.exists():
        return False
    try:
        with _engine(cohort.database).connect() as connection:
            return connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok"
    except OperationalError:
        return False
    except DatabaseError:
        return True


def compact(cohort: Cohort) -> None:
    """Rewrite a gradebook without the bytes of deleted rows, which stay in its file until then.

    Raises:
        Refusal: It is in use, or the disk is full; it is as it was.
    """
    with _in_french(cohort) as engine, engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in schema.tables():
            connection.execute(text(f'VACUUM FULL "{table.name}"'))


@contextmanager
def _in_french(cohort: Cohort) -> Iterator[Engine]:
    """Yield the engine of a class; errors of the database become refusals."""
    try:
        engine = _engine(cohort.database)
    except (ArgumentError, ImportError) as error:
        raise _unknown(cohort) from error
    try:
        yield engine
    except OperationalError as error:
        raise _refusal(cohort, error) from error
    except DatabaseError as error:
        if not _damaged(error):
            raise
        raise _refusal(cohort, error) from error


@contextmanager
def _connected(cohort: Cohort, engine: Engine, options: Mapping[str, Any], *, even_lost: bool) -> Iterator[Connection]:
    """Yield a connection to a gradebook that has all of its tables and, unless `even_lost`, all of its copies."""
    if _has_content(engine):
        with engine.connect() as connection:
            tables = {*inspect(connection).get_table_names()}
            if not even_lost and (students := _lacking(cohort, connection, tables)) is not None:
                raise _lost_refusal(cohort, students)
            connection.rollback()  # what was read so far is no part of the caller's transaction
            if tables >= _NEEDED:
                yield connection.execution_options(**options)
                return
    elif not even_lost:
        refuse_lost(cohort)
    _complete(cohort, engine)
    with engine.connect() as connection:
        yield connection.execution_options(**options)


def _has_content(engine: Engine) -> bool:
    """Return whether there is a database: connecting to a missing SQLite file would make an empty one."""
    file = Path(engine.url.database or "")
    return engine.dialect.name != "sqlite" or (file.is_file() and file.stat().st_size > 0)


def _lost(cohort: Cohort) -> list[str] | None:
    """Return the trainees whose graded copies a gradebook lacks: an empty list for all, None for no one."""
    with _in_french(cohort) as engine:
        if _has_content(engine):
            with engine.connect() as connection:
                return _lacking(cohort, connection, {*inspect(connection).get_table_names()})
    return [] if any(cohort.autograded.glob("*/but-*")) else None


def _lacking(cohort: Cohort, connection: Connection, tables: set[str]) -> list[str] | None:
    """Return the same of an open gradebook."""
    try:
        students = os.listdir(cohort.autograded)  # noqa: PTH208 - names, at each look at the gradebook
    except OSError:
        return None
    if students and {schema.grade.name, schema.submitted_assignment.name} <= tables:
        known = _plain(connection.scalars(_HANDED_IN))
        if not known.isdisjoint(_plain(students)) and connection.scalar(_ANY_GRADE):
            return _partly_lost(cohort, connection, students, has_history=schema.change.name in tables) or None
    return [] if any(cohort.autograded.glob("*/but-*")) else None


def _partly_lost(cohort: Cohort, connection: Connection, students: list[str], *, has_history: bool) -> list[str]:
    entered = _plain(connection.scalars(_ENTERED))
    missing = {name for name in students if normalize("NFC", name) not in entered}
    missing = {name for name in missing if any((cohort.autograded / name).glob("but-*"))}
    for name, objective in _without_mark(connection) if has_history else ():
        if (cohort.autograded / name / f"but-{objective.partition('.')[0]}").is_dir():
            missing.add(name)
    return sorted(missing)


@cache
def _changes_without_row() -> CompoundSelect[Any]:
    """Return the query of the trainees and quality cells that a change gave a mark to and that have no row."""
    cell = literal(f"{schema.QUALITY}-").concat(func.replace(schema.change.c.objective, ".", "-"))
    changed = select(schema.change.c.student, cell).where(schema.change.c.after.is_not(None))
    joined = (
        schema.grade.join(schema.base_cell, schema.base_cell.c.id == schema.grade.c.cell_id)
        .join(schema.submitted_notebook, schema.submitted_notebook.c.id == schema.grade.c.notebook_id)
        .join(
            schema.submitted_assignment, schema.submitted_assignment.c.id == schema.submitted_notebook.c.assignment_id
        )
    )
    present = select(schema.submitted_assignment.c.student_id, schema.base_cell.c.name).select_from(joined)
    present = present.where(schema.base_cell.c.name.startswith(f"{schema.QUALITY}-"))
    return changed.except_(present)


def _without_mark(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the trainee and canvas of each mark that its last change gave and that has no row."""
    for name, missing in connection.execute(_changes_without_row()):
        objective = missing.removeprefix(f"{schema.QUALITY}-").replace("-", ".")
        marks = select(schema.change.c.after).where(
            schema.change.c.student == name, schema.change.c.objective == objective
        )
        if connection.scalar(marks.order_by(schema.change.c.at.desc(), schema.change.c.id.desc()).limit(1)) is not None:
            yield name, objective


def _plain(names: Iterable[str]) -> set[str]:
    """Return names in composed form (NFC): some disks decompose accents."""
    return {normalize("NFC", name) for name in names}


def address(cohort: Cohort) -> URL:
    """Return the parts of the address of a class's gradebook.

    Raises:
        Refusal: It is no address of a database.
    """
    try:
        return make_url(cohort.database)
    except ArgumentError as error:
        raise _unknown(cohort) from error


def shown(url: str) -> str:
    """Return the address of a database without its password, and without its options, which may hold one too."""
    if url.startswith("sqlite"):
        return url
    scheme, mark, rest = url.partition("://") if "://" in url else ("", "", url)
    rest = re.sub(r":.*@", ":…@", rest, flags=re.DOTALL)
    return f"{scheme}{mark}{rest.partition('?')[0]}"


@cache
def _engine(url: str) -> Engine:
    # No pool: a restored file is another file, and a forked process needs connections of its own.
    options: dict[str, Any] = {"connect_args": {"timeout": _PATIENCE}} if url.startswith("sqlite") else {}
    engine = create_engine(url, poolclass=NullPool, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_begin)
        event.listen(engine, "begin", _begin)
    return engine


def _without_begin(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    """Begin a transaction, which Python's driver does at the first write only: a writer locks others out at once."""
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("course_writing") else "BEGIN")


def _complete(cohort: Cohort, engine: Engine) -> None:
    """Make the tables that a gradebook lacks."""
    _folder(cohort)
    # One program at a time: two of them would each make half of the tables.
    busy = f"Un autre programme fait le carnet de notes de « {cohort.folder} » : recommencez dans un instant."
    with held(cohort.folder / LOCK, busy, _PATIENCE_MAKING):
        _make(cohort, engine)


def _make(cohort: Cohort, engine: Engine) -> None:
    """Make the missing tables of a gradebook: nbgrader's by nbgrader, and the course's."""
    tables = inspect(engine).get_table_names()
    if schema.student.name not in tables:
        from nbgrader.api import Gradebook  # noqa: PLC0415 - seconds, once in a gradebook's life

        without_alembic_program()
        if engine.dialect.name == "sqlite" and not tables:
            # In memory, then into the file in one transaction: nbgrader synchronises the disk for every table.
            fresh = Gradebook("sqlite://", COURSE_ID)
            with closing(fresh), fresh.engine.connect() as memory, engine.connect() as disk:
                schema.COURSE.create_all(fresh.engine)
                _driver(memory).backup(_driver(disk))
            return
        Gradebook(cohort.database, COURSE_ID).close()
    with engine.begin() as connection:
        schema.COURSE.create_all(connection)


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def without_alembic_program() -> None:
    """Let nbgrader find the version of its tables in this process.

    It runs `alembic` by name, which is found in an activated environment only and imports everything again.
    """
    from nbgrader import api  # noqa: PLC0415

    api.get_alembic_version = _alembic_head


def _alembic_head() -> str:
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from nbgrader.dbutil import ALEMBIC_DIR  # noqa: PLC0415

    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


def _unknown(cohort: Cohort) -> Refusal:
    return Refusal(
        f"« {shown(cohort.database)} » n’est pas l’adresse d’un carnet de notes que ce cours sait ouvrir : corrigez la "
        f"variable {DATABASE}, ou enlevez-la."
    )


def _folder(cohort: Cohort) -> None:
    try:
        cohort.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(files.why(error, f"Le dossier « {cohort.folder} » ne se laisse pas faire")) from error


def _damaged(error: DatabaseError) -> bool:
    return _code(error).startswith(_DAMAGED)


def _code(error: DatabaseError) -> str:
    """Return the driver's code of an error, `SQLITE_BUSY` or `53100`: its text may hold the query's parameters."""
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""


def _named(cohort: Cohort) -> str:
    """Return the subject of a sentence: the gradebook, with its address or its file's name."""
    file = file_of(cohort)
    return f"Le carnet de notes « {file.name if file else shown(cohort.database)} »"


def _refusal(cohort: Cohort, error: DatabaseError) -> Refusal:
    book = _named(cohort)
    if _code(error).startswith(_BUSY):
        return Refusal(f"{book} est occupé par un autre programme : recommencez dans un instant.")
    if _code(error).startswith(_FULL):
        return Refusal(f"{book} est comme avant, mais le disque est plein. Libérez de la place, puis recommencez.")
    if _damaged(error):
        return Refusal(
            f"{book} est abîmé : gardez-le de côté, puis remettez votre dernière archive "
            f"({typed('restore', 'FICHIER')})."
        )
    detail = next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)
    return Refusal(f"{book} ne se laisse pas ouvrir ({detail}) : vérifiez qu’il est là.")
