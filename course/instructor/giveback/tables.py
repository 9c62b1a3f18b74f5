"""The marks of a class as tables: for Moodle's import, for a spreadsheet, and for any other program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from course.core import rubric, syllabus
from course.core.rubric import TOTAL_POINTS
from course.core.syllabus import Objective
from course.core.words import points
from course.instructor import output
from course.instructor.cohort.marks import Mark
from course.instructor.giveback.records import Record, State, Work, state_of
from course.instructor.spreadsheets import Cell, Column, Sheet, as_csv, as_excel

MOODLE, CSV, EXCEL = "notes-moodle.csv", "notes.csv", "notes.xlsx"
IDENTIFIER, EMAIL = "Nom d’utilisateur", "Adresse de courriel"

_STATES = {State.MARKED: "noté", State.WAITING: "en attente", State.NO_COPY: "pas de copie"}
_PEOPLE = (Column("identifiant"), Column("prénom"), Column("nom"), Column("groupe"))
_CANVAS = (
    *_PEOPLE,
    Column("but"),
    Column("canevas"),
    Column("état"),
    Column("complétude sur 6"),
    *(Column(f"{each.id.upper()} {each.short_title} sur {each.points}") for each in rubric.load()),
    Column("qualité sur 14"),
    Column(f"total sur {TOTAL_POINTS}"),
    Column("réussi"),
    Column("commentaire", width=60),
)


def write(folder: Path, records: Sequence[Record]) -> bool:
    """Writes the three tables: `MOODLE`, `CSV` and `EXCEL`.

    Args:
        folder: Where they go; made when missing.
        records: What the trainees got.

    Returns:
        Whether Moodle can match people by `EMAIL`; else it is by `IDENTIFIER`.

    Raises:
        Refusal: One cannot be written; an older one is as it was.
    """
    addressed, columns, rows = moodle(records)
    output.write(folder / MOODLE, as_csv(columns, rows, delimiter=",", encoding="utf-8"))
    output.write(folder / CSV, as_csv(_CANVAS, canvases(records)))
    sheets = (
        Sheet("Par but", _goal_columns(), totals(records)),
        Sheet("Par canevas", _CANVAS, canvases(records)),
    )
    output.write(folder / EXCEL, as_excel(sheets, "Notes de la promotion")[0])
    return addressed


def canvases(records: Iterable[Record]) -> Iterator[tuple[Cell, ...]]:
    """A row for each trainee and canvas of the course, handed in or not: numbers are numbers."""
    for record in records:
        marks = {mark.objective: mark for work in record.works.values() for mark in work.marks}
        for objective in syllabus.load().objectives:
            yield _canvas(record, objective, marks.get(objective.id))


def totals(records: Iterable[Record]) -> Iterator[tuple[Cell, ...]]:
    """A row for each trainee: the total of each goal or what stands in its place, their sum, and canvases passed."""
    for record in records:
        works = [record.works.get(goal.id) for goal in syllabus.load().goals]
        finals = [work.final for work in works if work is not None and work.final is not None]
        passed = sum(work.passed for work in works if work is not None)
        yield (*_person(record), *map(_total, works), sum(finals) if finals else None, passed)


def moodle(records: Sequence[Record]) -> tuple[bool, tuple[Column, ...], Iterator[list[str]]]:
    """The table for Moodle's « Import CSV »: who, and for each goal its total and a comment.

    A cell that should say who and is empty makes Moodle give the mark to the person of the line before (its
    `grade/import/csv/classes/load_data.php`): the column of addresses is there only when all have one of their own.
    Decimals have a point, which Moodle reads in any language.

    Returns:
        Whether there is a column of addresses, the columns, and the rows.
    """
    addresses = [record.trainee.email.casefold() for record in records]
    addressed = all(addresses) and len(set(addresses)) == len(addresses)
    who = (IDENTIFIER, "Prénom", "Nom", *([EMAIL] if addressed else []))
    marks = (heading for goal in syllabus.load().goals for heading in (f"But {goal.id}", f"But {goal.id} commentaire"))
    columns = tuple(map(Column, (*who, *marks)))
    return addressed, columns, (_moodle_row(record, addressed) for record in records)


def _canvas(record: Record, objective: Objective, mark: Mark | None) -> tuple[Cell, ...]:
    state = state_of(mark)
    cells: list[Cell] = [None if mark is None else mark.completeness]
    if mark and state is State.MARKED:
        levels = zip(rubric.load(), mark.levels, strict=True)
        cells += [None if level is None else float(each.worth(level)) for each, level in levels]
        cells += [mark.quality, mark.total, mark.passed, mark.comment]
    else:
        cells += [None] * (len(_CANVAS) - len(_PEOPLE) - len(cells) - 3)
    return (*_person(record), objective.goal, objective.id, _STATES[state], *cells)


def _total(work: Work | None) -> Cell:
    if work is None:
        return _STATES[State.NO_COPY]
    return _STATES[State.WAITING] if work.final is None else work.final


def _goal_columns() -> tuple[Column, ...]:
    course = syllabus.load()
    goals = (Column(f"but {goal.id} sur {TOTAL_POINTS * len(goal.objectives)}") for goal in course.goals)
    passed = Column(f"canevas réussis sur {len(course.objectives)}")
    return (*_PEOPLE, *goals, Column("somme des buts notés"), passed)


def _person(record: Record) -> tuple[str, ...]:
    trainee = record.trainee
    return (trainee.id, trainee.first_name, trainee.last_name, trainee.group)


def _moodle_row(record: Record, addressed: bool) -> list[str]:
    trainee = record.trainee
    row = [trainee.id, trainee.first_name, trainee.last_name, *([trainee.email] if addressed else [])]
    for goal in syllabus.load().goals:
        work = record.works.get(goal.id)
        if work is None or work.final is None:
            row += ["", ""]  # no mark, and not zero
            continue
        row += [f"{work.final:g}", " | ".join(map(_moodle_comment, work.marked))]
    return row


def _moodle_comment(mark: Mark) -> str:
    verdict = "réussi" if mark.passed else "pas encore réussi"
    total = points(round(mark.total, 2))
    comment = " ".join(mark.comment.split())
    return f"Canevas {mark.objective} : {total} sur {TOTAL_POINTS}, {verdict}. {comment}".rstrip()
