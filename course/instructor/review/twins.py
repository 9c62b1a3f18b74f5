"""Texts that stand word for word in several copies, or in a model answer: pointed out, never marked down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from course.core import model_answers
from course.core.answers.format import Answers
from course.core.completeness import is_filled, normalise
from course.core.model_answers import UnusableTableError
from course.core.syllabus import Objective

_FEWEST_WORDS = 3  # two people may well write the same two words


@dataclass(frozen=True, slots=True)
class Words:
    """What one copy says, fit for comparing.

    Attributes:
        texts: Its strategies and actions, normalised; short ones and placeholders left out.
        whole: All of them in order, one text; empty when there is none.
    """

    texts: frozenset[str] = frozenset()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Class:
    """What all copies of a canvas say.

    Attributes:
        texts: The numbers of the copies that hold a text.
        wholes: The numbers of the copies that are a text from end to end.
        models: The texts of the model answers.
    """

    texts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    wholes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    models: frozenset[str] = frozenset()

    def others(self, text: str, number: int) -> tuple[int, ...]:
        """The other copies that hold a text.

        Args:
            text: As it was written.
            number: The copy it is read in.
        """
        return tuple(each for each in self.texts.get(normalise(text), ()) if each != number)

    def in_a_model(self, text: str) -> bool:
        """Whether a model answer is the same text."""
        return normalise(text) in self.models

    def same(self, words: Words, number: int) -> tuple[int, ...]:
        """The other copies that are the same from end to end."""
        return tuple(each for each in self.wholes.get(words.whole, ()) if each != number)


def words_of(answers: Answers | None) -> Words:
    """What a copy says; nothing when nothing was handed in."""
    rows = [row for strategies in answers.options.values() for row in strategies] if answers else []
    said = [normalise(text) for row in rows for text in (row.strategy, *(each.action for each in row.actions))]
    texts = frozenset(filter(_compared, said))
    return Words(texts, "\n".join(said) if texts else "")


def class_of(objective: Objective, copies: Iterable[tuple[int, Words]]) -> Class:
    """What all copies of a canvas say.

    Args:
        objective: The canvas.
        copies: The number and the words of each.
    """
    texts: dict[str, list[int]] = {}
    wholes: dict[str, list[int]] = {}
    for number, words in copies:
        for text in words.texts:
            texts.setdefault(text, []).append(number)
        if words.whole:
            wholes.setdefault(words.whole, []).append(number)
    return Class(_several(texts), _several(wholes), _models(objective))


def _several(found: Mapping[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {text: tuple(sorted(numbers)) for text, numbers in found.items() if len(numbers) > 1}


def _models(objective: Objective) -> frozenset[str]:
    try:
        answers = model_answers.load().answers
    except UnusableTableError:  # said where the model answers are shown
        return frozenset()
    found = (each for option in objective.options for each in answers.get(option.id, ()))
    texts = (normalise(text) for each in found for text in (each.strategy, *(one.action for one in each.actions)))
    return frozenset(filter(_compared, texts))


def _compared(normalised: str) -> bool:
    return normalised.count(" ") + 1 >= _FEWEST_WORDS and is_filled(normalised)
