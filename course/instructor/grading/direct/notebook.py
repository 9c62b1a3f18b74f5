"""A graded notebook: what all copies have in common is written once, and each copy's canvases put in between."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring
from uuid import uuid4

from course.core.comparison import display
from course.core.marking import Marked
from course.core.syllabus import Objective
from course.instructor.grading.direct import masters
from course.instructor.grading.direct.masters import Json
from course.instructor.grading.fill import graded_canvas, score

NO_RESPONSE = "No response."  # nbgrader's own words, in its gradebook


@dataclass(frozen=True, slots=True)
class Canvas:
    """The graded cell of one canvas.

    Attributes:
        name: Its `grade_id`.
        objective: The canvas's objective.
        points: What the cell is worth.
        models: The output with the model answers, as it stands in the file.
    """

    name: str
    objective: Objective
    points: float
    models: str


@dataclass(frozen=True, slots=True)
class Notebook:
    """One notebook of an assignment, ready to be filled.

    Attributes:
        name: Its file's.
        canvases: In the order of their cells.
        parts: The file's text before, between and after the outputs of the canvases.
        scores: By `grade_id`, what all copies get in graded cells that are no canvas; None waits for a person.
        comments: By `grade_id`, what nbgrader says of each cell that takes a comment.
    """

    name: str
    canvases: tuple[Canvas, ...]
    parts: tuple[bytes, ...]
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]

    def filled(self, marked: Mapping[str, Marked]) -> tuple[bytes, dict[str, float | None]]:
        """One copy.

        Args:
            marked: Its canvases, by objective.

        Returns:
            The file, and the score of each graded cell by `grade_id`.
        """
        scores = dict(self.scores)
        pieces = [self.parts[0]]
        for canvas, part in zip(self.canvases, self.parts[1:], strict=True):
            found = marked[canvas.objective.id]
            scores[canvas.name] = points = score(found, canvas.points)
            pieces += (_outputs(found, canvas.models, points).encode(), part)
        return b"".join(pieces), scores


def prepared(name: str, master: Json) -> Notebook:
    """A notebook to fill.

    Args:
        name: Its file's name.
        master: What is graded, as `masters.master` gives it.

    Raises:
        ValueError: A code cell is graded and is no canvas; the sentence is French.
    """
    notebook = copy.deepcopy(master)
    mark = uuid4().hex  # nothing in the file looks like it
    canvases: list[Canvas] = []
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for number, cell in enumerate(notebook["cells"], 1):
        marks = cell["metadata"].get("nbgrader", {})
        grade_id = marks.get("grade_id")
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            if marks.get("grade", False):
                objective = graded_canvas(grade_id or "", number)
                canvases.append(Canvas(grade_id, objective, marks["points"], _display(display(objective))))
                cell["outputs"], cell["execution_count"] = mark, 1
        elif marks.get("grade", False):
            scores[grade_id] = 0 if _untouched(cell, marks) and marks.get("solution", False) else None
        if marks.get("solution", False) or marks.get("task", False):
            untouched = _untouched(cell, marks) and not marks.get("task", False)
            comments[grade_id] = NO_RESPONSE if untouched else None
    parts = masters.written(notebook).split(f'"{mark}"')
    return Notebook(name, tuple(canvases), tuple(part.encode() for part in parts), scores, comments)


def _untouched(cell: Json, marks: Mapping[str, object]) -> bool:
    return marks.get("checksum") == masters.checksum(cell)


def _outputs(found: Marked, models: str, points: float) -> str:
    """A canvas's outputs, as `json.dumps` would write them at that depth, some twenty times faster."""
    answers = _display({"text/html": found.html, "text/plain": found.text})
    return (
        f'[\n{answers},\n{models},\n    {{\n     "data": {{\n      "text/plain": {_lines(repr(points))}\n     }},\n'
        '     "execution_count": 1,\n     "metadata": {},\n     "output_type": "execute_result"\n    }\n   ]'
    )


def _display(bundle: Mapping[str, str]) -> str:
    data = ",\n".join(f"      {json.dumps(kind)}: {_lines(bundle[kind])}" for kind in sorted(bundle))
    return (
        f'    {{\n     "data": {{\n{data}\n     }},\n     "metadata": {{}},\n     "output_type": "display_data"\n    }}'
    )


def _lines(text: str) -> str:
    lines = text.splitlines(True)
    if not lines:
        return "[]"
    return "[\n" + ",\n".join(f"       {encode_basestring(line)}" for line in lines) + "\n      ]"
