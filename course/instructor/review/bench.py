"""The requests of the bench's page: choosing a canvas, showing a copy, marking it, the bank of comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from course.core import syllabus
from course.core.comparison import comparison
from course.core.pages import way_to
from course.core.refusal import Refusal
from course.core.syllabus import Objective
from course.core.terminal import typed
from course.core.words import counted
from course.instructor.cohort import marks, plans, reviews, roster
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.reviews import MAX_COMMENT, MAX_REVIEWER, Review, SomebodyElse, account
from course.instructor.review import phrases
from course.instructor.review.aids import situation
from course.instructor.review.queue import (
    QueuedCopy,
    first_changed,
    first_waiting,
    left_to_review,
    queued_copies,
    refreshed,
    ungraded,
)
from course.instructor.review.sheet import SharedTexts, marking, plan_lines, shared_texts, sheet, texts_of

Answer = dict[str, Any]

_GONE = "Cette copie n’est plus dans la classe, ou son groupe a changé : choisissez de nouveau l’objectif."


class Gone(Refusal):
    """A copy is no longer in the class, or its members no longer have the same answers."""


class Bench:
    """The review bench of one class; its state is only a cache of what it can read again."""

    def __init__(self, cohort: Cohort) -> None:
        """Open the bench on a class."""
        self._cohort = cohort
        self._queues: dict[str, dict[str, QueuedCopy]] = {}
        self._shared_texts: dict[str, SharedTexts] = {}
        self._comments: dict[str, str] = {}

    def choose(self, identifier: str, *, opening: bool = False) -> Answer:
        """Choose a canvas and read the class again.

        Args:
            identifier: The objective; empty for the first one that waits for review.
            opening: Whether a canvas whose answers changed since their mark takes precedence.

        Returns:
            The queue, the situation and model answers, the bank, and French sentences on what is missing.

        Raises:
            Refusal: The gradebook cannot be used.
            KeyError: There is no such objective.
        """
        objectives = syllabus.load().objectives
        changed = first_changed(self._cohort) if opening or not identifier else None
        objective = changed or (_objective(identifier) if identifier else first_waiting(self._cohort) or objectives[0])
        queue = self._load(objective)
        with opened(self._cohort) as connection:
            bank = phrases.offered(connection)
        waiting = ungraded(self._cohort, objective, queue)
        return {
            "objective": {"id": objective.id, "title": objective.title},
            "queue": [(queued.key, queued.number, queued.state) for queued in queue],
            "situation": situation(objective),
            "models": comparison(objective, None, sure=True),
            "phrases": bank,
            "waiting": _waiting(waiting) if queue else "",
            "empty": "" if queue else self._empty(objective, waiting),
        }

    def copy(self, identifier: str, key: str) -> Answer:
        """Return one copy with its current marks.

        Args:
            identifier: The objective.
            key: The copy's key in the queue.

        Raises:
            Refusal: The copy no longer exists, or the gradebook cannot be used.
        """
        objective = _objective(identifier)
        queued = self._queued(objective, key)
        self._comments[key] = queued.mark.comment
        former = None
        if changed := next((mark for mark in queued.marks if mark.changed), None):
            with opened(self._cohort) as connection:
                former = marks.former_words(connection, changed)
        shown = sheet(objective, queued, self._shared_texts[objective.id], former)
        return {"copy": {**shown, "plan": plan_lines(plans.of_members(self._cohort, queued.copy.students))}}

    def look(self, identifier: str, key: str) -> Answer:
        """Return the current marks of a copy, for a page that already has its texts."""
        queued = self._queued(_objective(identifier), key)
        self._comments[key] = queued.mark.comment
        return {"marks": marking(queued)}

    def give(self, message: Mapping[str, Any]) -> Answer:
        """Store the levels and comment of a copy durably.

        Args:
            message: `objective`, `copy`, `levels`, `comment`, the `base` and `digest` that the copy was sent with, and
                `reviewer`; without it, the account's name is used.

        Returns:
            `saved` with the current marks; or `other` with the marks that another reviewer gave in the meantime, and
            then nothing is written.

        Raises:
            Refusal: It cannot be written; the sentence gives the reason.
        """
        objective = _objective(message["objective"])
        queued = self._queued(objective, message["copy"])
        comment = cleaned_comment(message["comment"])
        if len(comment) > MAX_COMMENT:
            raise Refusal(f"Le commentaire dépasse {MAX_COMMENT} caractères : raccourcissez-le.")
        review = Review(tuple(message["levels"]), comment, message["digest"], _reviewer(message))
        try:
            with opened(self._cohort, writing=True) as connection:
                given = reviews.give(connection, queued.copy.students, objective, review, message["base"])
        except SomebodyElse as error:
            # A mark that was written but not acknowledged in time is sent again.
            same = all((mark.levels, mark.comment) == (review.levels, review.comment) for mark in error.marks)
            return {"saved" if same else "other": marking(replace(queued, marks=error.marks))}
        except LookupError:
            raise Gone(_GONE) from None
        # What a member hands in from here on is met by the next request: this one is written.
        return {"saved": marking(replace(queued, marks=given))}

    def name(self, identifier: str, key: str) -> Answer:
        """Return the names of the copy's members, when the reviewer asks for them."""
        queued = self._queued(_objective(identifier), key)
        names = {trainee.id: trainee.name for trainee in roster.read(self._cohort)}
        members = ", ".join(names.get(student, student) for student in queued.copy.students)
        group = queued.copy.team.group
        return {"text": f"{group} : {members}" if group else members}

    def leave(self, identifier: str, key: str) -> Answer:
        """Add the comment of a copy to the bank, when the reviewer moves on to another copy, and return the bank."""
        queued = self._queued(_objective(identifier), key)
        comment, before = queued.mark.comment, self._comments.get(key, "")
        self._comments[key] = comment
        with opened(self._cohort, writing=comment != before) as connection:
            if comment != before:
                phrases.learn(connection, comment, before)
            return {"phrases": phrases.offered(connection)}

    def forget(self, text: str) -> Answer:
        """Remove a text from the bank, and return the bank."""
        with opened(self._cohort, writing=True) as connection:
            phrases.forget(connection, text)
            return {"phrases": phrases.offered(connection)}

    def left(self, goal: str) -> Answer:
        """Return the number of copies left to review and the number of copies, for each canvas of a goal."""
        return {"left": left_to_review(self._cohort, syllabus.load().goal(goal))}

    def _load(self, objective: Objective) -> tuple[QueuedCopy, ...]:
        queue = queued_copies(self._cohort, objective)
        self._queues[objective.id] = {queued.key: queued for queued in queue}
        texts = ((queued.number, texts_of(queued.words.answers)) for queued in queue)
        self._shared_texts[objective.id] = shared_texts(objective, texts)
        return queue

    def _queued(self, objective: Objective, key: str) -> QueuedCopy:
        if key not in self._queues.get(objective.id, {}):
            self._load(objective)  # the page was opened with an earlier kernel
        queued = self._queues[objective.id].get(key)
        if queued is None or not queued.copy.folder.is_dir():
            raise Gone(_GONE)
        return self._refresh(objective, queued)

    def _refresh(self, objective: Objective, queued: QueuedCopy) -> QueuedCopy:
        current = refreshed(self._cohort, objective, queued)
        if current is None:
            raise Gone(_GONE)
        self._queues[objective.id][queued.key] = current
        return current

    def _empty(self, objective: Objective, waiting: int) -> str:
        if waiting:
            return f"{_waiting(waiting)} Puis choisissez de nouveau l’objectif."
        if any(self._cohort.submitted.glob("*/but-*")):
            return f"Personne n’a encore remis le cahier du but {objective.goal}. Choisissez un autre objectif."
        return (
            "Il n’y a pas encore de copies. Pour ranger ce que les stagiaires vous ont remis, "
            f"{way_to('intake', 'DOSSIER')}, puis {way_to('grade')}. "
            f"Pour essayer sans risque avec une classe inventée : « {typed('demo')} »."
        )


def _reviewer(message: Mapping[str, Any]) -> str:
    return " ".join(cleaned_comment(str(message.get("reviewer", ""))).split())[:MAX_REVIEWER] or account()


def cleaned_comment(text: str) -> str:
    """Return a comment with uniform line ends and without characters that a database refuses."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode().strip()


def _objective(identifier: str) -> Objective:
    return syllabus.load().objective(identifier)


def _waiting(count: int) -> str:
    if not count:
        return ""
    waiting = counted(count, "remise attend", "remises attendent")
    return f"{waiting} la correction automatique : {way_to('grade')}."
