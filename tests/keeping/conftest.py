"""A class of fictional trainees, with what a session leaves behind."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from class_states import AWA, LI, PAUL, ZOE
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


@pytest.fixture
def cohort(session, tmp_path):
    """Awa and Paul handed in together, Zoé and 李娜 each alone."""
    return Cohort(Path(shutil.copytree(session.root, tmp_path / "cours d’été", symlinks=True)))


@pytest.fixture(scope="session")
def session(tmp_path_factory):
    made = promotion(tmp_path_factory.mktemp("session"), (AWA, PAUL, ZOE, LI))
    hand_in(
        made,
        (AWA, PAUL),
        GOALS[0],
        "Former les relais avec les familles",
        Team("Groupe 3", ("OUEDRAOGO Awa", "Paul Kaboré")),
    )
    hand_in(made, (ZOE,), GOALS[0], "Écouter les veuves du quartier Tampouy")
    hand_in(made, (LI,), GOALS[1], "Publier les comptes au marché")
    hand_in(made, (AWA,), GOALS[1], "Une stratégie d’Awa toute seule, avec <b>gras</b> & « guillemets »")
    review(made, ("awa.o", "paul"), "1.1", (2, 1, 2, 1, 0, 2), "Très concret.")
    review(made, (ZOE.id,), "1.1", (1, 1, 1, 1, 1, 1), "Comme Zoé N’Guessan-Été le dit.")
    return made
