"""The format `plan/1`: what a team has written of the actions of its canvases, and its validating parser.

Source of the limits and rules: `plan-1.schema.json` beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from course.core import syllabus
from course.core.answers.format import FOLDER, MAX_CHARACTERS
from course.core.completeness import normalise
from course.core.documents import read_json
from course.core.refusal import Unreadable

FORMAT = "plan/1"
FILE = "plan.json"
"""In `reponses/`, beside the notebook of the plan."""
PATH = f"{FOLDER}/{FILE}"
"""In a hand-in."""
MAX_BYTES = 1024 * 1024
MAX_ENTRIES = 1_000
MAX_ORDER = 2_000_000_000
MAX_COST = 999_999_999_999
PRINCIPLES = ("p1", "p2", "p3", "p4", "p5", "p6")
QUARTERS = ("t1", "t2", "t3", "t4")
LEVELS = ("impact", "effort", "urgency")
VERDICTS = ("", "yes", "no", "review")
STATUSES = ("", "planned", "begun", "done")
FOLLOW_UP = ("achieved", "effect", "obstacle")
"""What is said of an action three months later, beside its status."""
IDENTITY = ("objective", "option", "strategy_id", "action_id")
ROW = re.compile(r"[1-5]-[1-5]-[A-Za-z0-9_-]{1,124}")

_LONGEST_ID = 124  # of an action in a row, of which a page's edits have 128 characters at most
_BLANKS = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entry: its values in the file, and the texts that stand for them in edits and on pages.

    Attributes:
        kind: `text`, `flag`, `number` or `word`.
        most: The largest number; the greatest length of a text.
        words: The values of a `word`.
    """

    kind: str
    most: int = MAX_CHARACTERS
    words: tuple[str, ...] = ()

    def value(self, text: str) -> Any:  # noqa: ANN401
        """Return the value that a text stands for; raises `ValueError`."""
        if self.kind == "flag" and text in ("", "1"):
            return text == "1"
        if self.kind == "number":
            digits = _BLANKS.sub("", text)
            if not digits:
                return None if self.most == MAX_COST else 0
            if re.fullmatch(r"[0-9]{1,12}", digits) and int(digits) <= self.most:
                return int(digits)
        if (self.kind == "word" and text in self.words) or (self.kind == "text" and len(text) <= self.most):
            return text
        raise ValueError(text)

    def text(self, value: Any) -> str:  # noqa: ANN401
        """Return the text that stands for a value, empty for one that is missing."""
        if self.kind == "flag":
            return "1" if value else ""
        return "" if value is None or (value == 0 and self.most != MAX_COST) else str(value)

    def accepts(self, value: object) -> bool:
        """Return True for a value that the file may hold."""
        if self.kind == "flag":
            return isinstance(value, bool)
        if self.kind == "number":
            return (value is None and self.most == MAX_COST) or (type(value) is int and 0 <= value <= self.most)
        return isinstance(value, str) and (value in self.words if self.kind == "word" else len(value) <= self.most)


_TEXT, _FLAG, _LEVEL = Field("text"), Field("flag"), Field("number", 3)
FIELDS: Mapping[str, Field] = {
    "seen_strategy": _TEXT,
    "seen_action": _TEXT,
    "chosen": _FLAG,
    "order": Field("number", MAX_ORDER),
    **dict.fromkeys(LEVELS, _LEVEL),
    "responsible": _TEXT,
    "partners": _TEXT,
    **dict.fromkeys(QUARTERS, _FLAG),
    "cost": Field("number", MAX_COST),
    **dict.fromkeys(("funding", "indicator", "baseline", "target", "verification", "frequency"), _TEXT),
    **dict.fromkeys(PRINCIPLES, Field("word", words=VERDICTS)),
    **{f"{principle}_reason": _TEXT for principle in PRINCIPLES},
    "origin": _TEXT,
    "status": Field("word", words=STATUSES),
    **dict.fromkeys(FOLLOW_UP, _TEXT),
}
"""Fields that can be written of an action, by their names in the file."""

LABELS: Mapping[str, str] = {
    "impact": "Impact",
    "effort": "Effort",
    "urgency": "Urgence",
    "responsible": "Responsable",
    "partners": "Partenaires",
    "cost": "Coût",
    "funding": "Source de financement",
    "indicator": "Indicateur",
    "baseline": "Base",
    "target": "Cible",
    "verification": "Source de vérification",
    "frequency": "Fréquence",
    "origin": "Proposée par",
    "status": "Où en est l’action",
    "achieved": "Ce qui a été fait",
    "effect": "Ce que cela a changé",
    "obstacle": "Ce qui a empêché",
}
"""The names of fields, as people know them."""
LEVEL_WORDS = ("", "faible", "moyen", "fort")
URGENCY_WORDS = ("", "peut attendre", "cette année", "tout de suite")
STATUS_WORDS: Mapping[str, str] = {"": "", "planned": "prévue", "begun": "commencée", "done": "faite"}
_STATES: Mapping[str, tuple[str, ...]] = {
    "planned": ("prevu", "planifie", "programme", "a faire", "a venir", "pas commence", "non commence"),
    "begun": ("commence", "demarre", "entame", "en cours", "en cours d execution"),
    "done": ("fait", "fini", "termine", "realise", "acheve", "execute"),
}
VERDICT_WORDS: Mapping[str, str] = {"": "", "yes": "oui", "no": "non", "review": "à revoir"}


def status_of(text: str) -> str | None:
    """Return the status that people write in their own words, « Réalisée » or « en cours »; None for no status."""
    word = normalise(text)
    alike = word, re.sub(r"e?s?$", "", word), re.sub(r"e?s?$", "", word) + "e"
    return next((state for state, words in _STATES.items() if not {*words}.isdisjoint(alike)), None if word else "")


def is_written(entry: Mapping[str, Any]) -> bool:
    """Return True for an entry of which a team has chosen or written anything."""
    return any(field.text(entry.get(name)) for name, field in FIELDS.items() if not name.startswith("seen_"))


def row_of(objective: str, action: str) -> str:
    """Return the row of an action in the plan.

    Args:
        objective: Its canvas, `1.1`.
        action: Its id in the canvas, 1 to 128 letters, digits, `-` or `_`.
    """
    name = action if len(action) <= _LONGEST_ID else sha256(action.encode()).hexdigest()
    return f"{objective.replace('.', '-')}-{name}"


def objective_of(row: str) -> str:
    """Return the canvas of a row of the plan: `1.1`; raises `ValueError` for what is no row."""
    objective = row[:3].replace("-", ".")
    if not ROW.fullmatch(row) or all(objective != one.id for one in syllabus.load().objectives):
        raise ValueError(row)
    return objective


def new_document(document: str) -> dict[str, Any]:
    """Return an empty plan.

    Args:
        document: A new unique identifier, under which browsers keep their drafts.
    """
    return {"format": FORMAT, "document": document, "revision": 0, "saved_at": "", "entries": {}}


def load(raw: bytes) -> dict[str, Any]:
    """Parse and validate the JSON object of a plan.

    Args:
        raw: The file's bytes, at most `MAX_BYTES`; a byte-order mark is allowed.

    Returns:
        The object as written, unknown keys included; the keys of the format have valid types and sizes.

    Raises:
        Unreadable: The bytes are not a valid plan.
    """
    document = read_json(raw, MAX_BYTES)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable(f"Le format n’est pas « {FORMAT} ».")
    for key, kind in (("document", str), ("saved_at", str), ("sync", dict)):
        if not isinstance(document.get(key, kind()), kind):
            raise Unreadable(f"La clé « {key} » n’est pas du bon type.")
    revision = document.get("revision", 0)
    if type(revision) is not int or revision < 0:
        raise Unreadable("La clé « revision » n’est pas du bon type.")
    entries = document.get("entries")
    if not isinstance(entries, dict):
        raise Unreadable("La clé « entries » manque, ou n’est pas du bon type.")
    if len(entries) > MAX_ENTRIES:
        raise Unreadable("Le plan a plus de 1 000 actions.")
    for row, entry in entries.items():
        _check(row, entry)
    return document


def _check(row: str, entry: object) -> None:
    try:
        objective = objective_of(row)
    except ValueError:
        raise Unreadable("Une action du plan n’est d’aucun canevas.") from None
    if not isinstance(entry, dict):
        raise Unreadable(f"Une action du canevas {objective} n’est pas du bon type.")
    options = [option.id for option in syllabus.load().objective(objective).options]
    is_of = entry.get("objective", objective) == objective and entry.get("option") in options
    if not is_of or not all(_TEXT.accepts(entry.get(name, "")) for name in IDENTITY):
        raise Unreadable(f"Une action du plan ne dit pas bien qu’elle est du canevas {objective}.")
    for name, field in FIELDS.items():
        if name in entry and not field.accepts(entry[name]):
            raise Unreadable(f"Une action du canevas {objective} a une valeur impossible (« {name} »).")
