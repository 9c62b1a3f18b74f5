"""A course and no IDE: the walk through a real JupyterLab, as somebody takes it who has never seen one."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from axes import violations as found
from browser import PATIENCE, Lab, turn, until
from playwright.sync_api import Page, expect

from course.core import team
from course.core.team import Team

pytestmark = pytest.mark.browser

COURSE = "Soins centrés sur les personnes"
BUT_1, BUT_2, BUT_5 = (f"exercises/but-{number}/but-{number}.ipynb" for number in (1, 2, 5))
WELCOME = "modules/00-bienvenue.ipynb"
LESSON, NEXT = "modules/02-concepts.ipynb", "modules/03-strategie-mondiale.ipynb"
SIZES = [(1366, 768), (1024, 600), (768, 1024), (360, 740)]
ENDS = (1366, 360)  # widths that axe sees: its rules do not hang on those between
KNOWN = {"empty-table-header"}  # a lesson's table, whose first column has no name
JUPYTER = re.compile(r"ipynb|jupyter|noyau|notebook|kernel|\.json|markdown|exercises|modules/", re.IGNORECASE)

ON_PAPER = re.compile(
    r"^(Soins centrés sur les personnes|Classeur\xa0: .+)Imprimé le \d\d/\d\d/\d{4} à \d\d\xa0h\xa0\d\d$"
)

SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll(
    ".jp-WindowedPanel-outer, .course-home, .course-header, dialog[open]")]
  .filter((node) => node.scrollWidth > node.clientWidth)
  .map((node) => `${node.className} ${node.scrollWidth} > ${node.clientWidth}`)"""

READ = """() => {
  const words = [document.title, document.body.innerText];
  for (const node of document.querySelectorAll("[title], [aria-label], [placeholder]")) {
    if (node.checkVisibility()) words.push(node.title, node.ariaLabel ?? "", node.placeholder ?? "");
  }
  return words.join("\\n");
}"""

FOCUSED = """() => {
  const {activeElement: node, body} = document;
  return node === body ? "" : (node.innerText?.replace(/\\s+/g, " ") ?? "");
}"""

IN_VIEW = """(start) => [...document.querySelectorAll(".jp-Notebook h2")].some((node) => {
  const {top, bottom} = node.getBoundingClientRect();
  return node.textContent.includes(start) && node.checkVisibility() && top >= 0 && bottom <= innerHeight;
})"""


# What JupyterLab 4.6 says, to nobody's harm, when a page is left while its kernel starts, and of a second window.
OF_LEAVING = {
    "Canceled future for create_subshell_request message before replies were done",
    "Cannot read properties of null (reading 'widgets')",
    "Disposed",
    'Window name candidate "null" already exists',
}


def ready(page: Page) -> None:
    expect(page.locator("#course-header")).to_be_attached()  # JupyterLab is there
    expect(page.locator("#course-cover")).to_have_count(0)


def strategy(page: Page, option: str) -> Any:
    return page.get_by_role("textbox", name=re.compile(f"^Stratégie 1, option {re.escape(option)} :"))


def violations(page: Page) -> list[str]:
    """What axe finds on the whole page; the widgets have tests of their own."""
    return found(page, {"exclude": [[".jp-OutputArea"]]}, without=KNOWN)


@pytest.fixture(scope="module")
def page(lab: Lab, browser: Any) -> Iterator[Page]:
    """One window for the whole walk, whose console is free of errors at its end."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    opened.set_default_timeout(1000 * PATIENCE)
    wrong: list[str] = []
    opened.kernels = set(lab.kernels())  # of pages that other tests have closed

    def note(text: str) -> None:
        if text.removeprefix("Error: ").partition("\n")[0] not in OF_LEAVING:
            wrong.append(text)

    opened.on("console", lambda message: message.type == "error" and note(message.text))
    opened.on("pageerror", lambda error: note(str(error)))
    opened.goto(lab.url())
    ready(opened)
    yield opened
    questions: list[str] = []
    opened.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.accept()))
    opened.close(run_before_unload=True)
    assert questions == [], "closing asks nothing"
    assert wrong == []


class TestWalk:
    """In their order: each test goes on where the one before it stopped."""

    def test_the_address_leads_home_and_the_key_leaves_it(self, lab: Lab, page: Page) -> None:
        assert page.url == f"{lab.address.base}/lab"
        assert page.title() == COURSE
        expect(page.get_by_role("heading", name=COURSE)).to_be_visible()
        assert set(lab.kernels()) <= page.kernels

    def test_next_back_and_forward_lead_from_page_to_page(self, lab: Lab, page: Page) -> None:
        page.get_by_role("link", name="Suivant").click()
        expect(page.get_by_role("heading", name="Bienvenue", exact=True)).to_be_visible()
        assert page.title() == f"Bienvenue – {COURSE}"
        page.get_by_role("link", name="Suivant").click()
        expect(page.get_by_role("heading", name="Introduction : partir des personnes")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="Bienvenue", exact=True)).to_be_visible()
        assert page.url == f"{lab.address.base}/lab/tree/modules/00-bienvenue.ipynb"
        page.go_back()
        expect(page.locator(".course-home")).to_be_visible()
        page.go_forward()
        expect(page.get_by_role("heading", name="Bienvenue", exact=True)).to_be_visible()

    def test_a_link_of_a_text_and_the_contents_lead_to_a_place_of_a_page(self, lab: Lab, page: Page) -> None:
        page.locator(".jp-Notebook").get_by_role("link", name="Concepts").first.click()
        expect(page.get_by_role("heading", name="Concepts : quatorze mots")).to_be_visible()
        expect(page.locator(".course-quiz-question").first).to_be_attached()
        kernels = f"{lab.address.base}/api/kernels"  # a kernel that is not busy goes on to the exercise
        until(lambda: all(one["execution_state"] == "idle" for one in page.request.get(kernels).json()))
        page.turned = time.time()
        page.get_by_role("button", name="Sommaire").click()
        contents = page.get_by_role("dialog", name="Sommaire")
        expect(contents.locator("[aria-current]")).to_have_text(re.compile("Concepts"))
        contents.get_by_role("link", name="2.2 Renforcer la redevabilité mutuelle").click()
        expect(contents).to_be_hidden()
        expect(page.get_by_role("region", name=re.compile("^Canevas 2.2"))).to_be_attached()
        page.wait_for_function(IN_VIEW, arg="Objectif 2.2")

    def test_one_page_has_one_kernel(self, lab: Lab, page: Page) -> None:
        until(lambda: len(set(lab.kernels()) - page.kernels) == 1)

    @pytest.mark.skipif(os.name != "posix", reason="kill -9 is for POSIX systems")
    def test_the_kernel_goes_with_the_reader_and_what_dies_comes_back_for_the_page_in_view(
        self, lab: Lab, page: Page
    ) -> None:
        """Started in `modules`, it writes beside the exercise, and so does the one that takes its place."""
        answers = lab.folder / "exercises/but-2/reponses/2.2.json"
        field = strategy(page, "2.2.a")
        field.fill("Écrit par le même noyau")
        until(lambda: answers.is_file() and "Écrit par le même noyau" in answers.read_text(encoding="utf-8"))
        kernel = lab.kernel(BUT_2)
        assert psutil.Process(kernel).create_time() < page.turned
        os.kill(kernel, signal.SIGKILL)
        field.fill("Écrit par le suivant")
        until(lambda: "Écrit par le suivant" in answers.read_text(encoding="utf-8"))
        assert not (lab.folder / "modules/reponses/2.2.json").exists()

    def test_no_key_changes_the_page_and_no_palette_opens(self, page: Page) -> None:
        page.get_by_role("heading", name="Cahier du but 2").click()
        before = page.locator(".jp-Notebook .jp-Cell").count()
        for key in (
            "Alt+Enter",
            "Shift+Enter",
            "Control+Enter",
            "Delete",
            "F2",
            "Control+Shift+C",
            "Control+b",
            "Control+s",
            *"bamydd00x",
            "Enter",
        ):
            page.keyboard.press(key)
        assert page.locator(".jp-Notebook .jp-Cell").count() == before
        assert (
            page.locator(":is(.jp-Dialog, .lm-CommandPalette, .lm-Menu, .jp-Notebook .cm-content):visible").count() == 0
        )
        page.get_by_role("heading", name="Cahier du but 2").click(button="right")
        assert page.locator(".lm-Menu").count() == 0

    def test_what_was_typed_before_next_is_on_disk_and_the_notebook_as_it_was(self, lab: Lab, page: Page) -> None:
        notebook = lab.folder / BUT_2
        shipped = notebook.read_bytes()
        words = "Réunir le comité de gestion chaque mois"
        strategy(page, "2.1.a").fill(words)
        page.get_by_role("link", name="Suivant").click()
        expect(page.get_by_role("heading", name="But 3", level=1)).to_be_visible()
        answers = lab.folder / "exercises/but-2/reponses/2.1.json"
        until(lambda: words in answers.read_text(encoding="utf-8"))
        assert notebook.read_bytes() == shipped

    def test_the_progress_is_the_workbook_s(self, page: Page) -> None:
        page.get_by_role("button", name="Sommaire").click()
        contents = page.get_by_role("dialog", name="Sommaire")
        expect(contents.get_by_role("link", name=re.compile("2.1 .*, commencé"))).to_be_visible()
        page.keyboard.press("Escape")
        expect(contents).to_be_hidden()
        page.locator(".course-brand").click()
        expect(page.locator(".course-home").get_by_role("link", name=re.compile("2.1 .*, commencé"))).to_be_visible()

    def test_home_goes_on_where_one_was(self, page: Page) -> None:
        section = page.get_by_role("region", name="Continuer là où vous étiez")
        expect(section).to_contain_text("But 3")
        section.get_by_role("link", name="Continuer").click()
        expect(page.get_by_role("heading", name="But 3", level=1)).to_be_visible()

    def test_a_dead_server_is_said_and_the_page_stays(self, page: Page) -> None:
        page.route("**/course/state", lambda route: route.fulfill(status=200, body="<html>"))
        before = page.url
        back = page.get_by_role("navigation", name="Pages voisines").get_by_role("link", name="Précédent")
        back.click()
        expect(page.get_by_text("Le cours ne répond pas")).to_be_visible()
        assert page.url == before
        page.unroute("**/course/state")
        expect(page.get_by_text("Le cours ne répond pas")).to_be_hidden()
        back.click()
        expect(page.get_by_role("heading", name="Cahier du but 2")).to_be_visible()

    def test_paper_has_the_words_and_none_of_the_frame(self, page: Page) -> None:
        expect(strategy(page, "2.2.a")).to_be_attached()  # the last canvas is there
        page.wait_for_function("[...document.querySelectorAll('.jp-Notebook img')].every((one) => one.naturalWidth)")
        page.evaluate("addEventListener('course:print', ({detail}) => (window.printed = detail.path), {once: true})")
        page.keyboard.press("Control+p")
        assert page.evaluate("printed") == BUT_2
        page.emulate_media(media="print")
        for hidden in (".course-header", "#course-bar", ".course-contents"):
            expect(page.locator(hidden).first).to_be_hidden()
        expect(page.get_by_role("heading", name="Objectif 2.2")).to_be_visible()
        expect(page.locator(".course-canvas").get_by_text("2.2.d").last).to_be_visible()
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf())) >= 2
        page.emulate_media(media="screen")

    def test_a_page_is_printed_whole_with_who_and_when_and_without_buttons(self, lab: Lab, page: Page) -> None:
        page.evaluate("globalThis.print = () => dispatchEvent(new Event('beforeprint'))")
        for path, words, most in [
            ("", "Créer un environnement propice", 4),
            (LESSON, "Une réunion, quatre malentendus", 30),  # below what is folded
            (WELCOME, "Ma progression", 8),
        ]:
            turn(page, f"{lab.address.base}/lab{f'/tree/{path}' if path else ''}")
            page.locator(".course-home, .course-live section").last.wait_for(state="attached")
            page.get_by_role("button", name="Imprimer", exact=True).click()
            page.emulate_media(media="print")
            expect(page.locator(".course-printed")).to_have_text(ON_PAPER)
            expect(page.locator("#jp-main-dock-panel").get_by_text(words).last).to_be_visible()
            expect(page.locator("button:visible, a.course-button:visible, progress:visible")).to_have_count(0)
            sheets = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", sheets)) <= most, path
            page.emulate_media(media="screen")
        turn(page, f"{lab.address.base}/lab/tree/{BUT_2}")

    def test_jupyterlab_as_it_is_is_one_link_away_and_leads_back(self, lab: Lab, page: Page) -> None:
        page.get_by_role("button", name="Sommaire").click()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Ouvrir JupyterLab entier").click()
        full = opened.value
        expect(full.get_by_role("menuitem", name="Fichier")).to_be_visible()
        expect(full.locator(".jp-DirListing-item").first).to_be_visible()
        # Its kernel stays when the course's window leaves the same page, and so does what is linked with it.
        for name in BUT_2.split("/"):
            full.locator(".jp-DirListing-item", has=full.get_by_text(name, exact=True)).dblclick()
        expect(full.get_by_role("region", name=re.compile("^Canevas 2.2"))).to_be_attached()
        shared = set(lab.kernels())
        page.bring_to_front()
        page.locator(".course-brand").click()
        expect(page.locator(".course-home")).to_be_visible()
        page.go_back()  # shown once the end of the former page is decided
        expect(page.get_by_role("heading", name="Cahier du but 2")).to_be_visible()
        assert shared <= set(lab.kernels())
        full.get_by_role("link", name="Revenir au cours").click()
        expect(full.locator(".course-home").first).to_be_visible()
        assert full.url == f"{lab.address.base}/lab"
        full.close()


@pytest.fixture(scope="class")
def reader(lab: Lab, browser: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    context.set_default_timeout(1000 * PATIENCE)
    opened = context.new_page()
    opened.goto(lab.url())
    ready(opened)
    yield opened
    context.close()


class TestEye:
    """At each width, by axe, by ear and by keyboard."""

    @pytest.fixture(autouse=True)
    def wide(self, reader: Page) -> None:
        reader.set_viewport_size({"width": 1366, "height": 768})

    @pytest.mark.parametrize("path", ["", LESSON, BUT_2])
    def test_nothing_scrolls_sideways_axe_finds_nothing_and_no_word_is_a_programmer_s(
        self, lab: Lab, reader: Page, path: str
    ) -> None:
        turn(reader, f"{lab.address.base}/lab{f'/tree/{path}' if path else ''}")
        if path:
            reader.locator(".course-live .jp-OutputArea-output").first.wait_for(state="attached")
        for width, height in SIZES:
            reader.set_viewport_size({"width": width, "height": height})
            reader.wait_for_function(
                "(width) => document.querySelector('.course-header').offsetWidth === width", arg=width
            )
            assert reader.evaluate(SIDEWAYS) == [], width
            assert width not in ENDS or violations(reader) == [], width
            assert JUPYTER.findall(reader.evaluate(READ)) == [], width
            steps = reader.get_by_role("navigation", name="Pages voisines").get_by_role("link")
            expect(steps.last).to_be_in_viewport(ratio=1)

    def test_the_contents_fit_and_close(self, reader: Page) -> None:
        for width, height in SIZES:
            reader.set_viewport_size({"width": width, "height": height})
            reader.get_by_role("button", name="Sommaire").click()
            contents = reader.get_by_role("dialog", name="Sommaire")
            expect(contents).to_be_visible()
            assert reader.evaluate(SIDEWAYS) == [], width
            assert width not in ENDS or violations(reader) == [], width
            contents.get_by_role("button", name="Fermer").click()
            expect(contents).to_be_hidden()
            expect(reader.get_by_role("button", name="Sommaire")).to_be_focused()

    def test_dark_and_forced_colours_are_read(self, lab: Lab, reader: Page) -> None:
        turn(reader, f"{lab.address.base}/lab")
        expect(reader.locator(".course-home")).to_be_visible()
        for media in ({"color_scheme": "dark"}, {"color_scheme": "light", "forced_colors": "active"}):
            reader.emulate_media(**media)
            assert violations(reader) == [], media
        reader.emulate_media(color_scheme="light", forced_colors="none")

    def test_the_keyboard_alone_reaches_a_canvas_s_first_field(self, lab: Lab, reader: Page) -> None:
        reader.goto(f"{lab.address.base}/lab/tree/{LESSON}")  # a bookmark
        ready(reader)
        expect(reader.get_by_role("heading", name="Concepts : quatorze mots")).to_be_visible()

        def tab_to(name: str) -> None:
            for _ in range(120):
                reader.keyboard.press("Tab")
                if name in reader.evaluate(FOCUSED):
                    return
            raise AssertionError(name)

        tab_to("Sommaire")
        reader.keyboard.press("Enter")
        tab_to("2.1 Soutenir")
        reader.keyboard.press("Enter")
        expect(strategy(reader, "2.1.a")).to_be_visible()
        field = strategy(reader, "2.1.a")
        for _ in range(120):
            reader.keyboard.press("Tab")
            if field.evaluate("(node) => node === document.activeElement"):
                return
        raise AssertionError("the field")

    def test_the_first_field_is_within_a_screen_of_its_objective_s_heading(self, lab: Lab, reader: Page) -> None:
        turn(reader, f"{lab.address.base}/lab/tree/{BUT_5}")  # its situations are the longest
        headings = reader.get_by_role("heading", level=2, name=re.compile("^Objectif"))
        canvases = reader.locator(".course-canvas")
        reader.wait_for_function("[...document.querySelectorAll('.jp-Notebook img')].every((one) => one.naturalWidth)")
        expect(headings).to_have_count(5)
        expect(canvases).to_have_count(5)
        for width, height in SIZES[:2]:
            reader.set_viewport_size({"width": width, "height": height})
            for heading, canvas in zip(headings.all(), canvases.all(), strict=True):
                heading.evaluate("(node) => node.scrollIntoView()")  # what is out of sight is not laid out
                expect(canvas.get_by_role("list", name="Critères").get_by_role("listitem")).to_have_count(6)
                field = canvas.get_by_role("textbox").first.bounding_box()
                assert field["y"] - heading.bounding_box()["y"] <= height, (width, heading.inner_text())

    def test_who_works_is_in_view_at_each_width_and_cards_stand_in_the_column(self, lab: Lab, reader: Page) -> None:
        turn(reader, f"{lab.address.base}/lab/tree/{WELCOME}")
        card = reader.locator(".course-card.course-progress")
        expect(card).to_be_attached()
        heading = reader.get_by_role("heading", name="Bienvenue", exact=True).bounding_box()
        for each in reader.locator(".course-card").all():
            assert (each.bounding_box()["x"], each.bounding_box()["width"]) == (heading["x"], heading["width"])
        team.save(lab.folder, Team("Équipe de Kaya", ("Bintou Sawadogo", "Issa Traoré")))
        reader.evaluate("dispatchEvent(new Event('course:team'))")
        for width, height in SIZES:
            reader.set_viewport_size({"width": width, "height": height})
            expect(reader.get_by_role("banner").get_by_text("Équipe de Kaya")).to_be_in_viewport(ratio=1)
            expect(reader.get_by_role("banner").get_by_text("Bienvenue")).to_be_in_viewport(ratio=1)
            assert reader.evaluate(SIDEWAYS) == [], width
        (lab.folder / team.FILE).unlink()

    def test_addresses_of_jupyter_s_own_pages_are_in_french_and_lead_home(self, lab: Lab, reader: Page) -> None:
        ask = reader.context.request.get
        for address, status, words in [
            ("/nope", 404, "Cette page n’existe pas"),
            ("/files/equipe.json", 403, "Cette page ne s’ouvre pas ici"),
        ]:
            answer = ask(f"{lab.address.base}{address}")
            assert (answer.status, words in answer.text()) == (status, True), address
            assert 'href="/lab"' in answer.text()
            assert not re.search("jupyter|error|server", answer.text(), re.IGNORECASE)
        for address, end in [("/tree", ""), (f"/tree/{BUT_1}", f"/tree/{BUT_1}"), ("/edit/README.md", "")]:
            answer = ask(f"{lab.address.base}{address}", max_redirects=1)
            assert answer.url == f"{lab.address.base}/lab{end}"

    def test_a_line_has_at_most_75_characters(self, lab: Lab, reader: Page) -> None:
        turn(reader, f"{lab.address.base}/lab/tree/{LESSON}")
        paragraph = reader.locator(".jp-MarkdownOutput p").first
        paragraph.wait_for()
        width, size = paragraph.evaluate("(node) => [node.clientWidth, parseFloat(getComputedStyle(node).fontSize)]")
        assert size >= 17
        assert 32 * size <= width <= 38 * size  # 37 times the size holds 65 to 75 characters of ordinary French


class TestRefused:
    def test_another_browser_is_told_in_french_what_to_do(self, lab: Lab, browser: Any) -> None:
        stranger = browser.new_page(locale="fr-FR")
        for address in ("/", "/lab", f"/lab/tree/{BUT_2}"):
            stranger.goto(f"{lab.address.base}{address}")
            expect(stranger.get_by_role("heading", name="Le cours ne reconnaît pas ce navigateur")).to_be_visible()
            expect(stranger.get_by_text("ouvrez le cours comme la première fois")).to_be_visible()
        assert stranger.get_by_role("textbox").count() == 0
        assert violations(stranger) == []
        stranger.goto(f"{lab.address.base}/logout")
        expect(stranger.get_by_role("heading", name="Le cours est fermé dans ce navigateur")).to_be_visible()
        assert violations(stranger) == []
        stranger.close()

    def test_the_state_of_a_workbook_is_for_who_has_the_key(self, lab: Lab, browser: Any) -> None:
        stranger = browser.new_context()
        assert stranger.request.get(f"{lab.address.base}/course/state").status == 403
        own = stranger.request.get(
            f"{lab.address.base}/course/state", headers={"Authorization": f"token {lab.address.token}"}
        )
        assert json.loads(own.text())["marks"][BUT_2]["note"]
        stranger.close()
