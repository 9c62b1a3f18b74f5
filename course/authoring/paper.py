"""`course paper`: sheets to print for a class, one HTML page each: quizzes, keys, guide, scenes, glossary."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from course.core import glossary, quizzes
from course.core.content import content
from course.core.files import write
from course.core.glossary import GlossaryMistake
from course.core.quizzes import Quiz, QuizMistake
from course.core.refusal import NotWritten, Refusal

_HERE = Path(__file__).parent
_STRONG, _EMPHASIS, _LINK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\*(.+?)\*"), re.compile(r"\[([^\]]+)\]\([^)]*\)")
_TITLE = re.compile(r"# (.+)")


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


def sheet(quiz: Quiz, *, key: bool = False) -> str:
    """Return a quiz as one self-contained HTML page for A4.

    Args:
        quiz: The quiz; a sitting of the test also asks for a code, a date and which sitting it is.
        key: Whether to show the right choices and the explanations, for the teacher.
    """
    return str(template("questionnaire").render(quiz=quiz, key=key, test=quiz.id in quizzes.SITTINGS))


def notebook(stem: str, *, apart: bool = False) -> str:
    """Return the texts of a notebook of `modules/` as one self-contained HTML page for A4.

    Links are printed as their text.

    Args:
        stem: `22-guide`.
        apart: Whether each cell after the first starts a page.
    """
    import mistune  # noqa: PLC0415

    cells = json.loads((content("modules") / f"{stem}.ipynb").read_bytes())["cells"]
    texts = [_LINK.sub(r"\1", "".join(cell["source"])) for cell in cells if cell["cell_type"] == "markdown"]
    render = mistune.create_markdown(plugins=["table"])  # HTML in a text is escaped
    heading = _TITLE.match(texts[0])
    title = heading[1] if heading else stem
    return str(template("handout").render(title=title, parts=[render(text) for text in texts], apart=apart))


def glossary_sheet() -> str:
    """Return the fourteen terms with their meanings, and room to write each in a language of the trainees."""
    return str(template("glossary").render(terms=glossary.load()))


HANDOUTS: Mapping[str, Callable[[], str]] = {
    "guide": partial(notebook, "22-guide"),
    "scenes": partial(notebook, "23-scenes", apart=True),
    "glossaire": glossary_sheet,
}
"""The sheets of `course paper` other than quizzes, by the name that is typed."""


def inline(text: str) -> Any:  # noqa: ANN401
    """Convert a line of Markdown to HTML: emphasis, and links as their text; HTML in it is escaped."""
    from markupsafe import Markup, escape  # noqa: PLC0415

    html = _LINK.sub(r"\1", str(escape(text)))
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", html)))


@cache
def template(name: str) -> Any:  # noqa: ANN401
    """Return the template `name`.html.j2 of this folder, with autoescape."""
    import jinja2  # noqa: PLC0415

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"inline": inline, "letter": lambda place: chr(ord("A") + place)}
    return environment.from_string((_HERE / f"{name}.html.j2").read_text(encoding="utf-8"))
