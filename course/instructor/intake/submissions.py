"""One trainee's hand-in for one goal: what stands in her folder, and which version of each part counts.

The rules, the same whatever order files come in:
- Within one document the higher revision is later, whatever the clocks say.
- Another document, as long as it says other words, and a hand-in that names fewer members or holds fewer canvases
  replace nothing unasked. Who says no document may be anybody.
- Else the latest by its date counts; a date after reception counts as the reception, and where a date between two
  documents is not sure, it is asked.
- A single canvas takes the place of the same canvas by the same rules. An empty one replaces nothing.
- What the instructor put back by hand stays: what was there then never takes its place, what comes later is asked.
- A zip proves nothing of who made it; the account of the exchange does. So what came through the exchange is never
  replaced by what came otherwise, nor the other way when that is older, unless the instructor said so.
- Nothing is destroyed: what is replaced is in `recus/`.

`provenance.json`, beside what was handed in, says what each file is of; without it (a hand-in that nbgrader collected)
the date is that of `timestamp.txt`, and the exchange is known by its secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, NamedTuple, Protocol

from course.core import syllabus, team, zips
from course.core.answers import path_of
from course.core.answers.format import MAX_BYTES, load, parse, texts
from course.core.documents import moment_of, read_json, utc
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.handin.package import notebook_name
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort import receipt
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import DATE, SECRET
from course.instructor.intake.names import may_be
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.sources import Piece, Stamp, stamp_of

PROVENANCE = "provenance.json"
FORMAT = "provenance/1"
MOMENT = "%Y-%m-%d %H:%M:%S UTC"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SMALL = 64 * 1024


@dataclass(frozen=True, slots=True)
class Base:
    """What was handed in at once: its key, its date, whether the exchange vouches for it, whether the date is sure."""

    key: str
    date: datetime
    proven: bool
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Merged:
    """A canvas that came by itself: the SHA-256 of its file, and when it was saved."""

    code: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """What is, or will be, in a trainee's folder.

    Attributes:
        files: By name, their bytes.
        base: What was handed in at once; None when all of it came canvas by canvas.
        merged: By objective, the canvases that came by themselves.
        recoverable: Whether all of it can be made again from `recus/`.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    base: Base | None = None
    merged: Mapping[str, Merged] = field(default_factory=dict)
    recoverable: bool = False

    @property
    def date(self) -> datetime | None:
        """When the last of it was handed in; None when nothing is there."""
        dates = [canvas.date for canvas in self.merged.values()] + ([self.base.date] if self.base else [])
        return max(dates, default=None)

    @property
    def team(self) -> Team:
        """Who handed it in, as they say."""
        return team.or_nobody(self.files.get(team.FILE))


def names(goal: Goal) -> tuple[str, ...]:
    """The files of a goal's hand-in, answers first."""
    answers = map(path_of, goal.objectives)
    return (*answers, notebook_name(goal), team.FILE, manifest.FILE, SECRET)


def present(cohort: Cohort, student: str, goal: Goal) -> Submission:
    """What is in a trainee's folder; nothing there is followed or believed."""
    files: dict[str, bytes] = {}
    for name in (*names(goal), DATE, PROVENANCE):
        try:
            raw = read_bytes(cohort.submitted, student, goal.assignment, *name.split("/"), limit=zips.HANDIN.file)
        except (Unreadable, OSError):
            continue  # grading says it; `recoverable` stays false, so that it is not lost
        if raw is not None:
            files[name] = raw
    if not files:
        return Submission()
    if (submission := _by_provenance(files)) is not None:
        return submission
    date = parsed_date(files.get(DATE, b"")) or _EPOCH
    key = hashlib.sha256(files[manifest.FILE]).hexdigest() if manifest.FILE in files else ""
    return Submission(files, Base(key, date, SECRET in files))


def parsed_date(raw: bytes) -> datetime | None:
    """The date in the bytes of a `timestamp.txt`, in UTC; None when nobody can read it."""
    text = raw.decode("ascii", errors="replace").strip()
    for form in (MOMENT, "%Y-%m-%d %H:%M:%S.%f UTC"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return receipt.parsed(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def sealed(files: Mapping[str, bytes], base: Base | None, merged: Mapping[str, Merged]) -> Submission:
    """A submission with its date and provenance written."""
    content = {name: raw for name, raw in files.items() if name not in (DATE, PROVENANCE)}
    submission = Submission(content, base, merged, recoverable=True)
    content[DATE] = (submission.date or _EPOCH).strftime(MOMENT).encode()
    document = {
        "format": FORMAT,
        "base": None if base is None else {**asdict(base), "date": utc(base.date)},
        "merged": {name: {"code": canvas.code, "date": utc(canvas.date)} for name, canvas in sorted(merged.items())},
        "files": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(content.items())},
    }
    content[PROVENANCE] = (json.dumps(document, indent=1) + "\n").encode()
    return submission


def _by_provenance(files: Mapping[str, bytes]) -> Submission | None:
    """The submission that `provenance.json` describes, when every file is still what it was then."""
    try:
        match read_json(files.get(PROVENANCE, b""), _SMALL):
            case {"format": "provenance/1", "base": base, "merged": dict(merged), "files": dict(sums)}:
                canvases = {
                    name: Merged(str(canvas["code"]), moment_of(canvas["date"])) for name, canvas in merged.items()
                }
                whole = None if base is None else _base(base)
            case _:
                return None
    except (Unreadable, LookupError, TypeError, ValueError):
        return None
    now = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items() if name != PROVENANCE}
    return Submission(files, whole, canvases, recoverable=True) if now == sums else None


def _base(fields: Mapping[str, Any]) -> Base:
    return Base(fields["key"], moment_of(fields["date"]), fields["proven"] is True, fields.get("sure", True) is True)


def stamp_in(raw: bytes | None) -> Stamp:
    """The stamp in the bytes of an answers file; an empty one when they are none."""
    try:
        return stamp_of(read_json(raw or b"", MAX_BYTES))
    except Unreadable:
        return Stamp()


@dataclass(frozen=True, slots=True)
class Version:
    """A piece that may count.

    Attributes:
        piece: It.
        date: The date by which it is compared, in UTC to the second.
        remarks: What is to be known of it.
        known: Whether it was received before.
        sure: Whether its date may be right: it says one, neither after its reception nor long before it.
    """

    piece: Piece
    date: datetime
    remarks: tuple[Reason, ...] = ()
    known: bool = False
    sure: bool = True


class Verdict(NamedTuple):
    """What became of a version for one trainee, and why."""

    version: Version
    outcome: Outcome
    reasons: tuple[Reason, ...]


class Instructor(Protocol):
    """What only the instructor knows, of one trainee; None when nobody can be asked."""

    def approved(self, key: str, place: str, unproven: datetime, proven: datetime) -> bool | None:
        """Whether an unproven piece may stand where a proven one would."""

    def preferred(self, key: str, other: str) -> bool | None:
        """Whether a piece counts rather than another one, as she said before."""

    def prefer(self, version: Version, other: str, reason: Reason) -> bool | None:
        """Whether a version takes the place of what is there; `other` is the key of that."""

    def chosen(self, content: str) -> str:
        """The key of what she put back by hand for a notebook or a canvas; empty when she did not."""

    def choose(self, content: str, key: str) -> None:
        """Notes that something else counts now in the place of what she put back."""


class _Order(Enum):
    """How a version stands to what is there, by what cannot be wrong: documents and revisions."""

    LATER = auto()
    EARLIER = auto()
    SAME = auto()
    BOTH_CHANGED = auto()
    OTHER = auto()  # another document, with other words
    UNKNOWN = auto()  # nothing says


_Judgement = tuple[Outcome, Reason | None]
_UNCHANGED = (Why.AGAIN, Why.SAME)  # accepted, and nothing is to be put in place for it


class Selection:
    """One trainee's hand-in for one goal, as versions come."""

    def __init__(self, now: Submission, goal: Goal, instructor: Instructor) -> None:
        """Starts from what is there."""
        self._before = self.submission = now
        self._goal, self._instructor = goal, instructor
        self._verdicts: dict[int, Verdict] = {}
        self._taken: Version | None = None
        self.changed = False

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What became of each piece."""
        return tuple(self._verdicts.values())

    def take_wholes(self, versions: Sequence[Version], files_of: Callable[[Piece], Mapping[str, bytes]]) -> None:
        """Takes the latest of what was handed in at once; `files_of` gives the files that stand for one."""
        chosen = self._instructor.chosen(self._goal.assignment)
        for version in sorted(
            versions,
            key=lambda one: (one.piece.key != chosen, not one.piece.proven, not one.sure, one.date, one.piece.key),
        ):
            base = self.submission.base
            there = base is not None and base.key == version.piece.key and base.proven >= version.piece.proven
            there = there and not (version.piece.key == chosen and self.submission.merged)
            files = {} if there else files_of(version.piece)
            outcome, reason = self._judged(version, files)
            if outcome is Outcome.ACCEPTED and not (reason and reason.why in _UNCHANGED):
                if (before := self._taken) is not None and before.piece.key == version.piece.key:
                    self._conclude(before, Outcome.ACCEPTED, Reason(Why.SAME, place=version.piece.place))
                elif before is not None:
                    self._conclude(before, Outcome.SUPERSEDED, Reason(Why.LATER_CAME, date=version.date))
                self._put(version, files)
            self._conclude(version, outcome, reason)

    def _judged(self, version: Version, files: Mapping[str, bytes]) -> _Judgement:  # noqa: PLR0911
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
        loses = whole.proven and newer and self._lost(files)
        if base is not None and (whole.proven or base.proven) and not loses:
            return self._by_account(base, version, newer)
        there = base or self._from_canvases()
        said = self._instructor.preferred(whole.key, there.key)
        if said is None and (doubt := self._doubt(there, version, files, order, newer)):
            said = self._instructor.prefer(version, there.key, doubt)
            if said is None:
                return Outcome.UNMATCHED, doubt
        if said is False:
            return Outcome.SUPERSEDED, Reason(Why.NOT_CHOSEN, date=there.date)
        if order is _Order.EARLIER and not said:
            return Outcome.SUPERSEDED, Reason(Why.LATER_REVISION_STANDS)
        return self._by_date(there, newer or bool(said)) if base is not None else (Outcome.ACCEPTED, None)

    def _is_covered(self, files: Mapping[str, bytes]) -> bool:
        """Whether canvases that came by themselves stand over those of a hand-in, unasked since it was put back."""
        return any(
            path_of(objective) in files and single.code != self._instructor.chosen(objective)
            for objective, single in self.submission.merged.items()
        )

    def _from_canvases(self) -> Base:
        """What stands in for what was handed in at once, where all of it came canvas by canvas."""
        codes = "".join(canvas.code for canvas in self.submission.merged.values())
        return Base(hashlib.sha256(codes.encode()).hexdigest(), self.submission.date or _EPOCH, proven=False)

    def _after_choice(self, version: Version, chosen: str, content: str, date: datetime) -> _Judgement:
        """What becomes of a version where the instructor has put another one back."""
        said = self._instructor.preferred(version.piece.key, chosen)
        if said is None and version.known:
            said = False
        if said is None:
            reason = Reason(Why.AFTER_CHOICE, date=date)
            said = self._instructor.prefer(version, chosen, reason)
            if said is None:
                return Outcome.UNMATCHED, reason
        if not said:
            return Outcome.SUPERSEDED, Reason(Why.NOT_CHOSEN, date=date)
        self._instructor.choose(content, version.piece.key)
        return Outcome.ACCEPTED, Reason(Why.REPLACES, date=date)

    def _by_account(self, base: Base, version: Version, newer: bool) -> _Judgement:
        whole, date = version.piece, version.date
        if whole.proven in (base.proven, newer):
            return self._by_date(base, newer)
        if base.proven:
            approved = self._instructor.approved(whole.key, whole.place, date, base.date)
        else:
            approved = self._instructor.approved(base.key, whole.place, base.date, date)
        if approved is None:
            return Outcome.UNMATCHED, Reason(Why.WHICH_PROVEN if base.proven else Why.WHICH_LATER, date=base.date)
        if approved == base.proven:
            return self._by_date(base, newer=True)
        return Outcome.SUPERSEDED, Reason(Why.PROVEN_STAYS if base.proven else Why.CHOSEN_STAYS, date=base.date)

    def _order(self, version: Version, files: Mapping[str, bytes]) -> _Order:
        """How a hand-in stands to what is there; a canvas that came by itself since is later than what was there."""
        orders = set()
        for objective in self._goal.objectives:
            name = path_of(objective)
            if name in files and (there := self.submission.files.get(name)) is not None:
                order = _order(objective.id, there, files[name])
                single = self.submission.merged.get(objective.id)
                stays = single is not None and _outdates(objective.id, single, there, files[name], version)
                if single is None or order is _Order.LATER or (order is _Order.OTHER and not stays):
                    orders.add(order)
        if _Order.OTHER in orders or (not orders and self._lost(files)):  # no canvas in common: another workbook
            return _Order.OTHER
        if _Order.BOTH_CHANGED in orders or {_Order.LATER, _Order.EARLIER} <= orders:
            return _Order.BOTH_CHANGED
        return next((order for order in (_Order.LATER, _Order.EARLIER, _Order.SAME) if order in orders), _Order.UNKNOWN)

    def _lost(self, files: Mapping[str, bytes]) -> list[str]:
        """The canvases in which something is written that a hand-in lacks, and would take away."""
        canvases = ((each.id, path_of(each)) for each in self._goal.objectives)
        there = self.submission
        return [
            objective
            for objective, name in canvases
            if name in there.files
            and name not in files
            and objective not in there.merged
            and _words(objective, there.files[name]) != frozenset()
        ]

    def _doubt(
        self, base: Base, version: Version, files: Mapping[str, bytes], order: _Order, newer: bool
    ) -> Reason | None:
        """Why it is to be asked which of two counts; None when that is known."""
        if order is _Order.BOTH_CHANGED:
            return Reason(Why.BOTH_CHANGED, date=base.date)
        if order is _Order.OTHER and not (base.sure and version.sure):
            return Reason(Why.UNSURE_DATE, date=base.date)
        if order is _Order.OTHER and newer:
            return Reason(Why.OTHER_WORKBOOK, date=base.date)
        return self._fewer(base, files) if newer else None

    def _fewer(self, base: Base, files: Mapping[str, bytes]) -> Reason | None:
        """What a hand-in lacks of what is there: canvases, or members."""
        if lost := self._lost(files):
            return Reason(Why.FEWER_CANVASES, names=", ".join(lost), date=base.date)
        members = Submission(files).team.members
        left = [name for name in self.submission.team.members if not any(may_be(name, other) for other in members)]
        return Reason(Why.FEWER_MEMBERS, names=", ".join(map(legible, left)), date=base.date) if left else None

    def _again(self, base: Base, whole: Piece) -> Reason:
        if whole.proven and not base.proven:
            return Reason(Why.ALSO_BY_EXCHANGE)
        return Reason(Why.SAME, place=self._taken.piece.place) if self._taken else Reason(Why.AGAIN)

    def _by_date(self, base: Base, newer: bool) -> _Judgement:
        if not newer:
            return Outcome.SUPERSEDED, Reason(Why.LATER_STANDS, date=base.date)
        if self._taken is not None:
            return Outcome.ACCEPTED, None
        if who := self._before.team:
            return Outcome.ACCEPTED, Reason(Why.REPLACES_TEAMS, date=base.date, team=str(who))
        return Outcome.ACCEPTED, Reason(Why.REPLACES, date=base.date)

    def _put(self, version: Version, files: Mapping[str, bytes]) -> None:
        whole = version.piece
        content, merged = dict(files), {}
        back = whole.key == self._instructor.chosen(self._goal.assignment)
        for objective, single in self._before.merged.items():
            name = path_of(objective)
            there = self._before.files[name]
            stays = name not in content or single.code == self._instructor.chosen(objective)
            if stays or (not back and _outdates(objective, single, there, content[name], version)):
                content[name], merged[objective] = there, single
        self.submission = sealed(content, Base(whole.key, version.date, whole.proven, version.sure), merged)
        self._taken, self.changed = version, True

    def take_singles(self, versions: Sequence[Version], raw_of: Callable[[str], bytes], team_raw: bytes) -> None:
        """Takes canvases that came by themselves, each where it is the latest.

        Args:
            versions: The canvases.
            raw_of: Gives the bytes of an original, by its SHA-256.
            team_raw: The `equipe.json` of this trainee, for when there is none.
        """
        latest: dict[str, Version] = {}
        for version in sorted(versions, key=lambda version: (not version.sure, version.date, version.piece.key)):
            single = version.piece
            name = path_of(single.objective)
            raw = raw_of(single.code)
            outcome, reason = self._compared(version, raw, self.submission.files.get(name))
            if outcome is Outcome.ACCEPTED and reason.why not in _UNCHANGED:
                if before := latest.get(single.objective):
                    self._conclude(before, Outcome.SUPERSEDED, Reason(Why.LATER_CANVAS_CAME, place=single.place))
                latest[single.objective] = version
                files = {team.FILE: team_raw, **self.submission.files, name: raw}
                if single.notebook:
                    files[notebook_name(single.goal)] = raw_of(single.notebook)
                merged = {**self.submission.merged, single.objective: Merged(single.code, version.date)}
                self.submission, self.changed = sealed(files, self.submission.base, merged), True
            elif outcome is Outcome.SUPERSEDED and single.objective in latest:
                reason = Reason(Why.LATER_CANVAS_CAME, place=latest[single.objective].piece.place)
            self._conclude(version, outcome, reason)

    def _compared(self, version: Version, raw: bytes, there: bytes | None) -> tuple[Outcome, Reason]:  # noqa: PLR0911
        single, date = version.piece, version.date
        if single.blank:
            return Outcome.REFUSED, Reason(Why.BLANK)
        if there is None:
            return Outcome.ACCEPTED, Reason(Why.CANVAS_ADDED, objective=single.objective)
        code = hashlib.sha256(there).hexdigest()
        if code == single.code:
            return Outcome.ACCEPTED, Reason(Why.AGAIN)
        own, base = self.submission.merged.get(single.objective), self.submission.base
        current = own.date if own else _saved(there, single.objective)
        if current is None and base is not None and _is_readable(there, single.objective):
            current = base.date
        if held := self._by_choice(version, own, current):
            return held
        order = _order(single.objective, there, raw)
        newer = order is _Order.LATER or (order is not _Order.EARLIER and (current is None or date > current))
        said = self._instructor.preferred(single.key, code)
        if said is None and (doubt := self._doubt_of(version, order, newer, current)):
            said = self._instructor.prefer(version, code, doubt)
            if said is None:
                return Outcome.UNMATCHED, doubt
        if not (newer if said is None else said):
            late = order is not _Order.EARLIER and current is not None
            return Outcome.SUPERSEDED, (
                Reason(Why.LATER_CANVAS_STANDS, date=current) if late and current else Reason(Why.LATER_REVISION_STANDS)
            )
        if base is not None and base.proven and own is None and (held := self._held_back(single, date, base.date)):
            return held
        if current is None:
            return Outcome.ACCEPTED, Reason(Why.CANVAS_REPLACES_UNDATED, objective=single.objective)
        return Outcome.ACCEPTED, Reason(Why.CANVAS_REPLACES, objective=single.objective, date=current)

    def _by_choice(
        self, version: Version, own: Merged | None, current: datetime | None
    ) -> tuple[Outcome, Reason] | None:
        """What becomes of a canvas where the instructor has put one back, or a hand-in; None when she has not."""
        single, base = version.piece, self.submission.base
        chosen, whole = self._instructor.chosen(single.objective), self._instructor.chosen(self._goal.assignment)
        if chosen == single.key:
            return Outcome.ACCEPTED, Reason(Why.PUT_BACK)
        key = chosen if own and own.code == chosen else whole if base and base.key == whole and own is None else ""
        if not key:
            return None
        outcome, reason = self._after_choice(version, key, single.objective, current or version.date)
        return outcome, reason or Reason(Why.CANVAS_REPLACES_UNDATED, objective=single.objective)

    @staticmethod
    def _doubt_of(version: Version, order: _Order, newer: bool, current: datetime | None) -> Reason | None:
        if current is None:
            return None
        if order is _Order.BOTH_CHANGED:
            return Reason(Why.BOTH_CHANGED, date=current)
        if order is not _Order.OTHER:
            return None
        if not version.sure:
            return Reason(Why.UNSURE_DATE, date=current)
        return Reason(Why.OTHER_WORKBOOK, date=current) if newer else None

    def _held_back(self, single: Piece, date: datetime, proven: datetime) -> tuple[Outcome, Reason] | None:
        """What becomes of a canvas that would replace that of a proven copy; None when it may."""
        approved = self._instructor.approved(single.key, single.place, date, proven)
        if approved is None:
            return Outcome.UNMATCHED, Reason(Why.CANVAS_WAITS, date=proven)
        return None if approved else (Outcome.SUPERSEDED, Reason(Why.PROVEN_STAYS, date=proven))

    def _conclude(self, version: Version, outcome: Outcome, reason: Reason | None) -> None:
        if version.known and outcome is Outcome.SUPERSEDED and reason:
            reason = Reason(Why.AGAIN_BUT, reason=reason)
        reasons = (reason, *version.remarks) if reason else version.remarks
        self._verdicts[id(version.piece)] = Verdict(version, outcome, reasons)


def _outdates(objective: str, single: Merged, there: bytes, raw: bytes, version: Version) -> bool:
    """Whether a canvas that came by itself is later than that of a hand-in."""
    order = _order(objective, raw, there)
    return order is _Order.LATER or (
        order is not _Order.EARLIER and single.date > (_saved(raw, objective) or version.date)
    )


def _order(objective: str, there: bytes, raw: bytes) -> _Order:
    """How the answers of one canvas stand to those that are there."""
    one, other = stamp_in(there), stamp_in(raw)
    if there == raw:
        return _Order.SAME
    before, after = _words(objective, there) or frozenset[str](), _words(objective, raw)
    if after is None or (one.document and one.document != other.document):  # who says none may be anybody
        # Work that was taken up elsewhere, and holds all that was there, takes no word away.
        return _Order.UNKNOWN if before <= (after or frozenset()) else _Order.OTHER
    if not one.document:
        return _Order.UNKNOWN
    if one.revision == other.revision:
        return _Order.SAME if before == after else _Order.BOTH_CHANGED
    return _Order.LATER if other.revision > one.revision else _Order.EARLIER


def _words(objective: str, raw: bytes) -> frozenset[str] | None:
    """All that is written in the answers of a canvas; None when nobody can read them."""
    canvas = syllabus.load().objective(objective)
    try:
        return texts(parse(raw, canvas))
    except Unreadable:
        return None


def _saved(raw: bytes, objective: str) -> datetime | None:
    return stamp_in(raw).saved if _is_readable(raw, objective) else None


def _is_readable(raw: bytes, objective: str) -> bool:
    try:
        load(raw, syllabus.load().objective(objective))
    except Unreadable:
        return False
    return True
