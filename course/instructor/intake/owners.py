"""The trainees of each piece: those that it names, unless the names on its path contradict that.

Anyone can write anyone's name into a zip. So a file in Mallory's folder that names only Awa is taken for Awa only when
the instructor agrees, and the table always shows it. A hand-in of an account of the exchange is that account's; it goes
to others too only when it names its own trainee among them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from course.core.names import legible
from course.core.words import few
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.decisions import claim_text
from course.instructor.intake.names import Envelope, is_like_a_person_s, keys, may_be
from course.instructor.intake.people import People, Unmatched
from course.instructor.intake.piece import Piece, Problem
from course.instructor.intake.reasons import Reason, Why

_NAMED = 6  # names in a sentence


@dataclass(frozen=True, slots=True)
class Owned:
    """A piece and one of its trainees; it is not proven for those whom another trainee's account names."""

    piece: Piece
    trainee: Trainee
    remark: Reason | None = None


# By objective and document, the identifiers of the trainees whose hand-ins have that canvas, by their `equipe.json`.
Documents = Mapping[tuple[str, str], Mapping[bytes, Sequence[str]]]


class Owners:
    """Finds the trainees of the pieces of one reception."""

    def __init__(
        self,
        people: People,
        pieces: Iterable[Piece],
        documents: Documents,
        received: Callable[[str], object],
    ) -> None:
        """Look at all pieces first: two people of one name show only together.

        Args:
            people: The trainees.
            pieces: All pieces of the reception.
            documents: The canvases that were taken in before.
            received: Whether the piece of a key was taken in before; then it goes to the same trainees unasked.
        """
        self._people = people
        self._received = received
        self._documents = documents
        self._numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._answers: dict[str, Trainee | Unmatched] = {}
        for piece in pieces:
            for key in keys(piece.envelope.person):
                self._numbers[key, piece.goal.id].add(piece.envelope.number)

    def of(self, piece: Piece) -> Iterator[Owned | Unmatched]:
        """Yield the trainees of a piece, and the names in it that are matched to nobody yet."""
        if piece.account:
            yield from self._by_account(piece)
            return
        claim = None
        if sender := self._contradicting(piece):
            names = _listed(self._claimed(piece))
            claim = Reason(Why.CLAIM, names=names, sender=sender)
            question = Reason(Why.TAKE_CLAIM, place=piece.location, reason=claim)
            approved = self._people.decisions.approved(
                claim_text(piece.key), question, Why.FOR_THE_NAMED, Why.LEAVE_CLAIM
            )
            if not approved:
                left = claim if approved is None else Reason(Why.CLAIM_LEFT_BY_DECISION, claim=claim)
                yield Unmatched(names, left)
                return
        for one in self._named(piece):
            yield one if isinstance(one, Unmatched) else Owned(piece, one, claim)

    def _named(self, piece: Piece) -> Iterator[Trainee | Unmatched]:
        team = piece.team
        if team.members:
            yield from self._members(team.members, piece)
        elif team.group:
            group = self._people.group(team.group, piece.location)
            yield from (group,) if isinstance(group, Unmatched) else group
        elif piece.objective and (mates := self._of_document(piece)):
            yield from mates
        else:
            yield from self._by_name(piece)

    def _members(self, members: Sequence[str], piece: Piece) -> Iterator[Trainee | Unmatched]:
        seen: set[str] = set()
        for name in members:
            mates = [mate for mate in members if mate != name]
            one = self._people.match(name, piece.location, piece.team.group, mates, self._twin(name, piece))
            if isinstance(one, Unmatched):
                yield one
            elif one.id not in seen:
                seen.add(one.id)
                yield one

    def _by_name(self, piece: Piece) -> Iterator[Trainee | Unmatched]:
        names = piece.envelope.names
        if known := self._known_by_path(piece):
            yield known
        elif group := next(filter(None, map(self._people.of_group, (*names, *piece.envelope.outer))), ()):
            yield from group
        else:
            yield self._of_file(piece, names[0] if names else "")

    def _of_file(self, piece: Piece, name: str) -> Trainee | Unmatched:
        """Return the trainee of a file that states no names; the answer holds for all of its workbook."""
        if (own := self._people.of_file(piece.key)) is not None:
            return own
        bundle = piece.bundle or piece.location
        answer = self._answers.get(bundle)
        if answer is None:
            twin, unsure = self._twin(name, piece), piece.envelope.unsure
            sender = bool(name) and name == piece.envelope.person
            answer = self._people.match_file(piece.key, name, bundle, twin, unsure=unsure, sender=sender)
            self._answers[bundle] = answer
        elif isinstance(answer, Trainee):
            self._people.note_file(piece.key, answer)
        return answer

    def _known_by_path(self, piece: Piece) -> Trainee | None:
        for name in (*piece.envelope.names, *piece.envelope.outer):
            unsure = piece.envelope.unsure and len(self._people.spelled(name)) > 1
            if not unsure and not self._twin(name, piece) and (known := self._people.known(name)):
                return known
        return None

    def _of_document(self, single: Piece) -> tuple[Trainee, ...]:
        """Return the trainees whose hand-ins have this same canvas: a group's computer made it, whoever sent it."""
        teams = [*self._documents.get((single.objective, single.document), {}).values()] if single.document else []
        if teams and (named := self._known_by_path(single)):
            mates = next((students for students in teams if named.id in students), [named.id])
        else:
            mates = teams[0] if len(teams) == 1 else []  # several teams have a copy: it may be of any of them
        return tuple(self._people[student] for student in mates)

    def _by_account(self, whole: Piece) -> Iterator[Owned | Unmatched]:
        owner = self._people.match(whole.account, whole.location)
        if isinstance(owner, Unmatched):
            yield owner
            return
        members = whole.team.members
        if members and not any(self._may_be(name, owner) for name in members):
            yield Owned(whole, owner, Reason(Why.OTHERS_BY_ACCOUNT, names=_listed(members)))
            return
        yield Owned(whole, owner)
        # Without a list an account is the first to be known of its owner, and names go beside it.
        is_owner = self._may_be if self._people.is_open else self._is
        others = [name for name in members if not is_owner(name, owner)]
        unproven = replace(whole, proven=False, account="")
        for one in self._members(others, whole):
            if isinstance(one, Unmatched):
                yield one
            elif one.id != owner.id:
                yield Owned(unproven, one, Reason(Why.BY_ACCOUNT, account=legible(whole.account)))

    def _is(self, name: str, trainee: Trainee) -> bool:
        known = self._people.known(name)
        return known.id == trainee.id if known else bool(keys(name) & keys(trainee.name))

    def _may_be(self, name: str, trainee: Trainee) -> bool:
        known = self._people.known(name)
        return known.id == trainee.id if known else may_be(name, trainee.name)

    def _claimed(self, piece: Piece) -> tuple[str, ...]:
        """Return the names of those to whom a piece would go by its own statement, or by the name of its file."""
        team = piece.team
        if team.members:
            return team.members
        if team.group:
            trainees, one = self._people.of_group(team.group), self._people.known(team.group)
        else:
            trainees = self._of_document(piece) if piece.objective else ()
            one = self._known_by_path(piece)
        return tuple(trainee.name for trainee in trainees or ((one,) if one else ()))

    def _contradicting(self, piece: Piece) -> str:
        """Return the sender of a piece where that is none of those it names; empty where nothing shows it."""
        members = self._claimed(piece)
        if not members or self._received(piece.key):
            return ""
        trainees = [known for name in members if (known := self._people.known(name))]
        groups = frozenset().union(keys(piece.team.group), *(keys(trainee.group) for trainee in trainees))
        path = (piece.envelope.person, *piece.envelope.outer, *reversed(piece.envelope.names))
        people = (name for name in path if name and not keys(name) & groups)
        # A canvas without names goes by its document, and may be a copy of it in the folder of somebody new.
        unnamed = not piece.team and not self._known_by_path(piece)
        new = set(filter(is_like_a_person_s, piece.envelope.names)) if unnamed else set[str]()
        sender = next(
            (name for name in people if name == piece.envelope.person or name in new or self._people.known(name)), ""
        )
        known = self._people.known(sender) if sender else None
        if not sender or any(self._may_be(name, known) if known else may_be(name, sender) for name in members):
            return ""
        return legible(sender)

    def _twin(self, name: str, piece: Piece) -> str:
        """Return the number that Moodle gives a person, where it has another one of the same name."""
        same = keys(name) & keys(piece.envelope.person)
        many = any(len(self._numbers[key, piece.goal.id]) > 1 for key in same)
        return piece.envelope.number if many else ""


def senders_of(problem: Problem, people: People) -> tuple[Trainee, ...]:
    """Return the trainees of a refused file: those on its path, and those whom it names beside one of them."""
    path = _on_path(problem.envelope, people) or _by_moodle(problem.envelope, people)
    team = problem.team
    claimed = [known for name in team.members if (known := people.known(name, team.group))]
    if team.group and not team.members:
        claimed = [*_trainees(team.group, people)]
    if path and not {trainee.id for trainee in path} & {trainee.id for trainee in claimed}:
        return path
    return tuple({trainee.id: trainee for trainee in (*path, *claimed)}.values())


def _on_path(path: Envelope, people: People) -> tuple[Trainee, ...]:
    """Return those whom a path names: a person, several in one name, or a group of the list."""
    for name in filter(None, (path.person, *path.names, *path.outer)):
        if named := _trainees(name, people):
            return named
        several = [people.known(part) for part in re.split(r"\bet\b|[&+,]", name)]
        if trainees := tuple(known for known in several if known) if all(several) else ():
            return trainees
    return ()


def _trainees(name: str, people: People) -> tuple[Trainee, ...]:
    """Return the trainee of a name, or those of a group of the list."""
    known = people.known(name)
    return (known,) if known else people.of_group(name)


def _by_moodle(path: Envelope, people: People) -> tuple[Trainee, ...]:
    """Return the trainee of a name of Moodle, in a class without a list."""
    one = people.match(path.person, "") if path.person and people.is_open else None
    return (one,) if isinstance(one, Trainee) else ()


def _listed(names: Sequence[str]) -> str:
    return few([legible(name) for name in names], _NAMED)
