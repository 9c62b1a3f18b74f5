"""Opens the course: `python3 ouvrir.py`, or a double click on « Ouvrir le cours ».

An installed course opens at once, with or without network. A missing installation, or one that an update of the course
requires, is made first, in this folder only. This file needs Python alone: it must print French sentences before
anything else is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
TOOLS = ROOT / ".outils"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / ".course-installe"  # the fingerprint of the last installation
MINIMUM = (3, 11)
PROBE = "import jupyterlab, ipywidgets, anywidget, course.commands"


def main(arguments: list[str]) -> int:
    """Open the course, or run the command that the first argument names; return its exit code."""
    if "--installer" in arguments:
        arguments.remove("--installer")
        STAMP.unlink(missing_ok=True)
    if not is_current() and not install() and not is_usable():
        return 1
    name = [] if arguments and not arguments[0].startswith("-") else ["open"]
    command = [str(PYTHON), "-m", "course.commands", *name, *arguments]
    course = subprocess.Popen(command, cwd=ROOT, env=clean_environment())
    while True:
        try:
            return course.wait()
        except KeyboardInterrupt:  # the course received it too, and closes: `subprocess.call` would kill it
            continue


def is_usable() -> bool:
    """Return True when the installation can open the course, even after this folder was copied or moved."""
    if not PYTHON.exists():
        return False
    probe = subprocess.run(
        [str(PYTHON), "-c", PROBE], cwd=ROOT, env=clean_environment(), capture_output=True, check=False
    )
    return probe.returncode == 0


def is_current() -> bool:
    """Return True when the installation has the dependencies of this version of the course."""
    try:
        return STAMP.read_text(encoding="ascii") == fingerprint() and is_usable()
    except (OSError, ValueError):
        return False


def fingerprint() -> str:
    """Return the fingerprint of the list of dependencies."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()


def install() -> bool:
    """Install the course for a learner into `.venv`; return True on success, else print why in French."""
    uv = find_uv() or install_uv()
    if uv is None:
        return False
    first = not is_usable()
    say("Installation du cours : quelques minutes la première fois." if first else "Mise à jour du cours…")
    command = [*uv, "sync", "--no-dev", "--inexact", "--quiet"]
    for network in ("--offline", ""):
        attempt = [*command, network] if network else command
        result = subprocess.run(attempt, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)
        if result.returncode == 0 and is_usable():
            STAMP.write_text(fingerprint(), encoding="ascii")
            return True
    if first:
        say(
            "Le cours n’a pas pu être installé. La première fois, il faut le réseau : branchez-le, puis recommencez.\n"
            "Si le réseau marche, montrez ces lignes à la personne qui vous aide :\n"
            f"{result.stderr.strip()[-2000:]}"
        )
    else:
        say("Pas de réseau : le cours s’ouvre tel qu’il est installé ; il se mettra à jour une autre fois.")
    return False


def find_uv() -> list[str] | None:
    """Return the command of uv: of this folder, of the system, or of this Python; None without one."""
    names = ("uv.exe", "uv") if os.name == "nt" else ("uv",)
    homes = [TOOLS / "bin", Path.home() / ".local" / "bin", Path.home() / ".cargo" / "bin"]
    for path in (home / name for home in homes for name in names):
        if path.is_file():
            return [str(path)]
    if command := shutil.which("uv"):
        return [command]
    module = subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True, check=False)
    return [sys.executable, "-m", "uv"] if module.returncode == 0 else None


def install_uv() -> list[str] | None:
    """Install uv into `.outils/` of this folder, which pip allows in any environment; return its command."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(TOOLS), "uv"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return find_uv()
    if "No module named pip" in result.stderr:
        say(
            "Il manque « pip » à Python. Sous Debian ou Ubuntu : « sudo apt install python3-pip », puis recommencez. "
            "Ailleurs, réinstallez Python depuis python.org."
        )
    else:
        say(
            "L’outil d’installation « uv » n’a pas pu être pris sur le réseau : branchez le réseau, puis recommencez.\n"
            f"{result.stderr.strip()[-1000:]}"
        )
    return None


def clean_environment() -> dict[str, str]:
    """Return the environment variables without another project's virtual environment, with what a person types."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    }
    return kept | {"COURSE_PROGRAM": f"{'py' if os.name == 'nt' else 'python3'} ouvrir.py"}


def say(text: str) -> None:
    """Print a line with French no-break spaces, on any terminal, without buffering."""
    line = text.replace(" :", "\u00a0:").replace(" ;", "\u202f;").replace("« ", "«\u202f").replace(" »", "\u202f»")
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, errors="replace").decode(encoding), flush=True)


if __name__ == "__main__":
    if sys.version_info < MINIMUM:
        say("Il faut Python 3.11 ou plus récent : prenez-le sur python.org, puis recommencez.")
        sys.exit(1)
    sys.exit(main(sys.argv[1:]))
