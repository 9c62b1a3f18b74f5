"""A graded class to review, made in whole tables: what grading leaves on disk and in the gradebook."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbgrader.api import Gradebook

from course.core import syllabus
from course.core.syllabus import Goal
from course.core.team import Team
from course.core.team import written as team_bytes
from course.instructor.cohort import gradebook as book
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import COURSE_ID, Cohort

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = "Former les familles aux signes de gravité"
Texts = Mapping[str, Sequence[tuple[str, Sequence[str]]]]


NOBODY = Team()


@dataclass(frozen=True)
class Work:
    """What somebody hands in: the strategies and actions of the options they treated; None for no file."""

    students: tuple[str, ...]
    texts: Texts | None
    team: Team = NOBODY
    completeness: float = 4.5


def written(objective: str, texts: Texts) -> bytes:
    """An answers file."""
    options = {
        option: [
            {"id": f"s{rank}", "strategy": strategy, "actions": [_action(text, at) for at, text in enumerate(actions)]}
            for rank, (strategy, actions) in enumerate(rows)
        ]
        for option, rows in texts.items()
    }
    return json.dumps({"format": "canevas/1", "objective": objective, "options": options}, ensure_ascii=False).encode()


def _action(text: str, rank: int) -> dict[str, str]:
    return {"id": f"a{rank}", "action": text}


def course(root: Path) -> Cohort:
    """A course without trainees, its gradebook as nbgrader makes it."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    cohort = Cohort(root)
    cohort.folder.mkdir()
    (cohort.folder / "gradebook.db").write_bytes(_empty_gradebook())
    return cohort


@cache
def _empty_gradebook() -> bytes:
    with TemporaryDirectory() as folder:
        cohort = Cohort(Path(folder))
        with opened(cohort):
            return (cohort.folder / "gradebook.db").read_bytes()


def graded(root: Path, works: Sequence[Work], objective: str = "1.1") -> Cohort:
    """A course whose goal was graded: each has the texts in one canvas, and nothing in the others."""
    cohort = course(root)
    publish(cohort, syllabus.load().goal(objective[0]))
    for work in works:
        add(cohort, work, objective)
    return cohort


def publish(cohort: Cohort, goal: Goal) -> None:
    """Makes a goal known to the gradebook."""
    with Gradebook(cohort.database, COURSE_ID) as gradebook:
        gradebook.add_assignment(goal.assignment)
        gradebook.add_notebook(goal.assignment, goal.assignment)
        for objective in goal.objectives:
            place = (goal.assignment, goal.assignment)
            gradebook.add_grade_cell(f"completude-{objective.cell}", *place, max_score=6, cell_type="code")
            gradebook.add_task_cell(f"qualite-{objective.cell}", *place, max_score=14, cell_type="markdown")


def add(cohort: Cohort, work: Work, objective: str = "1.1") -> None:
    """Adds the work of one trainee, or of a group, graded."""
    assignment = f"but-{objective[0]}"
    with opened(cohort, writing=True) as connection:
        task = connection.execute(book.assignment.select().where(book.assignment.c.name == assignment)).one().id
        notebook = connection.execute(book.notebook.select().where(book.notebook.c.assignment_id == task)).one().id
        cells = connection.execute(book.base_cell.select().where(book.base_cell.c.notebook_id == notebook)).all()
        for student in work.students:
            submission, page = book.identifier(), book.identifier()
            connection.execute(book.student.insert().values(id=student))
            values = {"id": submission, "assignment_id": task, "student_id": student}
            connection.execute(book.submitted_assignment.insert().values(values))
            values = {"id": page, "assignment_id": submission, "notebook_id": notebook, "flagged": False}
            connection.execute(book.submitted_notebook.insert().values(values))
            rows = [_row(page, cell, work.completeness) for cell in cells]
            connection.execute(book.grade.insert(), rows)
            empty = [{"id": book.identifier(), "notebook_id": page, "cell_id": cell.id} for cell in cells]
            connection.execute(book.comment.insert(), empty)
    for student in work.students:
        for room in (cohort.submitted, cohort.autograded):
            folder = room / student / assignment
            (folder / "reponses").mkdir(parents=True)
            (folder / "equipe.json").write_bytes(team_bytes(work.team))
            (folder / f"{assignment}.ipynb").write_text("{}")  # formgrader looks whether it is there
            if work.texts is not None:
                (folder / "reponses" / f"{objective}.json").write_bytes(written(objective, work.texts))


def _row(page: str, cell: Any, completeness: float) -> dict[str, Any]:
    auto = completeness if cell.name.startswith("completude") else None
    return {
        "id": book.identifier(),
        "notebook_id": page,
        "cell_id": cell.id,
        "auto_score": auto,
        "needs_manual_grade": auto is None,
    }
