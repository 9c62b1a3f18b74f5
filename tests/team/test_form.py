"""« Qui travaille ? » in a real browser: kept when it says so, by every hand, and nobody else's draft erased."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from axes import OF_THE_PAGE, violations
from cards import Cards
from playwright.sync_api import Page, expect

from course.core import syllabus, team, workbooks
from course.core.answers.store import AnswersStore, fallback_document
from course.core.folders import RECORD
from course.core.team import Team
from course.workbook.handin import exchange
from course.workbook.handin.widget import HandinWidget
from course.workbook.team.widget import TeamWidget

pytestmark = pytest.mark.browser

# A draft in the browser's database alone.
KEEP = """(key) => new Promise((resolve) => {
  const opening = indexedDB.open("course", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("brouillons").put("[]", key);
  opening.onsuccess = () => resolve(opening.result.close());
})"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exercises/but-1").mkdir(parents=True)
    (tmp_path / "modules").mkdir()
    return tmp_path / "modules"


@pytest.fixture
def cards(page: Page, folder: Path) -> Cards:
    made = Cards(page)
    made.show(TeamWidget(folder))
    return made


def person(page: Page, number: int) -> Any:
    return page.get_by_role("textbox", name=f"Personne {number}", exact=True)


def group(page: Page) -> Any:
    return page.get_by_role("textbox", name="Nom du groupe")


def status(page: Page) -> Any:
    return page.locator(".course-status")


class TestAsking:
    def test_what_is_typed_is_on_disk_when_it_says_so(self, cards: Cards, folder: Path) -> None:
        page = cards.page
        group(page).fill("Groupe 3")
        person(page, 1).fill("Awa T.")
        page.keyboard.press("Enter")
        expect(person(page, 2)).to_be_focused()
        page.keyboard.type("Paul K.")
        expect(status(page)).to_have_text("Enregistré")
        assert team.read(folder.parent) == Team("Groupe 3", ("Awa T.", "Paul K."))
        expect(page.locator(".course-owner")).to_have_text("Classeur de\u00a0: Groupe 3 (Awa T., Paul K.)")

    def test_it_is_there_again_and_can_be_changed(self, cards: Cards, folder: Path) -> None:
        team.save(folder.parent, Team("Groupe 3", ("Awa T.", "Paul K.")))
        cards.load()
        cards.show(TeamWidget(folder))
        page = cards.page
        expect(person(page, 2)).to_have_value("Paul K.")
        page.get_by_role("button", name="Retirer Awa T.").click()
        undo = page.get_by_role("button", name="Remettre Awa T.")
        expect(undo).to_be_focused()
        expect(status(page)).to_have_text("Enregistré")
        assert team.read(folder.parent).members == ("Paul K.",)
        undo.press("Enter")
        expect(person(page, 1)).to_have_value("Awa T.")
        expect(person(page, 1)).to_be_focused()
        expect(status(page)).to_have_text("Enregistré")
        assert team.read(folder.parent).members == ("Awa T.", "Paul K.")

    def test_a_pasted_list_of_names_fills_lines(self, cards: Cards, folder: Path) -> None:
        page = cards.page
        person(page, 1).evaluate(
            """(node) => {
              const data = new DataTransfer();
              data.setData("text/plain", "Awa T.\\r\\nPaul K.\\n\\n Fatou S. ");
              node.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }"""
        )
        expect(person(page, 3)).to_have_value("Fatou S.")
        expect(person(page, 3)).to_be_focused()
        expect(status(page)).to_have_text("Enregistré")
        assert team.read(folder.parent).members == ("Awa T.", "Paul K.", "Fatou S.")

    def test_forty_people_and_no_more(self, cards: Cards) -> None:
        page = cards.page
        add = page.get_by_role("button", name="Ajouter une personne")
        add.evaluate("(node) => { for (let i = 0; i < 60; i++) node.click(); }")
        expect(page.locator(".course-people li")).to_have_count(40)
        expect(add).to_be_disabled()

    def test_hostile_names_are_only_text(self, cards: Cards, folder: Path) -> None:
        hostile = "<img src=x onerror=\"document.title='ouvert'\">"
        person(cards.page, 1).fill(hostile)
        expect(status(cards.page)).to_have_text("Enregistré")
        cards.load()
        cards.show(TeamWidget(folder))
        expect(person(cards.page, 1)).to_have_value(hostile)
        expect(cards.page.locator(".course-owner")).to_contain_text(hostile)
        assert cards.page.title() == "Page"

    def test_a_damaged_file_is_said(self, page: Page, folder: Path) -> None:
        (folder.parent / team.FILE).write_text("{")
        cards = Cards(page)
        cards.show(TeamWidget(folder))
        expect(page.locator(".course-warning")).to_contain_text("equipe-illisible-")
        person(page, 1).fill("Awa T.")
        expect(status(page)).to_have_text("Enregistré")
        assert cards.received


class TestOtherPeople:
    """Case `second-group`: a second group types over the names of a first one that has filled a canvas."""

    FIRST = Team("Les Baobabs", ("Awa Ouédraogo", "Issa Kaboré"))

    @pytest.fixture
    def root(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name in ("HOME", "USERPROFILE"):
            monkeypatch.setenv(name, str(tmp_path))
        root = tmp_path / "soins-centres-personnes"
        (root / "exercises/but-1/reponses").mkdir(parents=True)
        (root / "exercises/but-1/reponses/1.1.json").write_text("{}")
        (root / "exercises/but-1/but-1.ipynb").write_text('{"cells": []}')
        (root / RECORD).write_text("{}")
        team.save(root, self.FIRST)
        return root

    def show(self, page: Page, root: Path) -> Cards:
        cards = Cards(page)
        cards.show(TeamWidget(root / "modules"))
        return cards

    def type_over(self, page: Page) -> None:
        for field, name in ((group(page), "Les Caïlcédrats"), (person(page, 1), "Fatou Traoré")):
            field.fill(name)
            self.expect_question(page)
        person(page, 2).fill("Moussa Diallo")
        self.expect_question(page)

    def expect_question(self, page: Page) -> None:
        expect(page.get_by_role("alert")).to_contain_text("Les Baobabs (Awa Ouédraogo, Issa Kaboré)")
        expect(status(page)).to_contain_text("pas encore enregistrés")
        expect(page.locator(".course-bar")).to_contain_text("répondez à la question")
        expect(page.locator(".course-owner")).to_contain_text("Les Baobabs")

    def answer(self, page: Page, name: str) -> None:
        page.get_by_role("button", name=name).click()

    def test_nothing_is_written_before_the_answer_and_others_get_a_workbook_of_their_name(
        self, page: Page, root: Path
    ) -> None:
        self.show(page, root)
        self.type_over(page)
        assert team.read(root) == self.FIRST
        self.answer(page, "d’autres personnes")
        expect(group(page)).to_have_value("Les Baobabs")
        expect(person(page, 2)).to_have_value("Issa Kaboré")
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(status(page)).to_contain_text("sous le nom «\u202fLes Caïlcédrats (Fatou Traoré, Moussa Diallo)\u202f»")
        assert team.read(root) == self.FIRST
        titles = [each.title for each in workbooks.known()]
        assert sorted(titles) == [str(self.FIRST), "Les Caïlcédrats (Fatou Traoré, Moussa Diallo)"]

    @pytest.mark.parametrize("place", ["localStorage", "database"])
    def test_answers_that_only_this_browser_holds_are_the_first_group_s(
        self, page: Page, root: Path, place: str
    ) -> None:
        (root / "exercises/but-1/reponses/1.1.json").unlink()
        store = AnswersStore(root / "exercises/but-1", syllabus.load().objective("1.1"))
        key = f"course:brouillon:{store.open().document['document']}:1.1:page"
        cards = Cards(page)
        page.evaluate("(key) => localStorage.setItem(key, '[]')" if place == "localStorage" else KEEP, key)
        cards.show(TeamWidget(root / "modules"))
        self.type_over(page)
        assert team.read(root) == self.FIRST

    def test_a_correction_is_written(self, page: Page, root: Path) -> None:
        self.show(page, root)
        self.type_over(page)
        self.answer(page, "une correction")
        expect(status(page)).to_have_text("Enregistré")
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(person(page, 2)).to_have_value("Moussa Diallo")
        assert team.read(root) == Team("Les Caïlcédrats", ("Fatou Traoré", "Moussa Diallo"))

    def test_the_question_survives_a_reload_and_a_second_tab_sees_it(self, page: Page, root: Path) -> None:
        cards = self.show(page, root)
        self.type_over(page)
        cards.load()
        cards.show(TeamWidget(root / "modules"))
        self.expect_question(page)
        expect(person(page, 2)).to_have_value("Moussa Diallo")
        second = page.context.new_page()
        self.show(second, root)
        self.expect_question(second)
        self.answer(second, "d’autres personnes")
        expect(group(second)).to_have_value("Les Baobabs")
        self.answer(page, "une correction")  # too late: it was answered
        expect(group(page)).to_have_value("Les Baobabs")
        assert team.read(root) == self.FIRST

    def test_an_answer_given_while_the_kernel_is_dead_arrives(self, page: Page, root: Path) -> None:
        cards = self.show(page, root)
        self.type_over(page)
        cards.alive = False
        self.answer(page, "d’autres personnes")
        expect(status(page)).to_have_text("Enregistrement…")
        assert team.read(root) == self.FIRST
        cards.take_away("0")
        cards.show(TeamWidget(root / "modules"))
        expect(status(page)).to_contain_text("sous le nom")
        expect(group(page)).to_have_value("Les Baobabs")
        assert len(workbooks.known()) == 2

    def test_a_click_right_after_the_last_letter_answers_for_all_that_is_typed(self, page: Page, root: Path) -> None:
        self.show(page, root)
        self.type_over(page)
        page.evaluate(
            """() => {
              const input = document.querySelectorAll(".course-people input")[1];
              input.value = "Moussa Diallo Sanou";
              input.dispatchEvent(new Event("input", {bubbles: true}));
              [...document.querySelectorAll("button")].find((b) => b.textContent.includes("une correction")).click();
            }"""
        )
        expect(status(page)).to_have_text("Enregistré")
        assert team.read(root).members == ("Fatou Traoré", "Moussa Diallo Sanou")

    def test_nothing_is_handed_in_meanwhile_and_the_question_stands_there_too(
        self, page: Page, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exchange, "available", lambda: False)
        self.show(page, root)
        second = page.context.new_page()
        foot = Cards(second)
        foot.show(HandinWidget(syllabus.load().goal("1"), root / "exercises/but-1"))
        self.type_over(page)
        second.get_by_role("button", name="Remettre", exact=True).click()
        expect(second.get_by_role("status").filter(has_text="Rien n’est remis")).to_contain_text("Les Baobabs")
        expect(second.get_by_role("alert")).to_contain_text("Les Baobabs")
        expect(person(second, 1)).to_have_value("Fatou Traoré")
        assert not (root / "remises").exists()
        assert violations(second, without=OF_THE_PAGE) == []
        self.answer(second, "d’autres personnes")
        expect(second.locator(".course-status")).to_contain_text("sous le nom")
        second.get_by_role("button", name="Remettre", exact=True).click()
        second.get_by_role("button", name="Remettre quand même").click()
        expect(second.locator(".course-done")).to_contain_text("C’est remis.")
        assert [path.name for path in (root / "remises").glob("*.zip")] == ["Les-Baobabs_but-1.zip"]


class TestTrouble:
    def test_nothing_typed_is_lost_with_the_kernel(self, cards: Cards, folder: Path) -> None:
        page = cards.page
        page.clock.install()
        cards.load()
        cards.show(TeamWidget(folder))
        cards.alive = False
        person(page, 1).fill("Awa T.")
        page.clock.run_for(600)
        expect(status(page)).to_have_text("Enregistrement…")
        page.clock.run_for(4_000)
        expect(status(page)).to_contain_text("Pas encore enregistré")
        assert team.read(folder.parent) == Team()
        cards.take_away("1")
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)  # no second try: the new kernel gets it at once
        cards.show(TeamWidget(folder))
        expect(person(page, 1)).to_have_value("Awa T.")
        expect(status(page)).to_have_text("Enregistré")
        assert team.read(folder.parent).members == ("Awa T.",)

    def test_a_disk_that_refuses_is_said(self, page: Page, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        page.clock.install()
        cards = Cards(page)
        cards.show(TeamWidget(folder))
        with monkeypatch.context() as patch:
            patch.setattr("course.core.files.os.fsync", full)
            person(page, 1).fill("Awa T.")
            page.clock.run_for(600)
            expect(status(page)).to_contain_text("Non enregistré. Le disque est plein")
        page.clock.run_for(5_000)
        expect(status(page)).to_have_text("Enregistré")
        assert team.read(folder.parent).members == ("Awa T.",)

    def test_keys_do_not_reach_jupyterlab(self, cards: Cards) -> None:
        page = cards.page
        page.evaluate("() => { window.keys = []; addEventListener('keydown', (event) => keys.push(event.key)); }")
        page.get_by_role("button", name="Ajouter une personne").focus()
        for key in ("x", "d", "d"):
            page.keyboard.press(key)
        assert page.evaluate("keys") == []


class TestDrafts:
    @pytest.fixture
    def mine(self, folder: Path) -> str:
        """The document of a canvas of this workbook; a browser keeps a draft of it, and two of another's."""
        home = folder.parent / "exercises/but-1"
        return AnswersStore(home, syllabus.load().objective("1.1")).open().document["document"]

    def keep(self, page: Page, *keys: str) -> None:
        page.evaluate("(keys) => keys.forEach((key) => localStorage.setItem(key, '[]'))", list(keys))

    def kept(self, page: Page) -> set[str]:
        return set(json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage))")))

    def test_those_of_other_workbooks_are_counted_and_erased_at_the_second_click(
        self, page: Page, folder: Path, mine: str
    ) -> None:
        cards = Cards(page)
        own = {f"course:brouillon:{mine}:1.1:page", "course:pilotage:autre", "jupyterlab"}
        self.keep(page, *own, "course:brouillon:autre:1.1:p", "course:brouillon:autre:2.2:p")
        cards.show(TeamWidget(folder))
        expect(page.locator(".course-drafts")).to_contain_text("2 brouillons d’un autre classeur")
        page.get_by_role("button", name="Effacer les brouillons d’autres classeurs").click()
        expect(page.get_by_role("button", name="Les garder")).to_be_focused()
        assert len(self.kept(page)) == 5
        # Somebody's draft that came after the question is not part of the answer.
        self.keep(page, "course:brouillon:tiers:3.1:p")
        page.get_by_role("button", name="Oui, effacer 2 brouillons pour toujours").click()
        expect(page.get_by_role("status").filter(has_text="Effacé")).to_have_text("Effacé\u00a0: 2 brouillons.")
        assert self.kept(page) == own | {"course:brouillon:tiers:3.1:p"}

    def test_one_that_only_the_browser_s_database_has_is_erased_as_well(self, page: Page, folder: Path) -> None:
        cards = Cards(page)
        key = "course:brouillon:autre:1.1:p"
        page.evaluate(KEEP, key)
        cards.show(TeamWidget(folder))
        page.get_by_role("button", name="Effacer les brouillons d’autres classeurs").click()
        page.get_by_role("button", name="Oui, effacer 1 brouillon pour toujours").click()
        expect(page.get_by_role("status").filter(has_text="Effacé")).to_be_visible()
        page.reload()
        cards.show(TeamWidget(folder))
        expect(page.get_by_role("button", name="Effacer les brouillons d’autres classeurs")).to_be_hidden()

    def test_what_is_typed_where_nothing_can_be_written_is_this_workbook_s(self, page: Page, folder: Path) -> None:
        place = fallback_document(folder.parent / "exercises/but-1")
        self.keep_and_show(page, folder, f"course:brouillon:{place}:1.1:p")
        expect(page.get_by_role("button", name="Effacer les brouillons d’autres classeurs")).to_be_hidden()

    def test_a_canvas_opened_since_is_this_workbook_s(self, page: Page, folder: Path, mine: str) -> None:
        cards = Cards(page)
        self.keep(page, "course:brouillon:autre:1.1:p")
        cards.show(TeamWidget(folder))
        later = AnswersStore(folder.parent / "exercises/but-1", syllabus.load().objective("1.3")).open()
        draft = f"course:brouillon:{later.document['document']}:1.3:p"
        self.keep(page, draft, f"course:brouillon:{mine}:1.1:p")
        page.get_by_role("button", name="Effacer les brouillons d’autres classeurs").click()
        page.get_by_role("button", name="Oui, effacer 1 brouillon pour toujours").click()
        expect(page.get_by_role("status").filter(has_text="Effacé")).to_be_visible()
        assert self.kept(page) == {draft, f"course:brouillon:{mine}:1.1:p"}

    def test_without_an_answer_nothing_is_erased(self, page: Page, folder: Path) -> None:
        page.clock.install()
        cards = Cards(page)
        self.keep(page, "course:brouillon:autre:1.1:p")
        cards.show(TeamWidget(folder))
        erase = page.get_by_role("button", name="Effacer les brouillons d’autres classeurs")
        erase.wait_for()
        cards.alive = False
        erase.click()
        page.clock.run_for(6_000)
        expect(page.locator(".course-drafts")).to_contain_text("rien n’est effacé")
        assert self.kept(page) == {"course:brouillon:autre:1.1:p"}

    def test_a_damaged_file_s_document_is_this_workbook_s(self, page: Page, folder: Path, mine: str) -> None:
        path = folder.parent / "exercises/but-1/reponses/1.1.json"
        path.write_bytes(path.read_bytes()[:-20])
        (path.parent / ".1.1.json.bon").unlink()
        self.keep_and_show(page, folder, f"course:brouillon:{mine}:1.1:p")
        expect(page.get_by_role("button", name="Effacer les brouillons d’autres classeurs")).to_be_hidden()

    def keep_and_show(self, page: Page, folder: Path, key: str) -> None:
        cards = Cards(page)
        self.keep(page, key)
        cards.show(TeamWidget(folder))
        page.wait_for_function("() => document.querySelector('.course-drafts')")
        assert {"kind": "documents"} in cards.received


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(cards: Cards, width: int) -> None:
    page = cards.page
    page.set_viewport_size({"width": width, "height": 800})
    group(page).fill("Groupe 3")
    person(page, 1).fill("W" * 120)
    page.get_by_role("button", name="Ajouter une personne").click()
    expect(status(page)).to_have_text("Enregistré")
    assert violations(page, without=OF_THE_PAGE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
