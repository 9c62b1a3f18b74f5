"""Where a goal's canvases stand, in words: what « Remettre » tells before anything is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course.core.answers.format import MAX_BYTES, Answers, parse
from course.core.answers.reading import FOLDER, file_name
from course.core.completeness import Completeness, completeness
from course.core.files import read_bytes
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.table import counted


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one canvas stands.

    Attributes:
        objective: Its objective.
        result: How complete it is.
        raw: The bytes of its answers file; None when there is none, or none that can be read.
        blank: Whether nothing is written in it.
        problem: Why its file cannot be read, a French sentence; empty when it can, or when there is none.
    """

    objective: Objective
    result: Completeness
    raw: bytes | None = None
    blank: bool = True
    problem: str = ""

    @property
    def complete(self) -> bool:
        """Whether every option is treated."""
        return len(self.result.treated) == self.result.total

    @property
    def words(self) -> str:
        """« 3 options sur 4 traitées », or what is the matter."""
        if self.problem:
            return f"réponses illisibles : {self.problem.rstrip('.')}"
        return "rien d’écrit" if self.blank else counted(self.result)


def standing_of(objective: Objective, raw: bytes | None) -> Standing:
    """Where a canvas stands by the bytes of its answers file; None for no file."""
    if raw is None:
        return _without(objective)
    try:
        answers = parse(raw, objective)
    except Unreadable as error:
        return _without(objective, error.reason)
    return Standing(objective, completeness(objective, answers), raw, _is_blank(answers))


def _without(objective: Objective, problem: str = "") -> Standing:
    return Standing(objective, completeness(objective, None), problem=problem)


def _is_blank(answers: Answers) -> bool:
    rows = [row for rows in answers.options.values() for row in rows]
    texts = (row.strategy + "".join(action.action for action in row.actions) for row in rows)
    return not any(text.strip() for text in texts)


def standings(folder: Path, goal: Goal) -> tuple[Standing, ...]:
    """Where the canvases of a goal stand in the folder of its notebook, in the order of the course."""
    found = []
    for objective in goal.objectives:
        try:
            raw = read_bytes(folder, FOLDER, file_name(objective), limit=MAX_BYTES)
        except Unreadable as error:
            found.append(_without(objective, error.reason))
        else:
            found.append(standing_of(objective, raw))
    return tuple(found)


def incomplete(found: Sequence[Standing]) -> str:
    """« 2 canevas sur 3 ne sont pas complets. »; empty when all are."""
    number = sum(not each.complete for each in found)
    if not number:
        return ""
    if len(found) == 1:
        return "Le canevas n’est pas complet."
    return f"{number} canevas sur {len(found)} {'ne sont pas complets' if number > 1 else 'n’est pas complet'}."
