"""What the cells of a notebook show in one go: each is named, and one that fails stops no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

import course
from course.lab import kernel
from course.lab.kernel import CELL, clear, enter, show
from course.lab.settings import ROOT_VARIABLE


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


class TestNextPage:
    """One kernel serves one page after the other."""

    @pytest.fixture(autouse=True)
    def left(self, published: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        """A page in a folder below the server's, with a widget."""
        monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
        monkeypatch.setattr(kernel, "_page", None)
        for name in ("un", "deux"):
            (tmp_path / name).mkdir()
        enter("un/page.ipynb")
        assert published == []
        widget = InteractiveShell.instance().user_ns["left"] = course.canvas("1.2")
        return widget

    def test_it_finds_its_own_folder_and_nothing_of_the_former_page(self, left: Any, tmp_path: Path) -> None:
        assert Path.cwd() == tmp_path / "un"
        clear("un/page.ipynb")
        assert left.comm is None
        assert "left" not in InteractiveShell.instance().user_ns
        enter("deux/page.ipynb")
        assert Path.cwd() == tmp_path / "deux"

    def test_a_kernel_that_already_serves_another_page_is_not_emptied(self, left: Any) -> None:
        enter("deux/page.ipynb")
        with pytest.raises(RuntimeError, match="un/page"):
            clear("un/page.ipynb")
        assert left.comm is not None

    def test_a_kernel_in_which_somebody_ran_a_cell_of_their_own_goes_to_no_other_page(self) -> None:
        InteractiveShell.instance().run_cell("own = 1", store_history=True)
        with pytest.raises(RuntimeError, match="alone"):
            clear("un/page.ipynb")
