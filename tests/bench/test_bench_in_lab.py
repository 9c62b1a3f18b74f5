"""`course review` in a real JupyterLab: the page opens on the bench, and what is given is in formgrader."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from typing import Any

import pytest
from browser import Lab, opened_lab, until
from hands import KEYS, LEVELS, SAVED
from playwright.sync_api import expect

from course.commands.lab import BENCH, bring_pages
from course.instructor.cohort.places import Cohort
from course.lab.settings import Desk

pytestmark = pytest.mark.browser


def formgrader(lab: Lab, path: str) -> Any:
    headers = {"Authorization": f"token {lab.address.token}"}
    request = urllib.request.Request(f"{lab.address.base}/formgrader/api/{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=600) as reply:
        return json.load(reply)


def of_quality(lab: Lab, what: str) -> dict[str, Any]:
    """By trainee, what formgrader has of the quality of canvas 1.1."""
    found = {}
    for submission in formgrader(lab, "submitted_notebooks/but-1/but-1"):
        rows = formgrader(lab, f"{what}?submission_id={submission['id']}")
        found[submission["student"]] = next(row for row in rows if row["name"] == "qualite-1-1")
    return found


def test_from_the_page_to_formgrader_and_through_a_kernel_s_death(
    cohort: Cohort, page: Any, monkeypatch: pytest.MonkeyPatch, numbers: dict[str, int]
) -> None:
    monkeypatch.chdir(cohort.root)
    with opened_lab(cohort.root, desk=Desk.INSTRUCTOR, fill=bring_pages) as lab:
        page.goto(lab.url(BENCH))
        bench = page.get_by_role("region", name="Table de correction")
        expect(bench.get_by_role("heading", name="Copie 1")).to_be_visible()
        expect(bench.get_by_role("heading", name="Copie 1")).to_be_focused()  # the keys work at once
        if numbers["awa"] > 1:
            bench.get_by_role("combobox", name="Aller à").select_option(index=numbers["awa"] - 1)
        title = bench.get_by_role("heading", name=f"Copie {numbers['awa']}")
        expect(title).to_be_visible()
        title.focus()
        cells = page.locator(".jp-Notebook .jp-Cell").count()
        page.keyboard.press("x")  # with the focus here, JupyterLab would cut a cell
        expect(title).to_be_hidden()
        page.keyboard.press("p")
        expect(title).to_be_visible()
        for key in KEYS:
            page.keyboard.press(key)
        area = bench.get_by_role("textbox", name="Commentaire")
        area.fill("Très concret.")
        expect(bench.locator(".course-status")).to_have_text(SAVED)
        assert page.locator(".jp-Notebook .jp-Cell").count() == cells
        grades, comments = of_quality(lab, "grades"), of_quality(lab, "comments")
        for student in ("awa", "adama"):
            assert (grades[student]["manual_score"], grades[student]["needs_manual_grade"]) == (9, False)
            assert comments[student]["manual_comment"] == "Très concret."
        assert (grades["zoé"]["manual_score"], grades["zoé"]["needs_manual_grade"]) == (None, True)

        os.kill(lab.kernel(BENCH), signal.SIGKILL)
        bench.evaluate("(node) => { node.dataset.old = ''; }")
        typed = "Très concret."

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
        until(lambda: written(lab) == f"{typed} Fin.")
        expect(bench.locator(".course-status")).to_have_text(SAVED)
        expect(title).to_be_visible()
        assert of_quality(lab, "grades")["awa"]["manual_score"] == sum_of(LEVELS)


def written(lab: Lab) -> str:
    return of_quality(lab, "comments")["awa"]["manual_comment"]


def sum_of(levels: tuple[int, ...]) -> float:
    return sum(points * level / 2 for points, level in zip((3, 2, 3, 3, 2, 1), levels, strict=True))
