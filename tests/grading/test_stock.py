"""The gradebook holds what nbgrader's own grading, which executes each notebook, would have left in it."""

import json
from datetime import timedelta

import nbformat
import pytest
from coursework import CANVASES, answers
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

HALF = """
from nbgrader.plugins import BasePlugin
class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        odd = {"retard négatif": -1, "retard énorme": 1000}
        return odd.get(student_id, score / 2 + total_seconds_late / 36000)
c.AssignLatePenalties.plugin_class = Half
"""
LATE, IN_TIME = "2026-11-20 11:00:00 UTC", "2026-11-20 09:00:00 UTC"


def empty(folder):
    for path in (folder / "reponses").iterdir():
        path.unlink()


def broken(folder):
    (folder / "reponses" / "1.1.json").write_text("{")


def halves(folder):
    document = answers("1.1", options=3)
    document["options"]["1.1.a"][0]["actions"] *= 3
    document["options"]["1.1.d"] = [{"strategy": "à compléter", "actions": [{"action": "idem"}]}]
    (folder / "reponses" / "1.1.json").write_text(json.dumps(document), encoding="utf-8-sig")


COPIES = {
    "vide": (99, empty, LATE),
    "illisible": (99, broken, LATE),
    "demi-points": (99, halves, IN_TIME),
    "retard négatif": (2, None, LATE),
    "retard énorme": (1, None, LATE),
    "délai": (2, None, LATE),
}


MARKED = {"demi-points", "vide", "retard énorme"}  # by hand, between two gradings


def prepared(course):
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write(f"\n{HALF}\n")
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment("but-1", duedate="2026-11-20 10:00:00 UTC")
        gradebook.add_student("délai")
        gradebook.add_submission("but-1", "délai").extension = timedelta(days=3)
        gradebook.db.commit()
    for student, (options, change, date) in COPIES.items():
        folder = course.hand_in(student, options=options, date=date)
        if change:
            change(folder)
    return course


def by_nbgrader(course, left_out):
    config = course.config
    del config["Autograde"]
    config.CourseDirectory.assignment_id = "but-1"
    config.CourseDirectory.student_id_exclude = ",".join(left_out)
    converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
    converter.force = True
    converter.start()


@pytest.fixture(scope="module")
def both(new_course):
    """The same copies graded by each, then marked by hand and graded again."""
    ours, stock = prepared(new_course()), prepared(new_course())
    steps = []
    for again in (False, True):
        ours.grade(force=again)
        by_nbgrader(stock, COPIES.keys() - MARKED if again else ())
        steps.append((ours.left()[0], stock.left()[0]))
        for course in (ours, stock):
            course.mark("demi-points", "qualite-1-1", 9.5, "Un vrai besoin.")
            course.mark("vide", "qualite-1-2", 0)
            with course.gradebook as gradebook:
                over = gradebook.find_grade("completude-1-1", "but-1", "but-1", "retard énorme")
                over.manual_score, over.needs_manual_grade, over.extra_credit = 5.0, False, 0.5
                gradebook.db.commit()
    return ours, stock, steps


def test_every_table_is_the_same_after_the_first_grading_and_after_marks_by_hand(both):
    for ours, stock in both[2]:
        assert set(ours) == set(stock)
        for table in stock:
            assert ours[table] == stock[table], table
    assert len(both[2][0][0]["grade"]) == 4 * len(COPIES)


def test_the_copies_tell_marks_and_penalties_apart(both):
    ours = both[0]
    assert {ours.automatic(student) for student in COPIES} >= {(1.5, 2), (0, 0), (0, 6), (4.5, 6)}
    with ours.gradebook as gradebook:
        late = {each.student.id: each.late_submission_penalty for each in gradebook.assignment_submissions("but-1")}
    assert late["demi-points"] == late["délai"] == late["retard négatif"] == 0
    assert late["illisible"] == 6 / 2 + 0.1
    assert late["retard énorme"] == 5.5 + 2, "all that she has"


def test_the_graded_notebooks_show_the_same(both):
    def shown(course, student):
        cells = nbformat.read(course.autograded / student / "but-1" / "but-1.ipynb", as_version=4).cells
        return [[(o.output_type, dict(o.data)) for o in cell.outputs] for cell in cells if cell.cell_type == "code"]

    for student in COPIES:
        ours, stock = (shown(course, student) for course in both[:2])
        assert len(ours) == len(CANVASES)
        assert ours == stock, student


def test_late_penalties_come_from_the_plug_in_that_the_settings_name(new_course):
    course = new_course()
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment("but-1", duedate="2026-11-20 10:00:00 UTC")
    for student, date in (("awa", LATE), ("moussa", IN_TIME)):
        course.hand_in(student, date=date)
    for run in (course.grade, course.autograde):
        run()
        with course.gradebook as gradebook:
            late = {each.student.id: each.late_submission_penalty for each in gradebook.assignment_submissions("but-1")}
        assert late == {"awa": 12, "moussa": 0}
