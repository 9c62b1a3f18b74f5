"""What a trainee answered in a quiz, and whether its lesson was read: `resultats/NN-nom.json`, format `quiz/1`.

The two sittings of the test are kept alike, in `test-avant.json` and `test-apres.json`; `read` says there that she has
ended it.

Nothing here is a mark. The file is read with suspicion, like every file that a trainee has.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.core import documents, files
from course.core.documents import Fields, read_fields
from course.core.files import aside, read_bytes
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
    """What was ticked for one question.

    Attributes:
        chosen: The places of the ticked answers, from 0, in order.
        checked: Whether they were checked and nothing was changed since.
        tries: How often they were checked.
    """

    chosen: tuple[int, ...] = ()
    checked: bool = False
    tries: int = 0

    def is_right(self, question: Question) -> bool:
        """Whether what was checked is right: all the right answers and no other."""
        return self.checked and self.chosen == question.right


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one quiz.

    Attributes:
        quiz: The quiz's identifier.
        document: What tells one trainee's file from another's in a browser.
        read: Whether the trainee says that she has read the lesson, or ended the sitting.
        questions: By `Question.key`; those of questions that a teacher has changed since are kept and not counted.
    """

    quiz: str
    document: str
    read: bool = False
    questions: Mapping[str, Answered] = field(default_factory=dict)

    def answered(self, quiz: Quiz) -> int:
        """How many of the quiz's questions were checked at least once."""
        return sum(self.questions.get(question.key, Answered()).tries > 0 for question in quiz.questions)

    def right(self, quiz: Quiz) -> int:
        """How many of them are right."""
        return sum(self.questions.get(question.key, Answered()).is_right(question) for question in quiz.questions)


def answered_of(value: object) -> Answered:
    """What a file or a page holds of one question.

    Raises:
        Unreadable: It is of no such form.
    """
    fields = Fields.of(value)
    chosen, checked, tries = fields.take("chosen", []), fields.take("checked", False), fields.take("tries", 0)
    if not all(type(place) is int and 0 <= place < MAX_CHOICES for place in chosen):
        raise Unreadable("Une réponse cochée n’existe pas.")
    if not 0 <= tries <= MAX_TRIES:
        raise Unreadable("Un nombre d’essais n’est pas possible.")
    return Answered(tuple(sorted(set(chosen))), checked, tries)


def parse(raw: bytes, quiz: str) -> Results:
    """The results that a file's bytes hold.

    Args:
        raw: The bytes; keys that this does not know are ignored.
        quiz: The quiz they must belong to.

    Raises:
        Unreadable: They are no such file.
    """
    fields = read_fields(raw, MAX_BYTES, FORMAT)
    if fields.take("quiz", "") != quiz:
        raise Unreadable(f"Ce ne sont pas les résultats du quiz « {quiz} ».")
    questions, document = fields.take("questions", {}), fields.take("document", "")
    if len(questions) > MAX_QUESTIONS:
        raise Unreadable(f"Il y a plus de {MAX_QUESTIONS} réponses.")
    known = {key: answered_of(value) for key, value in questions.items() if _KEY.fullmatch(key)}
    return Results(quiz, document if _DOCUMENT.fullmatch(document) else "", fields.take("read", False), known)


def read(folder: Path, quiz: str) -> Results | None:
    """The results of a quiz in the folder of the lessons; None when there are none.

    Args:
        folder: The folder that holds the lesson and `resultats/`.
        quiz: The quiz's identifier.

    Raises:
        Unreadable: There is something of that name, and it is no readable results file.
    """
    raw = read_bytes(folder, FOLDER, f"{quiz}.json", limit=MAX_BYTES)
    return None if raw is None else parse(raw, quiz)


def totals(folder: Path) -> tuple[int | None, int | None]:
    """How many questions of the test stand right before the course and after it.

    Args:
        folder: The folder of the lessons.

    Returns:
        Both numbers; None for a sitting in which no question was answered, or whose file cannot be read.
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
    """The bytes of a results file."""
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
    """The results file of one quiz; what `save` returns is on disk."""

    def __init__(self, folder: Path, quiz: Quiz, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """A store that touches nothing yet.

        Args:
            folder: The folder of the lesson; `resultats/` is made in it when needed.
            quiz: The quiz.
            now: The clock; only for dates and names that people read.
        """
        self._folder = folder
        self._quiz = quiz
        self._now = now
        self._unsaved = Results(quiz.id, str(uuid.uuid4()))

    @property
    def path(self) -> Path:
        """The results file."""
        return self._folder / FOLDER / f"{self._quiz.id}.json"

    def open(self) -> tuple[Results, str]:
        """What is on disk, and a French sentence when there is something to say of the file, else an empty text.

        A new file is written when there is none; one that cannot be read is set aside beside it.
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
        """Makes changes and writes them durably.

        Args:
            changes: `read`, and `questions` by key; what they do not name stays. The later of two changes to a question
                wins: no text can be lost in a quiz.

        Returns:
            What is on disk once it is there for good, and a French sentence as `open` returns it.

        Raises:
            NotWritten: The file is as it was; the sentence is French.
            Unreadable: The changes are of no such form.
        """
        before, notice = self.open()
        keys = {question.key for question in self._quiz.questions}
        changed = {key: answered_of(value) for key, value in changes.get("questions", {}).items() if key in keys}
        after = replace(
            before, read=changes.get("read", before.read) is True, questions={**before.questions, **changed}
        )
        if after != before:
            # Past the limit, the results of questions that exist no longer are dropped first.
            kept = sorted(after.questions.items(), key=lambda item: item[0] not in keys)[:MAX_QUESTIONS]
            after = replace(after, questions=dict(kept))
            self._write(after)
        return after, notice

    def _write(self, results: Results) -> None:
        if self.path.is_dir():
            raise NotWritten(f"Un dossier porte le nom « {self.path.name} » : renommez-le, puis recommencez.")
        files.write(self.path, written(results, self._now()))

    def _recovered(self) -> tuple[Results, str]:
        try:
            return read(self._folder, self._quiz.id) or self._unsaved, ""
        except Unreadable as error:
            reason = f"Le fichier de résultats était illisible ({error.reason.removesuffix('.')})."
        kept = aside(self.path, self._now())
        try:
            self.path.rename(kept)
        except OSError:
            return self._unsaved, f"{reason} Il n’a pas été touché."
        return self._unsaved, f"{reason} Il est gardé sous le nom « {kept.name} » : ce quiz reprend à zéro."
