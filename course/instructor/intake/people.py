"""The trainees of a class, the names that files have for them, and what the instructor decided about these names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.core.bar import Choice, Question
from course.core.names import legible, refused_name, respelled, safe
from course.core.syllabus import Goal
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import is_mangled, keys, nearest, share_a_word
from course.instructor.intake.reasons import Reason, Why
from course.instructor.intake.store import DECISIONS, Table

HEADINGS = ("nom écrit", "identifiant")
# Answers, as they are written there.
NEW, ASIDE, YES = "nouveau stagiaire", "laisser de côté", "accepter"
ANY_NAME = "(tout nom nouveau)"  # its line is written when a class has no list


Ask = Callable[[Question], str]


def plain(text: str) -> str:
    """A text as it is compared: neither case nor spaces count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def decisions(cohort: Cohort) -> Table:
    """What was decided about names as written and about hand-ins: `cohort/noms.csv`, which the instructor may edit.

    A line that she removes is asked again. Raises as `Table`.
    """
    return Table(cohort, DECISIONS, headings=HEADINGS)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name that stands for nobody yet, and why."""

    name: str
    reason: Reason


class People:
    """The trainees of a class, found by a name as written, else by asking, once."""

    def __init__(self, cohort: Cohort, ask: Ask | None) -> None:
        """Reads the list and the decisions; raises `Refusal` when they cannot be used.

        Args:
            cohort: The class.
            ask: Asks the instructor, and returns the value of a choice; None to ask nothing.
        """
        self._cohort = cohort
        self._ask = ask
        self._added: list[Trainee] = []
        self._held: dict[str, Reason] = {}
        self._preferred: dict[str, bool] = {}
        self._table = decisions(cohort)
        self._decisions = {plain(text): (text, decision) for text, decision in self._table.rows if decision.strip()}
        if not self._read_list():
            self._decisions[plain(ANY_NAME)] = (ANY_NAME, NEW)

    def _read_list(self) -> tuple[Trainee, ...]:
        listed = roster.read(self._cohort)
        self._by_id: dict[str, Trainee] = {}
        self._by_key: dict[str, dict[str, Trainee]] = {}
        self._by_group: dict[str, dict[str, Trainee]] = {}
        for trainee in listed:
            self._index(trainee)
        return listed

    def __getitem__(self, identifier: str) -> Trainee:
        """The trainee of an identifier."""
        return self._by_id[identifier.casefold()]

    @property
    def is_open(self) -> bool:
        """Whether every new name is a new trainee's, as in a workshop without a list."""
        return self._decision(ANY_NAME) == NEW

    def known(self, name: str, group: str = "") -> Trainee | None:
        """The one trainee that a name certainly stands for; None when there is none, or more than one."""
        decision = self._decided(name, group)
        if decision is None:
            matches = self._matches(name, group)
            return matches[0] if len(matches) == 1 else None
        return decision if isinstance(decision, Trainee) else None

    def of_group(self, name: str) -> tuple[Trainee, ...]:
        """The trainees whom the list puts in a group."""
        members = {trainee.id: trainee for key in keys(name) for trainee in self._by_group.get(key, {}).values()}
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

    def held(self, trainee: Trainee) -> Reason | None:
        """Why nothing goes to a trainee for now; None when it may."""
        return self._held.get(trainee.id)

    def settle_leavers(self, workers: Mapping[str, Sequence[str]]) -> list[Reason]:
        """Looks for those who have work and are not on the list, before anything new is taken for their doubles.

        A spreadsheet takes « 0012 » for 12, and who is given another identifier would be a second person.

        Args:
            workers: The identifiers of those who have work, with the names that this work bears.

        Returns:
            What is to be known of it; what waits for an answer is held.

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
            near = [each for each in free if is_mangled(student, each.id) or keys(student) & keys(each.id)]
            near = near or [each for each in free if any(self.known(name) == each for name in names)]
            notices += self._settle(student, names, near)
        return notices

    def _is_listed(self, student: str, workers: Container[str]) -> bool:
        """Whether an identifier is in the list: to the letter, or for somebody who has no folder of her own."""
        listed = self._by_id.get(student.casefold())
        return listed is not None and (listed.id == student or listed.id in workers)

    def _settle(self, student: str, names: Sequence[str], near: Sequence[Trainee]) -> Iterator[Reason]:
        text, listing = f"{student}, hors de la liste", self._cohort.roster.name
        shown = f"{student} ({names[0]})" if len(names) == 1 else student
        same = student.casefold() in self._by_id  # two that only their case tells apart cannot both be in the list
        decision = self._decision(text)
        decision = "" if same and decision == NEW else decision
        if not decision and self._ask is not None:
            choices = [Choice(each.id, _introduced(each)) for each in near]
            choices += [] if same else [Choice(NEW, str(Reason(Why.STILL_HERE)))]
            choices.append(Choice(ASIDE, str(Reason(Why.HAS_LEFT))))
            decision = self._ask(Question(str(Reason(Why.WHO_LEFT, name=shown, list=listing)), tuple(choices)))
            self._decide(text, decision)
        if decision == NEW:
            self._adopt(student, names)
            yield Reason(Why.BACK_IN_LIST, list=listing, id=student)
        elif not decision:
            for each in near:
                self._held[each.id] = Reason(Why.SAME_AS_LEFT, id=each.id, old=student, list=listing)
            yield Reason(Why.LEFT_LIST, name=shown, list=listing, id=student)
        elif decision != ASIDE and (listed := self._by_id.get(decision.casefold())):
            self.save()  # who was put back just before is in the list then
            roster.rename(self._cohort, {listed.id: student})
            self._read_list()
            yield Reason(Why.BACK_IN_LIST, list=listing, id=student)

    def _adopt(self, student: str, names: Sequence[str]) -> None:
        first, last = _split(names[0]) if len(names) == 1 else ("", "")
        self._added.append(Trainee(student, first, last))
        self._index(self._added[-1])

    def of_file(self, key: str) -> Trainee | Unmatched | None:
        """Whose a file is, as the instructor said of this very file; None when she did not."""
        decision = self._decision(_file(key))
        if plain(decision) == ASIDE:
            return Unmatched("", _left())
        return self._by_id.get(decision.casefold())

    def note_file(self, key: str, trainee: Trainee) -> None:
        """Notes whose a file is."""
        self._decide(_file(key), trainee.id)

    def spelled(self, name: str) -> dict[str, Trainee]:
        """Those whom a name may stand for, in whichever encoding it was written."""
        return {student: one for text in (name, *respelled(name)) for student, one in self._named(text).items()}

    def match_file(
        self, key: str, name: str, place: str, twin: str = "", *, unsure: bool = False
    ) -> Trainee | Unmatched:
        """The trainee whom a file is of that says no more of whose it is than its own or its folder's name.

        Such a name may be anything, and may come back on another person's file: an answer that is not like it is about
        this file alone.

        Args:
            key: The file's key.
            name: What may be a name on its path; empty when nothing is.
            place: Where it is, for the question.
            twin: As for `match`.
            unsure: Whether the name may have other letters.
        """
        if (known := self.of_file(key)) is not None:
            return known
        several = self.spelled(name) if unsure else {}
        clear = len(several) == 1 or not unsure
        if name and clear and (self.is_open or self._matches(name, "") or self._decided(name, twin) is not None):
            return self.match(name, place, twin=twin)
        reason = Reason(Why.UNLISTED, name=legible(name), list=self._cohort.roster.name)
        reason = reason if name else Reason(Why.NAMELESS, text=_file(key), table=DECISIONS)
        if name and not clear:
            spellings = ", ".join((legible(name), *respelled(name)[:2]))
            reason = Reason(Why.ODD_SPELLING, names=spellings)
        if self._ask is None:
            return Unmatched(name, reason)
        trainee = self._asked(self._ask, name, place, "", [*several.values()] or self._like(name), reason)
        alike = trainee is not None and share_a_word(name, trainee.name)
        self._decide(name if alike else _file(key), trainee.id if trainee else ASIDE)
        return trainee or Unmatched(name, _left())

    def chosen(self, student: str, content: str) -> str:
        """The key of the version that the instructor put back for a notebook or a canvas; empty when she did not."""
        return self._decision(_version(content, student))

    def choose(self, student: str, goal: Goal, content: str, key: str) -> None:
        """Notes which version counts from now on; a whole notebook's takes the place of those of its canvases."""
        if content == goal.assignment:
            for objective in goal.objectives:
                self._decisions.pop(plain(_version(objective.id, student)), None)
        self._decide(_version(content, student), key)

    def preferred(self, key: str, other: str) -> bool | None:
        """Whether the first of two pieces counts, as the instructor said when they met in any order; else None."""
        for one, two in ((key, other), (other, key)):
            if decision := self._decision(_instead(one, two)):
                return (plain(decision) == YES) == (one == key)
        return None

    def prefer(self, key: str, other: str, question: Reason, this: Reason, bundle: str) -> bool | None:
        """As `preferred`, else asks, once for all of a workbook; None when nobody can be asked."""
        known = self.preferred(key, other)
        if known is None and self._ask is not None:
            if bundle not in self._preferred:
                choices = (Choice(YES, str(this)), Choice(ASIDE, str(Reason(Why.THE_OTHER))))
                self._preferred[bundle] = self._ask(Question(str(question), choices)) == YES
            known = self._preferred[bundle]
            self._decide(_instead(key, other), YES if known else ASIDE)
        return known

    def approved(self, text: str, reason: Reason, yes: Why, no: Why) -> bool | None:
        """Whether the instructor wants something that is not done unasked; None when nobody can be asked.

        Args:
            text: What it is, as it is written among the decisions.
            reason: The question.
            yes: The choice that does it.
            no: The other one.
        """
        if known := self._decision(text):
            return plain(known) == YES
        if self._ask is None:
            return None
        answer = self._ask(Question(str(reason), (Choice(YES, str(Reason(yes))), Choice(ASIDE, str(Reason(no))))))
        self._decide(text, YES if answer == YES else ASIDE)
        return answer == YES

    def save(self) -> None:
        """Writes the trainees who are new, and the decisions; raises `Refusal`, and a file is as it was."""
        if self._added:
            roster.extend(self._cohort, self._added)
            self._added = []
        if self._decisions:
            self._table.write(sorted(self._decisions.values()))

    def _index(self, trainee: Trainee) -> None:
        self._by_id[trainee.id.casefold()] = trainee
        for name in (trainee.name, *([] if _is_from_name(trainee) else [trainee.id])):
            for key in _keys(name):
                self._by_key.setdefault(key, {})[trainee.id] = trainee
        for key in keys(trainee.group):
            self._by_group.setdefault(key, {})[trainee.id] = trainee

    def _decided(self, name: str, apart: str) -> Trainee | str | None:
        for text in (*([f"{name} ({apart})"] if apart else []), name):
            decision = self._decision(text)
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
        choices = [Choice(trainee.id, _introduced(trainee)) for trainee in near]
        choices += [Choice(NEW, str(Reason(Why.NEW_TRAINEE)))] if name else []
        choices.append(Choice(ASIDE, str(Reason(Why.LEAVE))))
        answer = ask(Question(str(Reason(Why.WHO, place=place, reason=reason)), tuple(choices), free=True))
        if answer == NEW:
            return self._add(name, group)
        if answer == ASIDE:
            return None
        if trainee := self._by_id.get(answer.casefold()) or self.known(answer):
            return trainee
        typed = Reason(Why.WHICH_NAMED, name=legible(answer))
        return self._asked(ask, name or answer, place, group, self._like(answer) or near, typed)

    def _like(self, name: str) -> list[Trainee]:
        names = ((trainee.name, trainee.id) for trainee in self._by_id.values())
        return [self[identifier] for identifier in nearest(name, names)]

    def _decision(self, text: str) -> str:
        """What was decided about a text; empty when nothing was."""
        return self._decisions.get(plain(text), ("", ""))[1].strip()

    def _decide(self, text: str, decision: str) -> None:
        self._decisions[plain(text)] = (text, decision)
        self.save()  # what a person answered is not asked again, whatever happens next

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


def _file(key: str) -> str:
    return f"fichier {key[:12]}"


def _version(content: str, student: str) -> str:
    return f"version de {content} pour {student}"


def _instead(key: str, other: str) -> str:
    return f"remise {key[:12]} plutôt que {other[:12]}"


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


def _shown(name: str) -> str:
    """A name for the list, in which a sign for what cannot be shown would look like a lost letter."""
    return " ".join(legible(name).replace("\N{REPLACEMENT CHARACTER}", " ").split())


def _split(name: str) -> tuple[str, str]:
    """First and last names; words in capitals are the last name, wherever they stand."""
    words = _shown(name).split()
    loud = [word for word in words if len(word) > 1 and word.isupper() and word != word.lower()]
    if loud and len(loud) < len(words):
        return " ".join(word for word in words if word not in loud), " ".join(loud)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", _shown(name))
