"""Filling the canvases of a published notebook with a trainee's answers, in place of executing her own."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, v4
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from course.core.answers import FOLDER, UnreadableAnswer
from course.core.marking import Marked, mark, unreadable
from course.core.model_answers_html import display
from course.core.syllabus import Objective
from course.grading.cells import COMPLETENESS, canvas_of
from course.grading.staging import unreadable_name


def marked(folder: Path, objective: Objective) -> Marked:
    """One canvas of a staged submission.

    Args:
        folder: The staged or autograded folder of the submission.
        objective: The canvas.

    Returns:
        What an execution there would show and give; answers that staging refused give its reason, and 0.
    """
    refusal = folder / FOLDER / unreadable_name(objective)
    if refusal.is_file():
        return unreadable(objective, UnreadableAnswer(refusal.read_text(encoding="utf-8")))
    return mark(folder, objective)


class FillAnswers(NbGraderPreprocessor):
    """Gives each canvas's graded cell the outputs that its execution would: the table, the model answers, the mark."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Fills one cell.

        Raises:
            ValueError: A code cell is graded and is no canvas: nbgrader would give it full marks, unexecuted.
        """
        if cell.cell_type != "code":
            return cell, resources
        cell.outputs, cell.execution_count = [], None
        if not utils.is_grade(cell):
            return cell, resources
        found = canvas_of(cell.metadata.nbgrader["grade_id"])
        if found is None or found[0] != COMPLETENESS:
            raise ValueError(
                f"La cellule notée n° {cell_index + 1} (« {cell.metadata.nbgrader['grade_id']} ») n’est pas celle d’un "
                "canevas : la correction n’exécute aucun code. Corrigez le notebook du dossier solutions."
            )
        canvas = marked(Path(resources["metadata"]["path"]), found[1])
        points = min(float(canvas.mark), float(cell.metadata.nbgrader["points"]))
        cell.execution_count = 1
        cell.outputs = [
            v4.new_output("display_data", data={"text/html": canvas.html, "text/plain": canvas.text}),
            v4.new_output("display_data", data=display(found[1])),
            v4.new_output("execute_result", data={"text/plain": repr(points)}, execution_count=1),
        ]
        return cell, resources
