"""The syllabus: 5 goals, 18 objectives and 57 options, read from `data/`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from course.core.content import content
from course.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Option:
    """A policy option of an objective, in the words of the slide course.

    Attributes:
        id: `1.1.a` … `5.5.b`.
        objective: Its objective, `1.1` … `5.5`.
        label: The label displayed, with corrected typography.
        printed: The label exactly as printed on the slide.
        gloss: The meaning of the label, in plain words.
    """

    id: str
    objective: str
    label: str
    printed: str
    gloss: str


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective, the unit of a canvas.

    Attributes:
        id: `1.1` … `5.5`.
        goal: Its goal, `1` … `5`.
        title: The title displayed.
        options: Its 1 to 4 options, in the order of the slides.
    """

    id: str
    goal: str
    title: str
    options: tuple[Option, ...]

    @property
    def cell(self) -> str:
        """The identifier in the form that nbgrader's cell ids allow: `1-1`."""
        return self.id.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the five strategic goals, the unit of an assignment.

    Attributes:
        id: `1` … `5`.
        title: The title displayed.
        objectives: Its objectives, in the order of the slides.
        weight: Its weight in the final mark, 0 or more.
    """

    id: str
    title: str
    objectives: tuple[Objective, ...]
    weight: int

    @property
    def assignment(self) -> str:
        """The nbgrader assignment and notebook name: `but-1`."""
        return f"but-{self.id}"


_Item = TypeVar("_Item", Goal, Objective, Option)


@dataclass(frozen=True, slots=True)
class Syllabus:
    """The five goals, with lookup of goals, objectives and options by identifier."""

    goals: tuple[Goal, ...]

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """The 18 objectives in order."""
        return tuple(objective for goal in self.goals for objective in goal.objectives)

    @property
    def options(self) -> tuple[Option, ...]:
        """The 57 options in order."""
        return tuple(option for objective in self.objectives for option in objective.options)

    def goal(self, identifier: str) -> Goal:
        """Return the goal with an identifier (`1`); raises `KeyError`."""
        return _by_id(self.goals, identifier)

    def objective(self, identifier: str) -> Objective:
        """Return the objective with an identifier (`1.1`); raises `KeyError`."""
        return _by_id(self.objectives, identifier)

    def option(self, identifier: str) -> Option:
        """Return the option with an identifier (`1.1.a`); raises `KeyError`."""
        return _by_id(self.options, identifier)


def _by_id(items: tuple[_Item, ...], identifier: str) -> _Item:
    for item in items:
        if item.id == identifier:
            return item
    raise KeyError(identifier)


def rows(table: str, folder: Path | None = None) -> Iterator[dict[str, str]]:
    """Read the rows of `data/<table>.csv`.

    Args:
        table: The name of a table, without its extension.
        folder: Another folder to read from; the course's `data/` by default.

    Yields:
        One dictionary per row; the separator is `;`, the encoding UTF-8 with or without byte-order mark.
    """
    path = (folder or content("data")) / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")


def read(folder: Path | None = None) -> Syllabus:
    """Read the syllabus from the tables `goals`, `objectives` and `options` of a folder."""
    options: dict[str, list[Option]] = {}
    for row in rows("options", folder):
        option = Option(row["option"], row["objective"], row["label"], row["printed"], row["gloss"])
        options.setdefault(option.objective, []).append(option)
    objectives: dict[str, list[Objective]] = {}
    for row in rows("objectives", folder):
        objective = Objective(row["objective"], row["goal"], row["title"], tuple(options[row["objective"]]))
        objectives.setdefault(objective.goal, []).append(objective)
    return Syllabus(
        tuple(
            Goal(row["goal"], row["title"], tuple(objectives[row["goal"]]), int(row["weight"]))
            for row in rows("goals", folder)
        )
    )


@cache
def load() -> Syllabus:
    """Return the course's syllabus, read once."""
    return read()


def goal_of(text: str) -> Goal:
    """Return the goal that a person types: `but-1`, « But 1 » or `1`.

    Args:
        text: The typed text.

    Raises:
        Refusal: It is not a goal of the course; the sentence lists the *cahiers*.
    """
    name = re.fullmatch(r"\s*(?:but[\s_-]*)?([0-9]+)(?:\.ipynb)?\s*", text, re.IGNORECASE)
    for goal in load().goals:
        if name and name[1] == goal.id:
            return goal
    names = ", ".join(goal.assignment for goal in load().goals)
    raise Refusal(f"«\u202f{text[:40]}\u202f» n’est pas un cahier de ce cours\u00a0: choisissez parmi {names}.")
