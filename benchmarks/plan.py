"""The plan: made of eighteen canvases, written as a Word file, and three hundred put side by side."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.classview import canvas
from benchmarks.report import Figure, Measurement, seconds
from benchmarks.rounds import COURSE, OTHER, Impossible, alternated
from course.core import syllabus
from course.core.answers import FOLDER, file_name
from course.core.plan import format as plan_format
from course.core.team import Team, written
from course.instructor.cohort.places import Cohort

_TEAMS = 300
_CHOSEN = 12  # actions of a plan
_OF_A_TEAM = 3  # of 300 teams: a plan holds a thousand actions
_MOMENT = "2026-11-20T10:00:00Z"


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Time a plan of eighteen canvases, its Word file, and the district's table of 300 plans.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.

    Raises:
        Impossible: A package is not installed.
    """
    try:
        from course.core.plan.district import district_plan  # noqa: PLC0415
        from course.documents import plans as documents  # noqa: PLC0415
        from course.documents.word import word  # noqa: PLC0415
        from course.instructor.cohort import plans as handed_in  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Impossible(f"{error.name} n’est pas installé : suivez « J’anime », dans README.md.") from error
    from datetime import UTC, datetime  # noqa: PLC0415

    lines = []
    with tempfile.TemporaryDirectory(prefix="plan-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        say("classeur et classe à préparer")
        root, cohort = folder / "classeur", Cohort(folder / "classe")
        workbook(root)
        teams(cohort, _TEAMS)
        now = datetime.now(UTC)
        tasks: tuple[tuple[str, Path, Callable[[], object], str], ...] = (
            ("18 canevas en un plan", root, lambda: documents.filled(root, now, is_book=True), "0,30 s au plus"),
            (
                "le plan en Word",
                root,
                lambda: word(documents.filled(root, now, is_book=False)),
                "1,50 s au plus",
            ),
            (
                f"{_TEAMS} plans en un plan du district",
                cohort.submitted,
                lambda: district_plan([one.contribution for one in handed_in.read(cohort)[0]]),
                "5,00 s au plus",
            ),
        )
        for title, place, task, promise in tasks:
            say(title)
            durations = alternated(rounds, {COURSE: _timed(task), OTHER: _timed(lambda at=place: _read(at))}, say)
            lines.append(Figure(title, durations[COURSE], durations[OTHER], seconds, promise))
    return Measurement("Le plan", "lire les mêmes fichiers", tuple(lines))


def workbook(root: Path) -> None:
    """Create a workbook with eighteen full canvases, and a plan of some of their actions."""
    draw = random.Random(2026)
    canvases = _canvases(draw)
    for goal in syllabus.load().goals:
        _write(root / "exercises" / goal.assignment / FOLDER, {name: canvases[name] for name in _names(goal.id)})
    (root / "modules").mkdir()
    _write(root / "modules" / FOLDER, {plan_format.FILE: _plan(draw, canvases.values(), "classeur", _CHOSEN)})


def teams(cohort: Cohort, number: int) -> None:
    """Create a class whose trainees each handed in five goals and a plan; the list of trainees is not needed."""
    draw = random.Random(2026)
    for rank in range(number):
        student = f"stagiaire-{rank + 1:03}"
        canvases = _canvases(draw)
        plan = _plan(draw, canvases.values(), student, _OF_A_TEAM)
        for goal in syllabus.load().goals:
            home = cohort.submitted / student / goal.assignment
            _write(home / FOLDER, {**{name: canvases[name] for name in _names(goal.id)}, plan_format.FILE: plan})
            (home / "equipe.json").write_bytes(written(Team("", (student,))))


def _canvases(draw: random.Random) -> dict[str, dict[str, object]]:
    return {file_name(objective): canvas(draw, objective) for objective in syllabus.load().objectives}


def _names(goal: str) -> tuple[str, ...]:
    return tuple(file_name(objective) for objective in syllabus.load().goal(goal).objectives)


def _plan(draw: random.Random, canvases: Iterable[dict[str, object]], document: str, number: int) -> dict[str, object]:
    rows = [
        (f"{str(one['objective']).replace('.', '-')}-{action['id']}", option)
        for one in canvases
        for option, strategies in one["options"].items()  # type: ignore[attr-defined]
        for strategy in strategies
        for action in strategy["actions"]
    ]
    chosen = draw.sample(rows, number)
    values = {"chosen": True, "t1": True, "cost": 150_000, "responsible": "L’infirmier-chef", "p1": "yes"}
    entries = {row: {"option": option, "order": rank, **values} for rank, (row, option) in enumerate(chosen, 1)}
    head = {"format": plan_format.FORMAT, "document": document, "revision": 1, "saved_at": _MOMENT}
    return {**head, "entries": entries}


def _write(folder: Path, contents: dict[str, dict[str, object]]) -> None:
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _timed(task: Callable[[], object]) -> Callable[[int], float]:
    def run(_: int) -> float:
        start = time.perf_counter()
        task()
        return time.perf_counter() - start

    return run


def _read(folder: Path) -> None:
    for path in folder.rglob("*.json"):
        path.read_bytes()
