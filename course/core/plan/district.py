"""The plan of a district: the chosen actions of several plans, like ones side by side, for people to decide."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from course.core import syllabus
from course.core.answers.format import MAX_CHARACTERS
from course.core.completeness import normalise
from course.core.plan.format import FIELDS, FORMAT, MAX_ENTRIES, PRINCIPLES, QUARTERS, row_of
from course.core.plan.plan import Line, Plan
from course.core.refusal import Refusal
from course.core.words import french

ALIKE = 0.5
"""The least share of common words (Jaccard) of two actions that are put side by side."""
_STEP = 1024  # between two ranks, as a page leaves it
_SHORTEST = 4  # letters of a word that says what an action is about


@dataclass(frozen=True, slots=True)
class Contribution:
    """A team's plan.

    Attributes:
        origin: The team, in words.
        document: The identifier of its plan.
        plan: The plan.
        saved_at: When it was last saved, as its file says.
    """

    origin: str
    document: str
    plan: Plan
    saved_at: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An action and whose it is."""

    origin: str
    document: str
    line: Line

    @property
    def row(self) -> str:
        """Its row in the plan of the district; that of the same action of the same plan is always the same."""
        _, _, action = self.line.row.split("-", 2)
        mark = sha256(self.document.encode()).hexdigest()[:8]
        return row_of(self.line.objective, f"{action}-{mark}")


def side_by_side(contributions: Sequence[Contribution]) -> tuple[tuple[Proposal, ...], ...]:
    """Return the chosen actions of several plans in groups of like ones, in the order of the course.

    Two actions of an option are alike when half of their words are common; what is like one of a group joins it. It is
    for the eye alone: no action is changed, none is left out.
    """
    proposals = [Proposal(one.origin, one.document, line) for one in contributions for line in one.plan.lines]
    places = {option.id: place for place, option in enumerate(syllabus.load().options)}
    proposals.sort(key=lambda one: (places[one.line.option], one.origin, one.document, one.line.order, one.line.row))
    groups: list[tuple[Proposal, ...]] = []
    for _, same in groupby(proposals, key=lambda one: one.line.option):
        groups += _alike(list(same))
    return tuple(groups)


def district_plan(contributions: Sequence[Contribution]) -> dict[str, Any]:
    """Return a plan (`plan/1`) that holds the chosen actions of several plans, each with whose it is.

    Raises:
        Refusal: They are more than a plan can hold.
    """
    groups = side_by_side(contributions)
    number = sum(map(len, groups))
    if number > MAX_ENTRIES:
        raise Refusal(
            f"Un plan tient {french(MAX_ENTRIES)} actions, et ces plans en ont {french(number)} : gardez moins "
            "d’actions dans chacun, ou réunissez moins de plans."
        )
    ranked = (proposal for group in groups for proposal in group)
    entries = {proposal.row: _entry(proposal, (rank + 1) * _STEP) for rank, proposal in enumerate(ranked)}
    name = ",".join(sorted(one.document for one in contributions))
    return {
        "format": FORMAT,
        "document": str(uuid.uuid5(uuid.NAMESPACE_OID, f"district:{name}")),
        "revision": 1,
        "saved_at": max((one.saved_at for one in contributions), default=""),
        "entries": entries,
    }


def _alike(proposals: list[Proposal]) -> list[tuple[Proposal, ...]]:
    """Return the actions of an option in groups, each at the place of its first one."""
    groups: list[list[tuple[Proposal, frozenset[str]]]] = []
    for proposal in proposals:
        words = frozenset(word for word in normalise(proposal.line.action).split() if len(word) >= _SHORTEST)
        near = [group for group in groups if any(_share(words, other) >= ALIKE for _, other in group)]
        joined = [(proposal, words)]
        if near:
            near[0] += [member for group in near[1:] for member in group] + joined
            groups = [group for group in groups if all(group is not other for other in near[1:])]
        else:
            groups.append(joined)
    return [tuple(proposal for proposal, _ in group) for group in groups]


def _share(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words | others) if words | others else 0.0


def _entry(proposal: Proposal, rank: int) -> Mapping[str, Any]:
    line = proposal.line
    values: dict[str, Any] = {
        name: getattr(line, name)
        for name in FIELDS
        if hasattr(line, name) and name not in ("chosen", "order", "origin")
    }
    values |= dict(zip(QUARTERS, line.quarters, strict=True))
    for principle in PRINCIPLES:
        verdict = line.verdicts[principle]
        values |= {principle: verdict.answer, f"{principle}_reason": verdict.reason}
    written = {name: value for name, value in values.items() if FIELDS[name].text(value)}
    origin = f"{proposal.origin} ({line.origin})" if line.origin else proposal.origin
    return {
        "objective": line.objective,
        "option": line.option,
        "strategy_id": "",
        "action_id": proposal.row.split("-", 2)[2],
        "seen_strategy": line.strategy,
        "seen_action": line.action,
        "chosen": True,
        "order": rank,
        **written,
        "origin": origin[:MAX_CHARACTERS],
    }
