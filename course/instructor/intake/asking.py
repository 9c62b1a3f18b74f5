"""Asking the instructor what only she knows: on a terminal, or through the page whose button runs the command."""

from __future__ import annotations

import json
import os
import sys

from course.core.bar import PAGE
from course.instructor.intake.people import ASIDE, Ask, Question

MARK = "\x1e"  # begins the line of a question: a record separator, which no name can hold


def asker() -> Ask | None:
    """Who can be asked; None where there is nobody."""
    if os.environ.get(PAGE):
        return _through_page
    return _on_terminal if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() else None


def _through_page(question: Question) -> str:
    """The answer that comes back on the input, a line of JSON; put aside when the page is gone."""
    said = {
        "words": question.words,
        "choices": [{"value": choice.value, "words": choice.words} for choice in question.choices],
        "free": question.free,
    }
    print(f"{MARK}{json.dumps(said)}", flush=True)
    try:
        answer = json.loads(sys.stdin.readline())
    except ValueError:
        return ASIDE
    return answer if isinstance(answer, str) and answer else ASIDE


def _on_terminal(question: Question) -> str:
    """The answer to a question: a number of the list, or a name that is not on it."""
    print(f"\n{question.words}")
    for number, choice in enumerate(question.choices, 1):
        print(f"  {number}. {choice.words}")
    while True:
        try:
            answer = input("Un numéro, ou un nom de la liste : " if question.free else "Un numéro : ").strip()
        except EOFError:
            print()
            return ASIDE
        if answer.isdecimal() and 1 <= int(answer) <= len(question.choices):
            return question.choices[int(answer) - 1].value
        if question.free and answer and not answer.isdecimal():
            return answer
        print("Ce n’est pas un numéro de la liste.")
