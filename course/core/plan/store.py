"""The plan on disk: edits merged like those of a canvas, each field by itself, and a plan that comes back merged in.

A text that another writer's replaces is kept to be chosen from; of a tick, a level or a rank the later one counts.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from course.core import syllabus
from course.core.answers.registers import Edit, RefusedEdit, Registers, Row, merged, version, versions_of
from course.core.answers.store import DocumentStore, utc_now
from course.core.plan.format import (
    FIELDS,
    FILE,
    IDENTITY,
    MAX_BYTES,
    MAX_ENTRIES,
    load,
    new_document,
    objective_of,
)

_NO_ROW = "Cette action n’est pas d’un canevas du cours."
_FULL = "Le plan est plein : 1 000 actions au plus."
_WRONG = {
    "cost": "Le coût s’écrit en chiffres, sans lettres : 150 000.",
    "text": "Le texte dépasse 4 000 caractères : raccourcissez-le.",
}
_IMPOSSIBLE = "Cette valeur n’est pas de celles que le plan connaît : rechargez la page."


class _Entries(Registers):
    """The entries of a plan that edits are applied to."""

    def apply(self, edit: Edit) -> str:
        match edit.kind:
            case "set":
                return self.set(edit)
            case "resolve":
                return self.resolve(edit)
        return _IMPOSSIBLE

    def is_conflict(self, conflict: object) -> bool:
        match conflict:
            case {
                "id": str(),
                "option": str(),
                "parent": str(),
                "row": str(row),
                "field": str(name),
                "text": str(text),
            }:
                return _is_row(row) and name in FIELDS and _fits(name, text)
        return False

    def set(self, edit: Edit) -> str:
        """Write the value of an edit, in the one way in which it is spelt."""
        if not _is_row(edit.row) or not _is_option(edit.option, edit.row):
            return _NO_ROW
        field = FIELDS[edit.field]
        if not _fits(edit.field, edit.value):
            return _WRONG.get(edit.field, _WRONG.get(field.kind, _IMPOSSIBLE))
        if self.is_late(edit):
            return ""
        if edit.row not in self.document["entries"] and len(self.document["entries"]) >= MAX_ENTRIES:
            return _FULL
        row, text = self.row(edit), field.text(field.value(edit.value))
        if edit.field not in row and not text:  # to empty what the canvas proposes is an answer as well
            number = version(self.versions, edit.row, edit.field)[0]
            self.put(row, edit.field, "")
            self.versions.setdefault(edit.row, {})[edit.field] = [number + 1, edit.client, edit.number]
        return super().set(replace(edit, value=text))

    def row(self, edit: Edit) -> Row:
        entries: dict[str, Row] = self.document["entries"]
        if edit.row not in entries:
            objective = objective_of(edit.row)
            identity = (objective, edit.option, edit.parent, edit.row.removeprefix(f"{objective.replace('.', '-')}-"))
            entries[edit.row] = dict(zip(IDENTITY, identity, strict=True))
        return entries[edit.row]

    def text(self, row: Row, field: str) -> str:
        return FIELDS[field].text(row.get(field))

    def put(self, row: Row, field: str, text: str) -> None:
        row[field] = FIELDS[field].value(text)

    def holds(self, field: str, text: str, shown: str) -> bool:
        return not shown if field == "cost" else super().holds(field, text, shown)

    def keeps(self, field: str) -> bool:
        return is_kept_beside(field)


def is_kept_beside(field: str) -> bool:
    """Return True for a field of which a value that another replaces is kept to be chosen from."""
    return field == "cost" or (FIELDS[field].kind == "text" and not field.startswith("seen_"))


def _is_row(row: str) -> bool:
    try:
        objective_of(row)
    except ValueError:
        return False
    return True


def _is_option(option: str, row: str) -> bool:
    return any(option == one.id for one in syllabus.load().objective(objective_of(row)).options)


def _fits(name: str, text: str) -> bool:
    try:
        FIELDS[name].value(text)
    except ValueError:
        return False
    return True


def fields_of(_: Edit) -> Iterable[str]:
    """Return the fields that an edit of the plan may set."""
    return FIELDS


def merge(document: Mapping[str, Any], edits: Iterable[Edit]) -> tuple[dict[str, Any], tuple[RefusedEdit, ...]]:
    """Merge edits into a plan; `registers.merged` has the rules.

    Args:
        document: A document that `format.load` accepted; it is not modified.
        edits: The edits, oldest first; merging one twice changes nothing.

    Returns:
        The new document, its revision one higher if anything changed, and the refused edits.
    """
    return merged(document, lambda one: _Entries(copy.deepcopy(dict(one))), edits)


class PlanStore(DocumentStore):
    """The plan in one folder; several processes may share it."""

    full = "Le plan est plein (1 Mio) : raccourcissez un texte avant d’en ajouter."

    def __init__(self, folder: Path, now: Callable[[], datetime] = utc_now) -> None:
        """Create a store without touching the disk.

        Args:
            folder: The folder of the plan's notebook; `reponses/` is created in it when needed.
            now: The clock, for displayed dates only.
        """
        super().__init__(folder, FILE, MAX_BYTES, now)

    def _load(self, raw: bytes) -> dict[str, Any]:
        return load(raw)

    def _new(self, identifier: str) -> dict[str, Any]:
        return new_document(identifier)

    def _identified(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return copy.deepcopy(dict(document))

    def _merged(
        self, document: Mapping[str, Any], edits: Sequence[Edit]
    ) -> tuple[dict[str, Any], tuple[RefusedEdit, ...]]:
        return merge(document, edits)

    def _with_foreign(self, document: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, Any] | None:
        versions, former = versions_of(document), versions_of(last)
        changed = False
        for row, name, text in _texts(document):
            known = version(former, row, name)[0]
            before = FIELDS[name].text(last["entries"].get(row, {}).get(name))
            if text != before and version(versions, row, name)[0] <= known:
                versions.setdefault(row, {})[name] = [known + 1, "", 0]
                changed = True
        revision, newest = document["revision"], max(document["revision"], last.get("revision", 0))
        if not changed and (revision > last.get("revision", 0) or document["entries"] == last["entries"]):
            return None
        result = copy.deepcopy(dict(document))
        result["revision"] = newest + 1
        result["sync"] = {**result.get("sync", {}), "versions": versions}
        return result


def _texts(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for row, entry in document["entries"].items():
        yield from ((row, name, field.text(entry[name])) for name, field in FIELDS.items() if name in entry)


@dataclass(frozen=True, slots=True)
class Rejoined:
    """The edits that bring another plan into the present one.

    Attributes:
        edits: To be saved together.
        taken: The number of values that are added.
        beside: The number of texts that are kept beside a present one, until somebody chooses.
    """

    edits: tuple[Edit, ...]
    taken: int
    beside: int


def rejoin(present: Mapping[str, Any], incoming: Mapping[str, Any]) -> Rejoined:
    """Return the edits that merge another plan into the present one; doing it twice changes nothing.

    What is shown stays: an incoming text that contradicts it is kept beside it, and of a tick, a level or a rank the
    present one counts.

    Args:
        present: The document of the store.
        incoming: Another document that `format.load` accepted.
    """
    stem, versions = uuid.uuid4().hex, versions_of(present)
    mine = _Entries(copy.deepcopy(dict(present)))
    beside = {(conflict["row"], conflict["field"], conflict["text"]) for conflict in mine.conflicts}
    edits: list[Edit] = []
    taken = kept = 0
    for row, name, text in _texts(incoming):
        entry = present["entries"].get(row, {})
        shown = FIELDS[name].text(entry.get(name))
        if name in entry and text == shown:
            continue
        place = (row, incoming["entries"][row]["option"], incoming["entries"][row].get("strategy_id", ""), name)
        base = version(versions, row, name)[0]
        writers = [("reprise", text)]
        if name not in entry or (mine.keeps(name) and mine.holds(name, text, shown)):
            taken += 1
        elif mine.keeps(name) and not mine.holds(name, shown, text) and (row, name, text) not in beside:
            writers += [("present", shown)]
            kept += 1
        else:
            continue
        # Two clients: the second writes what the first replaced, so that both are kept.
        for client, value in writers:
            edits.append(Edit("set", *place, value, base, f"{client}-{stem}", len(edits) + 1))
    return Rejoined(tuple(edits), taken, kept)
