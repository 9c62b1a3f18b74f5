"""What stands in a command's way is told in French, and nothing is lost by it."""

from __future__ import annotations

import errno
import multiprocessing
import os
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import select

from course.core import files
from course.core.refusal import Refusal
from course.instructor.cohort import layout, schema
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import DATABASE, Cohort
from course.instructor.demo.command import demo
from course.instructor.grading import report
from course.instructor.keeping.restoration import exclusive


def test_a_course_s_folder_that_cannot_be_listed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cours").mkdir()

    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(Refusal, match=r"cours\s» n’est pas fait"):
        layout.lay_out(tmp_path / "cours")


@pytest.fixture
def blocked(tmp_path: Path) -> Cohort:
    """A class whose folder is a file."""
    (tmp_path / "cohort").write_text("?")
    return Cohort(tmp_path)


def test_a_file_where_the_class_s_folder_should_be(blocked: Cohort) -> None:
    for door in (opened, exclusive):
        with pytest.raises(Refusal, match=r"cohort\s» n’est pas ce qui devrait porter ce nom"), door(blocked):
            pass
    assert blocked.folder.read_text() == "?"


def test_an_address_that_is_no_gradebook_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("n’importe quoi", "mysql://h/x"):
        monkeypatch.setenv(DATABASE, url)
        with pytest.raises(Refusal, match=DATABASE), opened(Cohort(tmp_path)):
            pass


def test_a_damaged_gradebook_is_to_be_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE, raising=False)
    cohort = Cohort(tmp_path)
    cohort.folder.mkdir()
    for raw in (b"\x00\xff" * 9000, b"SQLite format 3\x00" + b"\xff" * 9000, "ceci n’est pas une base".encode() * 100):
        (cohort.folder / "gradebook.db").write_bytes(raw)
        with pytest.raises(Refusal, match="course restore"), opened(cohort):
            pass
        assert (cohort.folder / "gradebook.db").read_bytes() == raw


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork: several programs begin at the same moment")
def test_programs_that_begin_a_class_together_all_get_its_gradebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbgrader.api  # noqa: F401, PLC0415 - each program then needs it at the same moment

    monkeypatch.delenv(DATABASE, raising=False)
    context = multiprocessing.get_context("fork")
    start = context.Barrier(3)
    together = [context.Process(target=_begin, args=(start, Cohort(tmp_path))) for _ in range(3)]
    for each in together:
        each.start()
    for each in together:
        each.join(600)
    assert [each.exitcode for each in together] == [0, 0, 0]


def _begin(start: Barrier, cohort: Cohort) -> None:
    start.wait(600)
    with opened(cohort) as connection:
        connection.execute(select(schema.graded)).all()
        connection.execute(select(schema.comment)).all()


def test_the_fictional_class_never_enters_a_real_gradebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'vrai.db'}")
    with pytest.raises(Refusal, match="vraie promotion"):
        demo(tmp_path / "essai")
    assert not list(tmp_path.iterdir())


def test_the_demonstration_says_where_it_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE, raising=False)
    (tmp_path / "fichier").write_text("")
    with pytest.raises(Refusal, match=r"fichier\s» n’est pas ce qui devrait porter ce nom.*autre dossier"):
        demo(tmp_path / "fichier" / "essai")


def test_a_table_that_cannot_be_written_whole_leaves_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "but-1.csv"
    report.write(path, [("awa", "1.1", "6", "")])
    before = path.read_bytes()

    def full() -> object:
        yield ("awa", "1.1", "5", "")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="space"):
        report.write(path, full())  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "bilans").write_text("")
    with pytest.raises(files.NotWritten) as caught:
        files.write(tmp_path / "bilans" / "a" / "b.csv", b"")
    assert f"{tmp_path / 'bilans'}\N{NARROW NO-BREAK SPACE}»" in caught.value.reason
