"""Everything from `course open` on is French: the trainee’s path in a real browser, all texts and names read.

The detector is a list of English words, `english.txt` beside this file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE, Lab, opened_lab
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ENGLISH = frozenset(
    word
    for line in (Path(__file__).parent / "english.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)

KEPT = tuple(
    re.compile(pattern)
    for pattern in (
        # Names that are no language: files and folders (nbgrader's workbook folder is called `exercises`), a licence.
        r"(?<!\S)/\S+",
        r"\bexercises\b",
        r"\bCC BY\b",
        # JupyterLab 4.6 does not translate two values of its tooltips…
        r"(?<=Dernier point de contrôle : )None\b",
        r"(?<=Inscriptible: )(true|false)\b",
        # … nor the keys of its shortcuts …
        r"((Ctrl|Alt|Shift|Cmd)\+)+\S+",
        r"(?<!\S)(Backspace|Delete|Down|End|Enter|Escape|Home|Left|Right|Up)$",
        # … nor, in the palette that Ctrl+Shift+C opens, a few commands that its language pack lacks, « Raw » cells and
        # the names of languages.
        r"Activity Bar Position: (Bottom|Side|Top)|Edit File Browser Path|Licenses|Paste Text|Reset Widget Zoom",
        r"Select (Last|Next) Modified Cell|Zoom (In|Out) Active Widget|(?<=type de cellule )Raw",
        r"^(English - English|French \(France\))$",
    )
)

# All that is visible: texts, names, descriptions, hints, values; open shadow roots too.
TEXTS = """() => {
  const said = [document.title];
  const roots = [document];
  for (let root; (root = roots.pop()); ) {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) roots.push(node.shadowRoot);
      if (!node.checkVisibility({checkVisibilityCSS: true})) continue;
      for (const name of ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "alt",
                          "placeholder", "value"])
        said.push(node.getAttribute(name));
      for (const child of node.childNodes)
        if (child.nodeType === Node.TEXT_NODE && !node.matches("style, script")) said.push(child.data);
    }
  }
  return said;
}"""


def said(page: Any) -> set[str]:
    """Every text of the page, and every name and description that a screen reader would say."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    spoken = [node[key].get("value") for node in nodes for key in ("name", "description", "value") if key in node]
    return {re.sub(r"\s+", " ", text) for text in [*page.evaluate(TEXTS), *spoken] if isinstance(text, str)}


def english(text: str) -> list[str]:
    """The English words of a text, less what is kept."""
    for pattern in KEPT:
        text = pattern.sub(" ", text)
    return [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word in ENGLISH]


def left_in_english(page: Any) -> dict[str, list[str]]:
    """The texts of the page that have an English word."""
    return {text: words for text in sorted(said(page)) if (words := english(text))}


def assert_french(page: Any) -> None:
    found = left_in_english(page)
    assert not found, "\n".join(f"{text!r}: {', '.join(words)}" for text, words in found.items())


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server of its own: it is shut down in the end."""
    with opened_lab(tmp_path_factory.mktemp("stagiaire") / "classeur") as opened:
        yield opened


@pytest.fixture(scope="module")
def page(lab: Lab, browser: Any) -> Iterator[Any]:
    """One window for the whole path."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    opened.set_default_timeout(1000 * PATIENCE)
    opened.goto(lab.url("modules/00-bienvenue.ipynb"))
    yield opened
    opened.close()


class TestDetector:
    @pytest.mark.parametrize("text", ["Edit", "Save Notebook", "Restart Kernel…", "No outputs", "settings-menu"])
    def test_knows_english(self, text: str) -> None:
        assert english(text)

    @pytest.mark.parametrize("text", ["Redémarrer le noyau…", "Un menu, des options, une page", "Le code de la main"])
    def test_leaves_french_alone(self, text: str) -> None:
        assert not english(text)

    def test_sees_english_on_the_page(self, lab: Lab, context: Any) -> None:
        language = lab.place.private / "reglages/@jupyterlab/translation-extension/plugin.jupyterlab-settings"
        language.parent.mkdir(parents=True)
        language.write_text(json.dumps({"locale": "en"}))
        other = context.new_page()
        other.goto(lab.url("modules/00-bienvenue.ipynb"))
        other.get_by_role("heading", name="Bienvenue", exact=True).wait_for()
        other.get_by_role("menuitem", name="Settings").click()
        other.locator(".lm-Menu").wait_for()
        found = left_in_english(other)
        language.unlink()
        assert {"Settings", "File Browser (Ctrl+Shift+F)", "Save and create checkpoint (Ctrl+S)"} <= found.keys()


class TestPath:
    """In the order in which a trainee goes."""

    def test_the_welcome(self, page: Any) -> None:
        page.get_by_role("heading", name="Bienvenue", exact=True).wait_for()
        for name in ("Qui travaille", "Ma progression"):
            page.get_by_role("region", name=name).wait_for()
        assert_french(page)

    def test_the_menus(self, page: Any) -> None:
        for name in ("Fichier", "Paramètres"):
            page.get_by_role("menuitem", name=name).click()
            for item in page.locator(".lm-Menu-item[data-type=submenu]:visible").all():
                item.click()
                page.locator(".lm-Menu").nth(1).wait_for()
                assert_french(page)
            page.locator(".lm-Menu").first.wait_for()
            assert_french(page)
            for _ in range(3):
                page.keyboard.press("Escape")
            expect(page.locator(".lm-Menu")).to_have_count(0)

    def test_the_side_bar(self, page: Any) -> None:
        page.get_by_role("tab", name="Table des Matières").click()
        page.locator(".jp-TableOfContents").wait_for()
        assert_french(page)
        page.get_by_role("tab", name="Explorateur de fichiers").click()
        page.locator(".jp-BreadCrumbs-home").click()
        page.locator(".jp-DirListing-item", has_text="exercises").wait_for()
        assert_french(page)

    @pytest.mark.parametrize("place", [".jp-Notebook h1", ".jp-DirListing-item", ".lm-DockPanel-tabBar .lm-TabBar-tab"])
    def test_the_context_menus(self, page: Any, place: str) -> None:
        page.locator(place).first.click(button="right")
        assert_french(page)
        page.keyboard.press("Escape")

    def test_the_search_in_a_page(self, page: Any) -> None:
        page.locator(".jp-Notebook h1").first.click()
        page.keyboard.press("Control+f")
        page.locator(".jp-DocumentSearch-overlay").wait_for()
        assert_french(page)
        page.keyboard.press("Escape")

    def test_a_lesson(self, page: Any, lab: Lab) -> None:
        page.goto(lab.url("modules/01-introduction.ipynb"))
        page.locator(".jp-Notebook h1").first.wait_for()
        page.locator(".course-live").last.locator(".jp-OutputArea-output").wait_for()
        assert_french(page)

    def test_an_exercise_and_its_canvas(self, page: Any, lab: Lab) -> None:
        page.goto(lab.url("exercises/but-1/but-1.ipynb"))
        canvas = page.get_by_role("region", name=re.compile(r"^Canevas 1\.1"))
        canvas.wait_for()
        assert_french(page)
        canvas.get_by_role("textbox").first.fill("Santé")
        canvas.locator(".course-status", has_text=re.compile("^Enregistré$")).wait_for()
        canvas.get_by_role("button", name="Responsable, échéance, indicateur").click()
        canvas.get_by_role("button", name="Vérifier").click()
        canvas.locator(".course-report li").first.wait_for()
        assert_french(page)

    def test_the_restart_of_a_kernel(self, page: Any) -> None:
        page.locator(".jp-Notebook h1").first.click()
        page.keyboard.press("Control+Shift+C")
        page.locator(".lm-CommandPalette-item").first.wait_for()
        assert_french(page)
        page.locator(".lm-CommandPalette-input").fill("Redémarrer le noyau…")
        page.locator(".lm-CommandPalette-item", has_text="Redémarrer le noyau…").first.click()
        page.locator(".jp-Dialog").wait_for()
        assert_french(page)
        page.locator(".jp-Dialog .jp-mod-reject").click()

    def test_deleting_a_file(self, page: Any) -> None:
        page.locator(".jp-DirListing-item").first.click()
        page.keyboard.press("Delete")
        page.locator(".jp-Dialog").wait_for()
        assert_french(page)
        page.locator(".jp-Dialog .jp-mod-reject").click()

    def test_saving_and_closing_a_tab(self, page: Any) -> None:
        page.locator(".jp-Notebook h1").first.click()
        page.keyboard.press("Control+s")
        page.locator(".jp-mod-current .jp-mod-dirty").wait_for(state="detached")
        assert_french(page)
        page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabCloseIcon").click()
        expect(page.locator(".jp-Notebook")).to_have_count(0)
        assert_french(page)

    def test_shutting_down(self, page: Any) -> None:
        page.get_by_role("menuitem", name="Fichier").click()
        page.get_by_role("menuitem", name="Arrêter").click()
        page.locator(".jp-Dialog").wait_for()
        assert_french(page)
        page.locator(".jp-Dialog .jp-mod-warn").click()
        page.get_by_text("Serveur arrêté").wait_for()
        assert_french(page)
