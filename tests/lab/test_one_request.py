"""What the cells of a notebook show in one go: each is named, and one that fails stops no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

import course
from course.lab.kernel import CELL, show


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What a kernel would send to the page."""
    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    monkeypatch.setattr(shell, "display_pub", publisher)
    yield publisher.outputs
    InteractiveShell.clear_instance()


def test_each_thing_shown_says_which_call_it_is_for(published: list[dict[str, Any]]) -> None:
    show(["canvas", "1.1"], ["canvas", "9.9"], ["team"], ["handin", "but-1"])
    assert [output["transient"] for output in published] == [{CELL: 0}, {CELL: 2}, {CELL: 3}]
    assert all("application/vnd.jupyter.widget-view+json" in output["data"] for output in published)


def test_nothing_is_shown_for_a_call_that_gives_nothing(
    published: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "team", lambda: None)
    show(["team"])
    assert published == []
