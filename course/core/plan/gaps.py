"""The gaps of a plan, in words: principles that no action serves, goals and quarters without one, empty fields."""

from __future__ import annotations

from collections.abc import Iterator

from course.core import syllabus
from course.core.plan.format import PRINCIPLES
from course.core.plan.plan import Change, Line, Plan
from course.core.words import counted, listed

EMPTY = "Aucune action n’est encore dans le plan."
SERVED = {
    "p1": "ne sert le pilotage par le pays",
    "p2": "ne sert l’équité",
    "p3": "ne sert l’approche participative",
    "p4": "ne sert le renforcement des systèmes",
    "p5": "ne sert l’apprentissage",
    "p6": "ne sert l’orientation vers un but",
}
_SHORT = 60  # characters of an action in a sentence


def gaps(plan: Plan) -> tuple[str, ...]:
    """Return what a plan lacks, a French sentence each, from the whole to the single action.

    Args:
        plan: The plan; only the actions that were chosen count.
    """
    if not plan.lines:
        return (EMPTY,)
    return (*_principles(plan), *_goals(plan), *_quarters(plan), *_unsaid(plan), *_changed(plan))


def served(plan: Plan, principle: str) -> tuple[Line, ...]:
    """Return the actions that serve a principle, `p1` … `p6`."""
    return tuple(line for line in plan.lines if line.verdicts[principle].answer == "yes")


def _principles(plan: Plan) -> Iterator[str]:
    for principle in PRINCIPLES:
        if not served(plan, principle):
            yield f"Aucune action {SERVED[principle]}."
    reviews = sum(verdict.answer == "review" for line in plan.lines for verdict in line.verdicts.values())
    if reviews:
        yield f"{counted(reviews, 'réponse est', 'réponses sont')} à revoir sur les principes."


def _goals(plan: Plan) -> Iterator[str]:
    there = {line.goal for line in plan.lines}
    for goal in syllabus.load().goals:
        if goal.id not in there:
            yield f"Aucune action pour le but {goal.id}\u00a0: {goal.title}."


def _quarters(plan: Plan) -> Iterator[str]:
    if not any(any(line.quarters) for line in plan.lines):
        return  # said of each action below
    empty = [f"T{number + 1}" for number in range(4) if not any(line.quarters[number] for line in plan.lines)]
    if empty:
        yield f"Rien n’est prévu en {listed(empty)}."


def _unsaid(plan: Plan) -> Iterator[str]:
    wanted = (
        ("de trimestre", [line for line in plan.lines if not any(line.quarters)]),
        ("de responsable", [line for line in plan.lines if not line.responsible.strip()]),
        ("de coût", [line for line in plan.lines if line.cost is None]),
        ("de source de financement", [line for line in plan.lines if line.cost and not line.funding.strip()]),
        ("d’indicateur", [line for line in plan.lines if not line.indicator.strip()]),
    )
    for what, lines in wanted:
        if len(lines) == 1:
            yield f"«\u202f{short(lines[0].action)}\u202f» n’a pas {what}."
        elif lines:
            yield f"{counted(len(lines), 'action')} n’ont pas {what}."


def _changed(plan: Plan) -> Iterator[str]:
    for change, one, many in (
        (Change.CHANGED, "action a changé", "actions ont changé"),
        (Change.REMOVED, "action n’est plus", "actions ne sont plus"),
    ):
        number = sum(line.change is change for line in plan.lines)
        if number:
            yield f"{counted(number, one, many)} dans leur canevas\u00a0: regardez-les dans la liste."


def short(text: str, most: int = _SHORT) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
