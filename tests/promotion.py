"""A class on disk as grading leaves it, of any size, made in an instant; one empty gradebook serves all tests."""

import json
import shutil
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from course.core import quizzes, results, syllabus
from course.core.results import Answered, Results
from course.core.team import Team
from course.core.team import written as team_bytes
from course.instructor.cohort import marks, reviews, roster, schema
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import COURSE_ID, Cohort
from course.instructor.cohort.reviews import Review
from course.instructor.cohort.roster import Trainee

REPOSITORY = Path(__file__).resolve().parents[1]
GOALS = syllabus.load().goals
SECRET = "0123456789abcdef" * 4
AT = datetime(2026, 11, 20, 10)


def answers(objective, text, pilot=True):
    """An answers file, all options treated."""
    action = {"id": "b", "action": f"Réunir le comité chaque mois : {text}"}
    if pilot:
        action |= {"responsible": "La sage-femme", "due": "Juin 2027", "indicator": "12 réunions sur 12"}
    rows = {
        each.id: [{"id": "a", "strategy": f"{text} pour {each.id}", "actions": [action]}] for each in objective.options
    }
    return json.dumps({"format": "canevas/1", "objective": objective.id, "options": rows}, ensure_ascii=False)


def sitting(identifier, right, document="", ended=True):
    """The bytes of one sitting of the test, its first questions answered right."""
    questions = {
        question.key: Answered(question.right, checked=True, tries=1)
        for question in quizzes.load(identifier).questions[:right]
    }
    return results.written(Results(identifier, document or f"{identifier}-{right}", ended, questions), AT)


@cache
def gradebook(*goals):
    """The bytes of a gradebook as nbgrader makes it, in which nobody has handed in; it knows some goals.

    A test that needs no other writes them to `gradebook.db`: making one takes seconds, copying it nothing.
    """
    with TemporaryDirectory() as folder:
        cohort = Cohort(Path(folder))
        if goals:
            cohort.folder.mkdir()
            (cohort.folder / "gradebook.db").write_bytes(gradebook())
        with opened(cohort, writing=True) as connection:
            for goal in goals:
                publish(connection, goal)
        return (cohort.folder / "gradebook.db").read_bytes()


def publish(connection, goal):
    """Makes a goal known to a gradebook, as `nbgrader generate_assignment` does."""
    task, page = schema.identifier(), schema.identifier()
    values = {"id": task, "name": goal.assignment, "course_id": COURSE_ID}
    connection.execute(insert(schema.assignment).values(values))
    connection.execute(insert(schema.notebook).values(id=page, name=goal.assignment, assignment_id=task))
    for kind, table, name, points, cell_type in (
        ("GradeCell", schema.grade_cell, "completude", 6, "code"),
        ("TaskCell", schema.task_cell, "qualite", 14, "markdown"),
    ):
        keys = {schema.identifier(): f"{name}-{objective.cell}" for objective in goal.objectives}
        rows = [{"id": key, "name": cell, "notebook_id": page, "type": kind} for key, cell in keys.items()]
        connection.execute(insert(schema.base_cell), rows)
        connection.execute(insert(table), [{"id": key, "max_score": points, "cell_type": cell_type} for key in keys])


def promotion(root, trainees=(), listed=True):
    """A course in which nobody has handed in; its trainees are on the list."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    cohort = Cohort(root)
    cohort.folder.mkdir()
    (cohort.folder / "gradebook.db").write_bytes(gradebook(*GOALS))
    if trainees and listed:
        roster.write(cohort, trainees)
    return cohort


def hand_in(cohort, students, goal, text, team=None, secret=SECRET, completeness=6.0, penalty=0.0):
    """What some handed in together, graded: folders and gradebook; the same text in all canvases."""
    files = {"timestamp.txt": "2026-11-20 10:00:00.000000 UTC", **({"submission_secret.txt": secret} if secret else {})}
    files |= {f"reponses/{each.id}.json": answers(each, text) for each in goal.objectives}
    put(cohort, students, goal, files, team, completeness, penalty)


def put(cohort, students, goal, files, team=None, completeness=6.0, penalty=0.0):
    """The files that some handed in together, graded: folders and gradebook."""
    students = [each.id if isinstance(each, Trainee) else each for each in students]
    with opened(cohort, writing=True) as connection:
        _register(connection, students, goal, completeness, penalty)
    for student in students:
        for place in (cohort.submitted, cohort.autograded):
            folder = place / student / goal.assignment
            (folder / "reponses").mkdir(parents=True)
            (folder / "equipe.json").write_bytes(team_bytes(team or Team("", (student,))))
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")


def _register(connection, students, goal, completeness, penalty):
    known = set(connection.scalars(schema.student.select().with_only_columns(schema.student.c.id)))
    assignment = connection.execute(schema.assignment.select().where(schema.assignment.c.name == goal.assignment)).one()
    notebook = connection.execute(
        schema.notebook.select().where(schema.notebook.c.assignment_id == assignment.id)
    ).one()
    cells = connection.execute(schema.base_cell.select().where(schema.base_cell.c.notebook_id == notebook.id)).all()
    rows = {
        table: []
        for table in (
            schema.student,
            schema.submitted_assignment,
            schema.submitted_notebook,
            schema.grade,
            schema.comment,
        )
    }
    for student in students:
        if student not in known:
            rows[schema.student].append({"id": student})
        submission, part = schema.identifier(), schema.identifier()
        rows[schema.submitted_assignment].append(
            {"id": submission, "assignment_id": assignment.id, "student_id": student, "timestamp": AT}
        )
        rows[schema.submitted_notebook].append(
            {"id": part, "assignment_id": submission, "notebook_id": notebook.id, "flagged": False,
             "late_submission_penalty": penalty}
        )  # fmt: skip
        for cell in cells:
            place = {"notebook_id": part, "cell_id": cell.id}
            auto = completeness if cell.name.startswith("completude") else None
            rows[schema.grade].append(
                {"id": schema.identifier(), **place, "auto_score": auto, "needs_manual_grade": auto is None}
            )
            rows[schema.comment].append({"id": schema.identifier(), **place})
    for table, made in rows.items():
        if made:
            connection.execute(insert(table), made)


def review(cohort, students, objective, levels, comment=""):
    """What an instructor gives at the bench."""
    objective = syllabus.load().objective(objective)
    with opened(cohort, writing=True) as connection:
        base = marks.state(marks.read(connection, students=students, objectives=[objective]))
        reviews.give(connection, students, objective, Review(levels, comment, "", "Dr Zongo"), base)


def text_of(path):
    """A text of the project with the spaces of a typewriter, for the eye of a test."""
    text = path if isinstance(path, str) else path.read_text(encoding="utf-8")
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
