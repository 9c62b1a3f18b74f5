"""What became of each file: rows, the table on the screen, and `cohort/bilans/reception.csv`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from course.core import files as durable
from course.core.refusal import NotWritten
from course.instructor.cohort.places import Cohort
from course.instructor.intake import tables

FILE = "reception.csv"
HEADINGS = ("fichier", "cahier", "canevas", "identifiant", "stagiaire", "date", "résultat", "raison")
MAX_SHOWN = 60  # lines of one outcome on the screen; the table has them all


class Outcome(StrEnum):
    """What became of a file."""

    ACCEPTED = "acceptée"
    SUPERSEDED = "remplacée"
    REFUSED = "refusée"
    UNMATCHED = "à attribuer"


_ORDER = (Outcome.ACCEPTED, Outcome.SUPERSEDED, Outcome.REFUSED, Outcome.UNMATCHED)
_PLURALS = {Outcome.ACCEPTED: "acceptées", Outcome.SUPERSEDED: "remplacées", Outcome.REFUSED: "refusées"}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a file for one trainee.

    Attributes:
        file: Where it was found.
        goal: Its notebook: `but-1`; empty when it is none.
        objective: Its canvas, when it is one canvas alone.
        student: The trainee's identifier; empty when it is nobody's.
        name: Her name.
        date: Its date in words; may be empty.
        outcome: What became of it.
        reason: Why, in French; may be empty.
    """

    file: str
    goal: str
    objective: str
    student: str
    name: str
    date: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of all that was read.

    Attributes:
        rows: A row a file and trainee, in the order they were read.
        notices: French sentences on the whole.
    """

    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many files ended so; a file that is for several trainees counts once an outcome."""
        return len({row.file for row in self.rows if row.outcome is outcome})


def in_words(date: datetime) -> str:
    """A moment in UTC as a table says it: « 22/11/2026 à 10 h 05 UTC »."""
    return f"{date:%d/%m/%Y} à {date:%H} h {date:%M} UTC"


def write(cohort: Cohort, reception: Reception) -> str:
    """Writes the table.

    Returns:
        Where it is, or in French why it is not written.
    """
    path = cohort.reports / FILE
    rows = (
        (each.file, each.goal, each.objective, each.student, each.name, each.date, each.outcome, each.reason)
        for each in reception.rows
    )
    if cohort.reports.is_symlink() or path.is_symlink():
        return f"« {path} » est un lien : le tableau n’est pas écrit."
    try:
        durable.write(path, tables.written(HEADINGS, rows))
    except NotWritten as error:
        return f"Le tableau « {path} » n’est pas écrit ; s’il est ouvert dans Excel, fermez-le. {error.reason}"
    return f"Tableau complet : {path}"


def lines(reception: Reception) -> Iterator[str]:
    """The table for the screen, what asks for the instructor last, where it is seen; then the sum of it."""
    for outcome in _ORDER:
        found = list(_together(row for row in reception.rows if row.outcome is outcome))
        for cells in found[:MAX_SHOWN]:
            yield "  ".join((f"{outcome:<11}", *filter(None, cells)))
        if len(found) > MAX_SHOWN:
            yield f"{'':<11}  … et {len(found) - MAX_SHOWN} autres"
    yield _sum(reception)
    yield from reception.notices


def _together(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """One line for all trainees of whom the same is said."""
    same: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        same.setdefault((row.file, row.objective or row.goal, row.date, row.reason), []).append(row.name)
    for (file, what, date, reason), names in same.items():
        yield file, what, _few([name for name in names if name]), date, f"({reason})" if reason else ""


def _few(names: Sequence[str]) -> str:
    more = len(names) - 6
    return ", ".join(names[:6]) + (f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else "")


def _sum(reception: Reception) -> str:
    counts = Counter({outcome: reception.count(outcome) for outcome in _ORDER})
    files = len({row.file for row in reception.rows})
    accepted = (row for row in reception.rows if row.outcome is Outcome.ACCEPTED)
    again = len({row.file for row in accepted if row.reason.startswith("déjà reçue")})
    if not files:
        return "Aucun fichier à recevoir."
    parts = [
        f"{number} {_PLURALS.get(outcome, outcome) if number > 1 else outcome}"
        for outcome in _ORDER
        if (number := counts[outcome])
    ]
    known = f" (dont {again} déjà reçue{'s' if again > 1 else ''})" if again else ""
    parts[0] += known if counts[Outcome.ACCEPTED] else ""
    return f"{files} fichier{'s' if files > 1 else ''} : {', '.join(parts)}."
