"""`course grade` compared with nbgrader's `autograde` on the same submissions, and with itself on a larger class."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.grading import CONFIG, ONCE, marks, unseal, written
from benchmarks.report import Figure, Measurement, seconds, size
from benchmarks.rounds import COURSE, OTHER, ROOT, Impossible, run
from course.core import syllabus
from course.core.answers import FOLDER, file_name
from course.core.syllabus import Goal

CLASS, LARGE = 300, 3_000
_FEW, _MORE = 1, 4  # trainees graded by stock nbgrader: two sizes separate its start from the cost of a trainee
_PATIENCE = 1_800.0

_REGISTER = """
from pathlib import Path
from course.core import syllabus
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.grading.settings import register
cohort = Cohort(Path.cwd())
with opened(cohort):
    pass
for goal in syllabus.load().goals:
    register(cohort, goal.assignment, cohort.folder / "published" / goal.assignment)
"""
# Prints the processor time (seconds) and the peak memory of the process, where the system counts them.
_GRADE = """
from course.instructor.grading.engine import grade
grade([], None, False)
try:
    import resource
except ImportError:
    print("took", 0.0, 0)
else:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print("took", usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


class Cost(NamedTuple):
    """Cost of a grading: duration and processor time in seconds, peak memory in bytes; 0 where it is not counted."""

    seconds: float
    processor: float
    memory: int


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Time the five assignments of a class of 300, compared with an estimate for nbgrader's own grading.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.

    Raises:
        Impossible: nbgrader is not installed or fails, or the two do not give the same marks.
    """
    with _course() as home:
        say(f"{CLASS} copies de chacun des cinq cahiers à préparer")
        _hand_in(home / COURSE, range(CLASS))
        ours, stock = [], []
        for number in range(rounds):
            say(f"tour {number + 1} sur {rounds} : course grade, {CLASS} stagiaires")
            ours.append(_grade(home / COURSE).seconds / CLASS)
            times = []
            for trainees in (_FEW, _MORE):
                say(f"tour {number + 1} sur {rounds} : nbgrader d’origine, {trainees} stagiaire(s)")
                times.append(_stock(home, trainees))
            trainee = (times[1] - times[0]) / (_MORE - _FEW)
            stock.append((times[0] + (CLASS - _FEW) * trainee) / CLASS)
        stock_marks = marks(home / OTHER)
        graded = {name for name, *_ in stock_marks}
        if [row for row in marks(home / COURSE) if row[0] in graded] != stock_marks:
            raise Impossible("Les deux corrections ne donnent pas les mêmes notes : leurs durées ne se comparent pas.")
    return Measurement(
        f"Corriger les cinq cahiers de {CLASS} stagiaires (18 canevas chacun)",
        "nbgrader d’origine",
        (Figure("durée par stagiaire, démarrage compris", ours, stock, seconds, "100 × et plus"),),
        (
            f"nbgrader d’origine : mesuré sur {_FEW} puis {_MORE} stagiaires, parmi les mêmes copies ; son démarrage "
            f"et ce que coûte un stagiaire en sont tirés, puis comptés pour {CLASS}.",
        ),
    )


def growth(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Measure the time and memory for a class of 3,000, compared with one of 300.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.

    Raises:
        Impossible: nbgrader is not installed, or a grading fails.
    """
    costs: dict[int, list[Cost]] = {CLASS: [], LARGE: []}
    for number in range(rounds):
        for trainees in (CLASS, LARGE):
            with _course() as home:
                say(f"tour {number + 1} sur {rounds} : {trainees} stagiaires à préparer")
                _hand_in(home / COURSE, range(trainees))
                say(f"tour {number + 1} sur {rounds} : {trainees} stagiaires à corriger")
                cost = _grade(home / COURSE)
                costs[trainees].append(Cost(cost.seconds / trainees, cost.processor / trainees, cost.memory))
    lines = [Figure("durée par stagiaire", *_column(costs, "seconds"), seconds, "0,77 × et plus")]
    if all(cost.memory for cost in costs[LARGE]):
        lines += [
            Figure("temps de processeur par stagiaire", *_column(costs, "processor"), seconds, "0,77 × et plus"),
            Figure("mémoire, au plus", *_column(costs, "memory"), size, "0,9 × et plus"),
        ]
    return Measurement(
        f"Corriger les cinq cahiers de {LARGE} stagiaires, à côté de {CLASS}", f"{CLASS} stagiaires", tuple(lines)
    )


def _column(costs: dict[int, list[Cost]], field: str) -> list[list[float]]:
    return [[getattr(cost, field) for cost in costs[trainees]] for trainees in (LARGE, CLASS)]


@contextmanager
def _course() -> Iterator[Path]:
    """Create a folder with a course whose five assignments are in a new gradebook, without submissions."""
    if find_spec("nbgrader") is None:
        raise Impossible("nbgrader n’est pas installé : suivez « J’anime », dans README.md.")
    with tempfile.TemporaryDirectory(prefix="classe-", ignore_cleanup_errors=True) as name:
        root = Path(name).resolve() / COURSE
        (root / "cohort").mkdir(parents=True)
        shutil.copy(ROOT / CONFIG, root)
        for goal in syllabus.load().goals:
            for folder in ("solutions", "exercises"):
                ignore = shutil.ignore_patterns(FOLDER, ".ipynb_checkpoints")
                shutil.copytree(ROOT / folder / goal.assignment, root / folder / goal.assignment, ignore=ignore)
        run([sys.executable, "-c", _REGISTER], root, _PATIENCE)
        shutil.rmtree(root / "cohort" / "published")
        shutil.copy(root / "cohort" / "gradebook.db", root / "new.db")
        for program in (ONCE, "import course.instructor.grading.engine"):
            run([sys.executable, "-c", program], root, _PATIENCE)
        yield root.parent


def _hand_in(root: Path, numbers: Sequence[int]) -> None:
    """Create submissions from empty to complete, as `course intake` does: executed, saved, dated, with a team."""
    for goal in syllabus.load().goals:
        saved = json.dumps(_saved(root, goal), ensure_ascii=False, indent=1).encode()
        for number in numbers:
            folder = root / "cohort" / "submitted" / f"stagiaire-{number + 1:04}" / goal.assignment
            (folder / FOLDER).mkdir(parents=True)
            (folder / f"{goal.assignment}.ipynb").write_bytes(saved)
            (folder / "timestamp.txt").write_text(f"2026-11-20 {number % 24:02}:{number % 60:02}:00.000000 UTC")
            team = {"format": "equipe/1", "group": f"Groupe {number // 4}", "members": [f"Stagiaire {number}"]}
            (folder / "equipe.json").write_text(json.dumps(team), encoding="utf-8")
            for objective in goal.objectives:
                document = json.dumps(written(objective, number), ensure_ascii=False)
                (folder / FOLDER / file_name(objective)).write_text(document, encoding="utf-8")


def _saved(root: Path, goal: Goal) -> dict[str, object]:
    """Return the notebook as a trainee's JupyterLab saves it, with outputs."""
    path = root / "exercises" / goal.assignment / f"{goal.assignment}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "0" * 32, "version_major": 2, "version_minor": 1}}
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [
                {"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": view}
            ]
    return notebook


def _grade(root: Path) -> Cost:
    """Grade the class anew."""
    shutil.rmtree(root / "cohort" / "autograded", ignore_errors=True)
    shutil.copy(root / "new.db", root / "cohort" / "gradebook.db")
    start = time.perf_counter()
    printed = run([sys.executable, "-c", _GRADE], root, _PATIENCE)
    duration = time.perf_counter() - start
    processor, memory = printed.rsplit("took", 1)[1].split()
    return Cost(duration, float(processor), int(memory) * (1 if sys.platform == "darwin" else 1024))


def _stock(home: Path, trainees: int) -> float:
    """Return the seconds that nbgrader's own grading takes for the first trainees, in a separate course."""
    root = home / OTHER
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(home / COURSE, root, ignore=shutil.ignore_patterns("submitted", "autograded", "gradebook.db"))
    (root / "new.db").rename(root / "cohort" / "gradebook.db")
    for folder in sorted((home / COURSE / "cohort" / "submitted").iterdir())[:trainees]:
        shutil.copytree(folder, root / "cohort" / "submitted" / folder.name)
    unseal(root / CONFIG)
    start = time.perf_counter()
    for goal in syllabus.load().goals:
        run([sys.executable, "-m", "nbgrader", "autograde", goal.assignment], root, _PATIENCE)
    return time.perf_counter() - start
