"""The widget of « Qui travaille ? »: who works, kept in the workbook of the notebook's folder."""

from __future__ import annotations

import re
from contextlib import suppress
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import traitlets

from course.core import authorship, results, workbooks
from course.core.answers.store import fallback_document
from course.core.authorship import Names
from course.core.folders import LESSONS, root_of
from course.core.refusal import NotWritten, Unreadable
from course.core.team import Team, team_of
from course.core.terminal import typed
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE)

# Matches in a damaged file, too. In a text that somebody typed, quotes are escaped.
_DOCUMENT = re.compile(rb'"document"\s*:\s*"([^"\\]{1,200})"')
_CLAIMED_AFTER = 120.0  # seconds
_ELSEWHERE = "Il vous faut un autre classeur : demandez à votre formateur où l’ouvrir."


class TeamKeeper:
    """The team of one workbook, as messages to and from a page."""

    def __init__(self, folder: Path) -> None:
        """A keeper that touches nothing yet.

        Args:
            folder: The folder of the notebook.
        """
        self.root = root_of(folder)
        self._changed = -inf

    def open(self) -> tuple[Names, str]:
        """The names of a workbook that is opened, and a French sentence when a file had to be set aside."""
        return authorship.opened(self.root)

    def read(self) -> Names:
        """The names as they stand now."""
        return authorship.opened(self.root, claimed=False)[0]

    def state(self, names: Names) -> dict[str, Any]:
        """The names as a page needs them: who works, and what was typed and waits for an answer."""
        who, held = names.team, names.held
        return {
            **_fields(who),
            "owner": f"Classeur de : {who}" if who else "",
            "authors": str(names.authors),
            "held": None if held is None else _fields(held),
        }

    def save(self, message: dict[str, Any]) -> dict[str, Any]:
        """Saves the team that a message describes, unless a person must first say whether it is a correction.

        Args:
            message: `number`, `group`, `members`; `drafts`, the documents, of any workbook, of which the browser holds
                texts that are not on disk; `answer` to the question that these names led to: `correction` or `others`.

        Returns:
            The answer to it.
        """
        number = {"number": message["number"]}
        room = ""
        try:
            who = team_of(message["group"], message["members"])
            drafts = self._own(message.get("drafts", []))
            match message.get("answer"):
                case "correction":
                    names = authorship.correct(self.root, who, drafts)
                case "others":
                    room = self._make_room(who) if self.read().held == who else ""
                    names = authorship.give_back(self.root, who, drafts)
                case _:
                    claimed = monotonic() - self._changed > _CLAIMED_AFTER
                    names = authorship.propose(self.root, who, claimed, drafts)
                    self._changed = monotonic()
        except (Unreadable, NotWritten) as error:
            return {"kind": "team-not-saved", **number, "reason": error.reason}
        state = self.state(names)
        if names.held is not None:
            return {"kind": "team-asked", **number, "team": state}
        return {"kind": "team-saved", **number, "team": state, "room": room}

    def _make_room(self, who: Team) -> str:
        """Makes a workbook for other people where this computer keeps several; the French sentence that says where."""
        if self.root not in [each.root for each in workbooks.known()]:
            return _ELSEWHERE
        title = workbooks.reserve(authorship.newcomers_of(self.root, who)).title
        return (
            f"Votre classeur vous attend sous le nom « {title} » : fermez cette page et la fenêtre du cours, "
            "double-cliquez de nouveau sur « Ouvrir le cours », puis choisissez ce nom."
        )

    def _own(self, drafts: list[str]) -> set[str]:
        return set(drafts) & set(self.documents()) if drafts else set()

    def documents(self) -> list[str]:
        """The documents of this workbook's answers; a browser's drafts of other documents belong to somebody else."""
        documents = {fallback_document(home) for home in authorship.homes(self.root)}
        quizzes = (self.root / LESSONS / results.FOLDER).glob("*.json")
        for path in (*authorship.answers_files(self.root), *quizzes):
            with suppress(Unreadable):
                raw = authorship.read_answers(path)
                documents |= {name.decode("utf-8", "replace") for name in _DOCUMENT.findall(raw)}
        return sorted(documents)


def _fields(who: Team) -> dict[str, Any]:
    return {"group": who.group, "members": list(who.members)}


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
        names, notice = self._keeper.open()
        super().__init__(workbook=str(self._keeper.root), team=self._keeper.state(names), notice=notice)
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        owner = f"{self.team['owner']}. " if self.team["owner"] else ""
        return f"{owner}Pour dire qui travaille, ouvrez cette page par « {typed('open')} »."

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        match message["kind"]:
            case "team":
                self.send(self._keeper.save(message))
            case "documents":
                self.send({"kind": "documents", "documents": self._keeper.documents()})
