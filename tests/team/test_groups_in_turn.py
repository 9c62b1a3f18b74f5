"""One computer, several groups in turn: whatever they do, texts stay under the names of those who wrote them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from course.core import team
from course.core.authorship import Authorship
from course.core.team import Team, same_people

GROUPS = (
    Team("Les Baobabs", ("Awa Ouédraogo", "Issa Kaboré")),
    Team("Les Caïlcédrats", ("Fatou Traoré", "Moussa Diallo")),
    Team("", ("Rasmané Zongo", "Aminata Cissé")),
    Team("Groupe 4"),
)


class Computer(RuleBasedStateMachine):
    """One workbook, several groups in turn who type, answer truly or not at all, write, reload and hand in.

    The pure core is driven as `authorship` drives it, with what a disk would hold in three fields.
    """

    @initialize(owner=st.sampled_from(GROUPS))
    def begin(self, owner: Team) -> None:
        self.record, self.present = Authorship(), owner
        self.form = owner
        self.answers = "1"
        self.confirm(owner, anew=True)
        self.typing()

    def confirm(self, who: Team, anew: bool = False) -> None:
        """Keeps the names under which answers stand rightly."""
        if anew:
            self.groups, self.people = set[str](), set[str]()
        self.groups |= {who.group} - {""}
        self.people |= {*who.members}

    def typing(self) -> None:
        self.record, may_be_written = self.record.proposed(self.present, self.form, self.answers)
        if may_be_written:
            self.present = self.form

    @rule(name=st.sampled_from(GROUPS), letters=st.integers(0, 20))
    def type_the_group(self, name: Team, letters: int) -> None:
        self.form = Team(name.group[:letters], self.form.members)
        self.typing()

    @rule(who=st.sampled_from(GROUPS), place=st.integers(0, 3), letters=st.integers(0, 20), keep=st.integers(0, 20))
    def type_a_person(self, who: Team, place: int, letters: int, keep: int) -> None:
        members = [*self.form.members, ""]
        at = place % len(members)
        new = who.members[place % len(who.members)] if who.members else ""
        members[at] = (members[at][:keep] + new[:letters]).strip()
        self.form = Team(self.form.group, tuple(filter(None, members)))
        self.typing()

    @rule(who=st.sampled_from(GROUPS))
    def type_all(self, who: Team) -> None:
        self.form = who
        self.typing()

    @rule(place=st.integers(0, 3))
    def slip_and_write(self, place: int) -> None:
        """A letter less at the end of a name, and words under it."""
        if not self.form.members:
            return
        members = list(self.form.members)
        members[place % len(members)] = members[place % len(members)][:-1].strip()
        self.form = Team(self.form.group, tuple(filter(None, members)))
        self.typing()
        self.write()

    @rule()
    def reload(self) -> None:
        self.record = self.record.settled(self.present, self.answers, claimed=True)
        self.form = self.record.held or self.present

    @rule()
    def write(self) -> None:
        self.answers += "1"
        if self.record.held is None:
            self.confirm(self.present)

    @precondition(lambda self: self.record.held is None and self.record.covers(self.present))
    @rule()
    def hand_in(self) -> None:
        self.record = self.record.handed_in(self.present, self.answers)
        self.confirm(self.present)

    @precondition(lambda self: self.record.held is not None)
    @rule()
    def say_other_people(self) -> None:
        assert not self.record.covers(self.present)
        self.record, self.present = (
            Authorship(self.record.names, self.record.confirmed, self.answers),
            self.record.names,
        )
        self.form = self.present

    @precondition(lambda self: self.record.held is not None and self.record.held)
    @rule()
    def say_correction(self) -> None:
        assert self.record.held is not None
        self.present = self.form = self.record.held
        self.record = self.record.corrected(self.present, self.answers)
        self.confirm(self.present, anew=True)

    @invariant()
    def everybody_under_whose_names_the_answers_stood_is_named(self) -> None:
        if not hasattr(self, "record"):
            return
        for group in self.groups:
            assert differs_little(group, self.present.group), (group, self.present)
        for person in self.people:
            assert any(differs_little(person, name) for name in self.present.members), (person, self.present)

    @invariant()
    def what_is_held_is_nowhere_else(self) -> None:
        if hasattr(self, "record") and self.record.held is not None:
            assert self.record.held != self.present
            assert not self.record.covers(self.record.held)


def differs_little(one: str, other: str) -> bool:
    """Whether all words of a name are in another one, but for at most four letters in all of them."""
    words, others = set(one.casefold().split()), set(other.casefold().split())
    missing = "".join(sorted(words - others))
    extra = "".join(sorted(others - words))
    left = list(extra)
    lost = 0
    for letter in missing:
        if letter in left:
            left.remove(letter)
        else:
            lost += 1
    return lost <= 4


TestComputer = Computer.TestCase
TestComputer.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


@given(st.sampled_from(GROUPS), st.sampled_from(GROUPS))
def test_names_grow_without_being_lost(before: Team, after: Team) -> None:
    joined = Team(before.group or after.group, (*before.members, *after.members))
    assert same_people(before, team.grown(before, joined)) or before.group != joined.group
