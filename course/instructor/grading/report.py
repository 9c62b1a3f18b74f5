"""The table of a grading, one a class and assignment, which opens in Excel: each canvas, and what is wrong with it."""

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
from course.instructor.cohort import gradebook as book
from course.instructor.cohort.marks import COMPLETENESS, canvas_of
from course.instructor.grading.submission import REMARKS, Remark

HEADINGS = ("stagiaire", "canevas", "complétude sur 6", "remarque")
_AT_ONCE = 500

Row = tuple[str, str, str, str]


def rows(connection: Connection, assignment: str, autograded: Path, refused: Iterable[Remark]) -> Iterator[Row]:
    """The table of one assignment: a row a trainee and canvas, and one a remark that is about no canvas.

    Args:
        connection: nbgrader's gradebook, open.
        assignment: `but-1` … `but-5`.
        autograded: The folder of graded copies; remarks made when each was graded are found in it.
        refused: Remarks on what could not be graded at all.

    Yields:
        Rows in the order of names and canvases; of a large class only a part is in memory.
    """
    aside: defaultdict[str, list[Row]] = defaultdict(list)
    for remark in refused:
        aside[remark.student].append((remark.student, "", "", f"{remark.place} : {remark.text}"))
    submission = book.submitted_assignment
    known = select(submission.c.student_id).join(book.assignment).where(book.assignment.c.name == assignment)
    names = sorted({*aside, *connection.scalars(known)})
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        scores = _scores(connection, assignment, some)
        for student in some:
            yield from sorted((*aside[student], *_graded(student, scores[student], autograded / student / assignment)))


def write(path: Path, table: Iterable[Row]) -> None:
    """Writes the table for a French Excel.

    Raises:
        OSError: The older one is as it was.
    """
    raw = sheets.written((HEADINGS, *table))
    path.parent.mkdir(parents=True, exist_ok=True)
    files.put(path, raw)


def _scores(
    connection: Connection, assignment: str, students: list[str]
) -> defaultdict[str, list[tuple[Objective, float | None]]]:
    """The completeness of some trainees' canvases."""
    grade, submission, notebook, cell = book.grade, book.submitted_assignment, book.submitted_notebook, book.base_cell
    # In this order nbgrader's indexes serve: by cell and notebook, not by notebook alone.
    of = select(cell.c.id, cell.c.name, book.notebook.c.id, book.assignment.c.id)
    of = of.select_from(cell.join(book.notebook).join(book.assignment)).where(book.assignment.c.name == assignment)
    canvases: dict[str, Objective] = {}
    notebooks: set[str] = set()
    assignments: set[str] = set()
    for key, name, owner, its_owner in connection.execute(of):
        canvas = canvas_of(name)
        if canvas and canvas[0] == COMPLETENESS:
            canvases[key] = canvas[1]
        notebooks.add(owner)
        assignments.add(its_owner)
    here = and_(notebook.c.notebook_id.in_(notebooks), notebook.c.assignment_id == submission.c.id)
    joined = submission.join(notebook, here)
    joined = joined.join(grade, and_(grade.c.cell_id.in_(canvases), grade.c.notebook_id == notebook.c.id))
    query = select(submission.c.student_id, grade.c.cell_id, grade.c.auto_score).select_from(joined)
    query = query.where(submission.c.assignment_id.in_(assignments), submission.c.student_id.in_(students))
    result: defaultdict[str, list[tuple[Objective, float | None]]] = defaultdict(list)
    for student, key, score in connection.execute(query):
        result[student].append((canvases[key], score))
    return result


def _graded(student: str, scores: list[tuple[Objective, float | None]], folder: Path) -> Iterator[Row]:
    if not scores:
        return
    for line in _text(folder / REMARKS).splitlines():
        yield student, "", "", line
    present: list[str] = []
    with suppress(OSError):
        present = os.listdir(folder / FOLDER)  # noqa: PTH208 - names are all that is asked, thousands of times
    for objective, score in scores:
        name = unreadable_name(objective)
        reason = _text(folder / FOLDER / name) if name in present else ""
        yield student, objective.id, "" if score is None else points(score), reason


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
