"""`progress()`: how far a trainee has come; nothing where nbgrader executes the notebook."""

from __future__ import annotations

import os
from pathlib import Path

from course.workbook.progress.widget import ProgressWidget


def show() -> ProgressWidget | None:
    """The progress in the workbook of the working folder, which Jupyter makes the notebook's own."""
    return None if "NBGRADER_EXECUTION" in os.environ else ProgressWidget(Path.cwd())
