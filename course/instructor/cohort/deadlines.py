"""Deadlines, `cohort/echeances.csv`: of a goal, and of one trainee who has more time or is excused.

They are shown and take no point off; nbgrader's own penalty does, where its settings have one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum, auto
from typing import NamedTuple

from course.core import files, sheets
from course.core.files import read_bytes
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.syllabus import goal_of
from course.instructor.cohort.places import Cohort

TABLE = "echeances.csv"
HEADINGS = ("but", "identifiant", "échéance", "excusé")
_MAX_TABLE = 4 * 1024**2
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D+(\d{1,2})\s*[:hH]\s*(\d{2})?(?::\d{2})?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:\D+(\d{1,2}):(\d{2})(?::\d{2})?)?")
_YES = frozenset({"oui", "o", "x", "1", "vrai", "yes", "true"})


class Standing(Enum):
    """How a hand-in stands to its deadline."""

    NO_DEADLINE = auto()
    IN_TIME = auto()
    EXTENDED = auto()
    """After the deadline of all, within that of this trainee."""
    LATE = auto()
    EXCUSED = auto()


STANDINGS: Mapping[Standing, str] = {
    Standing.NO_DEADLINE: "",
    Standing.IN_TIME: "dans les temps",
    Standing.EXTENDED: "dans le délai prolongé",
    Standing.LATE: "en retard",
    Standing.EXCUSED: "excusé",
}


class Personal(NamedTuple):
    """What a trainee has for a goal: a deadline of one's own, None for that of all, and whether one is excused."""

    due: datetime | None
    excused: bool


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadlines of a class.

    Attributes:
        goals: The deadline of all, in local time, by goal (`1` … `5`).
        people: By trainee and goal.
    """

    goals: Mapping[str, datetime]
    people: Mapping[tuple[str, str], Personal]

    def due(self, student: str, goal: str) -> datetime | None:
        """Return the deadline of a trainee for a goal; None when there is none."""
        personal = self.people.get((student, goal))
        return (personal.due if personal else None) or self.goals.get(goal)

    def standing(self, student: str, goal: str, at: datetime | None, now: datetime) -> Standing:
        """Return how a trainee stands to a deadline.

        Args:
            student: The identifier.
            goal: `1` … `5`.
            at: When it was handed in; None for what was not, or has no date.
            now: The current moment, which counts for what was not handed in.
        """
        personal = self.people.get((student, goal))
        if personal and personal.excused:
            return Standing.EXCUSED
        due = self.due(student, goal)
        if due is None:
            return Standing.NO_DEADLINE
        if (at or now) > due:
            return Standing.LATE
        general = self.goals.get(goal)
        return Standing.EXTENDED if at and general and at > general else Standing.IN_TIME


def read(cohort: Cohort) -> Deadlines:
    """Return the deadlines of a class; none where there is no table.

    Raises:
        Refusal: It is no table, or a line cannot be understood: the sentence has its number.
    """
    goals: dict[str, datetime] = {}
    people: dict[tuple[str, str], Personal] = {}
    for line, (goal, student, date, excuse) in _rows(cohort):
        where = f"«\u202f{cohort.folder / TABLE}\u202f», ligne {line}\u00a0:"
        try:
            number = goal_of(goal).id
        except Refusal as error:
            raise Refusal(f"{where} {error}") from error
        due = parsed(date) if date.strip() else None
        if date.strip() and due is None:
            raise Refusal(f"{where} «\u202f{date}\u202f» n’est pas une date. Écrivez 15/12/2026, ou 15/12/2026 18:00.")
        if student.strip():
            people[student.strip(), number] = Personal(due, excuse.strip().casefold() in _YES)
        elif due:
            goals[number] = due
    return Deadlines(goals, people)


def parsed(text: str) -> datetime | None:
    """Return the moment of a date as a person or a spreadsheet writes it, in local time; None for no date.

    Args:
        text: « 15/12/2026 », which is the end of that day, « 15/12/2026 18:00 », « 15/12/2026 à 18 h », or the same
            as `2026-12-15`.
    """
    text = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if french := _DATE.fullmatch(text):
        day, month, year, hour, minute = french.groups()
    elif iso := _ISO.fullmatch(text):
        year, month, day, hour, minute = iso.groups()
    else:
        return None
    try:
        at = time(int(hour), int(minute or 0)) if hour else time(23, 59, 59)
        return datetime.combine(datetime(int(year), int(month), int(day)), at).astimezone()
    except ValueError:
        return None


def write(cohort: Cohort, goal: str, student: str, due: datetime | None, *, excused: bool = False) -> None:
    """Write one deadline into the table, in place of the one that is there; the other lines stay as they are.

    Args:
        cohort: The class.
        goal: `1` … `5`.
        student: The trainee's identifier; empty for all.
        due: The deadline; None to remove it.
        excused: Whether the trainee is excused.

    Raises:
        Refusal: The table cannot be read or written.
    """
    read(cohort)
    rows = [row for _, row in _rows(cohort) if (goal_of(row[0]).id, row[1].strip()) != (goal, student)]
    if due or excused:
        rows.append((goal, student, f"{due.astimezone():%d/%m/%Y %H:%M}" if due else "", "oui" if excused else ""))
    rows.sort(key=lambda row: (goal_of(row[0]).id, row[1]))
    try:
        files.write(cohort.folder / TABLE, sheets.written([HEADINGS, *rows]))
    except NotWritten as error:
        raise Refusal(f"«\u202f{cohort.folder / TABLE}\u202f» n’est pas écrit. {error.reason}") from error


def _rows(cohort: Cohort) -> list[tuple[int, tuple[str, str, str, str]]]:
    try:
        raw = read_bytes(cohort.folder, TABLE, limit=_MAX_TABLE)
        table = sheets.read(raw) if raw else None
    except (Unreadable, OSError):
        raise Refusal(
            f"«\u202f{cohort.folder / TABLE}\u202f» ne se laisse pas lire, ou n’est pas un tableau\u00a0: fermez-le "
            "dans Excel, corrigez-le ou déplacez-le, puis recommencez."
        ) from None
    if table is None:
        return []
    rows = zip(table.lines[1:], table.rows[1:], strict=True)
    return [(line, _four(row)) for line, row in rows]


def _four(row: tuple[str, ...]) -> tuple[str, str, str, str]:
    goal, student, date, excuse, *_ = (*row, "", "", "", "")
    return goal, student, date, excuse
