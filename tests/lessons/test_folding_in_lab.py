"""A lesson as it opens in a real JupyterLab: the short path alone, the rest a click away."""

from __future__ import annotations

from typing import Any

import pytest
from browser import Lab
from goals import LESSONS, cell
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_long_part_is_folded_and_one_click_opens_it(lab: Lab, page: Any) -> None:
    page.goto(lab.url(f"modules/{LESSONS['2']}.ipynb"))
    page.get_by_role("heading", name="Deux activités").wait_for(timeout=120_000)
    scene = page.get_by_role("heading", name=cell("2", "scene-2-1")["source"].split("\n")[0].lstrip("# "))
    expect(scene).to_be_hidden()
    page.get_by_role("button", name="Lire la suite").click()
    scene.wait_for()
    assert page.get_by_role("heading", name="Deux activités").is_visible()
