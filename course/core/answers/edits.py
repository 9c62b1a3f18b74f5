"""Edits of a canvas: requests of a browser, validated and merged into the document without losing any text.

An edit carries the client that made it and its number among that client's edits, so that one sent twice, late, or after
a restart of the kernel is recognised. Merging is a pure function: the same document and edits give the same bytes.
Another writer's text that an edit replaces is kept in `sync.conflicts`.

A file may also be changed outside a canvas: by hand, by a program that synchronises folders, by restoring an old copy.
The last good copy beside the file reveals such a text, whose version no canvas assigned.
"""

from __future__ import annotations

import copy
import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from course.core.answers.format import ACTION_FIELDS, FORMAT, MAX_ACTIONS, MAX_CHARACTERS, MAX_STRATEGIES
from course.core.syllabus import Objective

Row = dict[str, Any]
"""A strategy or an action of a document, with its `id`."""

KEPT_REMOVED = 30
_MAX_SEEN = 100
_MAX_NUMBER = 2**53
_FULL = "Il n’y a plus de place pour cette ligne : 20 au plus."
_LONG = "Le texte dépasse 4 000 caractères : raccourcissez-le."
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
    def of(cls, message: Mapping[str, Any]) -> Edit:
        """Return the edit that a message describes.

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
        if edit.kind == "set" and edit.field not in (ACTION_FIELDS if edit.parent else ("strategy",)):
            raise ValueError(f"not an edit: field {edit.field}")
        return edit


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

_NONE: Version = (0, "", -1)
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
    return _NONE


def with_foreign_versions(
    document: Mapping[str, Any], last: Mapping[str, Any], objective: Objective
) -> dict[str, Any] | None:
    """Return a document with a new version for each text changed outside a canvas, so that none is replaced unseen.

    Args:
        document: The document in the file, every row with an id.
        last: The last known document written by a canvas, every row with an id.
        objective: The objective of both.

    Returns:
        The document, its revision higher than both; None when a canvas wrote all of it.
    """
    versions, former = versions_of(document), versions_of(last)
    before = dict(_texts(last, objective))
    foreign = False
    for (row, field), text in _texts(document, objective):
        known = version(former, row, field)[0]
        if text != before.get((row, field), text) and version(versions, row, field)[0] <= known:
            versions.setdefault(row, {})[field] = [known + 1, "", 0]
            foreign = True
    revision, newest = document["revision"], max(document["revision"], last.get("revision", 0))
    if not foreign and (revision > last.get("revision", 0) or _rows(document, objective) == _rows(last, objective)):
        return None
    result = copy.deepcopy(dict(document))
    result["revision"] = newest + 1
    result["sync"] = {**result.get("sync", {}), "versions": versions}
    return result


def _rows(document: Mapping[str, Any], objective: Objective) -> list[list[dict[str, Any]]]:
    return [document["options"].get(option.id, []) for option in objective.options]


def _texts(document: Mapping[str, Any], objective: Objective) -> Iterator[tuple[tuple[str, str], str]]:
    for strategy in chain.from_iterable(_rows(document, objective)):
        yield (strategy["id"], "strategy"), strategy.get("strategy", "")
        for action in strategy.get("actions", ()):
            yield from (((action["id"], field), action.get(field, "")) for field in ACTION_FIELDS)


def new_document(objective: Objective, document: str) -> dict[str, Any]:
    """Return an empty canvas.

    Args:
        objective: The canvas's objective.
        document: A new unique identifier, under which browsers keep their drafts.
    """
    return {
        "format": FORMAT,
        "objective": objective.id,
        "document": document,
        "revision": 0,
        "saved_at": "",
        "options": {option.id: [] for option in objective.options},
    }


def merge(
    document: Mapping[str, Any], objective: Objective, edits: Iterable[Edit]
) -> tuple[dict[str, Any], tuple[RefusedEdit, ...]]:
    """Merge edits into a document.

    Args:
        document: A document that `format.load` accepted, every row with an id; it is not modified.
        objective: Its objective.
        edits: The edits, oldest first; merging one twice changes nothing.

    Returns:
        The new document, its revision one higher if anything changed, and the refused edits. An edit that raises an
        unexpected exception is refused, and the exception is logged.
    """
    remaining, failed = list(edits), list[RefusedEdit]()
    while (attempt := _attempt(document, objective, remaining, failed)) is None:
        pass
    merged, refused = attempt
    if any(merged.sync.values()) or "sync" in merged.document:
        merged.document["sync"] = {**merged.document.get("sync", {}), **merged.sync}
    if merged.document != document:
        merged.document["revision"] = document.get("revision", 0) + 1
    return merged.document, (*refused, *failed)


def _attempt(
    document: Mapping[str, Any], objective: Objective, remaining: list[Edit], failed: list[RefusedEdit]
) -> tuple[_Merged, list[RefusedEdit]] | None:
    """Merge the remaining edits; None when one raised, which is moved to `failed`: it may be half applied."""
    merged, refused = _Merged(copy.deepcopy(dict(document)), objective), []
    for rank, edit in enumerate(remaining):
        try:
            reason = merged.apply(edit) if _is_storable(edit) else _BROKEN
        except Exception:
            # Typed text may contain characters that the log cannot encode.
            trace = traceback.format_exc().encode("ascii", "backslashreplace").decode()
            _LOG.error("canvas %s: %a %a %a failed\n%s", objective.id, edit.kind, edit.row, edit.field, trace)
            failed.append(RefusedEdit(remaining.pop(rank), _FAILED))
            return None
        if reason:
            refused.append(RefusedEdit(edit, reason))
    return merged, refused


def identified(document: Mapping[str, Any], objective: Objective) -> dict[str, Any]:
    """Return the document with an id for every row, so that each can be edited.

    A row without a usable id, or with a duplicate one, gets an id from its position: the same at every reading.
    """
    result = copy.deepcopy(dict(document))
    taken: set[str] = set()

    def identify(row: Row, default: str) -> None:
        while not IDENTIFIER.fullmatch(row.get("id", "")) or row["id"] in taken:
            row["id"], default = default, f"{default}_"
        taken.add(row["id"])

    for option in objective.options:
        prefix = option.id.replace(".", "-")
        for i, row in enumerate(result["options"].setdefault(option.id, [])):
            identify(row, f"{prefix}-{i}")
            for j, action in enumerate(row.setdefault("actions", [])):
                identify(action, f"{prefix}-{i}-{j}")
    return result


class _Merged:
    """A document that edits are applied to, with a validated `sync` part."""

    def __init__(self, document: dict[str, Any], objective: Objective) -> None:
        self.document = document
        self.options = tuple(option.id for option in objective.options)
        sync = document.get("sync", {})
        self.versions = versions_of(document)
        self.removed = {
            row: tombstone for row, tombstone in _mapping(sync.get("removed")).items() if self._is_tombstone(tombstone)
        }
        self.conflicts = [conflict for conflict in _list(sync.get("conflicts")) if self._is_conflict(conflict)]
        self.sync = {"versions": self.versions, "removed": self.removed, "conflicts": self.conflicts}

    def _is_tombstone(self, tombstone: object) -> bool:
        """Return True for a removed row that can be restored; files are also edited by hand."""
        match tombstone:
            case {"option": option, "parent": str(), "index": int(), "row": {"id": str()} as row, "by": [str(), int()]}:
                actions = _list(row.get("actions", []))
                return option in self.options and all(
                    isinstance(a, dict) and isinstance(a.get("id"), str) for a in actions
                )
        return False

    def _is_conflict(self, conflict: object) -> bool:
        match conflict:
            case {"id": str(), "option": option, "parent": str(), "row": str(), "field": str(field), "text": str()}:
                return option in self.options and field in ("strategy", *ACTION_FIELDS)
        return False

    def apply(self, edit: Edit) -> str:
        """Apply an edit; return the reason of a refusal, or an empty string."""
        if edit.option not in self.options:
            return f"L’option « {edit.option} » n’est pas de ce canevas."
        match edit.kind:
            case "set":
                return self._set(edit)
            case "add":
                return self._add(edit)
            case "remove":
                return self._remove(edit)
            case "restore":
                return self._restore(edit)
            case "resolve":
                return self._resolve(edit)

    def _set(self, edit: Edit) -> str:
        if len(edit.value) > MAX_CHARACTERS:
            return _LONG
        number, client, latest = version(self.versions, edit.row, edit.field)
        if client == edit.client and latest >= edit.number:
            return ""  # an older edit of the same page that arrives late
        if self._removed_after(edit):
            return ""
        row = self._find(edit.row) or self._revive(edit)
        if row is None:
            return _FULL
        shown = row.get(edit.field, "")
        if shown == edit.value:
            return ""
        if client != edit.client and edit.base != number and shown.strip() not in edit.value:
            self.conflicts.append(
                {
                    "id": _conflict_id({"row": edit.row, "field": edit.field}, number),
                    "option": edit.option,
                    "parent": edit.parent,
                    "row": edit.row,
                    "field": edit.field,
                    "text": shown,
                }
            )
        row[edit.field] = edit.value
        self.versions.setdefault(edit.row, {})[edit.field] = [number + 1, edit.client, edit.number]
        return ""

    def _add(self, edit: Edit) -> str:
        if self._find(edit.row) is not None or self._removed_holder(edit.row) is not None:
            return ""
        return "" if self._create(edit) is not None else _FULL

    def _remove(self, edit: Edit) -> str:
        rows = self._rows_holding(edit.row)
        if rows is None:
            return ""
        index = next(i for i, row in enumerate(rows) if row["id"] == edit.row)
        if edit.seen is not None:
            self._keep_unseen(rows[index], edit, edit.seen)
        self.removed[edit.row] = {
            "option": edit.option,
            "parent": edit.parent,
            "index": index,
            "row": rows.pop(index),
            "by": [edit.client, edit.number],
        }
        while len(self.removed) > KEPT_REMOVED:
            self.removed.pop(next(iter(self.removed)))
        return ""

    def _keep_unseen(self, row: Row, edit: Edit, seen: Mapping[str, Sequence[str | int]]) -> None:
        """Keep as conflicts the texts that others wrote in a row since the page that removes it displayed them."""
        actions = [(row["id"], action) for action in row.get("actions", ())]
        for parent, removed in (("", row), *actions) if not edit.parent else ((edit.parent, row),):
            for field in ACTION_FIELDS if parent else ("strategy",):
                number, *writer = version(self.versions, removed["id"], field)
                text, read = removed.get(field, ""), seen.get(f"{removed['id']} {field}", _NONE[1:])
                if text.strip() and edit.client not in writer and writer != list(read):
                    place = {"option": edit.option, "parent": parent, "row": removed["id"], "field": field}
                    self.conflicts.append({"id": _conflict_id(place, number), **place, "text": text})

    def _restore(self, edit: Edit) -> str:
        if self._find(edit.row) is not None or edit.row not in self.removed:
            return ""
        return "" if self._put_back(edit.row) else _FULL

    def _resolve(self, edit: Edit) -> str:
        conflict = next((c for c in self.conflicts if c.get("id") == edit.row), None)
        if conflict is None:
            return ""
        if edit.value == "other":
            row = self._find(conflict["row"]) or self._revive(
                Edit("set", conflict["row"], conflict["option"], conflict["parent"], conflict["field"])
            )
            if row is None:
                return _FULL
            number, client, _ = version(self.versions, conflict["row"], conflict["field"])
            shown = row.get(conflict["field"], "")
            if client != edit.client and edit.base != number and shown.strip() not in conflict["text"]:
                # The writer had not seen the current text: it becomes the other side of the conflict.
                self.conflicts.append({**conflict, "id": _conflict_id(conflict, number), "text": shown})
            row[conflict["field"]] = conflict["text"]
            written = [number + 1, edit.client, edit.number]
            self.versions.setdefault(conflict["row"], {})[conflict["field"]] = written
        self.conflicts[:] = [other for other in self.conflicts if other["id"] != edit.row]
        return ""

    def _lists(self) -> Iterator[list[Row]]:
        """Yield each list of rows, without creating missing ones."""
        for option in self.options:
            strategies = self.document["options"].get(option, [])
            yield strategies
            for strategy in strategies:
                yield strategy.get("actions", [])

    def _rows_holding(self, identifier: str) -> list[Row] | None:
        return next((rows for rows in self._lists() if any(row["id"] == identifier for row in rows)), None)

    def _find(self, identifier: str) -> Row | None:
        return _named(self._rows_holding(identifier) or (), identifier)

    def _removed_holder(self, identifier: str) -> str | None:
        """Return the id of the removed row that is, or contains, the row of that id."""
        for name, tombstone in self.removed.items():
            if name == identifier or _named(tombstone["row"].get("actions", ()), identifier):
                return name
        return None

    def _removed_after(self, edit: Edit) -> bool:
        """Return True when the same page removed the row after it made this edit."""
        holder = self._removed_holder(edit.row)
        if holder is None or self._find(edit.row) is not None:
            return False
        client, number = self.removed[holder]["by"]
        return bool(client == edit.client and number > edit.number)

    def _revive(self, edit: Edit) -> Row | None:
        """Restore or create the row of an edit whose row is gone: typed text wins over a removal."""
        holder = self._removed_holder(edit.row)
        if holder is not None and not self._put_back(holder):
            return None
        return self._find(edit.row) or self._create(edit)

    def _put_back(self, identifier: str) -> bool:
        tombstone = self.removed[identifier]
        rows, limit = self._home(tombstone["option"], tombstone["parent"])
        if rows is None or len(rows) >= limit:
            return False
        rows.insert(tombstone["index"], tombstone["row"])
        del self.removed[identifier]
        self.conflicts[:] = [conflict for conflict in self.conflicts if not self._is_shown(conflict)]
        return True

    def _is_shown(self, conflict: Mapping[str, str]) -> bool:
        """Return True when the row shows the text that a conflict keeps."""
        row = self._find(conflict["row"])
        return row is not None and row.get(conflict["field"], "") == conflict["text"]

    def _create(self, edit: Edit) -> Row | None:
        rows, limit = self._home(edit.option, edit.parent)
        if rows is None or len(rows) >= limit:
            return None
        row: Row = {"id": edit.row, "strategy": "", "actions": []}
        if edit.parent:
            row = {"id": edit.row, **dict.fromkeys(ACTION_FIELDS, "")}
        rows.append(row)
        return row

    def _home(self, option: str, parent: str) -> tuple[list[Row] | None, int]:
        strategies = self.document["options"].setdefault(option, [])
        if not parent:
            return strategies, MAX_STRATEGIES
        strategy = self._find(parent)
        if strategy is None:
            strategy = self._revive(Edit("add", parent, option))
        return (None if strategy is None else strategy.setdefault("actions", [])), MAX_ACTIONS


def _is_storable(edit: Edit) -> bool:
    """Return True when UTF-8 can encode the texts of an edit: no lone surrogates."""
    try:
        for text in (edit.row, edit.parent, edit.value, edit.client):
            text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _named(rows: Sequence[Row], identifier: str) -> Row | None:
    return next((row for row in rows if row["id"] == identifier), None)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _conflict_id(place: Mapping[str, str], number: int) -> str:
    """Return the unique id of a conflict about one version of a text."""
    return f"{place['row']}-{place['field']}-{number}"[-128:]
