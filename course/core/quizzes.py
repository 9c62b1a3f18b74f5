"""The quizzes: `data/quiz/NN-nom.md`, Markdown checklists that a teacher edits without code.

The format: one block per question, an explanation under every answer, `[x]` before the right ones:

    # Quiz : le titre

    ## 1. La question ?

    Objectifs : 2, 1.1

    - [x] Une bonne réponse
      > Pourquoi elle l’est.
    - [ ] Une autre
      > Pourquoi elle ne l’est pas.

The line « Objectifs » is optional and not displayed: the aims of the lesson that the question covers, by rank, and the
objectives of the course, by number.

`test.md` belongs to no lesson: its questions are asked twice, before the course and after, as two separate quizzes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

from course.core.content import content

TEST = "test"
BEFORE, AFTER = SITTINGS = (f"{TEST}-avant", f"{TEST}-apres")

_NAME = re.compile(r"\d\d-[a-z0-9]+(?:-[a-z0-9]+)*")
_TITLE = re.compile(r"#\s+(?:Quiz[\s\u00a0\u202f]*:[\s\u00a0\u202f]*)?(\S.*)")
_QUESTION = re.compile(r"##\s+(?:(\d+)[.)][\s\u00a0]*)?(.*)")
_AIMS = re.compile(r"Objectifs?[\s\u00a0\u202f]*:(.*)")
_AIM = re.compile(r"[1-9](?:\.[1-9])?")
_CHOICE = re.compile(r"[-*+]\s*\[(.?)\]\s*(.*)")
_MARKS = {"x": True, "X": True, " ": False, "": False, "\u00a0": False}


class QuizMistake(ValueError):  # noqa: N818 - what a teacher reads
    """A malformed quiz; the message is a French sentence that names the file, the line and what to do."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        """Keep the file's name, the line number (from 1) and the sentence."""
        super().__init__(f"{file}, ligne {line} : {reason}")
        self.file = file
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible answer to a question.

    Attributes:
        text: The answer; Markdown emphasis is allowed.
        right: Whether it should be ticked.
        explanation: Why it is right or wrong.
    """

    text: str
    right: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, with one right answer or several.

    Attributes:
        text: The question.
        choices: Its answers, at least two, in the order of the file.
        aims: The aims that it covers: those of its lesson by rank from 1, `2`, and objectives of the course, `1.1`.
    """

    text: str
    choices: tuple[Choice, ...]
    aims: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Twelve hexadecimal digits that identify this question in a results file.

        They depend on the question, its answers and which are right: after such a change, earlier results no longer
        count. They do not depend on the explanations, the aims or the question's position.
        """
        content = repr((self.text, [(choice.text, choice.right) for choice in self.choices]))
        return sha256(content.encode()).hexdigest()[:12]

    @property
    def right(self) -> tuple[int, ...]:
        """The positions of the right answers, from 0."""
        return tuple(position for position, choice in enumerate(self.choices) if choice.right)


@dataclass(frozen=True, slots=True)
class Quiz:
    """The quiz of a lesson, or one sitting of the test.

    Attributes:
        id: The stem of its file, the same as its lesson's: `02-concepts`; for the test, one of `SITTINGS`.
        title: The title displayed.
        questions: The questions, in the order of the file.
    """

    id: str
    title: str
    questions: tuple[Question, ...]


def drawn(question: Question, seed: str) -> tuple[int, ...]:
    """The places of a question's choices in an order drawn by chance, always the same for a seed.

    Args:
        question: The question.
        seed: What tells one workbook from another: `Results.document`.
    """
    order = list(range(len(question.choices)))
    Random(f"{seed} {question.key}").shuffle(order)
    return tuple(order)


@dataclass(slots=True)
class _Draft:
    """A choice or a question being parsed, and the line where it starts."""

    line: int
    text: str
    right: bool = False
    explanation: list[str] = field(default_factory=list)
    choices: list[_Draft] = field(default_factory=list)
    aims: tuple[str, ...] = ()


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the identifiers of the lessons' quizzes, in order.

    Args:
        folder: Their folder; the course's `data/quiz` by default.
    """
    paths = (folder or content("data") / "quiz").glob("*.md")
    return tuple(sorted(path.stem for path in paths if _NAME.fullmatch(path.stem)))


@cache
def load(identifier: str) -> Quiz:
    """Load the quiz of a lesson, or one sitting of the test.

    Args:
        identifier: The stem of its file, as in `names()`, or one of `SITTINGS`.

    Raises:
        KeyError: There is no such quiz.
        QuizMistake: Its file is malformed.
    """
    if identifier not in (*names(), *SITTINGS):
        raise KeyError(identifier)
    stem = TEST if identifier in SITTINGS else identifier
    return replace(read(content("data") / "quiz" / f"{stem}.md"), id=identifier)


def read(path: Path) -> Quiz:
    """Read the quiz of a file; raises `QuizMistake`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise QuizMistake(path.name, line, "enregistrez ce fichier en UTF-8.") from None
    return parse(text, path.stem)


def parse(text: str, identifier: str) -> Quiz:
    """Parse a quiz.

    Args:
        text: The Markdown.
        identifier: The quiz's identifier, also for error messages.

    Raises:
        QuizMistake: The text is malformed.
    """
    parser = _Parser(f"{identifier}.md")
    for number, line in enumerate(text.splitlines(), start=1):
        parser.feed(number, line.strip(), indented=line[:1].isspace())
    return parser.quiz(identifier)


class _Parser:
    """A parser of quizzes, line by line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.title = ""
        self.questions: list[_Draft] = []

    def feed(self, number: int, line: str, *, indented: bool) -> None:
        if not line:
            return
        if line.startswith("## "):
            self._question(number, line)
        elif line.startswith("# "):
            self._title(number, line)
        elif aims := _AIMS.fullmatch(line):
            self._aims(number, aims[1])
        elif choice := _CHOICE.fullmatch(line):
            self._choice(number, choice[1], choice[2])
        elif line.startswith(">"):
            self._explanation(number, line[1:].strip())
        elif line.startswith(("- ", "* ", "+ ")):
            raise self._mistake(number, "une réponse commence par « - [ ] », ou par « - [x] » si elle est bonne.")
        else:
            self._continuation(number, line, indented=indented)

    def quiz(self, identifier: str) -> Quiz:
        if not self.title:
            raise self._mistake(1, "la première ligne doit être le titre : « # Quiz : … ».")
        if not self.questions:
            raise self._mistake(1, "il n’y a aucune question ; une question commence par « ## 1. ».")
        questions = tuple(self._checked(number, draft) for number, draft in enumerate(self.questions, start=1))
        if twice := _repeated(question.key for question in questions):
            draft = self.questions[twice]
            raise self._mistake(draft.line, f"la question {twice + 1} est écrite deux fois ; effacez-en une.")
        return Quiz(identifier, self.title, questions)

    def _title(self, number: int, line: str) -> None:
        if self.title:
            raise self._mistake(number, "il y a déjà un titre ; une question commence par deux dièses : « ## 1. ».")
        match = _TITLE.fullmatch(line)
        self.title = match[1].strip() if match else line[2:].strip()

    def _question(self, number: int, line: str) -> None:
        if not self.title:
            raise self._mistake(number, "il manque le titre avant la première question : « # Quiz : … ».")
        match = _QUESTION.fullmatch(line)
        rank, text = (match[1], match[2].strip()) if match else (None, "")
        expected = len(self.questions) + 1
        if rank and int(rank) != expected:
            raise self._mistake(number, f"cette question porte le numéro {rank} ; le numéro {expected} est attendu.")
        if not text:
            raise self._mistake(number, "la question n’a pas de texte.")
        self.questions.append(_Draft(number, text))

    def _aims(self, number: int, text: str) -> None:
        aims = tuple(aim.strip() for aim in text.split(","))
        if not self.questions or self.questions[-1].choices or not all(map(_AIM.fullmatch, aims)):
            raise self._mistake(number, "les objectifs s’écrivent sous la question : « Objectifs : 2, 1.1 ».")
        self.questions[-1].aims = aims

    def _choice(self, number: int, mark: str, text: str) -> None:
        if not self.questions:
            raise self._mistake(number, "cette réponse vient avant toute question ; écrivez d’abord « ## 1. … ».")
        if mark not in _MARKS:
            raise self._mistake(number, f"« [{mark}] » ne se lit pas ; écrivez « [x] » ou « [ ] ».")
        if not text:
            raise self._mistake(number, "la réponse n’a pas de texte.")
        self.questions[-1].choices.append(_Draft(number, text, _MARKS[mark]))

    def _explanation(self, number: int, text: str) -> None:
        if not self.questions or not self.questions[-1].choices:
            raise self._mistake(number, "cette explication n’est sous aucune réponse.")
        self.questions[-1].choices[-1].explanation.append(text)

    def _continuation(self, number: int, line: str, *, indented: bool) -> None:
        """Add a line that continues the previous one, as in Markdown."""
        question = self.questions[-1] if self.questions else None
        if question is None:
            raise self._mistake(number, "ce texte est hors d’une question ; une question commence par « ## 1. ».")
        if not question.choices:
            question.text += f" {line}"
        elif not indented:
            raise self._mistake(
                number,
                "ce texte n’est ni une réponse (« - [ ] »), ni une explication (« > »), ni une question (« ## »).",
            )
        elif question.choices[-1].explanation:
            question.choices[-1].explanation.append(line)
        else:
            question.choices[-1].text += f" {line}"

    def _checked(self, number: int, draft: _Draft) -> Question:
        if len(draft.choices) < 2:
            raise self._mistake(draft.line, f"la question {number} doit avoir au moins deux réponses.")
        if not any(choice.right for choice in draft.choices):
            raise self._mistake(draft.line, f"la question {number} n’a aucune bonne réponse ; cochez-en une : « [x] ».")
        for choice in draft.choices:
            if not any(choice.explanation):
                raise self._mistake(choice.line, "il manque l’explication sous cette réponse : « > Parce que… ».")
        if twice := _repeated(choice.text for choice in draft.choices):
            raise self._mistake(draft.choices[twice].line, f"cette réponse est deux fois dans la question {number}.")
        choices = (Choice(c.text, c.right, " ".join(filter(None, c.explanation))) for c in draft.choices)
        return Question(draft.text, tuple(choices), draft.aims)

    def _mistake(self, line: int, reason: str) -> QuizMistake:
        return QuizMistake(self.file, line, reason)


def _repeated(texts: Iterable[str]) -> int:
    """Return the position of the first text that repeats an earlier one, or 0."""
    known = list(texts)
    return next((position for position, text in enumerate(known) if text in known[:position]), 0)
