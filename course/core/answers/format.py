"""The format `canevas/1`: the answers of one canvas, the path of their file, and its validating parser.

Source of the limits and rules: `canevas-1.schema.json` beside this file, and the reasons an answer is unreadable.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.core.documents import read_json
from course.core.files import read_bytes
from course.core.refusal import Unreadable
from course.core.syllabus import Objective

FORMAT = "canevas/1"
FOLDER = "reponses"
"""Its place is the folder of the notebook."""
MAX_BYTES = 256 * 1024
MAX_STRATEGIES = 20
MAX_ACTIONS = 20
MAX_CHARACTERS = 4_000

PILOT_FIELDS = ("responsible", "due", "indicator")
ACTION_FIELDS = ("action", *PILOT_FIELDS)
_STRATEGY_TEXTS = ("id", "strategy")
_ACTION_TEXTS = ("id", *ACTION_FIELDS)
_DICT = frozenset({dict})


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a strategy (column 3), with its three optional pilot fields."""

    id: str = ""
    action: str = ""
    responsible: str = ""
    due: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy for an option (column 2), with its actions in order."""

    id: str = ""
    strategy: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of a team in one canvas.

    Attributes:
        objective: `1.1` … `5.5`.
        options: The strategies by option id; only options of this canvas, in its order, empty ones included.
    """

    objective: str
    options: Mapping[str, tuple[Strategy, ...]] = field(default_factory=dict)


def file_name(objective: Objective) -> str:
    """Return the name of a canvas's answers file: `1.1.json`."""
    return f"{objective.id}.json"


def unreadable_name(objective: Objective) -> str:
    """Return the name of the file that says why a canvas's answers were rejected: `1.1.illisible.txt`."""
    return f"{objective.id}.illisible.txt"


def read(folder: Path, objective: Objective) -> Answers | None:
    """Read the answers of one canvas in an assignment's folder.

    Args:
        folder: The folder that holds the notebook and `reponses/`; it is trusted, its contents are not.
        objective: The canvas.

    Returns:
        The answers, or None when there is no such file.

    Raises:
        Unreadable: The file exists and is not a readable answers file.
    """
    raw = read_bytes(folder, FOLDER, file_name(objective), limit=MAX_BYTES)
    return None if raw is None else parse(raw, objective)


def path_of(objective: Objective | str) -> str:
    """Return the path of a canvas's answers file beside the notebook: `reponses/1.1.json`.

    Args:
        objective: The canvas, or its identifier.
    """
    return f"{FOLDER}/{objective if isinstance(objective, str) else objective.id}.json"


def tidy(text: str) -> str:
    """Return a text in the form in which two are the same: composed letters (NFC), single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def texts(answers: Answers) -> frozenset[str]:
    """Return all that is written in a canvas, pilot fields included, each text as `tidy` gives it."""
    rows = [row for strategies in answers.options.values() for row in strategies]
    written = [row.strategy for row in rows]
    written += [getattr(action, name) for row in rows for action in row.actions for name in ACTION_FIELDS]
    return frozenset(map(tidy, written)) - {""}


def is_blank(answers: Answers) -> bool:
    """Return True for a canvas without any text."""
    return not texts(answers)


def load(raw: bytes, objective: Objective) -> dict[str, Any]:
    """Parse and validate the JSON object of a canvas's answers file.

    Args:
        raw: The file's bytes, at most `MAX_BYTES`; a byte-order mark is allowed.
        objective: The canvas the answers must belong to.

    Returns:
        The object as written, unknown keys included; the keys of the format have valid types and sizes.

    Raises:
        Unreadable: The bytes are not a valid answers file of this canvas.
    """
    document = read_json(raw, MAX_BYTES)
    if not isinstance(document, dict):
        raise Unreadable("Le fichier ne contient pas un canevas.")
    _check(document, objective)
    return document


def parse(raw: bytes, objective: Objective) -> Answers:
    """Parse the answers in a file's bytes.

    Args:
        raw: The file's bytes.
        objective: The canvas the answers must belong to.

    Returns:
        The answers; options missing from the file are present and empty.

    Raises:
        Unreadable: As `load`.
    """
    return view(load(raw, objective), objective)


def view(document: Mapping[str, Any], objective: Objective) -> Answers:
    """Return the answers in a document that `load` accepted, without the `sync` data."""
    return Answers(
        objective.id,
        {
            option.id: tuple(
                Strategy(
                    row.get("id", ""),
                    row.get("strategy", ""),
                    tuple(
                        Action(action.get("id", ""), *(action.get(name, "") for name in ACTION_FIELDS))
                        for action in row.get("actions", ())
                    ),
                )
                for row in document["options"].get(option.id, ())
            )
            for option in objective.options
        },
    )


def _check(document: Mapping[str, Any], objective: Objective) -> None:
    if document.get("format") != FORMAT:
        raise Unreadable(f"Le format n’est pas « {FORMAT} ».")
    if document.get("objective") != objective.id:
        raise Unreadable(f"Le fichier n’est pas celui du canevas {objective.id}.")
    for key, kind in (("document", str), ("saved_at", str), ("options", dict), ("sync", dict)):
        if not isinstance(document.get(key, kind()), kind):
            raise Unreadable(f"La clé « {key} » n’est pas du bon type.")
    revision = document.get("revision", 0)
    if not isinstance(revision, int) or isinstance(revision, bool) or revision < 0:
        raise Unreadable("La clé « revision » n’est pas du bon type.")
    if "options" not in document:
        raise Unreadable("La clé « options » manque.")
    for option in objective.options:
        strategies = document["options"].get(option.id, [])
        for row in _checked_rows(strategies, MAX_STRATEGIES, "stratégies", option.id):
            _check_texts(row, _STRATEGY_TEXTS, option.id)
            for action in _checked_rows(row.get("actions", []), MAX_ACTIONS, "actions", option.id):
                _check_texts(action, _ACTION_TEXTS, option.id)


def _checked_rows(rows: object, limit: int, noun: str, option: str) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not _DICT.issuperset(map(type, rows)):
        raise Unreadable(f"La liste des {noun} pour l’option {option} n’est pas du bon type.")
    if len(rows) > limit:
        raise Unreadable(f"Il y a plus de {limit} {noun} pour l’option {option}.")
    return rows


def _check_texts(row: dict[str, Any], names: tuple[str, ...], option: str) -> None:
    for name in names:
        text = row.get(name, "")
        if type(text) is str and len(text) <= MAX_CHARACTERS:
            continue
        if not isinstance(text, str):
            raise Unreadable(f"Un texte de l’option {option} n’est pas du bon type (« {name} »).")
        raise Unreadable(f"Un texte de l’option {option} dépasse 4 000 caractères.")
