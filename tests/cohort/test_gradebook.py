"""The gradebook in whole tables: nbgrader's own tables, made at once, opened with a French sentence."""

import sqlite3
import sys
from contextlib import closing

import pytest
from every import every
from nbgrader import api
from sqlalchemy import select

from course.core.refusal import Refusal
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import schema
from course.instructor.cohort.gradebook import opened, shown
from course.instructor.cohort.places import COURSE_ID, Cohort


def test_tables_are_those_of_nbgrader():
    for table in schema.NBGRADER.sorted_tables:
        theirs = api.Base.metadata.tables[table.name]
        assert {each.name: type(each.type) for each in table.columns} == {
            each.name: type(each.type) for each in theirs.columns
        }, table.name


def made(path):
    """What SQLite says of a database: its tables and indexes, the version and the course that stand in it."""
    with closing(sqlite3.connect(path)) as connection:
        schema = set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
        stamps = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("alembic_version", "course")]
    return {row for row in schema if not row[2].startswith("course_")}, stamps


def test_a_new_gradebook_is_made_at_once_and_is_the_one_that_nbgrader_makes(tmp_path):
    cohort, path = Cohort(tmp_path), tmp_path / "cohort" / "gradebook.db"
    with opened(cohort, writing=True) as connection:
        raw = path.read_bytes()
        connection.execute(schema.student.insert().values(id="awa", first_name="Awa"))
    assert int.from_bytes(raw[24:28]) == 1, "SQLite counts the transactions that a file has seen"
    api.Gradebook(f"sqlite:///{tmp_path / 'theirs.db'}", COURSE_ID).close()
    assert made(path) == made(tmp_path / "theirs.db")
    with api.Gradebook(cohort.database, COURSE_ID) as gradebook:
        assert [student.first_name for student in gradebook.students] == ["Awa"]


def test_a_gradebook_that_nbgrader_made_gets_the_tables_of_the_course(tmp_path):
    cohort = Cohort(tmp_path)
    cohort.folder.mkdir()
    with api.Gradebook(cohort.database, COURSE_ID) as gradebook:
        gradebook.add_student("awa")
    with opened(cohort) as connection:
        assert connection.scalars(select(schema.student.c.id)).all() == ["awa"]
        assert connection.execute(select(schema.phrase)).all() == []


def test_nothing_is_written_when_something_fails(cohort):
    def write():
        with opened(cohort, writing=True) as connection:
            connection.execute(schema.student.insert().values(id="awa"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    with opened(cohort) as connection:
        assert connection.execute(select(schema.student)).all() == []


def test_what_a_writer_read_is_still_so_when_it_writes(cohort, monkeypatch):
    book._engine.cache_clear()
    monkeypatch.setattr(book, "_PATIENCE", 0.05)
    with opened(cohort, writing=True), pytest.raises(Refusal, match="occupé"), opened(cohort, writing=True):
        pass
    book._engine.cache_clear()


PASSWORDS = [
    "postgresql+psycopg://course:secret@localhost/base",
    "postgresql+psycopg://course:sec/ret@localhost/base",
    "postgresql+psycopg://course:sec@ret@localhost/base",
    "postgresql+psycopg://course:sec:ret@localhost/base?password=secret",
]


@every("url", PASSWORDS)
def test_a_password_is_never_shown(url):
    assert shown(url) == "postgresql+psycopg://course:…@localhost/base"


def test_the_password_of_an_address_that_is_none_is_not_shown():
    assert shown("postgresql//course:sec/ret@localhost/base") == "postgresql//course:…@localhost/base"


def test_the_cause_is_the_driver_s_and_no_word_of_the_question(cohort):
    """The columns of that table are named `locked` too."""
    with opened(cohort, writing=True) as connection:
        connection.exec_driver_sql("DROP TABLE source_cell")
    with pytest.raises(Refusal, match=r"no such table: source_cell"), opened(cohort) as connection:
        connection.execute(select(schema.source_cell)).all()
    parameter = "disk is full, not a database, malformed"
    with pytest.raises(Refusal, match=r"no such table: rien"), opened(cohort) as connection:
        connection.exec_driver_sql("SELECT * FROM rien WHERE id = ?", (parameter,))


def test_a_gradebook_in_use_is_not_compacted(cohort, monkeypatch):
    book._engine.cache_clear()
    monkeypatch.setattr(book, "_PATIENCE", 0.05)
    with opened(cohort, writing=True), pytest.raises(Refusal, match="occupé"):
        book.compact(cohort)
    book._engine.cache_clear()


@pytest.mark.skipif(sys.platform == "win32", reason="files are bounded by a limit of POSIX systems")
def test_a_gradebook_that_the_disk_does_not_hold_is_not_compacted(cohort):
    import resource  # noqa: PLC0415

    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = (cohort.folder / "gradebook.db").read_bytes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, former[1]))
    try:
        with pytest.raises(Refusal, match="carnet de notes"):
            book.compact(cohort)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert (cohort.folder / "gradebook.db").read_bytes() == before


def test_what_is_deleted_is_gone_from_a_compacted_file(cohort):
    with opened(cohort, writing=True) as connection:
        connection.execute(schema.student.insert().values(id="awa", first_name="Effacée-pour-toujours"))
    with opened(cohort, writing=True) as connection:
        connection.execute(schema.student.delete())
    book.compact(cohort)
    assert b"toujours" not in (cohort.folder / "gradebook.db").read_bytes()
