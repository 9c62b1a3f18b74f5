"""`course open`: from a clone and from a wheel, in French, with one sentence for what goes wrong."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from browser import ROOT, free_port

from course import commands
from course.core import folders
from course.core.terminal import PROGRAM
from course.instructor.cohort import layout
from course.lab import launch
from course.lab.launch import Request, place_of, running
from course.lab.settings import Desk

ENGLISH = re.compile(
    r"\b(usage|options?:|optional|arguments?|positional|show this|error|invalid|expected|unrecognized|required|"
    r"Traceback|denied|directory|address|exit)\b"
)


def say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """What `course …` returns and says."""
    try:
        code = commands.main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


class TestWords:
    @pytest.mark.parametrize("words", [("--help",), ("-h",), ("--aide",), (), ("open", "--help"), ("open", "--aide")])
    def test_help_is_french(self, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
        code, out, err = say(capsys, *words)
        assert (code, err) == (0, "")
        assert out.startswith("Utilisation\u00a0: course")
        assert "montrer cette aide" in out
        assert not ENGLISH.search(out)
        assert not re.search(r"[^\u00a0]:(?!//)", out)
        assert "options\u00a0:\n" in out

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, out, _ = say(capsys, "--version")
        assert code == 0
        assert re.fullmatch(r"soins-centres-personnes \d+\.\d+\.\d+\n", out)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("ouvrir",), "«\u202fouvrir\u202f» n’est pas une commande"),
            (("open", "--prot", "8000"), "inconnu"),
            (("open", "encore"), "inconnu"),
            (("open", "--port"), "option --port\u00a0: il manque sa valeur"),
            (("open", "--port", "beaucoup"), "«\u202fbeaucoup\u202f» n’est pas un port"),
            (("open", "--port", "80"), "entre 1024 et 65535"),
            (("open", "--port", "70000"), "entre 1024 et 65535"),
            (("open", "--port", "٨٨٩٨"), "n’est pas un port"),
            (("open", "--sans-navigateur=oui"), "ne prend pas de valeur"),
        ],
    )
    def test_a_wrong_word_is_one_french_sentence(
        self, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
    ) -> None:
        code, out, err = say(capsys, *words)
        assert (code, out) == (2, "")
        assert said.lower() in err.lower()
        assert len(err.splitlines()) == 1
        assert not ENGLISH.search(err)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one sentence by which `course …` refuses."""
    code, _, err = say(capsys, *words)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert not ENGLISH.search(err)
    return err


class TestRefusals:
    def test_a_port_that_another_program_has(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = refused(capsys, "open", "--dossier", str(tmp_path), "--port", str(port), "--sans-navigateur")
        assert f"Le port {port} est déjà pris" in said
        assert "--port" in said

    def test_a_folder_that_cannot_be_written(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        (tmp_path / "classeur").write_text("")
        said = refused(capsys, "open", "--dossier", str(tmp_path / "classeur"))
        assert "ne se laisse pas écrire" in said
        assert "classeur" in said

    @pytest.mark.parametrize(
        ("package", "words", "cure"),
        [
            ("jupyterlab", [], '"soins-centres-personnes"'),
            ("anywidget", [], '"soins-centres-personnes"'),
            ("jupyterlab_language_pack_fr_FR", [], '"soins-centres-personnes"'),
            ("nbgrader", ["--formateur"], '"soins-centres-personnes[instructor]"'),
        ],
    )
    def test_a_missing_package(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        package: str,
        words: list[str],
        cure: str,
    ) -> None:
        find = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find(name))
        said = refused(capsys, "open", *words)
        assert f"«\u202f{package}\u202f»" in said
        assert cure in said

    def test_a_trainee_needs_no_nbgrader(self, monkeypatch: pytest.MonkeyPatch) -> None:
        find = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "nbgrader" else find(name))
        launch.require(*launch._LEARNER)

    def test_an_instructor_outside_of_the_course(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        # A folder that is named is the one that is meant, and no clone stands in for it.
        assert "nbgrader_config.py" in refused(capsys, "open", "--formateur", "--dossier", str(tmp_path))
        monkeypatch.setattr(folders, "PACKAGE", tmp_path / "course")
        assert "nbgrader_config.py" in refused(capsys, "open", "--formateur")

    def test_a_server_that_does_not_start(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "peut-être")
        broken = tmp_path / "modules"
        (broken / "jupyterlab").mkdir(parents=True)
        (broken / "jupyterlab" / "__init__.py").write_text("raise SystemExit(3)")
        monkeypatch.setenv("PYTHONPATH", str(broken))
        port = str(free_port())
        said = refused(capsys, "open", "--dossier", str(tmp_path / "c"), "--port", port, "--sans-navigateur")
        assert "JupyterLab n’a pas démarré" in said
        assert str(place_of(Request(tmp_path / "c")).log) in said


class TestBrowser:
    def test_without_a_screen_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(webbrowser, "open", lambda _: pytest.fail("a text browser takes the terminal over"))
        assert launch._open_browser(place_of(Request()), "http://127.0.0.1/") is False

    def test_a_browser_that_fails_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DISPLAY", ":0")

        def fail(_: str) -> bool:
            raise webbrowser.Error("none")

        monkeypatch.setattr(webbrowser, "open", fail)
        assert launch._open_browser(place_of(Request()), "http://127.0.0.1/") is False


class TestWordsOfAPlace:
    def test_the_usual_one_needs_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(ROOT)
        assert launch._words(place_of(Request())) == []
        assert launch._words(place_of(Request(desk=Desk.INSTRUCTOR))) == ["--formateur"]

    def test_another_folder_and_port_are_said(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        root = layout.lay_out(tmp_path / "promo").root
        place = place_of(Request(root / "modules", 9001, desk=Desk.INSTRUCTOR))
        monkeypatch.chdir(ROOT)
        assert launch._words(place) == ["--formateur", "--dossier", root, "--port", "9001"]
        monkeypatch.chdir(root / "cohort")
        assert launch._words(place) == ["--formateur", "--port", "9001"]

    def test_kernels_and_buttons_know_what_is_typed(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.chdir(ROOT)
        monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
        assert launch._environment(place_of(Request()), tmp_path, tmp_path, "")[PROGRAM] == "uv run course"


class TestPlaces:
    def test_a_trainee_s_folder_and_port_are_always_the_same(self, home: Path) -> None:
        place = place_of(Request())
        assert (place.root, place.port) == (home / "soins-centres-personnes", 8898)
        assert place.start == ""

    def test_an_instructor_s_is_the_clone_and_another_port(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(ROOT / "solutions")
        place = place_of(Request(desk=Desk.INSTRUCTOR))
        assert (place.root, place.port) == (ROOT, 8899)
        assert ROOT not in place.private.parents


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], list[str], str]]:
    """`course open --sans-navigateur` in a terminal of its own, up to its last word."""
    folder, port = tmp_path_factory.mktemp("terminal") / "classeur", str(free_port())
    words = ["open", "--dossier", str(folder), "--port", port, "--sans-navigateur"]
    process = subprocess.Popen(
        [sys.executable, "-m", "course.commands", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl" in line:
            break
    yield process, words, said
    if process.poll() is None:
        process.kill()
        process.wait()


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl+C on POSIX systems")
class TestTerminal:
    def test_says_where_the_folder_is_and_what_to_open(self, command: tuple) -> None:
        _, words, said = command
        assert f"Votre classeur\u00a0: {words[2]}" in said
        assert f"http://127.0.0.1:{words[4]}/lab?reset&token=" in said
        assert not ENGLISH.search(said)

    def test_opened_twice_it_gives_the_same_address_again(
        self, command: tuple, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, words, said = command
        code, out, _ = say(capsys, *words)
        assert code == 0
        assert "déjà ouvert" in out
        page = re.search(r"http\S+", said)
        assert page
        assert page[0] in out
        closing = shlex.split(re.search(r"Pour l’arrêter, tapez\u00a0: (.+)", out)[1])
        assert closing[:2] == ["course", "close"]
        values = commands.parser().parse_args(closing[1:])
        assert place_of(Request(values.folder, values.port)) == place_of(Request(Path(words[2]), int(words[4])))

    def test_the_port_for_another_folder_is_refused(
        self, command: tuple, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        _, words, _ = command
        said = refused(capsys, "open", "--dossier", str(tmp_path), *words[3:])
        assert "est déjà pris" in said

    def test_its_key_is_for_this_person_alone(self, command: tuple) -> None:
        _, words, _ = command
        address = place_of(Request(Path(words[2]))).address_file
        assert address.stat().st_mode & 0o077 == 0
        found = json.loads(address.read_text())
        arguments = psutil.Process(found["pid"]).cmdline()
        assert f"--ServerApp.port={words[4]}" in arguments
        assert not [argument for argument in arguments if found["token"] in argument]

    def test_ctrl_c_stops_the_server_and_says_so(self, command: tuple) -> None:
        process, words, _ = command
        place = place_of(Request(Path(words[2]), int(words[4])))
        assert running(place)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=600)
        assert process.returncode == 0
        assert "Le cours est fermé." in rest
        assert not ENGLISH.search(rest)
        assert not place.address_file.exists()
        assert not running(place)
