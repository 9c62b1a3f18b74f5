"""The district's pictures as a trainee sees them, in the workbook folder that `course open` makes."""

from __future__ import annotations

from typing import Any

import pytest
from browser import Lab

pytestmark = pytest.mark.browser

LOADED = "(name) => [...document.images].find((image) => image.alt.startsWith(name) && image.naturalWidth > 300)"


def test_the_charts_of_a_workbook_are_shown(lab: Lab, page: Any) -> None:
    page.goto(lab.url("exercises/but-4/but-4.ipynb"))
    page.get_by_role("img", name="Personnes adressées au CMA et volets de contre-référence").first.wait_for()
    page.wait_for_function(LOADED, arg="Personnes adressées au CMA")


def test_the_lesson_draws_its_charts_by_itself_and_shows_its_map(lab: Lab, page: Any) -> None:
    page.goto(lab.url("modules/11-le-district.ipynb"))
    page.wait_for_function(LOADED, arg="Le CMA de Tansobré au milieu")
    page.get_by_role("button", name="Lire la suite").click()
    page.locator(".jp-CodeCell").first.scroll_into_view_if_needed()
    page.wait_for_function(LOADED, arg="Les quinze centres")
    assert "from course" not in page.locator("body").inner_text()
