"""The graded notebook: the published one, with the mark scheme and a trainee's canvases inserted.

It contains nothing from the trainee's own notebook. The text common to all copies is prepared once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from course.core.comparison import display
from course.core.marking import Marked
from course.core.refusal import Refusal
from course.core.syllabus import Objective
from course.instructor.cohort.marks import COMPLETENESS, canvas_of

Json = dict[str, Any]


class Disagreement(Exception):  # noqa: N818 - not a programming error: one of the two is out of date
    """The published notebook differs from the one in the gradebook."""


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of a notebook as stored in the gradebook.

    Attributes:
        cell_type: `code` or `markdown`.
        source: Its text, the mark scheme included.
        points: Its maximum points; None for a cell that is not marked.
    """

    cell_type: str
    source: str
    points: float | None = None


@dataclass(frozen=True, slots=True)
class CanvasCell:
    """The graded cell of one canvas.

    Attributes:
        name: Its `grade_id`.
        objective: The canvas's objective.
        points: The maximum points of the cell.
        models: The output with the model answers, as JSON.
    """

    name: str
    objective: Objective
    points: float
    models: str


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook of an assignment, ready to be filled.

    Attributes:
        name: Its file name.
        canvases: In the order of their cells.
        segments: The file's text before, between and after the outputs of the canvases.
    """

    name: str
    canvases: tuple[CanvasCell, ...]
    segments: tuple[str, ...]

    def filled(self, marked: Mapping[str, Marked]) -> tuple[bytes, dict[str, float]]:
        """Return the notebook of one copy.

        Args:
            marked: Its marked canvases, by objective.

        Returns:
            The file, and the score of each canvas by `grade_id`.
        """
        scores: dict[str, float] = {}
        pieces = [self.segments[0]]
        for canvas, segment in zip(self.canvases, self.segments[1:], strict=True):
            marking = marked[canvas.objective.id]
            scores[canvas.name] = score = min(float(marking.mark), canvas.points)
            answers = _display({"text/html": marking.html, "text/plain": marking.text})
            data = {"text/plain": repr(score)}
            result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
            pieces += (f"[{answers}, {canvas.models}, {json.dumps(result)}]", segment)
        return "".join(pieces).encode(), scores


def prepared(name: str, raw: bytes, sources: Mapping[str, SourceCell]) -> Notebook:
    """Prepare a notebook for filling.

    Args:
        name: Its file's name.
        raw: The published notebook.
        sources: The gradebook's cells of this notebook, by `grade_id`.

    Raises:
        Disagreement: It is not a notebook of version 4, or does not have these cells.
        Refusal: A graded cell is not a canvas.
    """
    try:
        notebook = json.loads(raw)
        if notebook["nbformat"] != 4:
            raise Disagreement
        return _prepared(name, notebook, sources)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Disagreement from error


def _prepared(name: str, notebook: Json, sources: Mapping[str, SourceCell]) -> Notebook:
    outputs = uuid4().hex  # placeholder for the outputs of a canvas, found nowhere else in the file
    canvases: list[CanvasCell] = []
    names: set[str] = set()
    for number, cell in enumerate(notebook["cells"], 1):
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        nbgrader = cell["metadata"].get("nbgrader", {})
        grade_id = nbgrader.get("grade_id")
        if grade_id is None:
            continue
        names.add(grade_id)
        source = sources[grade_id]
        if cell["cell_type"] != source.cell_type:
            raise Disagreement
        cell["source"] = source.source
        if nbgrader.get("grade", False):
            objective = _objective(cell["cell_type"], grade_id, number)
            points = nbgrader["points"] if source.points is None else source.points
            nbgrader["points"] = points
            canvases.append(CanvasCell(grade_id, objective, float(points), _display(display(objective))))
            cell["outputs"], cell["execution_count"] = outputs, 1
    if names != {*sources}:
        raise Disagreement
    segments = json.dumps(notebook, ensure_ascii=False).split(f'"{outputs}"')
    return Notebook(name, tuple(canvases), tuple(segments))


def _objective(cell_type: str, grade_id: str, number: int) -> Objective:
    kind, objective = canvas_of(grade_id) or ("", None)
    if objective is None or kind != COMPLETENESS or cell_type != "code":
        raise Refusal(
            f"La cellule notée n° {number} (« {grade_id} ») n’est pas celle d’un canevas : la correction n’exécute "
            "aucun code. Corrigez le notebook du dossier solutions."
        )
    return objective


def _display(data: Mapping[str, str]) -> str:
    return json.dumps({"output_type": "display_data", "metadata": {}, "data": data}, ensure_ascii=False)
