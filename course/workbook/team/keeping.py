"""The kernel's end of the form: who works, kept in the workbook of the notebook's folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.core import syllabus, team
from course.core.answers.format import MAX_BYTES
from course.core.answers.reading import FOLDER
from course.core.answers.whereabouts import nowhere
from course.core.files import read_bytes
from course.core.folders import EXERCISES, root_of
from course.core.refusal import NotWritten, Unreadable
from course.core.team import Team, team_of

# In a damaged file, too. A text that says so has its quotes escaped.
_DOCUMENT = re.compile(rb'"document"\s*:\s*"([^"\\]{1,200})"')
_MOST_FILES = 500
_MOST_BYTES = 16 * MAX_BYTES  # too large for answers, and somebody’s all the same


class TeamKeeper:
    """Who works in one workbook, as messages say it."""

    def __init__(self, folder: Path) -> None:
        """A keeper that touches nothing yet.

        Args:
            folder: The folder of the notebook.
        """
        self.root = root_of(folder)

    def read(self) -> tuple[Team, str]:
        """The team, and a French sentence when its file had to be set aside."""
        return team.recover(self.root)

    def state(self, who: Team) -> dict[str, Any]:
        """What a page needs of a team."""
        owner = f"Classeur de : {who}" if who else ""
        return {"group": who.group, "members": list(who.members), "owner": owner}

    def save(self, message: dict[str, Any]) -> dict[str, Any]:
        """Saves the team that a message describes; returns the answer to it."""
        answer = {"number": message["number"]}
        try:
            who = team_of(message["group"], message["members"])
            if who != self.read()[0]:
                team.save(self.root, who)
        except (Unreadable, NotWritten) as error:
            return {"kind": "team-not-saved", **answer, "reason": error.reason}
        return {"kind": "team-saved", **answer, "team": self.state(who)}

    def documents(self) -> list[str]:
        """The documents of this workbook's canvases: drafts of others in a browser are somebody else's."""
        found = {nowhere(home) for home in self._homes()}
        for number, path in enumerate(self._answers_files()):
            if number == _MOST_FILES:
                break
            try:
                raw = read_bytes(path.parent, path.name, limit=_MOST_BYTES) or b""
            except Unreadable:
                continue
            found |= {name.decode("utf-8", "replace") for name in _DOCUMENT.findall(raw)}
        return sorted(found)

    def _homes(self) -> list[Path]:
        names = [goal.assignment for goal in syllabus.load().goals]
        # Assignments that nbgrader fetched side by side are one person's.
        return [self.root, *((self.root / EXERCISES).glob("*")), *(self.root.parent / name for name in names)]

    def _answers_files(self) -> Iterator[Path]:
        for home in self._homes():
            folder = home / FOLDER
            if folder.is_dir():
                yield from sorted(path for path in folder.iterdir() if path.suffix in (".json", ".bon"))
