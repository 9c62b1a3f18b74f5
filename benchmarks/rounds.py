"""Measuring: an isolated home, alternated rounds, commands with a time limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
COURSE, OTHER = "course", "other"

_POSIX = os.name == "posix"
_SETTINGS = ("JUPYTER", "JPY_", "IPYTHON", "NBGRADER", "PYTHONSAFEPATH", "PYTHONDONTWRITEBYTECODE")
_Value = TypeVar("_Value")


class Impossible(Exception):  # noqa: N818 - displayed as « mesure impossible »
    """A measurement cannot be made here; the message is a French sentence: why, and what to do."""


@contextmanager
def isolated() -> Iterator[Path]:
    """Create a temporary home for all processes started inside the `with` block, without the user's settings.

    Child processes find the course and the scripts of this environment, as in an activated one. When Python writes no
    bytecode, it is cached in the home: compiling at each import would distort times and memory. So measured code must
    have run once before.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="mesures-", ignore_cleanup_errors=True) as name:
        home = Path(name).resolve()
        path = os.pathsep.join([str(Path(sys.executable).parent), before.get("PATH", os.defpath)])
        for variable in before:
            if variable.startswith(_SETTINGS):
                del os.environ[variable]
        os.environ |= {
            "HOME": str(home),
            "USERPROFILE": str(home),
            "APPDATA": str(home / "AppData"),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(home / "jupyter" / "config"),
            "JUPYTER_DATA_DIR": str(home / "jupyter" / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "jupyter" / "runtime"),
            "PATH": path,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), before.get("PYTHONPATH", "")])),
        }
        if sys.dont_write_bytecode:
            os.environ["PYTHONPYCACHEPREFIX"] = str(home / "compiled")
        try:
            yield home
        finally:
            os.environ.clear()
            os.environ.update(before)


def alternated(
    rounds: int, sides: Mapping[str, Callable[[int], _Value]], say: Callable[[str], None] = lambda _: None
) -> dict[str, list[_Value]]:
    """Run each side once per round, in alternating order, so that other load affects both.

    Args:
        rounds: 1 or more.
        sides: The function of each side, called with the number of the round, from 0.
        say: Receives the progress, in French.

    Returns:
        The results of each side, by round.
    """
    results: dict[str, list[_Value]] = {side: [] for side in sides}
    for number in range(rounds):
        say(f"tour {number + 1} sur {rounds}")
        for side in list(sides) if number % 2 == 0 else reversed(list(sides)):
            results[side].append(sides[side](number))
    return results


def run(command: Sequence[str], folder: Path, patience: float) -> str:
    """Run a command with a time limit, which ends its child processes too.

    Args:
        command: The program and its arguments.
        folder: Its working folder.
        patience: The time limit in seconds.

    Returns:
        Its output.

    Raises:
        Impossible: It failed, or took longer.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=_POSIX,
    )
    words = " ".join(command[1:4])
    try:
        printed, errors = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        raise Impossible(f"« {words} » n’a pas fini en {patience:.0f} s : la machine est-elle occupée ?") from None
    finally:
        if process.returncode is None:
            _end(process)
    if process.returncode:
        raise Impossible(f"« {words} » a échoué :\n{errors[-2000:]}")
    return printed


def _end(process: subprocess.Popen[str]) -> None:
    if _POSIX:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
