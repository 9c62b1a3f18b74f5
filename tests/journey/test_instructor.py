"""The instructor's journey through a fictional class: by buttons in a real JupyterLab, then by the commands."""

from __future__ import annotations

import csv
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, Lab, opened_lab, shoot, until
from playwright.sync_api import Locator, expect
from promotion import text_of

from course.commands import main
from course.core import syllabus
from course.instructor.cohort import gradebook, marks
from course.instructor.cohort.places import Cohort
from course.instructor.demo.command import demo
from course.lab.settings import Desk

pytestmark = pytest.mark.browser

PICTURES = ROOT / "tests" / "pictures"
DESK, BENCH = "modules/20-formateur.ipynb", "modules/21-correction.ipynb"
LAST = syllabus.load().objective("3.1")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return demo(tmp_path_factory.mktemp("atelier") / "demo")


@pytest.fixture(scope="module")
def lab(cohort: Cohort) -> Iterator[Lab]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cohort.root)
        with opened_lab(cohort.root, desk=Desk.INSTRUCTOR) as opened:
            yield opened


def picture(place: Locator, name: str) -> None:
    if os.environ.get("COURSE_PICTURES") == "1":
        place.page.set_viewport_size({"width": 1360, "height": 1900})  # all of it, in a page that scrolls inside
        shoot(place, PICTURES / f"{name}.png")


def test_the_desk_leads_through_the_work_by_buttons(lab: Lab, page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(lab.url(DESK))
    for title, button, said in (
        ("Recueillir les remises", "Recueillir", "déjà reçue"),
        ("Compter la complétude", "Corriger ce qui est nouveau", "déjà à jour"),
        ("Sortir les notes", "Sortir les notes", "notes-moodle.csv"),
    ):
        form = page.get_by_role("region", name=title, exact=True)
        form.get_by_role("button", name=button, exact=True).click()
        expect(form.get_by_text("C’est fait.")).to_be_visible(timeout=120_000)
        expect(form.get_by_role("region", name="Ce que dit le cours")).to_contain_text(said)
    with page.expect_download() as download:
        form.get_by_role("button", name="Télécharger notes-moodle.csv").click()
    assert b"awa.ouedraogo" in Path(download.value.path()).read_bytes()
    overview = page.get_by_role("region", name="Où en est la classe")
    overview.scroll_into_view_if_needed()
    expect(overview.get_by_text("Prise en charge des cas").first).to_be_visible()  # nobody treated 4.1.d
    picture(overview.get_by_role("img").first, "classe")
    page.get_by_role("link", name="La table de correction").click()
    expect(page.get_by_role("region", name="Table de correction")).to_be_visible(timeout=60_000)


def test_what_is_given_on_the_bench_comes_back_to_the_whole_group(lab: Lab, page: Any, cohort: Cohort) -> None:
    page.set_viewport_size({"width": 1360, "height": 1300})
    page.goto(lab.url(BENCH))
    bench = page.get_by_role("region", name="Table de correction")
    objective = bench.get_by_role("combobox", name="Objectif")
    expect(objective).to_be_visible(timeout=60_000)
    objective.select_option(value=LAST.id)
    left = bench.get_by_text(re.compile(r"\d+ copies à noter sur 4"))
    expect(left).to_be_visible()
    before = given(cohort)
    title = bench.get_by_role("heading", name=re.compile(r"Copie \d+"))
    title.focus()
    for key in "llklkl":
        page.keyboard.press(key)
    bench.get_by_role("textbox", name="Commentaire").fill("Très concret : on voit qui commence, et où.")
    expect(bench.locator(".course-status")).to_have_text(re.compile("Enregistré"))
    picture(bench, "table-de-correction")
    after = until(lambda: {key: mark for key, mark in given(cohort).items() if mark != before.get(key)})
    assert {mark.quality for mark in after.values()} == {11.5}
    assert len(after) == 4  # the four members of one group
    page.keyboard.press("Escape")


def given(cohort: Cohort) -> dict[str, marks.Mark]:
    with gradebook.opened(cohort) as connection:
        found = marks.read(connection, objectives=[LAST])
    return {mark.student: mark for mark in found if mark.quality is not None}


def test_the_class_is_given_back_kept_and_forgotten_by_commands(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(cohort.root)

    def course(*words: str) -> str:
        """What a command of `course` prints, typed in the folder of the class."""
        assert main(words) == 0
        return text_of(capsys.readouterr().out)

    assert "4.1.d" in course("class")
    course("feedback")
    page = (cohort.feedback / "awa.barry" / "but-1" / "but-1.html").read_text(encoding="utf-8")
    assert "Awa Barry" in page
    assert not re.search("Lassané|Baobabs|https?://|<script", page)
    with zipfile.ZipFile(cohort.reports / "retours-but-1.zip") as bundle:
        assert len(bundle.namelist()) == 23
    course("marks")
    with (cohort.reports / "notes.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream, delimiter=";"))) > 24
    course("archive", "--vers", str(tmp_path))
    (kept,) = tmp_path.glob("*.zip")
    before = table(cohort)
    course("forget", "wendpanga.tapsoba", "--oui")
    assert not [path for path in cohort.folder.rglob("*") if "wendpanga" in path.name.casefold()]
    assert table(cohort) != before
    course("restore", str(kept), "--oui")
    assert table(cohort) == before


def table(cohort: Cohort) -> list[tuple[object, ...]]:
    with gradebook.opened(cohort) as connection:
        return [(m.student, m.objective, m.completeness, m.quality, m.comment) for m in marks.read(connection)]
