"""The sheets that an instructor prints, other than quizzes: the guide, the scenes to read aloud, the glossary."""

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
