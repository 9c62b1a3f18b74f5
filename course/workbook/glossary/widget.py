"""The glossary widget: the browser gets the terms and searches them by itself."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import traitlets

from course.core import glossary
from course.core.glossary import LESSON, Term, searchable
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE)


class GlossaryWidget(card.Card):
    """The glossary on the page.

    Attributes:
        lesson: The path of the lesson that defines the terms, in the workbook.
        terms: For each term its name, its cell and its parts, as written and as they are searched.
    """

    _esm = MODULE.source
    _css = card.style(HERE, "glossary.css")
    lesson = traitlets.Unicode().tag(sync=True)
    terms: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def __init__(self) -> None:
        """A glossary of the course's terms, in the order of the alphabet."""
        terms = sorted(glossary.load(), key=lambda term: searchable(term.name))
        super().__init__(lesson=f"modules/{LESSON}.ipynb", terms=[_shown(term) for term in terms])

    def _alternative(self) -> str:
        return "\n".join(f"{name} : {meaning}" for name, meaning in self._meanings())

    def _alternative_html(self, _: str) -> str:
        """The terms and their meanings as a list."""
        entries = "".join(f"<dt>{escape(name)}</dt><dd>{escape(meaning)}</dd>" for name, meaning in self._meanings())
        return f'<dl lang="fr">{entries}</dl>'

    def _meanings(self) -> list[tuple[str, str]]:
        return [(term["name"], term["parts"][0]["text"].replace("*", "")) for term in self.terms]


def _shown(term: Term) -> dict[str, Any]:
    parts = (("En clair", term.meaning), ("Exemple", term.example), ("Faux ami", term.false_friend))
    return {
        "name": term.name,
        "cell": term.cell,
        "search": searchable(term.name),
        "parts": [{"label": label, "text": text, "search": searchable(text)} for label, text in parts],
    }
