"""`course tidy`: what JupyterLab left in a notebook goes, what its author wrote stays."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from every import every

from course.authoring.notebooks import KERNEL, tidied
from course.commands import main

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = sorted(
    path.relative_to(ROOT).as_posix()
    for room in ("modules", "solutions", "exercises")
    for path in (ROOT / room).rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)
WELCOME = "modules/00-bienvenue.ipynb"
WORKBOOK = "solutions/but-2/but-2.ipynb"
UUID = "3f0c6a52-9d1e-4b7a-8c55-0e1f2a3b4c5d"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `course tidy` needs of a clone, in a folder where a teacher may spoil it."""
    root = tmp_path / "le cours"
    for name in ("nbgrader_config.py", "data/goals.csv", WELCOME, WORKBOOK, WORKBOOK.replace("solutions", "exercises")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def without_nbgrader(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "nbgrader" else find(name, *more)
    )


def saved_by_jupyterlab(path: Path) -> None:
    """Spoil a notebook as running its cells, looking around and saving do."""
    notebook = json.loads(path.read_bytes())
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.12.1"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2, "version_minor": 0}},
    }
    for number, cell in enumerate(notebook["cells"]):
        if "nbgrader" in cell["metadata"]:  # the ids of other cells are their author's, and nothing else remembers them
            cell["id"] = f"{number:08x}-9d1e-4b7a-8c55-0e1f2a3b4c5d"
        cell["metadata"] |= {
            "collapsed": False,
            "scrolled": True,
            "trusted": True,
            "editable": True,
            "tags": cell["metadata"].get("tags", []),
            "slideshow": {"slide_type": "", **cell["metadata"].get("slideshow", {})},
            "ExecuteTime": {"end_time": "2026-11-22T10:00:00"},
            "execution": {"iopub.execute_input": "2026-11-22T10:00:00"},
            "jp-MarkdownHeadingCollapsed": True,
        }
        if cell["cell_type"] == "code":
            cell["metadata"]["jupyter"] = {"outputs_hidden": True}
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["vu\n"]}]
    path.write_text(json.dumps(notebook, indent=2), encoding="utf-8")


def notebook_of(*cells: dict[str, Any]) -> bytes:
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"metadata": {}, **cell} for cell in cells]}
    return json.dumps(whole).encode()


def markdown(source: str, cell_id: str = UUID, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "source": source, "metadata": metadata}


def ids(*cells: dict[str, Any]) -> list[str]:
    return [cell["id"] for cell in json.loads(tidied(notebook_of(*cells), "n"))["cells"]]


def kept(**metadata: Any) -> dict[str, Any]:
    return json.loads(tidied(notebook_of(markdown("texte", "a", **metadata)), "n"))["cells"][0]["metadata"]


# The form


@every("name", COMMITTED)
def test_a_committed_notebook_gives_itself(name: str) -> None:
    raw = (ROOT / name).read_bytes()
    assert tidied(raw, name) == raw


@every("name", [WELCOME, WORKBOOK])
def test_looking_and_running_leave_no_trace(clone: Path, name: str) -> None:
    saved_by_jupyterlab(clone / name)
    assert tidied((clone / name).read_bytes(), name) == (ROOT / name).read_bytes()


def test_text_is_not_touched_and_twice_is_once() -> None:
    sources = ["# Titre  \n\n  fin \n", "a\r\nb\u2028c", "", "![x](attachment:x.png)"]
    raw = notebook_of(*(markdown(source) for source in sources))
    once = tidied(raw, "n")
    assert [cell.source for cell in nbformat.reads(once.decode(), 4).cells] == sources
    assert tidied(once, "n") == once


def test_what_an_author_writes_on_purpose_stays() -> None:
    purpose = {
        "nbgrader": {"grade_id": "a", "locked": True},
        "slideshow": {"slide_type": "slide"},
        "tags": ["nbval-skip"],
        "jupyter": {"source_hidden": True},
        "deletable": False,
        "editable": False,
    }
    assert kept(**purpose) == purpose
    assert kept(**purpose | {"jupyter": {"source_hidden": True, "outputs_hidden": True}, "vscode": {}}) == purpose
    assert kept(tags=[], slideshow={"slide_type": ""}, deletable=True, editable=True, jupyter={}) == {}


def test_the_long_part_of_a_lesson_is_folded_again_and_no_other_heading_is() -> None:
    folded = {"jp-MarkdownHeadingCollapsed": True, "tags": ["plus-loin"]}
    assert kept(tags=["plus-loin"]) == kept(**folded | {"jp-MarkdownHeadingCollapsed": False}) == folded
    assert kept(**folded | {"tags": ["autre"]}) == {"tags": ["autre"]}


def test_an_attached_picture_stays() -> None:
    attachments = {"carte.png": {"image/png": "iVBORw0KGgo="}}
    raw = notebook_of({**markdown("![carte](attachment:carte.png)"), "attachments": attachments})
    assert json.loads(tidied(raw, "n"))["cells"][0]["attachments"] == attachments


def test_the_course_s_own_line_of_code_is_hidden_again() -> None:
    def code(source: str) -> dict[str, Any]:
        return {"cell_type": "code", "id": "a", "source": source, "outputs": [], "execution_count": 3}

    canvas, other = code('# Canevas 1.1\nfrom course import canvas\ncanvas("1.1")'), code("print(1)")
    cells = json.loads(tidied(notebook_of(canvas, {**other, "id": "b"}), "n"))["cells"]
    assert [cell["metadata"] for cell in cells] == [{"jupyter": {"source_hidden": True}}, {}]


def test_ids_drawn_at_random_become_readable_and_the_others_stay() -> None:
    cells = [
        markdown("# Bienvenue", "titre"),
        markdown("Du texte.\n\n## Où l’œil s’arrête : l’accès\n\nSuite.", UUID),
        markdown("## Où l’œil s’arrête : l’accès", "0a1b2c3d"),
        markdown("🙂", "X4cRE8IbIrIV"),
        markdown("## facade00", UUID),
        markdown("# Titre", "titre"),
        markdown("mot " * 40, "a" * 32),
    ]
    named = ids(*cells)
    assert named[:3] == ["titre", "ou-l-oeil-s-arrete-l-acces", "ou-l-oeil-s-arrete-l-acces-2"]
    assert named[3:6] == ["cellule", "cellule-facade00", "titre-2"]
    assert named[6].startswith("mot-mot-")
    assert len(named[6]) <= 64


def test_a_cell_of_the_grader_takes_its_grade_id_from_any_other_cell() -> None:
    graded = markdown("## Situation", UUID, nbgrader={"grade_id": "situation-1-1", "locked": True})
    assert ids(markdown("# Ailleurs", "situation-1-1"), graded) == ["ailleurs", "situation-1-1"]


@pytest.mark.filterwarnings("error")
def test_a_notebook_of_an_older_format_gets_ids() -> None:
    old = {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [markdown("# Bienvenue")]}
    del old["cells"][0]["id"]
    for minor in (2, 5):
        notebook = json.loads(tidied(json.dumps(old | {"nbformat_minor": minor}).encode("utf-8-sig"), "n"))
        assert notebook["nbformat_minor"] == 5
        assert notebook["metadata"] == {"kernelspec": KERNEL}
        assert notebook["cells"][0]["id"] == "bienvenue"


# The command


@pytest.mark.usefixtures("without_nbgrader")
def test_says_what_became_of_each_notebook_and_goes_on_after_one_that_it_cannot_read(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved_by_jupyterlab(clone / WORKBOOK)
    (clone / "modules/.ipynb_checkpoints").mkdir()
    (clone / "modules/.ipynb_checkpoints/00-bienvenue-checkpoint.ipynb").write_text("{")
    broken = {
        "01.ipynb": b"{",
        "02.ipynb": b"[]",
        "03.ipynb": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}',
        "04.ipynb": b"\xff\xfe",
        "05.ipynb": b"[" * 100_000,
        "06.ipynb": notebook_of(markdown("\ud800")),
        "07.ipynb": b'{"nbformat": 9, "metadata": {}, "cells": []}',
    }
    for name, raw in broken.items():
        (clone / "modules" / name).write_bytes(raw)
    assert main(["tidy"]) == 2
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[:2] == [f"{WELCOME}\u00a0: déjà propre", f"{WORKBOOK}\u00a0: rangé"]
    assert len(lines) == 3
    assert "nbgrader n’est pas installé" in lines[2]
    assert "pip install" in lines[2]
    assert [line.partition("\u00a0:")[0] for line in said.err.splitlines()] == [f"modules/{name}" for name in broken]
    assert all((clone / "modules" / name).read_bytes() == raw for name, raw in broken.items())
    assert (clone / WORKBOOK).read_bytes() == (ROOT / WORKBOOK).read_bytes()


def test_twice_the_same_cell_of_the_grader_is_said_and_nothing_is_lost(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads((clone / WORKBOOK).read_bytes())
    notebook["cells"].append({**notebook["cells"][5], "id": UUID})
    (clone / WORKBOOK).write_text(json.dumps(notebook), encoding="utf-8")
    before = (clone / WORKBOOK).read_bytes()
    assert main(["tidy", WORKBOOK]) == 2
    assert f"{WORKBOOK}\u00a0: la cellule «\u202fsituation-2-1\u202f» y est deux fois" in capsys.readouterr().err
    assert (clone / WORKBOOK).read_bytes() == before


def elsewhere(clone: Path) -> Path:
    path = clone.parent / "un autre.ipynb"
    shutil.copyfile(clone / WELCOME, path)
    return path


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (lambda clone: clone / "exercises/but-2/but-2.ipynb", "Modifiez et rangez «\u202fsolutions/but-2/but-2.ipynb"),
        (lambda clone: clone / "modules/99.ipynb", "n’existe pas"),
        (lambda clone: clone / "data/goals.csv", "n’est pas un notebook de «\u202fmodules/"),
        (elsewhere, "n’est pas un notebook de «\u202fmodules/"),
    ],
)
def test_only_what_a_teacher_writes_is_touched(
    clone: Path, asked: Callable[[Path], Path], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = asked(clone)
    if path.suffix == ".ipynb" and path.exists():
        saved_by_jupyterlab(path)
    before = path.read_bytes() if path.exists() else b""
    assert main(["tidy", str(path), WELCOME]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{path}\u00a0: ")
    assert sentence in said.err
    assert said.out == f"{WELCOME}\u00a0: déjà propre\n"
    assert (path.read_bytes() if path.exists() else b"") == before


def test_outside_a_clone_it_says_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("course.authoring.notebooks.PACKAGE", tmp_path / "wheel" / "course")
    assert main(["tidy"]) == 2
    assert "Allez dans le dossier qui contient" in capsys.readouterr().err


def test_what_trainees_get_is_made_again_but_for_what_nbgrader_refuses_and_a_trial_s_answers_stay(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handed_out = clone / WORKBOOK.replace("solutions", "exercises")
    trial, stale = (handed_out.parent / name for name in ("reponses/2.1.json", "vieux.txt"))
    model = clone / "solutions/corriges/corrige.ipynb"
    for path in (trial, stale, clone / "solutions/but-2/reponses/2.1.json"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    model.parent.mkdir()
    shutil.copyfile(clone / WELCOME, model)
    source = (clone / WORKBOOK).read_text(encoding="utf-8")
    (clone / WORKBOOK).write_text(source.replace("Tansobré", "Tansobré-Nord"), encoding="utf-8")
    saved_by_jupyterlab(clone / WORKBOOK)
    refused = clone / WORKBOOK.replace("but-2", "but-3")
    refused.parent.mkdir()
    refused.write_text(source.replace("FIN DU BARÈME", "Fin du barème"), encoding="utf-8")

    assert main(["tidy"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("nbgrader n’a pas pu refaire but-3. Ce qu’il en dit\u00a0:\n")
    lines = said.out.splitlines()
    names = [WORKBOOK, "solutions/but-3/but-3.ipynb", "solutions/corriges/corrige.ipynb"]
    assert lines[1:4] == [f"{name}\u00a0: {'rangé' if name == WORKBOOK else 'déjà propre'}" for name in names]
    assert lines[-2].startswith("exercises/but-2/vieux.txt\u00a0: ne vient plus")
    assert lines[-1] == "exercises/but-2\u00a0: refait"
    committed = (ROOT / WORKBOOK.replace("solutions", "exercises")).read_text(encoding="utf-8")
    before = [line for line in committed.splitlines() if '"checksum"' not in line]
    made = [line for line in handed_out.read_text(encoding="utf-8").splitlines() if '"checksum"' not in line]
    assert made == [line.replace("Tansobré", "Tansobré-Nord") for line in before]
    assert trial.read_text() == stale.read_text() == "{}"
    assert sorted(path.name for path in (clone / "exercises").iterdir()) == ["but-2"]
    assert not (clone / "cohort").exists()
