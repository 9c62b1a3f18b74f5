"""The graded cells of the workbook: what their nbgrader identifiers say."""

from __future__ import annotations

import re
from functools import lru_cache

from course.core import syllabus
from course.core.syllabus import Objective

COMPLETENESS, QUALITY = "completude", "qualite"

_CELL = re.compile(rf"({COMPLETENESS}|{QUALITY})-(\d+)-(\d+)")


@lru_cache(maxsize=1024)
def canvas_of(grade_id: str) -> tuple[str, Objective] | None:
    """What a graded cell is about.

    Args:
        grade_id: Its nbgrader identifier, for example `completude-1-1`.

    Returns:
        `COMPLETENESS` or `QUALITY`, and the objective; None when it is no cell of a canvas of this course.
    """
    match = _CELL.fullmatch(grade_id)
    if match is None:
        return None
    try:
        return match[1], syllabus.load().objective(f"{match[2]}.{match[3]}")
    except KeyError:
        return None
