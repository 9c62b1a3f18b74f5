"""« Comparer avec deux corrigés »: after an attempt or a second click, as text, and never into the answers."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from stage import Stage
from test_access import violations
from test_canvas import SAVED, drafts, field, status

from course.core import model_answers, rubric, syllabus
from course.core.model_answers import ABSENT, FILE

pytestmark = pytest.mark.browser

OBJECTIVE = syllabus.load().objective("1.2")
MODELS = model_answers.load()
HOSTILE = "<img src=x onerror=\"document.title='ouvert'\">"


@pytest.fixture
def stage(page: Page, tmp_path: Path) -> Stage:
    folder = tmp_path / "cahier"
    folder.mkdir()
    return Stage(page, folder)


def button(stage: Stage, name: str) -> Any:
    return stage.page.get_by_role("button", name=name, exact=True)


def compare(stage: Stage) -> Any:
    return button(stage, "Comparer avec deux corrigés")


def heading(stage: Stage) -> Any:
    return stage.page.get_by_role("heading", name="Votre plan, à côté de deux corrigés")


def fill(stage: Stage) -> None:
    for option in OBJECTIVE.options:
        field(stage, f"Stratégie 1, option {option.id}").fill(f"Une stratégie pour {option.id}")
        field(stage, f"Action 1 de la stratégie 1, option {option.id}").fill(f"Une action pour {option.id}")


def opened(stage: Stage) -> None:
    stage.show("1.2")
    compare(stage).click()
    button(stage, "Voir les corrigés quand même").click()
    expect(heading(stage)).to_be_focused()


def sent(stage: Stage) -> list[dict[str, Any]]:
    return [message for message in stage.received if message["kind"] == "compare"]


class TestAsking:
    def test_before_an_attempt_it_takes_a_second_clear_click(self, stage: Stage) -> None:
        stage.show("1.2")
        field(stage, "Stratégie 1, option 1.2.a").fill("Former les agents")
        field(stage, "Action 1 de la stratégie 1, option 1.2.a").fill("Réunir dix agents")
        expect(status(stage)).to_have_text(SAVED)
        compare(stage).click()
        expect(stage.page.locator(".course-asked")).to_contain_text("en essayant d’abord")
        expect(stage.page.locator(".course-asked")).to_contain_text("Restent les options 1.2.b, 1.2.c.")
        expect(heading(stage)).to_have_count(0)
        expect(button(stage, "J’essaie d’abord")).to_be_focused()
        button(stage, "J’essaie d’abord").click()
        expect(stage.page.locator(".course-asked")).to_be_empty()
        expect(compare(stage)).to_be_focused()
        compare(stage).click()
        button(stage, "Voir les corrigés quand même").click()
        expect(heading(stage)).to_be_focused()
        assert [message["sure"] for message in sent(stage)] == [False, False, True]

    def test_once_each_option_is_treated_one_click_shows_them_and_nothing_travels_before(self, stage: Stage) -> None:
        stage.show("1.2")
        fill(stage)
        expect(status(stage)).to_have_text(SAVED)
        widget = next(iter(stage.widgets.values()))
        page = json.dumps([widget.canvas, widget.state], ensure_ascii=False) + stage.page.content()
        assert MODELS.answers["1.2.a"][0].strategy not in page
        assert MODELS.counter_examples["1.2"].verdict not in page
        compare(stage).click()
        expect(heading(stage)).to_be_focused()
        assert [message["sure"] for message in sent(stage)] == [False]

    def test_another_window_that_did_not_ask_shows_nothing(self, stage: Stage) -> None:
        stage.show("1.2")
        message = {"kind": "compared", "client": "ailleurs", "text": "Bonjour"}
        stage.page.evaluate("(message) => stage.models.forEach((model) => model.hear(message))", message)
        expect(stage.page.locator(".course-asked")).to_be_empty()

    def test_a_kernel_that_says_nothing_is_said(self, stage: Stage) -> None:
        stage.page.clock.install()
        stage.show("1.2")
        stage.kill()
        compare(stage).click()
        expect(stage.page.locator(".course-asked")).to_have_text("Les corrigés arrivent…")
        stage.page.clock.run_for(10_500)
        expect(stage.page.locator(".course-asked")).to_contain_text("redemandez-les")


class TestShown:
    def test_both_answers_of_each_option_stand_beside_one_s_own_text(self, stage: Stage) -> None:
        stage.show("1.2")
        fill(stage)
        stage.page.get_by_role("button", name="Responsable, échéance, indicateur").click()
        field(stage, "Échéance, action 1 de la stratégie 1, option 1.2.b").fill("T2 2026")
        compare(stage).click()
        expect(heading(stage)).to_be_focused()
        panel = stage.page.locator(".course-compared")
        for option in OBJECTIVE.options:
            pair = panel.get_by_role("region", name=f"Option {option.id}")
            expect(pair.get_by_role("heading", name=f"{option.id} {option.label}")).to_be_visible()
            own, models = pair.locator(".course-own"), pair.locator(".course-model")
            expect(own).to_contain_text(f"Une stratégie pour {option.id}")
            expect(own).to_contain_text(f"Une action pour {option.id}")
            expect(models).to_have_count(2)
            boxes = [part.bounding_box() for part in (own, *models.all())]
            assert {box["y"] for box in boxes} == {boxes[0]["y"]}
            assert all(one["x"] + one["width"] <= other["x"] for one, other in pairwise(boxes))
            for variant, model in zip("12", models.all(), strict=True):
                answer = next(a for a in MODELS.answers[option.id] if a.variant == variant)
                shown = model.inner_text()
                assert f"Corrigé {variant}" in shown
                for action in answer.actions:
                    assert [text for text in (action.action, action.responsible, action.due, action.indicator,
                                              action.baseline, action.target) if text not in shown] == []  # fmt: skip
                served = (*answer.principles, answer.principles_sentence)
                texts = (answer.strategy, answer.means, answer.first_step, answer.why, *served)
                assert [text for text in texts if text not in shown] == []
        expect(panel.get_by_role("region", name="Option 1.2.b").locator(".course-own")).to_contain_text("T2 2026")
        expect(panel).to_contain_text(MODELS.counter_examples["1.2"].verdict)

    def test_typing_goes_on_beside_it_and_closing_brings_back_to_the_button(self, stage: Stage) -> None:
        opened(stage)
        field(stage, "Stratégie 1, option 1.2.a").fill("Former les agents")
        expect(status(stage)).to_have_text(SAVED)
        expect(heading(stage)).to_be_visible()
        expect(stage.page.locator(".course-own").first).to_contain_text("Former les agents")
        button(stage, "Fermer, et revenir au canevas").click()
        expect(compare(stage)).to_be_focused()
        expect(stage.page.locator(".course-compared")).to_be_empty()

    def test_axe_finds_nothing_and_nothing_scrolls_sideways(self, stage: Stage) -> None:
        opened(stage)
        for summary in stage.page.locator(".course-compared summary").all():
            summary.click()
        for width in (1280, 320):
            stage.page.set_viewport_size({"width": width, "height": 900})
            assert violations(stage.page) == [], width
            assert stage.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


class TestGrid:
    def test_it_has_its_descriptors_sums_goes_nowhere_and_outlasts_a_kernel(self, stage: Stage) -> None:
        opened(stage)
        before = [path.read_bytes() for path in sorted((stage.folder / "reponses").iterdir())]
        messages = len(stage.received)
        groups = stage.page.locator(".course-criterion")
        expect(groups).to_have_count(6)
        groups.nth(0).get_by_role("radio", name=re.compile("^Moitié")).check()
        expect(stage.page.locator(".course-compared")).to_contain_text("1,5 sur 14. Il reste 5 critères.")
        for rank in range(6):
            groups.nth(rank).get_by_role("radio", name=re.compile("^Plein")).check()
        expect(stage.page.locator(".course-compared")).to_contain_text("14 sur 14.")
        expect(stage.page.locator(".course-compared")).to_contain_text("ne compte jamais dans la note")
        assert len(stage.received) == messages
        assert [path.read_bytes() for path in sorted((stage.folder / "reponses").iterdir())] == before
        assert drafts(stage) == {}
        for group, criterion in zip(groups.all(), rubric.load(), strict=True):
            expect(group.locator("legend")).to_contain_text(criterion.title)
            for label, text in zip(group.locator("label").all(), criterion.levels, strict=True):
                expect(label).to_contain_text(text)
                expect(label.get_by_role("radio")).to_have_count(1)
        groups.nth(0).get_by_role("radio").nth(2).check()
        opened(stage)
        expect(groups.nth(0).get_by_role("radio").nth(2)).to_be_checked()


class TestPrivate:
    @pytest.fixture
    def solutions(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "solutions"
        folder.mkdir()
        monkeypatch.setattr(model_answers, "content", lambda _: folder)
        return folder

    @pytest.mark.usefixtures("solutions")
    def test_left_out_there_is_no_button_and_asking_says_so(self, stage: Stage) -> None:
        stage.show("1.2")
        expect(button(stage, "Vérifier")).to_be_visible()
        expect(compare(stage)).to_have_count(0)
        heard: list[dict[str, Any]] = []
        widget = next(iter(stage.widgets.values()))
        widget.send = heard.append
        widget._hear(None, {"kind": "compare", "client": "x", "sure": True}, [])
        assert heard == [{"kind": "compared", "client": "x", "text": ABSENT}]

    def test_a_mistake_in_the_table_is_said(self, stage: Stage, solutions: Path) -> None:
        (solutions / FILE).write_text("option;variant\n1.1.a;1\n", encoding="utf-8")
        stage.show("1.2")
        compare(stage).click()
        expect(stage.page.locator(".course-asked")).to_contain_text("il manque la colonne")

    def test_what_a_table_holds_is_only_text(self, stage: Stage, solutions: Path) -> None:
        real = Path(__file__).resolve().parents[2] / "solutions" / FILE
        strategy = MODELS.answers["1.2.a"][0].strategy
        hostile = HOSTILE.replace('"', '""')
        text = real.read_text(encoding="utf-8").replace(strategy, f'"{hostile}"', 1)
        (solutions / FILE).write_text(text, encoding="utf-8", newline="\n")
        opened(stage)
        expect(stage.page.locator(".course-compared")).to_contain_text("<img src=x")
        assert stage.page.title() == "Page"
