"""The model answers of a canvas as HTML, for who grades: beside the answers, and in feedback when that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from course.core import model_answers
from course.core.model_answers import CounterExample, ModelAction, ModelAnswer, ModelAnswers, UnusableTableError
from course.core.syllabus import Objective
from course.core.table import PILOT
from course.core.words import points

LABELS = {
    **dict(PILOT),
    "baseline": "Base",
    "target": "Cible",
    "source": "Source",
    "breakdown": "Par groupe",
}
ADVICE = "Deux exemples parmi d’autres, et non la vérité : une réponse très différente peut mériter le plein."
HOLLOW = "Contre-exemple : complet selon la règle, presque sans qualité"

# Inline, as in the table of answers: formgrader has no style for it. Its formulas are not wanted either.
_BOX = 'style="border:1px solid #767676;padding:.4em .8em;margin:.6em 0"'
_PLAIN = 'lang="fr" class="tex2jax_ignore mathjax_ignore"'


def display(objective: Objective) -> dict[str, str]:
    """What stands beside a canvas's answers where they are graded: the same for sealed grading and for stock nbgrader.

    Args:
        objective: The canvas's objective.

    Returns:
        A bundle of `text/html` and `text/plain`. Model answers that were left out or cannot be read are a sentence
        there: a teacher's mistake never stops the grading.
    """
    try:
        found = model_answers.load()
    except UnusableTableError as error:
        return _sentence(str(error))
    if found.absence:
        return _sentence(found.absence)
    return {
        "text/html": html(objective, found),
        "text/plain": f"Deux corrigés par option : canevas {objective.id} (à lire dans la page de correction)",
    }


def html(objective: Objective, found: ModelAnswers) -> str:
    """The model answers and the counter-example of a canvas, folded, everything escaped.

    Args:
        objective: The canvas's objective.
        found: Where they are taken from.

    Returns:
        One `<details>`, its headings of the third level.
    """
    options = []
    for option in objective.options:
        answers = "".join(map(_answer, found.answers.get(option.id, ())))
        options.append(f"<h3>{option.id} {escape(option.label)}</h3>{answers or '<p>Pas de corrigé.</p>'}")
    counter = found.counter_examples.get(objective.id)
    return (
        f"<details {_PLAIN} {_BOX}><summary><strong>Deux corrigés par option et un contre-exemple</strong>"
        f" (canevas {objective.id})</summary><p><em>{ADVICE}</em></p>{''.join(options)}"
        f"{_counter_example(counter) if counter else ''}</details>"
    )


def details(action: ModelAction) -> Iterator[tuple[str, str]]:
    """What is said of an action besides itself, as label and text; empty cells of the table are left out."""
    for field, label in LABELS.items():
        if text := getattr(action, field):
            yield label, text


def _sentence(text: str) -> dict[str, str]:
    return {"text/html": f"<p {_PLAIN}>{escape(text)}</p>", "text/plain": text}


def _answer(answer: ModelAnswer) -> str:
    actions = "".join(f"<li>{escape(action.action)}{_details(action)}</li>" for action in answer.actions)
    why = f"<p><strong>Pourquoi :</strong> {escape(answer.why)}</p>" if answer.why else ""
    served = escape(", ".join(answer.principles))
    principles = f"<p><strong>Principes servis :</strong> {served}</p>" if served else ""
    return (
        f"<p><strong>Corrigé {answer.variant}. Stratégie :</strong> {escape(answer.strategy)}</p>"
        f"<ol>{actions}</ol>{why}{principles}"
    )


def _details(action: ModelAction) -> str:
    parts = (f"{label} : {escape(text)}" for label, text in details(action))
    return "".join(f"<br>{part}" for part in parts)


def _counter_example(counter: CounterExample) -> str:
    rows = "".join(f"<li>{row.option} : {escape(row.strategy)} — {escape(row.action)}</li>" for row in counter.answers)
    marks = ", ".join(f"Q{rank} {points(value)}" for rank, value in enumerate(counter.points, 1))
    return (
        f"<h3>{HOLLOW}</h3><ul>{rows}</ul>"
        f"<p><strong>{points(counter.total)} sur 14 :</strong> {marks}. {escape(counter.verdict)}</p>"
    )
