"""One grading at a time: the second says so, and what a killed one left behind is swept by the next."""

import os
import subprocess
import sys

import pytest
from coursework import spaced

from course.core.refusal import Refusal
from course.instructor.cohort.alone import LOCK, PREFIX, alone

HOLD = """
import sys
from pathlib import Path
from course.instructor.cohort.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(course):
    """Another process in which a grading is under way."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(course.cohort)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_grading_says_that_one_is_under_way_and_breaks_nothing(course, holder):
    course.hand_in("awa")
    held = list(course.cohort.glob(f"{PREFIX}*"))
    with pytest.raises(Refusal, match="Une correction est déjà en cours"):
        course.grade()
    result = course.autograde()
    assert not result["success"]
    assert "Une correction est déjà en cours" in spaced(result["log"])
    assert list(course.cohort.glob(f"{PREFIX}*")) == held
    assert course.grades() == {}
    holder.communicate("")
    assert course.grade().graded == 1


def test_what_a_killed_grading_left_is_swept_by_the_next(course, holder):
    course.hand_in("awa")
    holder.kill()
    holder.communicate()
    (left,) = course.cohort.glob(f"{PREFIX}*")
    (left / "new").mkdir()
    (left / "new" / "notes.txt").write_text("à personne")
    (left / "new" / "notes.txt").chmod(0o444)
    assert course.grade().graded == 1
    assert not [path for path in course.cohort.iterdir() if path.name.startswith(".")]


def test_the_lock_is_let_go_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), alone(tmp_path):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    with alone(tmp_path) as place:
        assert {path.name for path in tmp_path.iterdir()} == {LOCK, place.name}


def test_a_folder_that_cannot_be_used_is_said(tmp_path):
    with pytest.raises(Refusal, match="ne se laisse pas écrire"), alone(tmp_path / "nowhere"):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="an account is changed in a process of its own")
def test_a_folder_that_may_not_be_written_is_not_a_grading_under_way(tmp_path):
    folder = tmp_path / "promotion"
    folder.mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    reading, writing = os.pipe()
    if os.fork() == 0:
        if os.getuid() == 0:
            os.setuid(65534)  # root writes everywhere
        try:
            with alone(folder):
                said = "held"
        except Refusal as refusal:
            said = str(refusal)
        except BaseException as error:
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.wait()
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        assert "ne se laisse pas écrire" in spaced(stream.read())
