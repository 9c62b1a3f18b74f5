"""What the bench asks, answered: choosing a canvas, seeing a copy, giving it marks, the bank of comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course.core import syllabus
from course.core.comparison import comparison
from course.core.refusal import Refusal
from course.core.syllabus import Objective
from course.core.words import counted
from course.instructor.cohort import marks, roster
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import MAX_COMMENT, MAX_REVIEWER, Review, SomebodyElse, account
from course.instructor.cohort.places import Cohort
from course.instructor.review import phrases
from course.instructor.review.aids import situation
from course.instructor.review.queue import Entry, entries, first_changed, first_waiting, left, refreshed, ungraded
from course.instructor.review.sheet import Twins, marking, sheet, texts_of, twins_of

Answer = dict[str, Any]

_GONE = "Cette copie n’est plus dans la classe, ou son groupe a changé : choisissez de nouveau l’objectif."


class Gone(Refusal):
    """A copy is not in the class any more, or not with the same people."""


class Bench:
    """A reviewer's bench over one class; what it remembers is only what it could read again."""

    def __init__(self, cohort: Cohort) -> None:
        """A bench over a class."""
        self._cohort = cohort
        self._queues: dict[str, dict[str, Entry]] = {}
        self._twins: dict[str, Twins] = {}
        self._comments: dict[str, str] = {}

    def choose(self, identifier: str, *, opening: bool = False) -> Answer:
        """Goes to a canvas; reads the class again.

        Args:
            identifier: The objective; empty for the first one that waits for a reviewer.
            opening: Whether a canvas with a mark that was given to other words comes before that one.

        Returns:
            The queue, what stands beside every copy, the bank, and French sentences on what is missing.

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
            "queue": [(entry.key, entry.number, entry.state) for entry in queue],
            "situation": situation(objective),
            "models": comparison(objective, None, sure=True),
            "phrases": bank,
            "waiting": _waiting(waiting) if queue else "",
            "empty": "" if queue else self._empty(objective, waiting),
        }

    def copy(self, identifier: str, key: str) -> Answer:
        """One copy, with its marks of now.

        Args:
            identifier: The objective.
            key: The copy, as the queue has it.

        Raises:
            Refusal: There is no such copy any more, or the gradebook cannot be used.
        """
        objective = _objective(identifier)
        entry = self._entry(objective, key)
        self._comments[key] = entry.mark.comment
        former = None
        if changed := next((mark for mark in entry.marks if mark.changed), None):
            with opened(self._cohort) as connection:
                former = marks.former_words(connection, changed)
        return {"copy": sheet(objective, entry, self._twins[objective.id], former)}

    def look(self, identifier: str, key: str) -> Answer:
        """The marks of a copy as they are now, for a page that has its texts already."""
        entry = self._entry(_objective(identifier), key)
        self._comments[key] = entry.mark.comment
        return {"marks": marking(entry)}

    def give(self, message: Mapping[str, Any]) -> Answer:
        """Gives a copy its levels and comment, durably.

        Args:
            message: `objective`, `copy`, `levels`, `comment`, `base` and `digest` as the copy came with, and
                `reviewer`, who gives them; the account's name without it.

        Returns:
            `saved` with the marks of now; or `other` with those that somebody else gave in between: nothing is then
            written.

        Raises:
            Refusal: It cannot be written; the sentence says why.
        """
        objective = _objective(message["objective"])
        entry = self._entry(objective, message["copy"])
        comment = tidied(message["comment"])
        if len(comment) > MAX_COMMENT:
            raise Refusal(f"Le commentaire dépasse {MAX_COMMENT} caractères : raccourcissez-le.")
        review = Review(tuple(message["levels"]), comment, message["digest"], _reviewer(message))
        try:
            with opened(self._cohort, writing=True) as connection:
                marks.give(connection, entry.copy.students, objective, review, message["base"])
        except SomebodyElse as error:
            entry = self._refresh(objective, entry)
            # What was written before, and not acknowledged in time, is sent twice.
            same = all((mark.levels, mark.comment) == (review.levels, review.comment) for mark in error.marks)
            return {"saved" if same else "other": marking(entry)}
        except LookupError:
            raise Gone(_GONE) from None
        return {"saved": marking(self._refresh(objective, entry))}

    def name(self, identifier: str, key: str) -> Answer:
        """Whose copy it is, for who asks to know."""
        entry = self._entry(_objective(identifier), key)
        names = {trainee.id: trainee.name for trainee in roster.read(self._cohort)}
        people = ", ".join(names.get(student, student) for student in entry.copy.students)
        group = entry.copy.team.group
        return {"text": f"{group} : {people}" if group else people}

    def leave(self, identifier: str, key: str) -> Answer:
        """Takes what was written on a copy into the bank, once one goes on to another.

        Returns:
            The bank.
        """
        entry = self._entry(_objective(identifier), key)
        comment, before = entry.mark.comment, self._comments.get(key, "")
        self._comments[key] = comment
        with opened(self._cohort, writing=comment != before) as connection:
            if comment != before:
                phrases.learn(connection, comment, before)
            return {"phrases": phrases.offered(connection)}

    def forget(self, text: str) -> Answer:
        """Takes a text out of the bank; returns the bank."""
        with opened(self._cohort, writing=True) as connection:
            phrases.forget(connection, text)
            return {"phrases": phrases.offered(connection)}

    def left(self, goal: str) -> Answer:
        """How many copies of each canvas of a goal are left to review, and how many there are."""
        return {"left": left(self._cohort, syllabus.load().goal(goal))}

    def _load(self, objective: Objective) -> tuple[Entry, ...]:
        queue = entries(self._cohort, objective)
        self._queues[objective.id] = {entry.key: entry for entry in queue}
        texts = ((entry.number, texts_of(entry.words.answers)) for entry in queue)
        self._twins[objective.id] = twins_of(objective, texts)
        return queue

    def _entry(self, objective: Objective, key: str) -> Entry:
        if key not in self._queues.get(objective.id, {}):
            self._load(objective)  # the page was open before this kernel
        entry = self._queues[objective.id].get(key)
        if entry is None or not entry.copy.folder.is_dir():
            raise Gone(_GONE)
        return self._refresh(objective, entry)

    def _refresh(self, objective: Objective, entry: Entry) -> Entry:
        self._queues[objective.id][entry.key] = refreshed(self._cohort, objective, entry)
        return self._queues[objective.id][entry.key]

    def _empty(self, objective: Objective, waiting: int) -> str:
        if waiting:
            return f"{_waiting(waiting)} Puis choisissez de nouveau l’objectif."
        if any(self._cohort.submitted.glob("*/but-*")):
            return f"Personne n’a encore remis le cahier du but {objective.goal}. Choisissez un autre objectif."
        return (
            "Il n’y a pas encore de copies. Pour ranger ce que les stagiaires vous ont remis, tapez « course intake » "
            "et le nom du dossier où vous l’avez mis, puis « course grade ». Pour essayer sans risque avec une classe "
            "inventée : « course demo »."
        )


def _reviewer(message: Mapping[str, Any]) -> str:
    return " ".join(tidied(str(message.get("reviewer", ""))).split())[:MAX_REVIEWER] or account()


def tidied(text: str) -> str:
    """A comment fit for the gradebook: line ends of one kind, and nothing that a database refuses."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return tidy.encode("utf-8", "replace").decode().strip()


def _objective(identifier: str) -> Objective:
    return syllabus.load().objective(identifier)


def _waiting(count: int) -> str:
    if not count:
        return ""
    waiting = counted(count, "remise attend", "remises attendent")
    return f"{waiting} la correction automatique : tapez « course grade »."
