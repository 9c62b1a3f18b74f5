"""What is given on the bench lasts: through dead kernels and full disks, and beside another reviewer."""

from __future__ import annotations

from typing import Any

import pytest
from browser import until
from hands import KEYS, LEVELS, SAVED, somebody_else
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestNothingIsLost:
    def test_saved_is_said_of_what_is_saved_and_of_nothing_else(self, reviewer: Any) -> None:
        reviewer.page.clock.install()
        reviewer.title.focus()
        reviewer.cards.alive = False
        reviewer.keys(*KEYS)
        reviewer.page.get_by_role("textbox", name="Commentaire").fill("Tapé sans noyau.")
        expect(reviewer.status).to_have_text("Enregistrement…")
        reviewer.wait()
        expect(reviewer.status).to_have_text(
            "Pas encore enregistré\u00a0: gardé dans ce navigateur, nouvel essai en cours."
        )
        assert not reviewer.mark(1).begun
        reviewer.sit()
        expect(reviewer.status).to_have_text(SAVED)
        expect(reviewer.page.get_by_role("textbox", name="Commentaire")).to_have_value("Tapé sans noyau.")
        assert (reviewer.mark(1).levels, reviewer.mark(1).comment) == (LEVELS, "Tapé sans noyau.")

    def test_what_was_not_saved_comes_back_with_the_page(self, reviewer: Any) -> None:
        reviewer.cards.alive = False
        reviewer.title.focus()
        reviewer.keys(*KEYS)
        reviewer.page.get_by_role("textbox", name="Commentaire").fill("Avant la coupure.")
        reviewer.cards.load()
        reviewer.sit()
        expect(reviewer.status).to_have_text(SAVED)
        assert (reviewer.mark(1).quality, reviewer.mark(1).comment) == (9, "Avant la coupure.")
        assert (
            reviewer.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('course:correction:'))")
            == []
        )

    def test_what_was_saved_and_not_acknowledged_is_nobody_else_s(self, reviewer: Any) -> None:
        reviewer.page.clock.install()
        widget = reviewer.cards.widgets["0"]
        answer, widget.send = widget.send, lambda *_: None
        reviewer.title.focus()
        reviewer.keys("l")
        reviewer.page.wait_for_function("document.querySelector('.course-status').textContent === 'Enregistrement…'")
        until(lambda: reviewer.page.evaluate("true") and reviewer.mark(1).begun)  # the page speaks while it is asked
        reviewer.keys("k")  # on the base that was there before the first
        widget.send = answer
        reviewer.wait()  # until the page gives up waiting, …
        reviewer.wait()  # … and until it tries again
        expect(reviewer.status).to_have_text(SAVED)
        expect(reviewer.page.get_by_role("group", name="Deux notes")).to_have_count(0)
        assert reviewer.mark(1).levels[:2] == (2, 1)

    def test_the_comments_of_two_copies_are_saved_before_the_page_is_left(self, reviewer: Any) -> None:
        for number in (1, 2):
            expect(reviewer.title).to_have_text(f"Copie {number}")
            reviewer.page.get_by_role("textbox", name="Commentaire").fill(f"Copie {number}, lue.")
            if number == 1:
                reviewer.page.get_by_role("button", name="Copie suivante").click()
        assert reviewer.page.evaluate("courseUnsaved.settle().then((left) => left.map(({name}) => name))") == []
        assert [reviewer.mark(number).comment for number in (1, 2)] == ["Copie 1, lue.", "Copie 2, lue."]

    def test_where_one_was_is_where_one_comes_back(self, reviewer: Any) -> None:
        reviewer.title.focus()
        reviewer.keys("n", "n")
        expect(reviewer.title).to_have_text("Copie 3")
        reviewer.cards.load()
        reviewer.sit()
        expect(reviewer.title).to_have_text("Copie 3")

    def test_what_is_pressed_while_a_copy_is_on_its_way_is_given_to_no_other(self, reviewer: Any) -> None:
        reviewer.page.get_by_role("combobox", name="Objectif").locator("option[value='5.1']").filter(
            has_text="pas de copie"
        ).wait_for(state="attached")
        reviewer.title.focus()
        # Copy 3 has not come before it is asked for; the key comes in the same instant.
        reviewer.page.evaluate(
            """() => {
              const menu = document.querySelector(".course-go select");
              menu.selectedIndex = 2;
              menu.dispatchEvent(new Event("change"));
              const press = (key) => new KeyboardEvent("keydown", {key, bubbles: true});
              document.activeElement.dispatchEvent(press("l"));
            }"""
        )
        expect(reviewer.title).to_have_text("Copie 3")
        expect(reviewer.given).to_have_count(0)
        assert not reviewer.mark(1).begun


class TestTwoAtOnce:
    @pytest.mark.parametrize("choice", ["Garder la mienne", "Garder l’autre"])
    def test_both_marks_are_shown_and_one_click_settles(self, reviewer: Any, choice: str) -> None:
        somebody_else(reviewer, 1, (0,) * 6, "Hors sujet.")
        reviewer.title.focus()
        reviewer.keys(*KEYS)
        both = reviewer.page.get_by_role("group", name="Deux notes")
        expect(both).to_contain_text("La vôtre\u00a0: 13,5 sur 20")
        expect(both).to_contain_text("4,5 sur 20")
        expect(both).to_contain_text("Hors sujet.")
        expect(reviewer.status).to_contain_text("quelqu’un d’autre a noté cette copie")
        assert reviewer.mark(1).levels == (0,) * 6
        both.get_by_role("button", name=choice).press("Enter")
        expect(both).to_have_count(0)
        expect(reviewer.title).to_be_focused()
        mine = choice == "Garder la mienne"
        if mine:
            expect(reviewer.status).to_have_text(SAVED)
        expect(reviewer.page.locator(".course-sum")).to_contain_text("13,5" if mine else "4,5")
        assert (reviewer.mark(1).levels, reviewer.mark(1).comment) == (
            LEVELS if mine else (0,) * 6,
            "" if mine else "Hors sujet.",
        )

    def test_what_waits_for_a_choice_is_said_on_other_copies_too(self, reviewer: Any) -> None:
        somebody_else(reviewer, 1, (0,) * 6)
        reviewer.title.focus()
        reviewer.keys(*KEYS)
        expect(reviewer.page.get_by_role("group", name="Deux notes")).to_be_visible()
        reviewer.keys("n")
        expect(reviewer.title).to_have_text("Copie 2")
        reviewer.page.get_by_role("button", name="Voir la copie 1").click()
        expect(reviewer.page.get_by_role("group", name="Deux notes")).to_be_visible()

    def test_a_copy_that_another_reviewed_meanwhile_shows_her_mark(self, reviewer: Any) -> None:
        expect(reviewer.page.get_by_role("combobox", name="Objectif").locator("option[value='5.1']")).to_contain_text(
            "pas"
        )
        somebody_else(reviewer, 2, LEVELS, "Vu par une autre.")  # the page has this copy already
        reviewer.title.focus()
        reviewer.keys("n")
        expect(reviewer.page.get_by_role("textbox", name="Commentaire")).to_have_value("Vu par une autre.")
        expect(reviewer.page.locator(".course-left")).to_have_text("2 copies à noter sur 3")
