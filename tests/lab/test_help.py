"""Every command explains itself in French, and its room is there."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from course.commands import main, parser

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
