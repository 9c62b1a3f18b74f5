"""The long part of a lesson in a real JupyterLab: folded at first, opened by its button or by a link into it."""

from __future__ import annotations

from typing import Any

import pytest
from browser import Lab
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

IN_VIEW = """(start) => [...document.querySelectorAll("h3")].some((node) => {
  const box = node.getBoundingClientRect();
  return node.textContent.startsWith(start) && node.checkVisibility() && box.top >= 0 && box.bottom <= innerHeight;
})"""


def test_the_long_part_opens_and_closes_by_its_button(lab: Lab, page: Any) -> None:
    page.goto(lab.url("modules/01-introduction.ipynb"))
    inside = page.get_by_role("heading", name="La partie submergée, chez Alimata")
    button = page.get_by_role("button", name="Afficher cette partie")
    button.wait_for()
    expect(inside).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(inside).to_be_visible()
    opened = page.get_by_role("button", name="Replier cette partie")
    expect(opened).to_have_attribute("aria-expanded", "true")
    expect(opened).to_be_focused()
    opened.click()
    expect(inside).to_be_hidden()
    expect(page.get_by_role("heading", name="À retenir")).to_be_visible()


def test_a_link_from_another_lesson_opens_the_part_it_leads_into(lab: Lab, page: Any) -> None:
    page.goto(lab.url("modules/01-introduction.ipynb"))
    page.get_by_role("button", name="Afficher cette partie").click()
    page.get_by_role("link", name="coproduction de santé").click()
    page.wait_for_function(IN_VIEW, arg="Coproduction de santé")
