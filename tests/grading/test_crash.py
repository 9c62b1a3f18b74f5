"""`course grade` killed at any moment: nbgrader reads what is there, and the next run completes it."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys

import pytest
from coursework import answers

from course.instructor.grading import engine
from course.instructor.grading.folders import Folders

TRAINEES = ("awa", "moussa", "paul", "zénabou", "issa")
RANDOM_KILLS = 3
GRADE = """
import sys
def tell(event, about):
    if event in ("open", "os.mkdir", "os.rename", "os.rmdir", "sqlite3.connect") and "cohort" in str(about[0]):
        sys.stderr.write(".")
sys.addaudithook(tell)
from course.instructor.grading import engine
engine.AT_ONCE = 2
engine.grade([], None, False)
"""

# Where a process dies: before or after the call of that number of what it does to the disk and to the gradebook.
MOMENTS = [
    *[(Folders, "build", "after", number) for number in (1, 2)],
    *[(Folders, "put", "before", number) for number in (1, 2, 3)],
    *[(os, "rename", "after", number) for number in (1, 2, 3)],
    *[(engine.rows, "forget", "after", number) for number in (1, 2)],
    *[(engine.rows, "save", when, number) for when in ("before", "after") for number in (1, 2)],
    *[(engine.rows, "remember", "after", number) for number in (1, 2)],
    *[(Folders, "sweep", when, number) for when in ("before", "after") for number in (1, 2)],
    (engine.report, "write", "before", 1),
    (engine.report, "write", "after", 1),
]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no kill -9; its end of a process is the same")


def change(course):
    """Two trainees hand in again, and a third for the first time; one has been marked by hand."""
    course.mark("awa", "qualite-1-1", 9.5, "Un vrai besoin.")
    for student in ("awa", "moussa"):
        path = course.submitted / student / "but-1" / "reponses" / "1.1.json"
        path.write_text(json.dumps(answers("1.1", options=1)), encoding="utf-8")
    course.hand_in("zoé", options=2)


@pytest.fixture(scope="module")
def both(new_course):
    """A class that was graded and has changed since; and the same, graded without interruption."""
    course, whole = new_course(), new_course()
    for each in (course, whole):
        for student in TRAINEES:
            each.hand_in(student)
        assert each.grade().graded == len(TRAINEES)
        change(each)
    assert whole.grade().graded == 3
    return course, whole.left()


@pytest.fixture
def copied(both, tmp_path):
    """Makes copies of the class that has changed since."""

    def copy(name="course"):
        return type(both[0])(shutil.copytree(both[0].root, tmp_path / name, symlinks=True))

    return copy


@pytest.fixture
def course(copied):
    return copied()


def dies(course, owner, name, when, number):
    """Grades in a process that is killed there; whether it was."""
    child = os.fork()
    if child == 0:
        try:
            engine.AT_ONCE = 2
            function, calls = getattr(owner, name), []

            def deadly(*given, **named):
                calls.append(name)
                if when == "before" and len(calls) == number:
                    os.kill(os.getpid(), signal.SIGKILL)
                result = function(*given, **named)
                if when == "after" and len(calls) == number:
                    os.kill(os.getpid(), signal.SIGKILL)
                return result

            setattr(owner, name, deadly)
            course.grade()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def is_completed(course, expected, moment=""):
    with course.gradebook as gradebook:  # nbgrader reads it as it is
        for submission in gradebook.assignment_submissions("but-1"):
            assert submission.max_score == 40, moment
            assert submission.score >= 0, moment
    course.grade()
    assert course.left() == expected, moment
    assert not [path for path in course.cohort.iterdir() if path.name.startswith(".")], moment
    assert course.grade().graded == 0, moment


def test_killed_at_a_chosen_moment(both, copied):
    for owner, name, when, number in MOMENTS:
        moment = f"{when}-{name}-{number}"
        course = copied(moment)
        assert dies(course, owner, name, when, number), moment
        is_completed(course, both[1], moment)
        shutil.rmtree(course.root)


def test_killed_at_a_random_moment(both, copied):
    """A real command tells each file of the class that it opens, makes or moves; after so many it is killed."""
    for seed in range(RANDOM_KILLS):
        course = copied(f"seed-{seed}")
        process = subprocess.Popen(
            [sys.executable, "-c", GRADE], cwd=course.root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=0
        )
        with process:
            try:
                wanted = random.Random(seed).randrange(1, 140)
                while wanted > 0 and (heard := process.stderr.read(wanted)):
                    wanted -= len(heard)
            finally:
                process.kill()
        assert wanted == 0, seed
        is_completed(course, both[1], seed)


def test_killed_twice(both, course):
    assert dies(course, Folders, "put", "after", 1)
    assert dies(course, engine.rows, "save", "after", 1)
    is_completed(course, both[1])


def test_killed_and_handed_in_as_before_is_graded_as_it_is_then(course):
    """The folder of a change was put in place and its rows were not; then the change is taken back."""
    path = course.submitted / "moussa" / "but-1" / "reponses" / "1.1.json"
    again = path.read_bytes()
    path.write_text(json.dumps(answers("1.1")), encoding="utf-8")
    course.grade()
    before = course.left()
    path.write_bytes(again)
    assert dies(course, engine.rows, "save", "after", 1)
    path.write_text(json.dumps(answers("1.1")), encoding="utf-8")
    is_completed(course, before)
