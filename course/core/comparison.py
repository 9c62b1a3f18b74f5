"""« Comparer avec deux corrigés »: what travels to the page, when it is asked for and not before."""

from __future__ import annotations

from typing import Any

from course.core import model_answers, rubric
from course.core.answers.format import Answers
from course.core.completeness import completeness
from course.core.model_answers import CounterExample, ModelAnswer, ModelAnswers, UnusableTableError
from course.core.model_answers_html import ADVICE, HOLLOW, details
from course.core.syllabus import Objective
from course.core.words import points

TRY_FIRST = (
    "On apprend davantage en essayant d’abord : une ébauche suffit. {left} Vous pouvez aussi voir les corrigés "
    "maintenant, c’est votre choix."
)


def comparison(objective: Objective, answers: Answers | None, *, sure: bool) -> dict[str, Any]:
    """What the canvas shows when somebody asks to compare.

    Args:
        objective: The canvas's objective.
        answers: What is on disk.
        sure: They want to see even before an attempt of their own at each option.

    Returns:
        A `compared` message: `text` alone when there is nothing to show; with `first` true when it asks for a second
        click; else the model answers by option, the counter-example and the rubric.
    """
    try:
        found = model_answers.load()
    except UnusableTableError as error:
        return _only(str(error))
    if found.absence:
        return _only(found.absence)
    treated = completeness(objective, answers).treated
    left = [option.id for option in objective.options if option.id not in treated]
    if left and not sure:
        many = f"Restent les options {', '.join(left)}." if len(left) > 1 else f"Reste l’option {left[0]}."
        return {**_only(TRY_FIRST.format(left=many)), "first": True}
    return {**_only(ADVICE), "shown": _shown(objective, found)}


def _only(text: str) -> dict[str, Any]:
    return {"kind": "compared", "text": text}


def _shown(objective: Objective, found: ModelAnswers) -> dict[str, Any]:
    counter = found.counter_examples.get(objective.id)
    return {
        "options": [
            {
                "id": option.id,
                "label": option.label,
                "answers": [_answer(answer) for answer in found.answers.get(option.id, ())],
            }
            for option in objective.options
        ],
        "counter": _counter(counter) if counter else None,
        "names": [each.capitalize() for each in rubric.LEVELS],
        "rubric": [{"title": each.title, "points": each.points, "levels": each.levels} for each in rubric.load()],
    }


def _answer(answer: ModelAnswer) -> dict[str, Any]:
    actions = [{"action": each.action, "details": list(details(each))} for each in answer.actions]
    return {
        "variant": answer.variant,
        "strategy": answer.strategy,
        "actions": actions,
        "why": answer.why,
        "principles": ", ".join(answer.principles),
    }


def _counter(counter: CounterExample) -> dict[str, Any]:
    return {
        "title": HOLLOW,
        "answers": [{"option": row.option, "strategy": row.strategy, "action": row.action} for row in counter.answers],
        "points": [points(value) for value in counter.points],
        "total": points(counter.total),
        "verdict": counter.verdict,
    }
