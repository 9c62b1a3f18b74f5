"""A course of two canvases on disk, and copies handed in to it, driven by the real nbgrader."""

import json
import shutil
from pathlib import Path

import gradebooks
from nbformat import v4
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course.core import syllabus
from course.instructor.cohort.places import Cohort
from course.instructor.grading.engine import grade_all

REPOSITORY = Path(__file__).resolve().parents[2]
CANVASES = ("1.1", "1.2")
FULL = (6.0, 6.0)
SECRET = "0123456789abcdef" * 8
SCHEME = "Attendu du correcteur : un besoin nommé"


def spaced(text):
    """A text with the spaces of a typewriter, for the eye of a test."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def source_notebook():
    cells = [v4.new_markdown_cell("# Cahier d’essai")]
    for identifier in CANVASES:
        cell = identifier.replace(".", "-")
        code = v4.new_code_cell(f'# Canevas {identifier}\nfrom course import canvas\ncanvas("{identifier}")')
        code.metadata = {
            "jupyter": {"source_hidden": True},
            "nbgrader": marks(f"completude-{cell}", grade=True, points=6),
        }
        task = v4.new_markdown_cell(f"La qualité\n\n### DÉBUT DU BARÈME\n{SCHEME}\n### FIN DU BARÈME")
        task.metadata = {"nbgrader": marks(f"qualite-{cell}", task=True, points=14)}
        cells += [v4.new_markdown_cell(f"## Objectif {identifier}"), code, task]
    notebook = v4.new_notebook(cells=cells)
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


def marks(grade_id, *, points, grade=False, task=False):
    return {"grade_id": grade_id, "grade": grade, "task": task, "points": points, "locked": True, "solution": False,
            "schema_version": 3}  # fmt: skip


def answers(identifier, options=99, text="Former les agents de santé"):
    """An answers file with its first options treated; each complete one is worth 6."""
    treated = {}
    for option in syllabus.load().objective(identifier).options[:options]:
        action = {"id": "b", "action": f"Tenir une réunion mensuelle {option.id} au CSPS"}
        treated[option.id] = [{"id": "a", "strategy": f"{text} du village {option.id}", "actions": [action]}]
    return {"format": "canevas/1", "objective": identifier, "options": treated}


class Course:
    """A course on disk, driven in this process by the classes that nbgrader's commands and formgrader use."""

    def __init__(self, root):
        self.root = root
        self.cohort = root / "cohort"
        self.submitted = self.cohort / "submitted"
        self.autograded = self.cohort / "autograded"

    @property
    def config(self):
        return Config(PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config())

    @property
    def api(self):
        config = self.config
        return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)

    @property
    def gradebook(self):
        return Gradebook(self.config.CourseDirectory.db_url, "soins-centres-personnes")

    def hand_in(self, student, *, date="2026-11-20 10:00:00.000000 UTC", **written):
        folder = self.submitted / student / "but-1"
        (folder / "reponses").mkdir(parents=True)
        shutil.copy(self.root / "exercises" / "but-1" / "but-1.ipynb", folder)
        for identifier in CANVASES:
            path = folder / "reponses" / f"{identifier}.json"
            path.write_text(json.dumps(answers(identifier, **written), ensure_ascii=False), encoding="utf-8")
        (folder / "timestamp.txt").write_text(date)
        (folder / "submission_secret.txt").write_text(SECRET)
        return folder

    def autograde(self, student="*", *, force=True):
        return self.api.autograde("but-1", student, force=force)

    def feedback(self, student="*"):
        result = self.api.generate_feedback("but-1", student)
        assert result["success"], result
        return {path.parents[1].name: path.read_text(encoding="utf-8")
                for path in self.cohort.glob("feedback/*/but-1/but-1.html")}  # fmt: skip

    def grades(self):
        """By trainee: what the gradebook has on each cell, as (auto, manual, needs a human)."""
        with self.gradebook as gradebook:
            submissions = gradebook.assignment_submissions("but-1")
            return {
                each.student.id: {
                    grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                    for notebook in each.notebooks
                    for grade in notebook.grades
                }
                for each in submissions
            }

    def grade(self, goals=(), say=lambda _: None, **options):
        """What `course grade` does."""
        return grade_all(Cohort(self.root), goals, say, **options)

    def left(self):
        """All that a grading leaves: the gradebook's rows, the graded folders and the tables of the class."""
        rows = gradebooks.tables(self.config.CourseDirectory.db_url)
        return rows, gradebooks.files(self.autograded), gradebooks.files(self.cohort / "bilans")

    def automatic(self, student):
        found = self.grades()[student]
        return tuple(found[f"completude-{identifier.replace('.', '-')}"][0] for identifier in CANVASES)

    def mark(self, student, cell, points, comment=""):
        with self.gradebook as gradebook:
            place = (cell, "but-1", "but-1", student)
            grade = gradebook.find_grade(*place)
            grade.manual_score, grade.needs_manual_grade = points, False
            gradebook.find_comment(*place).manual_comment = comment
            gradebook.db.commit()
