"""`course class`: a summary of the class, and its tables, charts, report and plenary view as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from textwrap import shorten

from course.core import syllabus
from course.core.bar import bar
from course.core.names import legible
from course.core.refusal import Refusal
from course.core.words import typeset
from course.instructor import output
from course.instructor.classview import follow_up, gains, overview
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.summary import (
    GAIN_HEADS,
    MOST_NAMED,
    Section,
    gain_rows,
    handin_dates,
    opening,
    summary,
)
from course.instructor.cohort import plans as cohort_plans
from course.instructor.cohort.places import Cohort, find
from course.instructor.intake.store import unreadable

FOLDER = "classe"
CSV, EXCEL, PARQUET = "reponses.csv", "classe.xlsx", "reponses.parquet"
REPORT, CHARTS, PLENARY = "bilan.html", "graphiques.pdf", "pleniere.html"


@dataclass
class OutputFolder:
    """The folder for the files of a class; a file that cannot be written does not stop the others.

    Attributes:
        folder: Its path; created when missing.
        written: The files that were written.
        failures: A French sentence for each file that could not be written, with the reason.
    """

    folder: Path
    written: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def write(self, name: str, raw: bytes) -> None:
        """Write a file, or record why it cannot be written."""
        try:
            output.write(self.folder / name, raw)
        except Refusal as refusal:
            self.failures.append(str(refusal))
        else:
            self.written.append(self.folder / name)


def look(folder: Path | None = None, to: Path | None = None, plenary: bool = False) -> None:
    """Print a summary of the class, and write its tables, charts, report and plenary view.

    Args:
        folder: The course's folder, or one below it; by default that of the working folder.
        to: The folder for the files; by default `cohort/bilans/classe/`.
        plenary: Whether to write only the plenary view.

    Raises:
        Refusal: There is no course there, the list of trainees or the gradebook cannot be used, or a file could not be
            written; the other files are still written.
    """
    cohort = find(folder)
    output_folder = OutputFolder(to.expanduser().absolute() if to else destination(cohort))
    numbers = count(cohort)
    if plenary:
        write_plenary(numbers, output_folder)
    else:
        _print_summary(numbers)
        for notice in write_tables(numbers, output_folder):
            print(notice)
        write_report(numbers, output_folder)
        write_plenary(numbers, output_folder)
    if output_folder.written:
        print(typeset(f"Fichiers écrits dans « {output_folder.folder} » :"))
        for path in output_folder.written:
            print(f"  {path.name}")
        print(typeset("Ils portent des noms et des notes : gardez-les pour vous et vos collègues."))
    if output_folder.failures:
        raise Refusal("\n".join(output_folder.failures))


def destination(cohort: Cohort) -> Path:
    """Return the default folder for the files of a class."""
    return cohort.reports / FOLDER


def count(cohort: Cohort) -> Numbers:
    """Read a class for its statistics.

    Raises:
        Refusal: The list of trainees or the gradebook cannot be used.
    """
    handins = overview.read_handins(cohort)
    plans, _ = cohort_plans.read(cohort)
    with suppress(Refusal):  # `course plans` says what is wrong with the table; the plans are shown as handed in
        plans = follow_up.with_follow_up(plans, follow_up.followed(cohort))
    return Numbers(overview.read(cohort), handins, unreadable(cohort), gains.read(cohort, handins), plans)


def write_tables(
    numbers: Numbers, output_folder: OutputFolder, names: Iterable[str] = (CSV, EXCEL, PARQUET)
) -> tuple[str, ...]:
    """Write the tables of a class.

    Args:
        numbers: The statistics of the class.
        output_folder: The folder for the files.
        names: Which of the three files.

    Returns:
        A French sentence for each text or table that a file had to cut.
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
            handins = tables.handed_in(numbers)
            sheets = [answers, tables.marks(numbers.overview), handins, *tables.gain(numbers.gains)]
            raw, notices = tables.as_workbook(sheets, bar)
        else:
            raw = writers[name]()
        output_folder.write(name, raw)
    return notices


def write_report(numbers: Numbers, output_folder: OutputFolder) -> None:
    """Write the report, and its charts for printing."""
    from course.instructor.classview.charts import booklet, charts  # noqa: PLC0415 - matplotlib takes a while
    from course.instructor.classview.pages import report  # noqa: PLC0415

    drawings = []
    for chart in bar(charts(numbers), "Graphiques"):
        drawings.append((chart, chart.file("svg")))
        output_folder.write(f"{chart.name}.png", chart.file("png"))
    if drawings:
        output_folder.write(CHARTS, booklet([chart for chart, _ in drawings]))
    output_folder.write(REPORT, report(numbers, drawings, datetime.now()).encode())


def write_plenary(numbers: Numbers, output_folder: OutputFolder) -> None:
    """Write the plenary view."""
    from course.instructor.classview.pages import plenary  # noqa: PLC0415

    output_folder.write(PLENARY, plenary(numbers.overview, numbers.gains).encode())


def _print_summary(numbers: Numbers) -> None:
    print(opening(numbers))
    for section, content in summary(numbers).items():
        print(f"\n{content.title}")
        for line in content.lines:
            print(f"  {line}")
        if section is Section.HANDINS and len(numbers.trainees) <= MOST_NAMED:
            _print_dates(numbers)
        if section is Section.TEST:
            _print_gains(numbers)
    print()


def _print_gains(numbers: Numbers) -> None:
    if rows := gain_rows(numbers.gains):
        for question, *cells in (GAIN_HEADS, *rows):
            columns = "  ".join(
                cell.rjust(len(head)) for cell, head in zip(cells, (*GAIN_HEADS[1:-1], " " * 10), strict=True)
            )
            print(f"  {columns}  {shorten(question, 60, placeholder='…')}")


def _print_dates(numbers: Numbers) -> None:
    rows = [("", *(f"But {goal.id}" for goal in syllabus.load().goals)), *handin_dates(numbers)]
    cells = [(legible(name)[:30], *dates) for name, *dates in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
