"""The content of one trainee's folder for one goal, and the origin of each part of it.

`provenance.json`, beside what was handed in, states the origin of each file. Without it (a hand-in that nbgrader
collected) the date is that of `timestamp.txt`, and the exchange is known by its secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from course.core import team, zips
from course.core.answers import path_of
from course.core.documents import moment_of, read_json, utc
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.handin.package import TESTS, notebook_name
from course.core.plan.format import PATH as PLAN
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort import receipt
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import DATE, SECRET

PROVENANCE = "provenance.json"
FORMAT = "provenance/1"
MOMENT = "%Y-%m-%d %H:%M:%S UTC"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SMALL = 64 * 1024


@dataclass(frozen=True, slots=True)
class Base:
    """A hand-in of a whole goal: its key, its date, whether the exchange vouches for it, whether the date is sure."""

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
    """Present or future content of a trainee's folder for one goal.

    Attributes:
        files: The bytes of each file by name.
        base: The hand-in of the whole goal; None where all canvases came one by one.
        merged: The canvases that came by themselves, by objective.
        recoverable: Whether all of it can be made again from `recus/`.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    base: Base | None = None
    merged: Mapping[str, Merged] = field(default_factory=dict)
    recoverable: bool = False

    @property
    def date(self) -> datetime | None:
        """The date of its latest part; None for an empty one."""
        dates = [canvas.date for canvas in self.merged.values()] + ([self.base.date] if self.base else [])
        return max(dates, default=None)

    @property
    def team(self) -> Team:
        """The team that `equipe.json` names; nobody where it is missing or unreadable."""
        return team.or_nobody(self.files.get(team.FILE))


def names(goal: Goal) -> tuple[str, ...]:
    """Return the names of the files of a goal's hand-in, answers first."""
    return (*map(path_of, goal.objectives), PLAN, notebook_name(goal), *TESTS, team.FILE, manifest.FILE, SECRET)


def present(cohort: Cohort, student: str, goal: Goal) -> Submission:
    """Return the content of a trainee's folder; no link is followed, and no file is trusted."""
    files: dict[str, bytes] = {}
    for name in (*names(goal), DATE, PROVENANCE):
        try:
            raw = read_bytes(cohort.submitted, student, goal.assignment, *name.split("/"), limit=zips.HANDIN.file)
        except (Unreadable, OSError):
            continue  # grading reports it; `recoverable` stays false, so that it is not lost
        if raw is not None:
            files[name] = raw
    if not files:
        return Submission()
    if (submission := _by_provenance(files)) is not None:
        return submission
    date = parsed_date(files.get(DATE, b"")) or EPOCH
    key = hashlib.sha256(files[manifest.FILE]).hexdigest() if manifest.FILE in files else ""
    return Submission(files, Base(key, date, SECRET in files))


def parsed_date(raw: bytes) -> datetime | None:
    """Return the date in the bytes of a `timestamp.txt`, in UTC; None where they hold no date."""
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
    """Return a submission of these files, with its `timestamp.txt` and `provenance.json`."""
    content = {name: raw for name, raw in files.items() if name not in (DATE, PROVENANCE)}
    submission = Submission(content, base, merged, recoverable=True)
    content[DATE] = (submission.date or EPOCH).strftime(MOMENT).encode()
    document = {
        "format": FORMAT,
        "base": None if base is None else {**asdict(base), "date": utc(base.date)},
        "merged": {name: {"code": canvas.code, "date": utc(canvas.date)} for name, canvas in sorted(merged.items())},
        "files": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(content.items())},
    }
    content[PROVENANCE] = (json.dumps(document, indent=1) + "\n").encode()
    return submission


def _by_provenance(files: Mapping[str, bytes]) -> Submission | None:
    """Return the submission that `provenance.json` describes; None where a file has changed since."""
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
