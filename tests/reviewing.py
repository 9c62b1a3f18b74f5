"""A graded class to review, each with texts of their own in one canvas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from promotion import promotion, put

from course.core import syllabus
from course.core.team import Team
from course.instructor.cohort.places import Cohort

FAMILIES = "Former les familles aux signes de gravité"
Texts = Mapping[str, Sequence[tuple[str, Sequence[str]]]]


@dataclass(frozen=True)
class Work:
    """What somebody hands in: the strategies and actions of the options they treated; None for no file."""

    students: tuple[str, ...]
    texts: Texts | None
    team: Team | None = None
    completeness: float = 4.5


def document(objective: str, texts: Texts) -> str:
    """An answers file."""
    options = {
        option: [
            {
                "id": f"s{rank}",
                "strategy": strategy,
                "actions": [{"id": f"a{at}", "action": text} for at, text in enumerate(actions)],
            }
            for rank, (strategy, actions) in enumerate(rows)
        ]
        for option, rows in texts.items()
    }
    return json.dumps({"format": "canevas/1", "objective": objective, "options": options}, ensure_ascii=False)


def graded(root: Path, works: Sequence[Work], objective: str = "1.1") -> Cohort:
    """A course whose goal was graded: each has the texts in one canvas, and nothing in the others."""
    cohort = promotion(root)
    for work in works:
        add(cohort, work, objective)
    return cohort


def add(cohort: Cohort, work: Work, objective: str = "1.1") -> None:
    """Adds the work of one trainee, or of a group, graded."""
    goal = syllabus.load().goal(objective[0])
    files = {f"{goal.assignment}.ipynb": "{}"}  # formgrader looks whether it is there
    if work.texts is not None:
        files[f"reponses/{objective}.json"] = document(objective, work.texts)
    put(cohort, work.students, goal, files, work.team, work.completeness)
