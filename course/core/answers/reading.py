"""Reading a file that somebody else put there: never a link, never a pipe, never more than a bound."""

from __future__ import annotations

from pathlib import Path

from course.core.answers.format import MAX_BYTES, Answers, parse
from course.core.files import read_bytes
from course.core.syllabus import Objective

FOLDER = "reponses"


def file_name(objective: Objective) -> str:
    """The name of a canvas's answers file: `1.1.json`."""
    return f"{objective.id}.json"


def unreadable_name(objective: Objective) -> str:
    """The file that says why a canvas's answers were not taken: `1.1.illisible.txt`."""
    return f"{objective.id}.illisible.txt"


def read(folder: Path, objective: Objective) -> Answers | None:
    """The answers of one canvas in an assignment's folder.

    Args:
        folder: The folder that holds the notebook and `reponses/`; trusted itself, nothing below it is.
        objective: The canvas.

    Returns:
        The answers, or None when there is no such file.

    Raises:
        Unreadable: There is something of that name, and it is not a readable answers file.
    """
    raw = read_bytes(folder, FOLDER, file_name(objective), limit=MAX_BYTES)
    return None if raw is None else parse(raw, objective)
