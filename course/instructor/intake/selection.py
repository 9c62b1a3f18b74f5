"""Selection of the version that counts, for each part of a trainee's hand-in for one goal.

The rules, whatever order files come in:
- Within one document the higher revision is later, whatever the clocks state.
- Another document with other words, and a hand-in that names fewer members or holds fewer canvases, replace nothing
  unasked. A file that states no document may be of any.
- Else the later date counts; a date after reception counts as the reception, and where a date between two documents is
  not sure, the instructor is asked.
- A single canvas takes the place of the same canvas by the same rules. An empty one replaces nothing.
- What the instructor put back by hand stays: a version that was there then never takes its place, and a later one is
  asked about.
- A zip proves nothing of who made it; the account of the exchange does. So a hand-in of the exchange is never replaced
  by one that came otherwise, nor the other way round where that is older, unless the instructor agreed.
- The results of the test that a hand-in lacks stay, those that it has take the place of the stored ones. So does its
  plan, by its revision or date; only whoever changes groups leaves the plan of the former one there.
- Nothing is destroyed: what is replaced is in `recus/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from course.core import syllabus, team, words
from course.core.answers import path_of
from course.core.answers.format import parse, texts
from course.core.handin.package import TESTS, notebook_name
from course.core.names import legible
from course.core.plan.format import PATH as PLAN
from course.core.plan.plan import newest
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.decisions import Decisions, Doubt, copy_text
from course.instructor.intake.piece import Piece, stamp_in
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.submission import EPOCH, Base, Merged, Submission, sealed


@dataclass(frozen=True, slots=True)
class Version:
    """A piece that may count.

    Attributes:
        piece: The piece.
        date: The date by which it is compared, in UTC to the second.
        remarks: Remarks on it for the table.
        known: Whether it was taken for this trainee before.
        sure: Whether its date may be right: it states one, neither after its reception nor long before it.
    """

    piece: Piece
    date: datetime
    remarks: tuple[Reason, ...] = ()
    known: bool = False
    sure: bool = True


class Verdict(NamedTuple):
    """Outcome of a version for one trainee, and its reasons."""

    version: Version
    outcome: Outcome
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Instructor:
    """The instructor's decisions on one trainee's hand-in for one goal, asked for where that is possible.

    Attributes:
        decisions: The decisions of the class.
        trainee: The trainee.
        goal: The goal.
        are_same: Returns whether two names certainly stand for one person.
        mates: Finds the other trainees for whom the same two pieces are in doubt, by the version and the other's key.
    """

    decisions: Decisions
    trainee: Trainee
    goal: Goal
    are_same: Callable[[str, str], bool]
    mates: Callable[[Version, str], Sequence[Trainee]] = lambda _version, _other: ()

    def approved(self, key: str, location: str, unproven: datetime, proven: datetime) -> bool | None:
        """Return whether an unproven piece may stand where a proven one would; None when nobody can be asked."""
        question = Reason(Why.WHICH_COPY, place=location, name=self.trainee.name, proven=proven, unproven=unproven)
        return self.decisions.approved(copy_text(key, self.trainee.id), question, Why.UNPROVEN_COPY, Why.PROVEN_COPY)

    def preferred(self, key: str, other: str) -> bool | None:
        """Return whether a piece counts rather than another one, by a decision made before; None without one."""
        return self.decisions.preferred(key, other)

    def prefer(self, version: Version, other: str, reason: Reason) -> bool | None:
        """Return whether a version takes the place of the piece of another key; None without an answer."""
        piece, trainees, doubt = version.piece, [self.trainee], Doubt(reason.why, version.piece.bundle)
        if not self.decisions.is_asked(doubt, self.trainee):
            trainees += self.mates(version, other)
        names = words.listed(trainee.name for trainee in trainees)
        question = Reason(Why.WHICH_COUNTS, place=piece.location, names=names, reason=reason)
        this = Reason(Why.THIS_ONE, date=version.date)
        return self.decisions.prefer(piece.key, other, question, this, doubt, trainees)

    def chosen(self, content: str) -> str:
        """Return the key of the version that was put back by hand for a notebook or a canvas; empty without one."""
        return self.decisions.chosen(self.trainee.id, content)

    def choose(self, content: str, key: str) -> None:
        """Record that another version counts now in the place of the one that was put back."""
        self.decisions.choose(self.trainee.id, self.goal, content, key)


@dataclass(frozen=True, slots=True)
class Absent(Instructor):
    """An instructor who answers nothing new, and changes nothing: collects what would be asked.

    Attributes:
        doubts: The keys of each version in doubt and of the piece that it would replace.
    """

    doubts: set[tuple[str, str]] = field(default_factory=set)

    def approved(self, key: str, location: str, unproven: datetime, proven: datetime) -> bool | None:  # noqa: ARG002
        """Return whether that was agreed to before; None without a decision."""
        return self.decisions.agreed(copy_text(key, self.trainee.id))

    def prefer(self, version: Version, other: str, reason: Reason) -> bool | None:  # noqa: ARG002
        """Collect the doubt."""
        self.doubts.add((version.piece.key, other))
        return None

    def choose(self, content: str, key: str) -> None:
        """Change nothing."""


class _Order(Enum):
    """Relation of a version to the stored one by documents and revisions, which no clock changes."""

    LATER = auto()
    EARLIER = auto()
    SAME = auto()
    BOTH_CHANGED = auto()
    OTHER = auto()  # another document, with other words
    UNKNOWN = auto()  # neither states a document or a revision that decides


_Judgement = tuple[Outcome, Reason | None]
_UNCHANGED = (Why.AGAIN, Why.SAME)  # accepted, and nothing is to be put in place for it


class Selection:
    """One trainee's hand-in for one goal, while versions are compared with it.

    Attributes:
        submission: The content of the trainee's folder as it stands after the versions so far.
        changed: Whether that differs from what is stored.
    """

    def __init__(self, stored: Submission, goal: Goal, instructor: Instructor) -> None:
        """Start from what is stored."""
        self._before = self.submission = stored
        self._goal, self._instructor = goal, instructor
        self._verdicts: dict[int, Verdict] = {}
        self._taken: Version | None = None
        self.changed = False

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict on each version."""
        return tuple(self._verdicts.values())

    # Hand-ins of a whole goal.

    def take_wholes(self, versions: Sequence[Version], files_of: Callable[[Piece], Mapping[str, bytes]]) -> None:
        """Take the version of the whole goal that counts; `files_of` returns the files of one."""
        chosen = self._instructor.chosen(self._goal.assignment)
        for version in sorted(
            versions,
            key=lambda one: (one.piece.key != chosen, not one.piece.proven, not one.sure, one.date, one.piece.key),
        ):
            base = self.submission.base
            stored = base is not None and base.key == version.piece.key and base.proven >= version.piece.proven
            stored = stored and not (version.piece.key == chosen and self.submission.merged)
            files = {} if stored else files_of(version.piece)
            outcome, reason = self._judged(version, files)
            if outcome is Outcome.ACCEPTED and not (reason and reason.why in _UNCHANGED):
                if (before := self._taken) is not None and before.piece.key == version.piece.key:
                    self._conclude(before, Outcome.ACCEPTED, Reason(Why.SAME, place=version.piece.location))
                elif before is not None:
                    self._conclude(before, Outcome.SUPERSEDED, Reason(Why.LATER_CAME, date=version.date))
                self._put(version, files)
            self._conclude(version, outcome, reason)

    def _judged(self, version: Version, files: Mapping[str, bytes]) -> _Judgement:
        base, whole = self.submission.base, version.piece
        chosen = self._instructor.chosen(self._goal.assignment)
        if base is not None and base.key == whole.key and not (chosen == whole.key and self._is_covered(files)):
            return Outcome.ACCEPTED, self._again(base, whole)
        if chosen and chosen == whole.key:
            return Outcome.ACCEPTED, Reason(Why.PUT_BACK)
        if chosen and base is not None and base.key == chosen:
            return self._after_choice(version, chosen, self._goal.assignment, base.date)
        order = self._order(version, files)
        newer = order is _Order.LATER or base is None or (order is not _Order.EARLIER and version.date > base.date)
        if base is not None and whole.proven != base.proven and (base.proven or not newer):
            return self._by_account(base, version, newer)
        return self._by_order(version, files, order, newer)

    def _by_order(self, version: Version, files: Mapping[str, bytes], order: _Order, newer: bool) -> _Judgement:
        base = self.submission.base or self._from_canvases()
        preferred = self._instructor.preferred(version.piece.key, base.key)
        if preferred is None:
            doubt = _doubt(order, base.date, base.sure and version.sure, newer)
            doubt = doubt or (self._fewer(base, files) if newer else None)
            if doubt and (preferred := self._instructor.prefer(version, base.key, doubt)) is None:
                return Outcome.UNMATCHED, doubt
        if preferred is False:
            return Outcome.SUPERSEDED, Reason(Why.NOT_CHOSEN, date=base.date)
        if order is _Order.EARLIER and not preferred:
            return Outcome.SUPERSEDED, Reason(Why.LATER_REVISION_STANDS)
        if self.submission.base is None:
            return Outcome.ACCEPTED, None
        return self._by_date(base, newer or bool(preferred))

    def _is_covered(self, files: Mapping[str, bytes]) -> bool:
        """Return whether canvases that came by themselves cover those of a hand-in, unasked since it was put back."""
        return any(
            path_of(objective) in files and single.code != self._instructor.chosen(objective)
            for objective, single in self.submission.merged.items()
        )

    def _from_canvases(self) -> Base:
        """Return a base that stands for the canvases, where all of them came one by one."""
        codes = "".join(canvas.code for canvas in self.submission.merged.values())
        return Base(hashlib.sha256(codes.encode()).hexdigest(), self.submission.date or EPOCH, proven=False)

    def _after_choice(self, version: Version, chosen: str, content: str, date: datetime) -> _Judgement:
        """Judge a version where the instructor has put another one back."""
        preferred = self._instructor.preferred(version.piece.key, chosen)
        if preferred is None and version.known:
            preferred = False
        if preferred is None:
            reason = Reason(Why.AFTER_CHOICE, date=date)
            preferred = self._instructor.prefer(version, chosen, reason)
            if preferred is None:
                return Outcome.UNMATCHED, reason
        if not preferred:
            return Outcome.SUPERSEDED, Reason(Why.NOT_CHOSEN, date=date)
        self._instructor.choose(content, version.piece.key)
        return Outcome.ACCEPTED, Reason(Why.REPLACES, date=date)

    def _by_account(self, base: Base, version: Version, newer: bool) -> _Judgement:
        """Judge one of two hand-ins of which the exchange vouches for one, where that is not simply the later one."""
        whole, date = version.piece, version.date
        if base.proven and not newer:
            return self._by_date(base, newer)
        if base.proven:
            approved = self._instructor.approved(whole.key, whole.location, date, base.date)
        else:
            approved = self._instructor.approved(base.key, whole.location, base.date, date)
        if approved is None:
            return Outcome.UNMATCHED, Reason(Why.WHICH_PROVEN if base.proven else Why.WHICH_LATER, date=base.date)
        if approved == base.proven:
            return self._by_date(base, newer=True)
        return Outcome.SUPERSEDED, Reason(Why.PROVEN_STAYS if base.proven else Why.CHOSEN_STAYS, date=base.date)

    def _order(self, version: Version, files: Mapping[str, bytes]) -> _Order:
        """Compare a hand-in with the stored one; a canvas that came by itself since is later than the stored one."""
        orders = set()
        for objective in self._goal.objectives:
            name = path_of(objective)
            if name in files and (stored := self.submission.files.get(name)) is not None:
                order = _order(objective.id, stored, files[name])
                single = self.submission.merged.get(objective.id)
                stays = single is not None and _outdates(objective.id, single, stored, files[name], version)
                if single is None or order is _Order.LATER or (order is _Order.OTHER and not stays):
                    orders.add(order)
        if _Order.OTHER in orders or (not orders and self._lost(files)):  # no canvas in common: another workbook
            return _Order.OTHER
        if _Order.BOTH_CHANGED in orders or {_Order.LATER, _Order.EARLIER} <= orders:
            return _Order.BOTH_CHANGED
        return next((order for order in (_Order.LATER, _Order.EARLIER, _Order.SAME) if order in orders), _Order.UNKNOWN)

    def _lost(self, files: Mapping[str, bytes]) -> list[str]:
        """Return the canvases in which something is written that a hand-in lacks, and would take away."""
        canvases = ((objective.id, path_of(objective)) for objective in self._goal.objectives)
        stored = self.submission
        return [
            objective
            for objective, name in canvases
            if name in stored.files
            and name not in files
            and objective not in stored.merged
            and _texts(objective, stored.files[name]) != frozenset()
        ]

    def _fewer(self, base: Base, files: Mapping[str, bytes]) -> Reason | None:
        """Return which stored canvases, or members, a hand-in lacks."""
        if lost := self._lost(files):
            return Reason(Why.FEWER_CANVASES, names=", ".join(lost), date=base.date)
        members = Submission(files).team.members
        same = self._instructor.are_same
        missing = [name for name in self.submission.team.members if not any(same(name, other) for other in members)]
        if not missing:
            return None
        return Reason(Why.FEWER_MEMBERS, names=", ".join(map(legible, missing)), date=base.date)

    def _again(self, base: Base, whole: Piece) -> Reason:
        if whole.proven and not base.proven:
            return Reason(Why.ALSO_BY_EXCHANGE)
        return Reason(Why.SAME, place=self._taken.piece.location) if self._taken else Reason(Why.AGAIN)

    def _by_date(self, base: Base, newer: bool) -> _Judgement:
        if not newer:
            return Outcome.SUPERSEDED, Reason(Why.LATER_STANDS, date=base.date)
        if self._taken is not None:
            return Outcome.ACCEPTED, None
        if members := self._before.team:
            return Outcome.ACCEPTED, Reason(Why.REPLACES_TEAMS, date=base.date, team=str(members))
        return Outcome.ACCEPTED, Reason(Why.REPLACES, date=base.date)

    def _put(self, version: Version, files: Mapping[str, bytes]) -> None:
        whole = version.piece
        tests = {name: raw for name, raw in self.submission.files.items() if name in TESTS}
        content, merged = {**tests, **files}, {}
        back = whole.key == self._instructor.chosen(self._goal.assignment)
        for objective, single in self._before.merged.items():
            name = path_of(objective)
            stored = self._before.files[name]
            stays = name not in content or single.code == self._instructor.chosen(objective)
            if stays or (not back and _outdates(objective, single, stored, content[name], version)):
                content[name], merged[objective] = stored, single
        copies = [files[PLAN] for files in (self.submission.files, content) if PLAN in files]
        if not back and not self._is_other_people(content) and (plan := newest(copies)):
            content[PLAN] = plan
        self.submission = sealed(content, Base(whole.key, version.date, whole.proven, version.sure), merged)
        self._taken, self.changed = version, True

    def _is_other_people(self, content: Mapping[str, bytes]) -> bool:
        """Return whether a hand-in is of another workbook and of another group: the trainee has changed groups."""
        if self._documents(self.submission.files) & self._documents(content):
            return False
        same = self._instructor.are_same
        before, now = self.submission.team, Submission(content).team
        if before.group and same(before.group, now.group):
            return False
        if not (before.members or now.members):
            return bool(before.group and now.group)
        own = self._instructor.trainee.name
        mates, others = ([name for name in who.members if not same(name, own)] for who in (before, now))
        return bool(mates or others) and not any(same(one, other) for one in mates for other in others)

    def _documents(self, files: Mapping[str, bytes]) -> set[str]:
        return {stamp_in(files.get(path_of(objective))).document for objective in self._goal.objectives} - {""}

    # Canvases that came by themselves.

    def take_singles(self, versions: Sequence[Version], raw_of: Callable[[str], bytes], team_raw: bytes) -> None:
        """Take canvases that came by themselves, each where it is the latest.

        Args:
            versions: The canvases.
            raw_of: Returns the bytes of an original, by its SHA-256.
            team_raw: The `equipe.json` of this trainee, where canvases alone were handed in: a hand-in has its own.
        """
        latest: dict[str, Version] = {}
        for version in sorted(versions, key=lambda version: (not version.sure, version.date, version.piece.key)):
            single = version.piece
            name = path_of(single.objective)
            raw = raw_of(single.code)
            outcome, reason = self._compared(version, raw, self.submission.files.get(name))
            if outcome is Outcome.ACCEPTED and reason.why not in _UNCHANGED:
                if before := latest.get(single.objective):
                    self._conclude(before, Outcome.SUPERSEDED, Reason(Why.LATER_CANVAS_CAME, place=single.location))
                latest[single.objective] = version
                own = {} if self.submission.base else {team.FILE: team_raw}
                files = {**own, **self.submission.files, name: raw}
                if single.notebook:
                    files[notebook_name(single.goal)] = raw_of(single.notebook)
                merged = {**self.submission.merged, single.objective: Merged(single.code, version.date)}
                self.submission, self.changed = sealed(files, self.submission.base, merged), True
            elif outcome is Outcome.SUPERSEDED and single.objective in latest:
                reason = Reason(Why.LATER_CANVAS_CAME, place=latest[single.objective].piece.location)
            self._conclude(version, outcome, reason)

    def _compared(self, version: Version, raw: bytes, stored: bytes | None) -> tuple[Outcome, Reason]:
        single = version.piece
        if single.blank:
            return Outcome.REFUSED, Reason(Why.BLANK)
        if stored is None:
            return Outcome.ACCEPTED, Reason(Why.CANVAS_ADDED, objective=single.objective)
        if hashlib.sha256(stored).hexdigest() == single.code:
            return Outcome.ACCEPTED, Reason(Why.AGAIN)
        own = self.submission.merged.get(single.objective)
        date = own.date if own else self._date_of(stored, single.objective)
        return self._by_choice(version, own, date) or self._by_revision(version, raw, stored, date)

    def _date_of(self, stored: bytes, objective: str) -> datetime | None:
        """Return the date of a stored canvas that came with a whole hand-in; None for an unreadable one."""
        if _texts(objective, stored) is None:
            return None
        return stamp_in(stored).saved or (self.submission.base.date if self.submission.base else None)

    def _by_choice(self, version: Version, own: Merged | None, date: datetime | None) -> tuple[Outcome, Reason] | None:
        """Judge a canvas where the instructor has put one back, or a hand-in; None where neither is so."""
        single, base = version.piece, self.submission.base
        chosen, whole = self._instructor.chosen(single.objective), self._instructor.chosen(self._goal.assignment)
        if chosen == single.key:
            return Outcome.ACCEPTED, Reason(Why.PUT_BACK)
        key = chosen if own and own.code == chosen else whole if base and base.key == whole and own is None else ""
        if not key:
            return None
        outcome, reason = self._after_choice(version, key, single.objective, date or version.date)
        return outcome, reason or Reason(Why.CANVAS_REPLACES_UNDATED, objective=single.objective)

    def _by_revision(
        self, version: Version, raw: bytes, stored: bytes, date: datetime | None
    ) -> tuple[Outcome, Reason]:
        """Judge a canvas by its document and revision, else by its date and that of the stored one."""
        single, code = version.piece, hashlib.sha256(stored).hexdigest()
        order = _order(single.objective, stored, raw)
        newer = order is _Order.LATER or (order is not _Order.EARLIER and (date is None or version.date > date))
        preferred = self._instructor.preferred(single.key, code)
        if preferred is None and date is not None and (doubt := _doubt(order, date, version.sure, newer)):
            preferred = self._instructor.prefer(version, code, doubt)
            if preferred is None:
                return Outcome.UNMATCHED, doubt
        if not (newer if preferred is None else preferred):
            if order is _Order.EARLIER or date is None:
                return Outcome.SUPERSEDED, Reason(Why.LATER_REVISION_STANDS)
            return Outcome.SUPERSEDED, Reason(Why.LATER_CANVAS_STANDS, date=date)
        if held := self._held_back(version):
            return held
        if date is None:
            return Outcome.ACCEPTED, Reason(Why.CANVAS_REPLACES_UNDATED, objective=single.objective)
        return Outcome.ACCEPTED, Reason(Why.CANVAS_REPLACES, objective=single.objective, date=date)

    def _held_back(self, version: Version) -> tuple[Outcome, Reason] | None:
        """Judge a canvas that would replace that of a proven hand-in; None where it may."""
        single, base = version.piece, self.submission.base
        if base is None or not base.proven or single.objective in self.submission.merged:
            return None
        approved = self._instructor.approved(single.key, single.location, version.date, base.date)
        if approved is None:
            return Outcome.UNMATCHED, Reason(Why.CANVAS_WAITS, date=base.date)
        return None if approved else (Outcome.SUPERSEDED, Reason(Why.PROVEN_STAYS, date=base.date))

    def _conclude(self, version: Version, outcome: Outcome, reason: Reason | None) -> None:
        if version.known and outcome is Outcome.SUPERSEDED and reason:
            reason = Reason(Why.AGAIN_BUT, reason=reason)
        reasons = (reason, *version.remarks) if reason else version.remarks
        self._verdicts[id(version.piece)] = Verdict(version, outcome, reasons)


def _doubt(order: _Order, date: datetime, sure: bool, newer: bool) -> Reason | None:
    """Return why the instructor is to be asked which of two versions counts; None where the rules decide.

    Args:
        order: How the version relates to the stored one.
        date: The date of the stored one.
        sure: Whether the dates of both may be right.
        newer: Whether the version would count.
    """
    if order is _Order.BOTH_CHANGED:
        return Reason(Why.BOTH_CHANGED, date=date)
    if order is not _Order.OTHER:
        return None
    if not sure:
        return Reason(Why.UNSURE_DATE, date=date)
    return Reason(Why.OTHER_WORKBOOK, date=date) if newer else None


def _outdates(objective: str, single: Merged, stored: bytes, raw: bytes, version: Version) -> bool:
    """Return whether a stored canvas that came by itself is later than that of a hand-in."""
    order = _order(objective, raw, stored)
    saved = stamp_in(raw).saved if _texts(objective, raw) is not None else None
    return order is _Order.LATER or (order is not _Order.EARLIER and single.date > (saved or version.date))


def _order(objective: str, stored: bytes, raw: bytes) -> _Order:
    """Compare the answers of one canvas with the stored ones."""
    one, other = stamp_in(stored), stamp_in(raw)
    if stored == raw:
        return _Order.SAME
    before, after = _texts(objective, stored) or frozenset[str](), _texts(objective, raw)
    if after is None or (one.document and one.document != other.document):  # one that states none may be of any
        # Work that was continued elsewhere and still holds all stored words: nothing would be lost.
        return _Order.UNKNOWN if before <= (after or frozenset()) else _Order.OTHER
    if not one.document:
        return _Order.UNKNOWN
    if one.revision == other.revision:
        return _Order.SAME if before == after else _Order.BOTH_CHANGED
    return _Order.LATER if other.revision > one.revision else _Order.EARLIER


def _texts(objective: str, raw: bytes) -> frozenset[str] | None:
    """Return all that is written in the answers of a canvas; None where they are unreadable."""
    try:
        return texts(parse(raw, syllabus.load().objective(objective)))
    except Unreadable:
        return None
