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
from browser import FLAGS, PATIENCE, ROOT, VIEW, Lab, chromium, command_line, ended, opened_lab, turn, until
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


def opened(page: Page, lab: Lab) -> Any:
    page.goto(lab.url(NOTEBOOK))
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
    """A server of its own: its kernels are killed, and at last the server too."""
    with opened_lab(tmp_path_factory.mktemp("stagiaire") / "classeur") as opened:
        yield opened


class Person:
    """A person's own browser: what it keeps is on a disk, and outlasts its death."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self._type, self._folder = browser.browser_type, folder
        self.profile = self.start()

    def start(self) -> Any:
        self.profile = self._type.launch_persistent_context(
            self._folder, executable_path=chromium(), args=list(FLAGS), viewport=VIEW, locale="fr-FR"
        )
        self.profile.set_default_timeout(1000 * PATIENCE)
        return self.profile

    def kill(self) -> None:
        kill(*(each for each in psutil.process_iter() if str(self._folder) in " ".join(command_line(each))))


@pytest.fixture(scope="module")
def person(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    person = Person(browser, tmp_path_factory.mktemp("profil"))
    yield person
    person.profile.close()


@pytest.fixture(scope="module")
def profile(person: Person) -> Any:
    return person.profile


@pytest.fixture(scope="module")
def place(lab: Lab, profile: Any) -> Page:
    """One page for one fault after the other, as in a day's work."""
    page = profile.pages[0]
    opened(page, lab)
    return page


@pytest.fixture(scope="module")
def second(lab: Lab, place: Page) -> Page:
    """A second tab on the same notebook, from the first fault on that needs two."""
    page = place.context.new_page()
    opened(page, lab)
    return page


@pytest.fixture
def area(place: Page) -> Any:
    """A field of the page, which has seen its last text saved."""
    field = place.get_by_role("textbox", name=AREA)
    field.fill("avant")
    saved(place)
    return field


class TestFaults:
    def test_the_network_is_cut_and_comes_back(self, lab: Lab, place: Page, area: Any, profile: Any) -> None:
        profile.set_offline(True)
        try:
            area.fill("avant la coupure, pendant")
        finally:
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

    def test_two_tabs_write_while_their_kernel_hangs(self, lab: Lab, place: Page, area: Any, second: Page) -> None:
        two = second.get_by_role("textbox", name=AREA)
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

    def test_two_kernels_write_one_file(self, lab: Lab, place: Page, area: Any, second: Page) -> None:
        folder = lab.folder / "exercises/but-3"
        shutil.copy(folder / "but-3.ipynb", folder / "copie.ipynb")
        turn(second, lab.page("exercises/but-3/copie.ipynb"))
        two = second.get_by_role("textbox", name=AREA)
        expect(two).to_have_value("avant")
        until(lambda: len(lab.kernels()) >= 2)
        area.fill("texte de la première")
        saved(place)
        two.fill("texte de la seconde")
        saved(second)
        assert text(lab) == "texte de la seconde"
        expect(second.get_by_role("group", name=re.compile("^Deux textes"))).to_contain_text("texte de la première")
        second.get_by_role("button", name="Garder le texte affiché").click()
        saved(second)

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

    def test_in_mid_word_one_page_is_closed_and_another_loaded_anew(
        self, lab: Lab, place: Page, area: Any, second: Page
    ) -> None:
        other = re.compile(r"^Action 1 de la stratégie 1, option 3\.5\.a :")
        second.get_by_role("textbox", name=other).fill("mot tapé juste avant de fermer")
        second.close()
        area.fill("mot tapé juste avant de recharger")
        place.reload()
        expect(area).to_have_value("mot tapé juste avant de recharger")
        expect(place.get_by_role("textbox", name=other)).to_have_value("mot tapé juste avant de fermer")
        until(lambda: text(lab) == "mot tapé juste avant de recharger")
        until(lambda: "mot tapé juste avant de fermer" in file_of(lab).read_text(encoding="utf-8"))

    def test_the_server_and_the_browser_die_and_the_words_come_back(
        self, lab: Lab, place: Page, area: Any, person: Person
    ) -> None:
        """Typed on while no server runs, in a browser that is then killed: on disk once both are started again."""
        area.focus()
        place.evaluate(WATCH)
        refused: list[str] = []
        place.on("requestfailed", lambda request: refused.append(request.url))
        here = psutil.Process(lab.address.pid)
        kill(*here.children(recursive=True), here)
        area.fill("avant la panne, et pendant")
        until(lambda: place.evaluate("1") and len(refused) > 2)  # JupyterLab has noticed, more than once
        expect(area).to_be_focused()
        expect(area).to_have_value("avant la panne, et pendant")
        assert place.evaluate("seen") == {"dialogs": 0, "away": 0}
        bar = place.locator(".course-bar")
        expect(bar).to_contain_text("Le cours ne répond plus")
        expect(bar).to_be_in_viewport(ratio=0.9)

        server = Server(lab.place, {"PYTHONPATH": str(ROOT)})  # the page was never reloaded
        expect(bar).to_contain_text("de nouveau reliée")
        saved(place)
        until(lambda: text(lab) == "avant la panne, et pendant")
        assert place.evaluate("seen.dialogs") == 0
        here = psutil.Process(server.address.pid)
        kill(*here.children(recursive=True), here)
        area.press_sequentially(", jusqu’au bout")
        until(lambda: "jusqu’au bout" in place.evaluate(KEPT))  # in milliseconds; localStorage takes seconds
        person.kill()
        assert text(lab) == "avant la panne, et pendant"

        server = Server(lab.place, {"PYTHONPATH": str(ROOT)})
        try:
            page = person.start().pages[0]
            area = opened(page, Lab(lab.folder, lab.place, server.address))
            expect(area).to_have_value("avant la panne, et pendant, jusqu’au bout")
            until(lambda: text(lab) == "avant la panne, et pendant, jusqu’au bout")
            until(lambda: page.evaluate(KEPT) == "")
        finally:
            server.stop()


def kill(*processes: psutil.Process) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    ended(processes)
