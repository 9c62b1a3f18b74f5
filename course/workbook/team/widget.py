"""The widget of « Qui travaille ? »."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from course.workbook import card
from course.workbook.module import Module
from course.workbook.team.keeping import TeamKeeper

HERE = Path(__file__).parent
MODULE = Module(HERE, ("../dom.js", "../canvas/shelf.js", "who.js", "form.js", "drafts.js", "view.js"), "../card.css")


class TeamWidget(card.Card):
    """The form on the page.

    Attributes:
        workbook: What tells one workbook from another in a page.
        team: Who works, when the widget was made; later states travel as messages.
        notice: A French sentence when the file could not be read.
    """

    _esm = MODULE.source
    _css = card.style(HERE)
    workbook = traitlets.Unicode().tag(sync=True)
    team = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, folder: Path) -> None:
        """The form for the workbook of a notebook's folder."""
        self._keeper = TeamKeeper(folder)
        who, notice = self._keeper.read()
        super().__init__(workbook=str(self._keeper.root), team=self._keeper.state(who), notice=notice)
        self.on_msg(self._hear)

    def _told(self) -> str:
        """Who works, and how to say it."""
        said = f"{self.team['owner']}. " if self.team["owner"] else ""
        return f"{said}Pour dire qui travaille, ouvrez cette page par « course open »."

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        match message["kind"]:
            case "team":
                self.send(self._keeper.save(message))
            case "documents":
                self.send({"kind": "documents", "documents": self._keeper.documents()})
