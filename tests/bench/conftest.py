"""The bench on a page, over a class of three copies; the class is made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE
from cards import Cards
from reviewing import FAMILIES, Work, graded

from course.core import syllabus
from course.core.team import Team
from course.instructor.cohort import marks
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.review.bench import Bench
from course.instructor.review.widget import BenchWidget

FIRST = syllabus.load().objective("1.1")
ORDER = ("awa", "zoé", "paul")  # the numbers, which are drawn, are made sure of


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    works = [
        Work(("awa", "adama"), {"1.1.a": [(FAMILIES, ["Réunir dix familles au CSPS", "Afficher trois signes"])]}, TEAM),
        Work(("zoé",), {"1.1.a": [(FAMILIES, ["<img src=x onerror=\"document.title='volé'\">"])]}),
        Work(("paul",), {"1.1.b": [("Écouter les gens du village", [])]}),
    ]
    return graded(tmp_path_factory.mktemp("trois") / "cours", works)


TEAM = Team("Groupe 3", ("Awa", "Adama"))


@pytest.fixture
def cohort(three: Cohort, tmp_path: Path) -> Cohort:
    shutil.copytree(three.root, tmp_path / "cours")
    return Cohort(tmp_path / "cours")


@pytest.fixture(scope="module")
def onlooker(three: Cohort, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewer]:
    """A reviewer for all tests of a file that only look at the bench."""
    root = tmp_path_factory.mktemp("regards") / "cours"
    shutil.copytree(three.root, root)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    context.set_default_timeout(1000 * PATIENCE)
    reviewer = Reviewer(Cards(context.new_page()), Cohort(root))
    reviewer.title.filter(has_text="Copie 1").wait_for()
    yield reviewer
    context.close()


@pytest.fixture
def cards(page: Any) -> Cards:
    return Cards(page)


class Reviewer:
    """Somebody at the bench, and what the gradebook says of what she did."""

    def __init__(self, cards: Cards, cohort: Cohort) -> None:
        self.cards, self.page, self.cohort = cards, cards.page, cohort
        self.sit()

    def sit(self) -> None:
        """Runs the cell, the first time or after a restart of the kernel."""
        if self.cards.widgets and self.page.locator(".course-bench").count():
            self.cards.take_away(str(len(self.cards.widgets) - 1))
        self.cards.show(BenchWidget(self.cohort.root))

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def mark(self, number: int) -> marks.Mark:
        """The mark of a copy, as the gradebook has it; of a group's, that of all."""
        found = [each for each in Bench(self.cohort)._load(FIRST) if each.number == number]
        with opened(self.cohort) as connection:
            given = marks.read(connection, students=found[0].copy.students, objectives=[FIRST])
        assert len({(each.quality, each.levels, each.comment) for each in given}) == 1
        return given[0]

    def wait(self) -> None:
        """Lets the longest patience of the page pass at once."""
        self.page.clock.fast_forward(60_000)

    @property
    def given(self) -> Any:
        """The levels that are given, of the six criteria."""
        return self.page.locator(".course-criteria").get_by_role("radio", checked=True)

    @property
    def title(self) -> Any:
        return self.page.locator(".course-bench h2")

    @property
    def status(self) -> Any:
        return self.page.locator(".course-status")


@pytest.fixture
def reviewer(cards: Cards, cohort: Cohort) -> Reviewer:
    made = Reviewer(cards, cohort)
    made.title.filter(has_text="Copie 1").wait_for()
    return made


@pytest.fixture
def numbers(cohort: Cohort) -> dict[str, int]:
    """The number of each trainee's copy."""
    return {name: each.number for each in Bench(cohort)._load(FIRST) for name in each.copy.students}
