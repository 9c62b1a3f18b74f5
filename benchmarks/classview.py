"""A large class into one table: `course.instructor.classview`, beside the time that reading its files alone takes."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from benchmarks.report import Line, Measurement, seconds
from benchmarks.rounds import COURSE, OTHER, ROOT, Impossible, alternated
from course.core import rubric, syllabus
from course.core.answers import FOLDER, file_name
from course.core.files import sync_folder
from course.core.syllabus import Objective
from course.core.team import Team, written
from course.instructor.cohort.places import Cohort

_WORDS = [
    "réunir",
    "former",
    "afficher",
    "suivre",
    "le",
    "les",
    "familles",
    "agents",
    "du",
    "village",
    "de",
    "santé",
    "chaque",
    "mois",
    "avec",
    "et",
    "pour",
    "trimestre",
    "district",
    "rendez-vous",
    "écoute",
    "plaintes",
    "comité",
    "usagers",
    "registre",
    "visite",
    "à",
    "domicile",
    "l’infirmier-chef",
    "école",
    "marché",
    "sensibiliser",
    "évaluer",
    "données",
    "femmes",
    "enceintes",
    "personnes",
    "âgées",
    "partenaires",
    "budget",
    "calendrier",
    "affiche",
]
_MOMENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def measure(rounds: int, say: Callable[[str], None], trainees: int = 1000) -> Measurement:
    """Times a class of 18 canvases a trainee, each of her own, from the graded folders and gradebook to a DataFrame.

    Args:
        rounds: 1 or more.
        say: Hears the progress, in French.
        trainees: How many, each alone: a class in groups has fewer copies to understand.

    Raises:
        Impossible: What an instructor has is not installed here.
    """
    if not (find_spec("nbgrader") and find_spec("pandas")):
        raise Impossible("nbgrader ou pandas n’est pas installé : suivez « J’anime », dans README.md.")
    from course.instructor.classview.overview import read  # noqa: PLC0415
    from course.instructor.classview.tables import answers  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="classe-", ignore_cleanup_errors=True) as name:
        cohort = Cohort(Path(name).resolve())
        say("classe à préparer")
        fill(cohort, trainees)
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

        found = alternated(rounds, {COURSE: course, OTHER: files}, say)
    canvases = len(syllabus.load().objectives)
    line = Line("durée", found[COURSE], found[OTHER], seconds, "2,00 s au plus")
    return Measurement(
        f"Voir une classe : {trainees} stagiaires, {canvases} canevas chacun, en un tableau de {rows} lignes",
        "lire les fichiers",
        (line,),
    )


def fill(cohort: Cohort, trainees: int, together: int = 1) -> None:
    """A class that was graded, and reviewed but for a tenth of its copies.

    Args:
        cohort: Where; its folder exists and is empty.
        trainees: How many.
        together: How many make a group, whose answers are the same.
    """
    shutil.copy(ROOT / "nbgrader_config.py", cohort.root)
    draw = random.Random(2026)
    names = [f"stagiaire-{number + 1:04}" for number in range(trainees)]
    _grade(cohort, names, together)  # first: copies without a gradebook are a class that lost it
    for first in range(0, trainees, together):
        group = names[first : first + together]
        team = Team(f"Groupe {first // together + 1}" if together > 1 else "", tuple(group))
        files = {goal.assignment: _goal_files(draw, goal.objectives) for goal in syllabus.load().goals}
        for name in group:
            for assignment, texts in files.items():
                for place in (cohort.autograded, cohort.submitted):
                    folder = place / name / assignment
                    (folder / FOLDER).mkdir(parents=True)
                    (folder / "timestamp.txt").write_text(f"{_MOMENT:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="ascii")
                    (folder / "equipe.json").write_bytes(written(team))
                    for file, text in texts.items():
                        (folder / FOLDER / file).write_text(text, encoding="utf-8")
    sync_folder(cohort.folder)


def _goal_files(draw: random.Random, objectives: tuple[Objective, ...]) -> dict[str, str]:
    return {file_name(each): json.dumps(_canvas(draw, each), ensure_ascii=False, indent=1) for each in objectives}


def _canvas(draw: random.Random, objective: Objective) -> dict[str, object]:
    """A canvas as the course saves it, what merging needs included."""
    options: dict[str, list[dict[str, object]]] = {}
    versions: dict[str, dict[str, list[object]]] = {}

    def row(**texts: str) -> dict[str, object]:
        identifier = f"{draw.randrange(16**8):08x}"
        versions[identifier] = {name: [draw.randrange(40), "c3f81a90", draw.randrange(200)] for name in texts}
        return {"id": identifier, **texts}

    def action(pilot: bool) -> dict[str, object]:
        last = {"responsible": _text(draw, 2), "due": "mars 2027", "indicator": _text(draw, 5)}
        return {"responsible": "", "due": "", "indicator": "", **row(action=_text(draw, 10), **(last if pilot else {}))}

    pilot = draw.random() < 1 / 3  # those three columns are opened on demand
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
    """The gradebook, in whole tables: nbgrader would take hours."""
    from sqlalchemy import insert  # noqa: PLC0415

    from course.instructor.cohort import gradebook as book  # noqa: PLC0415

    tables: dict[object, list[dict[str, object]]] = {}

    def add(table: object, **values: object) -> str:
        key = str(values.setdefault("id", book.identifier()))
        tables.setdefault(table, []).append(values)
        return key

    cells: dict[str, list[tuple[str, str, str]]] = {}
    for name in names:
        add(book.student, id=name, first_name="", last_name=name, email="", lms_user_id=None)
    for goal in syllabus.load().goals:
        assignment = add(book.assignment, name=goal.assignment, course_id="soins-centres-personnes")
        notebook = add(book.notebook, name=goal.assignment, assignment_id=assignment)
        graded = []
        for each in goal.objectives:
            for kind, table, type_, points in (
                ("completude", book.grade_cell, "GradeCell", 6),
                ("qualite", book.task_cell, "TaskCell", 14),
            ):
                key = add(book.base_cell, name=f"{kind}-{each.cell}", notebook_id=notebook, type=type_)
                add(table, id=key, max_score=points, cell_type="code" if points == 6 else "markdown")
                graded.append((kind, key, each.id))
        cells[goal.assignment] = graded
        for place, name in enumerate(names):
            draw = random.Random(f"{goal.id} {place // together}")  # a group's copy has one mark
            submission = add(
                book.submitted_assignment,
                assignment_id=assignment,
                student_id=name,
                timestamp=_MOMENT.replace(tzinfo=None),
            )
            copy = add(
                book.submitted_notebook, assignment_id=submission, notebook_id=notebook, late_submission_penalty=None
            )
            for kind, key, objective in graded:
                levels = [draw.choice((0, 1, 1, 2, 2)) for _ in rubric.load()] if draw.random() < 0.9 else []
                score = float(rubric.quality(levels)) if levels and kind == "qualite" else None  # type: ignore[arg-type]
                add(
                    book.grade,
                    notebook_id=copy,
                    cell_id=key,
                    auto_score=draw.randrange(13) / 2 if kind == "completude" else None,
                    manual_score=score,
                    extra_credit=0.0,
                    needs_manual_grade=kind == "qualite" and score is None,
                )
                add(book.comment, notebook_id=copy, cell_id=key, manual_comment="À préciser." if score else None)
                if score is not None:
                    tables.setdefault(book.review, []).append(
                        {
                            "student": name,
                            "objective": objective,
                            "levels": "".join(map(str, levels)),
                            "answers": "",
                            "reviewer": "formateur",
                            "at": _MOMENT.replace(tzinfo=None),
                        }
                    )
    with book.opened(cohort, writing=True) as connection:
        for table, values in tables.items():
            connection.execute(insert(table), values)  # type: ignore[arg-type]
