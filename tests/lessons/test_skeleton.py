"""The lessons: all there, of one form, true to the slide course. What they take of time: `test_short_path.py`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from course.authoring.district import TABLES
from course.core import quizzes, syllabus
from course.core.content import is_for_instructors
from course.core.syllabus import rows

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "modules"
LESSONS = (
    "01-introduction",
    "02-concepts",
    "03-strategie-mondiale",
    "04-but-1-autonomiser-et-mobiliser",
    "05-but-2-gouvernance-et-redevabilite",
    "06-but-3-modele-de-soins",
    "07-but-4-coordonner-les-services",
    "08-but-5-environnement-propice",
    "09-principes-de-mise-en-oeuvre",
    "10-etudes-de-cas",
    "11-le-district",
)
UNMIRRORED = ("10-etudes-de-cas", "11-le-district")  # lessons of the course's own, that follow no slide
SLIDES = tuple(rows("slides"))
DUPLICATES = {f"diapo-{int(row['slide']):02d}" for row in SLIDES if row["duplicate_of"]}
WORD = re.compile(r"[\w’'-]*\w[\w’'-]*")
LINK = re.compile(r"\]\(([^)\s]+)\)")
ENTRY = re.compile(
    r"\*\*Questions\*\*\s?: (?P<questions>.+)\n\n\*\*Objectifs\*\*\s?: (?P<aims>.+)\n\n"
    r"\*\*Durée\*\*\s?: exposé (?P<read>\d+)\smin · pratique (?P<practice>\d+)\smin"
)
CELL = re.compile(r'# [^\n]+\nfrom course import (\w+)\n\1\((?:"([^"]*)")?\)')
VERBS = {
    "canvas": {objective.id for objective in syllabus.load().objectives},
    "quiz": set(LESSONS),
    "glossary": {""},
    "progress": {""},
    "team": {""},
    "plan": {""},
    "chart": set(TABLES),
}

each_lesson = pytest.mark.parametrize("name", LESSONS)


@cache
def cells(name: str) -> list[dict[str, Any]]:
    path = MODULES / f"{name}.ipynb"
    assert path.is_file(), f"il manque la leçon {path.name}"
    read = json.loads(path.read_bytes())["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in read]


@cache
def ids(path: Path) -> frozenset[str]:
    return frozenset(cell["id"] for cell in json.loads(path.read_bytes())["cells"])


def text(name: str) -> list[dict[str, Any]]:
    return [cell for cell in cells(name) if cell["cell_type"] == "markdown"]


def plain(source: str) -> str:
    """A text with ordinary spaces, for what is compared and not shown."""
    return re.sub(r"[\u00a0\u202f]", " ", source)


# The lessons


def test_the_lessons_are_the_eleven_of_the_course() -> None:
    found = sorted(path.stem for path in MODULES.glob("*.ipynb") if not is_for_instructors(path.name))
    assert found == ["00-bienvenue", *LESSONS, "12-bilan", "13-mon-plan"]


@each_lesson
def test_opens_with_questions_aims_and_time(name: str) -> None:
    title, entry = cells(name)[:2]
    assert (title["id"], entry["id"]) == ("titre", "entree")
    assert re.match(rf"# \S.*\n\nLeçon {int(name[:2])} sur \d+$", plain(title["source"]))
    found = ENTRY.fullmatch(plain(entry["source"]))
    assert found, "**Questions** : … **Objectifs** : … **Durée** : exposé N min · pratique M min"
    assert 2 <= found["questions"].count("?") <= 4
    assert 2 <= len(re.split(r"(?<=[.;])\s", found["aims"])) <= 6


@each_lesson
def test_closes_with_what_to_remember_sources_and_the_way_on(name: str) -> None:
    last = cells(name)[-3:]
    assert [cell["id"] for cell in last] == ["a-retenir", "sources", "navigation"]
    assert [cell["source"].split("\n")[0] for cell in last[:2]] == ["## À retenir", "## Sources"]
    assert re.search(r"diapositives?\b", last[1]["source"]) or name in UNMIRRORED
    place = LESSONS.index(name)
    neighbours = [*LESSONS[max(0, place - 1) : place], *LESSONS[place + 1 : place + 2]]
    for neighbour in neighbours:
        assert f"({neighbour}.ipynb" in last[2]["source"]


# The slide course


@pytest.mark.parametrize("name", ["00-bienvenue", *LESSONS])
def test_each_slide_has_its_cell_in_the_order_of_the_slides(name: str) -> None:
    expected = [f"diapo-{int(row['slide']):02d}" for row in SLIDES if row["notebook"] == f"modules/{name}.ipynb"]
    found = [cell for cell in cells(name) if cell["id"].startswith("diapo-")]
    assert [cell["id"] for cell in found] == expected
    for cell in found:
        assert cell["cell_type"] == "markdown"
        assert cell["metadata"]["slideshow"]["slide_type"] == "slide", cell["id"]


def test_every_slide_is_mirrored_and_the_two_duplicates_are_told_as_such() -> None:
    duplicates = {row["slide"]: row["duplicate_of"] for row in SLIDES if row["duplicate_of"]}
    assert (len(SLIDES), len(duplicates)) == (99, 2)
    found = {}
    for name in ("00-bienvenue", *LESSONS):
        found |= {cell["id"]: cell["source"] for cell in cells(name) if cell["id"].startswith("diapo-")}
    assert len(found) - len(duplicates) == 97
    for slide, original in duplicates.items():
        told = plain(found[f"diapo-{int(slide):02d}"])
        assert re.search(r"répète|reprend|double|identique|même", told), f"diapo-{slide}"
        assert re.search(rf"précédente|{original}", told), f"diapo-{slide}"
        assert len(WORD.findall(told)) <= 60


@each_lesson
def test_a_slide_holds_what_a_screen_holds(name: str) -> None:
    for cell in cells(name):
        if cell["id"].startswith("diapo-"):
            assert len(WORD.findall(cell["source"])) <= 130, cell["id"]
            assert re.match(r"#{2,4} \S", cell["source"]) or cell["id"] in DUPLICATES, cell["id"]


@pytest.mark.parametrize("objective", syllabus.load().objectives, ids=lambda objective: objective.id)
def test_each_exercise_leads_from_the_lesson_to_its_canvas(objective: syllabus.Objective) -> None:
    name = next(Path(row["notebook"]).stem for row in SLIDES if row["section"] == f"but-{objective.goal}")
    target = f"../exercises/but-{objective.goal}/but-{objective.goal}.ipynb#cell-id=situation-{objective.cell}"
    assert any(target in cell["source"] for cell in cells(name) if cell["id"].startswith("diapo-"))
    said = plain("\n".join(cell["source"] for cell in text(name)))
    assert "Tansobré" in said
    for option in objective.options:
        assert plain(option.label) in said, option.id
        assert option.id in said


# The quizzes


@each_lesson
def test_ends_on_its_quiz_of_four_questions_or_more_all_explained(name: str) -> None:
    quiz = quizzes.load(name)
    assert len(quiz.questions) >= 4
    cell = next(cell for cell in cells(name) if cell["id"] == "quiz")
    assert cell["source"] == f'# Quiz\nfrom course import quiz\nquiz("{name}")'


def test_there_are_sixty_questions_and_some_have_several_right_answers() -> None:
    assert set(quizzes.names()) == set(LESSONS)
    questions = [question for name in LESSONS for question in quizzes.load(name).questions]
    assert len(questions) >= 60
    assert any(len(question.right) > 1 for question in questions)


# Links, code


@pytest.mark.parametrize("name", ["00-bienvenue", *LESSONS])
def test_links_lead_to_a_notebook_and_to_a_cell_that_is_there(name: str) -> None:
    for cell in text(name):
        for target in LINK.findall(cell["source"]):
            path, _, fragment = target.partition("#")
            found = (MODULES / path).resolve() if path else MODULES / f"{name}.ipynb"
            where = f"cellule {cell['id']} : {target}"
            assert found.is_file(), where
            assert found.is_relative_to(ROOT), where
            if fragment:
                assert fragment.startswith("cell-id="), f"{where} : JupyterLab ne suit que « #cell-id=… »"
                assert fragment.removeprefix("cell-id=") in ids(found), where


@each_lesson
def test_text_has_no_html_and_no_address(name: str) -> None:
    for cell in text(name):
        assert not re.search(r"</?[a-zA-Z!]", cell["source"]), cell["id"]
        assert not re.search(r"\w+://|www\.|mailto:", cell["source"]), cell["id"]


@pytest.mark.parametrize("name", ["00-bienvenue", *LESSONS])
def test_every_code_cell_is_one_that_runs_by_itself_and_stays_hidden(name: str) -> None:
    for cell in cells(name):
        if cell["cell_type"] == "code":
            found = CELL.fullmatch(cell["source"])
            assert found, cell["id"]
            assert (found[2] or "") in VERBS.get(found[1], ()), cell["id"]
            assert cell["metadata"]["jupyter"] == {"source_hidden": True}, cell["id"]


def test_every_code_cell_runs(tmp_path: Path) -> None:
    sources = {
        cell["source"] for name in ("00-bienvenue", *LESSONS) for cell in cells(name) if cell["cell_type"] == "code"
    }
    program = "\n".join(f"exec({source!r}, {{}})" for source in sorted(sources))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-W", "error::DeprecationWarning:course", "-c", program]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
