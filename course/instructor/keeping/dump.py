"""Dumps of a gradebook: a file for each table, a line of JSON for each row, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Interval, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from course.core.refusal import Refusal
from course.instructor.cohort import schema

_AT_ONCE = 1_000
_MAX_LINE = 16 * 1024**2  # bytes of a row
_VERSION = "alembic_version"  # of the tables' form, which nbgrader writes when it makes them
_MICROSECOND = timedelta(microseconds=1)


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return all tables of an open gradebook, those that others refer to first, in one state of the database."""
    if connection.dialect.name == "postgresql":
        # One state of all tables, while others write.
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return _tables(connection)


def rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield a table as lines of JSON: the names of its columns, then its rows in the order of their keys."""
    yield _line([column.name for column in table.columns])
    result = connection.execution_options(stream_results=True).execute(
        select(table).order_by(*(table.primary_key.columns or table.columns))
    )
    for part in result.partitions(_AT_ONCE):
        for row in part:
            yield _line([_plain(value) for value in row])


def lines(folder: Path) -> dict[str, Iterable[bytes]]:
    """Return the lines of each table of a gradebook that was unpacked into a folder, by name.

    Reading a line of more than 16 MiB raises `ValueError`.
    """

    def of(path: Path) -> Iterator[bytes]:
        with path.open("rb") as stream:
            while line := stream.readline(_MAX_LINE + 1):
                if len(line) > _MAX_LINE:
                    raise ValueError(f"a line of {path.name} is too long")
                yield line

    return {path.stem: of(path) for path in sorted(folder.glob("*.jsonl"))}


def load(connection: Connection, dumped: dict[str, Iterable[bytes]]) -> None:
    """Replace all rows of a gradebook by those of a dump.

    Args:
        connection: A gradebook opened for writing, in one transaction.
        dumped: The lines of each table, by name.

    Raises:
        Refusal: The dump is of another version of the course, or damaged.
    """
    try:
        _load(connection, dumped)
    except OperationalError:
        raise  # of the database, not of the dump
    except (SQLAlchemyError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise Refusal("Le carnet de notes de cette archive est abîmé : rien n’est changé.") from error


def prove(connection: Connection, dumped: dict[str, Iterable[bytes]]) -> None:
    """Load a dump and roll back, to prove that `load` accepts it; raises as `load`."""
    savepoint = connection.begin_nested()
    try:
        load(connection, dumped)
    finally:
        savepoint.rollback()


def _load(connection: Connection, dumped: dict[str, Iterable[bytes]]) -> None:
    known = _tables(connection)
    names = {table.name for table in known}
    if strange := sorted(dumped.keys() - names):
        raise Refusal(_OTHER.format(", ".join(strange)))
    for table in reversed(known):
        connection.execute(table.delete())
    for table in known:
        table_lines = iter(dumped.get(table.name, ()))
        columns = json.loads(next(table_lines, b"[]"))
        if strange := sorted(set(columns) - {column.name for column in table.columns}):
            raise Refusal(_OTHER.format(f"{table.name}.{strange[0]}"))
        readers = [_reader(table.columns[name]) for name in columns]
        while part := list(islice(table_lines, _AT_ONCE)):
            cells = (zip(columns, readers, json.loads(line), strict=True) for line in part)
            values = [{name: None if cell is None else read(cell) for name, read, cell in row} for row in cells]
            connection.execute(insert(table), values)


_OTHER = "Le carnet de notes de cette archive est d’une autre version du cours (« {} ») : rien n’est changé."


def _tables(connection: Connection) -> tuple[Table, ...]:
    columns = inspect(connection).get_multi_columns()
    present = {name: {column["name"] for column in of_table} for (_, name), of_table in columns.items()}
    present.pop(_VERSION, None)
    if present == {table.name: {*table.columns.keys()} for table in schema.tables()}:
        return schema.tables()  # reading their keys too takes several times longer
    reflected = MetaData()
    reflected.reflect(connection)
    declared = {table.name: table for table in schema.tables()}

    def typed(table: Table) -> Table:
        """Return the declared table, if its columns are the same: SQLite does not know which hold a duration."""
        known = declared.get(table.name, table)
        return known if {*known.columns.keys()} == {*table.columns.keys()} else table

    return tuple(typed(table) for table in reflected.sorted_tables if table.name != _VERSION)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of a database
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value // _MICROSECOND
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"no such cell in a gradebook: {type(value)}")


def _reader(column: Any) -> Any:  # noqa: ANN401 - a column, a function
    match column.type:
        case Interval():
            return lambda cell: timedelta(microseconds=cell)
        case DateTime():
            return datetime.fromisoformat
    return lambda cell: cell


def _line(cells: list[Any]) -> bytes:
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
