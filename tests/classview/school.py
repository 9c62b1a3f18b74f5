"""A small class with everything that makes a class difficult."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from promotion import hand_in, promotion, review

from course.core import syllabus
from course.core.team import Team
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee

GOALS = {goal.id: goal for goal in syllabus.load().goals}
EVIL = '<script>document.title="pris"</script><img src=x onerror=\'document.title="pris"\'>'
GROUP = f"Groupe $3$ {EVIL}"
FORMULA = '=HYPERLINK("http://mal.example";"Cliquez")'

TRAINEES = (
    Trainee("awa", "Awa", "Traoré", "awa@example.org", "A"),
    Trainee("paul", "Paul", "Kaboré d’Été"),
    Trainee("selam", "ሰላም", "ተስፋዬ"),
    Trainee("noor", "نور", "الدين"),
    Trainee("awa2", "Awa", "Traoré"),
    Trainee("zoé", "Zoé", "Rien"),
)
FULL, HALF = (2, 2, 2, 2, 2, 2), (1, 1, 1, 1, 1, 1)


def made(root: Path) -> Cohort:
    """Awa and Paul together, Selam and Noor and the other Awa alone; Zoé has handed in nothing."""
    cohort = promotion(root, TRAINEES)
    hand_in(cohort, ["awa", "paul"], GOALS["1"], "Former les relais", Team(GROUP, ("Awa Traoré", "Paul Kaboré d’Été")))
    hand_in(cohort, ["awa", "paul"], GOALS["2"], EVIL, Team(GROUP, ("Awa Traoré", "Paul Kaboré d’Été")))
    hand_in(cohort, ["selam"], GOALS["1"], FORMULA, completeness=2.5)
    hand_in(cohort, ["noor"], GOALS["1"], "Écouter\u0007 les $familles$", completeness=0.0)
    hand_in(cohort, ["awa2"], GOALS["1"], "Afficher les horaires", completeness=4.5)
    _empty(cohort, "1.1.b")
    review(cohort, ["awa", "paul"], "1.1", FULL, "Très concret.")
    review(cohort, ["selam"], "1.1", HALF, FORMULA)
    review(cohort, ["awa"], "2.1", FULL)  # and not Paul: their marks of 2.1 differ
    unreadable = cohort.autograded / "noor" / "but-1" / "reponses"
    (unreadable / "1.2.json").unlink()
    (unreadable / "1.2.illisible.txt").write_text("Le fichier n’est pas du JSON valable.", encoding="utf-8")
    (unreadable / "1.3.json").unlink()
    waiting = cohort.submitted / "awa2" / "but-3"
    waiting.mkdir()
    (waiting / "timestamp.txt").write_text("2026-11-21 08:30:00.000000 UTC")
    return cohort


def _empty(cohort: Cohort, option: str) -> None:
    """Nobody treats an option: some wrote nothing, some a placeholder."""
    for path in (
        path for place in (cohort.submitted, cohort.autograded) for path in place.glob("*/but-1/reponses/1.1.json")
    ):
        document = json.loads(path.read_text(encoding="utf-8"))
        row = {"strategy": "À compléter", "actions": []}
        document["options"][option] = [row] if path.parts[-4] in ("awa2", "noor") else []
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


@dataclass
class Outside:
    """What a page asked for that is not itself."""

    page: Page

    def __post_init__(self) -> None:
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __iter__(self) -> Iterator[Any]:
        return (url for url in self.asked if not url.startswith(("file:", "data:", "blob:")))
