"""The format `canevas/1`: the answers of one canvas, parsed without trusting a byte of them.

Source of the limits and rules: `canevas-1.schema.json` beside this file, and the reasons an answer is unreadable.
"""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from course.core.refusal import Unreadable
from course.core.syllabus import Objective

FORMAT = "canevas/1"
MAX_BYTES = 256 * 1024
MAX_STRATEGIES = 20
MAX_ACTIONS = 20
MAX_CHARACTERS = 4_000
MAX_DEPTH = 32

PILOT_FIELDS = ("responsible", "due", "indicator")
ACTION_FIELDS = ("action", *PILOT_FIELDS)
_STRATEGY_TEXTS = ("id", "strategy")
_ACTION_TEXTS = ("id", *ACTION_FIELDS)
_DICT = frozenset({dict})

# What nesting is told from: brackets of both kinds as one, and the quotes that hold texts.
_SAME = bytes.maketrans(b"[]", b"{}")
_OTHERS = bytes(set(range(256)) - set(b'[]{}"'))
_OPENING = ord("{")


@dataclass(frozen=True, slots=True)
class Action:
    """A task of a strategy (column 3), and its three optional pilot fields."""

    id: str = ""
    action: str = ""
    responsible: str = ""
    due: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Strategy:
    """How this team puts an option to work (column 2), and its actions in order."""

    id: str = ""
    strategy: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What a team wrote in one canvas.

    Attributes:
        objective: `1.1` … `5.5`.
        options: The strategies by option id; only options of this canvas, in its order, empty ones included.
    """

    objective: str
    options: Mapping[str, tuple[Strategy, ...]] = field(default_factory=dict)


def load(raw: bytes, objective: Objective) -> dict[str, Any]:
    """The JSON object of an answers file, proved to be one of this canvas.

    Args:
        raw: The file's bytes, at most `MAX_BYTES`; a byte-order mark is allowed.
        objective: The canvas the answers must belong to.

    Returns:
        The object as written, unknown keys included; what the format names has the right types and sizes.

    Raises:
        Unreadable: The bytes are not such a file.
    """
    document = read_json(raw, MAX_BYTES)
    _check(document, objective)
    return document


def read_json(raw: bytes, limit: int) -> Any:  # noqa: ANN401
    """The value of a JSON file that somebody else wrote.

    Args:
        raw: The file's bytes; a byte-order mark is allowed.
        limit: The most bytes it may have.

    Raises:
        Unreadable: It is too large, no UTF-8, no JSON, nested too deep, or holds a repeated key, an impossible
            number or a lone surrogate.
    """
    if len(raw) > limit:
        raise Unreadable(f"Le fichier dépasse {limit // 1024} Kio.")
    try:
        text = raw.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        raise Unreadable("Le fichier n’est pas du texte UTF-8.") from None
    _check_depth(raw)
    try:
        document = _DECODER.decode(text)
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("Le fichier n’est pas du JSON valable.") from None
    if b"\\u" in raw and (
        "\\ud" in text or "\\uD" in text
    ):  # UTF-8 itself holds no half of a character: only an escape can
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Unreadable("Le texte contient un caractère impossible (demi-caractère isolé).") from None
    return document


def parse(raw: bytes, objective: Objective) -> Answers:
    """The answers that a file's bytes hold.

    Args:
        raw: The file's bytes.
        objective: The canvas the answers must belong to.

    Returns:
        The answers; options the file does not name are there, empty.

    Raises:
        Unreadable: As `load`.
    """
    return view(load(raw, objective), objective)


def view(document: Mapping[str, Any], objective: Objective) -> Answers:
    """The answers in a document that `load` accepted, without what merging needs."""
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


def _check_depth(raw: bytes) -> None:
    """Refuses what is nested too deep before it is parsed, in a time that is proportional to its length."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")  # now each quote begins or ends a text
    bare = raw.translate(_SAME, _OTHERS).replace(b'""', b"")
    if b'"' in bare:
        bare = b"".join(bare.split(b'"')[::2])
    left = bare
    for _ in range(MAX_DEPTH):
        left = left.replace(b"{}", b"")  # takes away the innermost level, everywhere
        if not left:
            return
    depth = 0
    for bracket in bare:  # deeper, or not closed, which is no JSON either
        depth += 1 if bracket == _OPENING else -1
        if depth > MAX_DEPTH:
            raise Unreadable("Le fichier JSON est trop profondément imbriqué.")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Unreadable("Une clé est répétée dans le fichier.")
    return result


def _refuse_number(_: str) -> NoReturn:
    raise Unreadable("Le fichier contient un nombre impossible (NaN ou infini).")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _refuse_number(text)
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_constant=_refuse_number, parse_float=_finite)


def _check(document: object, objective: Objective) -> None:
    if not isinstance(document, dict):
        raise Unreadable("Le fichier ne contient pas un canevas.")
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


def _checked_rows(rows: object, limit: int, what: str, option: str) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not _DICT.issuperset(map(type, rows)):
        raise Unreadable(f"La liste des {what} pour l’option {option} n’est pas du bon type.")
    if len(rows) > limit:
        raise Unreadable(f"Il y a plus de {limit} {what} pour l’option {option}.")
    return rows


def _check_texts(row: dict[str, Any], names: tuple[str, ...], option: str) -> None:
    for name in names:
        text = row.get(name, "")
        if type(text) is str and len(text) <= MAX_CHARACTERS:
            continue
        if not isinstance(text, str):
            raise Unreadable(f"Un texte de l’option {option} n’est pas du bon type (« {name} »).")
        raise Unreadable(f"Un texte de l’option {option} dépasse 4 000 caractères.")
