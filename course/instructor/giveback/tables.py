"""The marks of a class as tables: for Moodle's import, for a spreadsheet, and for any other program."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.core import files as durable
from course.core import rubric, syllabus
from course.core.rubric import TOTAL_POINTS
from course.core.syllabus import Objective
from course.core.words import points
from course.instructor.cohort.marks import Mark
from course.instructor.giveback.records import Record, noted
from course.instructor.giveback.writing import not_written
from course.instructor.grading.summary import as_text

IDENTIFIER, EMAIL = "Nom d’utilisateur", "Adresse de courriel"
DONE, WAITING, NOTHING = "noté", "en attente", "pas de copie"

_SPLIT = re.compile(r"\s*:")
_CRITERIA = tuple(f"{each.id.upper()} {_SPLIT.split(each.title)[0]} sur {each.points}" for each in rubric.load())
PEOPLE = ("identifiant", "prénom", "nom", "groupe")
CANVAS = (
    *PEOPLE,
    "but",
    "canevas",
    "état",
    "complétude sur 6",
    *_CRITERIA,
    "qualité sur 14",
    f"total sur {TOTAL_POINTS}",
    "réussi",
    "commentaire",
)

Cell = str | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A trainee's canvas, with its mark when it has one."""

    record: Record
    objective: Objective
    mark: Mark | None

    @property
    def state(self) -> str:
        """Whether it is marked, waits, or was not handed in."""
        return NOTHING if self.mark is None else DONE if noted(self.mark) else WAITING

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells under `CANVAS`: numbers are numbers."""
        mark, done = self.mark, self.state == DONE
        told: list[Cell] = [mark.completeness if mark else None]
        if mark and done:
            levels = zip(rubric.load(), mark.levels, strict=True)
            told += [None if level is None else float(each.worth(level)) for each, level in levels]
            told += [mark.quality, mark.total, "oui" if mark.passed else "non", mark.comment]
        else:
            told += [*[None] * len(rubric.load()), None, None, "", ""]
        return (*_person(self.record), self.objective.goal, self.objective.id, self.state, *told)


def lines(found: Iterable[Record]) -> Iterator[Line]:
    """A line for each trainee and canvas of the course, whether she handed it in or not."""
    for record in found:
        given = {mark.objective: mark for work in record.works.values() for mark in work.marks}
        for objective in syllabus.load().objectives:
            yield Line(record, objective, given.get(objective.id))


def canvases(found: Iterable[Record]) -> Iterator[list[str]]:
    """The same as rows of text, numbers written as in French."""
    for line in lines(found):
        yield [_french(cell) for cell in line.cells]


def totals(found: Iterable[Record]) -> Iterator[tuple[Cell, ...]]:
    """A row for each trainee: who, her total of each goal or what stands in its place, canvases passed and marked."""
    for record in found:
        works = [record.works.get(goal.id) for goal in syllabus.load().goals]
        given: list[Cell] = [NOTHING if work is None else _first(work.final, WAITING) for work in works]
        finals = [work.final for work in works if work is not None and work.final is not None]
        passed = sum(work.passed for work in works if work is not None)
        yield (*_person(record), *given, sum(finals) if finals else None, float(passed))


def totals_headings() -> tuple[str, ...]:
    """What stands over the cells of `totals`."""
    goals = syllabus.load().goals
    each = (f"but {goal.id} sur {TOTAL_POINTS * len(goal.objectives)}" for goal in goals)
    return (*PEOPLE, *each, "somme des buts notés", f"canevas réussis sur {len(syllabus.load().objectives)}")


def moodle(found: Sequence[Record]) -> tuple[str, tuple[str, ...], Iterator[list[str]]]:
    """The table for Moodle's « Import CSV »: who, and for each goal its total and a comment.

    A cell that should say who and is empty makes Moodle give the mark to the person of the line before (its
    `grade/import/csv/classes/load_data.php`): the column of addresses is there only when everybody has her own.
    Decimals have a point, which Moodle reads in any language.

    Returns:
        The column to match people by, the headings, and the rows.
    """
    addresses = [record.trainee.email.casefold() for record in found]
    mailed = all(addresses) and len(set(addresses)) == len(addresses)
    who = (IDENTIFIER, "Prénom", "Nom", *([EMAIL] if mailed else []))
    goals = syllabus.load().goals
    headings = (*who, *(cell for goal in goals for cell in (f"But {goal.id}", f"But {goal.id} commentaire")))
    return (EMAIL if mailed else IDENTIFIER), headings, (_moodle_row(record, mailed) for record in found)


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str, encoding: str) -> None:
    """Writes a table durably, no cell of it a formula.

    Raises:
        Refusal: It cannot be written; an older one is as it was.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows(as_text(row) for row in rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.put(path, stream.getvalue().encode(encoding))
    except OSError as error:
        raise not_written(path, error) from error


def _first(*cells: Cell) -> Cell:
    return next(cell for cell in cells if cell is not None)


def _person(record: Record) -> tuple[str, ...]:
    trainee = record.trainee
    return (trainee.id, trainee.first_name, trainee.last_name, trainee.group)


def _moodle_row(record: Record, mailed: bool) -> list[str]:
    trainee = record.trainee
    row = [trainee.id, trainee.first_name, trainee.last_name, *([trainee.email] if mailed else [])]
    for goal in syllabus.load().goals:
        work = record.works.get(goal.id)
        if work is None or work.final is None:
            row += ["", ""]  # no mark, and not zero
            continue
        row += [f"{work.final:g}", " | ".join(_said(mark) for mark in work.noted)]
    return row


def _said(mark: Mark) -> str:
    verdict = "réussi" if mark.passed else "pas encore réussi"
    comment = " ".join(mark.comment.split())
    return f"Canevas {mark.objective} : {_french(mark.total)} sur {TOTAL_POINTS}, {verdict}. {comment}".rstrip()


def _french(cell: Cell) -> str:
    return "" if cell is None else cell if isinstance(cell, str) else points(round(cell, 2))
