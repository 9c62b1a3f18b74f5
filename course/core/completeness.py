"""Completeness: 6 points per canvas, computed by a rule; it does not judge quality.

The same function serves « Vérifier », the grading in nbgrader and the class table. Source of the rule: the
course's marking scheme, explained to trainees at the top of each exercise notebook.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from course.core.answers.format import Answers, Strategy
from course.core.syllabus import Objective, Option, rows

POINTS = 6

_QUOTED = 60  # characters of a text that is quoted

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Completeness:
    """The completeness of one canvas.

    Attributes:
        treated: The ids of the options with a filled strategy that has a filled action.
        total: The number of options of the canvas, 1 to 4.
        coverage: S1, 0 to 4: four times the share of treated options.
        chaining: S2, 0 to 1: the share of filled strategies with a filled action, times the share of treated options.
        variety: S3, 0 to 1: the share of distinct texts, times the share of treated options.
        strategies: The number of filled strategies.
        chained: How many of them have a filled action.
        texts: The number of filled strategies and actions.
        distinct: How many of them are left when each column counts a text once.
    """

    treated: tuple[str, ...]
    total: int
    coverage: Fraction
    chaining: Fraction
    variety: Fraction
    strategies: int = 0
    chained: int = 0
    texts: int = 0
    distinct: int = 0

    @property
    def mark(self) -> Fraction:
        """The mark out of 6, to the nearest half, halves up."""
        return half_up(self.coverage + self.chaining + self.variety)

    @property
    def parts(self) -> tuple[tuple[str, int, int, Fraction, int], ...]:
        """S1, S2 and S3: what is counted, in French; how many, of how many; the exact points, of how many."""
        return (
            ("Options traitées", len(self.treated), self.total, self.coverage, 4),
            ("Stratégies qui ont leur action", self.chained, self.strategies, self.chaining, 1),
            ("Textes qui n’en répètent pas un autre", self.distinct, self.texts, self.variety, 1),
        )

    def __str__(self) -> str:
        """Return the counts in French: « 3 options sur 4 traitées »."""
        plural = "s" if len(self.treated) > 1 else ""
        return f"{len(self.treated)} option{plural} sur {self.total} traitée{plural}"


def completeness(objective: Objective, answers: Answers | None) -> Completeness:
    """Compute the completeness of a canvas.

    Args:
        objective: The canvas's objective.
        answers: The team's answers; None when nothing was handed in.

    Returns:
        The three terms and the mark, in exact fractions.
    """
    total = len(objective.options)
    treated: list[str] = []
    strategies: list[str] = []
    actions: list[str] = []
    chained = 0
    for option in objective.options:
        chains = 0
        labels = _labels(option)
        for row in () if answers is None else answers.options.get(option.id, ()):
            written = normalise(row.strategy)
            filled = _filled_actions(row, written, labels)
            actions += filled
            if _is_strategy(written, labels):
                strategies.append(written)
                chains += bool(filled)
        chained += chains
        if chains:
            treated.append(option.id)
    share = Fraction(len(treated), total)
    if not strategies:
        return Completeness((), total, Fraction(0), Fraction(0), Fraction(0))
    distinct = len(set(strategies)) + len(set(actions))
    return Completeness(
        tuple(treated),
        total,
        coverage=4 * share,
        chaining=share * Fraction(chained, len(strategies)),
        variety=share * Fraction(distinct, len(strategies) + len(actions)),
        strategies=len(strategies),
        chained=chained,
        texts=len(strategies) + len(actions),
        distinct=distinct,
    )


def missing(option: Option, strategies: tuple[Strategy, ...]) -> str:
    """Return what an option lacks to be treated, in French; an empty text when it is treated.

    Args:
        option: The option.
        strategies: Its rows.
    """
    labels = _labels(option)
    filled = [row for row in strategies if _is_strategy(normalise(row.strategy), labels)]
    if not filled:
        return _lack("une stratégie", [(row.strategy, "") for row in strategies], labels)
    if not any(_filled_actions(row, normalise(row.strategy), labels) for row in filled):
        return _lack("une action", [(action.action, row.strategy) for row in filled for action in row.actions], labels)
    return ""


def _lack(what: str, texts: Sequence[tuple[str, str]], labels: frozenset[str]) -> str:
    """That something is missing and, of the first text there is, why it does not count.

    Args:
        what: What is missing, in French.
        texts: Texts that are not filled, each with the strategy that it must differ from.
        labels: The option's labels, normalised.
    """
    text, strategy = next(((text, strategy) for text, strategy in texts if text.strip()), ("", ""))
    if not text:
        return f"il manque {what}"
    words = normalise(text)
    if words and is_placeholder(words, _placeholders()):
        reason = "ne dit encore rien"
    elif words in labels:
        reason = "est le nom de l’option"
    elif words and words == normalise(strategy):
        reason = "répète sa stratégie"
    else:
        reason = "compte moins de deux mots"
    line = " ".join(text.split())
    quoted = line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"
    return f"il manque {what}\u00a0: «\u202f{quoted}\u202f» {reason}"


def half_up(mark: Fraction) -> Fraction:
    """Round a mark to the nearest half point, exact ties up."""
    return Fraction((2 * mark + Fraction(1, 2)).__floor__(), 2)


def normalise(text: str) -> str:
    """Return a text's words, lower case, without accents, joined by single spaces.

    A word is a run of letters and digits (« CPN4 » is one); accents and invisible format characters are deleted,
    any other character separates words.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    if not decomposed.isascii():
        decomposed = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(_WORD.findall(decomposed.casefold()))


def is_filled(normalised: str) -> bool:
    """Return True for a normalised text of at least two words that is not a placeholder."""
    return " " in normalised and not is_placeholder(normalised, _placeholders())


def is_placeholder(normalised: str, entries: frozenset[str]) -> bool:
    """Return True for a normalised text that consists of placeholders and of words of one repeated character.

    Args:
        normalised: As `normalise` returns it.
        entries: The closed list, normalised, without spaces: « R.A.S. », three words, is the entry « ras ».
    """
    words = normalised.split()
    reached = [True] + [False] * len(words)  # reached[i]: the first i words consist of whole placeholders
    for start in range(len(words)):
        if not reached[start]:
            continue
        reached[start + 1] |= len(set(words[start])) == 1
        joined = ""
        for end in range(start, len(words)):
            joined += words[end]
            if joined in entries:
                reached[end + 1] = True
            elif not any(entry.startswith(joined) for entry in entries):
                break
    return reached[-1]


def _is_strategy(normalised: str, labels: frozenset[str]) -> bool:
    return is_filled(normalised) and normalised not in labels


def _filled_actions(row: Strategy, strategy: str, labels: frozenset[str]) -> list[str]:
    written = (normalise(action.action) for action in row.actions)
    return [text for text in written if is_filled(text) and text not in labels and text != strategy]


@cache
def _labels(option: Option) -> frozenset[str]:
    return frozenset((normalise(option.label), normalise(option.printed)))


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(normalise(row["placeholder"]).replace(" ", "") for row in rows("placeholders"))
