"""« Reprendre » on a page: a file that a person chooses, merged into the workbook, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from course.core import authorship, syllabus
from course.core.folders import goal_folder
from course.core.handin.resumption import (
    ANYWAY,
    Brought,
    bring,
    other_people,
    resume,
    resume_plan,
    resume_tests,
    summary,
)
from course.core.refusal import NotWritten, Unreadable
from course.documents import incoming
from course.documents.importing import take
from course.workbook.team.widget import TeamKeeper


class Resumption:
    """Takes what a page sends into the workbook of a notebook."""

    def __init__(self, folder: Path, tell: Callable[[dict[str, Any]], None]) -> None:
        """One that touches nothing yet.

        Args:
            folder: The folder of the notebook.
            tell: Tells the page the names that a workbook without any takes from a file.
        """
        self._folder, self._tell = folder, tell
        self._keeper = TeamKeeper(folder)

    def answer(self, message: Mapping[str, Any], raw: bytes) -> dict[str, Any]:
        """Take a file in; return what to answer: `lines` and `objectives`, or a `question` when it is of other people.

        Args:
            message: `ask`, the file's `name`, and whether a person is `sure`.
            raw: The bytes of the file: a hand-in, answers, or a document that was filled in without the course.
        """
        is_sure = bool(message["sure"])
        try:
            if incoming.is_document(raw):
                content = self._take(raw, str(message.get("name", "")), is_sure)
            else:
                content = self._resume(raw, is_sure)
        except Unreadable as error:
            content = {"lines": [f"Rien n’est repris. {error.reason}"], "objectives": []}
        return {"kind": "answer", "ask": message["ask"], **content}

    def _take(self, raw: bytes, name: str, is_sure: bool) -> dict[str, Any]:
        """Take a document; what it does not say is left aside, and said."""
        taken = take(incoming.read(raw), name, self._keeper.root, self._folder, sure=is_sure)
        if taken.question:
            return {"question": taken.question}
        return {"lines": taken.lines, "objectives": taken.objectives}

    def _resume(self, raw: bytes, is_sure: bool) -> dict[str, Any]:
        brought = bring(raw)
        others = other_people(brought.team, self._keeper.root)
        if others and not is_sure:
            return {"question": f"{others} {ANYWAY}"}
        lines = [*brought.notices, *self._resumed(brought), *self._adopt(brought)]
        return {"lines": lines, "objectives": [objective.id for objective in brought.answers]}

    def _resumed(self, brought: Brought) -> Iterator[str]:
        if brought.answers or brought.plan is None:
            goals = {name: syllabus.load().goal(name) for name in {objective.goal for objective in brought.answers}}
            folders = {name: goal_folder(self._folder, goal) for name, goal in goals.items()}
            yield from summary(resume(brought.answers, {name: home for name, home in folders.items() if home}))
        yield from resume_plan(brought.plan, self._keeper.root)
        yield from resume_tests(brought.tests, self._keeper.root)

    def _adopt(self, brought: Brought) -> list[str]:
        """Write the team of a resumed file, where this workbook has none."""
        if not brought.team or self._keeper.read().owners:
            return []
        try:
            state = self._keeper.state(authorship.propose(self._keeper.root, brought.team))
        except NotWritten as error:
            return [error.reason]
        self._tell({"kind": "team-saved", "number": -1, "team": state})
        return [state["owner"]]
