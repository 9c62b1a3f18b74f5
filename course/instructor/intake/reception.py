"""The result of a reception, as a table on the screen and as `cohort/bilans/reception.csv`."""

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
MAX_SHOWN = 60  # lines of one outcome on the screen; the table has all

_NAMED = 6  # trainees on a line


@dataclass(frozen=True, slots=True)
class ReceptionRow:
    """Outcome of a file for one trainee.

    Attributes:
        file: Its displayed path.
        outcome: Its outcome.
        reasons: Why, and remarks on it.
        goal: Its notebook: `but-1`; empty where it has none.
        objective: Its canvas; empty for a whole notebook.
        student: The trainee's identifier; empty where it is nobody's.
        name: The trainee's name.
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
    """Result of a reception.

    Attributes:
        rows: A row for each file and trainee, in the order they were read.
        notices: French sentences on the whole.
    """

    rows: tuple[ReceptionRow, ...]
    notices: tuple[str, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """Return the number of files of an outcome; a file for several trainees counts once for each outcome."""
        return len({row.file for row in self.rows if row.outcome is outcome})


def write(cohort: Cohort, reception: Reception) -> str:
    """Write the table.

    Returns:
        A French sentence: its path, or why it is not written.
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
    """Yield the lines of the table for the screen, those to assign last, where they are seen; then the totals."""
    for outcome in Outcome:
        table = list(_together(row for row in reception.rows if row.outcome is outcome))
        for cells in table[:MAX_SHOWN]:
            yield "  ".join((f"{outcome.one:<11}", *filter(None, cells)))
        if len(table) > MAX_SHOWN:
            yield f"{'':<11}  … et {len(table) - MAX_SHOWN} autres"
    yield _sum(reception)
    yield from reception.notices


def _together(rows: Iterable[ReceptionRow]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of one line for all trainees with the same file, date and reason."""
    same: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        same.setdefault((row.file, row.objective or row.goal, row.moment, row.reason), []).append(row.name)
    for (file, content, date, reason), names in same.items():
        yield file, content, words.few([name for name in names if name], _NAMED), date, f"({reason})" if reason else ""


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


def _is_again(row: ReceptionRow) -> bool:
    return any(reason.why is Why.AGAIN for reason in row.reasons)
