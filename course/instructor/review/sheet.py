"""One copy as data for the bench: its texts, its marks, and texts that other copies or model answers share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from course.core import model_answers
from course.core.answers import path_of
from course.core.answers.format import PILOT_FIELDS, Action, Answers, Strategy
from course.core.comparison import LABELS
from course.core.completeness import is_filled, normalise
from course.core.model_answers import ModelAnswer, UnusableTableError
from course.core.plan import Line, Plan
from course.core.plan.format import STATUS_WORDS
from course.core.syllabus import Objective
from course.instructor.cohort import marks
from course.instructor.cohort.words import Words
from course.instructor.review.queue import QueuedCopy

MOST_PLANNED = 60
"""The actions of a plan that the bench shows; `course plans` has all."""
_FEWEST_WORDS = 3  # two people may independently write the same two words


@dataclass(frozen=True, slots=True)
class CopyTexts:
    """The normalised texts of one copy, for comparison.

    Attributes:
        single: Its strategies and actions, without short texts and placeholders.
        whole: All its texts in order, joined; empty when there is nothing to compare.
    """

    single: frozenset[str] = frozenset()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class SharedTexts:
    """The texts that copies of a canvas share: shown to the reviewer, without effect on marks.

    Attributes:
        single: By text, the numbers of the copies that contain it.
        wholes: By whole text of a copy, the numbers of the copies that are identical.
        models: The texts of the model answers.
    """

    single: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    wholes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    models: frozenset[str] = frozenset()

    def others(self, text: str, number: int) -> tuple[int, ...]:
        """Return the numbers of the other copies that contain a text.

        Args:
            text: The text as written.
            number: The number of the copy being read.
        """
        return tuple(other for other in self.single.get(normalise(text), ()) if other != number)

    def in_a_model(self, text: str) -> bool:
        """Return whether a model answer has the same text."""
        return normalise(text) in self.models

    def same(self, texts: CopyTexts, number: int) -> tuple[int, ...]:
        """Return the numbers of the other copies that are identical from start to end."""
        return tuple(other for other in self.wholes.get(texts.whole, ()) if other != number)


def texts_of(answers: Answers | None) -> CopyTexts:
    """Return the texts of a copy; empty when nothing was handed in."""
    strategies = [strategy for option in answers.options.values() for strategy in option] if answers else []
    texts = [normalise(text) for strategy in strategies for text in _texts_in(strategy)]
    single = frozenset(filter(_is_compared, texts))
    return CopyTexts(single, "\n".join(texts) if single else "")


def shared_texts(objective: Objective, copies: Iterable[tuple[int, CopyTexts]]) -> SharedTexts:
    """Find the texts that several copies of a canvas share.

    Args:
        objective: The canvas.
        copies: The number and the texts of each copy.
    """
    single: dict[str, list[int]] = {}
    wholes: dict[str, list[int]] = {}
    for number, texts in copies:
        for text in texts.single:
            single.setdefault(text, []).append(number)
        if texts.whole:
            wholes.setdefault(texts.whole, []).append(number)
    return SharedTexts(_shared(single), _shared(wholes), _models(objective))


def sheet(objective: Objective, queued: QueuedCopy, shared: SharedTexts, former: Words | None = None) -> dict[str, Any]:
    """Return a copy for the page, anonymous except for what its author wrote.

    Args:
        objective: The canvas.
        queued: The copy.
        shared: The texts that copies share.
        former: The answers that its mark was given to, when they are known and changed since.

    Returns:
        Its options with strategies and actions, the reason if it cannot be read, shared texts, and its marks; under
        `former` the options and problem of the former answers, or None.
    """
    number = queued.number
    return {
        "key": queued.key,
        "number": number,
        "same": shared.same(texts_of(queued.words.answers), number),
        **_words(objective, queued.words, shared, number),
        **marking(queued),
        "former": former and _words(objective, former, SharedTexts(), number),
    }


def plan_lines(plan: Plan | None) -> list[dict[str, Any]]:
    """Return the actions of a plan for the page, in the order of the team; the first `MOST_PLANNED` of them.

    Args:
        plan: The plan of those who handed the copy in; None without one.
    """
    return [
        {
            "option": line.option,
            "objective": line.objective,
            "action": line.action,
            "details": [(label, text) for label, text in _plan_details(line) if text],
        }
        for line in (plan.lines if plan else ())[:MOST_PLANNED]
    ]


def _plan_details(line: Line) -> Iterator[tuple[str, str]]:
    yield LABELS["responsible"], line.responsible
    yield "Quand", ", ".join(f"T{number}" for number, planned in enumerate(line.quarters, 1) if planned) or line.due
    yield LABELS["indicator"], line.indicator
    yield "Cible", line.target
    yield "Trois mois après", STATUS_WORDS[line.status] if line.status else ""


def marking(queued: QueuedCopy) -> dict[str, Any]:
    """Return the marks of a copy and their state, for the page.

    Args:
        queued: The copy with its current marks.
    """
    mark = queued.mark
    return {
        "state": queued.state,
        "digest": queued.words.digest,
        "base": marks.state(queued.marks),
        "levels": list(mark.levels),
        "comment": mark.comment,
        "completeness": mark.completeness,
        "elsewhere": mark.quality if mark.elsewhere else None,
        "changed": queued.changed,
        "ungraded": any(mark.ungraded for mark in queued.marks),
        "uneven": queued.uneven,
        "people": len(queued.copy.students),
        "reviewer": mark.reviewer,
        "at": f"{mark.at.isoformat(timespec='seconds')}Z" if mark.at else "",
    }


def _words(objective: Objective, words: Words, shared: SharedTexts, number: int) -> dict[str, Any]:
    if words.problem:
        name = path_of(objective)
        return {"problem": f"Réponse illisible. Fichier « {name} » : {words.problem}", "options": []}
    if words.answers is None:
        return {"problem": "Rien n’a été remis pour ce canevas.", "options": []}
    return {"problem": "", "options": _options(objective, words.answers, shared, number)}


def _options(objective: Objective, answers: Answers, shared: SharedTexts, number: int) -> list[dict[str, Any]]:
    def text(words: str) -> dict[str, Any]:
        return {"text": words, "copies": shared.others(words, number), "model": shared.in_a_model(words)}

    def action_data(action: Action) -> dict[str, Any]:
        pilot = [(LABELS[name], value) for name in PILOT_FIELDS if (value := getattr(action, name).strip())]
        return {**text(action.action), "pilot": pilot}

    def strategy_data(strategy: Strategy) -> dict[str, Any]:
        return {**text(strategy.strategy), "actions": list(map(action_data, strategy.actions))}

    return [
        {
            "id": option.id,
            "label": option.label,
            "strategies": list(map(strategy_data, answers.options.get(option.id, ()))),
        }
        for option in objective.options
    ]


def _shared(numbers: Mapping[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {text: tuple(sorted(copies)) for text, copies in numbers.items() if len(copies) > 1}


def _models(objective: Objective) -> frozenset[str]:
    try:
        answers = model_answers.load().answers
    except UnusableTableError:  # the bench reports it where it shows the model answers
        return frozenset()
    models = (model for option in objective.options for model in answers.get(option.id, ()))
    return frozenset(filter(_is_compared, (normalise(text) for model in models for text in _texts_in(model))))


def _texts_in(strategy: Strategy | ModelAnswer) -> tuple[str, ...]:
    return (strategy.strategy, *(action.action for action in strategy.actions))


def _is_compared(normalised: str) -> bool:
    return normalised.count(" ") + 1 >= _FEWEST_WORDS and is_filled(normalised)
