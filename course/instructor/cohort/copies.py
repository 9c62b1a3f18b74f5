"""The graded copies of a class: what a group handed in together is one copy."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.core import team
from course.core.answers import FOLDER, file_name, parse, unreadable_name
from course.core.answers.format import MAX_BYTES, Answers, load
from course.core.files import read_bytes
from course.core.marking import Marked, marked, unreadable
from course.core.names import refused_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.team import Team
from course.instructor.cohort.places import Cohort

Document = Mapping[str, Any]
_MAX_REASON = 4_000


@dataclass(frozen=True, slots=True)
class Copy:
    """The work of one trainee, or of a group together, for one goal.

    Attributes:
        goal: The goal.
        students: The identifiers of its trainees, in alphabetical order.
        team: The team that its `equipe.json` names.
        folder: The graded folder of one of them; the answers in all of them are the same.
    """

    goal: Goal
    students: tuple[str, ...]
    team: Team
    folder: Path

    def answers(self, objective: Objective) -> Answers | None:
        """Return the answers of a canvas; None when nothing was handed in.

        Raises:
            Unreadable: Grading refused the file; the reason is French.
        """
        return read_graded(self.folder, objective)

    def documents(self) -> Iterator[tuple[Objective, Document | Unreadable | None]]:
        """The answers of all canvases of the goal, read together: for a whole class this is several times faster.

        Yields:
            Each objective with its document, which `format.load` accepted; with the reason when it cannot be read; with
            None when nothing was handed in.
        """
        names = _names(self.folder)
        for objective in self.goal.objectives:
            try:
                raw = read_raw(objective, self.folder, names=names)
                yield objective, None if raw is None else load(raw, objective)
            except Unreadable as error:
                yield objective, error


def read_raw(objective: Objective, folder: Path, *parts: str, names: Collection[str] | None = None) -> bytes | None:
    """Return the bytes of a graded answers file; None when nothing was handed in.

    Args:
        objective: The canvas.
        folder: A trusted folder.
        parts: The graded folder below it, `<student>/<assignment>`, one name each; no link is followed.
        names: The names in the folder of answers, if they are known: a file that is not there is not looked for.

    Raises:
        Unreadable: Grading refused the file, or it is damaged since; the reason is French.
    """
    refused, answers = unreadable_name(objective), file_name(objective)
    if names is None or refused in names:
        reason = read_bytes(folder, *parts, FOLDER, refused, limit=_MAX_REASON)
        if reason is not None:
            raise Unreadable(reason.decode(errors="replace"))
    if names is None or answers in names:
        return read_bytes(folder, *parts, FOLDER, answers, limit=MAX_BYTES)
    return None


def read_graded(folder: Path, objective: Objective) -> Answers | None:
    """Return the answers of one canvas in a graded folder; None when nothing was handed in.

    Args:
        folder: `autograded/<student>/<assignment>`.
        objective: The canvas.

    Raises:
        Unreadable: Grading refused the file, or it is damaged since; the reason is French.
    """
    raw = read_raw(objective, folder)
    return None if raw is None else parse(raw, objective)


def marked_canvas(folder: Path, objective: Objective) -> Marked:
    """Return the mark of one canvas in a graded folder, and its answers as shown; 0 and the reason for a refused one."""
    try:
        return marked(objective, read_graded(folder, objective))
    except Unreadable as error:
        return unreadable(objective, error)


def read_all(cohort: Cohort, goal: Goal) -> tuple[Copy, ...]:
    """Return the graded copies of a goal, in the order of their first trainee.

    Args:
        cohort: The class.
        goal: The goal.
    """
    together: dict[object, list[tuple[str, Team, Path]]] = {}
    known: dict[bytes | None, Team] = {}
    for folder in sorted(cohort.autograded.glob(f"*/{goal.assignment}")):
        student = folder.parent.name
        if not folder.is_dir() or refused_name(student):
            continue
        people = _team(folder, known)
        key: tuple[object, ...] = (people, student)
        if len(people.members) > 1:
            names = _names(folder)
            key = (people, *(_digest(folder, names, objective) for objective in goal.objectives))
        together.setdefault(key, []).append((student, people, folder))
    return tuple(Copy(goal, tuple(name for name, *_ in same), same[0][1], same[0][2]) for same in together.values())


def _team(folder: Path, known: dict[bytes | None, Team]) -> Team:
    """Return the team of a copy; `known` has those of the copies read before, by the bytes of their files."""
    try:
        raw = read_bytes(folder, team.FILE, limit=team.MAX_BYTES)
    except Unreadable:
        return Team()
    if raw not in known:
        known[raw] = team.or_nobody(raw)
    return known[raw]


def _digest(folder: Path, names: Collection[str] | None, objective: Objective) -> str:
    try:
        raw = read_raw(objective, folder, names=names)
    except Unreadable as error:
        return f"? {error.reason}"
    return "" if raw is None else sha256(raw).hexdigest()


def _names(folder: Path) -> frozenset[str] | None:
    """Return the names in a folder of answers: most canvases have one of their two files, and asking for both is slow."""
    try:
        return frozenset(os.listdir(folder / FOLDER))  # noqa: PTH208 - names, thousands of times
    except OSError:
        return None
