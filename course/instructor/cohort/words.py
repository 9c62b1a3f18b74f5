"""The words of a canvas that a mark is given to: those that were graded, and those that are handed in now.

Identifiers, dates, empty rows and spaces do not count: a file that was only saved again has the same words.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from course.core.answers import FOLDER, file_name, parse
from course.core.answers.format import ACTION_FIELDS, FORMAT, MAX_BYTES, Answers, tidy
from course.core.files import read_bytes
from course.core.names import refused_name
from course.core.refusal import Unreadable
from course.core.syllabus import Objective
from course.instructor.cohort import copies
from course.instructor.cohort.places import Cohort


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a canvas.

    Attributes:
        digest: SHA-256 of the words, in hexadecimal; one of its own for a file that cannot be read.
        text: The words alone, as an answers file; empty when they cannot be read.
        answers: The answers; None when nothing was handed in, or it cannot be read.
        problem: Why the file cannot be read, in French; else empty.
    """

    digest: str
    text: str = ""
    answers: Answers | None = None
    problem: str = ""


def graded(cohort: Cohort, student: str, objective: Objective) -> Words | None:
    """Return the words that were graded; None when there is no graded copy."""
    return _read(cohort.autograded, student, objective, graded=True)


def handed_in(cohort: Cohort, student: str, objective: Objective) -> Words | None:
    """Return the words of the latest hand-in, graded or not; None when there is no copy at all."""
    return _read(cohort.submitted, student, objective) or graded(cohort, student, objective)


def restored(text: str, objective: Objective) -> Answers | None:
    """Return the answers in a `Words.text`; None when it is empty or cannot be read."""
    try:
        return parse(text.encode(), objective) if text else None
    except Unreadable:
        return None


def is_untouched(cohort: Cohort, student: str, objective: Objective) -> bool:
    """Return True where the graded file has the very bytes of the one handed in: their words need not be compared."""
    try:
        now = _raw(cohort.submitted, student, objective)
        return now is not None and now == _raw(cohort.autograded, student, objective, graded=True)
    except Unreadable:
        return False


def _read(home: Path, student: str, objective: Objective, *, graded: bool = False) -> Words | None:
    try:
        copy = _raw(home, student, objective, graded=graded)
        return None if copy is None else _words(*copy, objective)
    except Unreadable as error:
        return _unreadable(error.reason)


def _raw(home: Path, student: str, objective: Objective, *, graded: bool = False) -> tuple[bytes | None] | None:
    """Return the bytes of a canvas, None when it was not handed in, in a tuple; None without a copy of its goal."""
    parts = (student, f"but-{objective.goal}")
    if refused_name(student) or not os.path.lexists(home.joinpath(*parts)):
        return None
    if graded:
        return (copies.read_raw(objective, home, *parts),)
    return (read_bytes(home, *parts, FOLDER, file_name(objective), limit=MAX_BYTES),)


@lru_cache(maxsize=512)  # the members of a group have the same file
def _words(raw: bytes | None, objective: Objective) -> Words:
    answers = None if raw is None else parse(raw, objective)
    text = json.dumps(
        {"format": FORMAT, "objective": objective.id, "options": _options(answers, str.strip)}, ensure_ascii=False
    )
    digest = sha256(json.dumps(_options(answers, tidy)).encode()).hexdigest()
    return Words(digest, text, answers)


def _unreadable(reason: str) -> Words:
    return Words(sha256(b"unreadable").hexdigest(), problem=reason)


def _options(answers: Answers | None, form: Callable[[str], str]) -> dict[str, list[dict[str, object]]]:
    """Return the rows that hold any words, by option, each text in a form."""
    options: dict[str, list[dict[str, object]]] = {}
    for option, strategies in answers.options.items() if answers else ():
        rows: list[dict[str, object]] = []
        for row in strategies:
            written = ({name: form(getattr(action, name)) for name in ACTION_FIELDS} for action in row.actions)
            actions = [action for action in written if any(action.values())]
            if (strategy := form(row.strategy)) or actions:
                rows.append({"strategy": strategy, "actions": actions})
        if rows:
            options[option] = rows
    return options
