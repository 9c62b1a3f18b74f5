"""What the bench shows of one copy: its texts as data, never as HTML, and what is given to it."""

from __future__ import annotations

from typing import Any

from course.core.answers import FOLDER, file_name
from course.core.answers.format import PILOT_FIELDS, Action, Answers, Strategy
from course.core.model_answers_html import LABELS
from course.core.refusal import Unreadable
from course.core.syllabus import Objective
from course.instructor.cohort import marks as given
from course.instructor.review.queue import Entry
from course.instructor.review.twins import Class, words_of


def sheet(objective: Objective, entry: Entry, everybody: Class) -> dict[str, Any]:
    """A copy for the page: nothing in it says whose it is, but what its author wrote.

    Args:
        objective: The canvas.
        entry: The copy.
        everybody: What all copies say.

    Returns:
        Its options with strategies and actions, why it cannot be read if so, what was found elsewhere, its marks.
    """
    shown = {"key": entry.key, "number": entry.number, "problem": "", "same": [], "options": [], **said(entry)}
    try:
        answers = entry.copy.answers(objective)
    except Unreadable as error:
        name = f"{FOLDER}/{file_name(objective)}"
        return shown | {"problem": f"Réponse illisible. Fichier « {name} » : {error.reason}"}
    if answers is None:
        return shown | {"problem": "Rien n’a été remis pour ce canevas."}
    return shown | {
        "same": everybody.same(words_of(answers), entry.number),
        "options": _options(objective, answers, everybody, entry.number),
    }


def said(entry: Entry) -> dict[str, Any]:
    """What was given to a copy so far, and what to say of it.

    Args:
        entry: The copy with its marks of now.
    """
    mark = entry.mark
    return {
        "state": entry.state,
        "digest": entry.digest,
        "base": given.state(entry.marks),
        "levels": list(mark.levels),
        "comment": mark.comment,
        "completeness": mark.completeness,
        "elsewhere": mark.quality if mark.elsewhere else None,
        "changed": entry.changed,
        "uneven": entry.uneven,
        "people": len(entry.copy.students),
        "reviewer": mark.reviewer,
        "at": f"{mark.at.isoformat(timespec='seconds')}Z" if mark.at else "",
    }


def _options(objective: Objective, answers: Answers, everybody: Class, number: int) -> list[dict[str, Any]]:
    def text(words: str) -> dict[str, Any]:
        others = everybody.others(words, number)
        return {"text": words, "copies": others, "model": everybody.in_a_model(words)}

    def action(row: Action) -> dict[str, Any]:
        pilot = [(LABELS[field], value) for field in PILOT_FIELDS if (value := getattr(row, field).strip())]
        return {**text(row.action), "pilot": pilot}

    def strategy(row: Strategy) -> dict[str, Any]:
        return {**text(row.strategy), "actions": [action(each) for each in row.actions]}

    return [
        {
            "id": option.id,
            "label": option.label,
            "strategies": [strategy(row) for row in answers.options.get(option.id, ())],
        }
        for option in objective.options
    ]
