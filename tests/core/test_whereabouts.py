"""A folder that is copied has documents of its own; one that is moved, renamed or reached otherwise keeps its own."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from course.core import syllabus
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore, fallback_document
from course.core.refusal import NotWritten

OBJECTIVE = syllabus.load().objective("1.2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A goal's folder in which one strategy was saved."""
    made = tmp_path / "classeur d’Awa"
    made.mkdir()
    AnswersStore(made, OBJECTIVE).save(
        [Edit("set", "s1", "1.2.a", field="strategy", value="un deux", client="a", number=1)]
    )
    return made


def document(folder: Path) -> str:
    """The `document` of a newly started kernel's canvas."""
    opened = AnswersStore(folder, OBJECTIVE).open()
    assert opened.document["options"]["1.2.a"][0]["strategy"] == "un deux"
    return opened.document["document"]


def test_opening_again_changes_nothing(folder: Path) -> None:
    first = document(folder)
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "reponses").iterdir()}
    assert document(folder) == first
    after = {path.name: path.stat().st_mtime_ns for path in (folder / "reponses").iterdir()}
    assert {k: v for k, v in after.items() if "lock" not in k} == {k: v for k, v in before.items() if "lock" not in k}


def test_a_copy_has_a_document_of_its_own_which_it_keeps(folder: Path, tmp_path: Path) -> None:
    first = document(folder)
    shutil.copytree(folder, tmp_path / "classeur de Paul")
    other = document(tmp_path / "classeur de Paul")
    assert other != first
    assert document(tmp_path / "classeur de Paul") == other
    assert document(folder) == first


def test_a_copy_is_one_even_when_what_it_was_copied_from_is_gone(folder: Path, tmp_path: Path) -> None:
    first = document(folder)
    shutil.copytree(folder, tmp_path / "copie")
    shutil.copytree(folder, tmp_path / "seconde copie")
    folder.rename(tmp_path / "rangé")  # a stick that was taken out looks the same
    assert len({first, document(tmp_path / "copie"), document(tmp_path / "seconde copie")}) == 3
    assert document(tmp_path / "rangé") == first


def test_moved_and_renamed_it_keeps_its_own_and_so_again(folder: Path, tmp_path: Path) -> None:
    first = document(folder)
    (tmp_path / "ailleurs").mkdir()
    moved = folder.rename(tmp_path / "ailleurs" / "renommé")
    assert document(moved) == first
    assert document(moved.rename(tmp_path / "encore")) == first
    shutil.copytree(tmp_path / "encore", folder)  # a copy at the first place is a copy
    assert document(folder) != first


@pytest.mark.skipif(os.name != "posix", reason="links need a right there")
def test_through_a_link_it_is_the_same(folder: Path, tmp_path: Path) -> None:
    first = document(folder)
    (tmp_path / "lien").symlink_to(folder)
    assert document(tmp_path / "lien") == first
    assert document(folder) == first


def test_a_file_system_that_gives_new_inodes_changes_nothing(folder: Path) -> None:
    first = document(folder)
    path = folder / "reponses" / ".1.2.json.lieu"
    path.write_text(json.dumps({**json.loads(path.read_text()), "inode": 1}))
    assert document(folder) == first
    assert json.loads(path.read_text())["inode"] != 1


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"document": 1}'])
def test_without_a_word_of_where_it_was_it_counts_as_a_copy(folder: Path, damage: bytes) -> None:
    first = document(folder)
    (folder / "reponses" / ".1.2.json.lieu").write_bytes(damage)
    other = document(folder)
    assert other != first
    assert document(folder) == other


def test_somebody_else_s_file_put_in_its_place_is_not_this_folder_s(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "autre").mkdir()
    AnswersStore(tmp_path / "autre", OBJECTIVE).open()
    first = document(folder)
    shutil.copy(folder / "reponses" / "1.2.json", tmp_path / "autre" / "reponses" / "1.2.json")
    assert document(tmp_path / "autre") != first


class TestUnwritable:
    @pytest.fixture
    def fill_the_disk(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        def refuse(_: int) -> None:
            raise OSError(errno.ENOSPC, "full")

        return lambda: monkeypatch.setattr(os, "fsync", refuse)

    def opened(self, folder: Path) -> dict[str, object]:
        store = AnswersStore(folder, OBJECTIVE)
        with pytest.raises(NotWritten):
            store.open()
        return store.unsaved()

    def test_what_is_there_is_shown_under_its_own_document(
        self, folder: Path, fill_the_disk: Callable[[], None]
    ) -> None:
        saved = json.loads((folder / "reponses" / "1.2.json").read_text())
        fill_the_disk()
        (folder / "reponses" / "1.2.json").unlink()
        assert self.opened(folder) == saved  # by its spare copy

    def test_a_new_folder_s_drafts_have_a_place(self, tmp_path: Path, fill_the_disk: Callable[[], None]) -> None:
        fill_the_disk()
        first, again = self.opened(tmp_path), self.opened(tmp_path)
        assert first["document"] == again["document"] == fallback_document(tmp_path)
        assert self.opened(tmp_path.parent)["document"] != first["document"]

    def test_a_copy_shows_what_is_there_under_another_document(
        self, folder: Path, tmp_path: Path, fill_the_disk: Callable[[], None]
    ) -> None:
        shutil.copytree(folder, tmp_path / "copie")
        fill_the_disk()
        shown = self.opened(tmp_path / "copie")
        assert shown["document"] == fallback_document(tmp_path / "copie")
        assert shown["options"]["1.2.a"][0]["strategy"] == "un deux"
