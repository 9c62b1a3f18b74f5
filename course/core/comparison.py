"""Two model answers per option and a counter-example: as HTML for graders, as a message for trainees.

They are sent to a page on request only.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from course.core import model_answers, rubric
from course.core.answers.format import Answers
from course.core.completeness import completeness
from course.core.marking import PILOT
from course.core.model_answers import CounterExample, ModelAction, ModelAnswer, ModelAnswers, UnusableTableError
from course.core.syllabus import Objective
from course.core.words import points

LABELS = {
    **dict(PILOT),
    "baseline": "Base",
    "target": "Cible",
    "source": "Source",
    "breakdown": "Par groupe",
}
ADVICE = (
    "Deux exemples parmi d’autres, et non la vérité : une réponse très différente peut mériter le plein. "
    "M1, M2, M3 sont les mois qui suivent la formation ; T1 les réunit, T2 à T4 sont les trimestres suivants."
)
HOLLOW = "Contre-exemple : complet selon la règle, presque sans qualité"
_TRY_FIRST = (
    "On apprend davantage en essayant d’abord : une ébauche suffit. {remaining} Vous pouvez aussi voir les corrigés "
    "maintenant, c’est votre choix."
)

# Inline styles, as in the table of answers: formgrader has none for it. The classes disable its formulas.
_BOX = 'style="border:1px solid #767676;padding:.4em .8em;margin:.6em 0"'
_PLAIN = 'lang="fr" class="tex2jax_ignore mathjax_ignore"'


def display(objective: Objective) -> dict[str, str]:
    """Return the model answers shown beside a canvas's answers in the grading notebook.

    Args:
        objective: The canvas's objective.

    Returns:
        A bundle of `text/html` and `text/plain`; a sentence when the model answers are absent or cannot be read,
        since a mistake in the table must not stop the grading.
    """
    try:
        models = model_answers.load()
    except UnusableTableError as error:
        return _sentence(str(error))
    if models.absence:
        return _sentence(models.absence)
    return {
        "text/html": html(objective, models),
        "text/plain": f"Deux corrigés par option : canevas {objective.id} (à lire dans la page de correction)",
    }


def html(objective: Objective, models: ModelAnswers) -> str:
    """Return the model answers and the counter-example of a canvas as folded, escaped HTML.

    Args:
        objective: The canvas's objective.
        models: All model answers.

    Returns:
        One `<details>`, its headings of the third level.
    """
    options = []
    for option in objective.options:
        answers = "".join(map(_answer_html, models.answers.get(option.id, ())))
        options.append(f"<h3>{option.id} {escape(option.label)}</h3>{answers or '<p>Pas de corrigé.</p>'}")
    counter = models.counter_examples.get(objective.id)
    return (
        f"<details {_PLAIN} {_BOX}><summary><strong>Deux corrigés par option et un contre-exemple</strong>"
        f" (canevas {objective.id})</summary><p><em>{ADVICE}</em></p>{''.join(options)}"
        f"{_counter_html(counter) if counter else ''}</details>"
    )


def details(action: ModelAction) -> Iterator[tuple[str, str]]:
    """Yield the labelled details of an action; empty cells of the table are left out."""
    for field, label in LABELS.items():
        if text := getattr(action, field):
            yield label, text


def notes(answer: ModelAnswer) -> Iterator[tuple[str, str]]:
    """Yield the labelled texts below the actions of a model answer; empty cells of the table are left out."""
    served = ", ".join(answer.principles)
    for label, text in (
        ("Moyens", answer.means),
        ("Premier pas", answer.first_step),
        ("Pourquoi", answer.why),
        ("Principes servis", ". ".join(filter(None, (served, answer.principles_sentence)))),
    ):
        if text:
            yield label, text


def _sentence(text: str) -> dict[str, str]:
    return {"text/html": f"<p {_PLAIN}>{escape(text)}</p>", "text/plain": text}


def _answer_html(answer: ModelAnswer) -> str:
    actions = "".join(f"<li>{escape(action.action)}{_details_html(action)}</li>" for action in answer.actions)
    below = "".join(f"<p><strong>{label} :</strong> {escape(text)}</p>" for label, text in notes(answer))
    return (
        f"<p><strong>Corrigé {answer.variant}. Stratégie :</strong> {escape(answer.strategy)}</p>"
        f"<ol>{actions}</ol>{below}"
    )


def _details_html(action: ModelAction) -> str:
    return "".join(f"<br>{label} : {escape(text)}" for label, text in details(action))


def _counter_html(counter: CounterExample) -> str:
    rows = "".join(f"<li>{row.option} : {escape(row.strategy)} — {escape(row.action)}</li>" for row in counter.answers)
    marks = ", ".join(f"Q{rank} {points(value)}" for rank, value in enumerate(counter.points, 1))
    return (
        f"<h3>{HOLLOW}</h3><ul>{rows}</ul>"
        f"<p><strong>{points(counter.total)} sur 14 :</strong> {marks}. {escape(counter.verdict)}</p>"
    )


def comparison(objective: Objective, answers: Answers | None, *, sure: bool) -> dict[str, Any]:
    """Return the message that shows the model answers of a canvas to a trainee.

    Args:
        objective: The canvas's objective.
        answers: The saved answers.
        sure: Whether to show them even before an attempt at each option.

    Returns:
        A `compared` message: `text` alone when there is nothing to show; with `first` true when it asks for a second
        click; else the model answers by option, the counter-example and the names of the levels.
    """
    try:
        models = model_answers.load()
    except UnusableTableError as error:
        return _only(str(error))
    if models.absence:
        return _only(models.absence)
    treated = completeness(objective, answers).treated
    untreated = [option.id for option in objective.options if option.id not in treated]
    if untreated and not sure:
        many = len(untreated) > 1
        remaining = f"Restent les options {', '.join(untreated)}." if many else f"Reste l’option {untreated[0]}."
        return {**_only(_TRY_FIRST.format(remaining=remaining)), "first": True}
    return {**_only(ADVICE), "shown": _shown(objective, models)}


def _only(text: str) -> dict[str, Any]:
    return {"kind": "compared", "text": text}


def _shown(objective: Objective, models: ModelAnswers) -> dict[str, Any]:
    counter = models.counter_examples.get(objective.id)
    return {
        "options": [
            {
                "id": option.id,
                "label": option.label,
                "answers": [_answer(answer) for answer in models.answers.get(option.id, ())],
            }
            for option in objective.options
        ],
        "counter": _counter(counter) if counter else None,
        "names": [level.capitalize() for level in rubric.LEVELS],
    }


def _answer(answer: ModelAnswer) -> dict[str, Any]:
    actions = [{"action": action.action, "details": list(details(action))} for action in answer.actions]
    return {
        "variant": answer.variant,
        "strategy": answer.strategy,
        "actions": actions,
        "notes": list(notes(answer)),
    }


def _counter(counter: CounterExample) -> dict[str, Any]:
    return {
        "title": HOLLOW,
        "answers": [{"option": row.option, "strategy": row.strategy, "action": row.action} for row in counter.answers],
        "points": [points(value) for value in counter.points],
        "total": points(counter.total),
        "verdict": counter.verdict,
    }
