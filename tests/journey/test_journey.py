"""The journey: a trainee's words, from her keyboard to the feedback she reads, through a dead kernel and a mark."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, Lab, opened_lab, shoot, until
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, Page, expect

from course.lab.settings import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange does not exist on Windows"),
]

PICTURES = ROOT / "tests" / "pictures"
# 1.2 as a good team would fill it: every option treated, so 6 points.
CANVAS = {
    "1.2.a": (
        "Confier le suivi des grossesses à des agents de santé choisis par chaque village.",
        "Réunir avant fin mars les dix-huit chefs de concession de l’aire pour choisir deux agents, dont une femme.",
    ),
    "1.2.b": (
        "Donner aux associations de femmes une voix au comité de gestion du centre.",
        "Réserver deux sièges aux associations à l’assemblée d’avril, et tenir la réunion le jour du marché.",
    ),
    "1.2.c": (
        "Faire accompagner les personnes hypertendues par d’autres qui vivent la même chose.",
        "Ouvrir en mai un groupe mensuel de dix personnes, animé par deux d’entre elles.",
    ),
}
MID_WORD = ("Former les fam", "illes au car", "net de suivi, avec des images.")
ACTION = "Tenir chaque mois une causerie de quartier dans la langue de tous."
COMMENT = "Vos deux sièges sont une bonne idée : qui les convoque, et quand ?"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instructor's clone, with an exchange of its own."""
    root = tmp_path_factory.mktemp("cours")
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("reponses", ".*"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    exchange = tmp_path_factory.mktemp("echange")
    exchange.chmod(0o777)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_EXCHANGE", str(exchange))
        patch.setenv("JUPYTER_CONFIG_PATH", str(root))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        yield root


NBGRADER = """
import json, os, sys
from jupyter_core.application import JupyterApp
from nbgrader.apps.nbgraderapp import NbGraderApp
for folder, *words in json.loads(sys.argv[1]):
    os.chdir(folder)
    NbGraderApp.launch_instance(words)
    JupyterApp.clear_instance()
"""


def nbgrader(*commands: tuple[Path, str]) -> None:
    """Run nbgrader's commands on the workbook, each in its folder; in one process, since it takes seconds to import."""
    asked = json.dumps([(str(folder), *words.split()) for folder, words in commands])
    done = subprocess.run(
        [sys.executable, "-c", NBGRADER, asked], check=False, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


def canvas(page: Page, identifier: str) -> Locator:
    return page.get_by_role("region", name=re.compile(f"^Canevas {re.escape(identifier)} "))


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=re.compile(f"^{re.escape(name)} :"))


def picture(shown: Any, name: str) -> None:
    """Takes a picture of the README's anew, where that was asked for."""
    if os.environ.get("COURSE_PICTURES") == "1":
        PICTURES.mkdir(exist_ok=True)
        shoot(shown, PICTURES / name)


def fill(lab: Lab, page: Page) -> None:
    page.goto(lab.url("exercises/but-1/but-1.ipynb"))
    for identifier in ("1.1", "1.2", "1.3"):
        expect(canvas(page, identifier)).to_be_attached(timeout=60_000)  # no click
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^fr"))

    first = field(page, "Stratégie 1, option 1.1.a")
    first.click()
    page.keyboard.type(MID_WORD[0])
    [kernel] = until(lab.kernels)
    os.kill(kernel, signal.SIGKILL)
    page.keyboard.type(MID_WORD[1], delay=60)
    until(lambda: [pid for pid in lab.kernels() if pid != kernel])
    page.keyboard.type(MID_WORD[2], delay=20)
    page.keyboard.press("Tab")  # the button « + Action » does not stand between the two fields
    field(page, "Action 1 de la stratégie 1, option 1.1.a").fill(ACTION)
    expect(canvas(page, "1.1").locator(".course-status")).to_have_text("Enregistré", timeout=60_000)
    expect(field(page, "Stratégie 1, option 1.1.a")).to_have_value("".join(MID_WORD))
    expect(page.get_by_role("dialog")).to_have_count(0)

    for option, (strategy, action) in CANVAS.items():
        field(page, f"Stratégie 1, option {option}").fill(strategy)
        field(page, f"Action 1 de la stratégie 1, option {option}").fill(action)
    expect(canvas(page, "1.2").locator(".course-status")).to_have_text("Enregistré")
    canvas(page, "1.2").get_by_role("button", name="Vérifier").click()
    expect(canvas(page, "1.2")).to_contain_text("3 options sur 3 traitées. Complétude : 6 sur 6.")


def test_the_journey(course: Path, tmp_path: Path, context: Any) -> None:
    nbgrader((course, "generate_assignment but-1 --force"), (course, "release_assignment but-1"))

    # The trainee
    with opened_lab(tmp_path / "classeur") as lab:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        fill(lab, page)
        page.set_viewport_size({"width": 1280, "height": 1800})  # all of it, in a page that scrolls inside
        picture(canvas(page, "1.2"), "canevas.png")
        page.close()
    workbook = tmp_path / "classeur" / "exercises"
    saved = json.loads((workbook / "but-1/reponses/1.1.json").read_text(encoding="utf-8"))
    assert saved["options"]["1.1.a"][0]["strategy"] == "".join(MID_WORD)
    nbgrader((workbook, "submit but-1"), (course, "collect but-1"), (course, "autograde but-1"))

    # The instructor
    with Gradebook(f"sqlite:///{course / 'cohort/gradebook.db'}", "soins-centres-personnes") as gradebook:
        [submission] = gradebook.assignment_submissions("but-1")
        trainee = submission.student.id
        marks = {grade.name: grade.auto_score for grade in submission.notebooks[0].grades}
        waiting = {grade.name: grade.needs_manual_grade for grade in submission.notebooks[0].grades}
        address = submission.notebooks[0].id
    # 1.1: one option of four: 4 × 1/4 + 1/4 + 1/4. 1.2: all of it. 1.3: nothing.
    assert {name: mark for name, mark in marks.items() if name.startswith("completude")} == {
        "completude-1-1": 1.5,
        "completude-1-2": 6,
        "completude-1-3": 0,
    }
    assert all(waiting[f"qualite-1-{number}"] for number in (1, 2, 3))

    review(course, context, address)
    returned = ("generate_feedback but-1", "release_feedback but-1")
    nbgrader(*((course, words) for words in returned), (workbook, "fetch_feedback but-1"))

    # The trainee again
    [feedback] = (workbook / "but-1" / "feedback").rglob("but-1.html")
    page = context.new_page()
    page.set_viewport_size({"width": 1000, "height": 1100})
    page.goto(feedback.as_uri())
    expect(page.get_by_role("heading", name="Retour sur votre travail")).to_be_visible()
    section = page.get_by_role("region", name=re.compile("^Canevas 1.2 "))
    for text in (*CANVAS["1.2.b"], "6 sur 6", "10,5 sur 14", "16,5 sur 20", "Canevas réussi", COMMENT):
        expect(section).to_contain_text(text)
    expect(page.get_by_role("region", name=re.compile("^Canevas 1.1 "))).to_contain_text("".join(MID_WORD))
    assert "BARÈME" not in feedback.read_text(encoding="utf-8").upper()
    assert trainee in page.locator("header").inner_text()
    picture(section, "copie-corrigee.png")


def review(course: Path, context: Any, submission: str) -> None:
    """Reads the copy in the formgrader, and gives 1.2 a mark for quality and a comment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course)
        with opened_lab(course, desk=Desk.INSTRUCTOR) as lab:
            page = context.new_page()
            page.goto(f"{lab.address.base}/formgrader?token={lab.address.token}")  # as `course open --formateur` prints
            page.goto(f"{lab.address.base}/formgrader/submissions/{submission}/")
            page.wait_for_load_state("networkidle")  # only then has the page its grades, and hears what is typed
            expect(page.get_by_text("".join(MID_WORD))).to_be_visible()
            expect(page.get_by_text(CANVAS["1.2.b"][1])).to_be_visible()
            mark = page.locator("#qualite-1-2")
            with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
                mark.fill("10.5")
                mark.press("Tab")
            comment = page.locator("#qualite-1-2-comment")
            with page.expect_response(lambda r: "/api/comment/" in r.url and r.request.method == "PUT"):
                comment.fill(COMMENT)
                comment.press("Tab")
            page.close()
