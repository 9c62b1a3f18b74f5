"""What the bench asks, answered: choosing a canvas, seeing a copy, giving it marks, the bank of comments."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from typing import Any

from course.core import syllabus
from course.core.comparison import comparison
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Objective
from course.instructor.cohort import marks as given
from course.instructor.cohort import roster
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import MAX_COMMENT, Review, SomebodyElse
from course.instructor.cohort.places import Cohort
from course.instructor.review import phrases
from course.instructor.review.aids import situation
from course.instructor.review.queue import Entry, entries, first_waiting, left, refreshed, ungraded
from course.instructor.review.sheet import said, sheet
from course.instructor.review.twins import Class, Words, class_of, words_of

Answer = dict[str, Any]

_GONE = "Cette copie n’est plus dans la classe, ou son groupe a changé : choisissez de nouveau l’objectif."
_MAX_REVIEWER = 128


class Gone(Refusal):
    """A copy is not in the class any more, or not with the same people."""


class Bench:
    """A reviewer's bench over one class; what it remembers is only what it could read again."""

    def __init__(self, cohort: Cohort) -> None:
        """A bench over a class."""
        self._cohort = cohort
        self._queues: dict[str, dict[str, Entry]] = {}
        self._words: dict[str, Words] = {}
        self._everybody: dict[str, Class] = {}
        self._open: dict[str, str] = {}

    def choose(self, identifier: str) -> Answer:
        """Goes to a canvas; reads the class again.

        Args:
            identifier: The objective; empty for the first one that waits for a reviewer.

        Returns:
            The queue, what stands beside every copy, the bank, and French sentences on what is missing.

        Raises:
            Refusal: The gradebook cannot be used.
            KeyError: There is no such objective.
        """
        objectives = syllabus.load().objectives
        objective = _objective(identifier) if identifier else first_waiting(self._cohort) or objectives[0]
        found = self._load(objective)
        with opened(self._cohort) as connection:
            bank = phrases.offered(connection)
        waiting = ungraded(self._cohort, objective, found)
        return {
            "objective": {"id": objective.id, "title": objective.title},
            "queue": [(each.key, each.number, each.state) for each in found],
            "situation": situation(objective),
            "models": comparison(objective, None, sure=True),
            "phrases": bank,
            "waiting": _waiting(waiting) if found else "",
            "empty": "" if found else self._empty(objective, waiting),
        }

    def copy(self, identifier: str, key: str) -> Answer:
        """One copy, with its marks of now.

        Args:
            identifier: The objective.
            key: Which copy, as the queue calls it.

        Raises:
            Refusal: There is no such copy any more, or the gradebook cannot be used.
        """
        objective = _objective(identifier)
        entry = self._entry(objective, key)
        self._open[key] = entry.mark.comment
        return {"copy": sheet(objective, entry, self._everybody[objective.id])}

    def look(self, identifier: str, key: str) -> Answer:
        """The marks of a copy as they are now, for a page that has its texts already."""
        entry = self._entry(_objective(identifier), key)
        self._open[key] = entry.mark.comment
        return {"marks": said(entry)}

    def give(self, message: Mapping[str, Any]) -> Answer:
        """Gives a copy its levels and comment, durably.

        Args:
            message: `objective`, `copy`, `levels`, `comment`, and `base` and `digest` as the copy came with.

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
        review = Review(tuple(message["levels"]), comment, message["digest"], reviewer())
        students = entry.copy.students
        try:
            with opened(self._cohort, writing=True) as connection:
                given.give(connection, students, objective, review, message["base"])
        except SomebodyElse as error:
            entry = self._keep(objective, entry)
            same = all((each.levels, each.comment) == (review.levels, review.comment) for each in error.marks)
            # What was written before, and not acknowledged in time, comes twice.
            return {"saved" if same else "other": said(entry)}
        except LookupError:
            raise Gone(_GONE) from None
        return {"saved": said(self._keep(objective, entry))}

    def name(self, identifier: str, key: str) -> Answer:
        """Whose copy it is, for who asks to know."""
        entry = self._entry(_objective(identifier), key)
        known = {each.id: each.name for each in roster.read(self._cohort)}
        people = ", ".join(known.get(student, student) for student in entry.copy.students)
        group = entry.copy.team.group
        return {"text": f"{group} : {people}" if group else people}

    def leave(self, identifier: str, key: str) -> Answer:
        """Takes what was written on a copy into the bank, once one goes on to another.

        Returns:
            The bank.
        """
        entry = self._entry(_objective(identifier), key)
        comment, before = entry.mark.comment, self._open.get(key, "")
        self._open[key] = comment
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
        found = entries(self._cohort, objective)
        self._queues[objective.id] = {each.key: each for each in found}
        words = ((each.number, self._words_of(objective, each)) for each in found)
        self._everybody[objective.id] = class_of(objective, words)
        return found

    def _words_of(self, objective: Objective, entry: Entry) -> Words:
        if entry.digest not in self._words:
            try:
                self._words[entry.digest] = words_of(entry.copy.answers(objective))
            except Unreadable:
                self._words[entry.digest] = Words()
        return self._words[entry.digest]

    def _entry(self, objective: Objective, key: str) -> Entry:
        if key not in self._queues.get(objective.id, {}):
            self._load(objective)  # a page that was open before this kernel
        entry = self._queues[objective.id].get(key)
        if entry is None or not entry.copy.folder.is_dir():
            raise Gone(_GONE)
        return self._keep(objective, entry)

    def _keep(self, objective: Objective, entry: Entry) -> Entry:
        found = refreshed(self._cohort, objective, entry)
        self._queues[objective.id][entry.key] = found
        return found

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


def reviewer() -> str:
    """Who reviews: the person's name on the hub, else on this computer."""
    try:
        name = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a computer on which nobody has a name
        return ""
    return name[:_MAX_REVIEWER]


def tidied(text: str) -> str:
    """A comment as it is kept: line ends of one kind, and nothing that a database refuses."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return tidy.encode("utf-8", "replace").decode().strip()


def _objective(identifier: str) -> Objective:
    return syllabus.load().objective(identifier)


def _waiting(count: int) -> str:
    if not count:
        return ""
    many = f"{count} remises attendent" if count > 1 else "1 remise attend"
    return f"{many} la correction automatique : tapez « course grade »."
