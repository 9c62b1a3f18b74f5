"""Pictures of the course's pages in a real JupyterLab, at four widths, light and dark.

Run as `python tests/lab/look.py FOLDER`.

What `--seulement` names is taken alone: a part of a picture's name, such as `360` or `canevas`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import FLAGS, chromium, opened_lab
from playwright.sync_api import sync_playwright

SIZES = {"1366": (1366, 768), "1024": (1024, 600), "768": (768, 1024), "360": (360, 740)}
LESSON, EXERCISE = "modules/04-but-1-autonomiser-et-mobiliser.ipynb", "exercises/but-1/but-1.ipynb"


def _shown(page: Any) -> None:
    page.locator("#course-header").wait_for(state="attached")
    page.locator("#course-cover").wait_for(state="detached")
    page.wait_for_function("document.fonts.status === 'loaded'")


def _home(page: Any, url: Callable[[str], str]) -> None:
    page.goto(url(""))
    _shown(page)


def _welcome(page: Any, url: Callable[[str], str]) -> None:
    page.goto(url("modules/00-bienvenue.ipynb"))
    _shown(page)
    page.get_by_role("region", name="Qui travaille").wait_for()


def _lesson(page: Any, url: Callable[[str], str]) -> None:
    page.goto(url(LESSON))
    _shown(page)
    page.locator(".course-live .jp-OutputArea-output").last.wait_for(state="attached")


def _exercise(page: Any, url: Callable[[str], str]) -> None:
    page.goto(url(EXERCISE))
    _shown(page)
    page.locator(".course-canvas").first.wait_for()


def _canvas(page: Any, url: Callable[[str], str]) -> None:
    _exercise(page, url)
    page.locator(".course-canvas").first.scroll_into_view_if_needed()


def _contents(page: Any, url: Callable[[str], str]) -> None:
    _exercise(page, url)
    page.get_by_role("button", name="Sommaire").click()


def _refused(page: Any, url: Callable[[str], str]) -> None:
    page.context.clear_cookies()
    page.goto(url("").partition("?")[0])


SCENES = {
    "accueil": _home,
    "bienvenue": _welcome,
    "lecon": _lesson,
    "cahier": _exercise,
    "canevas": _canvas,
    "sommaire": _contents,
    "refus": _refused,
}


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seulement", default="")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        with opened_lab(Path(temporary) / "classeur") as lab:
            for theme in ("light", "dark"):
                for size, (width, height) in SIZES.items():
                    for scene, show in SCENES.items():
                        name = f"{scene}-{size}{'-sombre' if theme == 'dark' else ''}"
                        if asked.seulement not in name or (theme == "dark" and size not in ("1366", "360")):
                            continue
                        page = chrome.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
                        show(page, lab.url)
                        page.screenshot(path=asked.folder / f"{name}.png")
                        page.close()
        chrome.close()


if __name__ == "__main__":
    main()
