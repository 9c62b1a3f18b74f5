"""The instructor's decisions on names and hand-ins: asked for once, and kept in `cohort/noms.csv`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from course.core.bar import Choice, Question
from course.core.syllabus import Goal
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.reasons import Reason, Why
from course.instructor.intake.store import DECISIONS, Table

HEADINGS = ("nom écrit", "identifiant")
# Values of answers, as that table holds them.
NEW, ASIDE, YES = "nouveau stagiaire", "laisser de côté", "accepter"
ANY_NAME = "(tout nom nouveau)"  # the line of a class without a list

Ask = Callable[[Question], str]  # returns the value of a choice; empty without an answer


def plain(text: str) -> str:
    """Return a text as it is compared: neither case nor spaces count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def decisions(cohort: Cohort) -> Table:
    """Return the decisions on names and hand-ins: `cohort/noms.csv`, which the instructor may edit.

    A line that is removed there is asked again. Raises as `Table`.
    """
    return Table(cohort, DECISIONS, headings=HEADINGS)


# The subjects of decisions, as the first column of that table holds them beside names.


def claim_text(key: str) -> str:
    """Return the subject of whether a hand-in is taken for those whom it names."""
    return f"remise {key[:12]}"


def copy_text(key: str, student: str) -> str:
    """Return the subject of whether a trainee's copy without a verified account counts."""
    return f"remise {key[:12]} pour {student}"


def preference_text(key: str, other: str) -> str:
    """Return the subject of whether a piece counts rather than another one."""
    return f"remise {key[:12]} plutôt que {other[:12]}"


def version_text(content: str, student: str) -> str:
    """Return the subject of which version of a notebook or a canvas counts for a trainee."""
    return f"version de {content} pour {student}"


def file_text(key: str) -> str:
    """Return the subject of whose a file is."""
    return f"fichier {key[:12]}"


def leaver_text(student: str) -> str:
    """Return the subject of who a trainee is that has work and is not on the list."""
    return f"{student}, hors de la liste"


class Doubt(NamedTuple):
    """Why it is in doubt which of two versions counts, and the workbook in which the first of them came."""

    why: Why
    bundle: str


class Decisions:
    """The decisions of a class: those made before, else asked for. Where no answer comes, nothing is decided."""

    def __init__(self, cohort: Cohort, ask: Ask | None) -> None:
        """Read them; raises `Refusal` when they cannot be used.

        Args:
            cohort: The class.
            ask: Asks the instructor; None to ask nothing.
        """
        self._ask = ask
        self._table = decisions(cohort)
        self._decisions = {plain(text): (text, decision) for text, decision in self._table.rows if decision.strip()}
        self._preferred: dict[tuple[str, str, Why], str] = {}  # answers by workbook, trainee and reason
        self._unanswered: set[str] = set()

    @property
    def can_ask(self) -> bool:
        """Whether somebody can be asked."""
        return self._ask is not None

    @property
    def unanswered(self) -> int:
        """The number of questions to which no answer came."""
        return len(self._unanswered)

    def get(self, text: str) -> str:
        """Return the decision on a subject; empty without one."""
        return self._decisions.get(plain(text), ("", ""))[1].strip()

    def presume(self, text: str, decision: str) -> None:
        """Decide unasked; `save` writes it."""
        self._decisions[plain(text)] = (text, decision)

    def record(self, text: str, decision: str) -> None:
        """Record an answer, which lasts even where the program stops next; raises as `save`."""
        self.presume(text, decision)
        self.save()

    def save(self) -> None:
        """Write the decisions; raises `Refusal`, and the file is as it was."""
        if self._decisions:
            self._table.write(sorted(self._decisions.values()))

    def answer(self, subject: str, question: Question) -> str:
        """Ask about a subject; return an empty answer where none comes, after which it is not asked in this run."""
        if self._ask is None or plain(subject) in self._unanswered:
            return ""
        answer = self._ask(question)
        if not answer:
            self._unanswered.add(plain(subject))
        return answer

    def chosen(self, student: str, content: str) -> str:
        """Return the key of the version that was put back for a notebook or a canvas; empty without one."""
        return self.get(version_text(content, student))

    def choose(self, student: str, goal: Goal, content: str, key: str) -> None:
        """Record which version counts from now on; that of a whole notebook replaces those of its canvases."""
        if content == goal.assignment:
            for objective in goal.objectives:
                self._decisions.pop(plain(version_text(objective.id, student)), None)
        self.record(version_text(content, student), key)

    def preferred(self, key: str, other: str) -> bool | None:
        """Return whether the first of two pieces counts, by a decision on them in any order; None without one."""
        for one, two in ((key, other), (other, key)):
            if decision := self.get(preference_text(one, two)):
                return (plain(decision) == YES) == (one == key)
        return None

    def prefer(  # noqa: PLR0913, PLR0917
        self, key: str, other: str, question: Reason, this: Reason, doubt: Doubt, trainees: Sequence[Trainee]
    ) -> bool | None:
        """Do as `preferred`, else ask, once for all of a workbook that is in doubt for the same reason.

        A version that was put back by hand is asked about by itself: no answer about another canvas replaces it.

        Args:
            key: The key of the first piece.
            other: The key of the second.
            question: The question, which names the trainees.
            this: The choice of the first piece.
            doubt: Why it is in doubt, and the workbook that the first is in.
            trainees: Those whom the answer concerns; it is asked for the first of them.

        Returns:
            Whether the first counts; None without an answer.
        """
        known = self.preferred(key, other)
        if known is not None:
            return known
        if self.is_asked(doubt, trainees[0]):
            answer = self._preferred[doubt.bundle, trainees[0].id, doubt.why]
        else:
            choices = (Choice(YES, str(this)), Choice(ASIDE, str(Reason(Why.THE_OTHER))))
            answer = self.answer(preference_text(key, other), Question(str(question), choices))
            self._preferred |= {(doubt.bundle, trainee.id, doubt.why): answer for trainee in trainees}
        if answer:
            self.record(preference_text(key, other), YES if answer == YES else ASIDE)
        return answer == YES if answer else None

    def is_asked(self, doubt: Doubt, trainee: Trainee) -> bool:
        """Return whether a question of this run on a workbook and a trainee answers a doubt too."""
        return doubt.why is not Why.AFTER_CHOICE and (doubt.bundle, trainee.id, doubt.why) in self._preferred

    def agreed(self, text: str) -> bool | None:
        """Return whether the instructor agreed to something before; None without a decision."""
        known = self.get(text)
        return plain(known) == YES if known else None

    def approved(self, text: str, reason: Reason, yes: Why, no: Why) -> bool | None:
        """Return whether the instructor agrees to something that is not done unasked; None without an answer.

        Args:
            text: The subject of the decision.
            reason: The question.
            yes: The choice that agrees.
            no: The other one.
        """
        if (known := self.agreed(text)) is not None:
            return known
        choices = (Choice(YES, str(Reason(yes))), Choice(ASIDE, str(Reason(no))))
        answer = self.answer(text, Question(str(reason), choices))
        if not answer:
            return None
        self.record(text, YES if answer == YES else ASIDE)
        return answer == YES
