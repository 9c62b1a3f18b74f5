"""`course paper`: sheets to print for a class, one HTML page each: quizzes, keys, guide, scenes, glossary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from course.authoring.handout import HANDOUTS
from course.authoring.questionnaire import sheet
from course.core import quizzes
from course.core.files import write
from course.core.glossary import GlossaryMistake
from course.core.quizzes import QuizMistake
from course.core.refusal import NotWritten, Refusal


def export(names: Sequence[str], folder: Path) -> None:
    """Write sheets, and print their paths, in French.

    Args:
        names: Quizzes, each as `4`, `04` or `04-but-1-autonomiser-et-mobiliser`, and handouts by their name; when
            empty, the test.
        folder: The destination; created when missing.

    Raises:
        Refusal: There is no such sheet, its source is malformed, or the folder cannot be written.
    """
    for name in _chosen(names):
        try:
            pages = tuple(_pages(name))
        except (QuizMistake, GlossaryMistake) as mistake:
            raise Refusal(str(mistake)) from mistake
        for stem, page in pages:
            target = folder / f"{stem}.html"
            try:
                write(target, page.encode())
            except NotWritten as error:
                raise Refusal(f"«\u202f{target}\u202f» n’a pas été écrit. {error.reason}") from error
            print(target)
    print("À ouvrir dans un navigateur, sans réseau, puis à imprimer.")


def _pages(name: str) -> Iterator[tuple[str, str]]:
    """Yield the file names, without extension, and the pages of the sheets of a name."""
    if name in HANDOUTS:
        yield name, HANDOUTS[name]()
        return
    quiz = quizzes.load(quizzes.BEFORE if name == quizzes.TEST else name)
    yield name, sheet(quiz)
    yield f"{name}-corrige", sheet(quiz, key=True)


def _chosen(names: Sequence[str]) -> tuple[str, ...]:
    known = (quizzes.TEST, *quizzes.names(), *HANDOUTS)
    chosen: list[str] = []
    for name in names or (quizzes.TEST,):
        number = f"{int(name):02d}-" if name.isascii() and name.isdigit() else ""
        matches = [sheet for sheet in known if sheet == name or (number and sheet.startswith(number))]
        if not matches:
            printable = ", ".join(known)
            raise Refusal(f"«\u202f{name}\u202f» ne s’imprime pas. Ce que l’on imprime\u00a0: {printable}.")
        chosen += matches
    return tuple(dict.fromkeys(chosen))
