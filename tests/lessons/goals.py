"""The five lessons on the goals, as the tests of this folder read them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from course.core import syllabus
from course.core.syllabus import rows

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "modules"
OBJECTIVES = syllabus.load().objectives
SLIDES = tuple(rows("slides"))
LESSONS = {
    goal.id: next(Path(row["notebook"]).stem for row in SLIDES if row["section"] == f"but-{goal.id}")
    for goal in syllabus.load().goals
}
REFERENCE = ("sources", "navigation")  # looked up or clicked, never read through
WORD = re.compile(r"[\w’'-]*\w[\w’'-]*")


@cache
def cells(goal: str) -> tuple[dict[str, Any], ...]:
    read = json.loads((MODULES / f"{LESSONS[goal]}.ipynb").read_bytes())["cells"]
    return tuple({**cell, "source": "".join(cell["source"])} for cell in read)


def cell(goal: str, cell_id: str) -> dict[str, Any]:
    (found,) = (one for one in cells(goal) if one["id"] == cell_id)
    return found


def plain(source: str) -> str:
    """A text with ordinary spaces and without marks of emphasis, for what is compared and not shown."""
    return re.sub(r"\*{1,2}", "", re.sub(r"[\u00a0\u202f]", " ", source))


def words(source: str) -> int:
    """Words that are seen: the target of a link and the text alternative of a picture are not."""
    return len(WORD.findall(re.sub(r"\]\([^)]*\)", "]", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", source))))


def folded(goal: str) -> tuple[dict[str, Any], ...]:
    """What is hidden when a lesson opens: from the heading « Pour aller plus loin » to the next one of its level."""
    lesson = cells(goal)
    first = next(place for place, one in enumerate(lesson) if one["id"] == "plus-loin")
    last = next(
        place for place, one in enumerate(lesson) if place > first and re.search(r"^##? ", one["source"], re.MULTILINE)
    )
    return lesson[first + 1 : last]


def short(goal: str) -> tuple[dict[str, Any], ...]:
    """What is seen when a lesson opens, in Markdown."""
    hidden = {one["id"] for one in folded(goal)}
    return tuple(one for one in cells(goal) if one["cell_type"] == "markdown" and one["id"] not in hidden)
