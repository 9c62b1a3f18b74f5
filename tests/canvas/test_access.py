"""The canvas for every hand and every eye: what axe-core finds, and what it cannot see."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from axes import COLOURS, OF_THE_PAGE, RULES
from axes import violations as found
from browser import PATIENCE
from playwright.sync_api import Browser, Page, expect
from stage import Stage
from test_canvas import SAVED, field, status, written
from test_paste import paste

from course.core import syllabus
from course.core.answers import parse
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore

pytestmark = pytest.mark.browser

CLASS = re.compile("^(Stratégie|Action|Responsable|Échéance|Indicateur)")

# The room that each field of an action leaves beside its longest word, in pixels.
ROOM = """() => [...document.querySelectorAll(".course-pilot textarea")].slice(0, 3).map((area) => {
  const style = getComputedStyle(area);
  const probe = document.createElement("span");
  probe.style = `position: absolute; font: ${style.font}`;
  document.body.append(probe);
  const words = area.value.split(" ").map((word) => ((probe.textContent = word), probe.offsetWidth));
  probe.remove();
  const inside = area.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return inside - Math.max(...words);
})"""


@pytest.fixture
def stage(page: Page, tmp_path: Path) -> Stage:
    made = Stage(page, tmp_path)
    made.show("1.2")
    return made


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    return found(page, rules=rules, without=OF_THE_PAGE)


def busy(stage: Stage) -> None:
    """A canvas with all it can show: rows, pilot columns, a conflict, a hint, a check, an undo."""
    field(stage, "Stratégie 1, option 1.2.a").fill("Renforcer la référence")
    expect(status(stage)).to_have_text(SAVED)
    stage.kill()
    field(stage, "Stratégie 1, option 1.2.b").fill("Texte d’ici")
    Stage.writer(stage.folder, "1.2")("1-2-b-0", "1.2.b", "Texte d’ailleurs")
    stage.show("1.2")
    expect(stage.page.get_by_role("group", name="Deux textes")).to_be_visible()
    stage.page.get_by_role("button", name="Responsable, échéance, indicateur").click()
    stage.page.get_by_role("button", name="+ Action à la stratégie 1, option 1.2.c").click()
    stage.page.get_by_role("button", name="Vérifier").click()
    expect(stage.page.locator(".course-report")).to_contain_text("Complétude")


@pytest.fixture(scope="module")
def busy_stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A busy canvas for all tests that only look at it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(1000 * PATIENCE)
    stage = Stage(context.new_page(), tmp_path_factory.mktemp("canevas"))
    stage.show("1.2")
    busy(stage)
    yield stage
    context.close()


class TestAxe:
    def test_nothing_is_found_on_a_new_canvas_and_the_focus_is_seen(self, stage: Stage) -> None:
        assert violations(stage.page) == []
        area = field(stage, "Stratégie 1, option 1.2.a")
        area.focus()
        style = area.evaluate("(node) => getComputedStyle(node).outlineStyle + getComputedStyle(node).outlineWidth")
        assert style == "solid3px"

    def test_nothing_is_found_on_a_busy_one(self, busy_stage: Stage) -> None:
        page = busy_stage.page
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == [], width
        page.evaluate("document.body.dataset.jpThemeLight = 'false'")  # as JupyterLab does
        assert violations(page, COLOURS) == [], "dark"
        page.evaluate("delete document.body.dataset.jpThemeLight")
        page.emulate_media(forced_colors="active")
        assert violations(page, COLOURS) == [], "forced colours"
        page.emulate_media(forced_colors="none")

    def test_nothing_is_found_where_pasted_texts_wait(self, stage: Stage) -> None:
        long = "Budget" * 40
        block = f"Option\tStratégie\tAction\tBudget\r\n1.2.a\tS1\tA1\t{long}\r\n1.2.c\t{long}\tA2\t222 F\r\n"
        paste(stage, "Stratégie 1, option 1.2.c", block)
        group = stage.page.get_by_role("group", name="Textes sans place")
        expect(group.get_by_role("listitem")).to_have_count(2)
        expect(field(stage, "Stratégie 1, option 1.2.c")).to_be_focused()
        for width in (1280, 360):
            stage.page.set_viewport_size({"width": width, "height": 900})
            assert violations(stage.page) == [], width
            assert stage.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
            assert all(node.bounding_box()["height"] >= 24 for node in group.get_by_role("button").all()), width
        for name in ("Ajouter cela aux places proposées", "Laisser cela de côté"):
            while not group.get_by_role("button", name=name).evaluate("(node) => node === document.activeElement"):
                stage.page.keyboard.press("Tab")
                assert stage.page.evaluate("document.activeElement !== document.body")
        stage.page.keyboard.press("Enter")
        expect(group).to_have_count(0)


class TestNames:
    def test_each_field_s_name_holds_its_column_row_and_option(self, busy_stage: Stage) -> None:
        areas = busy_stage.page.get_by_role("textbox").all()
        names = [area.get_attribute("aria-label") for area in areas]
        assert len(set(names)) == len(names)
        for name in names:
            assert CLASS.match(name)
            assert re.search(r"\b\d+\b", name)
            option = re.search(r"option (1\.2\.[abc])\u00a0: ", name)[1]
            assert syllabus.load().option(option).label in name

    def test_each_button_s_name_says_what_it_is_about(self, busy_stage: Stage) -> None:
        names = [
            button.get_attribute("aria-label") or button.inner_text()
            for button in busy_stage.page.get_by_role("button").all()
            if button.is_visible()
        ]
        assert len(set(names)) == len(names)
        assert all(len(name) > 3 for name in names)

    def test_targets_are_large_enough(self, busy_stage: Stage) -> None:
        boxes = [b.bounding_box() for b in busy_stage.page.get_by_role("button").all() if b.is_visible()]
        assert all(box["width"] >= 24 and box["height"] >= 24 for box in boxes)

    def test_the_language_is_said(self, busy_stage: Stage) -> None:
        assert busy_stage.page.locator(".course-canvas").get_attribute("lang") == "fr"


class TestKeyboard:
    def test_the_whole_task_by_keyboard_alone(self, stage: Stage) -> None:
        page = stage.page
        focused = page.locator(":focus")

        def tab_to(name: str) -> None:
            for _ in range(60):
                page.keyboard.press("Tab")
                label = focused.get_attribute("aria-label") or focused.inner_text()
                if re.match(name, label):
                    return
            pytest.fail(f"the Tab key never reaches « {name} »")

        tab_to("Stratégie 1, option 1.2.a")
        page.keyboard.type("Former les agents")
        tab_to("Action 1 de la stratégie 1, option 1.2.a")
        page.keyboard.type("Réunir dix agents")
        tab_to("\\+ Action à la stratégie 1, option 1.2.a")
        page.keyboard.press("Enter")
        expect(focused).to_have_attribute("aria-label", re.compile("^Action 2 de la stratégie 1, option 1.2.a"))
        page.keyboard.type("de trop")
        tab_to("Supprimer…")
        page.keyboard.press("Space")
        tab_to("Supprimer l’action 2")
        page.keyboard.press("Space")
        expect(focused).to_have_text("Annuler")
        page.keyboard.press("Enter")
        expect(focused).to_have_attribute("aria-label", re.compile("^Action 2 de la stratégie 1, option 1.2.a"))
        tab_to("Supprimer…")
        page.keyboard.press("Space")
        tab_to("Supprimer l’action 2")
        page.keyboard.press("Space")
        expect(page.get_by_role("row").filter(has=focused)).to_contain_text("Action supprimée.")
        stage.page.get_by_role("button", name="Vérifier").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".course-report")).to_contain_text("1 option sur 3 traitée")
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("Former les agents", ["Réunir dix agents"])]

    def test_the_tab_key_never_stands_on_what_deletes_between_two_fields(self, stage: Stage) -> None:
        """case tab-deletes-strategy"""
        page = stage.page
        for _ in range(2):
            page.get_by_role("button", name="+ Autre stratégie, option 1.2.a").click()
        page.get_by_role("button", name="+ Action à la stratégie 1, option 1.2.a").click()
        page.get_by_role("button", name="Responsable, échéance, indicateur").click()
        strategy = field(stage, "Stratégie 2, option 1.2.a")
        strategy.fill("Former")
        page.keyboard.press("Tab")
        page.keyboard.type("Former deux")
        expect(strategy).to_have_value("Former")
        expect(field(stage, "Action 1 de la stratégie 2, option 1.2.a")).to_have_value("Former deux")
        menus = page.locator(".course-remove")
        expect(menus).to_have_count(3)
        page.evaluate("() => { globalThis.stops = []; addEventListener('focusin', (e) => stops.push(e.target)); }")
        for way in ("Tab", "Shift+Tab"):
            page.get_by_role("textbox").nth(0 if way == "Tab" else -1).focus()
            for _ in range(60):
                page.keyboard.press(way)
        assert page.evaluate("new Set(stops).size") > 20
        assert not page.evaluate("stops.some((node) => node.matches('.course-remove button'))")
        menus.first.locator("summary").focus()
        page.keyboard.press("Space")
        expect(menus.first.get_by_role("button").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(menus.first.get_by_role("button")).to_have_count(0)
        expect(strategy).to_have_value("Former")

    def test_words_typed_on_what_deletes_go_into_its_row(self, stage: Stage) -> None:
        stage.page.get_by_role("button", name="+ Action à la stratégie 1, option 1.2.a").click()
        area = field(stage, "Action 2 de la stratégie 1, option 1.2.a")
        area.fill("Réunir ")
        menu = stage.page.locator(".course-remove")
        menu.locator("summary").focus()
        stage.page.keyboard.type("deux fois")
        expect(area).to_have_value("Réunir deux fois")
        menu.locator("summary").click()
        menu.get_by_role("button", name="Supprimer l’action 2").focus()
        stage.page.keyboard.type("!")
        expect(area).to_have_value("Réunir deux fois!")

    def test_a_conflict_is_settled_by_keyboard(self, stage: Stage) -> None:
        busy(stage)
        stage.page.get_by_role("button", name="Garder le texte affiché").focus()
        stage.page.keyboard.press("Enter")
        expect(stage.page.get_by_role("group", name="Deux textes")).to_have_count(0)
        expect(stage.page.locator(":focus")).to_have_attribute("aria-label", re.compile("^Stratégie 1, option 1.2.b"))


class TestReflow:
    def test_nothing_scrolls_sideways(self, busy_stage: Stage) -> None:
        for width in (320, 640, 1280):  # 640 is a window of 1,280 at 200 %
            busy_stage.page.set_viewport_size({"width": width, "height": 700})
            assert busy_stage.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width

    def test_typing_is_told_once_and_trouble_at_once(self, stage: Stage) -> None:
        stage.page.clock.install()
        stage.load()
        stage.show("1.2")
        stage.page.evaluate(
            """() => {
              globalThis.told = [];
              for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]"))
                new MutationObserver(() => told.push(region.textContent))
                  .observe(region, {childList: true, subtree: true});
            }"""
        )
        area = field(stage, "Stratégie 1, option 1.2.a")
        for letter in "Former les agents":  # of 17 letters, one a second
            area.press_sequentially(letter)
            stage.page.clock.run_for(1_000)
            expect(status(stage)).to_have_text(SAVED)
        assert stage.page.evaluate("told.filter(Boolean)") == ["Enregistré"]
        stage.kill()
        area.press_sequentially("!")
        stage.page.clock.run_for(5_000)
        told: list[Any] = stage.page.evaluate("told.filter(Boolean)")
        assert len(told) == 2
        assert "Pas encore enregistré" in told[1]


class TestBar:
    def test_it_is_in_view_whatever_is_scrolled_and_off_the_field(self, stage: Stage) -> None:
        page = stage.page
        page.clock.install()
        stage.load()
        stage.show("1.1")
        bar, areas = page.locator(".course-bar"), page.locator(".course-canvas textarea").element_handles()
        for kill, text in ((False, "Enregistré"), (True, "Canevas 1.1\u00a0: Pas encore enregistré")):
            if kill:
                stage.kill()
            for width in (1366, 360):
                page.set_viewport_size({"width": width, "height": 640})
                for rank, area in enumerate(areas):
                    area.focus()
                    page.keyboard.insert_text("mot ")
                    page.clock.run_for(600 if rank else 6_000)
                    expect(bar).to_contain_text(text)
                    expect(bar).to_be_in_viewport(ratio=1)
                    edge, top = area.bounding_box(), bar.bounding_box()["y"]
                    assert edge["y"] + edge["height"] <= top, (width, rank)
                page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
                last = page.get_by_role("button", name="Vérifier").bounding_box()
                assert last["y"] + last["height"] <= bar.bounding_box()["y"], width

    def test_it_says_how_the_page_is_linked(self, stage: Stage) -> None:
        say = """(text) => {
          globalThis.courseConnection = {isLinked: !text, text};
          dispatchEvent(new Event("course-connection"));
        }"""
        bar = stage.page.locator(".course-bar")
        stage.page.evaluate(say, "Le cours ne répond plus.")
        expect(bar.locator("span").first).to_have_text("Le cours ne répond plus.")
        expect(bar.get_by_role("status")).to_have_text("Le cours ne répond plus.")
        assert bar.get_attribute("data-level") == "alarm"
        stage.page.evaluate(say, "")
        assert bar.get_attribute("data-level") == "calm"


class TestExtras:
    def test_the_pilot_columns_stay_as_they_were_left(self, stage: Stage) -> None:
        expect(field(stage, "Échéance, action 1 de la stratégie 1, option 1.2.a")).to_have_count(0)
        stage.page.get_by_role("button", name="Responsable, échéance, indicateur").click()
        field(stage, "Échéance, action 1 de la stratégie 1, option 1.2.a").fill("T2 2026")
        expect(status(stage)).to_have_text(SAVED)
        stage.load()
        stage.show("1.2")
        expect(field(stage, "Échéance, action 1 de la stratégie 1, option 1.2.a")).to_have_value("T2 2026")
        stage.page.get_by_role("button", name="Responsable, échéance, indicateur").click()
        stage.load()
        stage.show("1.2")
        expect(field(stage, "Échéance, action 1 de la stratégie 1, option 1.2.a")).to_have_count(0)
        expect(stage.page.locator(".course-closed")).to_have_text("Échéance\u00a0: T2 2026")

    def test_no_field_hides_a_word_or_runs_over_another(self, stage: Stage) -> None:
        page = stage.page
        page.get_by_role("button", name="Responsable, échéance, indicateur").click()
        for name in ("Responsable", "Échéance", "Indicateur"):
            label = f"{name}, action 1 de la stratégie 1, option 1.2.a"
            field(stage, label).fill("infirmiers communautaires")
        for width in (1366, 1024, 930, 768, 360):
            page.set_viewport_size({"width": width, "height": 800})
            boxes = [area.bounding_box() for area in page.locator(".course-pilot").first.locator("textarea").all()]
            for one, other in itertools.combinations(boxes, 2):
                beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                under = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
                assert beside or under, width
            room = page.evaluate(ROOM)
            assert len(room) == 3
            assert min(room) >= 0, width
            if width > 900:  # below, the columns stand under one another
                heads = page.get_by_role("columnheader").all()
                assert all(head.evaluate("(node) => node.scrollWidth <= node.clientWidth") for head in heads), width

    def test_what_the_pilot_columns_hold_is_shown_wherever_it_comes_from(self, stage: Stage) -> None:
        store = AnswersStore(stage.folder, syllabus.load().objective("1.2"))
        store.save([Edit("set", "a1", "1.2.a", "1-2-a-0", "responsible", "MCD", 0, "ailleurs", 1)])
        field(stage, "Stratégie 1, option 1.2.b").fill("Former")  # the canvas was open before that text came
        expect(field(stage, "Responsable, action 1 de la stratégie 1, option 1.2.a")).to_have_value("MCD")

    def test_no_ordinary_sentence_is_questioned(self, stage: Stage) -> None:
        """A machine that asks what it cannot judge is wrong too often: the list was written without any rule."""
        path = Path(__file__).parent / "cases" / "ordinary-sentences.csv"
        with path.open(encoding="utf-8", newline="") as file:
            sentences = list(csv.DictReader(file, delimiter=";"))
        assert len(sentences) >= 200
        labels = {"strategy": "Stratégie 1, option 1.2.a", "action": "Action 1 de la stratégie 1, option 1.2.a"}
        for column, label in labels.items():
            area = field(stage, label)
            cell = stage.page.get_by_role("cell").filter(has=area)
            before = cell.inner_text()
            remarks = area.evaluate(
                """(area, sentences) => sentences.filter((text) => {
                  area.focus();
                  area.value = text;
                  area.dispatchEvent(new Event("input", {bubbles: true}));
                  area.blur();
                  return document.getElementById(area.getAttribute("aria-describedby"))?.textContent;
                })""",
                [row["sentence"] for row in sentences if row["field"] == column],
            )
            assert remarks == []
            assert cell.inner_text() == before

    def test_answers_can_be_had_without_any_kernel(self, stage: Stage) -> None:
        stage.page.clock.install()
        stage.load()
        stage.show("1.2")
        expect(stage.page.get_by_role("button", name="Télécharger mes réponses")).to_be_hidden()
        stage.kill()
        field(stage, "Stratégie 1, option 1.2.a").fill("Texte jamais envoyé")
        stage.page.clock.run_for(6_000)
        with stage.page.expect_download() as waiting:
            stage.page.get_by_role("button", name="Télécharger mes réponses").click()
        saved = Path(waiting.value.path()).read_bytes()
        assert parse(saved, syllabus.load().objective("1.2")).options["1.2.a"][0].strategy == "Texte jamais envoyé"
        assert waiting.value.suggested_filename == "1.2.json"
