"""A canvas on paper: the words alone, with who and when; nothing of the screen, and nothing left behind."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from stage import Stage
from test_canvas import SAVED, field, status

from course.core import syllabus
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='ouvert'\">"
# What a browser does around a print, without the dialogue that no test can close.
PRINT = """() => {
  globalThis.prints = 0;
  print = () => {
    prints += 1;
    dispatchEvent(new Event("beforeprint"));
  };
}"""


@pytest.fixture
def stage(page: Page, tmp_path: Path) -> Stage:
    folder = tmp_path / "cahier"
    folder.mkdir()
    team = {"format": "equipe/1", "group": "Groupe 3", "members": ["Awa T.", "Paul K."]}
    (folder / "equipe.json").write_text(json.dumps(team), encoding="utf-8")
    stage = Stage(page, folder)
    page.evaluate(PRINT)
    return stage


def on_paper(stage: Stage) -> str:
    stage.page.emulate_media(media="print")
    text = stage.page.evaluate("document.body.innerText")
    seen = stage.page.locator("button, textarea, input, summary").all()
    assert not [node for node in seen if node.is_visible()]
    stage.page.emulate_media(media="screen")
    return " ".join(text.split())


def sheets(stage: Stage) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", stage.page.pdf(prefer_css_page_size=True)))


def test_one_canvas_is_printed_with_its_words_who_and_when(stage: Stage) -> None:
    stage.show("1.1", "1.2")
    field(stage, "Stratégie 1, option 1.2.a").fill(f"Former les agents {HOSTILE}")
    field(stage, "Action 1 de la stratégie 1, option 1.2.a").fill("Réunir dix agents")
    canvas = stage.page.get_by_role("region", name="Canevas 1.2")
    canvas.get_by_role("button", name="Responsable, échéance, indicateur").click()
    field(stage, "Échéance, action 1 de la stratégie 1, option 1.2.a").fill("T2 2026")
    canvas.get_by_role("button", name="Imprimer").click()
    text = on_paper(stage)
    objective = syllabus.load().objective("1.2")
    now = datetime.now(UTC).astimezone()
    for words in (
        *("Groupe 3 (Awa T., Paul K.)", "Imprimé le", str(now.year), f"Canevas 1.2 : {objective.title}"),
        *(f"{option.id} {option.label}" for option in objective.options),
        *(f"Former les agents {HOSTILE}", "Réunir dix agents", "Échéance : T2 2026", "Rien n’est encore écrit."),
    ):
        assert words in text
    assert "Canevas 1.1" not in text
    assert stage.page.title() == "Page"
    stage.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(stage.page.locator(".course-paper")).to_have_count(0)
    expect(field(stage, "Stratégie 1, option 1.2.a")).to_be_visible()


@pytest.mark.parametrize("way", ["the browser", "the course"])
def test_a_print_of_the_page_is_of_its_whole_goal(stage: Stage, way: str) -> None:
    stage.show("2.1", "1.2", "1.1")
    stage.page.evaluate("stage.views.get('2.1').host.hidden = true")  # a page kept behind this one
    if way == "the course":
        event = "new CustomEvent('course:print', {cancelable: true})"
        assert stage.page.evaluate(f"dispatchEvent({event})") is False, "whoever asks prints as well"
        assert stage.page.evaluate("prints") == 1
    else:
        stage.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert re.findall(r"Canevas (\d\.\d)", on_paper(stage)) == ["1.1", "1.2"]


def test_without_a_canvas_in_view_a_print_is_left_to_the_page(stage: Stage) -> None:
    stage.show("1.2")
    stage.page.evaluate("stage.views.get('1.2').host.hidden = true")
    assert stage.page.evaluate("dispatchEvent(new CustomEvent('course:print', {cancelable: true}))") is True
    stage.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(stage.page.locator(".course-paper")).to_have_count(0)


def test_each_canvas_begins_a_sheet_and_a_long_one_goes_on(stage: Stage) -> None:
    stage.show("1.2", "1.3")
    field(stage, "Stratégie 1, option 1.3.a").fill("Former les agents")
    expect(status(stage)).to_have_text(SAVED)
    assert sheets(stage) == 2
    store = AnswersStore(stage.folder, syllabus.load().objective("1.2"))
    long = "Réunir les agents de santé du village et écouter ce qu’ils demandent. " * 12
    rows = [Edit("set", f"a{n}", "1.2.a", "s1", "action", f"{n} {long}", 0, "ailleurs", n + 1) for n in range(12)]
    store.save([Edit("set", "s1", "1.2.a", "", "strategy", long, 0, "ailleurs", 0), *rows])
    stage.load()
    stage.show("1.2", "1.3")
    assert sheets(stage) > 3
