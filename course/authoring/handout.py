"""What an instructor prints and that is no quiz: the guide, the scenes to read aloud, the glossary."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from course.core import glossary
from course.core.content import content

_HERE = Path(__file__).parent
_STRONG, _EMPHASIS, _LINK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\*(.+?)\*"), re.compile(r"\[([^\]]+)\]\([^)]*\)")
_TITLE = re.compile(r"# (.+)")


def notebook(stem: str, *, apart: bool = False) -> str:
    """The texts of a notebook of `modules/` as one HTML page that prints on A4 and needs no other file.

    A link is printed as its text: there is nothing to click on paper.

    Args:
        stem: `22-guide`.
        apart: Whether each cell after the first begins a page.
    """
    import mistune  # noqa: PLC0415

    cells = json.loads((content("modules") / f"{stem}.ipynb").read_bytes())["cells"]
    texts = [_LINK.sub(r"\1", "".join(cell["source"])) for cell in cells if cell["cell_type"] == "markdown"]
    render = mistune.create_markdown(plugins=["table"])  # HTML in a text is shown, not obeyed
    heading = _TITLE.match(texts[0])
    title = heading[1] if heading else stem
    return str(template("handout").render(title=title, parts=[render(text) for text in texts], apart=apart))


def glossary_sheet() -> str:
    """The fourteen terms, what each means, and room to write it in a language of the trainees."""
    return str(template("glossary").render(terms=glossary.load()))


HANDOUTS: Mapping[str, Callable[[], str]] = {
    "guide": partial(notebook, "22-guide"),
    "scenes": partial(notebook, "23-scenes", apart=True),
    "glossaire": glossary_sheet,
}
"""What `course paper` prints besides quizzes, by the name that is typed."""


def inline(text: str) -> Any:  # noqa: ANN401
    """A line of a teacher's Markdown: emphasis, and links as their text. HTML in it is shown, not obeyed."""
    from markupsafe import Markup, escape  # noqa: PLC0415

    html = _LINK.sub(r"\1", str(escape(text)))
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", html)))


@cache
def template(name: str) -> Any:  # noqa: ANN401
    """The page `name`.html.j2 of this folder; it escapes what it is given."""
    import jinja2  # noqa: PLC0415

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"inline": inline, "letter": lambda place: chr(ord("A") + place)}
    return environment.from_string((_HERE / f"{name}.html.j2").read_text(encoding="utf-8"))
