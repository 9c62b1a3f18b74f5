"""Merging edits into the answers of a canvas: pure, field by field, repeatable, and never losing a text.

An edit says which client made it and the number it has among that client's edits, so that one sent twice, late, or
after the kernel died is recognised. Another writer's text that an edit replaces is kept in `sync.conflicts`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from course.core.answers.edits import IDENTIFIER, Edit, Refusal
from course.core.answers.format import ACTION_FIELDS, FORMAT, MAX_ACTIONS, MAX_CHARACTERS, MAX_STRATEGIES
from course.core.answers.versions import NONE, version, versions_of
from course.core.syllabus import Objective

KEPT_REMOVED = 30

Row = dict[str, Any]


def new_document(objective: Objective, document: str) -> dict[str, Any]:
    """An empty canvas.

    Args:
        objective: The canvas's objective.
        document: A new unique identifier; drafts in browsers are kept under it.
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
) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
    """A document with edits made to it.

    Args:
        document: A document that `format.load` accepted, or an empty one; it is left as it is.
        objective: Its objective.
        edits: The edits, oldest first; making one twice changes nothing.

    Returns:
        The new document, its revision one higher if anything changed, and the edits that were refused.
    """
    book = _Book(copy.deepcopy(dict(document)), objective)
    refusals = tuple(Refusal(edit, reason) for edit in edits if (reason := book.make(edit)))
    if any(book.sync.values()) or "sync" in book.document:
        book.document["sync"] = {**book.document.get("sync", {}), **book.sync}
    if book.document != document:
        book.document["revision"] = document.get("revision", 0) + 1
    return book.document, refusals


def identified(document: Mapping[str, Any], objective: Objective) -> dict[str, Any]:
    """The document with an id for every row, so that each can be edited by name.

    A row without a usable id, or with one already taken, gets one from its place: the same at every reading.
    """
    result = copy.deepcopy(dict(document))
    taken: set[str] = set()

    def name(row: Row, place: str) -> None:
        while not IDENTIFIER.fullmatch(row.get("id", "")) or row["id"] in taken:
            row["id"], place = place, f"{place}_"
        taken.add(row["id"])

    for option in objective.options:
        prefix = option.id.replace(".", "-")
        for i, row in enumerate(result["options"].setdefault(option.id, [])):
            name(row, f"{prefix}-{i}")
            for j, action in enumerate(row.setdefault("actions", [])):
                name(action, f"{prefix}-{i}-{j}")
    return result


class _Book:
    """A document being edited, with its `sync` part in order."""

    def __init__(self, document: dict[str, Any], objective: Objective) -> None:
        self.document = document
        self.options = {option.id for option in objective.options}
        sync = document.get("sync", {})
        self.versions = versions_of(document)
        self.removed = {row: tomb for row, tomb in _mapping(sync.get("removed")).items() if self._is_tomb(tomb)}
        self.conflicts = [conflict for conflict in _list(sync.get("conflicts")) if self._is_conflict(conflict)]
        self.sync = {"versions": self.versions, "removed": self.removed, "conflicts": self.conflicts}

    def _is_tomb(self, tomb: object) -> bool:
        """Whether what a file says of a removed row can be put back; files are edited by hand, too."""
        match tomb:
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

    def make(self, edit: Edit) -> str:
        """Makes an edit; returns why not, or an empty string."""
        if edit.option not in self.options:
            return f"L’option « {edit.option} » n’est pas de ce canevas."
        return getattr(self, f"_{edit.kind}")(edit)

    def _set(self, edit: Edit) -> str:
        if len(edit.value) > MAX_CHARACTERS:
            return "Le texte dépasse 4 000 caractères."
        number, client, latest = version(self.versions, edit.row, edit.field)
        if client == edit.client and latest >= edit.number:
            return ""  # an old edit of the same page, arriving late
        if self._removed_after(edit):
            return ""
        row = self._find(edit.row) or self._revive(edit)
        if row is None:
            return "Il n’y a plus de place pour cette ligne : 20 au plus."
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
        return "" if self._create(edit) is not None else "Il n’y a plus de place pour cette ligne : 20 au plus."

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
        """Keeps what others wrote in a row since its remover read it: nobody removes a text unseen."""
        actions = [(row["id"], each) for each in row.get("actions", ())]
        for parent, each in (("", row), *actions) if not edit.parent else ((edit.parent, row),):
            for field in ACTION_FIELDS if parent else ("strategy",):
                number, *writer = version(self.versions, each["id"], field)
                text, read = each.get(field, ""), seen.get(f"{each['id']} {field}", NONE[1:])
                if text.strip() and edit.client not in writer and writer != list(read):
                    place = {"option": edit.option, "parent": parent, "row": each["id"], "field": field}
                    self.conflicts.append({"id": _conflict_id(place, number), **place, "text": text})

    def _restore(self, edit: Edit) -> str:
        if self._find(edit.row) is not None or edit.row not in self.removed:
            return ""
        return "" if self._put_back(edit.row) else "Il n’y a plus de place pour cette ligne : 20 au plus."

    def _resolve(self, edit: Edit) -> str:
        conflict = next((c for c in self.conflicts if c.get("id") == edit.row), None)
        if conflict is None:
            return ""
        if edit.value == "other":
            row = self._find(conflict["row"]) or self._revive(
                Edit("set", conflict["row"], conflict["option"], conflict["parent"], conflict["field"])
            )
            if row is None:
                return "Il n’y a plus de place pour cette ligne : 20 au plus."
            number, client, _ = version(self.versions, conflict["row"], conflict["field"])
            shown = row.get(conflict["field"], "")
            if client != edit.client and edit.base != number and shown.strip() not in conflict["text"]:
                # Whoever chose had not seen the text that stands there now: it becomes the one to choose on.
                self.conflicts.append({**conflict, "id": _conflict_id(conflict, number), "text": shown})
            row[conflict["field"]] = conflict["text"]
            written = [number + 1, edit.client, edit.number]
            self.versions.setdefault(conflict["row"], {})[conflict["field"]] = written
        self.conflicts[:] = [each for each in self.conflicts if each["id"] != edit.row]
        return ""

    def _lists(self) -> Iterable[list[Row]]:
        for option in self.options:
            strategies = self.document["options"].setdefault(option, [])
            yield strategies
            for strategy in strategies:
                yield strategy.setdefault("actions", [])

    def _rows_holding(self, identifier: str) -> list[Row] | None:
        return next((rows for rows in self._lists() if any(row["id"] == identifier for row in rows)), None)

    def _find(self, identifier: str) -> Row | None:
        return _named(self._rows_holding(identifier) or (), identifier)

    def _removed_holder(self, identifier: str) -> str | None:
        """The removed row that is, or holds, the row of that id."""
        for name, tomb in self.removed.items():
            if name == identifier or _named(tomb["row"].get("actions", ()), identifier):
                return name
        return None

    def _removed_after(self, edit: Edit) -> bool:
        """Whether the same page removed the row after it made this edit."""
        holder = self._removed_holder(edit.row)
        if holder is None or self._find(edit.row) is not None:
            return False
        client, number = self.removed[holder]["by"]
        return client == edit.client and number > edit.number

    def _revive(self, edit: Edit) -> Row | None:
        """The row of an edit whose row is gone: put back, or made anew. Text typed wins over a removal."""
        holder = self._removed_holder(edit.row)
        if holder is not None and not self._put_back(holder):
            return None
        return self._find(edit.row) or self._create(edit)

    def _put_back(self, identifier: str) -> bool:
        tomb = self.removed[identifier]
        rows, limit = self._home(tomb["option"], tomb["parent"])
        if rows is None or len(rows) >= limit:
            return False
        rows.insert(tomb["index"], tomb["row"])
        del self.removed[identifier]
        self.conflicts[:] = [each for each in self.conflicts if not self._stands(each)]
        return True

    def _stands(self, conflict: Mapping[str, str]) -> bool:
        """Whether the text to choose is the one shown."""
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


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _conflict_id(place: Mapping[str, str], number: int) -> str:
    """The id of the text that had a version at a place; no other conflict has it."""
    return f"{place['row']}-{place['field']}-{number}"[-128:]
