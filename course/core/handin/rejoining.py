"""The edits that bring one canvas's answers into another copy of it, so that no text of either is lost.

What stands there stays shown. A text that it does not hold is added; one that says otherwise is kept beside it, as any
two writers' texts are, in `sync.conflicts`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.core.answers.edits import IDENTIFIER, Edit
from course.core.answers.format import ACTION_FIELDS, MAX_CHARACTERS
from course.core.syllabus import Objective

Row = Mapping[str, Any]


@dataclass(slots=True)
class Rejoined:
    """The edits for one canvas, and what they do.

    Attributes:
        edits: To be saved in one go.
        taken: The texts that are added, or that make a shorter one longer.
        beside: The texts that are kept beside another one.
        same: The texts that are there already.
    """

    edits: list[Edit] = field(default_factory=list)
    taken: int = 0
    beside: int = 0
    same: int = 0


def rejoin(present: Row, incoming: Row, objective: Objective) -> Rejoined:
    """The edits that bring `incoming` into `present`.

    Args:
        present: The document as the store has it, every row with an id.
        incoming: Another document of the same objective, every row with an id.
        objective: Their objective.
    """
    return _Rejoining(present, objective).go(incoming, objective)


@dataclass(slots=True)
class _Place:
    """A row of the present copy, with what it will hold once the edits are made."""

    id: str
    option: str
    parent: str
    texts: dict[str, str]
    versions: dict[str, int]
    actions: list[_Place] = field(default_factory=list)


class _Rejoining:
    def __init__(self, present: Row, objective: Objective) -> None:
        self.result = Rejoined()
        # Two writers: the second puts back what the first replaced, which keeps both.
        stem = uuid.uuid4().hex
        self.bearer, self.keeper = f"reprise-{stem}", f"present-{stem}"
        versions = present.get("sync", {}).get("versions", {})
        self.versions = versions if isinstance(versions, dict) else {}
        self.beside = {_key(conflict) for conflict in _conflicts(present)}
        self.options = {
            option.id: [self._known(row, option.id) for row in present["options"][option.id]]
            for option in objective.options
        }
        self.taken = {each.id for rows in self.options.values() for row in rows for each in (row, *row.actions)}
        self.homes: dict[str, _Place] = {}  # row ids of the other copy -> where their texts went

    def go(self, incoming: Row, objective: Objective) -> Rejoined:
        for option in objective.options:
            home = self.options[option.id]
            rows = [row for row in incoming["options"][option.id] if _says(row) or any(map(_says, row["actions"]))]
            for row, found in _paired(rows, home, "strategy"):
                place = found or self._make(row, option.id, "", home)
                self._bring_row(row, place, ("strategy",))
                actions = [action for action in row["actions"] if _says(action)]
                for action, known in _paired(actions, place.actions, "action"):
                    task = known or self._make(action, option.id, place.id, place.actions)
                    self._bring_row(action, task, ACTION_FIELDS)
        for conflict in _conflicts(incoming):
            place = self.homes.get(conflict["row"])
            if place is not None and conflict["field"] in place.texts:
                self._bring(place, conflict["field"], conflict["text"], beside=True)
        return self.result

    def _bring_row(self, row: Row, place: _Place, fields: tuple[str, ...]) -> None:
        self.homes[row["id"]] = place
        for name in fields:
            self._bring(place, name, row.get(name, ""))

    def _make(self, row: Row, option: str, parent: str, home: list[_Place]) -> _Place:
        fields = ACTION_FIELDS if parent else ("strategy",)
        place = _Place(row["id"], option, parent, dict.fromkeys(fields, ""), dict.fromkeys(fields, 0))
        if place.id in self.taken:
            place.id = _alias(row["id"], place)
        self.taken.add(place.id)
        home.append(place)
        self._edit("add", place)
        return place

    def _bring(self, place: _Place, name: str, text: str, beside: bool = False) -> None:
        shown = place.texts[name]
        if not text.strip():
            return
        if text.strip() in shown or (place.id, name, text) in self.beside:
            self.result.same += 1
        elif shown.strip() in text and not (beside and shown.strip()):
            self._set(place, name, text, self.bearer)
            self.result.taken += 1
        else:
            version = place.versions[name]
            self._set(place, name, text, self.bearer)
            self._set(place, name, shown, self.keeper, base=version)
            self.beside.add((place.id, name, text))
            self.result.beside += 1

    def _set(self, place: _Place, name: str, text: str, client: str, base: int | None = None) -> None:
        version = place.versions[name]
        self._edit("set", place, client, field=name, value=text, base=version if base is None else base)
        place.texts[name], place.versions[name] = text, version + 1

    def _edit(self, kind: Any, place: _Place, client: str = "", **more: Any) -> None:  # noqa: ANN401
        number = len(self.result.edits) + 1
        self.result.edits.append(
            Edit(kind, place.id, place.option, place.parent, client=client or self.bearer, number=number, **more)
        )

    def _known(self, row: Row, option: str, parent: str = "") -> _Place:
        fields = ACTION_FIELDS if parent else ("strategy",)
        versions = {name: self._version(row["id"], name) for name in fields}
        place = _Place(row["id"], option, parent, {name: row.get(name, "") for name in fields}, versions)
        place.actions = [self._known(action, option, row["id"]) for action in row.get("actions", ())]
        return place

    def _version(self, row: str, name: str) -> int:
        fields = self.versions.get(row)
        match fields.get(name) if isinstance(fields, dict) else None:
            case [int(number), str(), int()]:
                return number
        return 0


def _says(row: Row) -> bool:
    return any(row.get(name, "").strip() for name in ("strategy", *ACTION_FIELDS))


def _paired(rows: Sequence[Row], home: Sequence[_Place], name: str) -> list[tuple[Row, _Place | None]]:
    """Each row with the place where its texts go: the surest pairs first, so that a second time gives the same ones."""
    free = list(home)
    found: dict[int, _Place] = {}
    for fits in (_same_row, _same_text, _same_id):
        for index, row in enumerate(rows):
            place = None if index in found else next((p for p in free if fits(row, p, name)), None)
            if place is not None:
                found[index] = place
                free.remove(place)
    return [(row, found.get(index)) for index, row in enumerate(rows)]


def _same_row(row: Row, place: _Place, name: str) -> bool:
    text, shown = row.get(name, "").strip(), place.texts[name].strip()
    return _same_id(row, place, name) and (text in shown or shown in text)


def _same_text(row: Row, place: _Place, name: str) -> bool:
    text = row.get(name, "").strip()
    return bool(text) and place.texts[name].strip() == text


def _same_id(row: Row, place: _Place, _: str) -> bool:
    return place.id in (row["id"], _alias(row["id"], place))


def _alias(name: str, place: _Place) -> str:
    """Another id for a row whose own is taken elsewhere in the canvas: the same each time."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{place.option} {place.parent} {name}").hex


def _conflicts(document: Row) -> Iterator[Row]:
    """The texts kept beside others in a document, as far as they can be understood."""
    conflicts = document.get("sync", {}).get("conflicts", [])
    for conflict in conflicts if isinstance(conflicts, list) else ():
        match conflict:
            case {"row": str(row), "parent": str(parent), "field": str(name), "text": str(text)}:
                fits = name in (ACTION_FIELDS if parent else ("strategy",)) and len(text) <= MAX_CHARACTERS
                if fits and IDENTIFIER.fullmatch(row):
                    yield conflict


def _key(conflict: Row) -> tuple[str, str, str]:
    return conflict["row"], conflict["field"], conflict["text"]
