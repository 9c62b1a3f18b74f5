"""Untrusted JSON documents: bounded parsing, typed access to fields, one way of writing."""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from course.core.refusal import Unreadable

MAX_DEPTH = 32
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_TOO_DEEP = "Le fichier JSON est trop profondément imbriqué."

_Value = TypeVar("_Value", str, int, bool, list[Any], dict[str, Any])


@dataclass(frozen=True, slots=True)
class Fields:
    """Typed access to the fields of a JSON object."""

    values: Mapping[str, Any]

    @classmethod
    def of(cls, value: object) -> Fields:
        """Wrap a value that must be an object; raises `Unreadable`."""
        if not isinstance(value, dict):
            raise Unreadable("Une valeur n’est pas du bon type.")
        return cls(value)

    def take(self, name: str, default: _Value) -> _Value:
        """Return a field of exactly the type of its default, or the default if missing; raises `Unreadable`."""
        value = self.values.get(name, default)
        if type(value) is not type(default):
            raise Unreadable(f"La clé « {name} » n’est pas du bon type.")
        return value


def read_fields(raw: bytes, limit: int, name: str) -> Fields:
    """Parse a JSON file that names its format.

    Args:
        raw: The file's bytes.
        limit: Its maximum size in bytes.
        name: The format, for example `equipe/1`.

    Raises:
        Unreadable: It is not a JSON object of this format.
    """
    document = read_json(raw, limit)
    if not isinstance(document, dict) or document.get("format") != name:
        raise Unreadable(f"Le format n’est pas « {name} ».")
    return Fields(document)


def written(document: Mapping[str, Any]) -> bytes:
    """Serialise a document as an indented JSON file."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def utc(moment: datetime) -> str:
    """Return a moment in UTC as documents of the course hold it: `2026-11-30T10:15:00Z`."""
    return moment.strftime(_MOMENT)


def moment_of(text: str) -> datetime:
    """Return the moment that `utc` wrote.

    Raises:
        ValueError: The text is no such moment, or one outside of 1970 to 2999, which some systems cannot show.
    """
    moment = datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    if not 1970 <= moment.year < 3000:
        raise ValueError(text)
    return moment


def in_utf8(raw: bytes) -> bytes:
    """Convert UTF-16 with a byte-order mark, as Windows saves it, to UTF-8; return other bytes unchanged."""
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        with suppress(UnicodeError):
            return raw.decode("utf-16").encode()
    return raw


def read_json(raw: bytes, limit: int) -> Any:  # noqa: ANN401
    """Parse an untrusted JSON file.

    Args:
        raw: The file's bytes; a byte-order mark is allowed.
        limit: Its maximum size in bytes.

    Raises:
        Unreadable: It is too large, not UTF-8, not JSON, nested too deep, or contains a repeated key, NaN, an infinite
            number or a lone surrogate.
    """
    if len(raw) > limit:
        raise Unreadable(f"Le fichier dépasse {limit // 1024} Kio.")
    try:
        text = raw.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        raise Unreadable("Le fichier n’est pas du texte UTF-8.") from None
    try:
        document = _DECODER.decode(text)
        _check_depth(document)
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None
    except ValueError as error:
        raise error if isinstance(error, Unreadable) else Unreadable("Le fichier n’est pas du JSON valable.") from None
    if "\\ud" in text or "\\uD" in text:  # valid UTF-8 has no lone surrogate: only an escape can make one
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Unreadable("Le texte contient un caractère impossible (demi-caractère isolé).") from None
    return document


def _check_depth(document: object) -> None:
    level = [document]
    for _ in range(MAX_DEPTH):
        containers = [value for value in level if isinstance(value, dict | list)]
        level = [inner for value in containers for inner in (value.values() if isinstance(value, dict) else value)]
    if any(isinstance(value, dict | list) for value in level):
        raise Unreadable(_TOO_DEEP)


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
