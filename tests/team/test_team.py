"""Who is working: kept beside the notebooks, read with suspicion, said in one sentence."""

from __future__ import annotations

import errno
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core import team
from course.core.folders import goal_folder, root_of
from course.core.refusal import NotWritten, Unreadable
from course.core.syllabus import load
from course.core.team import Team, team_of

NAMES = st.text(max_size=team.MAX_NAME)


class TestPlace:
    def test_the_root_is_the_nearest_folder_that_holds_the_exercises(self, tmp_path: Path) -> None:
        (tmp_path / "classeur/exercises/but-1/reponses").mkdir(parents=True)
        (tmp_path / "classeur/modules").mkdir()
        for name in ("exercises/but-1", "exercises", "modules", "."):
            assert root_of(tmp_path / "classeur" / name) == tmp_path / "classeur"

    def test_a_folder_fetched_alone_is_its_own_root(self, tmp_path: Path) -> None:
        (tmp_path / "exercises/autre-cours").mkdir(parents=True)
        (tmp_path / "but-1").mkdir()
        assert root_of(tmp_path / "but-1") == tmp_path / "but-1"

    @pytest.mark.parametrize("place", [".", "exercises", "exercises/but-1", "exercises/but-2", "modules"])
    def test_a_goal_is_found_from_anywhere_in_the_workbook(self, tmp_path: Path, place: str) -> None:
        for name in ("exercises/but-1", "exercises/but-2", "modules"):
            (tmp_path / name).mkdir(parents=True)
        assert goal_folder(tmp_path / place, load().goal("1")) == tmp_path / "exercises/but-1"
        assert goal_folder(tmp_path / place, load().goal("3")) is None

    def test_a_folder_of_another_name_is_known_by_its_notebook(self, tmp_path: Path) -> None:
        (tmp_path / "but-1.ipynb").touch()
        assert goal_folder(tmp_path, load().goal("1")) == tmp_path


class TestSentence:
    @pytest.mark.parametrize(
        ("group", "members", "sentence"),
        [
            ("Groupe 3", ("Awa T.", "Paul K."), "Classeur de\u00a0: Groupe 3 (Awa T., Paul K.)"),
            ("", ("Awa T.",), "Classeur de\u00a0: Awa T."),
            ("Groupe 3", (), "Classeur de\u00a0: Groupe 3"),
            ("", tuple("abcdefgh"), "Classeur de\u00a0: a, b, c, d, e, f et 2 autres"),
            ("", (), "Classeur sans nom. Dites qui travaille sur la page d’accueil."),
        ],
    )
    def test_says_whose_workbook_it_is(
        self, tmp_path: Path, group: str, members: tuple[str, ...], sentence: str
    ) -> None:
        (tmp_path / "classeur/exercises/but-1").mkdir(parents=True)
        team.save(tmp_path / "classeur", Team(group, members))
        assert team.owner(tmp_path / "classeur/exercises/but-1") == sentence

    def test_is_nobody_s_where_nobody_said_it_or_it_cannot_be_read(self, tmp_path: Path) -> None:
        alone = tmp_path / "but-1"  # fetched without the rest of the workbook, so without its welcome page
        alone.mkdir()
        assert team.owner(alone) == "Classeur sans nom."
        (alone / team.FILE).write_text("{")
        assert team.owner(alone) == "Classeur sans nom."


class TestReading:
    @given(group=NAMES, members=st.lists(NAMES, max_size=team.MAX_MEMBERS))
    def test_what_a_form_sends_comes_back_from_the_file(self, group: str, members: list[str]) -> None:
        try:
            made = team_of(group, members)
            raw = team.written(made)
        except Unreadable:  # a name that grows when it is composed
            return
        assert team.parse(raw) == made
        assert all(made.members)
        for name in (made.group, *made.members):
            assert name == name.strip()
            assert "\n" not in name

    @pytest.mark.parametrize(
        ("group", "members"),
        [("x" * 121, []), ("", ["x" * 121]), ("", ["x"] * 41), (3, []), ("", [None]), ("", "Awa"), (None, [])],
    )
    def test_bounds_and_types_are_held(self, group: object, members: object) -> None:
        with pytest.raises(Unreadable):
            team_of(group, members)

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"[]",
            b'{"format": "equipe/2"}',
            b'{"format": "equipe/1", "members": {}}',
            b'{"format": "equipe/1", "group": "\\ud800"}',
            b'{"format": "equipe/1", "group": "a", "group": "b"}',
            b"\xff",
            b'{"format": "equipe/1", "x": "' + b"x" * team.MAX_BYTES + b'"}',
        ],
    )
    def test_a_damaged_file_is_set_aside_and_said(self, tmp_path: Path, raw: bytes) -> None:
        (tmp_path / team.FILE).write_bytes(raw)
        with pytest.raises(Unreadable):
            team.read(tmp_path)
        found, notice = team.recover(tmp_path, lambda: datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC))
        assert found == Team()
        assert "equipe-illisible-20261122-100005.json" in notice
        assert (tmp_path / "equipe-illisible-20261122-100005.json").read_bytes() == raw
        assert team.recover(tmp_path) == (Team(), "")

    def test_invisible_marks_that_turn_a_name_around_are_left_out(self) -> None:
        assert team_of("\u202eGroupe\u200b 3\u0000", ["Awa\n T."]) == Team("Groupe 3", ("Awa T.",))

    @pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "ailleurs").write_bytes(team.written(Team("Autres")))
        (tmp_path / team.FILE).symlink_to(tmp_path / "ailleurs")
        with pytest.raises(Unreadable, match="lien"):
            team.read(tmp_path)


class TestSaving:
    def test_is_whole_or_as_before(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        team.save(tmp_path, Team("Groupe 3", ("Awa T.",)))

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(NotWritten, match="Le disque est plein"):
            team.save(tmp_path, Team("Groupe 4"))
        monkeypatch.undo()
        assert team.read(tmp_path) == Team("Groupe 3", ("Awa T.",))
        assert [path.name for path in tmp_path.iterdir()] == [team.FILE]

    def test_is_plain_json(self, tmp_path: Path) -> None:
        team.save(tmp_path, Team("Équipe", ("Awa",)))
        document = json.loads((tmp_path / team.FILE).read_text(encoding="utf-8"))
        assert document == {"format": "equipe/1", "group": "Équipe", "members": ["Awa"]}

    def test_a_folder_of_that_name_is_said(self, tmp_path: Path) -> None:
        (tmp_path / team.FILE).mkdir()
        with pytest.raises(NotWritten, match="dossier porte le nom"):
            team.save(tmp_path, Team("Groupe 3"))
