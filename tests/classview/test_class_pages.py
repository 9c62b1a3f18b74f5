"""The report and the plenary view: whole in one file, escaped, offline, one objective a screen and a sheet."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from promotion import hand_in, promotion, text_of
from school import EVIL, GOALS, Outside

from course.core.team import Team
from course.instructor.classview import pages
from course.instructor.classview.charts import charts
from course.instructor.classview.command import count
from course.instructor.classview.numbers import Numbers


@pytest.fixture(scope="module")
def room(counted: Numbers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("salle") / "pleniere.html"
    path.write_text(pages.plenary(counted.overview), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def paper(counted: Numbers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    drawn = [(chart, chart.file("svg")) for chart in charts(counted)]
    path = tmp_path_factory.mktemp("bureau") / "bilan.html"
    path.write_text(pages.report(counted, drawn, datetime(2026, 11, 22, 9, 5)), encoding="utf-8")
    return path


def opened(page: Any, path: Path) -> Outside:
    outside = Outside(page)
    page.goto(path.as_uri())
    return outside


def test_nothing_that_a_trainee_wrote_is_raw_in_a_page(room: Path, paper: Path) -> None:
    for path in (room, paper):
        text = path.read_text(encoding="utf-8")
        assert EVIL not in text
        assert "&lt;script&gt;" in text
        assert "<img src=x" not in text


def test_the_report_says_who_what_when_and_what_nobody_treated(paper: Path) -> None:
    text = text_of(paper)
    for said in (
        "Fait le 22/11/2026 à 09 h 05.",
        "6 stagiaires et 1 groupe ; 2 canevas relus.",
        "But 1 : 5 sur 6, le 20/11/2026",
        "Rien remis : Zoé Rien",
        "1 remise attend d’être corrigée : tapez « course grade ».",
        "1.1.b Prise de décisions cliniques",
        "combien de temps il a pris",
    ):
        assert said in text, said


@pytest.mark.browser
def test_the_report_is_whole_readable_by_ear_and_narrow_when_the_window_is(page: Any, paper: Path) -> None:
    outside = opened(page, paper)
    assert page.title() == "Bilan de la classe"
    pictures = page.get_by_role("img")
    assert pictures.count() == 3
    for number in range(3):
        assert len(pictures.nth(number).get_attribute("alt")) > 60
        assert pictures.nth(number).evaluate("(image) => image.naturalWidth") > 300
    assert page.get_by_role("table").count() == 6
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert list(outside) == []


@pytest.mark.browser
def test_one_objective_a_screen_by_the_arrows(page: Any, room: Path) -> None:
    outside = opened(page, room)
    page.set_viewport_size({"width": 1280, "height": 720})
    heading = page.get_by_role("heading", level=1)
    assert heading.all_inner_texts() == ["1.1 Autonomiser les personnes et les familles"]
    for key, shown in (
        ("ArrowRight", "1.2"), ("ArrowRight", "1.3"), ("ArrowLeft", "1.2"), ("End", "2.2"), ("ArrowRight", "2.2"),
        ("Home", "1.1"), ("ArrowLeft", "1.1"),
    ):  # fmt: skip
        page.keyboard.press(key)
        (title,) = heading.all_inner_texts()
        assert title.startswith(shown), key
    page.get_by_role("button", name="Objectif suivant").click()
    assert heading.inner_text().startswith("1.2")
    page.get_by_role("combobox", name="Aller à un objectif").select_option("2.1 Soutenir la gouvernance participative")
    assert heading.inner_text().startswith("2.1")
    page.reload()
    assert heading.inner_text().startswith("2.1"), "the address keeps the place"
    assert page.title() == "Vue plénière"
    assert list(outside) == []


@pytest.mark.browser
def test_groups_stand_side_by_side_in_letters_for_the_last_row(page: Any, room: Path) -> None:
    opened(page, room)
    page.set_viewport_size({"width": 1280, "height": 720})
    cards = page.locator(".now .option").first.locator(".group")
    tops = cards.evaluate_all("(cards) => cards.map((card) => Math.round(card.getBoundingClientRect().top))")
    assert len(tops) == 4
    assert tops[0] == tops[1] == tops[2]
    size = cards.first.locator("li").first.evaluate("(item) => parseFloat(getComputedStyle(item).fontSize)")
    assert size >= 720 / 30
    second = page.locator(".now .option").nth(1)
    assert second.get_by_text("Rien d’écrit.").count() == 2
    page.keyboard.press("ArrowDown")
    assert page.evaluate("scrollY") > 0
    page.keyboard.press("ArrowUp")
    assert page.evaluate("scrollY") == 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.browser
def test_names_and_any_answer_can_be_hidden_before_projecting(page: Any, room: Path) -> None:
    opened(page, room)
    heads = page.locator(".now .group h3")
    shown = heads.all_inner_texts()
    page.keyboard.press("n")
    assert set(heads.all_inner_texts()) == {"Copie 1", "Copie 2", "Copie 3", "Copie 4"}
    assert not [name for name in shown if name in page.locator("body").inner_text()]
    answer = page.locator(".now .group").first
    button = answer.get_by_role("button", name="Masquer Copie 1")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert not answer.locator("p, li").filter(visible=True).count()
    button.click()
    page.get_by_role("button", name="Sans les noms").click()
    assert heads.all_inner_texts() == shown
    assert answer.locator("li").first.is_visible()


@pytest.mark.browser
def test_no_script_but_its_own_runs(page: Any, room: Path, tmp_path: Path) -> None:
    forgotten = tmp_path / "oubli.html"
    forgotten.write_text(room.read_text(encoding="utf-8").replace("</main>", f"{EVIL}</main>"), encoding="utf-8")
    opened(page, forgotten)
    page.keyboard.press("ArrowRight")
    assert page.locator(".screen.now h1").inner_text().startswith("1.2")
    assert page.title() == "Vue plénière"


@pytest.mark.browser
def test_each_objective_begins_a_sheet_and_a_usual_one_fits_on_it(page: Any, room: Path) -> None:
    opened(page, room)
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert pages == 5


def test_a_large_class_shows_groups_first_and_says_who_is_not_there(tmp_path: Path) -> None:
    cohort = promotion(tmp_path / "cours")
    hand_in(cohort, [f"t{number:02}" for number in range(40)], GOALS["2"], "Tenir le registre")
    hand_in(cohort, ["x1", "x2"], GOALS["2"], "Tenir le comité", Team("Zèbres", ("X1", "X2")))
    overview = count(cohort).overview
    assert pages.chosen(overview)[0] == ("x1", "x2")
    text = text_of(pages.plenary(overview))
    assert "Les 36 premières copies sur 41 ; 5 n’y sont pas." in text
    assert "Zèbres" in text
    assert "t39" not in text


def test_before_any_grading_the_view_says_what_to_do(tmp_path: Path) -> None:
    overview = count(promotion(tmp_path / "vide")).overview
    assert "tapez « course grade »" in text_of(pages.plenary(overview))
