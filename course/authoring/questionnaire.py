"""`course paper`: the test and the quizzes as sheets to print, each with its key for the teacher."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from course.core import quizzes
from course.core.files import write
from course.core.quizzes import Quiz, QuizMistake
from course.core.refusal import NotWritten, Refusal

FOLDER = "questionnaires"
_TEMPLATE = Path(__file__).with_name("questionnaire.html.j2")
_STRONG, _EMPHASIS, _LINK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\*(.+?)\*"), re.compile(r"\[([^\]]+)\]\([^)]*\)")


def export(names: Sequence[str], folder: Path) -> None:
    """Write sheets and their keys, and say on the standard output, in French, where they are.

    Args:
        names: Quizzes, each as `4`, `04` or `04-but-1-autonomiser-et-mobiliser`; when empty, the test.
        folder: Where to; made when missing.

    Raises:
        Refusal: There is no such quiz, its file is not written as it must be, or the folder cannot be written.
    """
    for name in _chosen(names):
        try:
            quiz = quizzes.load(quizzes.BEFORE if name == quizzes.TEST else name)
        except QuizMistake as mistake:
            raise Refusal(str(mistake)) from mistake
        for stem, key in ((name, False), (f"{name}-corrige", True)):
            target = folder / f"{stem}.html"
            try:
                write(target, sheet(quiz, key=key).encode())
            except NotWritten as error:
                raise Refusal(f"« {target} » n’a pas été écrit. {error.reason}") from error
            print(target)
    print("À ouvrir dans un navigateur, sans réseau, puis à imprimer.")


def sheet(quiz: Quiz, *, key: bool = False) -> str:
    """A quiz as the text of one HTML page that prints on A4 and needs no other file.

    Args:
        quiz: The quiz; a sitting of the test also asks for a code, a date and which sitting it is.
        key: With the right choices and the explanations, for the teacher.
    """
    return str(_template().render(quiz=quiz, key=key, test=quiz.id in quizzes.SITTINGS))


def _chosen(names: Sequence[str]) -> tuple[str, ...]:
    known = (quizzes.TEST, *quizzes.names())
    chosen: list[str] = []
    for name in names or (quizzes.TEST,):
        number = f"{int(name):02d}-" if name.isascii() and name.isdigit() else ""
        match = [one for one in known if one == name or (number and one.startswith(number))]
        if not match:
            raise Refusal(f"Il n’y a pas de quiz « {name} ». Ceux du cours : {', '.join(known)}.")
        chosen += match
    return tuple(dict.fromkeys(chosen))


@cache
def _template() -> Any:  # noqa: ANN401
    import jinja2  # noqa: PLC0415

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"inline": _inline, "letter": lambda place: chr(ord("A") + place)}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _inline(text: str) -> Any:  # noqa: ANN401
    """A line of a teacher's Markdown: emphasis, and links as their text. HTML in it is shown, not obeyed."""
    from markupsafe import Markup, escape  # noqa: PLC0415

    html = _LINK.sub(r"\1", str(escape(text)))
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", html)))
