"""The list of pages and what the server of a desk says of them, without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser import ROOT

from course.core import pages, quizzes, syllabus, team
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.core.pages import Mark
from course.core.plan.store import PlanStore
from course.core.results import ResultsStore
from course.core.team import Team
from course.lab import site
from course.lab.settings import Desk, shell_plugins

BUT_1 = "exercises/but-1/but-1.ipynb"


def cells(path: str) -> list[dict[str, Any]]:
    return json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]


class TestList:
    def test_every_notebook_is_a_page_once_and_no_other(self) -> None:
        notebooks = {
            path.relative_to(ROOT).as_posix()
            for room in ("modules", "exercises")
            for path in (ROOT / room).rglob("*.ipynb")
        }
        listed = [page.path for page in pages.load()]
        assert len(listed) == len(set(listed))
        assert set(listed) == {path for path in notebooks if ".ipynb_checkpoints" not in path}

    def test_a_page_is_called_as_its_first_heading_and_its_parts_are_cells_of_it(self) -> None:
        for page in pages.load():
            own = cells(page.path)
            assert "".join(own[0]["source"]).splitlines()[0] == f"# {page.title}", page.path
            assert {part.cell for part in page.parts} <= {cell["id"] for cell in own}, page.path

    def test_the_lessons_are_those_with_a_quiz_and_each_goal_has_one_exercise(self) -> None:
        lessons = [page.stem for page in pages.load() if page.kind == pages.LESSON]
        assert tuple(lessons) == quizzes.names()
        exercises = {page.goal: page for page in pages.load() if page.kind == pages.EXERCISE}
        for goal in syllabus.load().goals:
            assert [part.objective for part in exercises[goal.id].parts] == [one.id for one in goal.objectives]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    for page in pages.load():
        if not page.instructor:
            path = tmp_path / page.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}")
    return tmp_path


def fill(workbook: Path, *options: str) -> None:
    objective = syllabus.load().objective(options[0][:3])
    edits = []
    for number, option in enumerate(options):
        own = {"option": option, "client": "essai"}
        words = (f"Réunir les familles pour {option}", f"Fixer une date pour {option}")
        edits += [
            Edit("set", f"s-{option}", field="strategy", value=words[0], number=2 * number + 1, **own),
            Edit(
                "set",
                f"a-{option}",
                parent=f"s-{option}",
                field="action",
                value=words[1],
                number=2 * number + 2,
                **own,
            ),
        ]
    AnswersStore(workbook / "exercises" / f"but-{objective.goal}", objective).save(edits)


class TestMarks:
    def test_a_new_workbook_has_none(self, workbook: Path) -> None:
        marks = pages.marks(workbook)
        assert marks[BUT_1] == Mark(note="0 canevas sur 3")
        assert not [place for place, mark in marks.items() if mark.done or mark.begun]

    def test_they_are_what_the_files_say(self, workbook: Path) -> None:
        fill(workbook, *(option.id for option in syllabus.load().objective("1.1").options))
        fill(workbook, "1.2.a")
        ResultsStore(workbook / "modules", quizzes.load("02-concepts")).save({"read": True})
        place = ("1-1-a-1.1.a".replace(".", "-"), "1.1.a", "s")
        PlanStore(workbook / "modules").save([Edit("set", *place, "chosen", "1", client="essai", number=1)])
        marks = pages.marks(workbook)
        assert marks[f"{BUT_1}#situation-1-1"].done
        assert marks[f"{BUT_1}#situation-1-2"] == Mark(begun=True)
        assert marks[BUT_1] == Mark(begun=True, note="1 canevas sur 3")
        assert marks["modules/02-concepts.ipynb"].done
        assert not marks["modules/01-introduction.ipynb"].done
        assert marks["modules/13-mon-plan.ipynb"] == Mark(begun=True, note="1 action")

    def test_what_is_handed_in_is_known_by_the_team(self, workbook: Path) -> None:
        team.save(workbook, Team("Groupe 3", ("Awa T.",)))
        (workbook / "remises").mkdir()
        (workbook / "remises/Groupe-3_but-1.zip").write_bytes(b"PK")
        assert pages.marks(workbook)[BUT_1].note == "remis · 0 canevas sur 3"

    def test_files_that_cannot_be_read_count_as_empty(self, workbook: Path) -> None:
        for path in ("modules/resultats/01-introduction.json", "exercises/but-1/reponses/1.1.json", "equipe.json"):
            (workbook / path).parent.mkdir(exist_ok=True)
            (workbook / path).write_bytes(b"\x00" * 9)
        marks = pages.marks(workbook)
        assert not marks["modules/01-introduction.ipynb"].done
        assert not marks[BUT_1].begun


class TestOptionsOfAPage:
    def config(self, root: Path, desk: Desk, workspace: str | None = None) -> dict[str, Any]:
        handler: Any = SimpleNamespace(path_kwargs={"workspace": workspace})
        return site.page_config(root, handler, {"courseDesk": desk.value, "disabledExtensions": ["autre"]})

    def test_a_trainee_has_the_pages_that_are_there_and_none_of_an_instructor_s(self, workbook: Path) -> None:
        (workbook / "modules/11-le-district.ipynb").unlink()
        config = self.config(workbook, Desk.TRAINEE)
        assert config["courseShell"] == "cours"
        listed = {page["path"] for page in config["coursePages"]}
        assert BUT_1 in listed
        assert not {"modules/11-le-district.ipynb", "modules/20-formateur.ipynb"} & listed
        assert {"autre", *shell_plugins()} == set(config["disabledExtensions"])

    def test_an_instructor_begins_at_the_desk(self) -> None:
        config = self.config(ROOT, Desk.INSTRUCTOR)
        assert config["coursePages"][0]["path"] == "modules/20-formateur.ipynb"

    @pytest.mark.parametrize("workspace", ["/workspaces/entier", "/workspaces/auto-k"])
    def test_jupyterlab_as_it_is_lacks_nothing_in_a_second_window_too(self, workbook: Path, workspace: str) -> None:
        config = self.config(workbook, Desk.TRAINEE, workspace)
        assert config["courseShell"] == site.FULL
        assert config["disabledExtensions"] == ["autre"]

    def test_where_no_page_is_there_is_no_shell(self, tmp_path: Path) -> None:
        assert "courseShell" not in self.config(tmp_path, Desk.TRAINEE)
