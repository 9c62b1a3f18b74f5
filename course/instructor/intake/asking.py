"""Asking the instructor what only she knows: on a terminal, or through the page whose button runs the command."""

from __future__ import annotations

import os
import sys
from functools import partial

from course.core import bar
from course.core.bar import PAGE, Question
from course.instructor.intake.people import ASIDE, Ask


def asker() -> Ask | None:
    """Who can be asked; None where there is nobody."""
    if os.environ.get(PAGE):
        return partial(bar.ask, otherwise=ASIDE)
    return _on_terminal if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() else None


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
