"""« Mon plan » on a page: from the canvases to the file, whatever happens between, for every hand and eye."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from axes import OF_THE_PAGE, violations
from cards import Cards
from planning import ACTIONS, fill, filled, row, said, workbook
from playwright.sync_api import Locator, Page, expect

import course.workbook.plan
from course.core import plan, syllabus
from course.core.plan.district import Contribution, district_plan
from course.core.plan.format import LABELS
from course.core.plan.store import PlanStore
from course.documents import incoming
from course.documents.reading import reading
from course.workbook.canvas.widget import CanvasWidget
from course.workbook.plan.widget import PlanWidget

pytestmark = pytest.mark.browser

FIRST, SECOND, THIRD = ACTIONS.values()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path)


@pytest.fixture
def cards(page: Page, folder: Path) -> Cards:
    cards = Cards(page)
    cards.show(PlanWidget(folder))
    return cards


def choose(cards: Cards, *actions: str) -> None:
    for action in actions:
        cards.page.get_by_role("checkbox", name=f"Dans le plan : {action}").check()
    saved(cards)


def saved(cards: Cards) -> None:
    expect(cards.page.locator(".course-status")).to_have_text("Enregistré")


def field(cards: Cards, name: str, action: str = FIRST) -> Locator:
    return cards.page.get_by_label(f"{name}, action : {action}", exact=True)


def ranked(cards: Cards) -> list[str]:
    return cards.page.locator(".course-ranked h4").all_inner_texts()


def entries(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "reponses" / "plan.json").read_text(encoding="utf-8"))["entries"]


def test_an_action_is_chosen_ranked_and_completed_with_keys_alone(cards: Cards, folder: Path) -> None:
    keys = cards.page.keyboard
    for action in (FIRST, SECOND):
        cards.page.get_by_role("checkbox", name=f"Dans le plan : {action}").focus()
        keys.press("Space")
    expect(cards.page.locator(".course-ranked h4")).to_have_text([FIRST, SECOND])
    up = cards.page.get_by_role("button", name=f"Monter : {SECOND}")
    up.focus()
    keys.press("Enter")
    expect(cards.page.locator(".course-ranked h4")).to_have_text([SECOND, FIRST])
    expect(cards.page.get_by_role("button", name=f"Descendre : {SECOND}")).to_be_focused()  # the other one cannot
    keys.press("Alt+ArrowDown")
    expect(cards.page.locator(".course-ranked h4")).to_have_text([FIRST, SECOND])
    field(cards, "Impact").focus()
    keys.press("3")
    cards.page.locator(f'[data-row="{row("1.1.a")}"] summary').focus()
    keys.press("Enter")
    field(cards, "Responsable").focus()
    keys.type("Awa T.")
    field(cards, "Coût (FCFA)").focus()
    keys.type("150 000")
    cards.page.locator(f'[data-key="t2 {row("1.1.a")}"]').focus()
    keys.press("Space")
    field(cards, "Centrage sur l’équité").focus()
    keys.press("o")
    saved(cards)
    first, second = plan.read(folder).lines
    assert (first.action, second.action) == (FIRST, SECOND)
    assert (first.impact, first.responsible, first.cost) == (3, "Awa T.", 150_000)
    assert first.quarters == (False, True, False, False)
    assert first.verdicts["p2"].answer == "yes"
    assert set(entries(folder)) == {row("1.1.a"), row("1.2.a")}


def test_an_action_is_dragged_to_its_rank(cards: Cards, folder: Path) -> None:
    choose(cards, FIRST, SECOND, THIRD)
    cards.page.set_viewport_size({"width": 1366, "height": 2000})
    grips = cards.page.locator(".course-grip")
    box = grips.nth(2).bounding_box()
    cards.page.mouse.move(box["x"] + 3, box["y"] + 3)
    cards.page.mouse.down()
    top = cards.page.locator(".course-ranked > li").first.bounding_box()
    cards.page.mouse.move(top["x"] + 40, top["y"] + 30, steps=4)
    cards.page.mouse.move(top["x"] + 40, top["y"] + 4, steps=4)
    cards.page.mouse.up()
    expect(cards.page.locator(".course-ranked h4")).to_have_text([THIRD, FIRST, SECOND])
    saved(cards)
    assert [line.action for line in plan.read(folder).lines] == [THIRD, FIRST, SECOND]


def test_what_is_typed_without_a_kernel_is_there_again(cards: Cards, folder: Path) -> None:
    choose(cards, FIRST)
    cards.alive = False
    cards.page.locator(".course-ranked summary").click()
    field(cards, "Partenaires").fill("La radio du district")
    holders = "[...courseUnsaved.holders].map(({name, isUnsaved, draft}) => [name, isUnsaved, draft])"
    document = PlanStore(folder).open().document["document"]
    assert cards.page.evaluate(holders) == [["le plan", True, document]]  # nobody leaves the page unasked
    # A restart, during which the person goes on typing.
    cards.page.evaluate("() => { const m = stage.get('0'); m.host.remove(); m.cleanup(); }")
    expect(cards.page.get_by_label("Suite de votre texte")).to_be_focused(timeout=10_000)
    cards.page.keyboard.type(" rural")
    cards.load()
    cards.show(PlanWidget(folder))
    saved(cards)
    assert cards.page.evaluate(holders) == [["le plan", False, ""]]
    assert plan.read(folder).lines[0].partners == "La radio du district rural"


def test_a_changed_and_a_removed_action_say_so_and_keep_what_was_written(
    cards: Cards, folder: Path, tmp_path: Path
) -> None:
    choose(cards, FIRST, SECOND)
    cards.page.locator(".course-ranked summary").first.click()
    field(cards, "Partenaires").fill("Les relais")
    saved(cards)
    fill(tmp_path, "1.1.a", "action", "Tenir deux séances par mois", 2)
    fill(tmp_path, "1.2.a", "action", "", 2)
    cards.page.evaluate("dispatchEvent(new Event('focus'))")  # as a person who comes back from the canvas
    notes = cards.page.locator(".course-ranked .course-note")
    expect(notes.first).to_contain_text("Modifiée depuis")
    expect(notes.first).to_contain_text(FIRST)
    expect(notes.first).to_contain_text("Tenir deux séances par mois")
    expect(notes.last).to_contain_text("n’est plus dans son canevas")
    assert ranked(cards) == ["Tenir deux séances par mois", SECOND]
    expect(field(cards, "Partenaires", "Tenir deux séances par mois")).to_have_value("Les relais")
    box = cards.page.get_by_role("checkbox", name="Dans le plan : Tenir deux séances par mois")
    box.uncheck()
    box.check()  # which says nothing of having read the change
    expect(notes).to_have_count(2)
    cards.page.get_by_role("button", name="J’ai vu").click()
    expect(notes).to_have_count(1)
    saved(cards)
    second, first = plan.read(folder).lines
    assert (first.change, first.partners) == (plan.Change.NONE, "Les relais")
    assert (second.change, second.action) == (plan.Change.REMOVED, SECOND)


def test_what_the_canvas_says_is_proposed_and_never_written_over(page: Page, folder: Path, tmp_path: Path) -> None:
    fill(tmp_path, "1.1.a", "responsible", "L’infirmier du centre")
    fill(tmp_path, "1.1.a", "due", "T2, T3")
    cards = Cards(page)
    cards.show(PlanWidget(folder))
    choose(cards, FIRST)
    cards.page.locator(".course-ranked summary").click()
    expect(field(cards, "Responsable")).to_have_value("L’infirmier du centre")
    assert "responsible" not in entries(folder)[row("1.1.a")]
    assert plan.read(folder).lines[0].quarters == (False, True, True, False)
    field(cards, "Responsable").fill("")
    saved(cards)
    assert entries(folder)[row("1.1.a")]["responsible"] == ""
    assert plan.read(folder).lines[0].responsible == ""


def test_two_writers_texts_are_both_shown_and_one_is_chosen(cards: Cards, folder: Path) -> None:
    choose(cards, FIRST)
    cards.page.locator(".course-ranked summary").click()
    PlanStore(folder).save([said("1.1.a", "funding", "Le budget de l’État", 1, client="ailleurs")])
    field(cards, "Source de financement").fill("Les mutuelles")
    group = cards.page.get_by_role("group", name="Deux textes : Source de financement")
    expect(group).to_contain_text("Le budget de l’État")
    expect(group.get_by_text("Source de financement")).to_be_visible()  # it stands below all fields
    group.get_by_role("button", name="Reprendre cet autre texte").click()
    expect(group).to_have_count(0)
    expect(field(cards, "Source de financement")).to_have_value("Le budget de l’État")
    saved(cards)
    assert plan.read(folder).lines[0].funding == "Le budget de l’État"


def test_a_cost_that_is_none_is_not_saved_and_stays_on_the_page(cards: Cards, folder: Path) -> None:
    choose(cards, FIRST)
    cards.page.locator(".course-ranked summary").click()
    cost = field(cards, "Coût (FCFA)")
    cost.fill("environ 5")
    expect(cards.page.locator(".course-status")).to_contain_text("Le coût s’écrit en chiffres")
    expect(cost).to_have_value("environ 5")
    cost.fill("5.000")
    saved(cards)
    assert plan.read(folder).lines[0].cost == 5000


def test_pictures_and_gaps_are_shown_and_a_hostile_text_is_a_text(page: Page, folder: Path, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=\"document.title='ouvert'\">&amp;"
    fill(tmp_path, "1.1.a", "action", hostile, 2)
    cards = Cards(page)
    cards.show(PlanWidget(folder))
    choose(cards, hostile)
    cards.page.get_by_text("Le plan en images").click()
    expect(cards.page.locator(".course-figures figure")).to_have_count(4)
    expect(cards.page.locator(".course-lack li").filter(has_text="Aucune action ne sert l’équité.")).to_have_count(1)
    expect(cards.page.locator("svg text").filter(has_text="<img src=x").first).to_be_visible()
    assert cards.page.title() == "Page"


def test_it_prints_on_lying_sheets_with_its_words(cards: Cards) -> None:
    choose(cards, FIRST)
    # A real print, whose two events come from the browser.
    cards.page.evaluate("addEventListener('beforeprint', () => { globalThis.paper = document.body.innerText; })")
    raw = cards.page.pdf(prefer_css_page_size=True)
    width, height = map(float, re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", raw).groups())
    assert width > height
    assert FIRST in cards.page.evaluate("paper")
    expect(cards.page.locator(".course-paper")).to_have_count(0)


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    cards: Cards, tmp_path: Path, width: int, theme: str
) -> None:
    page = cards.page
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", str(theme == "light").lower())
    page.evaluate("document.body.style.background = 'var(--paper)'")
    choose(cards, FIRST, SECOND)
    fill(tmp_path, "1.1.a", "action", "Tenir deux séances par mois", 2)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".course-ranked .course-note")).to_have_count(1)
    for summary in page.locator(".course-ranked summary").all():
        summary.click()
    page.get_by_text("Le plan en images").click()
    expect(page.locator(".course-figures figure")).to_have_count(4)
    assert violations(page, without=OF_THE_PAGE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [node.bounding_box() for node in page.get_by_role("button").all() if node.is_visible()]
    assert all(box["width"] >= 24 and box["height"] >= 24 for box in boxes)


def test_the_plan_and_a_canvas_leave_as_word_and_excel(cards: Cards, folder: Path, tmp_path: Path) -> None:
    cards.show(CanvasWidget(syllabus.load().objective("1.1"), folder.parent / "exercises/but-1"))
    parts = (".course-plan", "Word", "plan.docx"), (".course-canvas", "Excel", "canevas-1.1.xlsx")
    cards.page.locator(".course-plan").get_by_role("button", name="Word, Excel…").click()
    cards.page.locator(".course-plan").get_by_role("button", name="Word", exact=True).click()
    expect(cards.page.locator(".course-documents").first).to_contain_text("cochez-en")
    cards.page.locator(".course-canvas").get_by_role("button", name="Word, Excel…").click()
    cards.page.get_by_role("checkbox", name=f"Dans le plan : {FIRST}").check()  # saved before the document is written
    for place, name, file in parts:
        cards.page.locator(place).get_by_role("button", name=name, exact=True).click()
        with cards.page.expect_download() as found:
            cards.page.locator(place).get_by_role("link", name=f"Télécharger le document ({name})").click()
        found.value.save_as(tmp_path / found.value.suggested_filename)
        assert (tmp_path / file).read_bytes() == (folder.parent / "documents" / file).read_bytes()
    assert violations(cards.page, without=OF_THE_PAGE) == []
    again = reading(incoming.read((tmp_path / "plan.docx").read_bytes())).plans
    assert FIRST in [cell.text for table in again for cells in table.rows for cell in cells]
    document = docx.Document(str(tmp_path / "plan.docx"))
    heads = [cell.text for cell in document.tables[-1].rows[0].cells]
    document.tables[-1].rows[1].cells[heads.index(LABELS["status"])].text = "commencée"
    document.save(str(tmp_path / "plan.docx"))
    resume(cards, tmp_path / "plan.docx", "1 réponse prise")
    cards.page.locator(".course-ranked summary").click()
    expect(field(cards, LABELS["status"])).to_have_value("begun")


def resume(cards: Cards, path: Path, report: str) -> None:
    """Takes a file back in the plan's page, once the report has some words."""
    cards.page.get_by_text("Reprendre un plan", exact=True).click()
    cards.page.locator(".course-plan input[type=file]").set_input_files(path)
    expect(cards.page.locator(".course-plan .course-report")).to_contain_text(report)


def test_a_plan_of_the_district_opens_in_an_empty_workbook_and_says_of_each_action_whose_it_is(
    page: Page, tmp_path: Path
) -> None:
    plans = []
    for number, group in enumerate(("Groupe 3", "Groupe <i>5</i>"), 1):
        (root := tmp_path / str(number)).mkdir()
        home = filled(root)
        PlanStore(home).save([said("1.1.a", "chosen", "1", 1), said("1.1.a", "status", "done", 2)])
        plans.append(Contribution(group, f"d{number}", plan.read(home), ""))
    (path := tmp_path / "plan-district.json").write_text(json.dumps(district_plan(plans)), encoding="utf-8")
    (root := tmp_path / "district").mkdir()
    cards = Cards(page)
    cards.show(PlanWidget(workbook(root)))
    resume(cards, path, "réponses reprises")
    expect(page.locator(".course-ranked h4")).to_have_text([FIRST, FIRST])
    for group in ("Groupe 3", "Groupe <i>5</i>"):
        expect(page.locator(".course-ranked > li").filter(has_text=group)).to_have_count(1)
    page.locator(".course-ranked summary").first.click()
    expect(page.get_by_label(f"{LABELS['status']}, action : {FIRST}").first).to_have_value("done")
    resume_again = page.locator(".course-plan input[type=file]")
    resume_again.set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b'{"format": "plan/2"}'})
    expect(page.locator(".course-plan .course-report")).to_contain_text("Rien n’est repris.")


def test_an_empty_workbook_says_where_to_begin(page: Page, tmp_path: Path) -> None:
    cards = Cards(page)
    cards.show(PlanWidget(workbook(tmp_path)))
    expect(page.locator(".course-plan")).to_contain_text("Vos canevas n’ont pas encore d’action.")


def test_ranks_are_as_asked_and_costs_are_read_as_people_write_them(page: Page) -> None:
    source = base64.b64encode((Path(course.workbook.plan.__file__).with_name("rows.js")).read_bytes()).decode()
    wrong = page.evaluate(
        """async (source) => {
          const rows = await import(`data:text/javascript;base64,${source}`);
          const wrong = [];
          const rowsOf = (lines) => lines.map(({ row }) => row).join();
          const line = (row, order) => ({ row: `${row}`, chosen: true, order });
          let seed = 7;
          const draw = (most) => (seed = (seed * 48271) % 2147483647) % most;
          for (let run = 0; run < 300; run++) {
            const lines = Array.from({ length: 1 + draw(9) }, (_, row) => line(row, draw(12)));
            const keys = new Map(lines.map((one) => [one, draw(1000)]));
            const wanted = [...lines].sort((one, other) => keys.get(one) - keys.get(other));
            for (const [one, , value] of rows.arranged(wanted)) one.order = Number(value);
            if (rowsOf(rows.chosenOf(lines)) !== rowsOf(wanted)) wrong.push(run);
          }
          const four = [1, 2, 3, 4].map((place) => line(place, 1024 * place));
          const up = rows.arranged(rows.moved(four, four[2], 1));
          if (up.length !== 1) wrong.push(up.length);
          const texts = { "150 000": "150000", "150.000": "150000", "1.5": "1.5", "15,5": "15,5", "": "" };
          for (const [text, value] of Object.entries(texts)) if (rows.digits(text) !== value) wrong.push(text);
          return wrong;
        }""",
        source,
    )
    assert wrong == []
