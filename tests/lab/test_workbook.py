"""The trainee's workbook folder: always the course's present version, and never a note or an answer lost."""

from __future__ import annotations

import errno
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from notebooks import canvas_source, code, text, write

from course.core.content import content, is_for_instructors
from course.core.folders import RECORD
from course.core.refusal import Refusal
from course.lab.workbook import Refreshed, digest, refresh

DAY = date(2026, 11, 22)
NAME = "exercises/but-1/but-1.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one notebook and one picture."""
    write(tmp_path / "cours" / "exercises" / "but-1" / "but-1.ipynb", text("# But 1"), code(canvas_source("1.1")))
    (tmp_path / "cours" / "exercises" / "but-1" / "carte.svg").write_text("<svg/>")
    return tmp_path / "cours"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "classeur"


def open_again(course: Path, folder: Path, day: date = DAY) -> Refreshed:
    return refresh(folder, day, {"exercises": course / "exercises"})


def new_version(course: Path, *more: dict[str, Any]) -> None:
    write(course / NAME, text("# But 1, revu"), code(canvas_source("1.1")), *more)


def cells(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def change(path: Path, **cell: Any) -> None:
    """What JupyterLab does when it saves: another layout of the file, and the cells' outputs in it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for one in notebook["cells"]:
        one["source"] = "".join(one["source"]).splitlines(keepends=True)
    notebook["cells"][-1].update(cell)
    notebook["metadata"]["language_info"] = {"name": "python"}
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestFirstOpening:
    def test_installs_the_whole_course(self, tmp_path: Path) -> None:
        refresh(tmp_path, DAY)
        for room in ("modules", "exercises"):
            for path in content(room).rglob("*.ipynb"):
                if is_for_instructors(path.name):
                    continue
                copy = tmp_path / room / path.relative_to(content(room))
                assert digest(copy.read_bytes()) == digest(path.read_bytes())
                assert room == "modules" or copy.read_bytes() == path.read_bytes()

    def test_a_lesson_is_read_and_not_written_in(self, tmp_path: Path) -> None:
        before = everything(content("modules"))
        refresh(tmp_path, DAY)
        assert everything(content("modules")) == before
        for room in ("modules", "exercises"):
            for path in (tmp_path / room).rglob("*.ipynb"):
                for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                    assert (cell["metadata"]["editable"], cell["metadata"]["deletable"]) == (False, False), path

    def test_a_lesson_s_copy_is_the_lesson_but_for_its_locks(self, tmp_path: Path) -> None:
        refresh(tmp_path, DAY)
        name = "modules/00-bienvenue.ipynb"
        locked = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        lesson = json.loads((content("modules") / "00-bienvenue.ipynb").read_text(encoding="utf-8"))
        for cell in lesson["cells"]:
            cell["metadata"] |= {"editable": False, "deletable": False}
        assert locked == lesson

    def test_a_trainee_gets_no_tool_of_the_instructor_s(self, tmp_path: Path) -> None:
        refresh(tmp_path, DAY)
        assert "21-correction.ipynb" in {path.name for path in content("modules").glob("*.ipynb")}
        assert [path.name for path in tmp_path.rglob("[2-9][0-9]-*.ipynb")] == []

    def test_says_what_it_installed(self, course: Path, folder: Path) -> None:
        done = open_again(course, folder)
        assert done == Refreshed(folder, installed=(NAME, "exercises/but-1/carte.svg"))

    def test_copies_no_answers_and_nothing_hidden(self, course: Path, folder: Path) -> None:
        for name in ("reponses/1.1.json", ".ipynb_checkpoints/but-1.ipynb", "__pycache__/x.pyc"):
            path = course / "exercises" / "but-1" / name
            path.parent.mkdir()
            path.write_text("{}")
        open_again(course, folder)
        assert set(everything(folder)) == {NAME, "exercises/but-1/carte.svg", RECORD}

    def test_the_clone_s_own_notebooks_are_copies_apart(self, course: Path, folder: Path) -> None:
        before = everything(course)
        open_again(course, folder)
        (folder / NAME).write_text("autre chose")
        assert everything(course) == before


class TestOpeningAgain:
    def test_nothing_changes_when_nothing_changed(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        before = everything(folder)
        assert open_again(course, folder) == Refreshed(folder)
        assert everything(folder) == before

    def test_outputs_and_layout_are_no_change_and_stay(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        change(folder / NAME, outputs=[{"output_type": "stream", "name": "stdout", "text": "bonjour"}])
        before = (folder / NAME).read_bytes()
        assert open_again(course, folder) == Refreshed(folder)
        assert (folder / NAME).read_bytes() == before

    def test_a_new_version_replaces_what_nobody_touched(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        change(folder / NAME, outputs=[])
        new_version(course)
        assert open_again(course, folder).replaced == (NAME,)
        assert (folder / NAME).read_bytes() == (course / NAME).read_bytes()
        assert sorted(path.name for path in (folder / NAME).parent.glob("*.ipynb")) == ["but-1.ipynb"]

    def test_notes_are_kept_beside_the_new_version(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        change(folder / NAME, source="Mes notes")
        new_version(course)
        done = open_again(course, folder)
        copy = "exercises/but-1/but-1 (ma copie du 2026-11-22).ipynb"
        assert done.kept == ((copy, NAME),)
        assert cells(folder / copy)[-1] == "Mes notes"
        assert cells(folder / NAME)[0] == "# But 1, revu"

    def test_notes_without_a_new_version_are_kept_beside_too(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        change(folder / NAME, cell_type="markdown")
        assert len(open_again(course, folder).kept) == 1
        assert open_again(course, folder).kept == ()

    def test_two_copies_of_a_day_have_two_names(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        for note in ("Un", "Deux"):
            change(folder / NAME, source=note)
            open_again(course, folder)
        beside = sorted((folder / NAME).parent.glob("*copie*"))
        stem = "but-1 (ma copie du 2026-11-22)"
        assert {path.stem for path in beside} == {stem, f"{stem} 2"}
        assert {cells(path)[-1] for path in beside} == {"Un", "Deux"}

    def test_a_deleted_notebook_comes_back(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        (folder / NAME).unlink()
        assert open_again(course, folder).installed == (NAME,)

    @pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"cells": 3}', b"\xff\xfe", b"[" * 100_000])
    def test_a_damaged_notebook_is_kept_and_replaced(self, course: Path, folder: Path, damage: bytes) -> None:
        open_again(course, folder)
        (folder / NAME).write_bytes(damage)
        ((copy, name),) = open_again(course, folder).kept
        assert (folder / copy).read_bytes() == damage
        assert (folder / name).read_bytes() == (course / NAME).read_bytes()

    @pytest.mark.parametrize("record", [None, b"", b"[]", b'{"format": "autre"}', b'{"format": "classeur/1"}', b"\xff"])
    def test_without_a_record_what_differs_counts_as_hers(
        self, course: Path, folder: Path, record: bytes | None
    ) -> None:
        open_again(course, folder)
        (folder / RECORD).unlink() if record is None else (folder / RECORD).write_bytes(record)
        new_version(course)
        assert len(open_again(course, folder).kept) == 1

    def test_an_unchanged_notebook_without_a_record_is_known_again(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        (folder / RECORD).unlink()
        open_again(course, folder)
        new_version(course)
        assert open_again(course, folder).replaced == (NAME,)

    def test_a_picture_follows_the_course(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        (course / "exercises" / "but-1" / "carte.svg").write_text("<svg><g/></svg>")
        assert open_again(course, folder).replaced == ("exercises/but-1/carte.svg",)
        assert (folder / "exercises" / "but-1" / "carte.svg").read_text() == "<svg><g/></svg>"

    def test_answers_and_her_own_files_are_never_touched(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        hers = folder / "exercises" / "but-1" / "reponses" / "1.1.json"
        hers.parent.mkdir()
        hers.write_text("{}")
        (folder / "exercises" / "but-1" / "notes.txt").write_text("à moi")
        shipped = course / "exercises" / "but-1" / "reponses" / "1.1.json"
        shipped.parent.mkdir()
        shipped.write_text("autre chose")
        new_version(course)
        open_again(course, folder)
        assert hers.read_text() == "{}"
        assert (folder / "exercises" / "but-1" / "notes.txt").read_text() == "à moi"

    def test_leaves_no_temporary_file(self, course: Path, folder: Path) -> None:
        open_again(course, folder)
        new_version(course)
        open_again(course, folder)
        assert not [name for name in everything(folder) if name.endswith(".tmp")]

    def test_a_crash_while_writing_leaves_a_whole_notebook(
        self, course: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        open_again(course, folder)
        before = (folder / NAME).read_bytes()
        new_version(course)

        def crash(_: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "fsync", crash)
        with pytest.raises(KeyboardInterrupt):
            open_again(course, folder)
        assert (folder / NAME).read_bytes() == before
        assert not [name for name in everything(folder) if name.endswith(".tmp")]
        monkeypatch.undo()
        assert open_again(course, folder).replaced == (NAME,)


class TestRefusals:
    def test_a_file_in_the_place_of_the_folder(self, course: Path, folder: Path) -> None:
        folder.write_text("")
        with pytest.raises(Refusal, match=r"classeur\s» ne se laisse pas écrire .* --dossier"):
            open_again(course, folder)

    def test_a_folder_in_the_place_of_a_notebook(self, course: Path, folder: Path) -> None:
        (folder / NAME).mkdir(parents=True)
        with pytest.raises(Refusal, match="un dossier porte le nom d’un fichier"):
            open_again(course, folder)

    @pytest.mark.parametrize(
        ("number", "cause"), [(errno.EROFS, "en lecture seule"), (errno.ENOSPC, "plein"), (errno.EACCES, "le droit")]
    )
    def test_a_disk_that_takes_nothing(
        self, course: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, cause: str
    ) -> None:
        def refuse(_: int) -> None:
            raise OSError(number, "in English")

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(Refusal, match=cause):
            open_again(course, folder)
        assert not [path for path in folder.rglob("*") if path.is_file()]


class TestDigest:
    def test_tells_the_type_and_the_text_of_cells_and_their_order(self, tmp_path: Path) -> None:
        made = [
            (text("a"), text("b")),
            (text("b"), text("a")),
            (text("a"), code("b")),
            (text("ab"),),
            (text("a"), text("b"), text("")),
        ]
        digests = {digest(write(tmp_path / "n.ipynb", *one).read_bytes()) for one in made}
        assert len(digests) == len(made)
        assert None not in digests

    def test_sees_no_difference_between_one_text_and_its_lines(self, tmp_path: Path) -> None:
        raw = write(tmp_path / "n.ipynb", text("a\nb")).read_bytes()
        change(tmp_path / "n.ipynb")
        assert digest((tmp_path / "n.ipynb").read_bytes()) == digest(raw)
