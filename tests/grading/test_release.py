"""What goes out through the exchange: the workbook without answers, and each page to whom it belongs."""

import os
import shutil

import pytest
from coursework import SECRET, spaced
from nbgrader.utils import notebook_hash

pytestmark = pytest.mark.skipif(os.name != "posix", reason="nbgrader's exchange does not exist on Windows")


@pytest.fixture
def released(course):
    course.exchange = course.cohort / "exchange" / "soins-centres-personnes"
    trial = course.root / "exercises" / "but-1" / "reponses"
    trial.mkdir()
    (trial / "1.1.json").write_text("{}")
    result = course.api.release_assignment("but-1")
    assert result["success"], result
    return course


def test_the_teachers_trial_answers_are_not_handed_out(released):
    files = {path.name for path in (released.exchange / "outbound" / "but-1").rglob("*")}
    assert files == {"but-1.ipynb"}


def test_feedback_goes_to_everybody_it_can_reach_and_the_others_are_told(released):
    spoilt = {
        "sans-code": lambda folder: (folder / "submission_secret.txt").unlink(),
        "code-vide": lambda folder: (folder / "submission_secret.txt").write_text(""),
        "sans-date": lambda folder: (folder / "timestamp.txt").unlink(),
        "awa": lambda folder: (folder / "submission_secret.txt").write_text("f" * 128),
    }
    for student, spoil in spoilt.items():
        spoil(released.hand_in(student))
    released.hand_in("zoé")
    assert released.autograde()["success"]
    pages = released.feedback()
    result = released.api.release_feedback("but-1")
    assert result["success"], result
    out = released.exchange / "feedback"
    for student, secret in (("awa", "f" * 128), ("zoé", SECRET)):
        page = out / f"{notebook_hash(secret=secret, notebook_id='but-1')}.html"
        assert page.read_text(encoding="utf-8") in (pages[student], pages["sans-date"])
    assert len(list(out.iterdir())) == 2
    for student in ("sans-code", "code-vide"):
        assert f"{student} : copie venue sans l’échange, retour à remettre à la main" in spaced(result["log"])


def test_feedback_of_one_trainee(released):
    for student in ("awa", "moussa"):
        folder = released.hand_in(student)
        (folder / "submission_secret.txt").write_text(student.ljust(32, "x"))
    assert released.autograde()["success"]
    released.feedback()
    assert released.api.release_feedback("but-1", "moussa")["success"]
    (page,) = (released.exchange / "feedback").iterdir()
    assert "moussa" in page.read_text(encoding="utf-8")


def test_releasing_does_not_change_what_submitting_keeps(released):
    """The answers' folder is left out of releases only: `submit` and `collect` read the same setting."""
    coursedir = released.api.coursedir
    assert "reponses" not in coursedir.ignore
    shutil.rmtree(released.exchange / "outbound" / "but-1")
    api = released.api
    assert api.release_assignment("but-1")["success"]
    assert "reponses" not in api.coursedir.ignore
