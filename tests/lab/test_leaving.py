"""The shell's real modules on a plain page: nobody leaves a page unasked that holds what no disk has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from course.core.content import PACKAGE

pytestmark = pytest.mark.browser

SITE = "http://127.0.0.1"
STATIC = PACKAGE / "lab/share/jupyter/labextensions/soins-centres-personnes/static"
HTML = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Page</title><body></body>'
START = (Path(__file__).parent / "plain.js").read_text(encoding="utf-8")
FIELDS = {"short": "", "section": "Cours", "kind": "lecon", "goal": "", "parts": []}
PAGES = [{**FIELDS, "path": f"{name}.ipynb", "title": f"Page {name}"} for name in "ABC"]
# A session of a widget, as the registry knows it.
HOLD = """(fields) => {
  const session = {isUnsaved: true, isStuck: false, name: "le canevas 1.1", kept: true, flushed: 0};
  globalThis.held = {...session, flush() { this.flushed += 1; }, ...fields};
  world.unsaved.add(held);
}"""


class Shell:
    """The shell on a plain page.

    Attributes:
        answers: Whether the server does.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.answers = page, True
        page.route(f"{SITE}/**", self._serve)

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).partition("?")[0]
        for start, folder in (("/static/", STATIC), ("/workbook/", PACKAGE / "workbook")):
            if path.startswith(start):
                return route.fulfill(path=folder / path.removeprefix(start), content_type="text/javascript")
        if path != "/course/state":
            return route.fulfill(body=HTML, content_type="text/html")
        if not self.answers:
            return route.abort()
        return route.fulfill(json={"workbook": "w", "team": "", "marks": {}})

    def open(self, path: str) -> None:
        self.page.goto(f"{SITE}/lab/tree/{path}" if path else f"{SITE}/lab")
        self.page.evaluate(START, PAGES)

    def shows(self, name: str) -> None:
        expect(self.page.locator("main h1:visible")).to_have_text(f"{name}.ipynb")
        assert self.page.url == f"{SITE}/lab/tree/{name}.ipynb"

    def hold(self, **fields: Any) -> None:
        self.page.evaluate(HOLD, fields)

    def go(self, word: str) -> None:
        self.page.get_by_role("navigation", name="Pages voisines").get_by_role("link", name=word).click()

    @property
    def reason(self) -> Any:
        return self.page.locator(".course-alarm:visible")


@pytest.fixture
def shell(page: Page) -> Shell:
    opened = Shell(page)
    opened.open("B.ipynb")
    opened.shows("B")
    return opened


def test_back_while_a_page_saves_cancels_going_on(shell: Shell) -> None:
    shell.go("Suivant")
    shell.shows("C")
    shell.hold()
    shell.page.go_back()
    shell.page.wait_for_function("held.flushed === 1")
    shell.page.go_forward()
    shell.page.evaluate("held.isUnsaved = false")
    shell.shows("C")
    shell.go("Précédent")
    shell.shows("B")
    shell.go("Précédent")
    shell.shows("A")


def test_a_page_is_left_as_soon_as_all_is_saved(shell: Shell) -> None:
    shell.hold()
    shell.go("Suivant")
    shell.page.wait_for_function("held.flushed === 1")
    assert shell.page.url.endswith("/B.ipynb")
    shell.page.evaluate("held.isUnsaved = false")
    shell.shows("C")


@pytest.mark.parametrize("way", ["a link", "the browser's own"])
def test_a_page_that_cannot_save_stays_unless_one_insists(shell: Shell, way: str) -> None:
    shell.go("Suivant")
    shell.shows("C")
    shell.hold(isStuck=True)
    if way == "a link":
        shell.go("Précédent")
    else:
        shell.page.go_back()
    expect(shell.reason).to_contain_text("Pas encore enregistré\u00a0: le canevas 1.1. Cette page reste ouverte.")
    shell.shows("C")
    shell.page.get_by_role("button", name="Quitter quand même").click()
    shell.shows("B")
    expect(shell.reason).to_have_count(0)
    expect(shell.page.locator("#course-bar")).to_contain_text("le canevas 1.1. C’est gardé dans ce navigateur")
    shell.go("Précédent")  # nobody waits for what was left
    shell.shows("A")
    expect(shell.page.locator("#course-bar")).to_contain_text("le canevas 1.1")


def test_a_command_that_would_end_with_the_page_keeps_it(shell: Shell) -> None:
    shell.hold(isStuck=True, warning="«\u202fCorriger\u202f» n’est pas fini.")
    shell.go("Suivant")
    expect(shell.reason).to_contain_text("«\u202fCorriger\u202f» n’est pas fini. Cette page reste ouverte.")
    shell.shows("B")


@pytest.mark.parametrize("turn", ["go_back", "go_forward"])
def test_the_browser_s_back_and_forward_leave_no_page_for_a_dead_server(shell: Shell, turn: str) -> None:
    shell.go("Suivant")
    shell.shows("C")
    if turn == "go_forward":
        shell.page.go_back()
        shell.shows("B")
    stays = "B" if turn == "go_forward" else "C"
    shell.answers = False
    getattr(shell.page, turn)()
    expect(shell.reason).to_contain_text("Le cours ne répond pas")
    shell.shows(stays)
    shell.answers = True
    shell.go("Précédent")
    shell.shows("A" if stays == "B" else "B")


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_bookmark_of_a_page_that_is_gone_leads_home_and_says_so(page: Page, is_listed: bool) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    shell = Shell(page)
    shell.open("B.ipynb" if is_listed else "perdue.ipynb")
    if is_listed:
        page.evaluate("world.broken = true")
        shell.go("Suivant")
    expect(shell.reason).to_contain_text("Cette page n’est plus dans ce classeur")
    expect(page.locator(".course-home")).to_be_visible()
    assert page.url == f"{SITE}/lab"
    assert errors == []


def test_a_kernel_ends_with_its_page_unless_another_window_is_linked_with_it(shell: Shell) -> None:
    shell.page.evaluate("() => { for (const kernel of world.kernels.values()) kernel.connections += 1; }")
    shell.go("Suivant")
    shell.shows("C")
    shell.go("Précédent")
    shell.shows("B")  # once the end of its former panel is decided
    shell.page.wait_for_function("world.stopped.length > 0")
    assert shell.page.evaluate("world.stopped") == ["C.ipynb"]


def test_a_kernel_goes_over_to_the_next_page_but_not_home(shell: Shell) -> None:
    shell.page.evaluate("world.turns = true")
    shell.go("Suivant")
    shell.shows("C")
    shell.go("Précédent")
    shell.shows("B")
    shell.page.wait_for_function("[...world.kernels.values()].filter((one) => one.connections > 0).length === 1")
    assert shell.page.evaluate("[world.asked, world.stopped]") == [["C.ipynb", "B.ipynb"], []]
    shell.page.locator(".course-brand").click()
    shell.page.wait_for_function("world.stopped.length > 0")
    assert shell.page.evaluate("[world.asked.length, world.stopped]") == [2, ["B.ipynb"]]


def test_a_kernel_ends_with_a_page_that_was_left_all_the_same(shell: Shell) -> None:
    shell.page.evaluate("world.turns = true")
    shell.hold(isStuck=True)
    shell.go("Suivant")
    shell.page.get_by_role("button", name="Quitter quand même").click()
    shell.shows("C")
    shell.page.wait_for_function("world.stopped.length > 0")
    assert shell.page.evaluate("[world.asked, world.stopped]") == [[], ["B.ipynb"]]


def test_a_kernel_on_its_way_to_a_page_that_nobody_wants_any_more_ends(shell: Shell) -> None:
    shell.page.evaluate("world.turns = true; world.answer = new Promise((resolve) => { world.let = resolve; }); null")
    shell.go("Suivant")
    shell.page.wait_for_function("world.asked.length === 1")
    shell.page.go_back()
    expect(shell.page.get_by_role("link", name="Précédent")).to_have_attribute("href", "/lab/tree/A.ipynb")
    shell.page.evaluate("world.let()")
    shell.shows("B")
    assert shell.page.evaluate("world.stopped") == ["C.ipynb"]
