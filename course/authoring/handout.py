"""What an instructor prints and that is no quiz: the glossary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from course.core import glossary

_HERE = Path(__file__).parent
_STRONG, _EMPHASIS, _LINK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\*(.+?)\*"), re.compile(r"\[([^\]]+)\]\([^)]*\)")


def glossary_sheet() -> str:
    """The fourteen terms, what each means, and room to write it in a language of the trainees."""
    return str(template("glossary").render(terms=glossary.load()))


HANDOUTS: Mapping[str, Callable[[], str]] = {
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
