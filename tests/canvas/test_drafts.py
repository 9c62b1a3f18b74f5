"""Drafts in this browser: they come back whole, in order and once, after a kill too, and in their own folder only."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from browser import until
from playwright.sync_api import Page, expect
from stage import Stage
from test_paste import paste

from course.core import syllabus
from course.core.answers import read

pytestmark = pytest.mark.browser

# The drafts in the browser's database, by key.
KEPT = """async () => {
  const answered = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const base = await answered(indexedDB.open("course"));
  const store = base.transaction("brouillons").objectStore("brouillons");
  const [keys, texts] = await Promise.all([answered(store.getAllKeys()), answered(store.getAll())]);
  base.close();
  return Object.fromEntries(keys.map((key, index) => [key, texts[index]]));
}"""


@pytest.fixture
def stage(page: Page, tmp_path: Path) -> Stage:
    """A canvas whose kernel is dead."""
    folder = tmp_path / "classeur"
    folder.mkdir()
    made = Stage(page, folder)
    made.show("1.2")
    made.kill()
    return made


def status(stage: Stage) -> Any:
    return stage.page.locator(".course-status").last


def field(stage: Stage, name: str = "Stratégie 1, option 1.2.a") -> Any:
    return stage.page.get_by_role("textbox", name=re.compile(f"^{re.escape(name)} :"))


def kept(stage: Stage) -> str:
    return json.dumps(stage.page.evaluate(KEPT), ensure_ascii=False)


def come_back(stage: Stage, remembered: dict[str, str]) -> None:
    """The browser starts again with what it had written of localStorage, and the canvas is shown."""
    stage.page.evaluate(
        "(items) => { localStorage.clear(); Object.entries(items).forEach((item) => localStorage.setItem(...item)); }",
        remembered,
    )
    stage.load()
    stage.show("1.2")
    expect(status(stage)).to_have_text("Enregistré")
    until(lambda: stage.page.evaluate(KEPT) == {})
    assert stage.page.evaluate("localStorage.length") == 0


def written(stage: Stage) -> list[tuple[str, list[str]]]:
    rows = read(stage.folder, syllabus.load().objective("1.2")).options["1.2.a"]
    return [(row.strategy, [action.action for action in row.actions]) for row in rows]


def test_all_of_it(stage: Stage) -> None:
    field(stage).fill("Former les agents")
    until(lambda: "Former les agents" in kept(stage))
    come_back(stage, {})
    assert written(stage) == [("Former les agents", [])]


def test_the_end_of_it_after_what_was_written_there(stage: Stage) -> None:
    field(stage).fill("Former")
    remembered = stage.page.evaluate("({...localStorage})")
    assert "Former" in json.dumps(remembered)
    field(stage).fill("Former les agents")
    field(stage, "Action 1 de la stratégie 1, option 1.2.a").fill("Tenir une réunion")
    until(lambda: "Tenir une réunion" in kept(stage))
    come_back(stage, remembered)
    assert written(stage) == [("Former les agents", ["Tenir une réunion"])]
    document = json.loads((stage.folder / "reponses/1.2.json").read_text(encoding="utf-8"))
    assert document["sync"]["conflicts"] == []


def test_nothing_of_what_was_saved_since(stage: Stage) -> None:
    field(stage).fill("Former les agents")
    until(lambda: "Former les agents" in kept(stage))
    stage.show("1.2")
    expect(status(stage)).to_have_text("Enregistré")
    until(lambda: stage.page.evaluate(KEPT) == {})


def test_nothing_in_another_workbook(stage: Stage, tmp_path: Path) -> None:
    field(stage).fill("Texte d’Awa")
    until(lambda: "Texte d’Awa" in kept(stage))
    stage.page.evaluate("localStorage.clear()")
    stage.load()
    home, stage.folder = stage.folder, tmp_path / "autre"
    stage.folder.mkdir()
    stage.show("1.2")
    field(stage).fill("Texte de Paul")
    expect(status(stage)).to_have_text("Enregistré")
    assert "Texte d’Awa" in kept(stage)
    stage.folder = home
    come_back(stage, {})
    assert written(stage) == [("Texte d’Awa", [])]


def test_no_draft_is_shown_in_a_copy_of_the_folder_and_each_finds_its_own(stage: Stage, tmp_path: Path) -> None:
    field(stage).fill("Texte d’Awa")
    awa, stage.folder = stage.folder, tmp_path / "copie"
    shutil.copytree(awa, stage.folder)
    stage.show("1.2")  # on the same page, even
    expect(field(stage)).to_have_value("")
    stage.kill()
    field(stage).fill("Texte de Paul")
    stage.load()
    for folder, text in ((stage.folder, "Texte de Paul"), (awa.rename(tmp_path / "renommé"), "Texte d’Awa")):
        stage.folder = folder
        stage.show("1.2")
        expect(field(stage)).to_have_value(text)
        expect(status(stage)).to_have_text("Enregistré")
        assert written(stage) == [(text, [])]


def test_what_is_typed_in_a_new_folder_on_a_full_disk_comes_back_when_there_is_room(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("course.core.answers.store.os.fsync", full)
        stage.folder = tmp_path
        stage.show("1.2")
        field(stage).fill("Former les agents")
        stage.load()
    stage.show("1.2")
    expect(status(stage)).to_have_text("Enregistré")
    assert written(stage) == [("Former les agents", [])]
    assert stage.page.evaluate("localStorage.length") == 0


TABLE = "Stratégie\tAction\tBudget\r\nFormer\tRéunir\t500\r\n"
LABEL = "Stratégie 1, option 1.2.a"


def unplaced(stage: Stage) -> Any:
    return stage.page.get_by_role("group", name="Textes sans place").get_by_role("listitem")


def test_pasted_texts_without_a_place(stage: Stage) -> None:
    stage.show("1.2")
    paste(stage, LABEL, TABLE)
    until(lambda: "Budget" in kept(stage))
    for lost in ("localStorage.clear()", "indexedDB.deleteDatabase('course')"):
        stage.load()
        stage.page.evaluate(lost)
        stage.show("1.2")
        expect(unplaced(stage).locator("b")).to_have_text(["Budget\u00a0: 500"])
        until(lambda: "Budget" in kept(stage) and "Budget" in stage.page.evaluate("JSON.stringify(localStorage)"))
    stage.page.get_by_role("button", name="Ajouter cela").click()
    expect(unplaced(stage)).to_have_count(0)
    expect(status(stage)).to_have_text("Enregistré")
    until(lambda: stage.page.evaluate(KEPT) == {})
    assert stage.page.evaluate("localStorage.length") == 0
    stage.load()
    stage.show("1.2")
    expect(field(stage)).to_have_value("Former")
    expect(unplaced(stage)).to_have_count(0)
    assert written(stage) == [("Former", ["Réunir\nBudget\u00a0: 500"])]


def test_no_pasted_text_in_a_copy_of_the_folder(stage: Stage, tmp_path: Path) -> None:
    stage.show("1.2")
    paste(stage, LABEL, TABLE)
    expect(status(stage)).to_have_text("Enregistré")
    awa, stage.folder = stage.folder, tmp_path / "copie"
    shutil.copytree(awa, stage.folder)
    for _ in range(2):  # on the same page, then on another one
        stage.show("1.2")
        expect(field(stage)).to_have_value("Former")
        expect(unplaced(stage)).to_have_count(0)
        stage.load()
    stage.folder = awa
    stage.show("1.2")
    expect(unplaced(stage)).to_have_count(1)


def test_pasted_texts_answered_in_another_window(stage: Stage) -> None:
    stage.show("1.2")
    other = Stage(stage.page.context.new_page(), stage.folder)
    other.show("1.2")
    paste(stage, LABEL, TABLE)
    expect(unplaced(other)).to_have_count(1)
    other.page.get_by_role("button", name="Laisser cela de côté").click()
    expect(unplaced(stage)).to_have_count(0)


def test_pasted_texts_in_a_browser_that_keeps_nothing(stage: Stage) -> None:
    stage.show("1.2")
    stage.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    paste(stage, LABEL, TABLE)
    group = stage.page.get_by_role("group", name="Textes sans place")
    expect(group).to_contain_text("répondez avant de fermer cette page")
    expect(status(stage)).to_have_text("Enregistré")
    stage.kill()
    field(stage).fill("Former les relais")
    expect(status(stage)).to_contain_text("ce navigateur ne peut rien garder")
    # Whoever leaves the page waits for it: the alarm is not a refusal.
    assert stage.page.evaluate("[...courseUnsaved.holders].map((one) => [one.isUnsaved, one.isStuck, one.kept])") == [
        [True, False, False]
    ]
