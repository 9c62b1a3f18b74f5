"""The widget classes: none takes a name of ipywidgets' own, and pages can be exported by ipywidgets' own tools."""

from __future__ import annotations

import importlib
from pathlib import Path

import anywidget
import pytest
from ipywidgets import Widget
from ipywidgets.embed import embed_snippet
from traitlets import TraitType

import course

MODULES = sorted(Path(course.__file__).parent.rglob("widget.py"))
# What anywidget and ipywidgets mean a class to define.
MEANT = {"_esm", "_css", "_repr_mimebundle_", "layout"}


def own_classes() -> set[type[anywidget.AnyWidget]]:
    for path in MODULES:
        importlib.import_module(".".join(path.relative_to(Path(course.__file__).parents[1]).with_suffix("").parts))
    found: set[type[anywidget.AnyWidget]] = set()
    left = [anywidget.AnyWidget]
    while left:
        for subclass in left.pop().__subclasses__():
            if subclass.__module__.startswith("course."):
                found.add(subclass)
                left.append(subclass)
    return found


def test_no_widget_takes_a_name_of_ipywidgets() -> None:
    """`Widget._compare` is one: `get_manager_state` calls it."""
    classes = own_classes()
    assert len(classes) >= len(MODULES)
    inherited = set(dir(anywidget.AnyWidget)) - set(vars(type("Bare", (anywidget.AnyWidget,), {})))
    taken = {
        f"{cls.__module__}.{cls.__name__}.{name}"
        for cls in classes
        for name in vars(cls)
        if not name.startswith("__") and name not in MEANT and name in inherited
    }
    assert taken == set()


def test_a_page_with_a_canvas_can_be_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    canvas = course.canvas("1.1")
    assert not isinstance(canvas, float)
    snippet = embed_snippet(canvas)
    assert "application/vnd.jupyter.widget-state+json" in snippet
    assert canvas.model_id in snippet
    assert "canvas" in Widget.get_manager_state(drop_defaults=True)["state"][canvas.model_id]["state"]
    assert isinstance(type(canvas).canvas, TraitType)
