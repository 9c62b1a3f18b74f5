"""What a grading run tells the instructor: a line a problem, and one table a class that opens in Excel."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, and_, select

from course.core import files as durable
from course.core.answers import FOLDER, unreadable_name
from course.core.syllabus import Objective
from course.core.words import points
from course.instructor.cohort import gradebook as book
from course.instructor.cohort.marks import COMPLETENESS, canvas_of
from course.instructor.grading.staging import REMARKS, Remark

HEADINGS = ("stagiaire", "canevas", "complétude sur 6", "remarque")
_AT_ONCE = 500

Row = tuple[str, str, str, str]


def rows(connection: Connection, assignment: str, autograded: Path, refused: Iterable[Remark]) -> Iterator[Row]:
    """The table of one assignment: a row a trainee and canvas, and one a remark that is about no canvas.

    Args:
        connection: nbgrader's gradebook, open.
        assignment: `but-1` … `but-5`.
        autograded: The folder of autograded submissions; remarks made when each was graded are found in it.
        refused: Remarks on what could not be graded at all.

    Yields:
        Rows in the order of names and canvases; of a large class only a part is in memory.
    """
    aside: defaultdict[str, list[Row]] = defaultdict(list)
    for each in refused:
        aside[each.student].append((each.student, "", "", f"{each.place} : {each.text}"))
    submission = book.submitted_assignment
    known = select(submission.c.student_id).join(book.assignment).where(book.assignment.c.name == assignment)
    names = sorted({*aside, *connection.scalars(known)})
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        marks = _marks(connection, assignment, some)
        for student in some:
            found = aside[student] + list(_graded(student, marks.get(student, {}), autograded / student / assignment))
            yield from sorted(found)


def write(path: Path, table: Iterable[Row]) -> None:
    """Writes the table for a French Excel: semicolons, UTF-8 with byte-order mark, no cell that is a formula.

    Raises:
        OSError: The older one is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            writer.writerow(HEADINGS)
            writer.writerows(map(as_text, table))
        durable.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def as_text(row: Iterable[str]) -> list[str]:
    """The cells of a row, an apostrophe before each that a spreadsheet would take for a formula."""
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in row]


def _marks(
    connection: Connection, assignment: str, students: list[str]
) -> dict[str, dict[str, tuple[Objective, float | None]]]:
    grade, submission, notebook, cell = book.grade, book.submitted_assignment, book.submitted_notebook, book.base_cell
    # In this order nbgrader's indexes serve: by cell and notebook, not by notebook alone.
    of = select(cell.c.id, cell.c.name, book.notebook.c.id, book.assignment.c.id)
    of = of.select_from(cell.join(book.notebook).join(book.assignment)).where(book.assignment.c.name == assignment)
    names: dict[str, str] = {}
    notebooks: set[str] = set()
    assignments: set[str] = set()
    for key, name, owner, its_owner in connection.execute(of):
        names[key] = name
        notebooks.add(owner)
        assignments.add(its_owner)
    here = and_(notebook.c.notebook_id.in_(notebooks), notebook.c.assignment_id == submission.c.id)
    rows = submission.join(notebook, here)
    rows = rows.join(grade, and_(grade.c.cell_id.in_(names), grade.c.notebook_id == notebook.c.id))
    query = select(submission.c.student_id, grade.c.cell_id, grade.c.auto_score).select_from(rows)
    query = query.where(submission.c.assignment_id.in_(assignments), submission.c.student_id.in_(students))
    result: dict[str, dict[str, tuple[Objective, float | None]]] = {}
    for student, key, mark in connection.execute(query):
        canvas = canvas_of(names[key])
        if canvas and canvas[0] == COMPLETENESS:
            result.setdefault(student, {})[canvas[1].id] = (canvas[1], mark)
    return result


def _graded(student: str, marks: dict[str, tuple[Objective, float | None]], folder: Path) -> Iterator[Row]:
    if not marks:
        return
    for line in _text(folder / REMARKS).splitlines():
        yield student, "", "", line
    there: list[str] = []
    with suppress(OSError):
        there = os.listdir(folder / FOLDER)  # noqa: PTH208 - names are all that is asked, thousands of times
    for objective, mark in marks.values():
        name = unreadable_name(objective)
        reason = _text(folder / FOLDER / name) if name in there else ""
        yield student, objective.id, "" if mark is None else points(mark), reason


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
