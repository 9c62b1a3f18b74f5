"""The quiz widget: shows the questions, stores what was ticked, reports what is on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from course.core.quizzes import Question, Quiz, drawn
from course.core.refusal import NotWritten, Unreadable
from course.core.results import FOLDER, Results, ResultsStore
from course.core.sections import section
from course.core.terminal import typed
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE)


class QuizWidget(card.Card):
    """One quiz on the page.

    Attributes:
        quiz: The quiz's id and title, its questions with their choices and explanations. The choices come in the order
            drawn for this workbook, each with its place in the quiz's file, by which it is stored.
        state: What was on disk when the widget was created; later states travel as messages.
    """

    _esm = MODULE.source
    _css = card.style(HERE, "quiz.css")
    quiz = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, quiz: Quiz, folder: Path) -> None:
        """A quiz whose results are kept in a folder.

        Args:
            quiz: The quiz.
            folder: The folder of the notebook.
        """
        self._quiz = quiz
        self._folder = folder
        self._store = ResultsStore(folder, quiz)
        results, notice = self._store.open()
        self._document = results.document
        super().__init__(quiz=self._shown(), state=self._state(results, notice))
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        return (
            f"Quiz : {self.quiz['title']}. Pour y répondre, ouvrez cette leçon par « {typed('open')} ». "
            f"Vos réponses sont dans {FOLDER}/{self._store.path.name}."
        )

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        match message["kind"]:
            case "save":
                self.send(self._save(message))
            case "hello":
                self.send({"kind": "state", "state": self._state(*self._store.open())})

    def _save(self, message: dict[str, Any]) -> dict[str, Any]:
        answer = {"client": message["client"], "message": message["message"]}
        try:
            state = self._state(*self._store.save(message["changes"]))
        except (NotWritten, Unreadable) as error:
            return {"kind": "not-saved", **answer, "reason": error.reason}
        return {"kind": "saved", **answer, "state": state}

    def _shown(self) -> dict[str, Any]:
        return {
            "id": self._quiz.id,
            "title": self._quiz.title,
            "questions": [self._question(question) for question in self._quiz.questions],
        }

    def _question(self, question: Question) -> dict[str, Any]:
        choices = [(place, question.choices[place]) for place in self._drawn(question)]
        found = section(self._quiz.id, question)
        return {
            "key": question.key,
            "text": question.text,
            "choices": [
                {"place": p, "text": c.text, "right": c.right, "explanation": c.explanation} for p, c in choices
            ],
            "section": {"title": found.title, "cell": found.cell} if found else None,
        }

    def _drawn(self, question: Question) -> tuple[int, ...]:
        return drawn(question, self._document)

    def _state(self, results: Results, notice: str) -> dict[str, Any]:
        questions = {
            key: {"chosen": list(answered.chosen), "checked": answered.checked, "tries": answered.tries}
            for key, answered in results.questions.items()
        }
        return {"document": results.document, "read": results.read, "questions": questions, "notice": notice}
