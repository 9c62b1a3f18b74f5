"""`course intake`: taking in from a command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from course.core.refusal import Refusal
from course.instructor.cohort.places import find
from course.instructor.intake.asking import asker
from course.instructor.intake.exchange import WORDS
from course.instructor.intake.reception import lines
from course.instructor.intake.taking import take_in


def intake(paths: Sequence[Path | str], folder: Path | None = None, ask: bool = True, exchange: bool = False) -> None:
    """Takes in what trainees sent, and prints what became of each file. Done again, it changes nothing.

    Args:
        paths: Files and folders: zips of « Remettre », of Moodle, attachments, answers files, an inbound folder; the
            word `exchange` for the exchange that nbgrader's settings name. By default, the class's own inbox.
        folder: The course's folder; None for the one where one stands.
        ask: Whether to ask what only the instructor knows; else it is set aside, and said.
        exchange: Whether to read that exchange too.

    Raises:
        Refusal: There is no course, nothing was named, or the class's folder cannot be written.
    """
    cohort = find(folder)
    sources = [*paths, *([WORDS[0]] if exchange and WORDS[0] not in paths else [])]
    if not sources and cohort.inbox.is_dir():
        sources = [cohort.inbox]
    if not sources:
        raise Refusal(
            "Dites ce qu’il faut recevoir : un fichier, un dossier, ou le mot « exchange ». "
            "Par exemple : course intake ~/Téléchargements/remises.zip"
        )
    for line in lines(take_in(cohort, sources, asker() if ask else None)):
        print(line, flush=True)
