"""The fictional trainees of `data/demo_class.csv`, and the habits of their groups, from careful to careless."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from course.core import syllabus
from course.core.team import Team

HOLLOW = "0"


@dataclass(frozen=True, slots=True)
class Habit:
    """The way a group fills its canvases.

    Attributes:
        goals: The identifiers of the goals that it hands in.
        variants: The variants of model answers that it uses, in turn; `HOLLOW` is the counter-example.
        share: The share of the options that it treats, 0 to 1.
        pilot: Whether it fills the pilot fields.
        filler: The text in options that it does not treat.
        alone: Whether its members hand in individually.
        level: The level of most of its criteria, 0 to 2.
        reviewed: The identifiers of the goals already reviewed.
        planned: The number of actions of each goal in its plan; 0 for no plan.
    """

    goals: tuple[str, ...]
    variants: str
    share: float
    pilot: bool = False
    filler: str = ""
    alone: bool = False
    level: int = 1
    reviewed: tuple[str, ...] = ()
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One fictional trainee."""

    id: str
    first_name: str
    last_name: str
    group: str

    @property
    def name(self) -> str:
        """The name as written in a workbook."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Group:
    """Members who work together, and their habit."""

    name: str
    members: tuple[Member, ...]
    habit: Habit

    @property
    def team(self) -> Team:
        """The group as a team in a workbook."""
        return Team(self.name, tuple(member.name for member in self.members))


# In the order of the table.
_HABITS = (
    Habit(("1", "2", "3", "4", "5"), "1", 1.0, pilot=True, level=2, reviewed=("1", "2", "3"), planned=2),
    Habit(("1", "2", "3", "4", "5"), "2", 0.85, pilot=True, level=2, reviewed=("1", "2"), planned=2),
    Habit(("1", "2", "3", "4"), "12", 0.75, level=1, reviewed=("1", "2"), planned=1),
    Habit(("1", "2", "3"), "20", 0.6, filler="À définir", level=1, reviewed=("1",)),
    Habit(("1", "2"), "10", 0.5, filler="idem", level=1),
    Habit(("1",), "0", 0.6, filler="xxx", alone=True, level=0),
)


def groups() -> tuple[Group, ...]:
    """Return the six groups, in the order of the table."""
    members = [
        Member(row["trainee"], row["first_name"], row["last_name"], row["group"]) for row in syllabus.rows("demo_class")
    ]
    by_group = [(name, tuple(of_group)) for name, of_group in groupby(members, key=lambda member: member.group)]
    return tuple(Group(name, of_group, habit) for (name, of_group), habit in zip(by_group, _HABITS, strict=True))
