"""Results of reading the files that trainees send: a piece that may be taken in, or a problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from course.core.answers.format import MAX_BYTES
from course.core.documents import read_json
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.intake.names import Envelope
from course.instructor.intake.reasons import Outcome, Reason, Why


@dataclass(frozen=True, slots=True)
class Stamp:
    """Origin of a canvas's answers, as their file states it.

    Attributes:
        document: The identifier of the canvas, the same in every copy of it; may be empty.
        revision: How many times they were saved, by whichever clock; 0 where the file does not state it.
        saved: When they were last saved, in UTC, to the second; None where the file does not state it.
    """

    document: str = ""
    revision: int = 0
    saved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """All of a goal, as handed in at once, or the answers of one canvas.

    Attributes:
        location: The displayed path of the file: « classe.zip › Awa_12_…/Groupe-3_but-1.zip ».
        envelope: The names on its path.
        goal: The goal.
        team: The team that it names; for one canvas, that of the `equipe.json` beside it; empty without one.
        code: The SHA-256 of its original.
        key: An identifier that every copy of it has, however renamed or packed again.
        date: When it was handed in or last saved, as it states, in UTC; None where it does not.
        objective: The objective of one canvas: `1.1`; empty for a whole goal.
        document: The identifier of one canvas, the same in every copy; may be empty.
        bundle: The workbook, zip or file that it came in, where that is one person's.
        blank: Whether nothing is written in it.
        notebook: The SHA-256 of the notebook beside the canvas; empty without one.
        account: The account of nbgrader's exchange that handed it in; empty where it came otherwise.
        proven: Whether the system vouches for that account.
        remarks: What is not as it should be in it.
    """

    location: str
    envelope: Envelope
    goal: Goal
    team: Team
    code: str
    key: str
    date: datetime | None
    objective: str = ""
    document: str = ""
    bundle: str = ""
    blank: bool = False
    notebook: str = ""
    account: str = ""
    proven: bool = False
    remarks: tuple[Reason, ...] = ()

    @property
    def content(self) -> str:
        """The canvas or the notebook that it holds: « 1.1 », « but-1 »."""
        return self.objective or self.goal.assignment


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not taken, and why.

    Attributes:
        location: Its displayed path.
        reason: Why it is not taken, and what to do.
        envelope: The names on its path.
        code: The SHA-256 of the original that is kept; empty where none is.
        team: The team that its manifest or the `equipe.json` beside it names.
        unkept: Why its original is not kept; None where it is, or where there is none.
    """

    location: str
    reason: Reason
    envelope: Envelope = field(default_factory=Envelope)
    code: str = ""
    team: Team = field(default_factory=Team)
    unkept: Reason | None = None

    @property
    def outcome(self) -> Outcome:
        """Its outcome: an older drop is superseded, any other file is refused."""
        return Outcome.SUPERSEDED if self.reason.why is Why.OLDER_DROP else Outcome.REFUSED


def stamp_of(document: object) -> Stamp:
    """Return the stamp in the JSON value of an answers file; an empty one where it has none."""
    fields = document if isinstance(document, dict) else {}
    name, revision, date = (fields.get(key) for key in ("document", "revision", "saved_at"))
    try:
        moment = datetime.fromisoformat(date if isinstance(date, str) else "")
        saved = moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else None
    except (ValueError, OverflowError):
        saved = None
    return Stamp(name if isinstance(name, str) else "", revision if type(revision) is int else 0, saved)


def stamp_in(raw: bytes | None) -> Stamp:
    """Return the stamp in the bytes of an answers file; an empty one where they are not JSON."""
    try:
        return stamp_of(read_json(raw or b"", MAX_BYTES))
    except Unreadable:
        return Stamp()
