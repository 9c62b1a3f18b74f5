"""A widget over a document that pages write together: carries edits to its store, and reports what is on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from course.core.answers.registers import Edit, RefusedEdit
from course.core.answers.store import DocumentStore, Full, Saved
from course.core.refusal import NotWritten
from course.core.team import owner
from course.workbook import card

_FAILED = "Le programme n’a pas su répondre : rechargez la page, et prévenez votre formateur si cela revient."
_NO_EDIT = "Le programme ne comprend pas une modification : rechargez la page."


class DocumentCard(card.Card):
    """A widget with a store; a subclass says what of the document its page shows.

    Attributes:
        fields_of: Returns the fields that an edit may set; those of a canvas by default.
    """

    _store: DocumentStore
    fields_of: Callable[[Edit], Iterable[str]] | None = None

    def _shown(self, saved: Saved) -> dict[str, Any]:
        """Return the part of a document that the page shows and merges with."""
        raise NotImplementedError

    def _open(self) -> dict[str, Any]:
        try:
            return self._state(self._store.open())
        except NotWritten as error:
            return {**self._state(Saved(self._store.unsaved())), "notice": error.reason}

    def _state(self, saved: Saved) -> dict[str, Any]:
        sync = saved.document.get("sync", {})
        return {
            "document": saved.document["document"],
            "revision": saved.document["revision"],
            "versions": sync.get("versions", {}),
            "conflicts": sync.get("conflicts", []),
            "notice": saved.notice,
            "owner": owner(self._store.folder),
            "fallback": self._store.fallback,
            **self._shown(saved),
        }

    def _greet(self, message: Mapping[str, Any]) -> None:
        """Answer a page that asks what is on disk now."""
        state = self._open()
        if state["revision"] != message.get("known") or state["notice"]:
            self.send({"kind": "state", "client": message["client"], "state": state})

    def _save(self, message: Mapping[str, Any]) -> None:
        answer = {"client": message.get("client"), "message": message.get("message")}
        try:
            edits, refusals = self._edits(message["edits"])
            saved = self._saved(edits)
            state = self._state(saved)
        except NotWritten as error:
            self.send({"kind": "not-saved", **answer, "reason": error.reason})
            return
        except Exception:
            self.log.exception("%s: a save failed", self._store.name)
            self.send({"kind": "not-saved", **answer, "reason": _FAILED})
            return
        refusals += [{"client": r.edit.client, "number": r.edit.number, "reason": r.reason} for r in saved.refusals]
        self.send({"kind": "saved", **answer, "refusals": refusals, "state": state})

    def _edits(self, messages: Sequence[Any]) -> tuple[list[Edit], list[dict[str, Any]]]:
        """Return the edits that a page asks for, and the refusals of what is none."""
        edits, refusals = [], []
        for message in messages:
            try:
                edits.append(Edit.of(message, type(self).fields_of))
            except ValueError as error:
                self.log.error("%s: %s", self._store.name, error)
                names = message if isinstance(message, Mapping) else {}
                refusals.append({"client": names.get("client"), "number": names.get("number"), "reason": _NO_EDIT})
        return edits, refusals

    def _saved(self, edits: Sequence[Edit]) -> Saved:
        """Save edits; when there is no room for all, those for which there is."""
        try:
            return self._store.save(edits)
        except Full as full:
            if len(edits) < 2:
                return replace(self._store.open(), refusals=tuple(RefusedEdit(edit, full.reason) for edit in edits))
            half = len(edits) // 2
            first, last = self._saved(edits[:half]), self._saved(edits[half:])
            return replace(last, refusals=first.refusals + last.refusals, notice=first.notice or last.notice)
