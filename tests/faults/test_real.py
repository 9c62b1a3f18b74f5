"""Each fault once with the real parts: JupyterLab, its kernels, Chromium, one disk."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from browser import FLAGS, PATIENCE, ROOT, Lab, chromium, command_line, ended, opened_lab, until
from playwright.sync_api import Page, expect

from course.lab.launch import Server

pytestmark = [pytest.mark.browser, pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals")]

NOTEBOOK = "exercises/but-3/but-3.ipynb"
AREA = re.compile(r"^Stratégie 1, option 3\.5\.a :")


def file_of(lab: Lab) -> Path:
    return lab.folder / "exercises/but-3/reponses/3.5.json"


def text(lab: Lab) -> str:
    try:
        rows = json.loads(file_of(lab).read_text(encoding="utf-8"))["options"]["3.5.a"]
    except (OSError, ValueError):
        return ""
    return rows[0]["strategy"] if rows else ""


def opened(page: Page, lab: Lab, notebook: str = NOTEBOOK) -> Any:
    page.goto(lab.url(notebook))
    area = page.get_by_role("textbox", name=AREA)
    expect(area).to_be_visible()
    return area


def saved(page: Page) -> None:
    canvas = page.get_by_role("region", name=re.compile(r"^Canevas 3\.5 "))
    expect(canvas.locator(".course-status")).to_have_text("Enregistré")


# What takes the focus out of a field, and what JupyterLab puts before the page.
WATCH = """() => {
  window.seen = {dialogs: 0, away: 0};
  document.addEventListener("focusout", () => seen.away += 1);
  new MutationObserver((changes) => {
    for (const {addedNodes} of changes) {
      for (const node of addedNodes) if (node.matches?.(".jp-Dialog")) seen.dialogs += 1;
    }
  }).observe(document.body, {childList: true, subtree: true});
}"""

# The drafts in the browser's database.
KEPT = """async () => {
  const answered = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const base = await answered(indexedDB.open("course"));
  return (await answered(base.transaction("brouillons").objectStore("brouillons").getAll())).join();
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server of its own: it is killed and started again."""
    with opened_lab(tmp_path_factory.mktemp("stagiaire") / "classeur") as opened:
        yield opened


@pytest.fixture(scope="module")
def profile(browser: Any) -> Any:
    """The browser of one person, who has opened JupyterLab before: its code is not fetched anew for each fault."""
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    made.set_default_timeout(1000 * PATIENCE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def place(lab: Lab, profile: Any) -> Page:
    """One page for one fault after the other, as in a day's work."""
    page = profile.new_page()
    opened(page, lab)
    return page


@pytest.fixture
def area(place: Page, profile: Any) -> Iterator[Any]:
    """A field of the page, which has seen its last text saved."""
    field = place.get_by_role("textbox", name=AREA)
    field.fill("avant")
    saved(place)
    yield field
    profile.set_offline(False)


class TestFaults:
    def test_the_network_is_cut_and_comes_back(self, lab: Lab, place: Page, area: Any, profile: Any) -> None:
        profile.set_offline(True)
        area.fill("avant la coupure, pendant")
        profile.set_offline(False)
        until(lambda: text(lab) == "avant la coupure, pendant")
        saved(place)

    @pytest.mark.parametrize("damage", [lambda raw: raw[:40], lambda raw: bytes(len(raw))], ids=["cut short", "zeros"])
    def test_the_file_is_damaged_under_an_open_canvas(self, lab: Lab, place: Page, area: Any, damage: Any) -> None:
        path = file_of(lab)
        before = set(path.parent.glob("3.5-illisible-*.json"))
        path.write_bytes(damage(path.read_bytes()))
        area.fill("écrit avant le dégât, et après")
        until(lambda: text(lab) == "écrit avant le dégât, et après")
        expect(place.locator(".course-warning", has_text="illisible")).to_be_visible()
        assert set(path.parent.glob("3.5-illisible-*.json")) - before

    def test_the_file_is_edited_by_hand_under_an_open_canvas(self, lab: Lab, place: Page, area: Any) -> None:
        area.fill("écrit dans le canevas")
        saved(place)
        path = file_of(lab)
        path.write_text(path.read_text(encoding="utf-8").replace("écrit dans le canevas", "écrit à la main"), "utf-8")
        area.fill("écrit dans le canevas, et encore")
        until(lambda: text(lab) == "écrit dans le canevas, et encore")
        expect(place.get_by_role("group", name=re.compile("^Deux textes"))).to_contain_text("écrit à la main")
        place.get_by_role("button", name="Reprendre cet autre texte").click()
        until(lambda: text(lab) == "écrit à la main")

    def test_the_kernel_is_killed(self, lab: Lab, place: Page, area: Any) -> None:
        area.click()
        for kernel in lab.kernels():
            os.kill(kernel, signal.SIGKILL)
        area.fill("tapé sans noyau")
        until(lambda: text(lab) == "tapé sans noyau")
        saved(place)

    def test_the_kernel_is_culled_or_deleted(self, lab: Lab, place: Page, area: Any, profile: Any) -> None:
        headers = {"Authorization": f"token {lab.address.token}"}
        for kernel in profile.request.get(f"{lab.address.base}/api/kernels", headers=headers).json():
            profile.request.delete(f"{lab.address.base}/api/kernels/{kernel['id']}", headers=headers)
        area.fill("avant, et sans noyau")
        expect(place.locator(".course-bar")).to_contain_text("de nouveau reliée")
        saved(place)
        assert text(lab) == "avant, et sans noyau"
        expect(area).to_have_value("avant, et sans noyau")

    def test_two_tabs_write_while_their_kernel_hangs(self, lab: Lab, place: Page, area: Any, profile: Any) -> None:
        second = profile.new_page()
        two = opened(second, lab)
        area.fill("écrit dans un onglet")
        expect(two).to_have_value("écrit dans un onglet")
        saved(place)
        kernel = lab.kernel(NOTEBOOK)  # of both
        os.kill(kernel, signal.SIGSTOP)
        try:
            area.fill("texte du premier onglet")
            two.fill("texte du second onglet")
        finally:
            os.kill(kernel, signal.SIGCONT)
        for page in (place, second):
            conflict = page.get_by_role("group", name=re.compile("^Deux textes"))
            expect(conflict).to_have_count(1)
        shown = text(lab)
        (other,) = {"texte du premier onglet", "texte du second onglet"} - {shown}
        expect(area).to_have_value(shown)
        expect(two).to_have_value(shown)
        second.get_by_role("button", name="Reprendre cet autre texte").click()
        until(lambda: text(lab) == other)
        expect(area).to_have_value(other)
        expect(place.get_by_role("group", name=re.compile("^Deux textes"))).to_have_count(0)
        second.close()

    def test_two_kernels_write_one_file(self, lab: Lab, place: Page, area: Any, profile: Any) -> None:
        folder = lab.folder / "exercises/but-3"
        shutil.copy(folder / "but-3.ipynb", folder / "copie.ipynb")
        second = profile.new_page()
        two = opened(second, lab, "exercises/but-3/copie.ipynb")
        until(lambda: len(lab.kernels()) >= 2)
        area.fill("texte de la première")
        saved(place)
        two.fill("texte de la seconde")
        saved(second)
        assert text(lab) == "texte de la seconde"
        expect(second.get_by_role("group", name=re.compile("^Deux textes"))).to_contain_text("texte de la première")
        second.close()

    def test_the_clock_is_set_back_a_year(self, lab: Lab, place: Page, area: Any) -> None:
        path = file_of(lab)
        document = json.loads(path.read_text(encoding="utf-8"))
        now = datetime.fromisoformat(document["saved_at"])
        # What the disk holds once the clock is back: a file of the future.
        path.write_text(json.dumps({**document, "saved_at": f"{now.year + 1}{document['saved_at'][4:]}"}), "utf-8")
        later = (now + timedelta(days=366)).timestamp()
        os.utime(path, (later, later))
        place.evaluate("(year) => { Date.now = ((now) => () => now() - year)(Date.now.bind(Date)); }", 366 * 86_400_000)
        area.fill("écrit avant, et après")
        until(lambda: text(lab) == "écrit avant, et après")
        saved(place)
        # And in mid-word the page is reloaded.
        area.fill("mot tapé juste avant de recharger")
        place.reload()
        expect(area).to_have_value("mot tapé juste avant de recharger")
        until(lambda: text(lab) == "mot tapé juste avant de recharger")

    def test_the_page_is_closed_in_mid_word(self, lab: Lab, place: Page, area: Any, profile: Any) -> None:
        area.fill("mot tapé juste avant de fermer")
        place.close()
        expect(opened(profile.new_page(), lab)).to_have_value("mot tapé juste avant de fermer")
        until(lambda: text(lab) == "mot tapé juste avant de fermer")


def test_the_server_and_the_browser_die_and_the_words_come_back(tmp_path: Path, browser: Any) -> None:
    """Typed on while no server runs, in a browser that is then killed: on disk once both are started again."""

    def start() -> Any:
        profile = browser.browser_type.launch_persistent_context(
            tmp_path / "profil", executable_path=chromium(), args=list(FLAGS), locale="fr-FR"
        )
        profile.set_default_timeout(1000 * PATIENCE)
        return profile

    with opened_lab(tmp_path / "classeur") as lab:
        first = start()
        area = opened(first.pages[0], lab)
        area.fill("avant la panne")
        saved(first.pages[0])
        area.focus()
        first.pages[0].evaluate(WATCH)
        refused: list[str] = []
        first.pages[0].on("requestfailed", lambda request: refused.append(request.url))
        kill(*psutil.Process(lab.address.pid).children(recursive=True), psutil.Process(lab.address.pid))
        area.fill("avant la panne, et pendant")
        until(lambda: first.pages[0].evaluate("1") and len(refused) > 2)  # JupyterLab has noticed, more than once
        expect(area).to_be_focused()
        expect(area).to_have_value("avant la panne, et pendant")
        assert first.pages[0].evaluate("seen") == {"dialogs": 0, "away": 0}
        bar = first.pages[0].locator(".course-bar")
        expect(bar).to_contain_text("Le cours ne répond plus")
        expect(bar).to_be_in_viewport(ratio=0.9)

        server = Server(lab.place, {"PYTHONPATH": str(ROOT)})  # the page was never reloaded
        expect(bar).to_contain_text("de nouveau reliée")
        saved(first.pages[0])
        until(lambda: text(lab) == "avant la panne, et pendant")
        assert first.pages[0].evaluate("seen.dialogs") == 0
        here = psutil.Process(server.address.pid)
        kill(*here.children(recursive=True), here)
        area.press_sequentially(", jusqu’au bout")
        until(lambda: "jusqu’au bout" in first.pages[0].evaluate(KEPT))  # in milliseconds; localStorage takes seconds
        kill(*(p for p in psutil.process_iter() if str(tmp_path / "profil") in " ".join(command_line(p))))
        assert text(lab) == "avant la panne, et pendant"

        server = Server(lab.place, {"PYTHONPATH": str(ROOT)})
        second = start()
        try:
            again = Lab(lab.folder, lab.place, server.address)
            area = opened(second.pages[0], again)
            expect(area).to_have_value("avant la panne, et pendant, jusqu’au bout")
            until(lambda: text(lab) == "avant la panne, et pendant, jusqu’au bout")
            until(lambda: second.pages[0].evaluate(KEPT) == "")
        finally:
            second.close()
            server.stop()


def kill(*processes: psutil.Process) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    ended(processes)
