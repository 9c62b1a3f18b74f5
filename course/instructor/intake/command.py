"""`course intake`: what it reads from the command line, asks on a terminal or a page, and prints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from course.core.bar import asker
from course.core.refusal import Refusal
from course.core.terminal import typed
from course.instructor.cohort import places
from course.instructor.cohort.rereading import to_reread
from course.instructor.intake import exchange
from course.instructor.intake.intake import put_back, take_in
from course.instructor.intake.reception import lines

_INTERRUPTED = "Interrompu\u00a0: vos réponses sont gardées. La même commande continue avec les autres questions."


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
        reception = put_back(cohort, back, asker(_INTERRUPTED) if ask else None)
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
        reception = take_in(cohort, named, asker(_INTERRUPTED) if ask else None)
    for line in lines(reception):
        print(line, flush=True)
    if notice := to_reread(cohort):
        print(notice, flush=True)
