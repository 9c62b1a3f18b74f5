"""The bench in a real browser, over the real gradebook: reviewing by keys, saving, losing nothing, two at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cards import Cards
from hands import KEYS, LEVELS, SAVED, somebody_else
from playwright.sync_api import expect
from promotion import promotion
from reviewing import FAMILIES, document

from course.instructor.cohort.gradebook import opened
from course.instructor.review.widget import BenchWidget

pytestmark = pytest.mark.browser

AZERTY = """([code, key]) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true}))"""


class TestReviewing:
    def test_seven_keys_review_a_copy_and_open_the_next(self, reviewer: Any) -> None:
        expect(reviewer.page.locator(".course-left")).to_have_text("3 copies à noter sur 3")
        reviewer.title.focus()
        reviewer.keys(*KEYS)
        expect(reviewer.page.locator(".course-sum")).to_have_text("Total\u00a0: 13,5 sur 20")
        expect(reviewer.page.locator(".course-verdict")).to_contain_text("Réussi")
        expect(reviewer.page.locator(":focus")).to_contain_text("Copie suivante")
        expect(reviewer.status).to_have_text(SAVED)
        reviewer.keys("n")
        expect(reviewer.title).to_have_text("Copie 2")
        expect(reviewer.title).to_be_focused()
        expect(reviewer.page.locator(".course-left")).to_have_text("2 copies à noter sur 3")
        assert (reviewer.mark(1).levels, reviewer.mark(1).quality) == (LEVELS, 9)

    def test_digits_work_on_a_french_keyboard_and_on_the_keypad(self, reviewer: Any) -> None:
        reviewer.title.focus()
        for code, key in [("Digit2", "é"), ("Digit1", "&"), ("Digit0", "à"), ("Numpad2", "2"), ("Numpad1", "1")]:
            reviewer.page.evaluate(AZERTY, [code, key])
        reviewer.page.evaluate(AZERTY, ["Numpad0", "Insert"])  # without Num Lock the keypad moves the caret
        reviewer.page.evaluate(AZERTY, ["KeyL", "ل"])  # a keyboard of another script
        expect(reviewer.status).to_have_text(SAVED)
        assert reviewer.mark(1).levels == LEVELS

    def test_by_mouse(self, reviewer: Any) -> None:
        for rank, level in enumerate(LEVELS):
            group = reviewer.page.get_by_role("radiogroup").nth(rank)
            group.get_by_role("radio").nth(level).click()
        reviewer.page.get_by_role("textbox", name="Commentaire").fill("Très concret.")
        reviewer.page.get_by_role("button", name="Copie suivante").click()
        expect(reviewer.title).to_have_text("Copie 2")
        expect(reviewer.status).to_have_text(SAVED)
        assert (reviewer.mark(1).quality, reviewer.mark(1).comment) == (9, "Très concret.")

    def test_the_pass_rule_says_what_is_missing(self, reviewer: Any) -> None:
        verdict = reviewer.page.locator(".course-verdict")
        expect(verdict).to_contain_text("6 critères à donner")
        reviewer.title.focus()
        reviewer.keys("k", "k", "k", "k", "k", "j")
        expect(verdict).to_contain_text("il manque 1 point sur le total et 0,5 point de qualité")

    def test_a_level_can_be_taken_back(self, reviewer: Any) -> None:
        reviewer.title.focus()
        reviewer.keys("l", "ArrowUp", "Delete")
        expect(reviewer.given).to_have_count(0)
        reviewer.keys("l", "k")
        reviewer.page.get_by_role("button", name="Effacer les niveaux").click()
        expect(reviewer.given).to_have_count(0)
        expect(reviewer.status).to_have_text(SAVED)
        assert not reviewer.mark(1).begun

    def test_a_skipped_copy_comes_last_and_previous_goes_back(self, reviewer: Any) -> None:
        reviewer.title.focus()
        for key, number in [("x", 2), ("n", 3), ("n", 2), ("p", 3), ("p", 2), ("p", 1)]:
            reviewer.keys(key)
            expect(reviewer.title).to_have_text(f"Copie {number}")

    def test_all_copies_or_those_that_are_left(self, reviewer: Any) -> None:
        reviewer.title.focus()
        for number in (1, 2, 3):
            expect(reviewer.title).to_have_text(f"Copie {number}")
            reviewer.keys(*KEYS)
            expect(reviewer.status).to_have_text(SAVED)
            reviewer.keys("n")
        expect(reviewer.status).to_have_text("Il n’y a pas d’autre copie.")
        expect(reviewer.page.locator(".course-clock")).to_have_text("")  # the hour is that of « Enregistré » alone
        expect(reviewer.page.locator(".course-left")).to_have_text("Tout est noté\u00a0: 3 sur 3")
        reviewer.page.get_by_role("radio", name="toutes").check()
        reviewer.page.get_by_role("button", name="Copie suivante").click()
        expect(reviewer.title).to_have_text("Copie 1")
        reviewer.page.get_by_role("combobox", name="Aller à").select_option(label="Copie 3\u00a0: notée")
        expect(reviewer.title).to_have_text("Copie 3")

    def test_another_objective(self, reviewer: Any) -> None:
        menu = reviewer.page.get_by_role("combobox", name="Objectif")
        expect(menu.locator("option[value='1.2']")).to_contain_text("3 à noter")
        expect(menu.locator("option[value='5.5']")).to_contain_text("pas de copie")
        menu.select_option("1.2")
        expect(reviewer.page.get_by_role("group", name="La copie")).to_contain_text("Rien n’a été remis")
        menu.select_option("5.5")
        expect(reviewer.page.locator(".course-empty")).to_contain_text("Personne n’a encore remis le cahier du but 5")
        expect(reviewer.page.get_by_role("radiogroup")).to_have_count(0)


class TestTheCopy:
    def test_a_trainee_s_words_are_text(self, reviewer: Any, numbers: dict[str, int]) -> None:
        reviewer.page.get_by_role("combobox", name="Aller à").select_option(index=numbers["zoé"] - 1)
        sheet = reviewer.page.get_by_role("group", name="La copie")
        expect(sheet).to_contain_text("<img src=x onerror=")
        expect(sheet.locator("img")).to_have_count(0)
        expect(sheet.locator(".course-twin")).to_have_text(f"Ce texte est aussi dans la copie {numbers['awa']}.")

    def test_the_name_is_shown_when_asked_for_and_not_before(self, reviewer: Any, numbers: dict[str, int]) -> None:
        reviewer.page.get_by_role("combobox", name="Aller à").select_option(index=numbers["awa"] - 1)
        expect(reviewer.title).to_have_text(f"Copie {numbers['awa']}")
        root = reviewer.page.locator(".course-bench")
        expect(root).to_contain_text("groupe de 2")
        assert not re.search("awa|Groupe 3", str(reviewer.cards.told) + root.inner_text())
        reviewer.page.get_by_role("button", name="Voir le nom").click()
        expect(root).to_contain_text("Groupe 3\u00a0: adama, awa")
        expect(reviewer.title).to_be_focused()
        reviewer.keys("n")
        expect(root).not_to_contain_text("Groupe 3")
        expect(reviewer.page.get_by_role("button", name="Voir le nom")).to_be_visible()

    def test_situation_and_model_answers_stand_beside(self, reviewer: Any) -> None:
        panel = reviewer.page.get_by_role("tabpanel")
        expect(panel).to_contain_text("La question.")
        expect(panel.get_by_role("img")).to_be_visible()
        reviewer.title.focus()
        reviewer.keys("t")
        expect(panel).to_contain_text("Deux exemples parmi d’autres")
        expect(panel.locator("h3")).to_have_count(4)
        reviewer.page.get_by_role("tab", name="Corrigés").focus()
        reviewer.keys("ArrowRight")
        expect(reviewer.page.get_by_role("tab", name="Plan")).to_be_focused()
        expect(panel).to_contain_text("Aucune action n’est encore choisie dans le plan de cette copie.")
        reviewer.keys("ArrowRight")
        expect(reviewer.page.get_by_role("tab", name="Situation")).to_be_focused()

    def test_a_copy_that_changed_says_so_until_it_is_settled(self, reviewer: Any, cohort: Any) -> None:
        """case re-hand-in-after-marking: whatever was left, the bench opens there; one key keeps the mark."""
        for number in (1, 3):
            somebody_else(reviewer, number, LEVELS)
        reviewer.title.focus()
        reviewer.keys("n")
        expect(reviewer.title).to_have_text("Copie 2")
        for path in cohort.folder.glob("*/*/but-1/reponses/1.1.json"):
            path.write_text(document("1.1", {"1.1.c": [("Soigner <b>mieux</b>", ["Dès lundi"])]}), encoding="utf-8")
        notices, sheet = reviewer.page.locator(".course-notices"), reviewer.page.locator(".course-sheet")
        reviewer.cards.load()
        reviewer.sit()
        expect(reviewer.title).to_have_text("Copie 1")
        expect(notices).to_contain_text("La copie a changé depuis votre note")
        expect(sheet.locator("thead")).to_have_text("Ce qui a été notéCe qui est remis maintenant")
        expect(sheet.locator("[data-changed]")).not_to_have_count(0)
        expect(sheet).to_contain_text("1.1.c")
        expect(sheet).to_contain_text("Soigner <b>mieux</b>")
        assert any(text in sheet.inner_text() for text in (FAMILIES, "Écouter les gens du village"))
        assert reviewer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(reviewer.page.locator(".course-left")).to_have_text("3 copies à noter sur 3")
        reviewer.title.focus()
        reviewer.keys("g")
        expect(notices).to_be_empty()
        expect(sheet.locator("thead")).to_have_text("StratégieAction")
        reviewer.page.get_by_role("combobox", name="Aller à").select_option(label="Copie 3\u00a0: à relire")
        reviewer.page.get_by_role("button", name="Ma note reste la bonne").click()
        expect(notices).to_be_empty()
        expect(reviewer.page.locator(".course-left")).to_have_text("1 copie à noter sur 3")
        assert (reviewer.mark(1).levels, reviewer.mark(3).changed) == (LEVELS, False)

    def test_a_name_is_asked_once_and_stands_by_each_mark(self, reviewer: Any) -> None:
        name, me = (reviewer.page.get_by_label("Noté par"), reviewer.page.get_by_role("button", name="C’est moi"))
        expect(name).to_have_value("")
        me.click()
        expect(me).to_be_visible()
        name.fill("Dr Awa <Zongo>")
        me.click()
        expect(me).to_be_hidden()
        reviewer.title.focus()
        reviewer.keys(*KEYS)
        expect(reviewer.status).to_have_text(SAVED)
        assert reviewer.mark(1).reviewer == "Dr Awa <Zongo>"
        reviewer.cards.load()
        reviewer.sit()
        expect(name).to_have_value("Dr Awa <Zongo>")
        expect(me).to_be_hidden()

    def test_an_empty_class_is_told_what_to_do(self, cards: Cards, tmp_path: Any) -> None:
        cards.show(BenchWidget(promotion(tmp_path / "vide").root))
        expect(cards.page.locator(".course-empty")).to_contain_text("course intake")
        expect(cards.page.locator(".course-empty")).to_contain_text("course demo")

    def test_a_gradebook_that_cannot_be_used_is_said(self, cards: Cards, tmp_path: Any) -> None:
        cohort = promotion(tmp_path / "abîmé")
        (cohort.folder / "gradebook.db").write_text("ceci n’est pas une base" * 100)
        cards.show(BenchWidget(cohort.root))
        expect(cards.page.locator(".course-status")).to_contain_text("est abîmé")


class TestTheBank:
    def test_what_was_written_is_offered_filtered_and_inserted_by_keyboard(self, reviewer: Any) -> None:
        area = reviewer.page.get_by_role("textbox", name="Commentaire")
        area.fill("Très concret. Il manque une base.")
        area.press("Control+Enter")
        expect(reviewer.title).to_have_text("Copie 2")
        offered = reviewer.page.get_by_role("list", name="Vos commentaires déjà écrits").locator(".course-phrase")
        expect(offered).to_have_count(3)
        reviewer.keys("c")
        area.press_sequentially("Bien. base MANQUE")
        expect(offered).to_have_count(2)
        reviewer.keys("ArrowDown", "ArrowDown", "ArrowUp", "Enter")
        expect(area).to_be_focused()
        expect(area).to_have_value(re.compile(r"^Bien\. (Très concret\. )?Il manque une base\.$"))
        reviewer.keys("Escape")
        expect(reviewer.page.locator(":focus")).to_have_attribute("role", "radio")
        expect(reviewer.status).to_have_text(SAVED)
        assert reviewer.mark(2).comment == area.input_value()

    def test_a_phrase_can_be_taken_out(self, reviewer: Any) -> None:
        area = reviewer.page.get_by_role("textbox", name="Commentaire")
        area.fill("Très concret.")
        area.press("Control+Enter")
        drop = reviewer.page.get_by_role("button", name="Ne plus proposer\u00a0: Très concret.")
        drop.click()
        expect(drop).to_have_count(0)
        expect(area).to_be_focused()
        with opened(reviewer.cohort) as connection:
            assert connection.exec_driver_sql("select count(*) from course_phrase").scalar() == 0


class TestKeys:
    def test_letters_are_letters_where_one_writes(self, reviewer: Any) -> None:
        area = reviewer.page.get_by_role("textbox", name="Commentaire")
        area.press_sequentially("jkl npx 012")
        expect(area).to_have_value("jkl npx 012")
        expect(reviewer.given).to_have_count(0)
        expect(reviewer.title).to_have_text("Copie 1")

    def test_the_keys_can_be_turned_off_and_stay_so(self, reviewer: Any) -> None:
        box = reviewer.page.get_by_role("checkbox", name="Touches rapides")
        box.uncheck()
        reviewer.title.focus()
        reviewer.keys("l", "n")
        expect(reviewer.given).to_have_count(0)
        reviewer.cards.load()
        reviewer.sit()
        expect(box).not_to_be_checked()

    def test_no_key_reaches_jupyterlab(self, reviewer: Any) -> None:
        reviewer.page.evaluate("document.addEventListener('keydown', () => { document.title = 'entendu'; })")
        reviewer.title.focus()
        reviewer.keys("x", "d", "d", "l", "0", "0", "ArrowDown")
        expect(reviewer.page).to_have_title("Page")
