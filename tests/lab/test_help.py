"""Every command explains itself in French, and its room is there."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from course.commands import main, parser, trainee
from course.lab.launch import DESK, Request

ENGLISH = re.compile(r"\b(usage|optional|arguments|show this|the|and|with|file)\b", re.IGNORECASE)


def commands() -> dict[str, argparse.ArgumentParser]:
    (found,) = [each for each in parser()._actions if isinstance(each, argparse._SubParsersAction)]
    return dict(found.choices)


@pytest.mark.parametrize("name", commands())
def test_a_command_explains_itself_in_french(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args([name, "--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert said.startswith("Utilisation")
    assert not ENGLISH.search(said), said


@pytest.mark.parametrize(
    "words",
    [
        ["intake", "--dossier"],
        ["grade", "--dossier"],
        ["review", "--sans-navigateur", "--dossier"],
        ["class", "--dossier"],
        ["feedback", "--dossier"],
        ["marks", "--dossier"],
        ["forget", "Awa", "--dossier"],
        ["archive", "--dossier"],
        ["restore", "rien.zip", "--dossier"],
    ],
    ids=lambda words: words[0],
)
def test_outside_a_course_each_says_where_to_go(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert str(tmp_path) in error
    assert "dossier du cours" in error


@pytest.mark.parametrize("words", [["intake", "~personne-de-ce-nom/a.zip"], ["marks", "--vers", "~personne-de-ce-nom"]])
def test_a_home_that_nobody_has_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args(words)
    assert end.value.code == 2
    assert "il n’y a pas de dossier personnel de ce nom" in capsys.readouterr().err


def test_the_instructor_s_door_opens_on_her_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []
    monkeypatch.setattr(trainee, "open_course", asked.append)
    assert main(["open", "--formateur"]) == 0
    assert (Path(__file__).resolve().parents[2] / asked[0].start).is_file()
    assert asked[0].start == DESK
