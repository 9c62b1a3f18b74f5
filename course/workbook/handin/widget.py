"""The widget of « Remettre » and « Reprendre une remise »."""

from __future__ import annotations

from asyncio import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import traitlets

from course.core import authorship, team
from course.core.content import VERSION
from course.core.folders import HANDED_IN
from course.core.handin.manifest import codes, stem_of
from course.core.handin.package import Packed, incomplete, open_handin, pack, standings
from course.core.handin.receipt import deliver, receipt_html
from course.core.refusal import NotWritten, Unreadable
from course.core.syllabus import Goal
from course.core.terminal import typed
from course.core.words import moment
from course.documents.command import write
from course.workbook import card, export
from course.workbook.handin import exchange
from course.workbook.handin.exchange import Exchanged
from course.workbook.module import Module
from course.workbook.resumption import Resumption
from course.workbook.team.widget import TeamKeeper

HERE = Path(__file__).parent
MODULE = Module(HERE)
_NEXT = (
    "Téléchargez le fichier : il arrive dans le dossier Téléchargements de cet ordinateur, et s’appelle « {} ». "
    "Donnez-le à votre formateur, sur une clé ou par courriel. Une copie reste dans votre classeur. Vous pouvez "
    "continuer, et remettre de nouveau."
)
_SENDING = "Essai par le réseau de la salle…"


class HandinWidget(card.Card):
    """The foot of an exercise notebook.

    Attributes:
        goal: The goal's id.
        workbook: The workbook's path, which identifies it in a page.
        team: Who works, when the widget was created.
        earlier: What was handed in before, in a French sentence; empty when nothing was.
    """

    _esm = MODULE.source
    _css = card.style(HERE)
    goal = traitlets.Dict().tag(sync=True)
    workbook = traitlets.Unicode().tag(sync=True)
    team = traitlets.Dict().tag(sync=True)
    earlier = traitlets.Unicode().tag(sync=True)

    def __init__(self, goal: Goal, folder: Path) -> None:
        """The foot of a goal's notebook.

        Args:
            goal: The goal.
            folder: The folder of the notebook.
        """
        self._goal = goal
        self._folder = folder
        self._keeper = TeamKeeper(folder)
        names, _ = self._keeper.open()
        super().__init__(
            goal={"id": goal.id},
            workbook=str(self._keeper.root),
            team=self._keeper.state(names),
            earlier=_earlier(self._keeper.root, names.team, goal),
        )
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        return (
            f"Pour remettre le cahier du but {self._goal.id}, ouvrez-le par « {typed('open')} », "
            f"ou tapez « {typed('submit', self._goal.assignment)} »."
        )

    def _hear(self, _: object, message: dict[str, Any], buffers: list[bytes]) -> None:
        match message["kind"]:
            case "team":
                self.send(self._keeper.save(message))
            case "look":
                self._answer(message, self._look())
            case "hand-in":
                self._hand_in(message)
            case "resume":
                self.send(Resumption(self._folder, self.send).answer(message, bytes(buffers[0])))
            case "document":
                name = self._goal.assignment
                self.send(*export.answer(message, lambda form: write(name, form, self._folder, self._keeper.root)))

    def _answer(self, message: dict[str, Any], content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.send({"kind": "answer", "ask": message["ask"], **content}, buffers)

    def _look(self) -> dict[str, Any]:
        canvases, names = standings(self._folder, self._goal), self._keeper.read()
        return {
            "reason": authorship.unconfirmed(self._keeper.root, names.team),
            "team": self._keeper.state(names),
            "incomplete": incomplete(canvases),
            "canvases": [f"Canevas {canvas.objective.id} : {canvas.words}" for canvas in canvases],
            "named": bool(names.team),
        }

    def _hand_in(self, message: dict[str, Any]) -> None:
        packed = pack(self._folder, self._goal, self._keeper.read().team, VERSION, datetime.now(UTC))
        try:
            delivered = deliver(self._keeper.root, packed)
        except NotWritten as error:
            self._answer(message, {"reason": error.reason})
            return
        content = {
            "name": packed.name,
            "receipt": delivered.receipt.name,
            "code": codes(packed.sha256),
            "notices": packed.notices,
            "next": _NEXT.format(Path(packed.name).stem),
            "exchange": _SENDING if exchange.available() else "",
        }
        self._answer(message, content, [packed.raw, receipt_html(packed).encode()])
        if exchange.available():
            self._submit(packed)

    def _submit(self, packed: Packed) -> None:
        """Submits through the exchange, which takes seconds, without blocking the canvases of this kernel."""
        loop = card.kernel_loop()
        if loop is None:
            self.send({"kind": "exchanged", "text": exchange.submit(packed, self._folder)})
            return

        def report(outcome: Future[Exchanged]) -> None:
            self.send({"kind": "exchanged", "text": Exchanged.FAILED if outcome.exception() else outcome.result()})

        loop.run_in_executor(None, exchange.submit, packed, self._folder).add_done_callback(report)


def _earlier(root: Path, who: team.Team, goal: Goal) -> str:
    path = root / HANDED_IN / f"{stem_of(who, goal)}.zip"
    try:
        handin = open_handin(path)
    except Unreadable:
        return ""
    return (
        f"Déjà remis le {moment(handin.manifest.date)}, code {codes(handin.sha256)}. Vous pouvez remettre de nouveau."
    )
