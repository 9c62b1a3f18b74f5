"""A gradebook as text, a file a table and a line of JSON a row: the same from SQLite and PostgreSQL, and for both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Interval, MetaData, Table, insert, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from course.core.refusal import Refusal
from course.instructor.cohort import gradebook as book

_AT_ONCE = 1_000
_MAX_LINE = 16 * 1024**2  # bytes of a row
_VERSION = "alembic_version"  # of the tables' form, which nbgrader writes when it makes them
_MICROSECOND = timedelta(microseconds=1)


def tables(connection: Connection) -> tuple[Table, ...]:
    """All tables of an open gradebook, those that others refer to first."""
    if connection.dialect.name == "postgresql":
        # Every table as it is at one moment, while others write.
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return _tables(connection)


def rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """A table as lines of JSON: the names of its columns, then its rows in the order of their keys."""
    yield _line([column.name for column in table.columns])
    result = connection.execution_options(stream_results=True).execute(
        select(table).order_by(*(table.primary_key.columns or table.columns))
    )
    for part in result.partitions(_AT_ONCE):
        for row in part:
            yield _line([_plain(value) for value in row])


def lines(folder: Path) -> dict[str, Iterable[bytes]]:
    """The tables of a gradebook that was unpacked into a folder: the lines of each, by name."""

    def of(path: Path) -> Iterator[bytes]:
        with path.open("rb") as stream:
            while line := stream.readline(_MAX_LINE + 1):
                if len(line) > _MAX_LINE:
                    raise ValueError(f"a line of {path.name} is too long")
                yield line

    return {path.stem: of(path) for path in sorted(folder.glob("*.jsonl"))}


def load(connection: Connection, dumped: dict[str, Iterable[bytes]]) -> None:
    """Makes a gradebook hold what was dumped, and nothing else.

    Args:
        connection: A gradebook opened for writing: all of it happens, or none.
        dumped: By table, its lines.

    Raises:
        Refusal: It is the gradebook of another version of the course, or none that can be.
    """
    try:
        _load(connection, dumped)
    except OperationalError:
        raise  # the gradebook's fault, not that of what goes into it
    except (SQLAlchemyError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise Refusal("Le carnet de notes de cette archive est abîmé : rien n’est changé.") from error


def prove(connection: Connection, dumped: dict[str, Iterable[bytes]]) -> None:
    """Loads what was dumped and rolls back, so that `load` will not refuse it; raises as `load`."""
    place = connection.begin_nested()
    try:
        load(connection, dumped)
    finally:
        place.rollback()


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
        while some := list(islice(table_lines, _AT_ONCE)):
            cells = (zip(columns, readers, json.loads(line), strict=True) for line in some)
            values = [{name: None if cell is None else read(cell) for name, read, cell in row} for row in cells]
            connection.execute(insert(table), values)


_OTHER = "Le carnet de notes de cette archive est d’une autre version du cours (« {} ») : rien n’est changé."


def _tables(connection: Connection) -> tuple[Table, ...]:
    reflected = MetaData()
    reflected.reflect(connection)
    declared = {table.name: table for table in book.tables()}

    def typed(table: Table) -> Table:
        """The declared table, if its columns are the same: it knows what is a duration, which SQLite does not."""
        ours = declared.get(table.name, table)
        return ours if {*ours.columns.keys()} == {*table.columns.keys()} else table

    return tuple(typed(table) for table in reflected.sorted_tables if table.name != _VERSION)


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a database holds
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
