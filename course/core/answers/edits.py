"""Edits: the changes that a browser asks for, checked before they are made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from course.core.answers.format import ACTION_FIELDS

_MOST_SEEN = 100
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that a browser asks for.

    Attributes:
        kind: `set` a field, `add` a row, `remove` a row, `restore` a removed row, or `resolve` a conflict.
        row: The row's id, 1 to 128 letters, digits, `-` or `_`; the conflict's id for `resolve`.
        option: The option the row belongs to.
        parent: For an action, the id of its strategy; empty for a strategy.
        field: For `set`, the field: `strategy`, or one of an action's.
        value: For `set`, the text; for `resolve`, `other` to take the kept text, `shown` to leave the shown one.
        base: For `set`, the version of the field that the writer had read.
        client: The browser page that made it.
        number: Its rank among that client's edits, growing.
        seen: For `remove`, what the remover had read of the row: by "id field", the client that wrote the text and the
            number of its edit. None when a page says nothing of it.
    """

    kind: Literal["set", "add", "remove", "restore", "resolve"]
    row: str
    option: str
    parent: str = ""
    field: str = ""
    value: str = ""
    base: int = 0
    client: str = ""
    number: int = 0
    seen: Mapping[str, Sequence[str | int]] | None = None

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Edit:
        """The edit that a message describes.

        Raises:
            ValueError: The message is not an edit; the page and the kernel do not speak the same language.
        """
        try:
            edit = cls(**message)
        except TypeError as error:
            raise ValueError(f"not an edit: {error}") from None
        texts = (edit.kind, edit.row, edit.option, edit.parent, edit.field, edit.value, edit.client)
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("not an edit: a text is not a string")
        if not all(type(number) is int for number in (edit.base, edit.number)):
            raise ValueError("not an edit: a number is not an integer")
        if edit.seen is not None and not _are_writers(edit.seen):
            raise ValueError("not an edit: what was seen names no edits")
        if edit.kind not in ("set", "add", "remove", "restore", "resolve") or not IDENTIFIER.fullmatch(edit.row):
            raise ValueError(f"not an edit: {edit.kind} {edit.row}")
        if edit.parent and not IDENTIFIER.fullmatch(edit.parent):
            raise ValueError(f"not an edit: parent {edit.parent}")
        if edit.kind == "set" and edit.field not in (ACTION_FIELDS if edit.parent else ("strategy",)):
            raise ValueError(f"not an edit: field {edit.field}")
        return edit


def _are_writers(seen: object) -> bool:
    """Of one row: a strategy and its actions, four fields each."""
    return (
        isinstance(seen, dict)
        and len(seen) <= _MOST_SEEN
        and all(isinstance(place, str) and _is_writer(writer) for place, writer in seen.items())
    )


def _is_writer(writer: object) -> bool:
    match writer:
        case [str(), int()]:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that was not made, and why, in a French sentence."""

    edit: Edit
    reason: str
