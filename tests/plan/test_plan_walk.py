"""A group with five canvases, a keyboard and ten minutes: a printed plan; and what became of it three months later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cards import Cards
from planning import fill, workbook
from playwright.sync_api import Page, expect

from course.core import plan
from course.core.completeness import normalise
from course.workbook.plan.widget import PlanWidget

pytestmark = pytest.mark.browser

ACTIONS = {
    "1.1.a": "Tenir une séance par mois au village de Laogotin",
    "1.2.a": "Réunir dix familles avant la saison des pluies",
    "2.1.a": "Afficher les comptes du centre chaque trimestre",
    "3.2.a": "Recevoir à part les personnes qui toussent",
    "4.1.a": "Appeler le centre quand une femme opérée rentre",
}
MINUTES = 10
A_KEY = 0.5  # seconds for two fingers that look for each key; the five canvases are there before


class Hands:
    """A keyboard alone: Tab reaches what is wanted, and each key is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def reach(self, name: str) -> None:
        """Go on with Tab until what has the focus bears a name."""
        for _ in range(200):
            label = self.page.evaluate(
                """() => { const node = document.activeElement; return node === document.body ? ""
                : node.ariaLabel ?? (node.labels?.[0] ?? node).textContent; }"""
            )
            if re.match(name, " ".join(label.split())):
                return
            self.press("Tab")
        raise AssertionError(name)


def test_with_keys_alone_five_actions_are_a_printed_plan_within_ten_minutes(page: Page, tmp_path: Path) -> None:
    folder = workbook(tmp_path)
    for option, action in ACTIONS.items():
        fill(tmp_path, option, "strategy", f"Stratégie de {option}")
        fill(tmp_path, option, "action", action, 2)
        fill(tmp_path, option, "responsible", "L’infirmière du centre", 3)
        fill(tmp_path, option, "indicator", "Séances tenues sur séances prévues", 4)
    cards = Cards(page)
    cards.show(PlanWidget(folder))
    hands = Hands(page)
    for action in ACTIONS.values():
        hands.reach(re.escape(f"Dans le plan : {action}"))
        hands.press("Space")
    for number, action in enumerate(ACTIONS.values(), 1):
        hands.reach(re.escape(f"Impact, action : {action}"))
        hands.press("3")
        hands.reach("Compléter")
        hands.press("Enter")
        mine = f".*, action : {re.escape(action)}"
        hands.reach(f"Responsable{mine}")
        hands.reach(f"T{min(number, 4)}{mine}")
        hands.press("Space")
        hands.reach(f"Coût{mine}")
        hands.type("50000")
        hands.reach(f"Centrage sur l’équité{mine}")
        hands.press("o")
    hands.reach("Imprimer")
    expect(page.locator(".course-status")).to_have_text("Enregistré")
    lines = plan.read(folder).lines
    assert [line.action for line in lines] == [*ACTIONS.values()]
    assert {(line.impact, line.cost, line.responsible) for line in lines} == {(3, 50_000, "L’infirmière du centre")}
    assert [line.quarters.index(True) for line in lines] == [0, 1, 2, 3, 3]
    assert hands.keys * A_KEY <= 60 * MINUTES, hands.keys
    page.evaluate("addEventListener('beforeprint', () => { globalThis.paper = document.body.innerText; })")
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    paper = normalise(page.evaluate("paper"))
    assert all(normalise(action) in paper for action in ACTIONS.values())
    assert sheets <= 4


def test_three_months_later_the_team_says_what_became_of_it(page: Page, tmp_path: Path) -> None:
    folder = workbook(tmp_path)
    action = ACTIONS["1.1.a"]
    fill(tmp_path, "1.1.a", "strategy", "Aller vers les hameaux")
    fill(tmp_path, "1.1.a", "action", action, 2)
    cards = Cards(page)
    cards.show(PlanWidget(folder))
    page.get_by_role("checkbox", name=f"Dans le plan : {action}").check()
    page.locator(".course-ranked summary").click()
    page.get_by_label(f"Où en est l’action, action : {action}").select_option("faite")
    for name, text in (("Ce qui a été fait", "Trois séances"), ("Ce que cela a changé", "Les femmes viennent"),
                       ("Ce qui a empêché", "La pluie <b>")):  # fmt: skip
        page.get_by_label(f"{name}, action : {action}").fill(text)
    expect(page.locator(".course-status")).to_have_text("Enregistré")
    (line,) = plan.read(folder).lines
    assert (line.status, line.achieved, line.effect, line.obstacle) == (
        "done", "Trois séances", "Les femmes viennent", "La pluie <b>",
    )  # fmt: skip
    cards.load()
    cards.show(PlanWidget(folder))
    page.locator(".course-ranked summary").click()
    expect(page.get_by_label(f"Où en est l’action, action : {action}")).to_have_value("done")
    expect(page.get_by_label(f"Ce qui a empêché, action : {action}")).to_have_value("La pluie <b>")
