"""One trainee's hand-in for one goal: what stands in her folder, and which version of each part counts.

The rules, the same whatever order files come in:
- Of what was handed in at once, the latest by its date counts. A date in the future by more than a day counts as the
  moment of reception, so that a wrong clock does not win for ever.
- A single canvas takes the place of the same canvas when it was saved later, and gives way to a later one. An empty one
  replaces nothing.
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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from course.core import syllabus, team, zips
from course.core.answers import FOLDER, file_name
from course.core.answers.format import MAX_BYTES, load
from course.core.documents import read_json
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.handin.package import notebook_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort import receipt
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import DATE, SECRET
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.sources import Piece, Stamp, stamp_of

PROVENANCE = "provenance.json"
FORMAT = "provenance/1"
MOMENT = "%Y-%m-%d %H:%M:%S UTC"

_ISO = "%Y-%m-%dT%H:%M:%SZ"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SMALL = 64 * 1024


@dataclass(frozen=True, slots=True)
class Base:
    """What was handed in at once: its key, its date, whether the exchange vouches for it."""

    key: str
    date: datetime
    proven: bool


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
        kept: Whether all of it can be made again from `recus/`.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    base: Base | None = None
    merged: Mapping[str, Merged] = field(default_factory=dict)
    kept: bool = False

    @property
    def date(self) -> datetime | None:
        """When the last of it was handed in; None when nothing is there."""
        dates = [each.date for each in self.merged.values()] + ([self.base.date] if self.base else [])
        return max(dates, default=None)

    @property
    def team(self) -> Team:
        """Who handed it in, as they say."""
        try:
            return team.parse(self.files.get(team.FILE, b""))
        except Unreadable:
            return Team()


def names(goal: Goal) -> tuple[str, ...]:
    """The files of a goal's hand-in, answers first."""
    answers = (f"{FOLDER}/{file_name(objective)}" for objective in goal.objectives)
    return (*answers, notebook_name(goal), team.FILE, manifest.FILE, SECRET)


def present(cohort: Cohort, student: str, goal: Goal) -> Submission:
    """What is in a trainee's folder; nothing there is followed or believed."""
    files: dict[str, bytes] = {}
    for name in (*names(goal), DATE, PROVENANCE):
        try:
            raw = read_bytes(cohort.submitted, student, goal.assignment, *name.split("/"), limit=zips.HANDIN.file)
        except (Unreadable, OSError):
            continue  # grading says it; `kept` stays false, so that it is not lost
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
    submission = Submission(content, base, merged, kept=True)
    content[DATE] = (submission.date or _EPOCH).strftime(MOMENT).encode()
    document = {
        "format": FORMAT,
        "base": None if base is None else {"key": base.key, "date": base.date.strftime(_ISO), "proven": base.proven},
        "merged": {
            name: {"code": each.code, "date": each.date.strftime(_ISO)} for name, each in sorted(merged.items())
        },
        "files": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(content.items())},
    }
    content[PROVENANCE] = (json.dumps(document, indent=1) + "\n").encode()
    return submission


def _by_provenance(files: Mapping[str, bytes]) -> Submission | None:
    """The submission that `provenance.json` describes, when every file is still what it was then."""
    try:
        match read_json(files.get(PROVENANCE, b""), _SMALL):
            case {"format": "provenance/1", "base": base, "merged": dict(merged), "files": dict(sums)}:
                canvases = {name: Merged(str(each["code"]), _date(each["date"])) for name, each in merged.items()}
                whole = None if base is None else Base(base["key"], _date(base["date"]), base["proven"] is True)
            case _:
                return None
    except (Unreadable, LookupError, TypeError, ValueError):
        return None
    now = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items() if name != PROVENANCE}
    return Submission(files, whole, canvases, kept=True) if now == sums else None


def _date(text: str) -> datetime:
    return datetime.strptime(text, _ISO).replace(tzinfo=UTC)


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
    """

    piece: Piece
    date: datetime
    remarks: tuple[Reason, ...] = ()
    known: bool = False


class Verdict(NamedTuple):
    """What became of a version for one trainee, and why."""

    version: Version
    outcome: Outcome
    reasons: tuple[Reason, ...]


# Whether an unproven piece may stand where a proven one would: its key, its place, its date, and that of the proven
# one; None when nobody can be asked.
Approve = Callable[[str, str, datetime, datetime], bool | None]

_Judgement = tuple[Outcome, Reason | None]
_UNCHANGED = (Why.AGAIN, Why.SAME)  # accepted, and nothing is to be put in place for it


class Choice:
    """One trainee's hand-in for one goal, as versions come."""

    def __init__(self, now: Submission, approve: Approve) -> None:
        """Starts from what is there.

        Args:
            now: What is there.
            approve: Asks whether an unproven piece may stand where a proven one would.
        """
        self._before = self.submission = now
        self._approve = approve
        self._verdicts: dict[int, Verdict] = {}
        self._taken: Version | None = None
        self.changed = False

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What became of each piece."""
        return tuple(self._verdicts.values())

    def take_wholes(self, versions: Sequence[Version], files_of: Callable[[Piece], Mapping[str, bytes]]) -> None:
        """Takes the latest of what was handed in at once.

        Args:
            versions: It.
            files_of: Gives the files of one, as they are to stand in this trainee's folder.
        """
        for each in sorted(versions, key=lambda each: (not each.piece.proven, each.date, each.piece.key)):
            outcome, reason = self._judged(each.piece, each.date)
            if outcome is Outcome.ACCEPTED and not (reason and reason.why in _UNCHANGED):
                if (before := self._taken) is not None and before.piece.key == each.piece.key:
                    self._conclude(before, Outcome.ACCEPTED, Reason(Why.SAME, place=each.piece.place))
                elif before is not None:
                    self._conclude(before, Outcome.SUPERSEDED, Reason(Why.LATER_CAME, date=each.date))
                self._put(each, files_of(each.piece))
            self._conclude(each, outcome, reason)

    def _judged(self, whole: Piece, date: datetime) -> _Judgement:
        base = self.submission.base
        if base is None:
            return Outcome.ACCEPTED, None
        if base.key == whole.key:
            return Outcome.ACCEPTED, self._again(base, whole)
        newer = date > base.date
        if whole.proven in (base.proven, newer):
            return self._by_date(base, newer)
        if base.proven:
            approved = self._approve(whole.key, whole.place, date, base.date)
        else:
            approved = self._approve(base.key, whole.place, base.date, date)
        if approved is None:
            return Outcome.UNMATCHED, Reason(Why.WHICH_PROVEN if base.proven else Why.WHICH_LATER, date=base.date)
        if approved == base.proven:
            return self._by_date(base, newer=True)
        return Outcome.SUPERSEDED, Reason(Why.PROVEN_STAYS if base.proven else Why.CHOSEN_STAYS, date=base.date)

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
        whole, date = version.piece, version.date
        content, merged = dict(files), {}
        for objective, single in self._before.merged.items():
            name = f"{FOLDER}/{objective}.json"
            if name not in content or single.date > (_saved(content[name], objective) or date):
                content[name], merged[objective] = self._before.files[name], single
        self.submission = sealed(content, Base(whole.key, date, whole.proven), merged)
        self._taken, self.changed = version, True

    def take_singles(self, versions: Sequence[Version], raw_of: Callable[[str], bytes], team_raw: bytes) -> None:
        """Takes canvases that came by themselves, each where it is the latest.

        Args:
            versions: They.
            raw_of: Gives the bytes of an original, by its SHA-256.
            team_raw: The `equipe.json` of this trainee, for when there is none.
        """
        latest: dict[str, Version] = {}
        for each in sorted(versions, key=lambda each: (each.date, each.piece.key)):
            single = each.piece
            name = f"{FOLDER}/{single.objective}.json"
            outcome, reason = self._compared(single, each.date, self.submission.files.get(name))
            if outcome is Outcome.ACCEPTED and reason.why not in _UNCHANGED:
                if before := latest.get(single.objective):
                    self._conclude(before, Outcome.SUPERSEDED, Reason(Why.LATER_CANVAS_CAME))
                latest[single.objective] = each
                files = {team.FILE: team_raw, **self.submission.files, name: raw_of(single.code)}
                if single.notebook:
                    files[notebook_name(single.goal)] = raw_of(single.notebook)
                merged = {**self.submission.merged, single.objective: Merged(single.code, each.date)}
                self.submission, self.changed = sealed(files, self.submission.base, merged), True
            self._conclude(each, outcome, reason)

    def _compared(self, single: Piece, date: datetime, there: bytes | None) -> tuple[Outcome, Reason]:  # noqa: PLR0911
        if single.blank:
            return Outcome.REFUSED, Reason(Why.BLANK)
        if there is None:
            return Outcome.ACCEPTED, Reason(Why.CANVAS_ADDED, objective=single.objective)
        if hashlib.sha256(there).hexdigest() == single.code:
            return Outcome.ACCEPTED, Reason(Why.AGAIN)
        own, base = self.submission.merged.get(single.objective), self.submission.base
        current = own.date if own else _saved(there, single.objective)
        if current is None and base is not None and _is_readable(there, single.objective):
            current = base.date
        if current is not None and date <= current:
            return Outcome.SUPERSEDED, Reason(Why.LATER_CANVAS_STANDS, date=current)
        if base is not None and base.proven and own is None and (held := self._held_back(single, date, base.date)):
            return held
        if current is None:
            return Outcome.ACCEPTED, Reason(Why.CANVAS_REPLACES_UNDATED, objective=single.objective)
        return Outcome.ACCEPTED, Reason(Why.CANVAS_REPLACES, objective=single.objective, date=current)

    def _held_back(self, single: Piece, date: datetime, proven: datetime) -> tuple[Outcome, Reason] | None:
        """What becomes of a canvas that would replace that of a proven copy; None when it may."""
        approved = self._approve(single.key, single.place, date, proven)
        if approved is None:
            return Outcome.UNMATCHED, Reason(Why.CANVAS_WAITS, date=proven)
        return None if approved else (Outcome.SUPERSEDED, Reason(Why.PROVEN_STAYS, date=proven))

    def _conclude(self, version: Version, outcome: Outcome, reason: Reason | None) -> None:
        if version.known and outcome is Outcome.SUPERSEDED and reason:
            reason = Reason(Why.AGAIN_BUT, reason=reason)
        reasons = (reason, *version.remarks) if reason else version.remarks
        self._verdicts[id(version.piece)] = Verdict(version, outcome, reasons)


def _saved(raw: bytes, objective: str) -> datetime | None:
    return stamp_in(raw).saved if _is_readable(raw, objective) else None


def _is_readable(raw: bytes, objective: str) -> bool:
    try:
        load(raw, syllabus.load().objective(objective))
    except Unreadable:
        return False
    return True
