"""The copies of a class as they were graded: what a group handed in together is one copy."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from course.cohort.places import Cohort
from course.core import team
from course.core.answers import FOLDER, UnreadableAnswer, file_name
from course.core.answers.format import MAX_BYTES, Answers
from course.core.answers.reading import read, read_bytes
from course.core.names import refused_name
from course.core.syllabus import Goal, Objective
from course.core.team import Team
from course.grading.staging import unreadable_name

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
            UnreadableAnswer: Grading refused the file; the reason is French.
        """
        reason = read_bytes(self.folder, FOLDER, unreadable_name(objective), limit=_MAX_REASON)
        if reason is not None:
            raise UnreadableAnswer(reason.decode("utf-8", errors="replace"))
        return read(self.folder, objective)

    def digest(self, objective: Objective) -> str:
        """A text that is another one as soon as what they wrote in a canvas is."""
        return _digest(self.folder, objective)


def read_all(cohort: Cohort, goal: Goal) -> tuple[Copy, ...]:
    """The graded copies of a goal, in the order of their first trainee.

    Args:
        cohort: The class.
        goal: The goal.
    """
    together: dict[object, list[tuple[str, Team, Path]]] = {}
    for folder in sorted(cohort.autograded.glob(f"*/{goal.assignment}")):
        student = folder.parent.name
        if not folder.is_dir() or refused_name(student):
            continue
        who = _team(folder)
        alone = None if len(who.members) > 1 else student
        key = (who, alone, *(_digest(folder, each) for each in goal.objectives))
        together.setdefault(key, []).append((student, who, folder))
    return tuple(Copy(goal, tuple(name for name, *_ in same), same[0][1], same[0][2]) for same in together.values())


def _team(folder: Path) -> Team:
    try:
        return team.read(folder)
    except UnreadableAnswer:
        return Team()


def _digest(folder: Path, objective: Objective) -> str:
    digest = sha256()
    for name in (file_name(objective), unreadable_name(objective)):
        try:
            raw = read_bytes(folder, FOLDER, name, limit=MAX_BYTES)
        except UnreadableAnswer:
            raw = b"?"
        digest.update(b"-" if raw is None else b"+" + raw)
    return digest.hexdigest()
