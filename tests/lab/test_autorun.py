"""The course's own cells run by themselves, at opening and after a restart, and nothing else ever does."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE, Lab, opened_lab, turn, until
from notebooks import canvas_source, code, text, write
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

GOOD = canvas_source("1.1")
BROKEN = """
import course


def glossary():
    raise ValueError("les mots manquent")


course.glossary = glossary
"""
WITNESS = "import pathlib; pathlib.Path(r'{}').write_text('ran')"


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that exists once anything ran that should not have."""
    return tmp_path_factory.mktemp("witness") / "ran"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, witness: Path) -> Iterator[Lab]:
    evil = WITNESS.format(witness)

    def fill(folder: Path) -> None:
        write(folder / "trois.ipynb", *(code(canvas_source(f"1.{number}")) for number in (1, 2, 3)))
        broken = "# Glossaire\nfrom course import glossary\nglossary()"
        write(folder / "panne.ipynb", code(canvas_source("1.1")), code(broken), code(canvas_source("1.3")))
        write(folder / "texte.ipynb", text("# Une leçon"), code(canvas_source("2.1")))
        hostile = folder / "hostile"
        tagged = {"tags": ["canvas", "autorun"], "course": {"autorun": True}, "trusted": True}
        write(
            hostile / "copie.ipynb",
            code(evil, **tagged),
            code(f"{GOOD}\n{evil}", nbgrader={"grade_id": "completude-1-1", "grade": True, "locked": True}),
            code(f'# Canevas 1.1\rimport os\r{evil}\nfrom course import canvas\ncanvas("1.1")'),
            code(f'# Canevas 1.1\u2028{evil}\nfrom course import canvas\ncanvas("1.1")'),
            code(f'# Canevas 1.1\nfrom course import canvas\ncanvas("1.1");{evil}'),
            text(GOOD, "raw"),
            text(GOOD),
            {**code(canvas_source("1.2")), "outputs": [saved('<img src=x onerror="window.ran=1"><b>avant</b>')]},
        )
        for module in ("course", "anywidget", "ipykernel_launcher", "ipykernel", "json"):
            (hostile / f"{module}.py").write_text(evil, encoding="utf-8")

    startup = tmp_path_factory.mktemp("ipython") / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "10-panne.py").write_text(BROKEN, encoding="utf-8")
    with opened_lab(
        tmp_path_factory.mktemp("stagiaire") / "classeur",
        fill=fill,
        environment={"IPYTHONDIR": str(startup.parents[1])},
    ) as opened:
        yield opened


def saved(html: str) -> dict[str, Any]:
    widget = {"version_major": 2, "version_minor": 0, "model_id": "0" * 32}
    data = {"text/html": html, "text/plain": "", "application/vnd.jupyter.widget-view+json": widget}
    return {"output_type": "display_data", "metadata": {}, "data": data}


# What JupyterLab says, in English, of a widget that is on its way or that nobody knows any more.
WORDS = """
  window.words = [];
  const look = () => {
    for (const node of document.querySelectorAll(".jp-OutputArea-output")) {
      const text = node.offsetParent && node.getBoundingClientRect().height ? node.innerText : "";
      if (/widget|model/i.test(text)) words.push(text);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


@pytest.fixture(scope="module")
def requests() -> list[bytes]:
    """What the window asks kernels to run."""
    return []


@pytest.fixture(scope="module")
def window(lab: Lab, browser: Any, requests: list[bytes]) -> Iterator[Any]:
    """A trainee's window, opened at three canvases by their address; one page comes after the other in it."""

    def sent(frame: str | bytes) -> None:
        raw = frame.encode() if isinstance(frame, str) else frame
        if b"execute_request" in raw and b"cellId" in raw:
            requests.append(raw)

    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    page.set_default_timeout(1000 * PATIENCE)
    page.add_init_script(WORDS)
    page.on("websocket", lambda socket: socket.on("framesent", sent))
    page.goto(lab.url("trois.ipynb"))  # kernel and page start together, as from a bookmark
    for number in (1, 2, 3):
        page.get_by_role("region", name=f"Canevas 1.{number}").wait_for()
    expect(page.locator("#course-cover")).to_have_count(0)
    yield page
    page.close()


class TestOpening:
    def test_every_canvas_is_live_without_a_click_in_one_request_and_no_code_is_seen(
        self, window: Any, requests: list[bytes]
    ) -> None:
        """It comes first: other pages of the window have requests of their own."""
        assert len(requests) == 1
        assert window.evaluate("document.documentElement.lang") == "fr-FR"
        assert "from course" not in window.locator("body").inner_text()
        assert window.locator(".jp-Notebook .cm-content:visible").count() == 0
        assert window.locator(".jp-Dialog").count() == 0

    def test_a_cell_that_cannot_open_says_so_in_its_place_and_stops_no_other(self, lab: Lab, window: Any) -> None:
        turn(window, lab.page("panne.ipynb"))
        window.get_by_role("region", name="Canevas 1.3").wait_for()
        cells = window.locator(".jp-Notebook .jp-CodeCell")
        for number, name in ((0, "Canevas 1.1"), (2, "Canevas 1.3")):
            cells.nth(number).get_by_role("region", name=name).wait_for()
        alert = cells.nth(1).get_by_role("alert")
        alert.wait_for()
        assert "n’a pas pu s’ouvrir" in alert.inner_text()
        assert "les mots manquent" in alert.inner_text()
        assert window.locator(".jp-Notebook").get_by_role("alert").count() == 1

    def test_a_hostile_copy_runs_its_canvas_and_nothing_of_its_own(self, lab: Lab, window: Any, witness: Path) -> None:
        turn(window, lab.page("hostile/copie.ipynb"))
        window.get_by_role("region", name="Canevas 1.2").wait_for()
        expect(window.locator(".course-canvas")).to_have_count(1)
        window.locator(".course-canvas textarea").first.fill("Réunir le comité")
        window.locator(".course-status", has_text=re.compile("^Enregistré$")).wait_for()
        assert (lab.folder / "hostile" / "reponses" / "1.2.json").exists()
        assert not witness.exists()
        assert window.locator(".course-live").count() == 1
        assert window.evaluate("window.ran") is None

    def test_a_saved_canvas_opens_without_a_dead_one_before_it(self, lab: Lab, window: Any) -> None:
        dead = {**code(canvas_source("2.2")), "outputs": [saved("<p>Canevas 2.2, enregistré</p>")]}
        write(lab.folder / "saved.ipynb", text("# Une leçon"), dead)
        turn(window, lab.page("saved.ipynb"))
        window.get_by_role("region", name="Canevas 2.2").wait_for()
        assert window.locator(".course-canvas:visible").count() == 1
        assert window.evaluate("words") == []

    @pytest.mark.parametrize("notebook", ["modules/00-bienvenue.ipynb", "exercises/but-1/but-1.ipynb"])
    def test_a_double_click_opens_no_source(self, lab: Lab, window: Any, notebook: str) -> None:
        title = {"modules/00-bienvenue.ipynb": "Bienvenue", "exercises/but-1/but-1.ipynb": "Cahier du but 1"}[notebook]
        turn(window, lab.page(notebook))
        heading = window.locator(".jp-Notebook .jp-MarkdownOutput h1", has_text=title)
        heading.dblclick()
        window.keyboard.press("Enter")
        assert window.locator(".jp-Notebook .cm-content:visible").count() == 0
        assert heading.is_visible()


@pytest.fixture(scope="module")
def lesson(lab: Lab, window: Any) -> Any:
    """The window on a page with one live canvas, for all the tests that only need that."""
    turn(window, lab.page("texte.ipynb"))
    window.get_by_role("region", name="Canevas 2.1").wait_for()
    return window


class TestDesk:
    """What a trainee's page holds: their notebook, and nothing of a programmer's."""

    def test_has_no_menu_no_tool_and_no_notice(self, lesson: Any) -> None:
        for furniture in (".lm-MenuBar", ".jp-Toolbar", ".jp-cell-toolbar", ".lm-TabBar-tab", ".course-notice"):
            assert lesson.locator(f"{furniture}:visible").count() == 0, furniture
        assert "Valid" not in lesson.locator("body").inner_text()


WATCH = """() => {
  window.seen = {dialogs: 0, without: 0, frames: 0, away: []};
  new MutationObserver((changes) => {
    for (const {addedNodes} of changes) {
      for (const node of addedNodes) if (node.matches?.(".jp-Dialog")) seen.dialogs += 1;
    }
  }).observe(document.body, {childList: true, subtree: true});
  const look = () => {
    seen.frames += 1;
    const shown = [...document.querySelectorAll(".course-canvas")].filter((node) => node.offsetHeight > 40);
    if (!shown.length) seen.without += 1;
    const active = document.activeElement;
    if (active.tagName !== "TEXTAREA") seen.away.push(`${active.tagName}.${active.className}`);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


RENEWED = "() => [...document.querySelectorAll('.course-canvas')].every((node) => node.stamp !== 'old')"


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is for POSIX systems")
class TestDeathOfTheKernel:
    def test_typing_goes_on_through_it(self, lab: Lab, lesson: Any) -> None:
        page = lesson
        field = page.locator(".course-canvas textarea").first
        field.click()
        page.keyboard.type("Réunir ")
        page.locator(".course-status", has_text=re.compile("^Enregistré$")).wait_for()
        page.evaluate("document.querySelector('.course-canvas').stamp = 'old'")
        page.evaluate(WATCH)
        os.kill(lab.kernel("texte.ipynb"), signal.SIGKILL)
        words = 0
        while not page.evaluate(RENEWED):
            page.keyboard.type(f"mot{words} ", delay=40)
            words += 1
            assert words < 540  # what a field holds: no time, however busy the machine
        page.keyboard.type("fin")
        page.locator(".course-status", has_text=re.compile("^Enregistré$")).wait_for()
        expected = "Réunir " + "".join(f"mot{number} " for number in range(words)) + "fin"
        answers = lab.folder / "reponses" / "2.1.json"
        until(lambda: expected in answers.read_text(encoding="utf-8"))
        assert page.locator(".course-canvas textarea").first.input_value() == expected
        seen = page.evaluate("seen")
        assert seen["dialogs"] == 0
        assert seen["without"] == 0
        assert seen["away"] == []
        assert seen["frames"] > 10


class TestRestart:
    def test_a_kernel_restarted_by_hand_gets_its_canvas_again(self, lab: Lab, lesson: Any) -> None:
        page = lesson
        page.evaluate("document.querySelector('.course-canvas').stamp = 'old'")
        page.evaluate(WATCH)
        page.locator(".course-canvas textarea").first.focus()
        headers = {"Authorization": f"token {lab.address.token}"}
        sessions = page.request.get(f"{lab.address.base}/api/sessions", headers=headers).json()
        [kernel] = [session["kernel"]["id"] for session in sessions if session["path"] == "texte.ipynb"]
        page.request.post(f"{lab.address.base}/api/kernels/{kernel}/restart", headers=headers)
        page.wait_for_function(RENEWED)
        assert page.locator(".course-canvas").count() == 1
        assert page.evaluate("seen.without") == 0
