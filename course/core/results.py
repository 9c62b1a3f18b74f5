"""A trainee's answers to a quiz, and whether its lesson was read: `resultats/NN-nom.json`, format `quiz/1`.

The two sittings of the test have the same format, in `test-avant.json` and `test-apres.json`; there, `read` means that
the trainee has ended the sitting.

The results are not marks. The file is validated like every file of a trainee.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.core import documents, files
from course.core.documents import Fields, read_fields
from course.core.files import read_bytes
from course.core.quizzes import SITTINGS, Question, Quiz, load
from course.core.refusal import NotWritten, Unreadable

FOLDER = "resultats"
FORMAT = "quiz/1"
MAX_BYTES = 64 * 1024
MAX_QUESTIONS = 200
MAX_CHOICES = 50
MAX_TRIES = 100_000

_DOCUMENT = re.compile(r"[0-9A-Za-z-]{1,64}")
_KEY = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one question.

    Attributes:
        chosen: The positions of the ticked choices, from 0, in order.
        checked: Whether they were checked and not changed since.
        tries: The number of checks.
    """

    chosen: tuple[int, ...] = ()
    checked: bool = False
    tries: int = 0

    def is_right(self, question: Question) -> bool:
        """Return True when the checked choices are all the right ones and no other."""
        return self.checked and self.chosen == question.right


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one quiz.

    Attributes:
        quiz: The quiz's identifier.
        document: The identifier that distinguishes trainees' files in one browser.
        read: Whether the trainee has marked the lesson as read, or ended the sitting.
        questions: By `Question.key`; answers to questions changed since are kept and not counted.
    """

    quiz: str
    document: str
    read: bool = False
    questions: Mapping[str, Answered] = field(default_factory=dict)

    def answered(self, quiz: Quiz) -> int:
        """Return the number of the quiz's questions that were checked at least once."""
        return sum(self.questions.get(question.key, Answered()).tries > 0 for question in quiz.questions)

    def is_whole(self, quiz: Quiz) -> bool:
        """Return True when the sitting was ended, or every question of it is answered."""
        answered = self.answered(quiz)
        return answered == len(quiz.questions) or (self.read and answered > 0)

    def right(self, quiz: Quiz) -> int:
        """Return the number of the quiz's questions that are answered right."""
        return sum(self.questions.get(question.key, Answered()).is_right(question) for question in quiz.questions)


def answered_of(value: object) -> Answered:
    """Parse the answer to one question from a file or a page.

    Raises:
        Unreadable: It is malformed.
    """
    fields = Fields.of(value)
    chosen, checked, tries = fields.take("chosen", []), fields.take("checked", False), fields.take("tries", 0)
    if not all(type(place) is int and 0 <= place < MAX_CHOICES for place in chosen):
        raise Unreadable("Une réponse cochée n’existe pas.")
    if not 0 <= tries <= MAX_TRIES:
        raise Unreadable("Un nombre d’essais n’est pas possible.")
    return Answered(tuple(sorted(set(chosen))), checked, tries)


def parse(raw: bytes, quiz: str) -> Results:
    """Parse the bytes of a results file.

    Args:
        raw: The bytes; unknown keys are ignored.
        quiz: The identifier of the quiz that they must belong to.

    Raises:
        Unreadable: They are not a valid results file of this quiz.
    """
    fields = read_fields(raw, MAX_BYTES, FORMAT)
    if fields.take("quiz", "") != quiz:
        raise Unreadable(f"Ce ne sont pas les résultats du quiz « {quiz} ».")
    questions, document = fields.take("questions", {}), fields.take("document", "")
    if len(questions) > MAX_QUESTIONS:
        raise Unreadable(f"Il y a plus de {MAX_QUESTIONS} réponses.")
    known = {key: answered_of(value) for key, value in questions.items() if _KEY.fullmatch(key)}
    return Results(quiz, document if _DOCUMENT.fullmatch(document) else "", fields.take("read", False), known)


def path_of(quiz: str) -> str:
    """Return the path of a quiz's results below the folder of the lessons, and in a hand-in."""
    return f"{FOLDER}/{quiz}.json"


def read(folder: Path, quiz: str) -> Results | None:
    """Read the results of a quiz in the folder of the lessons; None without a file.

    Args:
        folder: The folder that contains the lesson and `resultats/`.
        quiz: The quiz's identifier.

    Raises:
        Unreadable: The file exists and is not a readable results file.
    """
    raw = read_bytes(folder, FOLDER, f"{quiz}.json", limit=MAX_BYTES)
    return None if raw is None else parse(raw, quiz)


def totals(folder: Path) -> tuple[int | None, int | None]:
    """Return how many questions of the test are answered right before the course and after it.

    Args:
        folder: The folder of the lessons.

    Returns:
        Both numbers; None for a sitting without an answered question, or with an unreadable file.
    """
    numbers: list[int | None] = []
    for sitting in SITTINGS:
        quiz = load(sitting)
        try:
            results = read(folder, sitting)
        except Unreadable:
            results = None
        numbers.append(results.right(quiz) if results and results.answered(quiz) else None)
    return numbers[0], numbers[1]


def written(results: Results, now: datetime) -> bytes:
    """Serialise a results file."""
    document = {
        "format": FORMAT,
        "quiz": results.quiz,
        "document": results.document,
        "saved_at": documents.utc(now),
        "read": results.read,
        "questions": {
            key: {"chosen": list(answered.chosen), "checked": answered.checked, "tries": answered.tries}
            for key, answered in results.questions.items()
        },
    }
    return documents.written(document)


class ResultsStore:
    """The results file of one quiz."""

    def __init__(self, folder: Path, quiz: Quiz) -> None:
        """Create a store without touching the disk.

        Args:
            folder: The folder of the lesson; `resultats/` is created in it when needed.
            quiz: The quiz.
        """
        self._folder = folder
        self._quiz = quiz
        self._unsaved = Results(quiz.id, str(uuid.uuid4()))

    @property
    def path(self) -> Path:
        """The results file."""
        return self._folder / FOLDER / f"{self._quiz.id}.json"

    def open(self) -> tuple[Results, str]:
        """Return the results on disk, and a French sentence on a problem with the file, or an empty text.

        A missing file is created; an unreadable one is renamed.
        """
        results, notice = self._recovered()
        if not results.document:
            results = replace(results, document=self._unsaved.document)
        try:
            if notice or not self.path.exists():
                self._write(results)
        except NotWritten as error:
            notice = f"{notice} {error.reason}".strip()
        return results, notice

    def save(self, changes: Mapping[str, Any]) -> tuple[Results, str]:
        """Apply changes and write them durably.

        Args:
            changes: `read`, and `questions` by key; everything else is kept. The later of two changes to a question
                wins: a quiz has no text to lose.

        Returns:
            The results on disk, once they are durable, and a French sentence as `open` returns it.

        Raises:
            NotWritten: The file is unchanged.
            Unreadable: The changes are malformed.
        """
        before, notice = self.open()
        keys = {question.key for question in self._quiz.questions}
        changed = {key: answered_of(value) for key, value in changes.get("questions", {}).items() if key in keys}
        after = replace(
            before, read=changes.get("read", before.read) is True, questions={**before.questions, **changed}
        )
        if after != before:
            # Beyond the limit, answers to questions that no longer exist are dropped first.
            kept = sorted(after.questions.items(), key=lambda item: item[0] not in keys)[:MAX_QUESTIONS]
            after = replace(after, questions=dict(kept))
            self._write(after)
        return after, notice

    def _write(self, results: Results) -> None:
        files.refuse_folder(self.path)
        files.write(self.path, written(results, datetime.now(UTC)))

    def _recovered(self) -> tuple[Results, str]:
        try:
            return read(self._folder, self._quiz.id) or self._unsaved, ""
        except Unreadable as error:
            reason = f"Le fichier de résultats était illisible ({error.reason.removesuffix('.')})."
        try:
            kept = files.set_aside(self.path, datetime.now(UTC))
        except OSError:
            return self._unsaved, f"{reason} Il n’a pas été touché."
        return self._unsaved, f"{reason} Il est gardé sous le nom « {kept.name} » : ce quiz reprend à zéro."
