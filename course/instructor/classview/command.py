"""`course class`: the class in a few lines, and its tables, charts, report and plenary view as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from course.core import syllabus
from course.core.bar import bar
from course.core.files import write
from course.core.names import legible
from course.core.refusal import NotWritten, Refusal
from course.core.words import typeset
from course.instructor.classview import handins, reading
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.summary import MOST_NAMED, opening, summary, who_when
from course.instructor.cohort.places import Cohort, find

FOLDER = "classe"
CSV, EXCEL, PARQUET = "reponses.csv", "classe.xlsx", "reponses.parquet"
REPORT, CHARTS, PLENARY = "bilan.html", "graphiques.pdf", "pleniere.html"


@dataclass
class Shelf:
    """The folder that the files of a class go to; one that cannot be written does not stop the others.

    Attributes:
        folder: Made when missing.
        put: What was written.
        failed: What was not, a French sentence each.
    """

    folder: Path
    put: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def write(self, name: str, raw: bytes) -> Path | None:
        """Writes a file; None when it cannot be written, which `failed` then says."""
        path = self.folder / name
        try:
            write(path, raw)
        except NotWritten as error:
            self.failed.append(f"« {path} » n’est pas écrit. {error.reason} Est-il ouvert dans un autre programme ?")
            return None
        self.put.append(path)
        return path


def look(folder: Path | None = None, to: Path | None = None, plenary: bool = False) -> None:
    """Says where the class is, and writes its tables, charts, report and plenary view.

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
        put_plenary(numbers, shelf)
    else:
        print(f"{opening(numbers)}")
        _print(numbers)
        put_all(numbers, shelf)
    if shelf.put:
        print(typeset(f"Fichiers écrits dans « {shelf.folder} » :"))
        for path in shelf.put:
            print(f"  {path.name}")
        print(typeset("Ils portent des noms et des notes : gardez-les pour vous et vos collègues."))
    if shelf.failed:
        raise Refusal("\n".join(shelf.failed))


def destination(cohort: Cohort) -> Path:
    """Where the files of a class go."""
    return cohort.reports / FOLDER


def count(cohort: Cohort) -> Numbers:
    """Reads a class, so that it can be counted.

    Raises:
        Refusal: The list of trainees or the gradebook cannot be used.
    """
    return Numbers(reading.read(cohort), handins.read(cohort))


def put_all(numbers: Numbers, shelf: Shelf) -> None:
    """Writes all files of a class; those with nothing to say are left out."""
    for notice in put_tables(numbers, shelf):
        print(notice)
    put_report(numbers, shelf)
    put_plenary(numbers, shelf)


def put_tables(numbers: Numbers, shelf: Shelf, names: Iterable[str] = (CSV, EXCEL, PARQUET)) -> tuple[str, ...]:
    """Writes the tables of a class, in the formats whose names are given.

    Returns:
        What does not stand in a file as it was written, in French sentences.
    """
    from course.instructor.classview import exports, table  # noqa: PLC0415 - pandas takes a while

    answers = table.answers(numbers.overview)
    notices: tuple[str, ...] = ()
    makers: dict[str, Callable[[], bytes]] = {
        CSV: lambda: exports.as_csv(answers),
        PARQUET: lambda: exports.as_parquet(answers),
    }
    for name in names:
        if name == EXCEL:
            marks = table.marks(numbers.overview)
            sheets = {
                "Réponses": answers,
                "Notes": marks,
                "Remises": table.handed_in(numbers.overview, numbers.handins),
            }
            raw, notices = exports.as_excel(sheets, bar)
        else:
            raw = makers[name]()
        shelf.write(name, raw)
    return notices


def put_report(numbers: Numbers, shelf: Shelf) -> None:
    """Writes the report, and its charts for print."""
    from course.instructor.classview.charts import charts  # noqa: PLC0415 - matplotlib takes a while
    from course.instructor.classview.page import page  # noqa: PLC0415
    from course.instructor.classview.paper import booklet  # noqa: PLC0415

    found = charts(numbers)
    drawings = {}
    for chart in bar(found, "Graphiques"):
        files = chart.files()
        drawings[chart.name] = files["svg"].decode()
        shelf.write(f"{chart.name}.png", files["png"])
    if found:
        shelf.write(CHARTS, booklet(found))
    shelf.write(REPORT, page(numbers, found, drawings, datetime.now()).encode())


def put_plenary(numbers: Numbers, shelf: Shelf) -> None:
    """Writes the plenary view."""
    from course.instructor.classview.plenary import plenary  # noqa: PLC0415

    shelf.write(PLENARY, plenary(numbers.overview).encode())


def _print(numbers: Numbers) -> None:
    parts = summary(numbers)
    for part in parts:
        print(f"\n{part.title}")
        for line in part.lines:
            print(f"  {line}")
        if part is parts[0] and part.title == "Remises" and len(numbers.trainees) <= MOST_NAMED:
            _print_dates(numbers)
    print()


def _print_dates(numbers: Numbers) -> None:
    rows = [("", *(f"But {goal.id}" for goal in syllabus.load().goals)), *who_when(numbers)]
    shown = [(legible(name)[:30], *rest) for name, *rest in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
