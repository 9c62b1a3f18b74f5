"""From the welcome page to a lesson and back, in a real JupyterLab: links lead there, and what was done is counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from browser import Lab, until

pytestmark = pytest.mark.browser


def test_the_welcome_page_leads_to_a_lesson_and_counts_what_was_done_there(lab: Lab, page: Any) -> None:
    page.goto(lab.url("modules/00-bienvenue.ipynb"))
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
    page.goto(lab.url("modules/02-concepts.ipynb"))
    glossary = page.get_by_role("region", name="Glossaire")
    glossary.get_by_role("textbox").fill("cybersante")
    glossary.get_by_role("link", name="Lire ce terme dans la leçon").click()
    page.get_by_role("heading", name="Cybersanté").wait_for()
    page.wait_for_function("""() => {
      const heading = [...document.querySelectorAll("h3")].find((node) => node.textContent.startsWith("Cybersanté"));
      const box = heading?.getBoundingClientRect();
      return box && box.top >= 0 && box.bottom <= innerHeight;
    }""")
