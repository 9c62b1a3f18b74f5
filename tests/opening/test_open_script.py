"""`ouvrir.py` and the files to double-click: the course opens on the second day, with no network at all."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from browser import free_port

ROOT = Path(__file__).resolve().parents[2]
# A cable that is not plugged in: only the loopback of a network namespace of its own.
UNPLUGGED = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def copied(folder: Path) -> Path:
    """What git tracks, as a person gets it on a key."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, map(os.fsdecode, names)):
        if not name.startswith(("tests/", "benchmarks/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COURSE_", "VIRTUAL_ENV"))}
    return {**kept, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUTF8": "1", **more}


@contextmanager
def opened(folder: Path, home: Path, *before: str) -> Iterator[str]:
    """Runs `ouvrir.py` until the course has an address, gives what it printed until then, and closes it."""
    words = ("--sans-navigateur", "--port", str(free_port()), "--dossier", str(home / "classeur"))
    process = subprocess.Popen(
        [*before, sys.executable, "ouvrir.py", *words], cwd=folder, env=environment(home), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    printed = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            printed += line
            if "http://" in line:
                break
        yield printed
    finally:
        os.killpg(process.pid, signal.SIGINT)
        rest, _ = process.communicate(timeout=300)
    assert "Traceback" not in printed + rest, printed + rest
    left = [one.pid for one in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(one.info["cmdline"] or ())]
    assert not left, "a server outlives the command that started it"


@pytest.fixture
def unplugged() -> tuple[str, ...]:
    """What runs a command on a computer whose cable is not plugged in: a network namespace with a loopback alone."""
    if (
        shutil.which("unshare")
        and subprocess.run([*UNPLUGGED, "true"], capture_output=True, check=False).returncode == 0
    ):
        return UNPLUGGED
    reason = "il faut Linux et les droits de root pour débrancher le réseau"
    if os.environ.get("COURSE_REQUIRE_ACCOUNTS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def test_the_course_opens_on_the_second_day_without_a_network(tmp_path: Path, unplugged: tuple[str, ...]) -> None:
    """Case `offline`: opened again, updated from a key, moved, copied; each time with no network."""
    home = tmp_path / "home"
    home.mkdir()
    folder = copied(tmp_path / "le cours")
    with opened(folder, home) as printed:
        assert "Installation du cours" in printed
        assert "http://127.0.0.1" in printed
    pyproject = folder / "pyproject.toml"
    pyproject.write_text(re.sub(r'(?m)^version = ".+"$', 'version = "9.9.9"', pyproject.read_text("utf-8")), "utf-8")
    with opened(folder, home, *unplugged) as printed:
        assert "http://127.0.0.1" in printed, printed
    moved = folder.rename(tmp_path / "ailleurs")
    with opened(moved, home, *unplugged) as printed:
        assert "http://127.0.0.1" in printed, printed


def test_a_first_time_without_a_network_is_told_in_french(tmp_path: Path, unplugged: tuple[str, ...]) -> None:
    folder = copied(tmp_path / "cours")
    done = subprocess.run(
        [*unplugged, sys.executable, "ouvrir.py"], cwd=folder, capture_output=True, text=True, check=False,
        env=environment(tmp_path, UV_CACHE_DIR=str(tmp_path / "empty")),
    )  # fmt: skip
    assert done.returncode == 1
    assert "La première fois, il faut le réseau" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_files_to_double_click_run_the_script_beside_them(tmp_path: Path) -> None:
    for name in ("Ouvrir le cours.cmd", "Ouvrir le cours.command", "Ouvrir le cours.desktop"):
        assert "ouvrir.py" in (ROOT / name).read_text(encoding="utf-8")
    assert os.access(ROOT / "Ouvrir le cours.command", os.X_OK)
    folder = tmp_path / "un dossier à moi"
    folder.mkdir()
    shutil.copy2(ROOT / "Ouvrir le cours.desktop", folder)
    (folder / "ouvrir.py").write_text("import os; print('ici', os.getcwd())\n", encoding="utf-8")
    entry = (folder / "Ouvrir le cours.desktop").read_text(encoding="utf-8")
    command = shlex.split(re.search(r"(?m)^Exec=(.+)$", entry)[1])
    for place in (str(folder / "x.desktop"), (folder / "x.desktop").as_uri()):
        words = [place if word == "%k" else word for word in command]
        done = subprocess.run(words, capture_output=True, text=True, input="\n", check=False)
        assert f"ici {folder}" in done.stdout, done.stderr


def test_it_runs_the_commands_that_messages_name(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    script = importlib.import_module("ouvrir")
    monkeypatch.setattr(script, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(script, "is_current", lambda: True)
    start = "py ouvrir.py" if os.name == "nt" else "python3 ouvrir.py"
    assert script.main(["--aide"]) == 0
    assert f"Utilisation\u00a0: {start} open" in capfd.readouterr().out
    assert script.main(["submit", "but-1", "--dossier", str(tmp_path), "--oui"]) == 2
    assert f"ouvrez d’abord le cours par «\u202f{start}\u202f»" in capfd.readouterr().err
    assert script.main(["close", "--dossier", str(tmp_path)]) == 2
    assert "il n’y a rien à arrêter" in capfd.readouterr().err
