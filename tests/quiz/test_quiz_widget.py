"""A quiz in a browser: explained in words, complete by keyboard, and said to be saved only once it is on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cards import Cards
from test_quizzes import GOOD

import course
from course.core.quizzes import parse
from course.workbook.quiz.widget import QuizWidget

QUIZ = parse(GOOD, "00-essai")
FIRST, SECOND = (question.key for question in QUIZ.questions)


@pytest.fixture
def cards(page: Any, tmp_path: Path) -> Cards:
    cards = Cards(page)
    cards.show(QuizWidget(QUIZ, tmp_path))
    return cards


def on_disk(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "resultats" / "00-essai.json").read_bytes())


def question(cards: Cards, number: int) -> Any:
    return cards.page.get_by_role("group").nth(number - 1)


def saved(cards: Cards) -> None:
    cards.page.get_by_text("Enregistré", exact=True).wait_for()


@pytest.mark.browser
def test_each_answer_is_explained_in_words_once_checked(cards: Cards, tmp_path: Path) -> None:
    asked = question(cards, 2)
    assert "Bien aussi" not in asked.inner_text()
    asked.get_by_label("Oui").check()
    asked.get_by_label("Non").check()
    asked.get_by_role("button", name="Vérifier ma réponse").click()
    told = asked.inner_text()
    assert "✓ Bonne réponse, que vous aviez cochée. Bien." in told
    assert "✓ Bonne réponse, que vous n’aviez pas cochée. Bien aussi." in told
    assert "✗ Pas une bonne réponse, que vous aviez cochée. Non." in told
    verdict = asked.locator(".course-verdict")
    assert "1 bonne réponse manque, 1 réponse est de trop" in verdict.inner_text()
    assert verdict.evaluate("(node) => node === document.activeElement")
    saved(cards)
    assert on_disk(tmp_path)["questions"] == {SECOND: {"chosen": [0, 2], "checked": True, "tries": 1}}
    asked.get_by_role("button", name="Réessayer").click()
    asked.get_by_label("Oui").check()
    asked.get_by_label("Aussi").check()
    asked.get_by_role("button", name="Vérifier ma réponse").click()
    assert "✓ C’est cela" in verdict.inner_text()
    assert "1 réponse vérifiée sur 2, 1 juste" in cards.page.locator(".course-summary").inner_text()


@pytest.mark.browser
def test_it_is_complete_by_keyboard_and_lets_no_key_through(cards: Cards, tmp_path: Path) -> None:
    page = cards.page
    page.evaluate("document.addEventListener('keydown', (event) => (window.leaked ??= []).push(event.key))")
    question(cards, 1).get_by_label("Une bonne").focus()
    for key in ("Space", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    assert "C’est cela" in question(cards, 1).inner_text()
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent") == "J’ai lu cette leçon":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="J’ai lu cette leçon", pressed=True).wait_for()
    page.keyboard.press("x")
    saved(cards)
    assert on_disk(tmp_path)["read"] is True
    assert page.evaluate("window.leaked") is None


@pytest.mark.browser
def test_an_answer_given_to_a_dead_kernel_comes_back_and_is_saved(cards: Cards, tmp_path: Path) -> None:
    page = cards.page
    cards.alive = False
    question(cards, 1).get_by_label("Une bonne").check()
    question(cards, 1).get_by_role("button").click()
    page.get_by_text("Enregistrement…").wait_for()
    page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('course:quiz:'))")
    cards.load()
    cards.show(QuizWidget(QUIZ, tmp_path))
    assert "C’est cela" in question(cards, 1).inner_text()
    saved(cards)
    assert on_disk(tmp_path)["questions"][FIRST] == {"chosen": [0], "checked": True, "tries": 1}
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.browser
def test_another_trainee_s_answers_do_not_come_back_in_her_place(cards: Cards, tmp_path: Path) -> None:
    cards.alive = False
    question(cards, 1).get_by_label("Une bonne").check()
    cards.page.get_by_text("Enregistrement…").wait_for()
    cards.load()
    cards.show(QuizWidget(QUIZ, tmp_path / "une-autre"))
    assert not question(cards, 1).get_by_label("Une bonne").is_checked()


@pytest.mark.browser
def test_what_cannot_be_written_is_told_and_never_called_saved(cards: Cards, tmp_path: Path) -> None:
    (tmp_path / "resultats" / "00-essai.json").unlink()
    (tmp_path / "resultats").rmdir()
    (tmp_path / "resultats").write_text("un fichier à la place du dossier", encoding="utf-8")
    question(cards, 1).get_by_label("Une bonne").check()
    cards.page.get_by_text("Non enregistré.").wait_for()
    assert cards.page.get_by_text("Enregistré", exact=True).count() == 0


@pytest.mark.browser
def test_it_speaks_french_names_its_questions_and_fits_a_phone(cards: Cards) -> None:
    page = cards.page
    page.set_viewport_size({"width": 320, "height": 640})
    region = page.get_by_role("region", name="Quiz : le titre")
    assert region.get_attribute("lang") == "fr"
    assert page.get_by_role("group", name="2. Une seconde ?").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert all(
        box["height"] >= 24 for box in (each.bounding_box() for each in region.get_by_role("button").all()) if box
    )
    assert page.locator("em", has_text="oui").count() == 0
    question(cards, 1).get_by_role("button").click()
    assert "Cochez au moins une réponse" in question(cards, 1).inner_text()


def test_the_verb_names_the_quizzes_when_there_is_none_of_that_name() -> None:
    with pytest.raises(ValueError, match="01-introduction"):
        course.quiz("99-rien")


def test_the_verb_shows_nothing_to_the_grader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert (course.quiz("01-introduction"), course.glossary(), course.progress()) == (None, None, None)
    assert list(tmp_path.iterdir()) == []
