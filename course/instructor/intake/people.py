"""The trainees of a class, the names that files have for them, and what the instructor decided about these names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from course.core.bar import Choice, Question
from course.core.names import legible, refused_name, safe
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import keys, nearest
from course.instructor.intake.reasons import Reason, Why
from course.instructor.intake.store import Table

DECISIONS = "noms.csv"
HEADINGS = ("nom écrit", "identifiant")
# Answers, as they are written there.
NEW, ASIDE, YES = "nouveau stagiaire", "laisser de côté", "accepter"
ANY_NAME = "(tout nom nouveau)"  # its line is written when a class has no list


Ask = Callable[[Question], str]


def plain(text: str) -> str:
    """A text as it is compared: neither case nor spaces count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


class Decisions:
    """What was decided about a name as written, or about a hand-in: `cohort/noms.csv`.

    The instructor may edit it; a line that she removes is asked again.
    """

    def __init__(self, cohort: Cohort) -> None:
        """Reads them.

        Raises:
            Refusal: There is such a file, and it cannot be read.
        """
        self._table = Table(cohort, DECISIONS, headings=HEADINGS)
        rows = (row for row in self._table.rows if row[1].strip())
        self._decisions = {plain(name): (name, decision) for name, decision in rows}

    def get(self, text: str) -> str | None:
        """The decision about a text, without the spaces around it; None when there is none."""
        known = self._decisions.get(plain(text))
        return known[1].strip() if known else None

    def decide(self, text: str, decision: str) -> None:
        """Takes a decision; `save` makes it last."""
        self._decisions[plain(text)] = (text, decision)

    def save(self) -> None:
        """Writes them durably.

        Raises:
            Refusal: It is as it was.
        """
        if self._decisions:
            self._table.write(sorted(self._decisions.values()))


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name that stands for nobody yet, and why."""

    name: str
    reason: Reason


class People:
    """The trainees of a class, found by a name as written, else by asking, once."""

    def __init__(self, cohort: Cohort, ask: Ask | None) -> None:
        """Reads the list and the decisions.

        Args:
            cohort: The class.
            ask: Asks the instructor, and returns the value of a choice; None to ask nothing.

        Raises:
            Refusal: The list or the decisions cannot be used.
        """
        self._cohort = cohort
        self._ask = ask
        self._added: list[Trainee] = []
        self._by_id: dict[str, Trainee] = {}
        self._by_key: dict[str, dict[str, Trainee]] = {}
        self._by_group: dict[str, dict[str, Trainee]] = {}
        listed = roster.read(cohort)
        self._decisions = Decisions(cohort)
        if not listed:
            self._decisions.decide(ANY_NAME, NEW)
        for trainee in listed:
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
        decision = self._decided(name, group)
        if decision is None:
            matches = self._matches(name, group)
            return matches[0] if len(matches) == 1 else None
        return decision if isinstance(decision, Trainee) else None

    def of_group(self, name: str) -> tuple[Trainee, ...]:
        """The trainees whom the list puts in a group."""
        members = {each.id: each for key in keys(name) for each in self._by_group.get(key, {}).values()}
        return tuple(members.values())

    def group(self, name: str, place: str) -> tuple[Trainee, ...] | Unmatched:
        """The trainees of a group whose members nobody wrote: those that the list puts in it, else the group itself."""
        if members := self.of_group(name):
            return members
        if self.is_open and not self._matches(name, "") and self._decided(name, "") is None:
            return (self._add(name, "", group=True),)
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
        decision = self._decided(name, apart)
        if decision is not None:
            return decision if isinstance(decision, Trainee) else Unmatched(name, _left())
        matches = self._matches(name, group)
        if len(matches) == 1 and not twin and not self._elsewhere(matches[0], group, mates):
            return matches[0]
        if not matches and self.is_open:
            return self._add(name, group)
        if matches and (len(matches) > 1 or twin or self.is_open):
            reason = Reason(Why.NAMESAKES, name=legible(name))
        else:
            reason = Reason(Why.UNLISTED, name=legible(name), list=self._cohort.roster.name)
        if self._ask is None:
            return Unmatched(name, reason)
        trainee = self._asked(self._ask, name, place, group, matches or self._like(name), reason)
        text = f"{name} ({apart})" if apart and matches else name
        self._decide(text, trainee.id if trainee else ASIDE)
        return trainee or Unmatched(name, _left())

    def approved(self, text: str, reason: Reason, yes: Why, no: Why) -> bool | None:
        """Whether the instructor wants something that is not done unasked; None when nobody can be asked.

        Args:
            text: What it is, as it is written among the decisions.
            reason: The question.
            yes: The choice that does it.
            no: The other one.
        """
        if known := self._decisions.get(text):
            return plain(known) == YES
        if self._ask is None:
            return None
        answer = self._ask(Question(str(reason), (Choice(YES, str(Reason(yes))), Choice(ASIDE, str(Reason(no))))))
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
        for name in (trainee.name, *([] if _is_from_name(trainee) else [trainee.id])):
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
        if exact and not _is_from_name(exact):
            return [exact]
        if "@" in name and (same := [each for each in self._by_id.values() if plain(each.email) == plain(name)]):
            return same
        matches = {each.id: each for key in _keys(name) for each in self._by_key.get(key, {}).values()}
        together = [each for each in matches.values() if keys(each.group) & keys(group)]
        return together if len(together) == 1 else list(matches.values())

    def _elsewhere(self, trainee: Trainee, group: str, mates: Sequence[str]) -> bool:
        """In a class without a list, a name that comes back in another group may be another person's."""
        if not self.is_open or not group or not trainee.group or keys(trainee.group) & keys(group):
            return False
        namesakes = (self._by_key.get(key, {}).values() for mate in mates for key in keys(mate))
        return not any(
            mate.id != trainee.id and keys(mate.group) & keys(trainee.group) for some in namesakes for mate in some
        )

    def _asked(  # noqa: PLR0913, PLR0917
        self, ask: Ask, name: str, place: str, group: str, near: list[Trainee], reason: Reason
    ) -> Trainee | None:
        """The trainee that the instructor answers; None to leave the name aside."""
        choices = [Choice(each.id, _introduced(each)) for each in near]
        choices += [Choice(NEW, str(Reason(Why.NEW_TRAINEE))), Choice(ASIDE, str(Reason(Why.LEAVE)))]
        answer = ask(Question(str(Reason(Why.WHO, place=place, reason=reason)), tuple(choices), free=True))
        if answer == NEW:
            return self._add(name, group)
        if answer == ASIDE:
            return None
        if trainee := self._by_id.get(answer.casefold()) or self.known(answer):
            return trainee
        typed = Reason(Why.WHICH_NAMED, name=legible(answer))
        return self._asked(ask, name, place, group, self._like(answer) or self._like(name), typed)

    def _like(self, name: str) -> list[Trainee]:
        return [self[each] for each in nearest(name, ((each.name, each.id) for each in self._by_id.values()))]

    def _decide(self, text: str, decision: str) -> None:
        self._decisions.decide(text, decision)
        self.save()  # what a person answered is not asked again, whatever happens next

    def _add(self, name: str, of: str, group: bool = False) -> Trainee:
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


def _left() -> Reason:
    return Reason(Why.LEFT_BY_DECISION, file=DECISIONS)


def _keys(name: str) -> frozenset[str]:
    """The keys of a name; of one without a letter, as « 😀 », the name itself: it comes back as the same person."""
    return keys(name) or frozenset(filter(None, (plain(name),)))


def _is_from_name(trainee: Trainee) -> bool:
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
