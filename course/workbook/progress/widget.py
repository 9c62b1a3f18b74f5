"""The progress widget: counts again at each request, and stores nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from course.core.folders import EXERCISES, LESSONS, root_of
from course.core.progress import Journey, Part, Progress, journey
from course.core.quizzes import QuizMistake
from course.core.refusal import Refusal
from course.workbook import card
from course.workbook.module import Module
from course.workbook.progress.command import write

HERE = Path(__file__).parent
MODULE = Module(HERE)


class ProgressWidget(card.Card):
    """The table on the page.

    Attributes:
        progress: The counts when the widget was created; later ones travel as messages.
    """

    _esm = MODULE.source
    _css = card.style(HERE, "progress.css")
    progress = traitlets.Dict().tag(sync=True)

    def __init__(self, folder: Path) -> None:
        """The progress in the workbook of a notebook's folder."""
        self._folder = folder
        super().__init__(progress=self._count())
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        cells = self.progress["rows"][-1]["cells"] if self.progress["rows"] else []
        return "Ma progression. " + " ".join(f"{cell['words']}." for cell in cells)

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        match message["kind"]:
            case "refresh":
                self.send({"kind": "progress", "progress": self._count()})
            case "attest":
                self._attest(message)

    def _attest(self, message: dict[str, Any]) -> None:
        try:
            written = write(root_of(self._folder))
        except Refusal as refusal:
            self.send({"kind": "answer", "ask": message["ask"], "reason": str(refusal)})
            return
        pages = [{"person": one.person, "name": one.path.name} for one in written]
        content = {"pages": pages}
        self.send({"kind": "answer", "ask": message["ask"], **content}, [one.raw for one in written])

    def _count(self) -> dict[str, Any]:
        try:
            counted = journey(self._folder)
        except QuizMistake as error:  # a teacher's, while she edits
            return {"rows": [], "notice": str(error)}
        return {"rows": [*map(_row, counted.parts), _total(counted)], "notice": _notice(counted)}


def _row(part: Part) -> dict[str, Any]:
    title = f"But {part.goal.id} : {part.goal.title}" if part.goal else "Pour tous les buts"
    links = [{"path": f"{LESSONS}/{lesson.id}.ipynb", "text": lesson.title} for lesson in part.lessons]
    if part.goal:
        path = f"{EXERCISES}/{part.goal.assignment}/{part.goal.assignment}.ipynb"
        links = [{**link, "text": "Leçon"} for link in links] + [{"path": path, "text": "Cahier"}]
    return {"title": title, "links": links, "cells": _cells(part.progress)}


def _total(journey: Journey) -> dict[str, Any]:
    return {"title": "En tout", "links": [], "cells": _cells(journey.total)}


def _cells(progress: Progress) -> list[dict[str, Any]]:
    return [
        _cell(progress.read, progress.lessons, "leçon lue", "leçons lues"),
        _cell(progress.answered, progress.questions, "question répondue", "questions répondues"),
        _cell(progress.filled, progress.options, "option traitée", "options traitées"),
    ]


def _cell(done: int, total: int, one: str, many: str) -> dict[str, Any]:
    words = f"{done} {many if done > 1 else one} sur {total}" if total else ""
    return {"done": done, "of": total, "words": words}


def _notice(journey: Journey) -> str:
    if not journey.unreadable:
        return ""
    return f"Illisible, et compté comme vide : {', '.join(journey.unreadable)}. Ouvrez sa page : elle dit quoi faire."
