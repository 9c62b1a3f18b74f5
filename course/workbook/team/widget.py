"""The widget of « Qui travaille ? »: who works, kept in the workbook of the notebook's folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import traitlets

from course.core import files, syllabus, team, workbooks
from course.core.answers.format import FOLDER, MAX_BYTES
from course.core.answers.store import fallback_document
from course.core.files import read_bytes
from course.core.folders import EXERCISES, root_of
from course.core.refusal import NotWritten, Unreadable
from course.core.team import Team, team_of
from course.core.terminal import typed
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE)

# Matches in a damaged file, too. In a text that somebody typed, quotes are escaped.
_DOCUMENT = re.compile(rb'"document"\s*:\s*"([^"\\]{1,200})"')
_MOST_FILES = 500
_WRITERS = ".equipe.json"
_SETTLED_AFTER = 120.0  # seconds
_MOST_BYTES = 16 * MAX_BYTES  # a file too large for answers still belongs to somebody


class TeamKeeper:
    """The team of one workbook, as messages to and from a page."""

    def __init__(self, folder: Path) -> None:
        """A keeper that touches nothing yet.

        Args:
            folder: The folder of the notebook.
        """
        self.root = root_of(folder)
        self._changed = -inf

    def read(self) -> tuple[Team, str]:
        """The team, and a French sentence when its file had to be set aside."""
        return team.recover(self.root)

    def state(self, who: Team) -> dict[str, Any]:
        """What a page needs of a team."""
        owner = f"Classeur de : {who}" if who else ""
        return {"group": who.group, "members": list(who.members), "owner": owner}

    def save(self, message: dict[str, Any]) -> dict[str, Any]:
        """Saves the team that a message describes, unless it is other people than those of the answers.

        Who the answers belong to is kept beside the team, and changes only when the page has asked. It is first the
        team of two minutes ago: names are sent while they are typed.

        Args:
            message: `number`, `group`, `members`; `sure` when the page has asked.

        Returns:
            The answer to it.
        """
        answer = {"number": message["number"]}
        try:
            who, present = team_of(message["group"], message["members"]), self.read()[0]
            writers = self._writers()
            if not writers and present and monotonic() - self._changed > _SETTLED_AFTER:
                writers = self._settle(present)
            if message.get("sure"):
                self._settle(who)
            elif team.are_others(writers, who) and any(self._answers_files()):
                return {"kind": "team-asked", **answer, "owner": str(writers)}
            if who != present:
                team.save(self.root, who)
                self._changed = monotonic()
        except (Unreadable, NotWritten) as error:
            return {"kind": "team-not-saved", **answer, "reason": error.reason}
        return {"kind": "team-saved", **answer, "team": self.state(who)}

    def _writers(self) -> Team:
        """Who the answers belong to; nobody when that was never settled, or cannot be read."""
        return team.read_or_nobody(self.root, _WRITERS)

    def _settle(self, who: Team) -> Team:
        files.write(self.root / _WRITERS, team.written(who))
        return who

    def make_room(self) -> str:
        """Makes a workbook for other people where this computer keeps several; the French sentence that says where."""
        if self.root in [each.root for each in workbooks.known()]:
            try:
                workbooks.reserve()
            except NotWritten as error:
                return f"Le nouveau classeur n’a pas pu être fait. {error.reason}"
            return (
                "Un nouveau classeur vous attend : fermez cette page et la fenêtre du cours, double-cliquez de nouveau "
                "sur « Ouvrir le cours », puis choisissez-le."
            )
        return "Il vous faut un autre classeur : demandez à votre formateur où l’ouvrir."

    def documents(self) -> list[str]:
        """The documents of this workbook's canvases; a browser's drafts of other documents belong to somebody else."""
        documents = {fallback_document(home) for home in self._homes()}
        for number, path in enumerate(self._answers_files()):
            if number == _MOST_FILES:
                break
            try:
                raw = read_bytes(path.parent, path.name, limit=_MOST_BYTES) or b""
            except Unreadable:
                continue
            documents |= {name.decode("utf-8", "replace") for name in _DOCUMENT.findall(raw)}
        return sorted(documents)

    def _homes(self) -> list[Path]:
        names = [goal.assignment for goal in syllabus.load().goals]
        # Assignments that nbgrader fetched side by side are one person's.
        return [self.root, *((self.root / EXERCISES).glob("*")), *(self.root.parent / name for name in names)]

    def _answers_files(self) -> Iterator[Path]:
        for home in self._homes():
            folder = home / FOLDER
            if folder.is_dir():
                yield from sorted(path for path in folder.iterdir() if path.suffix in (".json", ".bon"))


class TeamWidget(card.Card):
    """The form on the page.

    Attributes:
        workbook: The workbook's path, which identifies it in a page.
        team: Who works, when the widget was created; later states travel as messages.
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

    def _alternative(self) -> str:
        owner = f"{self.team['owner']}. " if self.team["owner"] else ""
        return f"{owner}Pour dire qui travaille, ouvrez cette page par « {typed('open')} »."

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        match message["kind"]:
            case "team":
                self.send(self._keeper.save(message))
            case "others":
                self.send({"kind": "room-made", "sentence": self._keeper.make_room()})
            case "documents":
                self.send({"kind": "documents", "documents": self._keeper.documents()})
