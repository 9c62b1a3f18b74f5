"""The long part of a lesson in a real JupyterLab: folded, opened by its button or by a link into it."""

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


def test_a_link_from_another_lesson_opens_the_part_that_it_leads_into(lab: Lab, page: Any) -> None:
    page.goto(lab.url("modules/01-introduction.ipynb"))
    link = page.get_by_role("link", name="coproduction de santé")
    page.get_by_role("button", name="Lire la suite").wait_for()
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Lire la suite").click()
    link.click()
    page.wait_for_function(IN_VIEW, arg="Coproduction de santé")
    expect(page.get_by_role("button", name="Lire la suite")).to_have_count(0)
