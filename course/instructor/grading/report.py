"""The table of a grading for Excel, one per assignment: each canvas with its completeness and remark."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, and_, select

from course.core import files, sheets
from course.core.answers import FOLDER, unreadable_name
from course.core.syllabus import Objective
from course.core.words import points
from course.instructor.cohort import schema
from course.instructor.cohort.marks import COMPLETENESS, canvas_of
from course.instructor.grading.submission import REMARKS, Remark

HEADINGS = ("stagiaire", "canevas", "complétude sur 6", "remarque")
_AT_ONCE = 500

ReportRow = tuple[str, str, str, str]


def rows(connection: Connection, assignment: str, autograded: Path, refused: Iterable[Remark]) -> Iterator[ReportRow]:
    """Yield the table of one assignment: a row per trainee and canvas, and one per remark on no canvas.

    Args:
        connection: nbgrader's gradebook, open.
        assignment: `but-1` … `but-5`.
        autograded: The folder of graded copies, which also holds the remarks made at grading.
        refused: Remarks on copies that could not be graded at all.

    Yields:
        Rows in the order of trainees and canvases; read in batches to bound the memory for a large class.
    """
    by_student: defaultdict[str, list[ReportRow]] = defaultdict(list)
    for remark in refused:
        by_student[remark.student].append((remark.student, "", "", f"{remark.path} : {remark.text}"))
    submission = schema.submitted_assignment
    known = select(submission.c.student_id).join(schema.assignment).where(schema.assignment.c.name == assignment)
    names = sorted({*by_student, *connection.scalars(known)})
    for start in range(0, len(names), _AT_ONCE):
        batch = names[start : start + _AT_ONCE]
        scores = _scores(connection, assignment, batch)
        for student in batch:
            graded = _graded(student, scores[student], autograded / student / assignment)
            yield from sorted((*by_student[student], *graded))


def write(path: Path, table: Iterable[ReportRow]) -> None:
    """Write the table for a French Excel.

    Raises:
        OSError: It cannot be written; an older file is unchanged.
    """
    raw = sheets.written((HEADINGS, *table))
    path.parent.mkdir(parents=True, exist_ok=True)
    files.put(path, raw)


def _scores(
    connection: Connection, assignment: str, students: list[str]
) -> defaultdict[str, list[tuple[Objective, float | None]]]:
    """Return the completeness of the trainees' canvases, by trainee."""
    grade, submission, notebook, cell = (
        schema.grade,
        schema.submitted_assignment,
        schema.submitted_notebook,
        schema.base_cell,
    )
    # This order of joins uses nbgrader's indexes, which are by cell and notebook, not by notebook alone.
    cells = select(cell.c.id, cell.c.name, schema.notebook.c.id, schema.assignment.c.id)
    cells = cells.select_from(cell.join(schema.notebook).join(schema.assignment)).where(
        schema.assignment.c.name == assignment
    )
    canvases: dict[str, Objective] = {}
    notebooks: set[str] = set()
    assignments: set[str] = set()
    for key, name, notebook_id, assignment_id in connection.execute(cells):
        canvas = canvas_of(name)
        if canvas and canvas[0] == COMPLETENESS:
            canvases[key] = canvas[1]
        notebooks.add(notebook_id)
        assignments.add(assignment_id)
    of_assignment = and_(notebook.c.notebook_id.in_(notebooks), notebook.c.assignment_id == submission.c.id)
    joined = submission.join(notebook, of_assignment)
    joined = joined.join(grade, and_(grade.c.cell_id.in_(canvases), grade.c.notebook_id == notebook.c.id))
    query = select(submission.c.student_id, grade.c.cell_id, grade.c.auto_score).select_from(joined)
    query = query.where(submission.c.assignment_id.in_(assignments), submission.c.student_id.in_(students))
    result: defaultdict[str, list[tuple[Objective, float | None]]] = defaultdict(list)
    for student, key, score in connection.execute(query):
        result[student].append((canvases[key], score))
    return result


def _graded(student: str, scores: list[tuple[Objective, float | None]], folder: Path) -> Iterator[ReportRow]:
    if not scores:
        return
    for line in _text(folder / REMARKS).splitlines():
        yield student, "", "", line
    present: list[str] = []
    with suppress(OSError):
        present = os.listdir(folder / FOLDER)  # noqa: PTH208 - only names are needed, thousands of times
    for objective, score in scores:
        name = unreadable_name(objective)
        reason = _text(folder / FOLDER / name) if name in present else ""
        yield student, objective.id, "" if score is None else points(score), reason


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
