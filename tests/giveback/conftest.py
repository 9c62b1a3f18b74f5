"""A class of fictional trainees, graded and partly reviewed."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from giveback_class import AWA, LI, NOBODY, PAUL, ZOE
from promotion import GOALS, Team, hand_in, promotion, review

from course.instructor.cohort.places import Cohort


@pytest.fixture(scope="session", autouse=True)
def environment():
    """nbgrader finds alembic, and no class of the computer is meant."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        for name in ("COURSE_EXCHANGE", "COURSE_GRADEBOOK"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def session(tmp_path_factory):
    """Awa and Paul together and fully reviewed; Zoé late and half reviewed; 李娜 not reviewed; and one without work."""
    made = promotion(tmp_path_factory.mktemp("session"), (AWA, PAUL, ZOE, LI, NOBODY))
    team = Team("Groupe <3>", ("Awa Ouédraogo", "Paul Kaboré"))
    hand_in(made, (AWA, PAUL), GOALS[0], "Former les relais <script>alert(1)</script>", team, completeness=5.5)
    hand_in(made, (ZOE,), GOALS[0], "Écouter les veuves", secret="", penalty=2.5)
    hand_in(made, (LI,), GOALS[0], "Publier les comptes")
    hand_in(made, (AWA,), GOALS[1], "Tenir les comités")
    review(made, ("awa", "paul"), "1.1", (2, 1, 2, 1, 0, 2), "Très <b>concret</b> & net.\n=1+1")
    review(made, ("awa", "paul"), "1.2", (1, 1, 1, 1, 0, 0), "-Dites le besoin.")
    review(made, ("awa", "paul"), "1.3", (2, 2, 2, 2, 2, 2))
    review(made, (ZOE.id,), "1.1", (2, 2, 2, 2, 2, 2), "Pour Zoé seulement.")
    review(made, (ZOE.id,), "1.2", (2, None, None, None, None, None), "brouillon du correcteur")
    return made


@pytest.fixture
def cohort(session, tmp_path):
    return Cohort(Path(shutil.copytree(session.root, tmp_path / "cours d’été")))
