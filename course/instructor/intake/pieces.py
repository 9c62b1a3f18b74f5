"""What can be taken in: all of a goal as handed in at once, or one canvas; or why a file is neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.intake.names import Envelope


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a goal, as handed in at once.

    Attributes:
        place: Where it was found, for the table: « classe.zip › Awa_12_…/Groupe-3_but-1.zip ».
        envelope: The names on its path.
        goal: The goal.
        team: Whose it says it is.
        key: What is the same in every copy of it, however renamed or packed again.
        date: When it was handed in, as it says, in UTC.
        code: The SHA-256 of its original.
        account: The account of nbgrader's exchange that handed it in; empty when it came otherwise.
        proven: Whether the system vouches for that account.
        notes: French phrases on what in it is not as it should be.
    """

    place: str
    envelope: Envelope
    goal: Goal
    team: Team
    key: str
    date: datetime
    code: str
    account: str = ""
    proven: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Single:
    """The answers of one canvas.

    Attributes:
        place: As of `Whole`.
        envelope: As of `Whole`.
        goal: Its goal.
        objective: Its objective: `1.1`.
        team: Whose it is by the `equipe.json` it lay beside; nobody without one.
        code: The SHA-256 of the file, which is its original and its key.
        date: When it was last saved, in UTC; None when it does not say.
        document: The identifier of the canvas it comes from, the same in every copy; may be empty.
        blank: Whether nothing is written in it.
        notebook: The SHA-256 of the notebook it lay beside; empty without one.
    """

    place: str
    envelope: Envelope
    goal: Goal
    objective: str
    team: Team
    code: str
    date: datetime | None
    document: str
    blank: bool
    notebook: str = ""

    @property
    def key(self) -> str:
        """As of `Whole`."""
        return self.code

    @property
    def account(self) -> str:
        """None: it never comes through the exchange."""
        return ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not taken, and why: a French sentence."""

    place: str
    reason: str


Piece = Whole | Single
