"""The class on the instructor's page: seen at once, taken out by buttons, and never mute."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from axes import violations
from cards import Cards
from school import EVIL

from course import classroom
from course.instructor.classview.widget import OverviewWidget
from course.instructor.cohort.places import Cohort

pytestmark = pytest.mark.browser


@pytest.fixture
def cards(page: Any, monkeypatch: pytest.MonkeyPatch) -> Cards:
    monkeypatch.setattr("course.workbook.card.kernel_loop", lambda: None)
    return Cards(page)


def test_the_class_is_read_shown_and_escaped(cards: Cards, page: Any, school: Cohort) -> None:
    cards.show(OverviewWidget(school))
    region = page.get_by_role("region", name="Où en est la classe")
    region.get_by_text("6 stagiaires et 1 groupe").wait_for()
    assert region.get_by_role("img").count() == 3
    assert region.get_by_text("1.1.b Prise de décisions cliniques").count() == 1
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert region.get_by_role("rowheader", name=EVIL).count() == 1, "the name as it is, and no element of it"
    assert page.title() == "Page"
    assert violations(page, rules=("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_button_writes_a_file_says_where_and_gives_it_and_another_opens_the_plenary_view_in_a_tab(
    cards: Cards, page: Any, school: Cohort, tmp_path: Path
) -> None:
    cohort = Cohort(Path(shutil.copytree(school.root, tmp_path / "cours")))
    cards.show(OverviewWidget(cohort))
    page.get_by_text("6 stagiaires").wait_for()
    for button, name in (
        ("Exporter en CSV", "reponses.csv"),
        ("Exporter en Excel", "classe.xlsx"),
        ("Exporter en Parquet", "reponses.parquet"),
    ):
        page.get_by_role("button", name=button).click()
        link = page.get_by_role("link", name=f"Télécharger {name}")
        with page.expect_download() as download:
            link.click()
        written = cohort.reports / "classe" / name
        assert Path(download.value.path()).read_bytes() == written.read_bytes()
        assert page.get_by_text(str(written)).count() == 1
    assert len(pd.read_parquet(io.BytesIO(written.read_bytes()))) > 0
    page.get_by_role("button", name="Vue plénière").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Ouvrir dans un onglet").click()
    tab = opened.value
    tab.wait_for_load_state()
    tab.keyboard.press("ArrowRight")
    assert tab.get_by_role("heading", level=1).inner_text().startswith("1.2")


def test_what_goes_wrong_is_said_and_the_buttons_are_free_again(cards: Cards, page: Any, tmp_path: Path) -> None:
    cohort = Cohort(tmp_path)
    cohort.folder.mkdir()
    cohort.roster.write_text("nom\nAwa", encoding="utf-8")
    cards.show(OverviewWidget(cohort))
    page.get_by_text("n’a pas de colonne « identifiant »").wait_for()
    cards.alive = False
    page.clock.install()
    page.get_by_role("button", name="Mettre à jour").click()
    assert page.get_by_role("button", name="Vue plénière").is_disabled()
    page.clock.run_for(21_000)
    page.get_by_text("Si rien ne vient, relancez le notebook.").wait_for()
    assert page.get_by_role("button", name="Vue plénière").is_enabled()


def test_under_nbgrader_the_verb_shows_nothing(monkeypatch: pytest.MonkeyPatch, school: Cohort) -> None:
    monkeypatch.chdir(school.root)
    assert isinstance(classroom(), OverviewWidget)
    monkeypatch.setitem(os.environ, "NBGRADER_EXECUTION", "autograde")
    assert classroom() is None
