"""Whose each piece is: what it says of itself is believed as long as what it came in does not contradict it.

Anyone can write anyone's name into a zip. So a file in Mallory's folder that names only Awa is taken for Awa only when
the instructor says so, and it is always said. What an account of the exchange hands in is that account's, whatever it
says; it goes to others too only when it names its own trainee among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from course.core.names import legible
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import keys, may_be
from course.instructor.intake.people import People, Unmatched
from course.instructor.intake.pieces import Piece, Single, Whole


@dataclass(frozen=True, slots=True)
class Matched:
    """A piece and one trainee it is of; the piece is not proven for those whom another's account names."""

    piece: Piece
    trainee: Trainee
    note: str = ""


class Matcher:
    """Finds whose the pieces of one reception are."""

    def __init__(
        self,
        people: People,
        pieces: Iterable[Piece],
        documents: Mapping[tuple[str, str], Documents],
        received: Callable[[str], object],
    ) -> None:
        """Looks at all pieces first: two people of one name show only together.

        Args:
            people: The trainees.
            pieces: What was read.
            documents: By objective and document, whose canvas it is that was taken in before.
            received: Whether the piece of a key was taken in before: what was believed then is believed again.
        """
        self._people = people
        self._received = received
        self._documents = documents
        self._numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for piece in pieces:
            for key in keys(piece.envelope.person):
                self._numbers[key, piece.goal.id].add(piece.envelope.number)

    def match(self, piece: Piece) -> Iterator[Matched | Unmatched]:
        """The trainees that a piece is of, and the names in it that stand for nobody yet."""
        if piece.account:
            yield from self._account(piece)
            return
        by = self._contradicting(piece)
        note = ""
        if by:
            named = ", ".join(map(legible, self._claimed(piece)[:6]))
            note = f"remise au nom de {named} par un fichier de {by}"
            text = f"remise {piece.key[:12]}"
            words = f"{piece.place} : {note}. Que faire ?"
            approved = self._people.approved(text, words, "la prendre pour les personnes nommées", "la laisser de côté")
            if not approved:
                yield Unmatched(named, note if approved is None else f"{note}, laissée de côté par une réponse donnée")
                return
        for found in self._named(piece):
            yield found if isinstance(found, Unmatched) else Matched(piece, found, note)

    def _named(self, piece: Piece) -> Iterator[Trainee | Unmatched]:
        who = piece.team
        if who.members:
            yield from self._members(who.members, piece)
        elif who.group:
            found = self._people.group(who.group, piece.place)
            yield from (found,) if isinstance(found, Unmatched) else found
        elif isinstance(piece, Single) and (mates := self._of_document(piece)):
            yield from mates
        else:
            yield from self._by_name(piece)

    def _members(self, members: Sequence[str], piece: Piece) -> Iterator[Trainee | Unmatched]:
        seen: set[str] = set()
        for name in members:
            mates = [mate for mate in members if mate != name]
            found = self._people.match(name, piece.place, piece.team.group, mates, self._twin(name, piece))
            if isinstance(found, Unmatched) or found.id not in seen:
                yield found
            if isinstance(found, Trainee):
                seen.add(found.id)

    def _by_name(self, piece: Piece) -> Iterator[Trainee | Unmatched]:
        names = piece.envelope.names
        if known := self._known_by_path(piece):
            yield known
        elif group := next(filter(None, map(self._people.of_group, (*names, *piece.envelope.outer))), ()):
            yield from group
        elif names:
            yield self._people.match(names[0], piece.place, twin=self._twin(names[0], piece))
        else:
            yield self._nameless(piece)

    def _nameless(self, piece: Piece) -> Trainee | Unmatched:
        name, why = f"fichier {piece.key[:12]}", "ce fichier ne dit pas de qui il est"
        if self._people.is_open and self._people.known(name) is None:
            return Unmatched("", why)  # a workshop has no list to choose from
        found = self._people.match(name, piece.place)
        return replace(found, name="", why=why) if isinstance(found, Unmatched) else found

    def _known_by_path(self, piece: Piece) -> Trainee | None:
        for name in (*piece.envelope.names, *piece.envelope.outer):
            if not self._twin(name, piece) and (known := self._people.known(name)):
                return known
        return None

    def _of_document(self, single: Single) -> tuple[Trainee, ...]:
        """Those in whose hand-in this same canvas is: a group's computer made it, whoever sent it."""
        whose = self._documents.get((single.objective, single.document)) if single.document else None
        if whose is None:
            return ()
        named = self._known_by_path(single)
        if named is None:
            return tuple(map(self._people.__getitem__, whose.only))
        return tuple(map(self._people.__getitem__, whose.with_(named.id)))

    def _account(self, whole: Whole) -> Iterator[Matched | Unmatched]:
        owner = self._people.match(whole.account, whole.place)
        if isinstance(owner, Unmatched):
            yield owner
            return
        others = [name for name in whole.team.members if not self._is(name, owner)]
        if len(others) == len(whole.team.members):
            named = ", ".join(map(legible, others[:6]))
            yield Matched(
                whole, owner, f"nomme {named} sans nommer son propre compte : pris pour lui seul" if named else ""
            )
            return
        yield Matched(whole, owner)
        unproven = replace(whole, proven=False, account="")
        for found in self._members(others, whole):
            if isinstance(found, Unmatched):
                yield found
            elif found.id != owner.id:
                yield Matched(unproven, found, f"remise par le compte « {legible(whole.account)} »")

    def _is(self, name: str, trainee: Trainee) -> bool:
        known = self._people.known(name)
        return known.id == trainee.id if known else may_be(name, trainee.name)

    def _claimed(self, piece: Piece) -> tuple[str, ...]:
        """The names of those whom a piece would go to by what it says, or by what its sender called it."""
        who = piece.team
        if who.members:
            return who.members
        found: tuple[Trainee, ...] = ()
        if who.group:
            one = self._people.known(who.group)
            found = self._people.of_group(who.group) or ((one,) if one else ())
        else:
            found = self._of_document(piece) if isinstance(piece, Single) else ()
            one = self._known_by_path(piece)
            found = found or ((one,) if one else ())
        return tuple(each.name for each in found)

    def _contradicting(self, piece: Piece) -> str:
        """Who a piece comes from, when that is none of those it names; empty when nothing says so."""
        members = self._claimed(piece)
        if not members or self._received(piece.key):
            return ""
        trainees = [known for name in members if (known := self._people.known(name))]
        groups = frozenset().union(keys(piece.team.group), *(keys(each.group) for each in trainees))
        path = (piece.envelope.person, *piece.envelope.outer, *reversed(piece.envelope.names))
        people = (name for name in path if name and not keys(name) & groups)
        by = next((name for name in people if name == piece.envelope.person or self._people.known(name)), "")
        known = self._people.known(by) if by else None
        if not by or any(self._is(name, known) if known else may_be(name, by) for name in members):
            return ""
        return legible(by)

    def _twin(self, name: str, piece: Piece) -> str:
        """The number that Moodle gives a person, when it has another one of the same name."""
        same = keys(name) & keys(piece.envelope.person)
        many = any(len(self._numbers[key, piece.goal.id]) > 1 for key in same)
        return piece.envelope.number if many else ""


@dataclass(slots=True)
class Documents:
    """In whose hand-ins one canvas is: trainees, by the team they say they are."""

    teams: dict[bytes, list[str]]

    @property
    def only(self) -> list[str]:
        """The trainees, when they are one team; none when several teams have a copy."""
        return next(iter(self.teams.values())) if len(self.teams) == 1 else []

    def with_(self, student: str) -> list[str]:
        """A trainee's team, or she alone."""
        return next((students for students in self.teams.values() if student in students), [student])
