"""Texts that several writers change: edits of a page, their versions, and merging without losing any text.

An edit carries the client that made it and its number among that client's edits, so that one sent twice, late, or after
a restart of the kernel is recognised. Another writer's text that an edit replaces is kept in `sync.conflicts`.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from course.core.answers.format import ACTION_FIELDS

Row = dict[str, Any]
"""A row of a document: a strategy or an action with its `id`, or an entry of the plan."""

FULL = "Il n’y a plus de place pour cette ligne : 20 au plus."
_MAX_SEEN = 100
_MAX_NUMBER = 2**53
LONG = "Le texte dépasse 4 000 caractères : raccourcissez-le."
_BROKEN = "Le texte contient un caractère incomplet, par exemple la moitié d’un emoji : effacez ce caractère."
_FAILED = "Le programme n’a pas su enregistrer ce texte : écrivez-le autrement, et prévenez votre formateur."
_LOG = logging.getLogger(__name__)
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Edit:
    """A change requested by a browser.

    Attributes:
        kind: `set` a field, `add` a row, `remove` a row, `restore` a removed row, or `resolve` a conflict.
        row: The row's id, 1 to 128 letters, digits, `-` or `_`; the conflict's id for `resolve`.
        option: The option the row belongs to.
        parent: For an action, the id of its strategy; empty for a strategy.
        field: For `set`, the field: `strategy`, or one of an action's.
        value: For `set`, the text; for `resolve`, `other` to take the kept text, `shown` to leave the shown one.
        base: For `set`, the version of the field that the writer had on screen.
        client: The identifier of the browser page.
        number: Its rank among that client's edits, increasing.
        seen: For `remove`, the texts of the row that the writer had on screen: by "id field", the client that wrote the
            text and the number of its edit. None when a page does not send it.
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
    def of(cls, message: Mapping[str, Any], fields: Callable[[Edit], Iterable[str]] | None = None) -> Edit:
        """Return the edit that a message describes.

        Args:
            message: What a page sends.
            fields: Returns the fields that the row of an edit has; those of a canvas by default.

        Raises:
            ValueError: The message is not an edit: the page and the kernel have different versions.
        """
        try:
            edit = cls(**message)
        except TypeError as error:
            raise ValueError(f"not an edit: {error}") from None
        texts = (edit.kind, edit.row, edit.option, edit.parent, edit.field, edit.value, edit.client)
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("not an edit: a text is not a string")
        if not all(type(number) is int and abs(number) < _MAX_NUMBER for number in (edit.base, edit.number)):
            raise ValueError("not an edit: a number is not an integer of a page")
        if edit.seen is not None and not _are_writers(edit.seen):
            raise ValueError("not an edit: what was seen names no edits")
        if edit.kind not in ("set", "add", "remove", "restore", "resolve") or not IDENTIFIER.fullmatch(edit.row):
            raise ValueError(f"not an edit: {edit.kind} {edit.row}")
        if edit.parent and not IDENTIFIER.fullmatch(edit.parent):
            raise ValueError(f"not an edit: parent {edit.parent}")
        if edit.kind == "set" and edit.field not in (fields or canvas_fields)(edit):
            raise ValueError(f"not an edit: field {edit.field}")
        return edit


def canvas_fields(edit: Edit) -> tuple[str, ...]:
    """Return the fields of the row that an edit of a canvas is about."""
    return ACTION_FIELDS if edit.parent else ("strategy",)


def _are_writers(seen: object) -> bool:
    """Return True for a valid `seen` of one row: a strategy and its actions, four fields each."""
    return (
        isinstance(seen, dict)
        and len(seen) <= _MAX_SEEN
        and all(isinstance(key, str) and _is_writer(writer) for key, writer in seen.items())
    )


def _is_writer(writer: object) -> bool:
    match writer:
        case [str(), int()]:
            return True
    return False


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """An edit that was refused; the reason is a French sentence."""

    edit: Edit
    reason: str


Versions = dict[str, dict[str, Any]]
"""By row id, then by field: the version of a text as the file stores it, not validated."""

Version = tuple[int, str, int]
"""The number of a text's version, the client that wrote it, and the number of that client's edit."""

NO_VERSION: Version = (0, "", -1)
"""The version of a text that no canvas has written."""


def versions_of(document: Mapping[str, Any]) -> Versions:
    """Return the versions stored in a document, without malformed ones, since files are also edited by hand."""
    match document.get("sync"):
        case {"versions": dict(rows)}:
            return {row: dict(fields) for row, fields in rows.items() if isinstance(fields, dict)}
    return {}


def version(versions: Versions, row: str, field: str) -> Version:
    """Return the version of a text."""
    match versions.get(row, {}).get(field):
        case [int(number), str(client), int(latest)]:
            return number, client, latest
    return NO_VERSION


class Registers:
    """A document whose texts edits are applied to; a subclass says where a row is, and how its fields are written.

    Attributes:
        document: The document, which is modified.
        versions: The versions of its texts.
        conflicts: The texts that others replaced, kept until somebody chooses.
        sync: What merging needs of the document, validated.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        """Validate what merging needs of a document."""
        self.document = document
        self.versions = versions_of(document)
        self.conflicts = [
            conflict for conflict in list_of(document.get("sync", {}).get("conflicts")) if self.is_conflict(conflict)
        ]
        self.sync: dict[str, Any] = {"versions": self.versions, "conflicts": self.conflicts}

    def apply(self, edit: Edit) -> str:
        """Apply an edit; return the reason of a refusal, or an empty string."""
        raise NotImplementedError

    def is_conflict(self, conflict: object) -> bool:
        """Return True for a conflict about a field that the document can have; files are also edited by hand."""
        raise NotImplementedError

    def row(self, edit: Edit) -> Row | None:
        """Return the row of an edit, made or put back where it is missing; None where there is no room."""
        raise NotImplementedError

    def text(self, row: Row, field: str) -> str:
        """Return what a row shows in a field."""
        return str(row.get(field, ""))

    def put(self, row: Row, field: str, text: str) -> None:
        """Write a text into a field."""
        row[field] = text

    def keeps(self, field: str) -> bool:  # noqa: ARG002
        """Return True for a field whose replaced texts are kept to be chosen from."""
        return True

    def holds(self, field: str, text: str, shown: str) -> bool:  # noqa: ARG002
        """Return True for a new text that has all of the shown one in it."""
        return shown.strip() in text

    def is_late(self, edit: Edit) -> bool:
        """Return True for an edit that its page has since made again, or that came before."""
        _, client, latest = version(self.versions, edit.row, edit.field)
        return client == edit.client and latest >= edit.number

    def set(self, edit: Edit) -> str:
        """Write the text of an edit; return the reason of a refusal, or an empty string."""
        row = self.row(edit)
        if row is None:
            return FULL
        shown = self.text(row, edit.field)
        if shown == edit.value:
            return ""
        number, client, _ = version(self.versions, edit.row, edit.field)
        unseen = client != edit.client and edit.base != number
        if unseen and not self.holds(edit.field, edit.value, shown) and self.keeps(edit.field):
            place = {"option": edit.option, "parent": edit.parent, "row": edit.row, "field": edit.field}
            self.conflicts.append({"id": conflict_id(place, number), **place, "text": shown})
        self.put(row, edit.field, edit.value)
        self.versions.setdefault(edit.row, {})[edit.field] = [number + 1, edit.client, edit.number]
        return ""

    def resolve(self, edit: Edit) -> str:
        """Make a choice between two texts; return the reason of a refusal, or an empty string."""
        conflict = next((c for c in self.conflicts if c.get("id") == edit.row), None)
        if conflict is None:
            return ""
        if edit.value == "other":
            name, field, text = conflict["row"], conflict["field"], conflict["text"]
            row = self.row(Edit("set", name, conflict["option"], conflict["parent"], field))
            if row is None:
                return FULL
            number, client, _ = version(self.versions, name, field)
            shown = self.text(row, field)
            if client != edit.client and edit.base != number and not self.holds(field, text, shown):
                # The writer had not seen the current text: it becomes the other side of the conflict.
                self.conflicts.append({**conflict, "id": conflict_id(conflict, number), "text": shown})
            self.put(row, field, text)
            self.versions.setdefault(name, {})[field] = [number + 1, edit.client, edit.number]
        self.conflicts[:] = [other for other in self.conflicts if other["id"] != edit.row]
        return ""


def merged(
    document: Mapping[str, Any], copy_of: Callable[[Mapping[str, Any]], Registers], edits: Iterable[Edit]
) -> tuple[dict[str, Any], tuple[RefusedEdit, ...]]:
    """Merge edits into a document.

    Args:
        document: The document; it is not modified.
        copy_of: Returns the registers of a copy of it.
        edits: The edits, oldest first; merging one twice changes nothing.

    Returns:
        The new document, its revision one higher if anything changed, and the refused edits. An edit that raises an
        unexpected exception is refused, and the exception is logged.
    """
    remaining, failed = list(edits), list[RefusedEdit]()
    while (attempt := _attempt(copy_of(document), remaining, failed)) is None:
        pass
    registers, refused = attempt
    if any(registers.sync.values()) or "sync" in registers.document:
        registers.document["sync"] = {**registers.document.get("sync", {}), **registers.sync}
    if registers.document != document:
        registers.document["revision"] = document.get("revision", 0) + 1
    return registers.document, (*refused, *failed)


def _attempt(
    registers: Registers, remaining: list[Edit], failed: list[RefusedEdit]
) -> tuple[Registers, list[RefusedEdit]] | None:
    """Merge the remaining edits; None when one raised, which is moved to `failed`: it may be half applied."""
    refused = []
    for rank, edit in enumerate(remaining):
        try:
            reason = registers.apply(edit) if _is_storable(edit) else _BROKEN
        except Exception:
            # Typed text may contain characters that the log cannot encode.
            trace = traceback.format_exc().encode("ascii", "backslashreplace").decode()
            _LOG.error("%a: %a %a %a failed\n%s", edit.option, edit.kind, edit.row, edit.field, trace)
            failed.append(RefusedEdit(remaining.pop(rank), _FAILED))
            return None
        if reason:
            refused.append(RefusedEdit(edit, reason))
    return registers, refused


def _is_storable(edit: Edit) -> bool:
    """Return True when UTF-8 can encode the texts of an edit: no lone surrogates."""
    try:
        for text in (edit.row, edit.parent, edit.value, edit.client):
            text.encode()
    except UnicodeEncodeError:
        return False
    return True


def list_of(value: object) -> list[Any]:
    """Return a list, empty for what is none."""
    return value if isinstance(value, list) else []


def conflict_id(place: Mapping[str, str], number: int) -> str:
    """Return the unique id of a conflict about one version of a text."""
    return f"{place['row']}-{place['field']}-{number}"[-128:]
