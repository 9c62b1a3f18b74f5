"""nbgrader's gradebook, read and written in whole tables: its own classes ask the database a question for each cell.

The tables of nbgrader are declared here as version 0.9.6 makes them (a test compares), so that opening a gradebook
does not import nbgrader, which takes seconds. The tables of the course, `course_…`, are in the same database: one
transaction writes both.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize
from uuid import uuid4

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Enum,
    Float,
    ForeignKey,
    Integer,
    Interval,
    MetaData,
    String,
    Table,
    Text,
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
from course.instructor.cohort.places import BEFORE, COURSE_ID, DATABASE, Cohort

LOCK = ".carnet.tmp"  # archives leave out hidden names with this ending
_PATIENCE = 30.0  # seconds to wait for another writer
_PATIENCE_MAKING = 600.0  # seconds: nbgrader takes a few to make its tables, far more on a busy machine
_DATED = len("cohort-2026-11-30-1015")  # archives of one minute have a number after it
QUALITY = "qualite"  # the prefix of the name of a cell that takes a mark
_SHOWN = 6  # names of trainees in a sentence
# How names or codes of errors begin, of SQLite and of PostgreSQL (its documentation, « Error Codes »).
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01")
_FULL = ("SQLITE_FULL", "53100")
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")

_theirs, _ours = MetaData(), MetaData()


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


assignment = Table("assignment", _theirs, _key(), _name(), Column("duedate", DateTime), Column("course_id", String))
notebook = Table("notebook", _theirs, _key(), _name(), _link("assignment_id", "assignment"), _name("kernelspec"))
base_cell = Table("base_cell", _theirs, _key(), _name(), _link("notebook_id", "notebook"), _name("type"))
grade_cell, task_cell = (
    Table(
        name,
        _theirs,
        _link("id", "base_cell", primary_key=True),
        Column("max_score", Float),
        _cell_type("grade_cell_type"),
    )
    for name in ("grade_cells", "task_cells")
)
source_cell = Table(
    "source_cell",
    _theirs,
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
    _theirs,
    Column("id", String(128), primary_key=True),
    *map(_name, ("first_name", "last_name", "email", "lms_user_id")),
)
submitted_assignment = Table(
    "submitted_assignment",
    _theirs,
    _key(),
    _link("assignment_id", "assignment"),
    _link("student_id", "student"),
    Column("timestamp", DateTime),
    Column("extension", Interval),
)
submitted_notebook = Table(
    "submitted_notebook",
    _theirs,
    _key(),
    _link("assignment_id", "submitted_assignment"),
    _link("notebook_id", "notebook"),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float(0)),
)
grade = Table(
    "grade",
    _theirs,
    _key(),
    _link("notebook_id", "submitted_notebook"),
    _link("cell_id", "base_cell"),
    *(Column(name, Float) for name in ("auto_score", "manual_score", "extra_credit")),
    Column("needs_manual_grade", Boolean, nullable=False),
)
comment = Table(
    "comment",
    _theirs,
    _key(),
    _link("notebook_id", "submitted_notebook"),
    _link("cell_id", "base_cell"),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
)

# The fingerprint of each graded submission: the next run grades only those that are new or changed.
graded = Table(
    "course_graded",
    _ours,
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
)
# The levels of a quality mark, a character for each of the six criteria: 0, 1, 2, or « - » for none yet.
review = Table(
    "course_review",
    _ours,
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
    _ours,
    Column("student", String(128), primary_key=True),
    Column("objective", String(8), primary_key=True),
    Column("number", Integer, nullable=False),
)
# Comments that instructors reuse.
phrase = Table(
    "course_phrase",
    _ours,
    Column("text", String(4000), primary_key=True),
    Column("uses", Integer, nullable=False),
    Column("at", DateTime, nullable=False),
)

# The words that a quality mark was given to; no row for a mark given in another program, to the graded words.
words = Table(
    "course_words",
    _ours,
    Column("student", String(128), primary_key=True),
    Column("objective", String(8), primary_key=True),
    Column("quality", Float),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
)
# Each change of a quality mark; `before` and `after` are equal for a mark confirmed for other words.
change = Table(
    "course_change",
    _ours,
    _key(),
    Column("student", String(128), nullable=False, index=True),
    Column("objective", String(8), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("reviewer", String(128), nullable=False),
    Column("before", Float),
    Column("after", Float),
)

_NEEDED = frozenset({student.name, comment.name, *_ours.tables})  # nbgrader makes all of its own at once


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
    if not even_lost:
        refuse_lost(cohort)
    with _in_french(cohort) as engine:
        _ready(cohort, engine)
        options = {"course_writing": writing, "course_cohort": cohort}
        with engine.connect().execution_options(**options) as connection, connection.begin():
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
    if (students := _lost(cohort)) is None:
        return
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
    raise Refusal(
        f"Rien n’est écrit, et n’effacez rien : le carnet de notes {state}, alors que des copies sont déjà corrigées. "
        f"{restoration}.{wanted}{where}"
    )


def tables() -> tuple[Table, ...]:
    """Return the tables of nbgrader, then those of the course."""
    return (*_theirs.tables.values(), *_ours.tables.values())


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
        for table in tables():
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


def _lost(cohort: Cohort) -> list[str] | None:
    """Return the trainees whose graded copies a gradebook lacks: an empty list for all, None for no one."""
    try:
        students = os.listdir(cohort.autograded)  # noqa: PTH208 - names, at each look at the gradebook
    except OSError:
        return None
    with _in_french(cohort) as engine:
        file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        if students and (file is None or (file.is_file() and file.stat().st_size)):
            with engine.connect() as connection:
                tables = {*inspect(connection).get_table_names()}
                if {grade.name, submitted_assignment.name} <= tables:
                    known = _plain(connection.scalars(select(submitted_assignment.c.student_id).distinct()))
                    if not known.isdisjoint(_plain(students)) and connection.scalar(select(grade.c.id).limit(1)):
                        return _partly_lost(cohort, connection, students, has_history=change.name in tables) or None
    return [] if any(cohort.autograded.glob("*/but-*")) else None


def _partly_lost(cohort: Cohort, connection: Connection, students: list[str], *, has_history: bool) -> list[str]:
    entered = _plain(connection.scalars(select(student.c.id)))
    missing = {name for name in students if normalize("NFC", name) not in entered}
    missing = {name for name in missing if any((cohort.autograded / name).glob("but-*"))}
    for name, objective in _without_mark(connection) if has_history else ():
        if (cohort.autograded / name / f"but-{objective.partition('.')[0]}").is_dir():
            missing.add(name)
    return sorted(missing)


def _without_mark(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the trainee and canvas of each mark that its last change gave and that has no row."""
    cell = literal(f"{QUALITY}-").concat(func.replace(change.c.objective, ".", "-"))
    changed = select(change.c.student, cell).where(change.c.after.is_not(None))
    joined = (
        grade.join(base_cell, base_cell.c.id == grade.c.cell_id)
        .join(submitted_notebook, submitted_notebook.c.id == grade.c.notebook_id)
        .join(submitted_assignment, submitted_assignment.c.id == submitted_notebook.c.assignment_id)
    )
    present = select(submitted_assignment.c.student_id, base_cell.c.name).select_from(joined)
    present = present.where(base_cell.c.name.startswith(f"{QUALITY}-"))
    for name, missing in connection.execute(changed.except_(present)):
        objective = missing.removeprefix(f"{QUALITY}-").replace("-", ".")
        marks = select(change.c.after).where(change.c.student == name, change.c.objective == objective)
        if connection.scalar(marks.order_by(change.c.at.desc(), change.c.id.desc()).limit(1)) is not None:
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


def _ready(cohort: Cohort, engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        _folder(cohort)
    if not set(inspect(engine).get_table_names()) >= _NEEDED:
        _folder(cohort)
        # One program at a time: two of them would each make half of the tables.
        busy = f"Un autre programme fait le carnet de notes de « {cohort.folder} » : recommencez dans un instant."
        with held(cohort.folder / LOCK, busy, _PATIENCE_MAKING):
            _make(cohort, engine)


def _make(cohort: Cohort, engine: Engine) -> None:
    """Make the missing tables of a gradebook: nbgrader's by nbgrader, and the course's."""
    tables = inspect(engine).get_table_names()
    if student.name not in tables:
        from nbgrader.api import Gradebook  # noqa: PLC0415 - seconds, once in a gradebook's life

        without_alembic_program()
        if engine.dialect.name == "sqlite" and not tables:
            # In memory, then into the file in one transaction: nbgrader synchronises the disk for every table.
            fresh = Gradebook("sqlite://", COURSE_ID)
            with closing(fresh), fresh.engine.connect() as memory, engine.connect() as disk:
                _ours.create_all(fresh.engine)
                _driver(memory).backup(_driver(disk))
            return
        Gradebook(cohort.database, COURSE_ID).close()
    with engine.begin() as connection:
        _ours.create_all(connection)


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
