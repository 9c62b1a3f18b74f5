"""The gradebook in whole tables: the same tables as nbgrader's, made its way, opened with a French sentence."""

import pytest
from nbgrader import api
from sqlalchemy import select

from course.instructor.cohort import gradebook as book
from course.instructor.cohort.gradebook import opened, shown
from course.core.refusal import Refusal

TABLES = book._theirs.sorted_tables


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_tables_are_those_of_nbgrader(table):
    theirs = api.Base.metadata.tables[table.name]
    assert {each.name: type(each.type) for each in table.columns} == {
        each.name: type(each.type) for each in theirs.columns
    }


def test_a_new_gradebook_is_one_of_nbgrader(cohort):
    with opened(cohort, writing=True) as connection:
        connection.execute(book.student.insert().values(id="awa", first_name="Awa"))
    with api.Gradebook(cohort.database, "soins-centres-personnes") as gradebook:
        assert [student.first_name for student in gradebook.students] == ["Awa"]


def test_nothing_is_written_when_something_fails(cohort):
    class Failure(Exception):
        pass

    def write():
        with opened(cohort, writing=True) as connection:
            connection.execute(book.student.insert().values(id="awa"))
            raise Failure

    with pytest.raises(Failure):
        write()
    with opened(cohort) as connection:
        assert connection.execute(select(book.student)).all() == []


def test_what_a_writer_read_is_still_so_when_it_writes(cohort, monkeypatch):
    with opened(cohort):
        pass
    book._engine.cache_clear()
    monkeypatch.setattr(book, "_PATIENCE", 0.05)
    with opened(cohort, writing=True), pytest.raises(Refusal, match="occupé"), opened(cohort, writing=True):
        pass
    book._engine.cache_clear()


def test_a_file_that_is_no_gradebook_is_said(cohort):
    cohort.folder.mkdir()
    (cohort.folder / "gradebook.db").write_text("ceci n’est pas une base" * 100)
    with pytest.raises(Refusal, match="est abîmé"), opened(cohort):
        pass


def test_a_password_is_never_shown():
    assert shown("postgresql+psycopg://course:secret@localhost/base") == "postgresql+psycopg://course:…@localhost/base"
