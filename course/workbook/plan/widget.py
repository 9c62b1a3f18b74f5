"""The widget of the plan: carries edits from the browser to the plan's file, and shows what the canvases say now."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import traitlets

from course.core import syllabus
from course.core.answers import FOLDER
from course.core.answers.store import Saved
from course.core.folders import root_of
from course.core.plan import plan
from course.core.plan.format import (
    FIELDS,
    IDENTITY,
    LABELS,
    LEVEL_WORDS,
    LEVELS,
    STATUS_WORDS,
    URGENCY_WORDS,
    VERDICT_WORDS,
)
from course.core.plan.store import PlanStore, fields_of
from course.core.refusal import NotWritten
from course.core.terminal import typed
from course.workbook import card, export
from course.workbook.document import DocumentCard
from course.workbook.module import Module

HERE = Path(__file__).parent


def _facts() -> dict[str, Any]:
    """The part that the course fixes; it travels once, with the module."""
    course = syllabus.load()
    return {
        "GOALS": [{"id": goal.id, "title": goal.title} for goal in course.goals],
        "OPTIONS": {option.id: option.label for option in course.options},
        "PRINCIPLES": [{"id": name, "title": title} for name, title in plan.principles().items()],
        "LABELS": dict(LABELS),
        "LEVELS": {name: URGENCY_WORDS if name == "urgency" else LEVEL_WORDS for name in LEVELS},
        "VERDICTS": dict(VERDICT_WORDS),
        "STATUSES": dict(STATUS_WORDS),
        "CURRENCY": plan.currency(),
    }


MODULE = Module(HERE, _facts)


class PlanWidget(DocumentCard):
    """The plan on the page.

    Attributes:
        state: What was on disk when the widget was created; later states travel as messages.
    """

    fields_of = staticmethod(fields_of)

    _esm = MODULE.source
    _css = card.style(HERE, "../paper.css", "plan.css")
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, folder: Path) -> None:
        """The plan of the workbook of a notebook's folder."""
        self._folder = folder
        self._store = PlanStore(plan.home(folder))
        super().__init__(state={**self._open(), "at": time.time()})
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        return (
            f"Mon plan. Il va s’ouvrir ici ; sinon, ouvrez cette page par « {typed('open')} ». "
            f"Ce que vous y écrivez est dans {FOLDER}/{self._store.name}."
        )

    def _hear(self, _: object, message: dict[str, Any], buffers: list[bytes]) -> None:
        match message["kind"]:
            case "save":
                self._save(message)
            case "hello":
                self.send({"kind": "state", "client": message["client"], "state": self._open()})
            case "pictures":
                self._draw()
            case "document":
                self.send(*export.answer(message, self._export))
            case "resume":
                from course.workbook.resumption import Resumption  # noqa: PLC0415  (no plan opens later for it)

                self.send(Resumption(self._folder, self.send).answer(message, bytes(buffers[0])))

    def _open(self) -> dict[str, Any]:
        sources = plan.sources(self._folder)
        actions = [
            {
                "row": source.row,
                "objective": source.objective,
                "option": source.option,
                "parent": source.strategy_id,
                "strategy": source.strategy,
                "action": source.action,
                "due": source.due,
                "proposed": source.proposed,
            }
            for source in sources.actions
        ]
        return {**super()._open(), "sources": actions, "unreadable": dict(sources.unreadable)}

    def _shown(self, saved: Saved) -> dict[str, Any]:
        return {
            "entries": {
                row: {
                    "option": entry["option"],
                    "parent": entry.get(IDENTITY[2], ""),
                    "fields": {name: field.text(entry[name]) for name, field in FIELDS.items() if name in entry},
                }
                for row, entry in saved.document["entries"].items()
            }
        }

    def _export(self, form: str) -> Path:
        from course.documents.command import write_plan  # noqa: PLC0415  (no plan opens later for it)

        return write_plan(form, root_of(self._folder))

    def _draw(self) -> None:
        from course.core.plan.gaps import gaps  # noqa: PLC0415  (no plan opens later for it)
        from course.core.plan.pictures import pictures  # noqa: PLC0415

        try:
            document = self._store.open().document
        except NotWritten as error:
            self.send({"kind": "pictures", "missing": [error.reason], "pictures": []})
            return
        current = plan.plan_of(document, plan.sources(self._folder))
        drawn = [{"title": one.title, "svg": one.svg, "text": one.text} for one in pictures(current)]
        self.send({"kind": "pictures", "missing": list(gaps(current)), "pictures": drawn})
