"""`canvas("1.1")`: a widget, or a table and a mark where nbgrader executes."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

import course
from course.workbook.canvas.widget import CanvasWidget

VERBS = ("canvas",)


@pytest.mark.parametrize("verb", VERBS)
def test_no_folder_takes_the_name_of_a_verb(verb: str) -> None:
    assert callable(getattr(course, verb))
    assert not (Path(course.__file__).parent / verb).exists()
    assert not (Path(course.__file__).parent / f"{verb}.py").exists()


def test_the_same_cell_runs_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    importlib.import_module("course.workbook.canvas.widget")
    first, second = course.canvas("1.1"), course.canvas("1.1")
    assert isinstance(first, CanvasWidget)
    assert first.state["document"] == second.state["document"]
    assert (
        first.state["document"] == json.loads((tmp_path / "reponses/1.1.json").read_text(encoding="utf-8"))["document"]
    )


def test_an_unknown_canvas_is_said_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"Il n’y a pas de canevas «\u202f6\.1\u202f»"):
        course.canvas("6.1")


def test_under_nbgrader_it_is_a_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert course.canvas("1.1") == 0.0
    assert not (tmp_path / "reponses").exists()


def test_without_widgets_a_page_says_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    data, *_ = course.canvas("1.1")._repr_mimebundle_()
    assert "reponses/1.1.json" in data["text/html"]
    assert "CanvasWidget" not in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data
