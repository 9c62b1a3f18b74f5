"""The widget of the review bench: passes the page's requests to `Bench`, and sends its answers back."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import traitlets

from course.core import rubric, syllabus
from course.core.pages import way_to
from course.core.refusal import Refusal
from course.core.terminal import typed
from course.core.words import points
from course.instructor.cohort.places import find
from course.instructor.cohort.reviews import MAX_COMMENT
from course.instructor.review.bench import Bench, Gone
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
_BROKEN = "Quelque chose s’est mal passé ({}) : rouvrez la table par « {} ». Ce qui est enregistré le reste."
MODULE = Module(HERE, lambda: {"LEVELS": rubric.LEVELS})


class BenchWidget(card.Card):
    """The bench on the page.

    Attributes:
        bench: The constants of the page: the class's name for drafts, goals, criteria, limits, the first canvas.
    """

    _esm = MODULE.source
    _css = card.style(HERE, "bench.css")
    bench = traitlets.Dict().tag(sync=True)

    def __init__(self, folder: Path, start: str = "") -> None:
        """Open the bench on the class of the course that a folder belongs to.

        Args:
            folder: The folder of the notebook.
            start: The objective to begin with; empty to continue with the last one.
        """
        self._bench: Bench | None = None
        self._trouble = ""
        try:
            cohort = find(folder)
            self._bench = Bench(cohort)
            name = str(cohort.root)
        except Refusal as refusal:
            self._trouble, name = str(refusal), str(folder)
        super().__init__(bench=_fixed(sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:12], start))
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        """Return the command to type."""
        return f"La table de correction s’ouvre par « {typed('review')} »."

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        try:
            content = self._answer(message)
        except Refusal as refusal:
            content = {"reason": str(refusal), "gone": isinstance(refusal, Gone)}
        except Exception as error:  # the waiting page must always get an answer
            self.log.exception("the bench could not answer")
            content = {"reason": _BROKEN.format(type(error).__name__, typed("review"))}
        self.send({"kind": "answer", "ask": message["ask"], **content})

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        bench = self._bench
        if bench is None:
            raise Refusal(self._trouble)
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "choose": lambda: bench.choose(message["objective"], opening=bool(message.get("opening"))),
            "copy": lambda: bench.copy(message["objective"], message["copy"]),
            "look": lambda: bench.look(message["objective"], message["copy"]),
            "give": lambda: bench.give(message),
            "name": lambda: bench.name(message["objective"], message["copy"]),
            "leave": lambda: bench.leave(message["objective"], message["copy"]),
            "forget": lambda: bench.forget(message["text"]),
            "left": lambda: bench.left(message["goal"]),
        }
        return answers[message["kind"]]()


def _fixed(name: str, start: str) -> dict[str, Any]:
    goals = [
        {
            "id": goal.id,
            "title": goal.title,
            "objectives": [{"id": objective.id, "title": objective.title} for objective in goal.objectives],
        }
        for goal in syllabus.load().goals
    ]
    criteria = [
        {
            "title": criterion.title,
            "points": criterion.points,
            "levels": list(criterion.levels),
            "worth": [points(criterion.worth(level)) for level in range(len(rubric.LEVELS))],
        }
        for criterion in rubric.load()
    ]
    return {
        "class": name,
        "start": start,
        "goals": goals,
        "criteria": criteria,
        "pass": {"total": rubric.PASS_TOTAL, "quality": rubric.PASS_QUALITY},
        "points": {"total": rubric.TOTAL_POINTS, "quality": rubric.QUALITY_POINTS},
        "longest": MAX_COMMENT,
        "gradeBy": way_to("grade"),
    }
