"""The marks of a class as tables: for Moodle's import, for a spreadsheet, and for any other program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from pathlib import Path

from course.core import rubric, syllabus
from course.core.rubric import TOTAL_POINTS
from course.core.syllabus import Goal, Objective
from course.core.words import points
from course.instructor import output
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.roster import Trainee
from course.instructor.giveback.records import Record, State, Work, state_of
from course.instructor.spreadsheets import Cell, Column, Sheet, as_csv, as_excel

MOODLE, CSV, EXCEL = "notes-moodle.csv", "notes.csv", "notes.xlsx"
HISTORY = "notes-historique.csv"
# Not « Nom d’utilisateur »: where there was no list, the course made the identifiers itself.
IDENTIFIER, EMAIL = "Identifiant", "Adresse de courriel"

_STATES = {
    State.MARKED: "noté",
    State.WAITING: "en attente",
    State.REREAD: "à relire",
    State.NO_COPY: "pas de copie",
}
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
    Column("noté par"),
)
_CHANGE = (
    *_PEOPLE,
    Column("canevas"),
    Column("le", width=18),
    Column("par", width=24),
    Column("qualité d’avant sur 14"),
    Column("qualité d’après sur 14"),
    Column("remarque", width=50),
)


def moodle_name(goal: Goal) -> str:
    """The file for Moodle of one goal alone."""
    return MOODLE.replace(".csv", f"-but-{goal.id}.csv")


def write(folder: Path, records: Sequence[Record]) -> tuple[bool, dict[str, int]]:
    """Writes the tables: `CSV`, `EXCEL`, `HISTORY`, and `MOODLE` for all marked goals and for each of them alone.

    Args:
        folder: Where they go; made when missing.
        records: What the trainees got.

    Returns:
        Whether Moodle can match people by `EMAIL`, else it is by `IDENTIFIER`; and how many rows each of the files for
        Moodle has.

    Raises:
        Refusal: One cannot be written; an older one is as it was.
    """
    goals, rows = marked_goals(records), dict[str, int]()
    addressed = False
    for name, those in ((MOODLE, goals), *((moodle_name(goal), (goal,)) for goal in syllabus.load().goals)):
        alone = len(goals) == 1 and name != MOODLE  # it is the same file
        addressed, columns, table = moodle(records, those)
        if table and those and not alone:
            output.write(folder / name, as_csv(columns, table, delimiter=",", encoding="utf-8"))
            rows[name] = len(table)
        else:
            _remove(folder / name)  # of an earlier day: it has marks that count no more
    output.write(folder / CSV, as_csv(_CANVAS, canvases(records)))
    output.write(folder / HISTORY, as_csv(_CHANGE, changes(records)))
    sheets = (
        Sheet("Par but", _goal_columns(), totals(records)),
        Sheet("Par canevas", _CANVAS, canvases(records)),
        Sheet("Historique", _CHANGE, changes(records)),
    )
    output.write(folder / EXCEL, as_excel(sheets, "Notes de la promotion")[0])
    return addressed, rows


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise output.not_written(path, error) from error


def changes(records: Iterable[Record]) -> Iterator[tuple[Cell, ...]]:
    """A row for each change of a quality mark, in the order of trainees and canvases."""
    for record in records:
        for work in record.works.values():
            for change in (change for found in work.changes.values() for change in found):
                at = change.at and change.at.replace(tzinfo=UTC).astimezone().replace(tzinfo=None, microsecond=0)
                remark = "hors de la table de correction" if at is None else ""
                if change.before == change.after:
                    remark = "gardée après une nouvelle remise"
                cells = (change.objective, at, change.reviewer, change.before, change.after, remark)
                yield (*_person(record), *cells)


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


def moodle(records: Sequence[Record], goals: Sequence[Goal]) -> tuple[bool, tuple[Column, ...], list[list[str]]]:
    """The table for Moodle's « Import CSV »: who, and for each goal its total and a comment.

    An empty mark would erase the one that Moodle has: a trainee is in the table when all of these goals have theirs. A
    cell that should say who and is empty makes Moodle give the mark to the person of the line before (its
    `grade/import/csv/classes/load_data.php`): the column of addresses is there only when all have one of their own.
    Decimals have a point, which Moodle reads in any language.

    Args:
        records: The class.
        goals: One or more.

    Returns:
        Whether there is a column of addresses, the columns, and the rows.
    """
    addresses = [record.trainee.email.casefold() for record in records]
    addressed = all(addresses) and len(set(addresses)) == len(addresses)
    who = (IDENTIFIER, "Prénom", "Nom", *([EMAIL] if addressed else []))
    marks = (
        heading for goal in goals for heading in (f"But {goal.id} sur {maximum(goal)}", f"But {goal.id} commentaire")
    )
    rows = [_moodle_row(record, goals, addressed) for record in records if all(_finals(record, goals))]
    return addressed, tuple(map(Column, (*who, *marks))), rows


def maximum(goal: Goal) -> int:
    """The most points of a goal."""
    return TOTAL_POINTS * len(goal.objectives)


def marked_goals(records: Iterable[Record]) -> tuple[Goal, ...]:
    """The goals for which somebody has a final mark."""
    found = {goal for record in records for goal, work in record.works.items() if work.final is not None}
    return tuple(goal for goal in syllabus.load().goals if goal.id in found)


def left_out(records: Iterable[Record], goal: Goal) -> dict[str, list[Trainee]]:
    """Who has no final mark of a goal, by what stands in its place."""
    people: dict[str, list[Trainee]] = {}
    for record in records:
        if (state := _total(record.works.get(goal.id))) in _STATES.values():
            people.setdefault(str(state), []).append(record.trainee)
    return people


def _finals(record: Record, goals: Iterable[Goal]) -> Iterator[bool]:
    works = (record.works.get(goal.id) for goal in goals)
    return (work is not None and work.final is not None for work in works)


def _canvas(record: Record, objective: Objective, mark: Mark | None) -> tuple[Cell, ...]:
    state = state_of(mark)
    cells: list[Cell] = [None if mark is None else mark.completeness]
    if mark and state is State.MARKED:
        levels = zip(rubric.load(), mark.levels, strict=True)
        cells += [None if level is None else float(each.worth(level)) for each, level in levels]
        cells += [mark.quality, mark.total, mark.passed, mark.comment, mark.reviewer]
    else:
        cells += [None] * (len(_CANVAS) - len(_PEOPLE) - len(cells) - 3)
    return (*_person(record), objective.goal, objective.id, _STATES[state], *cells)


def _total(work: Work | None) -> Cell:
    if work is None:
        return _STATES[State.NO_COPY]
    if work.final is not None:
        return work.final
    return _STATES[State.REREAD if any(state_of(mark) is State.REREAD for mark in work.marks) else State.WAITING]


def _goal_columns() -> tuple[Column, ...]:
    course = syllabus.load()
    goals = (Column(f"but {goal.id} sur {maximum(goal)}") for goal in course.goals)
    passed = Column(f"canevas réussis sur {len(course.objectives)}")
    return (*_PEOPLE, *goals, Column("somme des buts notés"), passed)


def _person(record: Record) -> tuple[str, ...]:
    trainee = record.trainee
    return (trainee.id, trainee.first_name, trainee.last_name, trainee.group)


def _moodle_row(record: Record, goals: Iterable[Goal], addressed: bool) -> list[str]:
    trainee = record.trainee
    row = [trainee.id, trainee.first_name, trainee.last_name, *([trainee.email] if addressed else [])]
    for work in (record.works[goal.id] for goal in goals):
        row += [f"{work.final:g}", " | ".join(map(_moodle_comment, work.marked))]
    return row


def _moodle_comment(mark: Mark) -> str:
    verdict = "réussi" if mark.passed else "pas encore réussi"
    total = points(round(mark.total, 2))
    comment = " ".join(mark.comment.split())
    return f"Canevas {mark.objective} : {total} sur {TOTAL_POINTS}, {verdict}. {comment}".rstrip()
