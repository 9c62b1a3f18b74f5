"""The hand-ins of the fictional class: zips, zips renamed by a browser, Moodle's zip, a damaged file."""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from course.core import documents, model_answers, quizzes, results, syllabus, zips
from course.core.answers import FOLDER, file_name
from course.core.answers.format import FORMAT
from course.core.content import VERSION
from course.core.folders import EXERCISES, LESSONS
from course.core.handin.package import Packed, pack
from course.core.model_answers import ModelAnswers
from course.core.plan import format as plan_format
from course.core.plan.plan import actions_of
from course.core.results import Answered, Results
from course.core.syllabus import Goal, Objective, Option
from course.core.team import Team
from course.instructor.demo.people import HOLLOW, Group, Habit

MOODLE = "Remises Moodle - Cahiers.zip"
MAIL = "Pièces jointes"

# Indexes of the groups with special hand-ins: sent twice, through Moodle, and (with a goal) damaged.
_TWICE, _BY_MOODLE, _DAMAGED = 1, 2, (4, "2")
_ABSENT = 1  # the number of members handing in alone who do not hand in
_UNTREATED = ("4.1.d", "5.3.c")  # options that no group treats
_RIGHT = {quizzes.BEFORE: 0.45, quizzes.AFTER: 0.75}  # the share of right answers in each sitting of the test
_PARTNERS = ("Les relais communautaires", "Le comité de gestion", "La mairie")
_FUNDING = ("Le budget du district", "La mutuelle de santé", "")
_NAMESPACE = uuid.UUID("6f1c1c0e-5a52-4d0f-9d8e-7b0c3a1f2d44")


@dataclass(frozen=True, slots=True)
class _Handin:
    """A hand-in of a group or of one of its members; `rank` is the group's index in the class."""

    rank: int
    group: Group
    goal: Goal
    packed: Packed


@dataclass(frozen=True, slots=True)
class _Workshop:
    """The folders of the course and of the workbooks, and the model answers that the texts come from."""

    root: Path
    workbooks: Path
    models: ModelAnswers

    def handins(self, rank: int, group: Group, start: datetime) -> Iterator[_Handin]:
        """Yield the hand-ins of a group, one goal per day."""
        for day, identifier in enumerate(group.habit.goals):
            goal = syllabus.load().goal(identifier)
            at = start + timedelta(days=day, minutes=7 * len(group.name))
            if not group.habit.alone:
                yield _Handin(rank, group, goal, self.pack(goal, group.team, group.habit, at))
                continue
            for number_alone, member in enumerate(group.members[:-_ABSENT]):
                habit = replace(group.habit, share=group.habit.share - 0.2 * number_alone)
                packed = self.pack(goal, Team("", (member.name,)), habit, at + timedelta(hours=number_alone))
                yield _Handin(rank, group, goal, packed)

    def earlier(self, group: Group, start: datetime) -> Packed:
        """Return an earlier, less complete hand-in of a group."""
        goal = syllabus.load().goal(group.habit.goals[0])
        return self.pack(goal, group.team, replace(group.habit, share=0.3), start - timedelta(days=1))

    def pack(self, goal: Goal, team: Team, habit: Habit, at: datetime) -> Packed:
        """Return the hand-in of a team, packed as « Remettre » does."""
        folder = Path(tempfile.mkdtemp(dir=self.workbooks)) / goal.assignment
        (folder / FOLDER).mkdir(parents=True)
        shutil.copy(self.root / EXERCISES / goal.assignment / f"{goal.assignment}.ipynb", folder)
        for objective in goal.objectives:
            raw = _canvas(objective, habit, str(team), self.models, at - timedelta(minutes=20))
            (folder / FOLDER / file_name(objective)).write_bytes(raw)
        if habit.planned:
            (folder / LESSONS / FOLDER).mkdir(parents=True)
            (folder / LESSONS / plan_format.PATH).write_bytes(_plan(goal, habit, str(team), self.models, at))
        (folder / LESSONS / results.FOLDER).mkdir(parents=True)
        for sitting, share in _RIGHT.items():
            (folder / LESSONS / results.path_of(sitting)).write_bytes(_sitting(sitting, share, str(team), at))
        return pack(folder, goal, team, VERSION, at)


def fill(folder: Path, root: Path, groups: tuple[Group, ...], start: datetime) -> int:
    """Write the hand-ins of the class.

    Args:
        folder: The instructor's inbox; created when missing.
        root: The course's folder, for the published notebooks.
        groups: The class.
        start: The date of the first hand-in, in UTC.

    Returns:
        The number of files.
    """
    with tempfile.TemporaryDirectory(prefix="demo-") as name:
        workshop = _Workshop(root, Path(name), model_answers.load())
        handins = [handin for rank, group in enumerate(groups) for handin in workshop.handins(rank, group, start)]
        earlier = workshop.earlier(groups[_TWICE], start)
    _write(folder / earlier.name, earlier.raw)
    with (folder / MOODLE).open("wb") as stream, zips.writing(stream) as moodle:
        for number, handin in enumerate(handins):
            file, raw = handin.packed.name, handin.packed.raw
            if handin.group.habit.alone:
                _write(folder / MAIL / handin.packed.manifest.team.members[0] / file, raw)
            elif handin.rank == _BY_MOODLE:
                person = handin.group.members[0].name
                moodle.add(f"{person}_{4300 + number}_assignsubmission_file_/{file}", raw)
            elif file == earlier.name:
                _write(_renamed(folder / file, 2), raw)
            elif (handin.rank, handin.goal.id) == _DAMAGED:
                _write(folder / file, raw[: len(raw) // 2])
                _write(_renamed(folder / file, 1), raw)
            else:
                _write(folder / file, raw)
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _renamed(path: Path, number: int) -> Path:
    """Return the path that a browser gives to a file whose name is taken."""
    return path.with_name(f"{path.stem} ({number}){path.suffix}")


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def _sitting(sitting: str, share: float, author: str, at: datetime) -> bytes:
    """Return the results of one sitting of the test, about `share` of them right; the same for the same arguments."""
    questions = {}
    for question in quizzes.load(sitting).questions:
        right = Random(f"{author} {question.key}").random() < share
        others = tuple(place for place in range(len(question.choices)) if place not in question.right)
        questions[question.key] = Answered(question.right if right else others[:1], checked=True, tries=1)
    identifier = str(uuid.uuid5(_NAMESPACE, f"{author} {sitting}"))
    return results.written(Results(sitting, identifier, read=True, questions=questions), at)


def _canvas(objective: Objective, habit: Habit, author: str, models: ModelAnswers, at: datetime) -> bytes:
    """Return an answers file with texts of the model answers or of the counter-examples.

    Args:
        objective: The canvas.
        habit: The habit of its author.
        author: The author's name, which determines the document's identifier.
        models: The source of the texts.
        at: The date of the last save, in UTC.

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


def _plan(goal: Goal, habit: Habit, author: str, models: ModelAnswers, at: datetime) -> bytes:
    """Return the plan of a group when it hands a goal in: actions of this goal and of those before.

    Args:
        goal: The goal.
        habit: The habit of the group.
        author: Its name, which determines the document's identifier.
        models: The source of the texts.
        at: The date of the last save, in UTC.

    Returns:
        The bytes of a `plan/1`; the same for the same arguments.
    """
    goals = [syllabus.load().goal(name) for name in habit.goals[: habit.goals.index(goal.id) + 1]]
    entries: dict[str, dict[str, Any]] = {}
    for done in goals:
        canvases = ((_canvas(one, habit, author, models, at), one) for one in done.objectives)
        first = [next(iter(actions_of(raw, one)), None) for raw, one in canvases]
        for source in [one for one in first if one][: habit.planned]:
            number = len(entries)
            entries[source.row] = {
                "option": source.option,
                "strategy_id": source.strategy_id,
                "seen_strategy": source.strategy,
                "seen_action": source.action,
                "chosen": True,
                "order": 1024 * (number + 1),
                "impact": 3 - number % 2,
                "effort": 1 + number % 3,
                "urgency": 1 + (number + 1) % 3,
                "partners": _PARTNERS[number % len(_PARTNERS)],
                f"t{1 + number % 4}": True,
                "cost": 50_000 * (1 + number * 3 % 7),
                "funding": _FUNDING[number % len(_FUNDING)],
                "p2": "yes" if number % 2 else "review",
                "p3": "yes",
            }
    document = {
        **plan_format.new_document(str(uuid.uuid5(_NAMESPACE, f"{author} plan"))),
        "revision": 9 * len(goals),
        "saved_at": documents.utc(at),
        "entries": entries,
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
