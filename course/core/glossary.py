"""The glossary: the fourteen terms, read from the lesson that defines them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course.core.completeness import normalise
from course.core.content import content
from course.core.syllabus import rows

LESSON = "02-concepts"
_CELL = re.compile(r"terme-(c\d\d)")
_HEADING = re.compile(r"#{2,6}\s+(.+)")
_LABEL = re.compile(
    r"\*\*(En clair|Exemple|Faux ami)(?:[\s\u00a0\u202f]*:)?\*\*[\s\u00a0\u202f]*(?::[\s\u00a0\u202f]*)?"
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})


class GlossaryMistake(ValueError):  # noqa: N818 - what a teacher reads
    """A malformed term; the message is a French sentence that names the notebook and the cell."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the course.

    Attributes:
        id: `c01` … `c14`, as in `data/concepts.csv`.
        name: As the lesson writes it.
        meaning: « En clair »: the definition; Markdown emphasis is allowed, here and below.
        example: « Exemple »: a scene in a health centre.
        false_friend: « Faux ami »: what it is confused with.
    """

    id: str
    name: str
    meaning: str
    example: str
    false_friend: str

    @property
    def cell(self) -> str:
        """The id of its cell in the lesson."""
        return f"terme-{self.id}"


@cache
def load() -> tuple[Term, ...]:
    """Return the terms of the course; raises `GlossaryMistake`."""
    return read(content("modules") / f"{LESSON}.ipynb")


def read(path: Path) -> tuple[Term, ...]:
    """Read the terms of a notebook.

    Args:
        path: The notebook; each of its cells `terme-cNN` holds a term.

    Returns:
        One term for each concept of `data/concepts.csv`, in that order.

    Raises:
        GlossaryMistake: A term is missing, is defined twice, or lacks one of its parts.
    """
    terms: dict[str, Term] = {}
    for cell, source in _cells(path):
        if not (match := _CELL.fullmatch(cell)):
            continue
        if match[1] in terms:
            raise GlossaryMistake(f"{path.name} : la cellule « {cell} » y est deux fois ; gardez-en une.")
        terms[match[1]] = parse(source, match[1], path.name)
    known = [row["concept"] for row in rows("concepts")]
    for concept in known:
        if concept not in terms:
            raise GlossaryMistake(f"{path.name} : il manque la cellule « terme-{concept} ».")
    return tuple(terms[concept] for concept in known)


def parse(source: str, identifier: str, file: str) -> Term:
    """Parse the term in a cell's text.

    Args:
        source: A heading, then « **En clair** : … », « **Exemple** : … » and « **Faux ami** : … » in any order.
        identifier: The concept, `c01`.
        file: The notebook's name, for error messages.

    Raises:
        GlossaryMistake: A part is missing, empty or repeated.
    """
    location = f"{file}, cellule « terme-{identifier} »"
    first, _, body = source.strip().partition("\n")
    heading = _HEADING.fullmatch(first.strip())
    if not heading:
        raise GlossaryMistake(f"{location} : la première ligne doit être le terme : « ### Le terme ».")
    pieces = _LABEL.split(body)
    parts: dict[str, str] = {}
    for label, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if label in parts:
            raise GlossaryMistake(f"{location} : « **{label}** » y est deux fois.")
        parts[label] = " ".join(text.split())
    for label in ("En clair", "Exemple", "Faux ami"):
        if not parts.get(label):
            raise GlossaryMistake(f"{location} : il manque « **{label}** : … ».")
    return Term(identifier, heading[1].strip(), parts["En clair"], parts["Exemple"], parts["Faux ami"])


def searchable(text: str) -> str:
    """Return a text in lower case, without accents or ligatures, its words joined by single spaces.

    The search field normalises typed text in the same way (`course/workbook/glossary/search.js`).
    """
    return normalise(text.translate(_LIGATURES))


def _cells(path: Path) -> Iterator[tuple[str, str]]:
    try:
        notebook = json.loads(path.read_bytes())
        for cell in notebook["cells"]:
            yield str(cell.get("id", "")), "".join(cell["source"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GlossaryMistake(f"{path.name} : ce fichier n’est pas un notebook lisible.") from error
