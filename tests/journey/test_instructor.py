"""The instructor's journey through a fictional class: by buttons in a real JupyterLab, then by the commands."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE, ROOT, Lab, opened_lab, shoot, turn, until
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
COMMENT = "Très concret : on voit qui commence, et où."


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return demo(tmp_path_factory.mktemp("atelier") / "demo")


@pytest.fixture(scope="module")
def lab(cohort: Cohort) -> Iterator[Lab]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cohort.root)
        with opened_lab(cohort.root, desk=Desk.INSTRUCTOR) as opened:
            yield opened


@pytest.fixture(scope="module")
def page(lab: Lab, browser: Any) -> Iterator[Any]:
    """One window of the instructor's, which opens on the bench as `course review` does."""
    opened = browser.new_page(locale="fr-FR", accept_downloads=True)
    opened.set_default_timeout(1000 * PATIENCE)
    opened.goto(lab.url(BENCH))
    expect(opened.locator("#course-cover")).to_have_count(0)
    yield opened
    opened.close()


def picture(place: Locator, name: str) -> None:
    if os.environ.get("COURSE_PICTURES") == "1":
        place.page.set_viewport_size({"width": 1360, "height": 1900})  # all of it, in a page that scrolls inside
        shoot(place, PICTURES / f"{name}.png")


def test_what_is_given_on_the_bench_is_the_group_s_and_formgrader_s_and_lasts_through_a_kernel_s_death(
    lab: Lab, page: Any, cohort: Cohort
) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    turn(page, lab.page(BENCH))
    bench = page.get_by_role("region", name="Table de correction")
    title = bench.get_by_role("heading", name=re.compile(r"Copie \d+"))
    expect(title).to_be_focused()  # the keys work at once
    bench.get_by_role("combobox", name="Objectif").select_option(value=LAST.id)
    expect(bench.get_by_text(re.compile(r"\d+ copies à noter sur 4"))).to_be_visible()
    expect(bench.locator(".course-sheet")).to_contain_text(LAST.options[0].label)  # no key counts before
    before = given(cohort)
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    shown = title.inner_text()
    title.focus()
    page.keyboard.press("x")  # with the focus here, JupyterLab would cut a cell
    expect(title).not_to_have_text(shown)
    page.keyboard.press("p")
    expect(title).to_have_text(shown)
    area = bench.get_by_role("textbox", name="Commentaire")
    area.scroll_into_view_if_needed()
    forth = bench.get_by_role("button", name="Copie suivante")
    for part in (title, *bench.get_by_role("radio").all(), bench.locator(".course-sum"), area, forth):
        expect(part).to_be_in_viewport(ratio=1)
    assert area.bounding_box()["y"] + area.bounding_box()["height"] <= forth.bounding_box()["y"]
    title.focus()
    for key in "llklkl":
        page.keyboard.press(key)
    area.fill(COMMENT)
    expect(bench.locator(".course-status")).to_have_text(re.compile("Enregistré"))
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    picture(bench, "table-de-correction")
    after = until(lambda: {key: mark for key, mark in given(cohort).items() if mark != before.get(key)})
    assert {mark.quality for mark in after.values()} == {11.5}
    assert len(after) == 4  # the four members of one group
    group = after.keys()
    grades, comments = of_quality(lab, "grades"), of_quality(lab, "comments")
    for student in group:
        assert (grades[student]["manual_score"], grades[student]["needs_manual_grade"]) == (11.5, False)
        assert comments[student]["manual_comment"] == COMMENT
    waiting = {student for student, grade in grades.items() if grade["needs_manual_grade"]}
    assert waiting
    assert not waiting & group

    area.focus()
    page.keyboard.press("End")
    os.kill(lab.kernel(BENCH), signal.SIGKILL)
    bench.evaluate("(node) => { node.dataset.old = ''; }")
    typed = COMMENT

    def is_new() -> bool:
        """Somebody types on, into the new bench without knowing it."""
        nonlocal typed
        typed += "a"
        page.keyboard.press("a")
        page.wait_for_function("(typed) => document.activeElement.value === typed", arg=typed)
        return page.locator("[data-old]").count() == 0

    until(is_new)
    page.keyboard.type(" Fin.")
    expect(area).to_have_value(f"{typed} Fin.")
    until(lambda: {mark.comment for key, mark in given(cohort).items() if key in after} == {f"{typed} Fin."})
    expect(bench.locator(".course-status")).to_have_text(re.compile("Enregistré"))
    expect(title).to_have_text(shown)
    assert {of_quality(lab, "grades")[student]["manual_score"] for student in group} == {11.5}
    page.keyboard.press("Escape")


def of_quality(lab: Lab, what: str) -> dict[str, Any]:
    """By trainee, what formgrader has of the quality of the canvas."""
    found = {}
    for submission in formgrader(lab, "submitted_notebooks/but-3/but-3"):
        rows = formgrader(lab, f"{what}?submission_id={submission['id']}")
        found[submission["student"]] = next(row for row in rows if row["name"] == "qualite-3-1")
    return found


def formgrader(lab: Lab, path: str) -> Any:
    headers = {"Authorization": f"token {lab.address.token}"}
    request = urllib.request.Request(f"{lab.address.base}/formgrader/api/{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=600) as reply:
        return json.load(reply)


def given(cohort: Cohort) -> dict[str, marks.Mark]:
    with gradebook.opened(cohort) as connection:
        found = marks.read(connection, objectives=[LAST])
    return {mark.student: mark for mark in found if mark.quality is not None}


def test_the_desk_leads_through_the_work_by_buttons(lab: Lab, page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    turn(page, lab.page(DESK))
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


def test_the_class_is_given_back_kept_and_forgotten_by_commands(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(cohort.root)

    def course(*words: str) -> str:
        """What a command of `course` prints, typed in the folder of the class."""
        assert main(words) == 0
        return text_of(capsys.readouterr().out)

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
