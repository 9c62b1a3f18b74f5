"""The benchmarks run, and what they compare the course with is a fair match. No figure of theirs is a promise here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import ipywidgets
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # benchmarks are in no wheel

from benchmarks import plan  # noqa: E402
from benchmarks.classview import fill  # noqa: E402
from benchmarks.grading import unseal  # noqa: E402
from benchmarks.ipywidgets_canvas import canvas  # noqa: E402
from benchmarks.keystrokes import PAUSE, full  # noqa: E402
from benchmarks.report import Figure, Measurement, seconds, size, table  # noqa: E402
from benchmarks.rounds import Impossible, alternated, run  # noqa: E402
from benchmarks.shell import BEFORE_SHELL  # noqa: E402
from benchmarks.witnesses import unpack  # noqa: E402
from course.core.plan import read as read_plan  # noqa: E402
from course.core.syllabus import load  # noqa: E402
from course.instructor.cohort import marks, plans  # noqa: E402
from course.instructor.cohort.copies import read_all  # noqa: E402
from course.instructor.cohort.gradebook import opened  # noqa: E402
from course.instructor.cohort.places import Cohort  # noqa: E402


def benchmarks(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600, check=False)


def test_imports_and_memory_are_measured_and_printed() -> None:
    done = benchmarks("imports", "memory", "--tours", "1")
    assert done.returncode == 0, done.stderr
    for line in ("import ", "noyau nu", "ajouté par 1 canevas", "ajouté par 18 canevas"):
        assert any(printed.strip().startswith(line) and "×" in printed for printed in done.stdout.splitlines()), line


@pytest.mark.parametrize("together", [1, 4])
def test_the_class_that_is_measured_is_one(tmp_path: Path, together: int) -> None:
    cohort = Cohort(tmp_path)
    fill(cohort, 4, together)
    with opened(cohort) as connection:
        assert len(marks.read(connection)) == 4 * len(load().objectives)
    copies = [copy for goal in load().goals for copy in read_all(cohort, goal)]
    assert len(copies) == 4 // together * len(load().goals)
    assert all(copy.answers(objective) for copy in copies for objective in copy.goal.objectives)


def test_the_plans_that_are_measured_are_plans(tmp_path: Path) -> None:
    plan.workbook(tmp_path / "classeur")
    assert len(read_plan(tmp_path / "classeur" / "modules").lines) == 12
    cohort = Cohort(tmp_path / "classe")
    plan.teams(cohort, 2)
    found, notices = plans.read(cohort)
    assert ([len(one.plan.lines) for one in found], notices) == ([3, 3], ())


@pytest.mark.parametrize("words", [("vitesse",), ("imports", "--tours", "0"), ("--rapide",)])
def test_a_mistyped_command_is_answered_in_french(words: tuple[str, ...]) -> None:
    done = benchmarks(*words)
    assert done.returncode == 2
    assert done.stderr == "Je n’ai pas compris cette commande. Pour l’aide : python -m benchmarks --aide\n"


def test_a_table_puts_the_ratio_of_the_medians_first() -> None:
    lines = (
        Figure("durée", [2.0, 1.0, 9.0], [6.0, 6.0, 7.0], seconds, "3 × et plus"),
        Figure("octets", [1024 * 100], [1024 * 1500], size),
    )
    printed = table(Measurement("Un essai", "témoin", lines)).splitlines()
    assert printed[0] == "Un essai"
    assert [part.strip() for part in printed[4].split("  ") if part.strip()] == [
        "durée",
        "3,0 ×",
        "2,00 s [1,00 s – 9,00 s]",
        "6,00 s [6,00 s – 7,00 s]",
        "3 × et plus",
    ]
    assert "15,0 ×" in printed[5]
    assert "1,5 Mio" in printed[5]


def test_rounds_alternate_who_comes_first() -> None:
    done: list[str] = []
    alternated(3, {"a": lambda n: done.append(f"a{n}"), "b": lambda n: done.append(f"b{n}")})
    assert done == ["a0", "b0", "b1", "a1", "a2", "b2"]


def test_what_takes_too_long_is_ended_and_told(tmp_path: Path) -> None:
    with pytest.raises(Impossible, match="n’a pas fini"):
        run([sys.executable, "-c", "import threading; threading.Event().wait()"], tmp_path, patience=0.5)


def test_the_stock_grading_has_the_course_s_settings_without_the_seal(tmp_path: Path) -> None:
    settings = []
    for name in ("sealed", "stock"):
        (tmp_path / name).mkdir()
        config = Path(shutil.copy(ROOT / "nbgrader_config.py", tmp_path / name))
        if name == "stock":
            unseal(config)
        settings.append([line for line in config.read_text(encoding="utf-8").splitlines() if line])
    assert [line for line in settings[0] if line != "seal(c)"] == settings[1]
    assert len(settings[0]) == len(settings[1]) + 1


def test_the_table_of_ipywidgets_saves_what_is_typed_added_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    grid = canvas("1.1").children[1]

    def fields(kind: str) -> list[ipywidgets.Textarea]:
        found: list[ipywidgets.Textarea] = []
        todo = [grid]
        while todo:
            widget = todo.pop(0)
            todo = [*getattr(widget, "children", ()), *todo]
            if isinstance(widget, ipywidgets.Textarea) and widget.placeholder == kind:
                found.append(widget)
        return found

    def rows() -> list[dict[str, object]]:
        return json.loads((tmp_path / "reponses" / "1.1.json").read_text(encoding="utf-8"))["options"]["1.1.a"]

    fields("Action")[0].value = "Tenir une réunion"
    grid.children[3].children[1].click()  # + Stratégie
    fields("Stratégie")[1].value = "Former les agents"
    grid.children[5].children[1].click()  # + Action
    fields("Action")[1].value = "Afficher le calendrier"
    assert [row["strategy"] for row in rows()] == ["", "Former les agents"]
    assert [action["action"] for action in rows()[0]["actions"]] == ["Tenir une réunion", "Afficher le calendrier"]
    grid.children[4].children[1].click()  # × of the first strategy
    assert [row["strategy"] for row in rows()] == ["Former les agents"]


def test_the_course_of_before_its_shell_comes_from_the_history(tmp_path: Path) -> None:
    look = ["git", "-C", str(ROOT), "cat-file", "-e", BEFORE_SHELL]
    if subprocess.run(look, capture_output=True, check=False).returncode:  # a clone without its history
        with pytest.raises(Impossible, match="git fetch --unshallow"):
            unpack(BEFORE_SHELL, tmp_path)
        return
    unpack(BEFORE_SHELL, tmp_path)
    assert not list(tmp_path.rglob("shell/jupyter.js"))
    assert (tmp_path / "data/options.csv").is_file()


def test_a_history_that_does_not_go_back_far_enough_is_said(tmp_path: Path) -> None:
    with pytest.raises(Impossible, match="il faut un clone entier"):
        unpack("0" * 40, tmp_path)


def test_the_pause_that_is_deducted_is_the_canvas_s_own() -> None:
    session = (ROOT / "course/workbook/session.js").read_text(encoding="utf-8")
    assert f"const PAUSE = {PAUSE * 1000:.0f};" in session


def test_the_workbook_that_is_typed_in_has_every_row_filled() -> None:
    rows = [row for objective in load().objectives for option in full(objective)["options"].values() for row in option]
    assert len(rows) == 57 * 3
    assert all(row["strategy"] and row["actions"][0]["action"] for row in rows)
