"""One trainee's hand-in for one goal: what is there, and what it becomes with what came.

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
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from course.core import team
from course.core.answers.format import MAX_BYTES, read_json
from course.core.answers.reading import FOLDER, file_name
from course.core.files import read_bytes
from course.core.handin import archive, manifest
from course.core.handin.packing import notebook_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort.places import Cohort

DATE, SECRET = "timestamp.txt", "submission_secret.txt"  # as nbgrader calls them
PROVENANCE = "provenance.json"
FORMAT = "provenance/1"

_MOMENT = "%Y-%m-%d %H:%M:%S UTC"
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
    """What is in a trainee's folder; nothing there is followed or believed.

    Raises:
        Unreadable: Something else than a file or folder stands in its way.
    """
    files: dict[str, bytes] = {}
    for name in (*names(goal), DATE, PROVENANCE):
        try:
            raw = read_bytes(cohort.submitted, student, goal.assignment, *name.split("/"), limit=archive.MAX_FILE_BYTES)
        except (Unreadable, OSError):
            continue  # grading says it; `kept` stays false, so that it is not lost
        if raw is not None:
            files[name] = raw
    if not files:
        return Submission()
    said = _provenance(files)
    if said is not None:
        return said
    date = moment(files.get(DATE, b"").decode("ascii", errors="replace")) or datetime(1970, 1, 1, tzinfo=UTC)
    key = hashlib.sha256(files[manifest.FILE]).hexdigest() if manifest.FILE in files else ""
    return Submission(files, Base(key, date, SECRET in files))


def moment(text: str) -> datetime | None:
    """A date of the exchange, in UTC; None when nobody can read it."""
    for form in (_MOMENT, "%Y-%m-%d %H:%M:%S.%f UTC"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    from course.instructor.cohort.receipt import parsed  # noqa: PLC0415 - nbgrader takes seconds

    try:
        return parsed(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        return None


def sealed(files: Mapping[str, bytes], base: Base | None, merged: Mapping[str, Merged]) -> Submission:
    """A submission with its date and provenance written."""
    content = {name: raw for name, raw in files.items() if name not in (DATE, PROVENANCE)}
    made = Submission(content, base, merged, kept=True)
    content[DATE] = (made.date or datetime(1970, 1, 1, tzinfo=UTC)).strftime(_MOMENT).encode()
    document = {
        "format": FORMAT,
        "base": None if base is None else {"key": base.key, "date": _written(base.date), "proven": base.proven},
        "merged": {name: {"code": each.code, "date": _written(each.date)} for name, each in sorted(merged.items())},
        "files": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(content.items())},
    }
    content[PROVENANCE] = (json.dumps(document, indent=1) + "\n").encode()
    return made


def _provenance(files: Mapping[str, bytes]) -> Submission | None:
    """What `provenance.json` says, when every file is still what it was then."""
    try:
        document = read_json(files.get(PROVENANCE, b""), _SMALL)
        match document:
            case {"format": "provenance/1", "base": base, "merged": dict(merged), "files": dict(sums)}:
                found = {name: _merged(each) for name, each in merged.items()}
                whole = None if base is None else Base(base["key"], _read(base["date"]), base["proven"] is True)
            case _:
                return None
    except (Unreadable, LookupError, TypeError, ValueError):
        return None
    now = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items() if name != PROVENANCE}
    return Submission(files, whole, found, kept=True) if now == sums else None


def _merged(value: Any) -> Merged:  # noqa: ANN401
    return Merged(str(value["code"]), _read(value["date"]))


def _written(date: datetime) -> str:
    return date.strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def document_of(raw: bytes | None) -> tuple[str, str]:
    """The document and the date of saving that an answers file's bytes name; empty when they do not."""
    try:
        value = read_json(raw or b"", MAX_BYTES)
    except Unreadable:
        return "", ""
    if not isinstance(value, dict):
        return "", ""
    found = (value.get("document"), value.get("saved_at"))
    return tuple(each if isinstance(each, str) else "" for each in found)  # type: ignore[return-value]
