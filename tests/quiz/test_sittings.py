"""The test before and after the course: what is right is not on the page before the end, and both totals are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from browser import Lab
from cards import Cards

from course.core.quizzes import AFTER, BEFORE, drawn, load
from course.core.results import ResultsStore, totals
from course.workbook.quiz.sitting import SittingWidget

QUESTIONS = load(BEFORE).questions


def answer(folder: Path, sitting: str, right: int, wrong: int = 0, *, ended: bool = True) -> None:
    """Answers the first questions of a sitting, so many right, then so many wrong."""
    changes = {}
    for rank, question in enumerate(QUESTIONS[: right + wrong]):
        place = question.right[0] if rank < right else (question.right[0] + 1) % len(question.choices)
        changes[question.key] = {"chosen": [place], "checked": True, "tries": 1}
    ResultsStore(folder, load(sitting)).save({"questions": changes, "read": ended})


def on_disk(folder: Path, sitting: str) -> dict[str, Any]:
    return json.loads((folder / "resultats" / f"{sitting}.json").read_bytes())


@pytest.fixture
def cards(page: Any) -> Cards:
    return Cards(page)


def item(cards: Cards, number: int) -> Any:
    return cards.page.get_by_role("group").nth(number - 1)


# On disk


def test_each_sitting_has_a_file_of_its_own_and_a_total(tmp_path: Path) -> None:
    assert totals(tmp_path) == (None, None)
    answer(tmp_path, BEFORE, right=4, wrong=3)
    assert totals(tmp_path) == (4, None)
    answer(tmp_path, AFTER, right=11)
    assert totals(tmp_path) == (4, 11)
    (tmp_path / "resultats" / f"{BEFORE}.json").write_bytes(b"{")
    assert totals(tmp_path) == (None, 11)


def test_an_opened_sitting_without_an_answer_has_no_total(tmp_path: Path) -> None:
    ResultsStore(tmp_path, load(BEFORE)).open()
    assert totals(tmp_path) == (None, None)


# On the page


@pytest.mark.parametrize("sitting", [BEFORE, AFTER])
def test_nothing_of_what_is_right_reaches_the_page_before_the_end(tmp_path: Path, sitting: str) -> None:
    answer(tmp_path, sitting, right=2, ended=False)
    widget = SittingWidget(load(sitting), tmp_path)
    page = json.dumps([widget.quiz, widget.state], ensure_ascii=False)
    assert QUESTIONS[0].choices[0].text in page
    assert '"right"' not in page
    assert not [choice for question in QUESTIONS for choice in question.choices if choice.explanation in page]


def test_nothing_of_what_is_right_reaches_the_page_after_the_first_sitting(tmp_path: Path) -> None:
    answer(tmp_path, BEFORE, right=2)
    assert SittingWidget(load(BEFORE), tmp_path).state["outcome"] is None


def test_an_ended_sitting_takes_no_answer_more(tmp_path: Path) -> None:
    answer(tmp_path, AFTER, right=3)
    widget = SittingWidget(load(AFTER), tmp_path)
    late = {QUESTIONS[5].key: {"chosen": list(QUESTIONS[5].right), "checked": True, "tries": 1}}
    saved = widget._save({"client": "a", "message": 1, "changes": {"questions": late, "read": False}})
    assert (saved["kind"], saved["state"]["read"], saved["state"]["outcome"]["after"]) == ("saved", True, 3)
    assert QUESTIONS[5].key not in on_disk(tmp_path, AFTER)["questions"]


@pytest.mark.browser
def test_the_first_sitting_is_answered_by_keyboard_and_tells_no_total(cards: Cards, tmp_path: Path) -> None:
    page = cards.page
    page.evaluate("document.addEventListener('keydown', (event) => (window.leaked ??= []).push(event.key))")
    cards.show(SittingWidget(load(BEFORE), tmp_path))
    region = page.get_by_role("region", name="Test de départ")
    assert not item(cards, 1).is_visible()
    region.get_by_role("button", name="Commencer le test").press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.get_by_text("Enregistré", exact=True).wait_for()
    kept = on_disk(tmp_path, BEFORE)
    assert kept["questions"][QUESTIONS[0].key]["chosen"] == [drawn(QUESTIONS[0], kept["document"])[1]]
    assert "1 réponse sur 15." in region.inner_text()
    region.get_by_role("button", name="Terminer le test").press("Enter")
    missing = region.get_by_text("Sans réponse")
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15" in missing.inner_text()
    assert on_disk(tmp_path, BEFORE)["read"] is False
    region.get_by_role("button", name="Terminer le test").press("Enter")
    page.get_by_text("Test terminé.").wait_for()
    page.get_by_text("Enregistré", exact=True).wait_for()
    assert on_disk(tmp_path, BEFORE)["read"] is True
    assert not item(cards, 1).is_visible()
    assert "sur 15" not in region.inner_text()
    assert "✓" not in region.inner_text()
    assert page.evaluate("window.leaked") is None


@pytest.mark.browser
@pytest.mark.parametrize(
    ("before", "words"),
    [
        (4, "Avant la formation : 4 sur 15. Après : 7 sur 15. 3 bonnes réponses de plus qu’au départ."),
        (6, "Avant la formation : 6 sur 15. Après : 7 sur 15. 1 bonne réponse de plus qu’au départ."),
        (7, "Avant la formation : 7 sur 15. Après : 7 sur 15. Le même total qu’au départ."),
        (9, "Avant la formation : 9 sur 15. Après : 7 sur 15. 2 bonnes réponses de moins qu’au départ."),
        (None, "Votre total : 7 sur 15. Il n’y a pas de réponse au test de départ"),
    ],
)
def test_the_last_sitting_shows_both_totals_and_explains(
    cards: Cards, tmp_path: Path, before: int | None, words: str
) -> None:
    if before is not None:
        answer(tmp_path, BEFORE, right=before, wrong=15 - before)
    answer(tmp_path, AFTER, right=6, wrong=8, ended=False)
    cards.show(SittingWidget(load(AFTER), tmp_path))
    region = cards.page.get_by_role("region", name="Test final")
    last = QUESTIONS[14]
    item(cards, 15).get_by_label(last.choices[last.right[0]].text.replace("*", ""), exact=True).check()
    region.get_by_role("button", name="Terminer le test").click()
    outcome = region.get_by_text("Test terminé.")
    region.get_by_text("sur 15").first.wait_for()
    assert words in outcome.inner_text().replace("\u00a0", " ")
    assert "déjà lu ces questions" in outcome.inner_text()
    assert outcome.evaluate("(node) => node === document.activeElement")
    explained = item(cards, 15).inner_text()
    assert "✓ Bonne réponse, que vous aviez choisie." in explained
    assert all(choice.explanation in explained for choice in last.choices)
    assert "✗ Pas la bonne réponse, que vous aviez choisie." in item(cards, 7).inner_text()
    assert item(cards, 1).get_by_role("radio").first.is_disabled()


@pytest.mark.browser
def test_answers_given_to_a_dead_kernel_come_back_and_both_sittings_stand_on_one_page(
    cards: Cards, tmp_path: Path
) -> None:
    cards.show(SittingWidget(load(BEFORE), tmp_path))
    cards.alive = False
    cards.page.get_by_role("button", name="Commencer le test").click()
    name = QUESTIONS[1].choices[2].text.replace("*", "")
    item(cards, 2).get_by_label(name, exact=True).check()
    cards.page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('course:quiz:'))")
    cards.load()
    cards.show(SittingWidget(load(BEFORE), tmp_path))
    cards.page.get_by_text("Enregistré", exact=True).wait_for()
    cards.show(SittingWidget(load(AFTER), tmp_path))
    assert on_disk(tmp_path, BEFORE)["questions"] == {QUESTIONS[1].key: {"chosen": [2], "checked": True, "tries": 1}}
    first = cards.page.get_by_role("region", name="Test de départ")
    final = cards.page.get_by_role("region", name="Test final")
    final.get_by_role("button", name="Commencer le test").click()
    final.get_by_role("group").nth(1).get_by_role("radio").nth(0).check()
    assert first.get_by_role("group").nth(1).get_by_label(name, exact=True).is_checked()


@pytest.mark.browser
def test_a_sitting_speaks_french_and_fits_a_phone(cards: Cards, tmp_path: Path) -> None:
    page = cards.page
    page.set_viewport_size({"width": 320, "height": 640})
    cards.show(SittingWidget(load(AFTER), tmp_path))
    page.get_by_role("button", name="Commencer le test").click()
    region = page.get_by_role("region", name="Test final")
    assert region.get_attribute("lang") == "fr"
    assert region.get_by_role("radio").count() == 60
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.browser
def test_the_page_of_the_test_runs_by_itself_and_keeps_the_sittings_apart(lab: Lab, page: Any) -> None:
    page.goto(lab.url("modules/12-bilan.ipynb"))
    first = page.get_by_role("region", name="Test de départ")
    first.get_by_role("button", name="Commencer le test").click()
    first.get_by_role("group").first.get_by_role("radio").first.check()
    first.get_by_text("Enregistré", exact=True).wait_for()
    page.get_by_role("region", name="Test final").get_by_role("button", name="Commencer le test").wait_for()
    assert len(on_disk(lab.folder / "modules", BEFORE)["questions"]) == 1
    assert on_disk(lab.folder / "modules", AFTER)["questions"] == {}
