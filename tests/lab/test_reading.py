"""What a trainee reads and finds again, in one window of a real JupyterLab: folds, charts, progress, glossary."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browser import PATIENCE, Lab, turn, until
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LOADED = "(name) => [...document.images].find((image) => image.alt.startsWith(name) && image.naturalWidth > 300)"
SEEN = """(selector) => {
  const node = document.querySelector(selector);
  node?.scrollIntoView();
  return Boolean(node?.checkVisibility());
}"""
IN_VIEW = """(start) => [...document.querySelectorAll("h3")].some((node) => {
  const box = node.getBoundingClientRect();
  return node.textContent.startsWith(start) && node.checkVisibility() && box.top >= 0 && box.bottom <= innerHeight;
})"""


@pytest.fixture(scope="module")
def page(lab: Lab, browser: Any) -> Iterator[Any]:
    """One window for all of them."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    opened.set_default_timeout(1000 * PATIENCE)
    opened.goto(lab.url("modules/00-bienvenue.ipynb"))
    expect(opened.locator("#course-header")).to_be_attached()
    expect(opened.locator("#course-cover")).to_have_count(0)
    yield opened
    opened.close()


def test_the_welcome_page_leads_to_a_lesson_and_counts_what_was_done_there(lab: Lab, page: Any) -> None:
    turn(page, lab.page("modules/00-bienvenue.ipynb"))
    table = page.get_by_role("region", name="Ma progression")
    table.wait_for()
    assert page.get_by_role("region", name="Qui travaille ?").count() == 1
    row = table.get_by_role("row").filter(has_text="But 1")
    assert "0 leçon lue sur 1" in " ".join(row.inner_text().split())
    row.get_by_role("link", name="Leçon").click()
    quiz = page.get_by_role("region", name="But 1, autonomiser")
    read = quiz.get_by_role("button", name="J’ai lu cette leçon")
    read.click()
    quiz.get_by_text("Enregistré", exact=True).wait_for()
    results = lab.folder / "modules" / "resultats" / "04-but-1-autonomiser-et-mobiliser.json"
    until(lambda: json.loads(results.read_bytes())["read"])
    page.go_back()
    row.get_by_text("1 leçon lue sur 1").wait_for()


def test_a_term_of_the_glossary_leads_to_its_place_in_the_lesson(lab: Lab, page: Any) -> None:
    turn(page, lab.page("modules/02-concepts.ipynb"))
    glossary = page.get_by_role("region", name="Glossaire")
    glossary.get_by_role("textbox").fill("cybersante")
    glossary.get_by_role("link", name="Lire ce terme dans la leçon").click()
    page.get_by_role("heading", name="Cybersanté").wait_for()
    page.wait_for_function(IN_VIEW, arg="Cybersanté")


def test_a_link_from_another_lesson_opens_the_part_that_it_leads_into(lab: Lab, page: Any) -> None:
    turn(page, lab.page("modules/01-introduction.ipynb"))
    link = page.get_by_role("link", name="coproduction de santé")
    page.get_by_role("button", name="Lire la suite").wait_for()
    before = page.get_by_role("heading", level=1)
    expect(before).to_be_visible()
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Lire la suite").click()
    expect(before).to_be_visible()
    link.click()
    page.wait_for_function(IN_VIEW, arg="Coproduction de santé")
    expect(page.get_by_role("button", name="Lire la suite")).to_have_count(0)


def test_the_charts_of_a_workbook_are_shown(lab: Lab, page: Any) -> None:
    turn(page, lab.page("exercises/but-4/but-4.ipynb"))
    page.get_by_role("img", name="Personnes adressées au CMA et volets de contre-référence").first.wait_for()
    page.wait_for_function(LOADED, arg="Personnes adressées au CMA")


def test_the_lesson_draws_its_charts_by_itself_and_shows_its_map(lab: Lab, page: Any) -> None:
    turn(page, lab.page("modules/11-le-district.ipynb"))
    page.wait_for_function(LOADED, arg="Le CMA de Tansobré au milieu")
    page.get_by_role("button", name="Lire la suite").click()
    page.wait_for_function(SEEN, arg=".jp-CodeCell")
    page.wait_for_function(LOADED, arg="Les quinze centres")
    assert "from course" not in page.locator("body").inner_text()
