"""Opens the course: `python3 ouvrir.py`, or a double click on « Ouvrir le cours ».

What is installed is opened at once, network or not. Only what is missing, or what an update of the course asks for, is
installed first, into this folder alone. This file needs nothing but Python: it must speak French before anything else
is there.
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
STAMP = ENVIRONMENT / ".course-installe"  # of the pyproject.toml that was installed last
MINIMUM = (3, 11)
PROBE = "import jupyterlab, ipywidgets, anywidget, course.commands"


def main(arguments: list[str]) -> int:
    """Opens the course with what `course open` takes; returns its exit code."""
    if "--installer" in arguments:
        arguments.remove("--installer")
        STAMP.unlink(missing_ok=True)
    if not is_current() and not install() and not is_usable():
        return 1
    command = [str(PYTHON), "-m", "course.commands", "open", *arguments]
    course = subprocess.Popen(command, cwd=ROOT, env=clean_environment())
    while True:
        try:
            return course.wait()
        except KeyboardInterrupt:  # the course got it too, and closes: `subprocess.call` would kill it meanwhile
            continue


def is_usable() -> bool:
    """Whether what is installed can open the course, wherever this folder has been copied or moved."""
    if not PYTHON.exists():
        return False
    probe = subprocess.run(
        [str(PYTHON), "-c", PROBE], cwd=ROOT, env=clean_environment(), capture_output=True, check=False
    )
    return probe.returncode == 0


def is_current() -> bool:
    """Whether what is installed is what this version of the course asks for."""
    try:
        return STAMP.read_text(encoding="ascii") == fingerprint() and is_usable()
    except (OSError, ValueError):
        return False


def fingerprint() -> str:
    """What tells one list of dependencies from another."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()


def install() -> bool:
    """Installs what a learner needs into `.venv`; whether it is there now. Says in French why it is not."""
    uv = find_uv() or install_uv()
    if uv is None:
        return False
    first = not is_usable()
    say("Installation du cours : quelques minutes la première fois." if first else "Mise à jour du cours…")
    command = [*uv, "sync", "--no-dev", "--inexact", "--quiet"]
    for network in ("--offline", ""):
        attempt = [*command, network] if network else command
        done = subprocess.run(attempt, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)
        if done.returncode == 0 and is_usable():
            STAMP.write_text(fingerprint(), encoding="ascii")
            return True
    if first:
        say(
            "Le cours n’a pas pu être installé. La première fois, il faut le réseau : branchez-le, puis recommencez.\n"
            "Si le réseau marche, montrez ces lignes à la personne qui vous aide :\n"
            f"{done.stderr.strip()[-2000:]}"
        )
    else:
        say("Pas de réseau : le cours s’ouvre tel qu’il est installé ; il se mettra à jour une autre fois.")
    return False


def find_uv() -> list[str] | None:
    """The command of uv: this folder's own, the system's, or the one that this Python has."""
    names = ("uv.exe", "uv") if os.name == "nt" else ("uv",)
    homes = [TOOLS / "bin", Path.home() / ".local" / "bin", Path.home() / ".cargo" / "bin"]
    for path in (home / name for home in homes for name in names):
        if path.is_file():
            return [str(path)]
    if found := shutil.which("uv"):
        return [found]
    module = subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True, check=False)
    return [sys.executable, "-m", "uv"] if module.returncode == 0 else None


def install_uv() -> list[str] | None:
    """Puts uv into `.outils/` of this folder, as pip may on a system that manages its own Python; its command."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(TOOLS), "uv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return find_uv()
    if "No module named pip" in done.stderr:
        say(
            "Il manque « pip » à Python. Sous Debian ou Ubuntu : « sudo apt install python3-pip », puis recommencez. "
            "Ailleurs, réinstallez Python depuis python.org."
        )
    else:
        say(
            "L’outil d’installation « uv » n’a pas pu être pris sur le réseau : branchez le réseau, puis recommencez.\n"
            f"{done.stderr.strip()[-1000:]}"
        )
    return None


def clean_environment() -> dict[str, str]:
    """The environment without another project's virtual environment, which uv and Python would take for ours."""
    return {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    }


def say(text: str) -> None:
    """Prints a line at once, with the spaces of French, on any terminal."""
    line = text.replace(" :", "\u00a0:").replace(" ;", "\u202f;").replace("« ", "«\u202f").replace(" »", "\u202f»")
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, errors="replace").decode(encoding), flush=True)


if __name__ == "__main__":
    if sys.version_info < MINIMUM:
        say("Il faut Python 3.11 ou plus récent : prenez-le sur python.org, puis recommencez.")
        sys.exit(1)
    sys.exit(main(sys.argv[1:]))
