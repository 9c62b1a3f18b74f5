"""What became of all that was read: the table on the screen, and `cohort/bilans/reception.csv`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from course.core import files as durable
from course.core import sheets, words
from course.core.refusal import NotWritten
from course.instructor.cohort.places import Cohort
from course.instructor.intake.reasons import Outcome, Reason, Why

FILE = "reception.csv"
HEADINGS = ("fichier", "cahier", "canevas", "identifiant", "stagiaire", "date", "résultat", "raison")
MAX_SHOWN = 60  # lines of one outcome on the screen; the table has them all

_NAMED = 6  # trainees on a line


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a file for one trainee.

    Attributes:
        file: Where it was found.
        outcome: What became of it.
        reasons: Why, and what else is to be known of it.
        goal: Its notebook: `but-1`; empty when it is none.
        objective: Its canvas, when it is one canvas alone.
        student: The trainee's identifier; empty when it is nobody's.
        name: Her name.
        date: Its date.
    """

    file: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    goal: str = ""
    objective: str = ""
    student: str = ""
    name: str = ""
    date: datetime | None = None

    @property
    def reason(self) -> str:
        """The reasons in French."""
        return " ; ".join(map(str, self.reasons))

    @property
    def moment(self) -> str:
        """The date in French."""
        return words.moment(self.date) if self.date else ""


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


def write(cohort: Cohort, reception: Reception) -> str:
    """Writes the table.

    Returns:
        Where it is, or in French why it is not written.
    """
    path = cohort.reports / FILE
    if cohort.reports.is_symlink() or path.is_symlink():
        return f"« {path} » est un lien : le tableau n’est pas écrit."
    rows = (
        (row.file, row.goal, row.objective, row.student, row.name, row.moment, row.outcome.one, row.reason)
        for row in reception.rows
    )
    try:
        durable.write(path, sheets.written([HEADINGS, *rows]))
    except NotWritten as error:
        return f"Le tableau « {path} » n’est pas écrit ; s’il est ouvert dans Excel, fermez-le. {error.reason}"
    return f"Tableau complet : {path}"


def lines(reception: Reception) -> Iterator[str]:
    """The table for the screen, what asks for the instructor last, where it is seen; then the sum of it."""
    for outcome in Outcome:
        table = list(_together(row for row in reception.rows if row.outcome is outcome))
        for cells in table[:MAX_SHOWN]:
            yield "  ".join((f"{outcome.one:<11}", *filter(None, cells)))
        if len(table) > MAX_SHOWN:
            yield f"{'':<11}  … et {len(table) - MAX_SHOWN} autres"
    yield _sum(reception)
    yield from reception.notices


def _together(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """One line for all trainees of whom the same is said."""
    same: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        same.setdefault((row.file, row.objective or row.goal, row.moment, row.reason), []).append(row.name)
    for (file, what, date, reason), names in same.items():
        yield file, what, words.few([name for name in names if name], _NAMED), date, f"({reason})" if reason else ""


def _sum(reception: Reception) -> str:
    files = len({row.file for row in reception.rows})
    if not files:
        return "Aucun fichier à recevoir."
    parts = []
    for outcome in Outcome:
        if number := reception.count(outcome):
            part = outcome.counted(number)
            again = len({row.file for row in reception.rows if row.outcome is outcome and _is_again(row)})
            known = f" (dont {words.counted(again, 'déjà reçue', 'déjà reçues')})" if again else ""
            parts.append(f"{part}{known if outcome is Outcome.ACCEPTED else ''}")
    return f"{words.counted(files, 'fichier')} : {', '.join(parts)}."


def _is_again(row: Row) -> bool:
    return any(reason.why is Why.AGAIN for reason in row.reasons)
