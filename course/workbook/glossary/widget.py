"""The glossary widget: it gives the browser the terms, which searches by itself."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course.core import glossary
from course.core.glossary import LESSON, Term, searchable
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE, ("../dom.js", "../inline.js", "../links.js", "search.js", "view.js"), "glossary.css")


class GlossaryWidget(anywidget.AnyWidget):
    """The glossary on the page.

    Attributes:
        lesson: The path of the lesson that defines the terms, in the workbook.
        terms: For each term its name, its cell and its parts, as written and as they are searched.
    """

    _esm = MODULE.source
    _css = card.style(HERE, "glossary.css")
    lesson = traitlets.Unicode().tag(sync=True)
    terms = traitlets.List().tag(sync=True)

    def __init__(self) -> None:
        """A glossary of the course's terms, in the order of the alphabet."""
        terms = sorted(glossary.load(), key=lambda term: searchable(term.name))
        super().__init__(lesson=f"modules/{LESSON}.ipynb", terms=[_shown(term) for term in terms])

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and for a page that shows none the terms and their meanings."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        said = [(term["name"], term["parts"][0]["text"].replace("*", "")) for term in self.terms]
        text = "\n".join(f"{name} : {meaning}" for name, meaning in said)
        entries = "".join(f"<dt>{escape(name)}</dt><dd>{escape(meaning)}</dd>" for name, meaning in said)
        return {**data, "text/plain": text, "text/html": f'<dl lang="fr">{entries}</dl>'}, metadata


def _shown(term: Term) -> dict[str, Any]:
    parts = (("En clair", term.meaning), ("Exemple", term.example), ("Faux ami", term.false_friend))
    return {
        "name": term.name,
        "cell": term.cell,
        "search": searchable(term.name),
        "parts": [{"label": label, "text": text, "search": searchable(text)} for label, text in parts],
    }
