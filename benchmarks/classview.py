"""The table of a large class, by `course.instructor.classview`, compared with the time for reading its files."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from benchmarks.report import Figure, Measurement, seconds
from benchmarks.rounds import COURSE, OTHER, ROOT, Impossible, alternated
from course.core import rubric, syllabus
from course.core.answers import FOLDER, file_name
from course.core.files import sync_folder
from course.core.syllabus import Objective
from course.core.team import Team, written
from course.instructor.cohort.places import Cohort

_WORDS = [
    "réunir", "former", "afficher", "suivre", "le", "les", "familles", "agents", "du", "village", "de", "santé",
    "chaque", "mois", "avec", "et", "pour", "trimestre", "district", "rendez-vous", "écoute", "plaintes", "comité",
    "usagers", "registre", "visite", "à", "domicile", "l’infirmier-chef", "école", "marché", "sensibiliser",
    "évaluer", "données", "femmes", "enceintes", "personnes", "âgées", "partenaires", "budget", "calendrier",
    "affiche",
]  # fmt: skip
_TRAINEES = 1000  # each with answers of their own: a class in groups has fewer copies to parse
_MOMENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Time the table of a class of 18 canvases per trainee, from the graded folders and gradebook to a DataFrame.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.

    Raises:
        Impossible: The packages of instructors are not installed.
    """
    if not (find_spec("nbgrader") and find_spec("pandas")):
        raise Impossible("nbgrader ou pandas n’est pas installé : suivez « J’anime », dans README.md.")
    from course.instructor.classview.overview import read  # noqa: PLC0415
    from course.instructor.classview.tables import answers  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="classe-", ignore_cleanup_errors=True) as name:
        cohort = Cohort(Path(name).resolve())
        say("classe à préparer")
        fill(cohort, _TRAINEES)
        rows = 0

        def course(_: int) -> float:
            nonlocal rows
            start = time.perf_counter()
            rows = len(answers(read(cohort)).frame)
            return time.perf_counter() - start

        def files(_: int) -> float:
            start = time.perf_counter()
            for path in cohort.autograded.rglob("*.json"):
                path.read_bytes()
            return time.perf_counter() - start

        durations = alternated(rounds, {COURSE: course, OTHER: files}, say)
    canvases = len(syllabus.load().objectives)
    line = Figure("durée", durations[COURSE], durations[OTHER], seconds, "2,00 s au plus")
    return Measurement(
        f"Voir une classe : {_TRAINEES} stagiaires, {canvases} canevas chacun, en un tableau de {rows} lignes",
        "lire les fichiers",
        (line,),
    )


def fill(cohort: Cohort, trainees: int, together: int = 1) -> None:
    """Create a graded class, reviewed except for a tenth of its copies.

    Args:
        cohort: The class; its folder exists and is empty.
        trainees: The number of trainees.
        together: The size of a group, whose members hand in the same answers.
    """
    shutil.copy(ROOT / "nbgrader_config.py", cohort.root)
    draw = random.Random(2026)
    names = [f"stagiaire-{number + 1:04}" for number in range(trainees)]
    _grade(cohort, names, together)  # first: a class with copies and no gradebook counts as damaged
    for first in range(0, trainees, together):
        group = names[first : first + together]
        team = Team(f"Groupe {first // together + 1}" if together > 1 else "", tuple(group))
        files = {goal.assignment: _goal_files(draw, goal.objectives) for goal in syllabus.load().goals}
        for name, place in product(group, (cohort.autograded, cohort.submitted)):
            for assignment, texts in files.items():
                _write_submission(place / name / assignment, team, texts)
    sync_folder(cohort.folder)


def _write_submission(folder: Path, team: Team, texts: dict[str, str]) -> None:
    (folder / FOLDER).mkdir(parents=True)
    (folder / "timestamp.txt").write_text(f"{_MOMENT:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="ascii")
    (folder / "equipe.json").write_bytes(written(team))
    for file, text in texts.items():
        (folder / FOLDER / file).write_text(text, encoding="utf-8")


def _goal_files(draw: random.Random, objectives: tuple[Objective, ...]) -> dict[str, str]:
    return {
        file_name(objective): json.dumps(canvas(draw, objective), ensure_ascii=False, indent=1)
        for objective in objectives
    }


def canvas(draw: random.Random, objective: Objective) -> dict[str, object]:
    """Return a canvas as the course saves it, `sync` included, of words drawn at random."""
    options: dict[str, list[dict[str, object]]] = {}
    versions: dict[str, dict[str, list[object]]] = {}

    def row(**texts: str) -> dict[str, object]:
        identifier = f"{draw.randrange(16**8):08x}"
        versions[identifier] = {name: [draw.randrange(40), "c3f81a90", draw.randrange(200)] for name in texts}
        return {"id": identifier, **texts}

    def action(pilot: bool) -> dict[str, object]:
        last = {"responsible": _text(draw, 2), "due": "mars 2027", "indicator": _text(draw, 5)}
        return {"responsible": "", "due": "", "indicator": "", **row(action=_text(draw, 10), **(last if pilot else {}))}

    pilot = draw.random() < 1 / 3  # these three columns are optional
    for option in objective.options:
        options[option.id] = []
        for _ in range(draw.choice((0, 1, 1, 1, 1, 1, 2, 2))):
            strategy = row(strategy=_text(draw, 12))
            strategy["actions"] = [action(pilot) for _ in range(draw.choice((1, 1, 2, 2, 3)))]
            options[option.id].append(strategy)
    return {
        "format": "canevas/1",
        "objective": objective.id,
        "document": f"{draw.randrange(16**32):032x}",
        "revision": draw.randrange(1, 200),
        "saved_at": f"{_MOMENT:%Y-%m-%dT%H:%M:%SZ}",
        "options": options,
        "sync": {"versions": versions, "removed": {}, "conflicts": []},
    }


def _text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(_WORDS, k=words)).capitalize()


def _grade(cohort: Cohort, names: list[str], together: int) -> None:
    """Write the gradebook in whole tables, which nbgrader would fill in hours."""
    from sqlalchemy import insert  # noqa: PLC0415

    from course.instructor.cohort.gradebook import opened  # noqa: PLC0415

    tables = _Tables()
    for name in names:
        tables.add(tables.schema.student, id=name, first_name="", last_name=name, email="", lms_user_id=None)
    for goal in syllabus.load().goals:
        assignment = tables.add(tables.schema.assignment, name=goal.assignment, course_id="soins-centres-personnes")
        notebook = tables.add(tables.schema.notebook, name=goal.assignment, assignment_id=assignment)
        cells = [tables.add_cells(objective, notebook) for objective in goal.objectives]
        for rank, name in enumerate(names):
            draw = random.Random(f"{goal.id} {rank // together}")  # a group's submission has one mark
            submission = tables.add(
                tables.schema.submitted_assignment,
                assignment_id=assignment,
                student_id=name,
                timestamp=_MOMENT.replace(tzinfo=None),
            )
            copy = tables.add(
                tables.schema.submitted_notebook,
                assignment_id=submission,
                notebook_id=notebook,
                late_submission_penalty=None,
            )
            for objective, (completeness, quality) in zip(goal.objectives, cells, strict=True):
                tables.add_grade(copy, completeness, auto_score=draw.randrange(13) / 2)
                levels = [draw.choice((0, 1, 1, 2, 2)) for _ in rubric.load()] if draw.random() < 0.9 else []
                tables.add_quality(copy, quality, name, objective, levels)
    with opened(cohort, writing=True) as connection:
        for table, rows in tables.rows.items():
            connection.execute(insert(table), rows)  # type: ignore[arg-type]


class _Tables:
    """The rows of a gradebook, by table."""

    def __init__(self) -> None:
        from course.instructor.cohort import schema  # noqa: PLC0415  (needs SQLAlchemy)

        self.schema = schema
        self.rows: dict[object, list[dict[str, object]]] = {}

    def add(self, table: object, **values: object) -> str:
        """Add a row; return its identifier."""
        key = str(values.setdefault("id", self.schema.identifier()))
        self.rows.setdefault(table, []).append(values)
        return key

    def add_cells(self, objective: Objective, notebook: str) -> tuple[str, str]:
        """Add the two graded cells of a canvas; return the identifiers of completeness and quality."""
        grade = self.add(
            self.schema.base_cell, name=f"completude-{objective.cell}", notebook_id=notebook, type="GradeCell"
        )
        self.add(self.schema.grade_cell, id=grade, max_score=6, cell_type="code")
        task = self.add(self.schema.base_cell, name=f"qualite-{objective.cell}", notebook_id=notebook, type="TaskCell")
        self.add(self.schema.task_cell, id=task, max_score=14, cell_type="markdown")
        return grade, task

    def add_grade(
        self,
        copy: str,
        cell: str,
        *,
        auto_score: float | None = None,
        manual_score: float | None = None,
        needs_manual_grade: bool = False,
    ) -> None:
        self.add(
            self.schema.grade,
            notebook_id=copy,
            cell_id=cell,
            auto_score=auto_score,
            manual_score=manual_score,
            extra_credit=0.0,
            needs_manual_grade=needs_manual_grade,
        )
        comment = "À préciser." if manual_score else None
        self.add(self.schema.comment, notebook_id=copy, cell_id=cell, manual_comment=comment)

    def add_quality(self, copy: str, cell: str, name: str, objective: Objective, levels: list[int]) -> None:
        """Add the review of a canvas, or a pending one without levels."""
        mark = rubric.quality(levels)
        score = None if mark is None else float(mark)
        self.add_grade(copy, cell, manual_score=score, needs_manual_grade=score is None)
        if score is not None:
            self.rows.setdefault(self.schema.review, []).append(
                {
                    "student": name,
                    "objective": objective.id,
                    "levels": "".join(map(str, levels)),
                    "answers": "",
                    "reviewer": "formateur",
                    "at": _MOMENT.replace(tzinfo=None),
                }
            )
