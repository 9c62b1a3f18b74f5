"""The step of sealed grading that fills a notebook, as nbgrader's converters call it."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, v4
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from course.core.comparison import display
from course.instructor.grading.fill import graded_canvas, marked, score


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
        objective = graded_canvas(cell.metadata.nbgrader["grade_id"], cell_index + 1)
        canvas = marked(Path(resources["metadata"]["path"]), objective)
        points = score(canvas, cell.metadata.nbgrader["points"])
        cell.execution_count = 1
        cell.outputs = [
            v4.new_output("display_data", data={"text/html": canvas.html, "text/plain": canvas.text}),
            v4.new_output("display_data", data=display(objective)),
            v4.new_output("execute_result", data={"text/plain": repr(points)}, execution_count=1),
        ]
        return cell, resources
