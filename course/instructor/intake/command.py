"""`course intake`: what it reads from the command line, asks on a terminal or a page, and prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from course.core.bar import PAGE, Question
from course.core.bar import ask as ask_page
from course.core.refusal import Refusal
from course.core.terminal import typed
from course.instructor.cohort import places
from course.instructor.cohort.rereading import to_reread
from course.instructor.intake import exchange
from course.instructor.intake.decisions import Ask
from course.instructor.intake.intake import put_back, take_in
from course.instructor.intake.reception import lines


def intake(
    paths: Sequence[Path | str],
    folder: Path | None = None,
    ask: bool = True,
    inbound: bool = False,
    back: str | None = None,
) -> None:
    """Take in files, and print the outcome of each. Done again, it changes nothing.

    Args:
        paths: Files and folders: zips of « Remettre », of Moodle, attachments, answers files, an inbound folder; the
            word `exchange` for the exchange that nbgrader's settings name. By default, the class's own inbox.
        folder: The course's folder; None for the current one.
        ask: Whether to ask what only the instructor knows; else it is set aside.
        inbound: Whether to read that exchange too.
        back: A version to put back instead: a trainee, whose version is then chosen, or an original in `recus/`.

    Raises:
        Refusal: There is no course, nothing was named, or the class's folder cannot be written.
    """
    cohort = places.find(folder)
    if back is not None:
        reception = put_back(cohort, back, asker() if ask else None)
    else:
        word = exchange.WORDS[0]
        named = [*paths, *([word] if inbound and word not in paths else [])]
        if not named and cohort.inbox.is_dir():
            named = [cohort.inbox]
        if not named:
            raise Refusal(
                "Dites ce qu’il faut recevoir : un fichier, un dossier, ou le mot « exchange ». "
                f"Par exemple : {typed('intake')} ~/Téléchargements/remises.zip"
            )
        reception = take_in(cohort, named, asker() if ask else None)
    for line in lines(reception):
        print(line, flush=True)
    if notice := to_reread(cohort):
        print(notice, flush=True)


def asker() -> Ask | None:
    """Return the function that asks the instructor, on a page or a terminal; None where neither is there."""
    if os.environ.get(PAGE):
        return partial(ask_page, otherwise="")
    return _Terminal() if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() else None


class _Terminal:
    """Asks on the terminal: a number of the list, or a name that is not on it; no answer is the empty one."""

    def __init__(self) -> None:
        self._ended = False  # whether the input has ended: nobody sees another question

    def __call__(self, question: Question) -> str:
        if self._ended:
            return ""
        print(f"\n{question.words}")
        for number, choice in enumerate(question.choices, 1):
            print(f"  {number}. {choice.words}")
        expected = "Un numéro, ou un nom de la liste" if question.free else "Un numéro"
        while True:
            try:
                answer = input(f"{expected} (Entrée seule : plus tard) : ").strip()
            except EOFError:
                print()
                self._ended = True
                return ""
            except KeyboardInterrupt:
                raise Refusal(
                    "\nInterrompu : vos réponses sont gardées. La même commande continue avec les autres questions."
                ) from None
            if answer.isdecimal() and 1 <= int(answer) <= len(question.choices):
                return question.choices[int(answer) - 1].value
            if not answer or (question.free and not answer.isdecimal()):
                return answer
            print("Ce n’est pas un numéro de la liste.")
