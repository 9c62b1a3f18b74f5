"""What is no door into the course: settings in a workbook, a user's own Jupyter, the arguments of a browser."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from browser import ROOT, Lab, free_port, opened_lab, until

from course import commands
from course.core import files
from course.lab import launch
from course.lab.launch import Address, Place, Request, place_of

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals, links and rights of POSIX systems")
NOWHERE = "/proc/nowhere"
ELSEWHERE = ("HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "IPYTHONDIR")


def plant(folder: Path, witness: Path) -> None:
    """Writes into a workbook what Jupyter or IPython would run if they looked for it there."""
    run = f"open({str(witness / 'EXECUTE')!r}, 'w').close()\n"
    exercise = folder / "exercises/but-1"
    for path in (
        *(folder / ".cours/config" / name for name in ("jupyter_server_config.py", "jupyter_lab_config.py")),
        *(folder / f"jupyter_{name}config.py" for name in ("", "server_", "lab_")),
        *(exercise / name for name in ("ipython_config.py", "ipython_kernel_config.py", "sitecustomize.py")),
        exercise / ".ipython/profile_default/startup/00.py",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(run)
    spec = {
        "argv": ["/bin/sh", "-c", f"touch {witness / 'EXECUTE-noyau'}"],
        "display_name": "Cours (Python)",
        "language": "python",
    }
    for place in (folder / ".cours/share", folder / ".local/share/jupyter", exercise):
        path = place / "kernels/piege/kernel.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(spec))


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Path]]:
    """The cases `planted-cours` and `ipython-cd` in one workbook, and the folder where what ran would leave a file."""
    witness, home = tmp_path_factory.mktemp("temoin"), tmp_path_factory.mktemp("maison")
    profile = home / ".ipython/profile_default"
    (profile / "startup").mkdir(parents=True)
    (home / "projets").mkdir()
    (profile / "ipython_config.py").write_text('c.InteractiveShellApp.exec_lines = ["%cd -q ~/projets"]\n')
    (profile / "startup/00.py").write_text("import os\nos._exit(1)\n")
    with opened_lab(
        tmp_path_factory.mktemp("cle") / "classeur",
        environment={"HOME": str(home)},
        fill=lambda folder: plant(folder, witness),
    ) as lab:
        yield lab, witness


@pytest.mark.browser
def test_the_words_stand_beside_their_notebook_and_nothing_planted_runs(besieged: tuple[Lab, Path], page: Any) -> None:
    lab, witness = besieged
    page.goto(lab.url("exercises/but-1/but-1.ipynb"))
    page.get_by_label(re.compile("^Stratégie")).first.fill("Réunir les familles")
    answers = lab.folder / "exercises/but-1/reponses/1.1.json"
    until(lambda: answers.is_file() and "Réunir les familles" in answers.read_text(encoding="utf-8"))
    assert list(witness.iterdir()) == []


def test_a_workbook_brings_no_kernel(besieged: tuple[Lab, Path]) -> None:
    lab, witness = besieged
    headers = {"Authorization": f"token {lab.address.token}"}
    specs = urllib.request.Request(f"{lab.address.base}/api/kernelspecs", headers=headers)
    with urllib.request.urlopen(specs, timeout=600) as reply:
        assert json.load(reply)["kernelspecs"].keys() == {"python3"}
    body = json.dumps({"name": "piege"}).encode()
    start = urllib.request.Request(f"{lab.address.base}/api/kernels", body, headers, method="POST")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(start, timeout=600)
    assert list(witness.iterdir()) == []


@POSIX
def test_settings_are_in_a_folder_of_the_user_that_nobody_else_reads(tmp_path: Path) -> None:
    place = place_of(Request(tmp_path / "classeur"))
    assert tmp_path not in place.private.parents
    assert place.private.stat().st_mode & 0o777 == 0o700
    assert place_of(Request(tmp_path / "classeur")).private == place.private
    assert place_of(Request(tmp_path / "un autre")).private != place.private


@POSIX
def test_the_key_is_not_among_the_arguments_of_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    place = Place(tmp_path, tmp_path, free_port())
    launch._show(Address(place.port, "la-clé-secrète", 1), place, browser=True)
    (url,) = opened
    assert "secr" not in url
    assert url == place.door.as_uri()
    assert "token=la-cl" in place.door.read_text(encoding="utf-8")
    assert place.door.stat().st_mode & 0o777 == 0o600
    place.forget_address()
    assert not place.door.exists()


def servers(port: str) -> list[psutil.Process]:
    option = f"--ServerApp.port={port}"
    return [process for process in psutil.process_iter(["cmdline"]) if option in (process.info["cmdline"] or ())]


def until_line(process: subprocess.Popen[str], part: str) -> None:
    assert process.stdout
    assert any(part in line for line in process.stdout), part


@POSIX
def test_in_a_home_that_nobody_can_write_each_command_has_the_same_folder_of_this_account_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ELSEWHERE:
        monkeypatch.setenv(name, NOWHERE)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    request = Request(tmp_path / "classeur")
    folder = place_of(request).private
    assert tmp_path == folder.parent
    folder.chmod(0o777)
    assert (place_of(request).private, folder.stat().st_mode & 0o777) == (folder, 0o700)
    assert list(tmp_path.iterdir()) == [folder]
    account = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: account + 1)
    with pytest.raises(PermissionError):
        launch._make_private(folder)  # of another account
    monkeypatch.undo()
    folder.rmdir()
    (tmp_path / "leurre").mkdir(mode=0o755)
    folder.symlink_to(tmp_path / "leurre")
    with pytest.raises(PermissionError):
        launch._make_private(folder)
    assert (tmp_path / "leurre").stat().st_mode & 0o777 == 0o755


@POSIX
def test_in_a_home_that_nobody_can_write_it_opens_and_two_ctrl_c_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = str(free_port())
    words = ["open", "--dossier", str(tmp_path / "classeur"), "--port", port, "--sans-navigateur"]
    nowhere = dict.fromkeys(ELSEWHERE, NOWHERE)
    for line, result in (("Le cours s’ouvre", 0), ("Ctrl", 0)):  # while it starts; when it is there
        process = subprocess.Popen(
            [sys.executable, "-m", "course.commands", *words],
            env={**os.environ, **nowhere, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        until_line(process, line)
        if line == "Ctrl":
            with monkeypatch.context() as patch:
                for name in nowhere:
                    patch.setenv(name, NOWHERE)
                assert commands.main(words) == 0
            assert "Le cours est déjà ouvert" in capsys.readouterr().out
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=600)
        assert process.returncode == result, rest
        assert "Le cours est fermé." in rest
        assert not servers(port)


@POSIX
def test_folders_with_personal_data_are_for_one_person(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        for mode, after, created in ((0o755, 0o750, 0o600), (0o775, 0o770, 0o660), (0o700, 0o700, 0o600)):
            folder = tmp_path / oct(mode)
            folder.mkdir()
            folder.chmod(mode)
            with files.private(folder):
                files.write(folder / "a/b.json", b"{}")
            assert folder.stat().st_mode & 0o777 == after, oct(mode)
            assert (folder / "a/b.json").stat().st_mode & 0o777 == created, oct(mode)
    finally:
        os.umask(before)
