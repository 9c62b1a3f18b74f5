"""Pictures of the course's pages, a trainee's and the desk's, in a real JupyterLab, at four widths, light and dark.

Run as `python tests/lab/look.py FOLDER`.

What `--seulement` names is taken alone: a part of a picture's name, such as `360` or `canevas`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import FLAGS, Lab, chromium, opened_lab
from playwright.sync_api import sync_playwright

from course.instructor.demo.command import demo
from course.lab.settings import Desk

SIZES = {"1366": (1366, 768), "1024": (1024, 600), "768": (768, 1024), "360": (360, 740)}
LESSON, EXERCISE = "modules/04-but-1-autonomiser-et-mobiliser.ipynb", "exercises/but-1/but-1.ipynb"
DESK, BENCH = "modules/20-formateur.ipynb", "modules/21-correction.ipynb"

THEMED = "(theme) => document.body.dataset.jpThemeLight === String(theme === 'light')"


class Scene(NamedTuple):
    """A page, what must be there before it is taken, and what is brought into view."""

    page: str
    shown: str
    target: str = ""


TRAINEE = {
    "accueil": Scene("", ".course-home"),
    "bienvenue": Scene("modules/00-bienvenue.ipynb", ".course-card"),
    "lecon": Scene(LESSON, ".course-live .jp-OutputArea-output > *"),
    "dessin": Scene("modules/01-introduction.ipynb", ".jp-Notebook img", ".jp-Notebook img"),
    "cahier": Scene(EXERCISE, ".course-canvas textarea"),
    "objectif": Scene(EXERCISE, ".course-canvas textarea", ".jp-Notebook h2:has(~ p > img)"),
    "canevas": Scene(EXERCISE, ".course-canvas textarea", ".course-canvas table"),
    "plan": Scene("modules/13-mon-plan.ipynb", ".course-live .jp-OutputArea-output > *"),
    "sommaire": Scene(LESSON, ".course-live .jp-OutputArea-output > *"),
}
PARTS = ("recueillir", "corriger", "regarder", "rendre", "garder")
INSTRUCTOR = {
    "bureau": Scene(DESK, ".course-desk"),
    **{f"bureau-{part}": Scene(f"{DESK}#cell-id={part}", ".course-desk") for part in PARTS},
    "correction": Scene(BENCH, ".course-bench .course-sheet", ".course-bench .course-head"),
}


def take(browser: Any, lab: Lab, scenes: dict[str, Scene], folder: Path, part: str) -> None:
    """Take the pictures of scenes, each loaded once, whose names contain `part`."""
    page = browser.new_page(locale="fr-FR")
    page.goto(lab.url())
    for name, scene in scenes.items():
        wanted = {
            f"{name}-{size}{'-sombre' * (theme == 'dark')}": (*SIZES[size], theme)
            for theme in ("light", "dark")
            for size in SIZES
            if part in f"{name}-{size}{'-sombre' * (theme == 'dark')}"
        }
        if not wanted:
            continue
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto("about:blank")
        page.goto(lab.page(scene.page) if scene.page else f"{lab.address.base}/lab")
        page.locator("#course-header").wait_for(state="attached")
        page.locator("#course-cover").wait_for(state="detached")
        page.locator(scene.shown).first.wait_for(state="attached")
        page.wait_for_function("[...document.images].every((image) => image.complete)")
        if name == "sommaire":
            page.get_by_role("button", name="Sommaire").click()
        for picture, (width, height, theme) in wanted.items():
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(
                "(width) => document.querySelector('.course-header').offsetWidth === width", arg=width
            )
            if scene.page:
                page.wait_for_function(THEMED, arg=theme)
            if scene.target:
                page.locator(scene.target).first.evaluate("(node) => node.scrollIntoView()")
            page.screenshot(path=folder / f"{picture}.png")
    page.close()


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seulement", default="")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    folder = asked.folder.resolve()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        with opened_lab(Path(temporary) / "classeur") as lab:
            take(chrome, lab, TRAINEE, folder, asked.seulement)
            page = chrome.new_page(viewport={"width": 1366, "height": 768})
            page.goto(f"{lab.address.base}/lab")  # without the key
            page.screenshot(path=folder / "refus-1366.png")
            page.close()
        if any(asked.seulement in f"{name}-{size}-sombre" for name in INSTRUCTOR for size in SIZES):
            root = demo(Path(temporary) / "demo").root
            os.chdir(root)
            with opened_lab(root, desk=Desk.INSTRUCTOR) as lab:
                take(chrome, lab, INSTRUCTOR, folder, asked.seulement)
        chrome.close()


if __name__ == "__main__":
    main()
