"""nbgrader's exchange, where a class has one: the package of a goal is submitted there as well."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from enum import StrEnum
from pathlib import Path

from course.core import zips
from course.core.handin.package import Packed
from course.core.refusal import Unreadable

_PATIENCE = 120.0  # seconds; a shared folder on a slow network

# What nbgrader 0.9.6 logs where there is no exchange for this course, or nothing was released in it.
_ABSENT = re.compile(
    "No course id specified|Assignment not found|Inbound directory doesn't exist|not available on Windows"
)
# The same for a folder that is not there and for one that is protected.
_UNWRITABLE = re.compile(r"Unwritable directory, please contact your instructor: (.+)")


class Exchanged(StrEnum):
    """The outcome of a submission, as a French sentence; empty where there is no exchange."""

    ABSENT = ""
    DONE = "Votre travail est aussi remis par le réseau de la salle."
    FAILED = (
        "Le réseau de la salle n’a pas pris la remise. Rien n’est perdu : le fichier remis est dans votre "
        "classeur, donnez-le à votre formateur, ou remettez de nouveau plus tard."
    )


def available() -> bool:
    """Whether nbgrader is installed, so that there may be an exchange; to ask nbgrader itself takes seconds."""
    return importlib.util.find_spec("nbgrader") is not None and sys.platform != "emscripten"


def submit(packed: Packed, folder: Path) -> Exchanged:
    """Submits a package, and nothing else of the folder, by `nbgrader submit`.

    Args:
        packed: The archive, which is on disk already.
        folder: The folder of the goal's notebook: settings are looked for beside it, as nbgrader does by itself.

    Returns:
        The outcome.
    """
    if not available():
        return Exchanged.ABSENT
    try:
        with tempfile.TemporaryDirectory(prefix="remise-", ignore_cleanup_errors=True) as place:
            for name, raw in zips.files(packed.raw).items():
                path = Path(place, packed.manifest.goal.assignment, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
            done = _nbgrader(packed.manifest.goal.assignment, Path(place), folder.parent)
    except (OSError, subprocess.TimeoutExpired, Unreadable):
        return Exchanged.FAILED
    if done.returncode == 0:
        return Exchanged.DONE
    protected = _UNWRITABLE.search(done.stderr)
    absent = _ABSENT.search(done.stderr) or (protected and not Path(protected[1].strip()).exists())
    return Exchanged.ABSENT if absent else Exchanged.FAILED


def _nbgrader(assignment: str, place: Path, beside: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", "submit", assignment]
    settings = [f"--ExchangeSubmit.assignment_dir={place}", "--ExchangeSubmit.path_includes_course=False"]
    # Variables of the kernel that would make nbgrader take this for a grading are left out.
    own = {name: value for name, value in os.environ.items() if not name.startswith("NBGRADER")} | {"PYTHONUTF8": "1"}
    return subprocess.run(
        command + settings,
        cwd=beside,
        env=own,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=_PATIENCE,
        check=False,
    )
