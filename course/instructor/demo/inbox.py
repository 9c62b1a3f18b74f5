"""What the fictional class sends, as classes do: zips, zips renamed by a browser, Moodle's zip, a damaged file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from course.core import model_answers, syllabus, zips
from course.core.answers import FOLDER, file_name
from course.core.content import VERSION
from course.core.folders import EXERCISES
from course.core.handin.package import Packed, pack
from course.core.model_answers import ModelAnswers
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.demo.people import Group, Habit
from course.instructor.demo.writing import canvas

MOODLE = "Remises Moodle - Cahiers.zip"
MAIL = "Pièces jointes"
DAMAGED = "Flamboyants_but-2.zip"
_NOTHING = 1  # of those who hand in alone, how many do not


@dataclass(frozen=True, slots=True)
class _Sent:
    group: Group
    packed: Packed


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the class works: the course's folder, a place for its workbooks, and the words it has read."""

    root: Path
    place: Path
    models: ModelAnswers

    def pack(self, goal: Goal, team: Team, habit: Habit, at: datetime) -> Packed:
        """What a team hands in, made as « Remettre » makes it."""
        folder = Path(tempfile.mkdtemp(dir=self.place)) / goal.assignment
        (folder / FOLDER).mkdir(parents=True)
        shutil.copy(self.root / EXERCISES / goal.assignment / f"{goal.assignment}.ipynb", folder)
        for objective in goal.objectives:
            raw = canvas(objective, habit, str(team), self.models, at - timedelta(minutes=20))
            (folder / FOLDER / file_name(objective)).write_bytes(raw)
        return pack(folder, goal, team, VERSION, at)

    def sent(self, group: Group, start: datetime) -> Iterator[_Sent]:
        """All that a group sends, a day a goal."""
        for number, identifier in enumerate(group.habit.goals):
            goal = syllabus.load().goal(identifier)
            at = start + timedelta(days=number, minutes=7 * len(group.name))
            if not group.habit.alone:
                yield _Sent(group, self.pack(goal, group.team, group.habit, at))
                continue
            for rank, member in enumerate(group.members[:-_NOTHING]):
                habit = replace(group.habit, share=group.habit.share - 0.2 * rank)
                yield _Sent(group, self.pack(goal, Team("", (member.name,)), habit, at + timedelta(hours=rank)))

    def earlier(self, group: Group, start: datetime) -> Packed:
        """What a group handed in first, before it had written more."""
        goal = syllabus.load().goal(group.habit.goals[0])
        return self.pack(goal, group.team, replace(group.habit, share=0.3), start - timedelta(days=1))


def fill(folder: Path, root: Path, groups: tuple[Group, ...], start: datetime) -> int:
    """Writes what the class sends.

    Args:
        folder: Where instructors keep what they receive; made when missing.
        root: The course's folder, for the published notebooks.
        groups: The class.
        start: The moment of the first hand-in, in UTC.

    Returns:
        The number of files.
    """
    with tempfile.TemporaryDirectory(prefix="demo-") as name:
        desk = _Desk(root, Path(name), model_answers.load())
        sent = [each for group in groups for each in desk.sent(group, start)]
        again = desk.earlier(groups[1], start)
    _write(folder / again.name, again.raw)
    with (folder / MOODLE).open("wb") as stream, zips.writing(stream) as moodle:
        for number, each in enumerate(sent):
            name, raw = each.packed.name, each.packed.raw
            if each.group.habit.alone:
                _write(folder / MAIL / each.packed.manifest.team.members[0] / name, raw)
            elif each.group == groups[2]:
                person = each.group.members[0].name
                moodle.add(f"{person}_{4300 + number}_assignsubmission_file_/{name}", raw)
            elif name == again.name:
                _write(folder / name.replace(".zip", " (2).zip"), raw)
            elif name == DAMAGED:
                _write(folder / name, raw[: len(raw) // 2])
                _write(folder / name.replace(".zip", " (1).zip"), raw)
            else:
                _write(folder / name, raw)
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
