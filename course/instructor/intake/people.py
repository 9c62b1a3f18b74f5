"""The trainees of a class, and the names that files have for them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.core.bar import Choice, Question
from course.core.names import legible, refused_name, respelled, safe
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.decisions import ANY_NAME, ASIDE, NEW, Decisions, file_text, leaver_text, plain
from course.instructor.intake.names import is_like_a_person_s, is_mangled, is_of_a_place, keys, nearest, share_a_word
from course.instructor.intake.reasons import Reason, Why
from course.instructor.intake.store import DECISIONS


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name that is matched to no trainee yet, and why."""

    name: str
    reason: Reason


class People:
    """The trainees of a class: found by a name as written, else by asking the instructor once."""

    def __init__(self, cohort: Cohort, decisions: Decisions) -> None:
        """Read the list; raises `Refusal` when it cannot be used.

        Args:
            cohort: The class.
            decisions: The decisions on names.
        """
        self._cohort = cohort
        self.decisions = decisions
        self._added: list[Trainee] = []
        self._held: dict[str, Reason] = {}
        if not self._read_list():
            decisions.presume(ANY_NAME, NEW)

    def _read_list(self) -> tuple[Trainee, ...]:
        listed = roster.read(self._cohort)
        self._by_id: dict[str, Trainee] = {}
        self._by_key: dict[str, dict[str, Trainee]] = {}
        self._by_group: dict[str, dict[str, Trainee]] = {}
        for trainee in listed:
            self._index(trainee)
        return listed

    def __getitem__(self, identifier: str) -> Trainee:
        """Return the trainee of an identifier, in any case of its letters."""
        return self._by_id[identifier.casefold()]

    def get(self, identifier: str) -> Trainee | None:
        """Return the trainee of an identifier, in any case of its letters; None without one.

        No name is looked up, and no decision on names: an identifier that was written by the program is nobody else's.
        """
        return self._by_id.get(identifier.casefold())

    @property
    def is_open(self) -> bool:
        """Return whether every new name adds a trainee, as in a workshop without a list."""
        return self.decisions.get(ANY_NAME) == NEW

    def known(self, name: str, group: str = "") -> Trainee | None:
        """Return the one trainee that a name certainly stands for; None where there is none, or more than one."""
        decision = self._decided(name, group)
        if decision is None:
            matches = self._matches(name, group)
            return matches[0] if len(matches) == 1 else None
        return decision if isinstance(decision, Trainee) else None

    def are_same(self, one: str, other: str) -> bool:
        """Return whether two names certainly stand for one person: by their letters, or as both are one trainee's."""
        known = self.known(one)
        return bool(_keys(one) & _keys(other)) or (known is not None and known == self.known(other))

    def of_group(self, name: str) -> tuple[Trainee, ...]:
        """Return the trainees of a group of the list."""
        members = {trainee.id: trainee for key in keys(name) for trainee in self._by_group.get(key, {}).values()}
        return tuple(members.values())

    def group(self, name: str, place: str) -> tuple[Trainee, ...] | Unmatched:
        """Return the trainees of a group that names no members: those of the list, else the group as one trainee."""
        if members := self.of_group(name):
            return members
        if self.is_open and not self._matches(name, "") and self._decided(name, "") is None:
            return (self._add(name, "", group=True),)
        one = self.match(name, place)
        return one if isinstance(one, Unmatched) else (one,)

    def match(
        self, name: str, place: str, group: str = "", mates: Sequence[str] = (), twin: str = ""
    ) -> Trainee | Unmatched:
        """Return the trainee that a name stands for.

        Args:
            name: The name as written.
            place: The displayed path of the file, for the question.
            group: The group that is written with it.
            mates: The names that are written beside it.
            twin: The number that distinguishes this person from another one of the same name; empty without one.

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
        subject = f"{name} ({apart})" if apart and matches else name
        trainee = self._asked(subject, name, place, group, matches or self._like(name), reason)
        if trainee is None:
            return Unmatched(name, reason)
        self._decide(subject, trainee.id if isinstance(trainee, Trainee) else ASIDE)
        return trainee if isinstance(trainee, Trainee) else Unmatched(name, _left())

    def held(self, trainee: Trainee) -> Reason | None:
        """Return why nothing goes to a trainee for now; None where it may."""
        return self._held.get(trainee.id)

    def settle_leavers(self, workers: Mapping[str, Sequence[str]]) -> list[Reason]:
        """Look for those who have work and are not on the list, before anything new goes to a second identifier.

        A spreadsheet takes « 0012 » for 12, and a trainee with another identifier would become a second person.

        Args:
            workers: The identifiers of those who have work, with the names in this work.

        Returns:
            Notices for the instructor; trainees about whom an answer is missing are held.

        Raises:
            Refusal: The list cannot be written.
        """
        away = {student: names for student, names in workers.items() if not self._is_listed(student, workers)}
        if not self._by_id:  # without a list, the folders are the list
            for student, names in away.items():
                self._adopt(student, names)
            return []
        free = [trainee for trainee in self._by_id.values() if trainee.id not in workers]
        notices: list[Reason] = []
        for student, names in away.items():
            near = [trainee for trainee in free if is_mangled(student, trainee.id) or keys(student) & keys(trainee.id)]
            near = near or [trainee for trainee in free if any(self.known(name) == trainee for name in names)]
            notices += self._settle(student, names, near)
        return notices

    def _is_listed(self, student: str, workers: Container[str]) -> bool:
        """Return whether an identifier is in the list: exactly, or in another case for a trainee with a folder."""
        listed = self._by_id.get(student.casefold())
        return listed is not None and (listed.id == student or listed.id in workers)

    def _settle(self, student: str, names: Sequence[str], near: Sequence[Trainee]) -> Iterator[Reason]:
        text, listing = leaver_text(student), self._cohort.roster.name
        shown = f"{student} ({names[0]})" if len(names) == 1 else student
        same = student.casefold() in self._by_id  # two that only their case tells apart cannot both be in the list
        decision = self.decisions.get(text)
        decision = "" if same and decision == NEW else decision
        if not decision:
            choices = [Choice(trainee.id, _introduced(trainee)) for trainee in near]
            choices += [] if same else [Choice(NEW, str(Reason(Why.STILL_HERE)))]
            choices.append(Choice(ASIDE, str(Reason(Why.HAS_LEFT))))
            question = Question(str(Reason(Why.WHO_LEFT, name=shown, list=listing)), tuple(choices))
            if decision := self.decisions.answer(text, question):
                self._decide(text, decision)
        if decision == NEW:
            self._adopt(student, names)
            yield Reason(Why.BACK_IN_LIST, list=listing, id=student)
        elif not decision:
            for trainee in near:
                self._held[trainee.id] = Reason(Why.SAME_AS_LEFT, id=trainee.id, old=student, list=listing)
            yield Reason(Why.LEFT_LIST, name=shown, list=listing, id=student)
        elif decision != ASIDE and (listed := self._by_id.get(decision.casefold())):
            self.save()  # writes those who were put back just before
            roster.rename(self._cohort, {listed.id: student})
            self._read_list()
            yield Reason(Why.BACK_IN_LIST, list=listing, id=student)

    def _adopt(self, student: str, names: Sequence[str]) -> None:
        first, last = _split(names[0]) if len(names) == 1 else ("", "")
        self._added.append(Trainee(student, first, last))
        self._index(self._added[-1])

    def of_file(self, key: str) -> Trainee | Unmatched | None:
        """Return the trainee of a file by the decision on this very file; None without one."""
        decision = self.decisions.get(file_text(key))
        if plain(decision) == ASIDE:
            return Unmatched("", _left())
        return self._by_id.get(decision.casefold())

    def note_file(self, key: str, trainee: Trainee) -> None:
        """Record whose a file is."""
        self._decide(file_text(key), trainee.id)

    def spelled(self, name: str) -> dict[str, Trainee]:
        """Return the trainees that a name may stand for, in whichever encoding it was written, by identifier."""
        return {student: one for text in (name, *respelled(name)) for student, one in self._named(text).items()}

    def match_file(  # noqa: PLR0913
        self, key: str, name: str, place: str, twin: str = "", *, unsure: bool = False, sender: bool = False
    ) -> Trainee | Unmatched:
        """Return the trainee of a file that states no names: by its own or its folder's name.

        Such a name may be anything, and another person's file may have it too: an answer that shares no word with it is
        recorded for this file alone.

        Args:
            key: The file's key.
            name: The part of its path that may be a name; empty without one.
            place: Its displayed path, for the question.
            twin: As for `match`.
            unsure: Whether the name may have other letters, in another encoding.
            sender: Whether Moodle vouches for the name; any other one adds a trainee unasked only where it looks like
                a person's, in a class without a list.
        """
        if (known := self.of_file(key)) is not None:
            return known
        several = self.spelled(name) if unsure else {}
        clear = len(several) == 1 or not unsure
        adds = self.is_open and (sender or is_like_a_person_s(name))
        if name and clear and (adds or self._matches(name, "") or self._decided(name, twin) is not None):
            return self.match(name, place, twin=twin)
        reason = Reason(Why.UNLISTED, name=legible(name), list=self._cohort.roster.name)
        reason = Reason(Why.PLACE, name=legible(name)) if self.is_open else reason
        reason = reason if name else Reason(Why.NAMELESS, text=file_text(key), table=DECISIONS)
        if name and not clear:
            spellings = ", ".join((legible(name), *respelled(name)[:2]))
            reason = Reason(Why.ODD_SPELLING, names=spellings)
        near = [*several.values()] or self._like(name)
        new = "" if is_of_a_place(name) else name  # a new trainee has the name that is typed, and not that of a place
        trainee = self._asked(file_text(key), new, place, "", near, reason)
        if trainee is None:
            return Unmatched(name, reason)
        if not isinstance(trainee, Trainee):
            self._decide(file_text(key), ASIDE)
            return Unmatched(name, _left())
        self._decide(name if share_a_word(name, trainee.name) else file_text(key), trainee.id)
        return trainee

    def save(self) -> None:
        """Write the new trainees and the decisions; raises `Refusal`, and a file is as it was."""
        if self._added:
            roster.extend(self._cohort, self._added)
            self._added = []
        self.decisions.save()

    def _index(self, trainee: Trainee) -> None:
        self._by_id[trainee.id.casefold()] = trainee
        for name in (trainee.name, *([] if _is_from_name(trainee) else [trainee.id])):
            for key in _keys(name):
                self._by_key.setdefault(key, {})[trainee.id] = trainee
        for key in keys(trainee.group):
            self._by_group.setdefault(key, {})[trainee.id] = trainee

    def _decided(self, name: str, apart: str) -> Trainee | str | None:
        for text in (*([f"{name} ({apart})"] if apart else []), name):
            decision = self.decisions.get(text)
            if plain(decision) == ASIDE:
                return ASIDE
            if trainee := self._by_id.get(decision.casefold()):
                return trainee
        return None

    def _matches(self, name: str, group: str) -> list[Trainee]:
        exact = self._by_id.get(name.strip().casefold())
        if exact and not _is_from_name(exact):
            return [exact]
        if "@" in name and (
            same := [trainee for trainee in self._by_id.values() if plain(trainee.email) == plain(name)]
        ):
            return same
        matches = self._named(name)
        if not matches:  # the list tells in which encoding a name was written
            matches = next(filter(None, map(self._named, respelled(name))), {})
        together = [trainee for trainee in matches.values() if keys(trainee.group) & keys(group)]
        return together if len(together) == 1 else list(matches.values())

    def _named(self, name: str) -> dict[str, Trainee]:
        return {trainee.id: trainee for key in _keys(name) for trainee in self._by_key.get(key, {}).values()}

    def _elsewhere(self, trainee: Trainee, group: str, mates: Sequence[str]) -> bool:
        """Return whether a name may be another person's: in a class without a list, the same name in another group."""
        if not self.is_open or not group or not trainee.group or keys(trainee.group) & keys(group):
            return False
        namesakes = (self._by_key.get(key, {}).values() for mate in mates for key in keys(mate))
        return not any(
            mate.id != trainee.id and keys(mate.group) & keys(trainee.group) for some in namesakes for mate in some
        )

    def _asked(  # noqa: PLR0913, PLR0917
        self, subject: str, name: str, place: str, group: str, near: list[Trainee], reason: Reason
    ) -> Trainee | str | None:
        """Ask which trainee is meant; return `ASIDE` to leave the name aside, None without an answer."""
        choices = [Choice(trainee.id, _introduced(trainee)) for trainee in near]
        choices += [Choice(NEW, str(Reason(Why.NEW_TRAINEE)))] if name else []
        choices.append(Choice(ASIDE, str(Reason(Why.LEAVE))))
        question = Question(str(Reason(Why.WHO, place=place, reason=reason)), tuple(choices), free=True)
        answer = self.decisions.answer(subject, question)
        if answer == NEW:
            return self._add(name, group)
        if answer in ("", ASIDE):
            return answer or None
        if trainee := self._by_id.get(answer.casefold()) or self.known(answer):
            return trainee
        typed = Reason(Why.WHICH_NAMED, name=legible(answer))
        return self._asked(subject, name or answer, place, group, self._like(answer) or near, typed)

    def _like(self, name: str) -> list[Trainee]:
        names = ((trainee.name, trainee.id) for trainee in self._by_id.values())
        return [self[identifier] for identifier in nearest(name, names)]

    def _decide(self, text: str, decision: str) -> None:
        self.decisions.presume(text, decision)
        self.save()  # an answer lasts, even where the program stops next

    def _add(self, name: str, of: str, group: bool = False) -> Trainee:
        first, last = ("", _shown(name)) if group else _split(name)
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
    """Return the keys of a name; for one without a letter, as « 😀 », the name itself, which is one person's too."""
    return keys(name) or frozenset(filter(None, (plain(name),)))


def _is_from_name(trainee: Trainee) -> bool:
    """Return whether an identifier was made of the name: then another person's name may give the same one."""
    return trainee.id.startswith(safe(trainee.name))


def _introduced(trainee: Trainee) -> str:
    group = f", {trainee.group}" if trainee.group else ""
    return f"{trainee.name} ({trainee.id}{group})"


def _shown(name: str) -> str:
    """Return a name for the list, without replacement characters, which would look like lost letters."""
    return " ".join(legible(name).replace("\N{REPLACEMENT CHARACTER}", " ").split())


def _split(name: str) -> tuple[str, str]:
    """Return first and last names; words in capitals are the last name, wherever they stand."""
    words = _shown(name).split()
    capitals = [word for word in words if len(word) > 1 and word.isupper() and word != word.lower()]
    if capitals and len(capitals) < len(words):
        return " ".join(word for word in words if word not in capitals), " ".join(capitals)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", _shown(name))
