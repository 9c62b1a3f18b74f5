"""Edits of a canvas: requests of a browser, validated and merged into the document without losing any text.

Merging is a pure function: the same document and edits give the same bytes; its rules are in `registers.py`.

A file may also be changed outside a canvas: by hand, by a program that synchronises folders, by restoring an old copy.
The last good copy beside the file reveals such a text, whose version no canvas assigned.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from course.core.answers.format import ACTION_FIELDS, FORMAT, MAX_ACTIONS, MAX_CHARACTERS, MAX_STRATEGIES
from course.core.answers.registers import (
    FULL,
    IDENTIFIER,
    LONG,
    NO_VERSION,
    Edit,
    RefusedEdit,
    Registers,
    Row,
    conflict_id,
    list_of,
    merged,
    version,
    versions_of,
)
from course.core.syllabus import Objective

__all__ = ["KEPT_REMOVED", "Edit", "RefusedEdit", "identified", "merge", "new_document", "with_foreign_versions"]

KEPT_REMOVED = 30


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
    """Merge edits into a document; `registers.merged` has the rules.

    Args:
        document: A document that `format.load` accepted, every row with an id; it is not modified.
        objective: Its objective.
        edits: The edits, oldest first; merging one twice changes nothing.

    Returns:
        The new document, its revision one higher if anything changed, and the refused edits.
    """
    return merged(document, lambda one: _Merged(copy.deepcopy(dict(one)), objective), edits)


def identified(document: Mapping[str, Any], objective: Objective) -> dict[str, Any]:
    """Return the document with an id for every row, so that each can be edited.

    A row without a usable id, or with a duplicate one, gets an id from its position: the same at every reading. The
    rows are copied, the rest of the document is shared.
    """
    options = dict(document["options"])
    result = {**document, "options": options}
    taken: set[str] = set()

    def identify(row: Row, default: str) -> None:
        while not IDENTIFIER.fullmatch(row.get("id", "")) or row["id"] in taken:
            row["id"], default = default, f"{default}_"
        taken.add(row["id"])

    for option in objective.options:
        prefix = option.id.replace(".", "-")
        options[option.id] = [
            {**row, "actions": [*map(dict, row.get("actions", ()))]} for row in options.get(option.id, ())
        ]
        for i, row in enumerate(options[option.id]):
            identify(row, f"{prefix}-{i}")
            for j, action in enumerate(row["actions"]):
                identify(action, f"{prefix}-{i}-{j}")
    return result


class _Merged(Registers):
    """A document that edits are applied to, with a validated `sync` part."""

    def __init__(self, document: dict[str, Any], objective: Objective) -> None:
        self.options = tuple(option.id for option in objective.options)
        super().__init__(document)
        removed = _mapping(document.get("sync", {}).get("removed"))
        self.removed = {row: tombstone for row, tombstone in removed.items() if self._is_tombstone(tombstone)}
        self.sync["removed"] = self.removed

    def _is_tombstone(self, tombstone: object) -> bool:
        """Return True for a removed row that can be restored; files are also edited by hand."""
        match tombstone:
            case {"option": option, "parent": str(), "index": int(), "row": {"id": str()} as row, "by": [str(), int()]}:
                actions = list_of(row.get("actions", []))
                return option in self.options and all(
                    isinstance(a, dict) and isinstance(a.get("id"), str) for a in actions
                )
        return False

    def is_conflict(self, conflict: object) -> bool:
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
                return self.set(edit)
            case "add":
                return self._add(edit)
            case "remove":
                return self._remove(edit)
            case "restore":
                return self._restore(edit)
            case "resolve":
                return self.resolve(edit)

    def set(self, edit: Edit) -> str:
        """Write the text of an edit, unless the same page has removed its row since."""
        if len(edit.value) > MAX_CHARACTERS:
            return LONG
        return "" if self.is_late(edit) or self._removed_after(edit) else super().set(edit)

    def row(self, edit: Edit) -> Row | None:
        """Return the row of an edit: typed text wins over a removal."""
        return self._find(edit.row) or self._revive(edit)

    def _add(self, edit: Edit) -> str:
        if self._find(edit.row) is not None or self._removed_holder(edit.row) is not None:
            return ""
        return "" if self._create(edit) is not None else FULL

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
                text, read = removed.get(field, ""), seen.get(f"{removed['id']} {field}", NO_VERSION[1:])
                if text.strip() and edit.client not in writer and writer != list(read):
                    place = {"option": edit.option, "parent": parent, "row": removed["id"], "field": field}
                    self.conflicts.append({"id": conflict_id(place, number), **place, "text": text})

    def _restore(self, edit: Edit) -> str:
        if self._find(edit.row) is not None or edit.row not in self.removed:
            return ""
        return "" if self._put_back(edit.row) else FULL

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


def _named(rows: Sequence[Row], identifier: str) -> Row | None:
    return next((row for row in rows if row["id"] == identifier), None)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
