"""What a grading run tells the instructor: a line a problem, and one table a class that opens in Excel."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbgrader.api import Assignment, Grade, Gradebook, GradeCell, SubmittedAssignment, SubmittedNotebook

from course.core.answers import FOLDER
from course.core.syllabus import Objective
from course.grading.cells import canvas_of
from course.grading.staging import REMARKS, Remark, unreadable_name

HEADINGS = ("stagiaire", "canevas", "complétude sur 6", "remarque")

Row = tuple[str, str, str, str]


def rows(gradebook: Gradebook, assignment: str, autograded: Path, refused: Iterable[Remark]) -> list[Row]:
    """The table of one assignment: a row a trainee and canvas, and one a remark that is about no canvas.

    Args:
        gradebook: nbgrader's, open.
        assignment: `but-1` … `but-5`.
        autograded: The folder of autograded submissions; remarks made when each was graded are found in it.
        refused: Remarks on what could not be graded at all.

    Returns:
        Rows in the order of names and canvases.
    """
    result: list[Row] = [(each.student, "", "", f"{each.place} : {each.text}") for each in refused]
    told: set[str] = set()
    for student, objective, mark in _marks(gradebook, assignment):
        folder = autograded / student / assignment
        if student not in told:
            told.add(student)
            result += [(student, "", "", line) for line in _text(folder / REMARKS).splitlines()]
        shown = "" if mark is None else f"{mark:g}".replace(".", ",")
        result.append((student, objective.id, shown, _text(folder / FOLDER / unreadable_name(objective))))
    return sorted(result)


def write(path: Path, table: Iterable[Row]) -> None:
    """Writes the table for a French Excel: semicolons, UTF-8 with byte-order mark, no cell that is a formula."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(map(as_text, table))


def as_text(row: Iterable[str]) -> list[str]:
    """The cells of a row, an apostrophe before each that a spreadsheet would take for a formula."""
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in row]


def _marks(gradebook: Gradebook, assignment: str) -> Iterator[tuple[str, Objective, float | None]]:
    found = (
        gradebook.db.query(SubmittedAssignment.student_id, GradeCell.name, Grade.auto_score)
        .select_from(Grade)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment)
    )
    for student, name, mark in found:
        if canvas := canvas_of(name):
            yield student, canvas[1], mark


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
