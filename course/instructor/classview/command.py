"""`course class`: the class in a few lines, and its tables, charts, report and plenary view as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from course.core import syllabus
from course.core.bar import bar
from course.core.names import legible
from course.core.refusal import Refusal
from course.core.words import typeset
from course.instructor import output
from course.instructor.classview import overview
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.summary import MOST_NAMED, Section, opening, summary, who_when
from course.instructor.cohort.places import Cohort, find
from course.instructor.intake.store import unreadable

FOLDER = "classe"
CSV, EXCEL, PARQUET = "reponses.csv", "classe.xlsx", "reponses.parquet"
REPORT, CHARTS, PLENARY = "bilan.html", "graphiques.pdf", "pleniere.html"


@dataclass
class Shelf:
    """The folder that the files of a class go to; one that cannot be written does not stop the others.

    Attributes:
        folder: Made when missing.
        written: The files that are there.
        failures: Why others are not, a French sentence each.
    """

    folder: Path
    written: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def write(self, name: str, raw: bytes) -> None:
        """Writes a file, or notes why it cannot be written."""
        try:
            output.write(self.folder / name, raw)
        except Refusal as refusal:
            self.failures.append(str(refusal))
        else:
            self.written.append(self.folder / name)


def look(folder: Path | None = None, to: Path | None = None, plenary: bool = False) -> None:
    """Prints where the class is, and writes its tables, charts, report and plenary view.

    Args:
        folder: The course's folder, or one below it; by default that of the working folder.
        to: Where the files go; by default `cohort/bilans/classe/`.
        plenary: Whether only the plenary view is wanted.

    Raises:
        Refusal: There is no course there, the list of trainees or the gradebook cannot be used, or a file could not be
            written; the others are there then.
    """
    cohort = find(folder)
    shelf = Shelf(to.expanduser().absolute() if to else destination(cohort))
    numbers = count(cohort)
    if plenary:
        write_plenary(numbers, shelf)
    else:
        _print_summary(numbers)
        for notice in write_tables(numbers, shelf):
            print(notice)
        write_report(numbers, shelf)
        write_plenary(numbers, shelf)
    if shelf.written:
        print(typeset(f"Fichiers écrits dans « {shelf.folder} » :"))
        for path in shelf.written:
            print(f"  {path.name}")
        print(typeset("Ils portent des noms et des notes : gardez-les pour vous et vos collègues."))
    if shelf.failures:
        raise Refusal("\n".join(shelf.failures))


def destination(cohort: Cohort) -> Path:
    """Where the files of a class go."""
    return cohort.reports / FOLDER


def count(cohort: Cohort) -> Numbers:
    """Reads a class, so that it can be counted.

    Raises:
        Refusal: The list of trainees or the gradebook cannot be used.
    """
    return Numbers(overview.read(cohort), overview.read_handins(cohort), unreadable(cohort))


def write_tables(numbers: Numbers, shelf: Shelf, names: Iterable[str] = (CSV, EXCEL, PARQUET)) -> tuple[str, ...]:
    """Writes the tables of a class.

    Args:
        numbers: What was counted.
        shelf: Where the files go.
        names: Which of the three files.

    Returns:
        What does not stand in a file as it was written, in French sentences.
    """
    from course.instructor import spreadsheets  # noqa: PLC0415 - pandas takes a while
    from course.instructor.classview import tables  # noqa: PLC0415

    answers = tables.answers(numbers.overview)
    notices: tuple[str, ...] = ()
    writers: dict[str, Callable[[], bytes]] = {
        CSV: lambda: spreadsheets.as_csv(answers.columns, answers.rows()),
        PARQUET: lambda: tables.as_parquet(answers),
    }
    for name in names:
        if name == EXCEL:
            handins = tables.handed_in(numbers.overview, numbers.handins)
            raw, notices = tables.as_workbook([answers, tables.marks(numbers.overview), handins], bar)
        else:
            raw = writers[name]()
        shelf.write(name, raw)
    return notices


def write_report(numbers: Numbers, shelf: Shelf) -> None:
    """Writes the report, and its charts for print."""
    from course.instructor.classview.charts import booklet, charts  # noqa: PLC0415 - matplotlib takes a while
    from course.instructor.classview.pages import report  # noqa: PLC0415

    drawn = []
    for chart in bar(charts(numbers), "Graphiques"):
        files = chart.files()
        drawn.append((chart, files["svg"]))
        shelf.write(f"{chart.name}.png", files["png"])
    if drawn:
        shelf.write(CHARTS, booklet([chart for chart, _ in drawn]))
    shelf.write(REPORT, report(numbers, drawn, datetime.now()).encode())


def write_plenary(numbers: Numbers, shelf: Shelf) -> None:
    """Writes the plenary view."""
    from course.instructor.classview.pages import plenary  # noqa: PLC0415

    shelf.write(PLENARY, plenary(numbers.overview).encode())


def _print_summary(numbers: Numbers) -> None:
    print(opening(numbers))
    for section, part in summary(numbers).items():
        print(f"\n{part.title}")
        for line in part.lines:
            print(f"  {line}")
        if section is Section.HANDINS and len(numbers.trainees) <= MOST_NAMED:
            _print_dates(numbers)
    print()


def _print_dates(numbers: Numbers) -> None:
    rows = [("", *(f"But {goal.id}" for goal in syllabus.load().goals)), *who_when(numbers)]
    cells = [(legible(name)[:30], *dates) for name, *dates in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
