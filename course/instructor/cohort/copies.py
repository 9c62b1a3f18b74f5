"""The copies of a class as they were graded: what a group handed in together is one copy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.core import syllabus, team
from course.core.answers import FOLDER, file_name, read, unreadable_name
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
    """What one trainee, or a group together, handed in for one goal.

    Attributes:
        goal: The goal.
        students: Whose it is, in alphabetical order.
        team: Who they say they are.
        folder: One of their graded folders; the answers in all of them are the same.
    """

    goal: Goal
    students: tuple[str, ...]
    team: Team
    folder: Path

    def answers(self, objective: Objective) -> Answers | None:
        """What they wrote in a canvas; None when nothing was handed in.

        Raises:
            Unreadable: Grading refused the file; the reason is French.
        """
        return read_graded(self.folder, objective)

    def documents(self) -> Iterator[tuple[Objective, Document | Unreadable | None]]:
        """What they wrote in all canvases of the goal, read together: for a whole class this is several times faster.

        Yields:
            Each objective and its document, which `format.load` accepted; why there is none that can be read; None
            when nothing was handed in.
        """
        files = _files(self.folder, self.goal)
        for objective in self.goal.objectives:
            reason, raw = files.get(unreadable_name(objective)), files.get(file_name(objective))
            if reason is not None:
                text = reason if isinstance(reason, Unreadable) else Unreadable(_shortened(reason))
                yield objective, text
            elif isinstance(raw, bytes):
                yield objective, _loaded(raw, objective)
            else:
                yield objective, raw


def read_graded(folder: Path, objective: Objective) -> Answers | None:
    """The answers of one canvas in a graded folder; None when nothing was handed in.

    Args:
        folder: `autograded/<student>/<assignment>`.
        objective: The canvas.

    Raises:
        Unreadable: Grading refused the file, or it is damaged since; the reason is French.
    """
    reason = read_bytes(folder, FOLDER, unreadable_name(objective), limit=_MAX_REASON)
    if reason is not None:
        raise Unreadable(reason.decode("utf-8", errors="replace"))
    return read(folder, objective)


def marked_canvas(folder: Path, objective: Objective) -> Marked:
    """The mark of one canvas in a graded folder, and what is shown of it; 0 and the reason for one that was refused."""
    try:
        return marked(objective, read_graded(folder, objective))
    except Unreadable as error:
        return unreadable(objective, error)


def read_all(cohort: Cohort, goal: Goal) -> tuple[Copy, ...]:
    """The graded copies of a goal, in the order of their first trainee.

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
        who = _team(folder, known)
        key: tuple[object, ...] = (who, student)
        if len(who.members) > 1:
            files = _files(folder, goal)
            key = (who, *(_digest(files, each) for each in goal.objectives))
        together.setdefault(key, []).append((student, who, folder))
    return tuple(Copy(goal, tuple(name for name, *_ in same), same[0][1], same[0][2]) for same in together.values())


def _team(folder: Path, known: dict[bytes | None, Team]) -> Team:
    """Who a copy says it is of; `known` are the teams met before, by the bytes of their files."""
    try:
        raw = read_bytes(folder, team.FILE, limit=team.MAX_BYTES)
        if raw not in known:
            known[raw] = Team() if raw is None else team.parse(raw)
        return known[raw]
    except Unreadable:
        return Team()


def _loaded(raw: bytes, objective: Objective) -> Document | Unreadable:
    try:
        return load(raw, objective)
    except Unreadable as error:
        return error


def _shortened(raw: bytes) -> str:
    return raw[:_MAX_REASON].decode("utf-8", errors="replace")


def _digest(files: Mapping[str, bytes | Unreadable], objective: Objective) -> str:
    digest = sha256()
    for name in (file_name(objective), unreadable_name(objective)):
        raw = files.get(name)
        digest.update(b"-" if raw is None else b"+" + (b"?" if isinstance(raw, Unreadable) else raw))
    return digest.hexdigest()


def _files(folder: Path, goal: Goal) -> dict[str, bytes | Unreadable]:
    """What the answers' folder holds for the canvases of a goal, by file name; no link is followed."""
    names = _names(goal.id)
    with suppress(OSError):  # most canvases have one of their two files: asking for both would take twice as long
        names = names.intersection(os.listdir(folder / FOLDER))  # noqa: PTH208 - names, thousands of times
    files: dict[str, bytes | Unreadable] = {}
    for name in names:
        try:
            raw = read_bytes(folder, FOLDER, name, limit=MAX_BYTES)
        except Unreadable as error:
            files[name] = error
        else:
            if raw is not None:
                files[name] = raw
    return files


@cache
def _names(goal: str) -> frozenset[str]:
    objectives = syllabus.load().goal(goal).objectives
    return frozenset(name for each in objectives for name in (file_name(each), unreadable_name(each)))
