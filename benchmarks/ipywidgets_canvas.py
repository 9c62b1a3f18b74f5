"""The canvas built with ipywidgets: the reference for the course's own, used only by the benchmarks.

It has the same columns, labels and buttons, adds and removes rows, checks by the same rule, and saves each text durably
with the same store when the field loses the focus. It keeps no drafts, which widgets of ipywidgets cannot.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from course.core import syllabus
from course.core.answers.edits import Edit
from course.core.answers.format import view
from course.core.answers.store import AnswersStore
from course.core.completeness import completeness
from course.core.refusal import NotWritten
from course.core.syllabus import Option

_COLUMNS = "minmax(10em, 1fr) minmax(12em, 1.4fr) minmax(12em, 1.6fr)"
_HEADS = {"option": "Option", "strategy": "Stratégie", "action": "Action"}

Row = dict[str, Any]
Position = dict[str, str]
"""The `option`, `parent` and `row` of an edit."""


def canvas(identifier: str) -> w.VBox:
    """Return the canvas of an objective in the working folder.

    Args:
        identifier: The objective, `1.1` … `5.5`.
    """
    return _Canvas(identifier).root


class _Canvas:
    def __init__(self, identifier: str) -> None:
        self.objective = syllabus.load().objective(identifier)
        self.store = AnswersStore(Path.cwd(), self.objective)
        self.document = self.store.open().document
        self.numbers = itertools.count(1)
        self.client = uuid.uuid4().hex
        self.status = w.HTML("Prêt : ce que vous écrivez s’enregistre tout seul.")
        self.grid = w.GridBox(layout=w.Layout(grid_template_columns=_COLUMNS, grid_gap="4px 8px", width="100%"))
        title = w.HTML(f"<b>Canevas {identifier} : {escape(self.objective.title)}</b>")
        self.root = w.VBox([title, self.grid, w.HBox([_button("Vérifier", self.check), self.status])])
        self.heads = [w.HTML(f"<b>{name}</b>") for name in _HEADS.values()]
        self.cells = {option.id: list(self.lines(option)) for option in self.objective.options}
        self.show()

    def show(self) -> None:
        self.grid.children = (*self.heads, *itertools.chain.from_iterable(self.cells.values()))

    def lines(self, option: Option) -> Iterator[w.Widget]:
        """Yield the cells of an option: a line of the grid for each strategy, or an empty one."""
        strategies = self.document["options"][option.id] or [{"id": option.id.replace(".", "-"), "actions": []}]
        label = w.HTML(f"<b>{option.id}</b> {escape(option.label)}<br><small>{escape(option.gloss)}</small>")
        first: w.Widget = w.VBox([label, _button("+ Stratégie", self.adder(option, "", strategies))])
        for strategy in strategies:
            actions = strategy["actions"] or [{"id": f"{strategy['id']}-0"}]
            fields = [self.field(option, strategy["id"], action, "action", actions) for action in actions]
            yield first
            yield self.field(option, "", strategy, "strategy", strategies)
            yield w.VBox([*fields, _button("+ Action", self.adder(option, strategy["id"], actions))])
            first = w.Box()

    def field(self, option: Option, parent: str, row: Row, name: str, rows: list[Row]) -> w.Widget:
        position = {"option": option.id, "parent": parent, "row": row["id"]}
        area = w.Textarea(
            row.get(name, ""),
            placeholder=_HEADS[name],
            rows=2,
            continuous_update=False,
            layout=w.Layout(width="100%"),
        )
        area.observe(lambda change: self.save("set", position, field=name, value=change["new"]), "value")
        return (
            area if len(rows) == 1 else w.VBox([area, _button("×", lambda _: self.change(option, "remove", position))])
        )

    def adder(self, option: Option, parent: str, rows: list[Row]) -> Callable[[object], None]:
        position = {"option": option.id, "parent": parent}

        def add(_: object) -> None:
            for row in rows:  # a row that is only displayed is saved before another is added
                self.save("add", {**position, "row": row["id"]})
            self.change(option, "add", {**position, "row": uuid.uuid4().hex})

        return add

    def change(self, option: Option, kind: str, position: Position) -> None:
        self.save(kind, position)
        self.cells[option.id] = list(self.lines(option))
        self.show()

    def save(self, kind: str, position: Position, **values: str) -> None:
        version = (
            self.document.get("sync", {}).get("versions", {}).get(position["row"], {}).get(values.get("field"), [0])
        )
        edit = {
            "kind": kind,
            "client": self.client,
            "number": next(self.numbers),
            "base": version[0],
            **position,
            **values,
        }
        try:
            self.document = self.store.save([Edit.of(edit)]).document
        except NotWritten as error:
            self.status.value = error.reason
        else:
            self.status.value = "Enregistré"

    def check(self, _: object) -> None:
        self.status.value = f"{completeness(self.objective, view(self.document, self.objective))}."


def _button(text: str, on_click: Callable[[object], None]) -> w.Button:
    button = w.Button(description=text, layout=w.Layout(width="auto"))
    button.on_click(on_click)
    return button
