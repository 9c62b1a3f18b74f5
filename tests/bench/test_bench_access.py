"""The bench for every hand and every eye: what axe-core finds, and what it cannot see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axes import OF_THE_PAGE, violations
from hands import KEYS, LEVELS, SAVED, somebody_else
from playwright.sync_api import expect

from course.core import rubric

pytestmark = pytest.mark.browser

DARK = {
    "--jp-layout-color0": "#111",
    "--jp-layout-color1": "#212121",
    "--jp-layout-color2": "#424242",
    "--jp-ui-font-color0": "#fff",
    "--jp-ui-font-color1": "rgba(255,255,255,.87)",
    "--jp-ui-font-color2": "rgba(255,255,255,.7)",
    "--jp-border-color0": "#757575",
    "--jp-border-color1": "#616161",
    "--jp-border-color2": "#424242",
    "--jp-brand-color1": "#1976d2",
    "--jp-ui-inverse-font-color0": "#fff",
    "--jp-warn-color0": "#f57c00",
    "--jp-success-color0": "#388e3c",
}  # JupyterLab's own dark theme


def busy(reviewer: Any) -> None:
    """A bench with all it can show: a bank, a name, twins, model answers, the whole rubric, a dispute."""
    area = reviewer.page.get_by_role("textbox", name="Commentaire")
    area.fill("Très concret. Il manque une base.")
    area.press("Control+Enter")
    expect(reviewer.title).to_have_text("Copie 2")
    somebody_else(reviewer, 2, (0,) * 6, "Hors sujet.")
    reviewer.keys(*KEYS)
    expect(reviewer.page.get_by_role("group", name="Deux notes")).to_be_visible()
    reviewer.page.get_by_role("button", name="Voir le nom").click()
    reviewer.page.get_by_role("button", name="Tout le barème").click()
    if reviewer.page.locator(".course-aids").get_attribute("open") is None:
        reviewer.page.get_by_text("Repères\u00a0: situation, corrigés, plan").click()
    reviewer.page.get_by_role("tab", name="Corrigés").click()
    expect(reviewer.page.get_by_role("list", name="Vos commentaires déjà écrits")).to_be_visible()


@pytest.fixture(scope="module")
def busy_reviewer(onlooker: Any) -> Any:
    """The same, once they have made the bench busy: what needs a new one comes before."""
    busy(onlooker)
    return onlooker


class TestNewCopy:
    def test_a_criterion_s_name_has_room_at_each_width(self, onlooker: Any) -> None:
        page = onlooker.page
        for width in (320, 640, 768, 800, 920, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            names = page.locator(".course-criterion > p:first-child")
            assert min(names.evaluate_all("(nodes) => nodes.map((node) => node.clientWidth)")) > 150, width
        page.set_viewport_size({"width": 1366, "height": 768})

    def test_axe_finds_nothing(self, onlooker: Any) -> None:
        assert violations(onlooker.page, without=OF_THE_PAGE) == []

    def test_each_criterion_is_a_group_of_three_that_says_what_they_mean(self, onlooker: Any) -> None:
        for criterion in rubric.load():
            group = onlooker.page.get_by_role("radiogroup", name=criterion.title)
            for name, level, text in zip(rubric.LEVELS, range(3), criterion.levels, strict=True):
                worth = f"{float(criterion.worth(level)):g}".replace(".", ",")
                expect(group.get_by_role("radio", name=f"{name} {worth} {text}", exact=True)).to_have_count(1)

    def test_the_language_is_said(self, onlooker: Any) -> None:
        assert onlooker.page.locator(".course-bench").get_attribute("lang") == "fr"

    def test_the_copy_the_aids_and_the_criteria_stand_side_by_side(self, onlooker: Any) -> None:
        boxes = [
            onlooker.page.locator(f".course-desk > {name}").bounding_box()
            for name in (".course-copy", ".course-aids", ".course-quality")
        ]
        assert boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]
        assert len({round(box["y"]) for box in boxes}) == 1

    def test_the_copy_and_its_aids_can_be_folded(self, onlooker: Any) -> None:
        for text, inside in [
            ("La copie", "table.course-sheet"),
            ("Repères\u00a0: situation, corrigés, plan", ".course-aids img"),
        ]:
            summary = onlooker.page.locator("summary", has_text=text)
            expect(onlooker.page.locator(inside)).to_be_visible()
            summary.press("Enter")
            expect(onlooker.page.locator(inside)).to_be_hidden()
            summary.press("Enter")

    def test_the_focus_is_seen(self, onlooker: Any) -> None:
        onlooker.title.focus()
        onlooker.keys("Tab")
        style = onlooker.page.locator(":focus").evaluate(
            "(node) => getComputedStyle(node).outlineStyle + getComputedStyle(node).outlineWidth"
        )
        assert style == "solid3px"


class TestBusyBench:
    def test_axe_finds_nothing_in_any_theme(self, busy_reviewer: Any) -> None:
        page = busy_reviewer.page
        rules = ";".join(f"{name}:{value}" for name, value in DARK.items())
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page, without=OF_THE_PAGE) == [], width
            page.emulate_media(forced_colors="active")
            assert violations(page, without=OF_THE_PAGE) == [], f"forced colours, {width}"
            page.emulate_media(forced_colors="none")
            dark = page.add_style_tag(content=f":root{{{rules}}} body{{background:#111}}")
            page.evaluate("document.body.dataset.jpThemeLight = 'false'")
            assert violations(page, without=OF_THE_PAGE) == [], f"dark, {width}"
            dark.evaluate("(node) => node.remove()")
            page.evaluate("delete document.body.dataset.jpThemeLight")

    def test_each_button_s_name_is_its_own(self, busy_reviewer: Any) -> None:
        names = [
            button.get_attribute("aria-label") or button.inner_text()
            for button in busy_reviewer.page.get_by_role("button").all()
            if button.is_visible()
        ]
        assert len(set(names)) == len(names)
        assert all(len(name) > 3 for name in names)

    def test_targets_are_large_enough(self, busy_reviewer: Any) -> None:
        page = busy_reviewer.page
        targets = page.locator("button:visible, select:visible, summary:visible, label:has(input):visible")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            boxes = targets.evaluate_all("(nodes) => nodes.map((node) => node.getBoundingClientRect().toJSON())")
            assert len(boxes) > 30
            assert all(box["width"] >= 24 and box["height"] >= 24 for box in boxes)

    def test_nothing_scrolls_sideways(self, busy_reviewer: Any) -> None:
        page = busy_reviewer.page
        wide = (
            """[...document.querySelectorAll(".course-panel")].filter((node) => node.scrollWidth > node.clientWidth)"""
        )
        for width in (320, 640, 800, 920, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
            assert page.evaluate(f"{wide}.length") == 0, width


class TestKeyboard:
    def test_a_whole_review_by_the_tab_key_and_arrows(self, reviewer: Any) -> None:
        page = reviewer.page
        focused = page.locator(":focus")
        page.get_by_role("checkbox", name="Touches rapides").uncheck()
        page.get_by_role("combobox", name="Objectif").focus()

        def tab_to(name: str) -> None:
            for _ in range(60):
                page.keyboard.press("Tab")
                label = " ".join((focused.get_attribute("aria-label") or focused.inner_text()).split())
                if re.match(name, label):
                    return
            pytest.fail(f"the Tab key never reaches « {name} »")

        tab_to("Voir le nom")
        reviewer.keys("Enter")
        expect(page.locator(".course-owner")).not_to_be_empty()
        tab_to("La copie$")
        tab_to("zéro 0")
        for level in LEVELS:
            reviewer.keys("Space", *["ArrowRight"] * level, "ArrowDown")
        tab_to("Tout le barème")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("Très concret.")
        tab_to("Copie suivante")
        reviewer.keys("Enter")
        expect(reviewer.title).to_have_text("Copie 2")
        expect(reviewer.title).to_be_focused()
        expect(reviewer.status).to_have_text(SAVED)
        assert (reviewer.mark(1).levels, reviewer.mark(1).comment) == (LEVELS, "Très concret.")

    def test_the_focus_goes_from_criterion_to_criterion_then_to_the_next_copy(self, reviewer: Any) -> None:
        page = reviewer.page
        reviewer.title.focus()
        for rank in range(1, 6):
            reviewer.keys("l")
            assert page.get_by_role("radiogroup").nth(rank).locator(":focus").count() == 1
        reviewer.keys("l")
        expect(page.get_by_role("button", name="Copie suivante")).to_be_focused()
        expect(page.get_by_role("button", name="Copie suivante")).to_have_accessible_description(re.compile("Réussi"))

    def test_each_thing_is_told_once(self, reviewer: Any) -> None:
        assert reviewer.page.locator("[role=status], [role=alert], [aria-live]").count() == 1
        reviewer.page.evaluate(
            """() => {
              globalThis.told = [];
              const region = document.querySelector("[role=status]");
              new MutationObserver(() => told.push(region.textContent))
                .observe(region, {childList: true, subtree: true});
            }"""
        )
        reviewer.title.focus()
        reviewer.keys("l")
        expect(reviewer.status).to_have_text(SAVED)
        assert reviewer.page.evaluate("told.filter(Boolean)") == ["Enregistrement…", SAVED]
