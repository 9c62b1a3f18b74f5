"""One copy for the bench: its texts as data, its marks, and which texts stand elsewhere word for word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from course.core import model_answers
from course.core.answers import path_of
from course.core.answers.format import PILOT_FIELDS, Action, Answers, Strategy
from course.core.comparison import LABELS
from course.core.completeness import is_filled, normalise
from course.core.model_answers import UnusableTableError
from course.core.syllabus import Objective
from course.instructor.cohort import marks
from course.instructor.cohort.words import Words
from course.instructor.review.queue import Entry

_FEWEST_WORDS = 3  # two people may well write the same two words


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one copy, fit for comparing.

    Attributes:
        single: Its strategies and actions, normalised; short ones and placeholders left out.
        whole: All of them in order, one text; empty when there is none.
    """

    single: frozenset[str] = frozenset()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Twins:
    """Which copies of a canvas share texts: pointed out to the reviewer, never marked down.

    Attributes:
        single: The numbers of the copies that hold a text.
        wholes: The numbers of the copies that are a text from end to end.
        models: The texts of the model answers.
    """

    single: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    wholes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    models: frozenset[str] = frozenset()

    def others(self, text: str, number: int) -> tuple[int, ...]:
        """The other copies that hold a text.

        Args:
            text: As it was written.
            number: The copy it is read in.
        """
        return tuple(other for other in self.single.get(normalise(text), ()) if other != number)

    def in_a_model(self, text: str) -> bool:
        """Whether a model answer is the same text."""
        return normalise(text) in self.models

    def same(self, texts: Texts, number: int) -> tuple[int, ...]:
        """The other copies that are the same from end to end."""
        return tuple(other for other in self.wholes.get(texts.whole, ()) if other != number)


def texts_of(answers: Answers | None) -> Texts:
    """The texts of a copy; none when nothing was handed in."""
    rows = [row for strategies in answers.options.values() for row in strategies] if answers else []
    texts = [normalise(text) for row in rows for text in (row.strategy, *(action.action for action in row.actions))]
    single = frozenset(filter(_is_compared, texts))
    return Texts(single, "\n".join(texts) if single else "")


def twins_of(objective: Objective, copies: Iterable[tuple[int, Texts]]) -> Twins:
    """The texts that several copies of a canvas share.

    Args:
        objective: The canvas.
        copies: The number and the texts of each.
    """
    single: dict[str, list[int]] = {}
    wholes: dict[str, list[int]] = {}
    for number, texts in copies:
        for text in texts.single:
            single.setdefault(text, []).append(number)
        if texts.whole:
            wholes.setdefault(texts.whole, []).append(number)
    return Twins(_shared(single), _shared(wholes), _models(objective))


def sheet(objective: Objective, entry: Entry, twins: Twins, former: Words | None = None) -> dict[str, Any]:
    """A copy for the page: nothing in it says whose it is, but what its author wrote.

    Args:
        objective: The canvas.
        entry: The copy.
        twins: The texts that copies share.
        former: The words that its mark was given to, when they are others and known.

    Returns:
        Its options with strategies and actions, why it cannot be read if so, what stands elsewhere, its marks; and
        under `former` the options and problem of before, or None.
    """
    page = {"key": entry.key, "number": entry.number, "same": twins.same(texts_of(entry.words.answers), entry.number)}
    shown = {**_words(objective, entry.words, twins, entry.number), **marking(entry)}
    return {**page, **shown, "former": former and _words(objective, former, Twins(), entry.number)}


def marking(entry: Entry) -> dict[str, Any]:
    """What was given to a copy so far, and what to say of it.

    Args:
        entry: The copy with its marks of now.
    """
    mark = entry.mark
    return {
        "state": entry.state,
        "digest": entry.words.digest,
        "base": marks.state(entry.marks),
        "levels": list(mark.levels),
        "comment": mark.comment,
        "completeness": mark.completeness,
        "elsewhere": mark.quality if mark.elsewhere else None,
        "changed": entry.changed,
        "ungraded": any(mark.ungraded for mark in entry.marks),
        "uneven": entry.uneven,
        "people": len(entry.copy.students),
        "reviewer": mark.reviewer,
        "at": f"{mark.at.isoformat(timespec='seconds')}Z" if mark.at else "",
    }


def _words(objective: Objective, words: Words, twins: Twins, number: int) -> dict[str, Any]:
    if words.problem:
        name = path_of(objective)
        return {"problem": f"Réponse illisible. Fichier « {name} » : {words.problem}", "options": []}
    if words.answers is None:
        return {"problem": "Rien n’a été remis pour ce canevas.", "options": []}
    return {"problem": "", "options": _options(objective, words.answers, twins, number)}


def _options(objective: Objective, answers: Answers, twins: Twins, number: int) -> list[dict[str, Any]]:
    def text(words: str) -> dict[str, Any]:
        return {"text": words, "copies": twins.others(words, number), "model": twins.in_a_model(words)}

    def action(row: Action) -> dict[str, Any]:
        pilot = [(LABELS[name], value) for name in PILOT_FIELDS if (value := getattr(row, name).strip())]
        return {**text(row.action), "pilot": pilot}

    def strategy(row: Strategy) -> dict[str, Any]:
        return {**text(row.strategy), "actions": list(map(action, row.actions))}

    return [
        {
            "id": option.id,
            "label": option.label,
            "strategies": list(map(strategy, answers.options.get(option.id, ()))),
        }
        for option in objective.options
    ]


def _shared(numbers: Mapping[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {text: tuple(sorted(copies)) for text, copies in numbers.items() if len(copies) > 1}


def _models(objective: Objective) -> frozenset[str]:
    try:
        answers = model_answers.load().answers
    except UnusableTableError:  # the bench says so where it shows the model answers
        return frozenset()
    models = (model for option in objective.options for model in answers.get(option.id, ()))
    texts = (normalise(text) for model in models for text in (model.strategy, *(one.action for one in model.actions)))
    return frozenset(filter(_is_compared, texts))


def _is_compared(normalised: str) -> bool:
    return normalised.count(" ") + 1 >= _FEWEST_WORDS and is_filled(normalised)
