"""What the fictional class writes and sends: zips, zips renamed by a browser, Moodle's zip, a damaged file."""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from course.core import documents, model_answers, syllabus, zips
from course.core.answers import FOLDER, file_name
from course.core.answers.format import FORMAT
from course.core.content import VERSION
from course.core.folders import EXERCISES
from course.core.handin.package import Packed, pack
from course.core.model_answers import ModelAnswers
from course.core.syllabus import Goal, Objective, Option
from course.core.team import Team
from course.instructor.demo.people import HOLLOW, Group, Habit

MOODLE = "Remises Moodle - Cahiers.zip"
MAIL = "Pièces jointes"

# Places of groups in the class, for what goes wrong or comes otherwise.
_TWICE, _BY_MOODLE, _DAMAGED = 1, 2, (4, "2")
_ABSENT = 1  # of those who hand in alone, how many do not
_UNTREATED = ("4.1.d", "5.3.c")  # so that the class has options that nobody treated
_NAMESPACE = uuid.UUID("6f1c1c0e-5a52-4d0f-9d8e-7b0c3a1f2d44")


@dataclass(frozen=True, slots=True)
class _Handin:
    """What a group, or one of its members, sends."""

    place: int
    group: Group
    goal: Goal
    packed: Packed


@dataclass(frozen=True, slots=True)
class _Workshop:
    """Where the class works: the course's folder, a place for workbooks, and the model answers it has read."""

    root: Path
    place: Path
    models: ModelAnswers

    def handins(self, place: int, group: Group, start: datetime) -> Iterator[_Handin]:
        """All that a group sends, a goal a day."""
        for number, identifier in enumerate(group.habit.goals):
            goal = syllabus.load().goal(identifier)
            at = start + timedelta(days=number, minutes=7 * len(group.name))
            if not group.habit.alone:
                yield _Handin(place, group, goal, self.pack(goal, group.team, group.habit, at))
                continue
            for rank, member in enumerate(group.members[:-_ABSENT]):
                habit = replace(group.habit, share=group.habit.share - 0.2 * rank)
                packed = self.pack(goal, Team("", (member.name,)), habit, at + timedelta(hours=rank))
                yield _Handin(place, group, goal, packed)

    def earlier(self, group: Group, start: datetime) -> Packed:
        """What a group handed in first, before it had written more."""
        goal = syllabus.load().goal(group.habit.goals[0])
        return self.pack(goal, group.team, replace(group.habit, share=0.3), start - timedelta(days=1))

    def pack(self, goal: Goal, team: Team, habit: Habit, at: datetime) -> Packed:
        """What a team hands in, made as « Remettre » makes it."""
        folder = Path(tempfile.mkdtemp(dir=self.place)) / goal.assignment
        (folder / FOLDER).mkdir(parents=True)
        shutil.copy(self.root / EXERCISES / goal.assignment / f"{goal.assignment}.ipynb", folder)
        for objective in goal.objectives:
            raw = _canvas(objective, habit, str(team), self.models, at - timedelta(minutes=20))
            (folder / FOLDER / file_name(objective)).write_bytes(raw)
        return pack(folder, goal, team, VERSION, at)


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
        workshop = _Workshop(root, Path(name), model_answers.load())
        handins = [each for place, group in enumerate(groups) for each in workshop.handins(place, group, start)]
        earlier = workshop.earlier(groups[_TWICE], start)
    _write(folder / earlier.name, earlier.raw)
    with (folder / MOODLE).open("wb") as stream, zips.writing(stream) as moodle:
        for number, handin in enumerate(handins):
            file, raw = handin.packed.name, handin.packed.raw
            if handin.group.habit.alone:
                _write(folder / MAIL / handin.packed.manifest.team.members[0] / file, raw)
            elif handin.place == _BY_MOODLE:
                person = handin.group.members[0].name
                moodle.add(f"{person}_{4300 + number}_assignsubmission_file_/{file}", raw)
            elif file == earlier.name:
                _write(_renamed(folder / file, 2), raw)
            elif (handin.place, handin.goal.id) == _DAMAGED:
                _write(folder / file, raw[: len(raw) // 2])
                _write(_renamed(folder / file, 1), raw)
            else:
                _write(folder / file, raw)
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _renamed(path: Path, number: int) -> Path:
    """The name that a browser gives to a file when there is one of its name."""
    return path.with_name(f"{path.stem} ({number}){path.suffix}")


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def _canvas(objective: Objective, habit: Habit, author: str, models: ModelAnswers, at: datetime) -> bytes:
    """An answers file, with texts of the model answers or of the counter-examples.

    Args:
        objective: The canvas.
        habit: How its author works.
        author: Two authors have two documents.
        models: Where the texts are from.
        at: When it was saved, in UTC.

    Returns:
        The bytes of a `canevas/1`; the same for the same arguments.
    """
    treated = max(1, round(habit.share * len(objective.options)))
    options = {
        option.id: _strategies(option, rank, rank < treated and option.id not in _UNTREATED, habit, models)
        for rank, option in enumerate(objective.options)
    }
    document = {
        "format": FORMAT,
        "objective": objective.id,
        "document": str(uuid.uuid5(_NAMESPACE, f"{author} {objective.id}")),
        "revision": sum(map(len, options.values())) * 7,
        "saved_at": documents.utc(at),
        "options": options,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _strategies(option: Option, rank: int, treated: bool, habit: Habit, models: ModelAnswers) -> list[dict[str, Any]]:
    if not treated:
        filler = habit.filler
        return [{"id": f"s{rank}", "strategy": filler, "actions": [_action("a", filler)]}] if filler else []
    variant = habit.variants[rank % len(habit.variants)]
    if variant == HOLLOW:
        rows = models.counter_examples[option.objective].answers
        hollow = next(row for row in rows if row.option == option.id)
        return [{"id": f"s{rank}", "strategy": hollow.strategy, "actions": [_action("a", hollow.action)]}]
    model = next(answer for answer in models.answers[option.id] if answer.variant == variant)
    tasks = model.actions if habit.level == 2 else model.actions[:1]
    actions = [
        _action(
            f"a{number}",
            task.action,
            **({"responsible": task.responsible, "due": task.due, "indicator": task.indicator} if habit.pilot else {}),
        )
        for number, task in enumerate(tasks)
    ]
    return [{"id": f"s{rank}", "strategy": model.strategy, "actions": actions}]


def _action(key: str, text: str, **pilot: str) -> dict[str, str]:
    return {"id": key, "action": text, "responsible": "", "due": "", "indicator": "", **pilot}
