"""The command lines that messages tell a person to type, as this computer's terminal takes them."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from course.core.content import PACKAGE

PROGRAM = "COURSE_PROGRAM"
"""The variable with what a person types before the name of a command, for processes that the course starts."""
AT_DESK = "COURSE_DESK"
"""The variable that is set in what an instructor's desk runs: who reads a message there has buttons and no terminal."""
SCRIPT = "ouvrir.py"
"""`ouvrir.py` sets `PROGRAM` to a command line that ends so; without a command's name, it opens the course."""
_UV = "uv run"
_UV_DEPTH = "UV_RUN_RECURSION_DEPTH"  # `uv run` sets it for what it runs (uv, « Environment variables »)
_WINDOWS = os.name == "nt"
_PLAIN = re.compile(r"[\w@%+=:,./\\~-]+" if _WINDOWS else r"[\w@%+=:,./~-]+")


def typed(name: str, *words: str | Path, folder: Path | None = None, extra: str = "") -> str:
    """Return the command line for a command of the course.

    Args:
        name: The command's name, `grade`.
        words: Its further words; those with spaces are quoted.
        folder: Where it will be typed; by default where this program was started.
        extra: The optional packages that it needs, `instructor`.

    Returns:
        `uv run course grade` for a course that `uv run` started, `python3 ouvrir.py grade` for one that `ouvrir.py`
        started, else `course grade`.
    """
    start = program(folder, extra)
    names = [] if name == "open" and start.endswith(SCRIPT) else [name]
    return " ".join([start, *names, *(quoted(str(word)) for word in words)])


def program(folder: Path | None = None, extra: str = "") -> str:
    """Return what is typed before the name of a command; `folder` and `extra` are those of `typed`."""
    inherited = os.environ.get(PROGRAM, "")
    if inherited and (folder is None or not inherited.startswith(_UV)):
        return inherited if not extra or not inherited.startswith(_UV) else _with_extra(inherited, extra)
    if not inherited and _UV_DEPTH not in os.environ:
        return "course"
    return _with_extra(f"{_UV}{_project(folder)} course", extra)


def installation(extra: str = "") -> str:
    """Return the command line that installs the course with its optional packages."""
    start = os.environ.get(PROGRAM, "")
    if start.endswith(SCRIPT) and not extra:
        return f"{start} --installer"
    if _UV_DEPTH in os.environ or start.startswith(_UV) or start.endswith(SCRIPT):
        return f"uv sync{_project(None)} --inexact{f' --extra {extra}' if extra else ''}"
    return f'pip install "soins-centres-personnes{f"[{extra}]" if extra else ""}"'


def quoted(word: str) -> str:
    """Return a word as a terminal takes it: between quotes where it has spaces or signs."""
    if _PLAIN.fullmatch(word):
        return word
    return f'"{word}"' if _WINDOWS else shlex.quote(word)


def _with_extra(start: str, extra: str) -> str:
    return f"{start.removesuffix(' course')} --extra {extra} course" if extra else start


def _project(folder: Path | None) -> str:
    """Return the option by which uv finds the clone from a folder outside of it; empty inside of it."""
    clone = PACKAGE.parent
    try:
        here = (folder or Path.cwd()).resolve()
    except OSError:  # the working folder was removed
        return ""
    outside = (clone / "pyproject.toml").is_file() and not here.is_relative_to(clone)
    return f" --project {quoted(str(clone))}" if outside else ""
