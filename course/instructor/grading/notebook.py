"""The notebook that a grader reads: the published one, with the mark scheme and a trainee's canvases put into it.

Nothing of a trainee's own notebook is in it. What all copies have in common is written once.
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


class Disagreement(Exception):  # noqa: N818 - nobody made an error: one of the two is older
    """The published notebook is not the one that the gradebook knows."""


@dataclass(frozen=True, slots=True)
class Source:
    """A cell of a notebook as the gradebook has it.

    Attributes:
        cell_type: `code` or `markdown`.
        source: Its text, the mark scheme included.
        points: What it is worth; None for a cell that is not marked.
    """

    cell_type: str
    source: str
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Canvas:
    """The graded cell of one canvas.

    Attributes:
        name: Its `grade_id`.
        objective: The canvas's objective.
        points: What the cell is worth.
        models: The output with the model answers, as JSON.
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
    """

    name: str
    canvases: tuple[Canvas, ...]
    parts: tuple[str, ...]

    def filled(self, marked: Mapping[str, Marked]) -> tuple[bytes, dict[str, float]]:
        """The notebook of one copy.

        Args:
            marked: Its canvases, by objective.

        Returns:
            The file, and the score of each canvas by `grade_id`.
        """
        scores: dict[str, float] = {}
        pieces = [self.parts[0]]
        for canvas, part in zip(self.canvases, self.parts[1:], strict=True):
            one = marked[canvas.objective.id]
            scores[canvas.name] = score = min(float(one.mark), canvas.points)
            answers = _display({"text/html": one.html, "text/plain": one.text})
            data = {"text/plain": repr(score)}
            result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
            pieces += (f"[{answers}, {canvas.models}, {json.dumps(result)}]", part)
        return "".join(pieces).encode(), scores


def prepared(name: str, raw: bytes, sources: Mapping[str, Source]) -> Notebook:
    """A notebook to fill.

    Args:
        name: Its file's name.
        raw: The published notebook.
        sources: The gradebook's cells of this notebook, by `grade_id`.

    Raises:
        Disagreement: It is no notebook of version 4, or does not hold these cells.
        Refusal: A graded cell is no canvas.
    """
    try:
        notebook = json.loads(raw)
        if notebook["nbformat"] != 4:
            raise Disagreement
        return _prepared(name, notebook, sources)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Disagreement from error


def _prepared(name: str, notebook: Json, sources: Mapping[str, Source]) -> Notebook:
    outputs = uuid4().hex  # stands for the outputs of a canvas; nothing in the file looks like it
    canvases: list[Canvas] = []
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
            canvases.append(Canvas(grade_id, objective, float(points), _display(display(objective))))
            cell["outputs"], cell["execution_count"] = outputs, 1
    if names != {*sources}:
        raise Disagreement
    parts = json.dumps(notebook, ensure_ascii=False).split(f'"{outputs}"')
    return Notebook(name, tuple(canvases), tuple(parts))


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
