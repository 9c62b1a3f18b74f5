"""One sitting of the test, before the course or after it: the right answers travel once the last one has ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course.core.quizzes import AFTER, Question
from course.core.results import FOLDER, Results, totals
from course.core.terminal import typed
from course.workbook.module import Module
from course.workbook.quiz.widget import QuizWidget

HERE = Path(__file__).parent
MODULE = Module(HERE, entry="sitting.js")


class SittingWidget(QuizWidget):
    """One sitting on the page.

    Attributes:
        quiz: Its id, its `sitting` (`before` or `after`), its questions with the texts of their choices and no more.
        state: As in a quiz; `read` says that the sitting has ended. `outcome` is there once the one after the course
            has: the two totals, and for each question what is right and why.
    """

    _esm = MODULE.source

    def _alternative(self) -> str:
        title = "Test final" if self.quiz["sitting"] == "after" else "Test de départ"
        return (
            f"{title}. Pour y répondre, ouvrez cette page par « {typed('open')} ». "
            f"Vos réponses sont dans {FOLDER}/{self._store.path.name}."
        )

    def _shown(self) -> dict[str, Any]:
        questions = [
            {
                "key": question.key,
                "text": question.text,
                "choices": [{"place": place, "text": question.choices[place].text} for place in self._drawn(question)],
            }
            for question in self._quiz.questions
        ]
        sitting = "after" if self._quiz.id == AFTER else "before"
        return {"id": self._quiz.id, "sitting": sitting, "questions": questions}

    def _state(self, results: Results, notice: str) -> dict[str, Any]:
        ended = results.read and self._quiz.id == AFTER
        return {**super()._state(results, notice), "outcome": self._outcome() if ended else None}

    def _outcome(self) -> dict[str, Any]:
        before, after = totals(self._folder)
        solutions = {question.key: _solution(question) for question in self._quiz.questions}
        return {"before": before, "after": after or 0, "of": len(solutions), "solutions": solutions}

    def _save(self, message: dict[str, Any]) -> dict[str, Any]:
        ended = self._store.open()[0].read  # nothing is changed once the right answers were shown
        return super()._save({**message, "changes": {"read": True}} if ended else message)


def _solution(question: Question) -> list[dict[str, Any]]:
    return [{"right": choice.right, "text": choice.explanation} for choice in question.choices]
