"""Everything from `course open` on is French: the trainee’s path in a real browser, all texts and names read.

The detector is a list of English words, `english.txt` beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE, Lab, turn
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ENGLISH = frozenset(
    word
    for line in (Path(__file__).parent / "english.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)

KEPT = (
    *(re.compile(rf"\b{words}\b") for words in ("CC BY", "PLoS ONE", "Word")),  # a licence, a journal, a program
    re.compile(r"(?:Ctrl|Shift|Alt)\+[\w+]+"),  # as it is written on the key
    re.compile(r"^Nom ?: [^\n]+ Chemin ?: .*"),  # JupyterLab's hint on a file, with values of the program
    re.compile(r"^/\S+$"),  # a path
    re.compile(r"^\w+ Reference$"),  # a manual in English, which the kernel's own list names
    # JupyterLab reads these before an extension can translate them; they are for programmers.
    re.compile(
        r"^(?:Copy Selected Text|Enable Debugger|Licenses|Select a kernel that supports debugging to enable debugger)$"
    ),
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


ANYWHERE = """<!doctype html><html lang="fr"><title>Edit</title><body>
<div role="menubar"><div role="menuitem">Settings</div></div>
<button title="File Browser (Ctrl+Shift+F)">1</button><input placeholder="Search"><input type="button" value="Save">
<img alt="Rename"><div role="group" aria-label="Delete">Un mot</div><div id="box"></div><p hidden>Restart</p>"""


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
def page(lab: Lab, browser: Any) -> Iterator[Any]:
    """One window for the whole path."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    opened.set_default_timeout(1000 * PATIENCE)
    opened.goto(lab.url())
    expect(opened.locator("#course-cover")).to_have_count(0)
    yield opened
    opened.close()


class TestDetector:
    @pytest.mark.parametrize("text", ["Edit", "Save Notebook", "Restart Kernel…", "No outputs", "settings-menu"])
    def test_knows_english(self, text: str) -> None:
        assert english(text)

    @pytest.mark.parametrize("text", ["Redémarrer le noyau…", "Un menu, des options, une page", "Le code de la main"])
    def test_leaves_french_alone(self, text: str) -> None:
        assert not english(text)

    def test_sees_english_on_the_page_wherever_it_is_shown_or_spoken(self, context: Any) -> None:
        other = context.new_page()
        other.set_content(ANYWHERE)
        other.evaluate("box.attachShadow({mode: 'open'}).innerHTML = '<p>Kernel</p>'")
        assert left_in_english(other).keys() == {
            "Settings", "File Browser (Ctrl+Shift+F)", "Search", "Save", "Rename", "Kernel", "Delete", "Edit",
        }  # fmt: skip


class TestPath:
    """What a trainee meets, in the order of a first visit."""

    def test_home_and_the_contents(self, page: Any) -> None:
        assert_french(page)
        page.get_by_role("button", name="Sommaire").click()
        page.get_by_role("dialog", name="Sommaire").wait_for()
        assert_french(page)
        page.keyboard.press("Escape")

    def test_the_welcome_page(self, page: Any) -> None:
        page.get_by_role("link", name="Suivant").click()
        page.get_by_role("region", name="Ma progression").wait_for()
        assert_french(page)

    def test_a_lesson(self, page: Any) -> None:
        page.get_by_role("link", name="Suivant").click()
        page.get_by_role("heading", name="Introduction : partir des personnes").wait_for()
        page.locator(".course-live").last.locator(".jp-OutputArea-output").wait_for(state="attached")
        page.get_by_role("button", name="Lire la suite").click()
        assert_french(page)

    def test_an_exercise_and_its_canvas(self, page: Any, lab: Lab) -> None:
        turn(page, lab.page("exercises/but-1/but-1.ipynb"))
        canvas = page.get_by_role("region", name=re.compile(r"^Canevas 1\.1"))
        canvas.wait_for()
        assert_french(page)
        canvas.get_by_role("textbox").first.fill("Santé")
        canvas.locator(".course-status", has_text=re.compile("^Enregistré$")).wait_for()
        canvas.get_by_role("button", name="Responsable, échéance, indicateur").click()
        canvas.get_by_role("button", name="Vérifier").click()
        canvas.locator(".course-report li").first.wait_for()
        assert_french(page)

    def test_a_browser_without_the_key(self, lab: Lab, browser: Any) -> None:
        stranger = browser.new_page(locale="fr-FR")
        stranger.goto(f"{lab.address.base}/lab")
        stranger.get_by_role("heading", name="Le cours ne reconnaît pas ce navigateur").wait_for()
        assert_french(stranger)
        stranger.close()


@pytest.fixture(scope="class")
def full(lab: Lab, page: Any) -> Any:
    """The same window, in JupyterLab as it is: one link away from the path."""
    page.goto(f"{lab.address.base}/lab/workspaces/entier/tree/modules/03-strategie-mondiale.ipynb")
    page.locator(".jp-Notebook h1").first.wait_for()
    page.locator(".jp-DirListing-item").first.wait_for()
    expect(page.get_by_text("No Kernel")).to_have_count(0)  # until one has started
    return page


class TestJupyterLabAsItIs:
    def test_the_menus(self, full: Any) -> None:
        bar = full.get_by_role("menubar", name="main menu").or_(full.locator(".lm-MenuBar")).first
        for menu in bar.get_by_role("menuitem").all():
            menu.click()
            full.locator(".lm-Menu").first.wait_for()
            try:
                assert_french(full)
            finally:
                full.keyboard.press("Escape")
            expect(full.locator(".lm-Menu")).to_have_count(0)

    @pytest.mark.parametrize("place", [".jp-Notebook h1", ".jp-DirListing-item", ".lm-DockPanel-tabBar .lm-TabBar-tab"])
    def test_the_context_menus(self, full: Any, place: str) -> None:
        full.locator(place).first.click(button="right")
        full.locator(".lm-Menu").first.wait_for()
        assert_french(full)
        full.keyboard.press("Escape")
        expect(full.locator(".lm-Menu")).to_have_count(0)

    @pytest.mark.parametrize("command", ["Redémarrer le noyau…", "Arrêter"])
    def test_the_restart_of_a_kernel_and_the_end_of_the_server(self, full: Any, command: str) -> None:
        full.locator(".jp-Notebook h1").first.click()
        full.keyboard.press("Control+Shift+C")
        full.locator(".lm-CommandPalette-input").fill(command)
        full.locator(".lm-CommandPalette-item", has_text=command).first.click()
        full.locator(".jp-Dialog").wait_for()
        assert_french(full)
        full.locator(".jp-Dialog .jp-mod-reject").click()
        expect(full.locator(".jp-Dialog")).to_have_count(0)

    def test_deleting_a_file(self, full: Any) -> None:
        full.locator(".jp-DirListing-item").first.click()
        full.keyboard.press("Delete")
        full.locator(".jp-Dialog").wait_for()
        assert_french(full)
        full.locator(".jp-Dialog .jp-mod-reject").click()
        expect(full.locator(".jp-Dialog")).to_have_count(0)
