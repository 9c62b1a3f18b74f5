"""A small class to review: a group, two who wrote the same, one whose file is unreadable, one who wrote nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reviewing import FAMILIES, Work, graded

from course.core.team import Team
from course.instructor.cohort.places import Cohort
from course.instructor.review.bench import Bench


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    group = Team("Groupe 3", ("Awa", "Paul"))
    cohort = graded(
        tmp_path_factory.mktemp("classe") / "cours",
        [
            Work(
                ("awa", "paul"),
                {"1.1.a": [(FAMILIES, ["Réunir dix familles au CSPS en mars", "Afficher trois signes"])]},
                group,
            ),
            Work(
                ("zoé",), {"1.1.a": [("FORMER les familles, aux signes de gravite !", ["Autre chose que les autres"])]}
            ),
            Work(("N'Diaye",), {"1.1.b": [("Écouter les gens du village", [])]}),
            Work(("李",), {"1.1.a": []}),
            Work(("rien",), None, completeness=0),
        ],
    )
    broken = cohort.autograded / "李" / "but-1" / "reponses"
    (broken / "1.1.json").unlink()
    (broken / "1.1.illisible.txt").write_text("Le fichier n’est pas du JSON valable.", encoding="utf-8")
    (cohort.submitted / "李" / "but-1" / "reponses" / "1.1.json").write_text("{", encoding="utf-8")
    return cohort


@pytest.fixture
def cohort(graded_class: Cohort, tmp_path: Path) -> Iterator[Cohort]:
    shutil.copytree(graded_class.root, tmp_path / "cours")
    return Cohort(tmp_path / "cours")


@pytest.fixture
def bench(cohort: Cohort) -> Bench:
    return Bench(cohort)
