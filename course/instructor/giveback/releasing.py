"""Giving pages back through nbgrader's exchange, where a class has one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from course.instructor.cohort.places import COURSE_ID, SETTINGS, Cohort

if TYPE_CHECKING:
    from traitlets.config import Config


def exchange(cohort: Cohort) -> Path | None:
    """The folder of the course in the exchange that the class shares, or None where there is none.

    Where nbgrader's settings name no other, it is that of `COURSE_EXCHANGE`, else `exchange` beside the copies.
    """
    if os.name != "posix":  # nbgrader's exchange does not work on Windows
        return None
    root = Path(os.environ.get("COURSE_EXCHANGE") or cohort.folder / "exchange")
    return root / COURSE_ID if (root / COURSE_ID).is_dir() else None


def release(cohort: Cohort, assignment: str) -> str:
    """Releases the pages of an assignment, as `nbgrader release_feedback` does.

    Args:
        cohort: The class.
        assignment: `but-1` … `but-5`.

    Returns:
        Why it could not be done, as nbgrader says it; empty when it was.
    """
    from nbgrader.apps.api import NbGraderAPI  # noqa: PLC0415 - seconds
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415

    config = _settings(cohort)
    result = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config).release_feedback(assignment)
    if result["success"]:
        return ""
    lines = str(result.get("error") or result.get("log") or "").strip().splitlines()
    return lines[-1] if lines else "raison inconnue"


def _settings(cohort: Cohort) -> Config:
    from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415

    return PyFileConfigLoader(SETTINGS, path=str(cohort.root)).load_config()
