"""Penalties for being late come from nbgrader's own plug-in, the one that its settings name."""

from datetime import timedelta

import pytest
from gradebooks import tables

from course.instructor.cohort.places import Cohort
from course.instructor.grading.direct.command import grade_all

HALF = """
from nbgrader.plugins import BasePlugin
class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        odd = {"moussa": -1, "paul": 1000}
        return odd.get(student_id, score / 2 + total_seconds_late / 36000)
c.AssignLatePenalties.plugin_class = Half
"""
SETTINGS = {
    "none": "",
    "zero": 'c.LateSubmissionPlugin.penalty_method = "zero"',
    "a plug-in of the instructor's": HALF,
}
DATES = {"awa": "2026-11-20 11:00:00 UTC", "moussa": "2026-11-20 11:00:00 UTC", "paul": "2026-11-22 10:00:00 UTC",
         "zénabou": "2026-11-20 09:00:00 UTC", "issa": "2026-11-20 11:00:00 UTC"}  # fmt: skip


def prepared(course, settings):
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write(f"\n{settings}\n")
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment("but-1", duedate="2026-11-20 10:00:00 UTC")
    for student, date in DATES.items():
        course.hand_in(student, date=date, options=len(student) % 3 + 1)
    return course


@pytest.mark.parametrize("settings", SETTINGS)
def test_who_is_late_loses_what_nbgrader_takes(new_course, settings):
    stock, direct = (prepared(new_course(), SETTINGS[settings]) for _ in range(2))
    for again in range(2):
        assert stock.autograde()["success"]
        grade_all(Cohort(direct.root), [], lambda _: None, force=True)
        assert tables(direct.config.CourseDirectory.db_url) == tables(stock.config.CourseDirectory.db_url)
        for course in () if again else (stock, direct):
            course.mark("awa", "qualite-1-1", 9.5)
            with course.gradebook as gradebook:  # more time for one, who then is not late
                gradebook.find_submission("but-1", "issa").extension = timedelta(days=3)
                gradebook.db.commit()
    with direct.gradebook as gradebook:
        late = {each.student.id: each.late_submission_penalty for each in gradebook.assignment_submissions("but-1")}
    assert late["zénabou"] == late["issa"] == 0
    assert bool(late["awa"]) == (settings != "none")
