"""Whose a file is: trainees of the list, found by what the file says, then by its names, else by asking, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from course.core.handin.naming import safe
from course.core.names import legible, refused_name
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.decisions import FILE, Decisions, plain
from course.instructor.intake.names import keys, nearest

NEW = "nouveau stagiaire"
ASIDE = "laisser de côté"
YES = "accepter"
ANY_NAME = "(tout nom nouveau)"  # its line is written when a class has no list

_LEFT = f"laissé de côté par une réponse donnée ({FILE})"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be given: what it stands for, and its words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only the instructor knows.

    Attributes:
        words: French words.
        choices: The answers to choose from.
        free: Whether a trainee's name may be answered too.
    """

    words: str
    choices: tuple[Choice, ...]
    free: bool = False


Ask = Callable[[Question], str]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name that stands for nobody yet, and why: a French phrase."""

    name: str
    why: str


class People:
    """The trainees of a class, and the names that files have for them."""

    def __init__(self, cohort: Cohort, ask: Ask | None) -> None:
        """Reads the list and the decisions.

        Args:
            cohort: The class.
            ask: Asks the instructor, and gives the value of a choice; None to ask nothing.

        Raises:
            Refusal: The list cannot be used.
        """
        self._cohort = cohort
        self._ask = ask
        self._listed = roster.read(cohort)
        self._added: list[Trainee] = []
        self._decisions = Decisions(cohort)
        if not self._listed:
            self._decisions.decide(ANY_NAME, NEW)
        self._by_id: dict[str, Trainee] = {}
        self._by_key: dict[str, dict[str, Trainee]] = {}
        self._by_group: dict[str, dict[str, Trainee]] = {}
        for trainee in self._listed:
            self._index(trainee)

    def __getitem__(self, identifier: str) -> Trainee:
        """The trainee of an identifier."""
        return self._by_id[identifier.casefold()]

    @property
    def is_open(self) -> bool:
        """Whether every new name is a new trainee's, as in a workshop without a list."""
        return self._decisions.get(ANY_NAME) == NEW

    def known(self, name: str, group: str = "") -> Trainee | None:
        """The one trainee that a name certainly stands for; None when there is none, or more than one."""
        found = self._decided(name, group)
        if found is None:
            matches = self._matches(name, group)
            found = matches[0] if len(matches) == 1 else None
        return found if isinstance(found, Trainee) else None

    def of_group(self, name: str) -> tuple[Trainee, ...]:
        """The trainees whom the list puts in a group."""
        found = {each.id: each for key in keys(name) for each in self._by_group.get(key, {}).values()}
        return tuple(found.values())

    def group(self, name: str, place: str) -> tuple[Trainee, ...] | Unmatched:
        """The trainees of a group whose members nobody wrote: those that the list puts in it, else the group itself."""
        if found := self.of_group(name):
            return found
        if self.is_open and not self._matches(name, "") and self._decided(name, "") is None:
            return (self._make(name, "", group=True),)
        one = self.match(name, place)
        return one if isinstance(one, Unmatched) else (one,)

    def match(
        self, name: str, place: str, group: str = "", mates: Sequence[str] = (), twin: str = ""
    ) -> Trainee | Unmatched:
        """The trainee that a name stands for.

        Args:
            name: As written.
            place: Where, for the question.
            group: The group that is written with it.
            mates: The names that are written beside it.
            twin: What tells this person from another one of the same name; empty when nothing says there are two.

        Returns:
            The trainee, who may be new, or why it is not known who that is.
        """
        apart = group or twin
        decided = self._decided(name, apart)
        if decided is not None:
            return decided if isinstance(decided, Trainee) else Unmatched(name, _LEFT)
        matches = self._matches(name, group)
        if len(matches) == 1 and not twin and not self._elsewhere(matches[0], group, mates):
            return matches[0]
        if not matches and self.is_open:
            return self._make(name, group)
        if matches and (len(matches) > 1 or twin or self.is_open):
            why = f"plusieurs personnes s’appellent peut-être « {legible(name)} »"
        else:
            why = f"« {legible(name)} » n’est pas dans {self._cohort.roster.name}"
        if self._ask is None:
            return Unmatched(name, why)
        return self._answered(name, place, group, apart if matches else "", matches, why)

    def approved(self, text: str, words: str, yes: str, no: str) -> bool | None:
        """Whether the instructor wants something that is not done unasked; None when nobody can be asked.

        Args:
            text: What it is, as it is written among the decisions.
            words: The question.
            yes: The words of the choice that does it.
            no: Those of the other.
        """
        if known := self._decisions.get(text):
            return plain(known) == YES
        if self._ask is None:
            return None
        answer = self._ask(Question(words, (Choice(YES, yes), Choice(ASIDE, no))))
        self._decide(text, YES if answer == YES else ASIDE)
        return answer == YES

    def save(self) -> None:
        """Writes the trainees who are new, and the decisions.

        Raises:
            Refusal: A file is as it was.
        """
        if self._added:
            roster.extend(self._cohort, self._added)
            self._added = []
        self._decisions.save()

    def _index(self, trainee: Trainee) -> None:
        self._by_id[trainee.id.casefold()] = trainee
        for name in (trainee.name, *([] if _is_made(trainee) else [trainee.id])):
            for key in _keys(name):
                self._by_key.setdefault(key, {})[trainee.id] = trainee
        for key in keys(trainee.group):
            self._by_group.setdefault(key, {})[trainee.id] = trainee

    def _decided(self, name: str, apart: str) -> Trainee | str | None:
        for text in (*([f"{name} ({apart})"] if apart else []), name):
            decision = self._decisions.get(text) or ""
            if plain(decision) == ASIDE:
                return ASIDE
            if trainee := self._by_id.get(decision.casefold()):
                return trainee
        return None

    def _matches(self, name: str, group: str) -> list[Trainee]:
        exact = self._by_id.get(name.strip().casefold())
        if exact and not _is_made(exact):
            return [exact]
        if "@" in name and (same := [each for each in self._everybody() if plain(each.email) == plain(name)]):
            return same
        found = {each.id: each for key in _keys(name) for each in self._by_key.get(key, {}).values()}
        together = [each for each in found.values() if keys(each.group) & keys(group)]
        return together if len(together) == 1 else list(found.values())

    def _elsewhere(self, trainee: Trainee, group: str, mates: Sequence[str]) -> bool:
        """In a class without a list, a name that comes back in another group may be another person's."""
        if not self.is_open or not group or not trainee.group or keys(trainee.group) & keys(group):
            return False
        others = (self._by_key.get(key, {}).values() for mate in mates for key in keys(mate))
        return not any(
            mate.id != trainee.id and keys(mate.group) & keys(trainee.group) for found in others for mate in found
        )

    def _everybody(self) -> Iterable[Trainee]:
        return self._by_id.values()

    def _answered(  # noqa: PLR0913, PLR0917
        self, name: str, place: str, group: str, apart: str, matches: list[Trainee], why: str
    ) -> Trainee | Unmatched:
        near = matches or self._like(name)
        choices = tuple(Choice(each.id, _introduced(each)) for each in near)
        words = f"{place} : {why}. Qui est-ce ?"
        trainee: Trainee | None = None
        answer = (
            self._ask(Question(words, (*choices, Choice(NEW, NEW), Choice(ASIDE, ASIDE)), free=True))
            if self._ask
            else ASIDE
        )
        if answer == NEW:
            trainee = self._make(name, group)
        elif answer != ASIDE:
            trainee = self._by_id.get(answer.casefold()) or self.known(answer)
            if trainee is None:  # a name that was typed
                return self._answered(name, place, group, apart, self._like(answer), f"« {legible(answer)} » : lequel")
        self._decide(f"{name} ({apart})" if apart else name, trainee.id if trainee else ASIDE)
        return trainee or Unmatched(name, _LEFT)

    def _like(self, name: str) -> list[Trainee]:
        return [self[each] for each in nearest(name, ((each.name, each.id) for each in self._everybody()))]

    def _decide(self, text: str, decision: str) -> None:
        self._decisions.decide(text, decision)
        self.save()  # what a person answered is not asked again, whatever happens next

    def _make(self, name: str, of: str, group: bool = False) -> Trainee:
        first, last = ("", legible(name)) if group else _split(name)
        stem = identifier = safe(name)
        number = 1
        while identifier.casefold() in self._by_id or refused_name(identifier):
            number += 1
            identifier = f"{stem}-{number}"
        trainee = Trainee(identifier, first, last, group=of)
        self._added.append(trainee)
        self._index(trainee)
        return trainee


def _keys(name: str) -> frozenset[str]:
    """Those of a name; of one without a letter, as « 😀 », the name itself: it comes back as the same person."""
    return keys(name) or frozenset(filter(None, (plain(name),)))


def _is_made(trainee: Trainee) -> bool:
    """Whether an identifier is made of the name: another name may give the same letters, and is another person's."""
    return trainee.id.startswith(safe(trainee.name))


def _introduced(trainee: Trainee) -> str:
    group = f", {trainee.group}" if trainee.group else ""
    return f"{trainee.name} ({trainee.id}{group})"


def _split(name: str) -> tuple[str, str]:
    """First and last names; words in capitals are the last name, wherever they stand."""
    words = legible(name).split()
    loud = [word for word in words if len(word) > 1 and word.isupper() and word != word.lower()]
    if loud and len(loud) < len(words):
        return " ".join(word for word in words if word not in loud), " ".join(loud)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", name)
