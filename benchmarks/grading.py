"""Sealed grading compared with nbgrader's own, which executes each trainee's notebook, on the same submissions."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from benchmarks.report import Figure, Measurement, seconds
from benchmarks.rounds import COURSE, OTHER, ROOT, Impossible, alternated, run
from course.core import syllabus
from course.core.answers import FOLDER, file_name
from course.core.syllabus import Objective

ASSIGNMENT = "but-1"
CONFIG = "nbgrader_config.py"
_SEAL = "\nseal(c)\n"
# Imports of the kernels of the stock grading, to compile them before the measurement.
ONCE = 'import ipykernel.kernelapp\nfrom course import canvas\ncanvas("1.1")'
_PATIENCE = 60.0  # seconds to start
_PATIENCE_A_COPY = 15.0  # seconds for each copy, far more than it needs
_MARKS = """
    SELECT student.id, base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade
    FROM grade
    JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    JOIN student ON student.id = submitted_assignment.student_id
    ORDER BY 1, 2
"""


def measure(rounds: int, say: Callable[[str], None], copies: int = 30) -> Measurement:
    """Time `nbgrader autograde`, its start included, on copies of the first goal.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.
        copies: The number of submissions.

    Raises:
        Impossible: nbgrader is not installed or fails, or the marks differ.
    """
    if find_spec("nbgrader") is None:
        raise Impossible("nbgrader n’est pas installé : suivez « J’anime », dans README.md.")
    with tempfile.TemporaryDirectory(prefix="correction-", ignore_cleanup_errors=True) as name:
        courses = {side: Path(name).resolve() / side for side in (COURSE, OTHER)}
        say("copies à préparer")
        _publish(courses[COURSE])
        _hand_in(courses[COURSE], copies)
        shutil.copytree(courses[COURSE], courses[OTHER])
        unseal(courses[OTHER] / CONFIG)
        run([sys.executable, "-c", ONCE], Path(name), _PATIENCE)
        times = alternated(rounds, {side: lambda _, side=side: _grade(courses[side], copies) for side in courses}, say)
        times[COURSE].append(_grade(courses[COURSE], copies))  # the short one before and after the long one
        rows = [marks(courses[side]) for side in courses]
    if rows[0] != rows[1] or len({student for student, *_ in rows[0]}) != copies:
        raise Impossible("Les deux corrections ne donnent pas les mêmes notes : leurs durées ne se comparent pas.")
    canvases = len(_objectives())
    lines = [Figure("durée, démarrage compris", *_column(times, 0), seconds, "8 × et plus")]
    if all(processor for _, processor in times[OTHER]):
        lines.append(Figure("temps de processeur", *_column(times, 1), seconds))
    plural = "s" if copies > 1 else ""
    return Measurement(f"Corriger {copies} copie{plural} de {canvases} canevas", "nbgrader d’origine", tuple(lines))


def _objectives() -> tuple[Objective, ...]:
    return next(goal.objectives for goal in syllabus.load().goals if goal.assignment == ASSIGNMENT)


def _publish(root: Path) -> None:
    """Create a course with one assignment in a new gradebook."""
    root.mkdir()
    shutil.copy(ROOT / CONFIG, root)
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, root / "solutions" / ASSIGNMENT, ignore=_answers)
    _nbgrader(root, "generate_assignment", 120)


def _answers(_: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name == FOLDER]


def _hand_in(root: Path, copies: int) -> None:
    """Create submissions from empty to complete, as the exchange collects them."""
    for number in range(copies):
        folder = root / "cohort" / "submitted" / f"stagiaire-{number + 1:03}" / ASSIGNMENT
        shutil.copytree(root / "exercises" / ASSIGNMENT, folder)
        (folder / FOLDER).mkdir()
        (folder / "timestamp.txt").write_text("2026-11-20 10:00:00.000000 UTC")
        for objective in _objectives():
            document = json.dumps(written(objective, number), ensure_ascii=False)
            (folder / FOLDER / file_name(objective)).write_text(document, encoding="utf-8")


def written(objective: Objective, number: int) -> dict[str, object]:
    options = {}
    for option in objective.options[: (number + 1) % (len(objective.options) + 1)]:
        actions = [
            {"id": f"a{rank}", "action": f"Tenir la réunion {rank} du trimestre avec les usagers du village {number}"}
            for rank in (1, 2)
        ]
        text = f"Installer un rendez-vous public sur {option.label.lower()} dans chaque aire sanitaire"
        options[option.id] = [{"id": "s", "strategy": text, "actions": actions}]
    return {"format": "canevas/1", "objective": objective.id, "options": options}


def unseal(config: Path) -> None:
    """Restore nbgrader's own grading in the settings."""
    text = config.read_text(encoding="utf-8")
    if text.count(_SEAL) != 1:
        raise Impossible(f"« {CONFIG} » a changé : le banc d’essai n’y trouve plus la ligne « {_SEAL.strip()} ».")
    config.write_text(text.replace(_SEAL, "\n"), encoding="utf-8")


def _grade(root: Path, copies: int) -> tuple[float, float]:
    """Grade all copies anew; return the seconds, and the seconds of processor where the system counts them."""
    shutil.rmtree(root / "cohort" / "autograded", ignore_errors=True)
    start, before = time.perf_counter(), _processor()
    _nbgrader(root, "autograde", _PATIENCE + copies * _PATIENCE_A_COPY)
    return time.perf_counter() - start, _processor() - before


def _processor() -> float:
    """Return the processor time of ended child processes: it hardly depends on other load. 0 on Windows."""
    times = os.times()
    return times.children_user + times.children_system


def _column(times: Mapping[str, Sequence[tuple[float, float]]], rank: int) -> list[list[float]]:
    return [[pair[rank] for pair in times[side]] for side in (COURSE, OTHER)]


def _nbgrader(root: Path, command: str, patience: float) -> None:
    run([sys.executable, "-m", "nbgrader", command, ASSIGNMENT], root, patience)


def marks(root: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(root / "cohort" / "gradebook.db")) as gradebook:
        return gradebook.execute(_MARKS).fetchall()
