"""The command `course`: each explains itself in French, its function is there, and what goes wrong is one sentence."""

from __future__ import annotations

import argparse
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from promotion import promotion

from course.commands import call, function, lab, main, parser
from course.commands.french import CATALOGUE
from course.commands.table import COMMANDS
from course.core.refusal import Refusal
from course.lab.launch import DESK, Request, place_of
from course.lab.settings import Desk

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = re.compile(r"\b(usage|optional|arguments|show this|the|and|with|file)\b", re.IGNORECASE)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """What JupyterLab would be opened for; that it opens is a promise of tests/lab."""
    found: list[Request] = []
    monkeypatch.setattr(lab, "open_course", found.append)
    return found


def test_each_command_explains_itself_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as end:
            parser().parse_args([command.name, "--help"])
        text = capsys.readouterr().out
        assert end.value.code == 0, command.name
        assert text.startswith("Utilisation"), command.name
        assert not ENGLISH.search(text), text


def test_each_command_has_a_function_that_takes_what_is_typed() -> None:
    for command in COMMANDS:
        values = {argument.parameter: None for argument in command.arguments}
        inspect.signature(function(command)).bind(**values)


def test_the_catalogue_translates_what_this_python_says() -> None:
    source = inspect.getsource(argparse)
    assert [message for message in CATALOGUE if repr(message) not in source and f'"{message}"' not in source] == []


def test_outside_a_course_each_says_where_to_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["intake"], ["grade"], ["review", "--sans-navigateur"], ["class"], ["feedback"], ["marks"], ["forget", "Awa"],
        ["archive"], ["restore", "rien.zip"],
    ):  # fmt: skip
        assert main([*words, "--dossier", str(tmp_path)]) == 2, words
        error = capsys.readouterr().err
        assert str(tmp_path) in error, words
        assert "course new" in error, words


def test_a_home_that_nobody_has_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["intake", "~personne-de-ce-nom/a.zip"], ["marks", "--vers", "~personne-de-ce-nom"]):
        with pytest.raises(SystemExit) as end:
            parser().parse_args(words)
        assert end.value.code == 2
        assert "il n’y a pas de dossier personnel de ce nom" in capsys.readouterr().err, words


def test_a_cahier_is_named_in_any_usual_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`course feedback` and `course grade` take the same names."""
    root = promotion(tmp_path / "cours").root
    for command in ("feedback", "grade"):
        for name in ("But-1", "but-1", "1"):
            main([command, name, "--dossier", str(root)])
            assert "de ce cours" not in capsys.readouterr().err, (command, name)
        assert main([command, "but-9", "--dossier", str(root)]) == 2
        assert re.search(r"but-9.* de ce cours.*but-1, but-2", capsys.readouterr().err), command


def test_the_instructor_s_door_opens_on_the_desk(requests: list[Request]) -> None:
    assert main(["open", "--formateur"]) == 0
    assert requests[0].start == DESK
    assert (ROOT / DESK).is_file()


def test_review_opens_the_bench_and_brings_its_page_where_it_is_missing(
    tmp_path: Path, requests: list[Request]
) -> None:
    root = promotion(tmp_path / "cours").root
    assert main(["review", "--dossier", str(root / "cohort"), "--sans-navigateur", "--port", "9001"]) == 0
    place = place_of(requests[0])
    assert (place.root, place.port, place.desk) == (root, 9001, Desk.INSTRUCTOR)
    assert (root / place.start).read_bytes().count(b"from course import bench") == 1
    (root / place.start).write_text("à moi")
    assert main(["review", "--dossier", str(root)]) == 0
    assert (root / place.start).read_text() == "à moi"


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "nbgrader" else object())
    typed = parser().parse_args(["archive", "--dossier", str(tmp_path)])
    with pytest.raises(Refusal, match=r"pip install .*\[instructor\]"):
        call(typed.command, typed)


@pytest.mark.skipif(os.name != "posix", reason="Windows n’a pas de tubes qui se ferment ainsi")
def test_a_reader_who_leaves_ends_it_quietly(tmp_path: Path) -> None:
    root = promotion(tmp_path / "cours").root
    for words in (["--aide"], ["class", "--aide"], ["class", "--dossier", str(root)]):
        reading, writing = os.pipe()
        os.close(reading)  # as `head` does once it has its lines
        done = subprocess.run(
            [sys.executable, "-m", "course.commands", *words],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(writing)
        assert done.stderr == b"", words
    assert done.returncode == 1
