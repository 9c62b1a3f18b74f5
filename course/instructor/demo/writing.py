"""What a fictional group writes in its canvases: words of the model answers, or of the counter-examples."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from course.core.answers.format import FORMAT
from course.core.model_answers import ModelAnswers
from course.core.syllabus import Objective, Option
from course.instructor.demo.people import Habit

_NAMESPACE = uuid.UUID("6f1c1c0e-5a52-4d0f-9d8e-7b0c3a1f2d44")
_HOLLOW = "0"
_NOBODY = ("4.1.d", "5.3.c")  # so that the class has options that nobody treated


def canvas(objective: Objective, habit: Habit, who: str, models: ModelAnswers, at: datetime) -> bytes:
    """An answers file.

    Args:
        objective: The canvas.
        habit: How whoever writes works.
        who: Whoever writes: two of them have two documents.
        models: Where the words are from.
        at: When it was saved, in UTC.

    Returns:
        The bytes of a `canevas/1`; the same for the same arguments.
    """
    treated = max(1, round(habit.share * len(objective.options)))
    options = {
        option.id: _rows(option, rank, rank < treated and option.id not in _NOBODY, habit, models)
        for rank, option in enumerate(objective.options)
    }
    document = {
        "format": FORMAT,
        "objective": objective.id,
        "document": str(uuid.uuid5(_NAMESPACE, f"{who} {objective.id}")),
        "revision": sum(map(len, options.values())) * 7,
        "saved_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "options": options,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _rows(option: Option, rank: int, treated: bool, habit: Habit, models: ModelAnswers) -> list[dict[str, Any]]:
    if not treated:
        actions = [_action("a", habit.hollow)] if habit.hollow else []
        return [{"id": f"s{rank}", "strategy": habit.hollow, "actions": actions}] if habit.hollow else []
    variant = habit.variants[rank % len(habit.variants)]
    if variant == _HOLLOW:
        said = next(each for each in models.counter_examples[option.objective].answers if each.option == option.id)
        return [{"id": f"s{rank}", "strategy": said.strategy, "actions": [_action("a", said.action)]}]
    model = next(each for each in models.answers[option.id] if each.variant == variant)
    tasks = model.actions if habit.level == 2 else model.actions[:1]
    actions = [
        _action(
            f"a{number}",
            task.action,
            **({"responsible": task.responsible, "due": task.due, "indicator": task.indicator} if habit.pilot else {}),
        )
        for number, task in enumerate(tasks)
    ]
    return [{"id": f"s{rank}", "strategy": model.strategy, "actions": actions}]


def _action(key: str, text: str, **pilot: str) -> dict[str, str]:
    return {"id": key, "action": text, "responsible": "", "due": "", "indicator": "", **pilot}
