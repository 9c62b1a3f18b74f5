"""The printable sheets of the activities: one page of A4 each, complete by themselves, true to their lesson."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from goals import LESSONS, MODULES, cell, plain

SHEETS = {goal: MODULES / "fiches" / f"but-{goal}.html" for goal in LESSONS}
ACTIVITY = re.compile(r"^- \*\*(.+?)\*\* \((\d+) min\)", re.MULTILINE)
EMPTY = {"meta", "br"}


class Sections(HTMLParser):
    """The sheets of a page as texts, with their first headings; counts what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sheets: list[dict[str, Any]] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "a", "form") or {"src", "href", "onclick"} & values.keys():
            self.wrong.append(tag)
        if tag not in EMPTY:
            self.open.append(tag)
        if tag == "section":
            self.sheets.append({"title": "", "text": "", "steps": []})
        if tag == "li" and self.sheets:
            self.sheets[-1]["steps"].append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.sheets:
            return
        sheet = self.sheets[-1]
        sheet["text"] += data
        if "h1" in self.open:
            sheet["title"] += data
        if "li" in self.open:
            sheet["steps"][-1] += data


def parsed(goal: str) -> Sections:
    found = Sections()
    found.feed(SHEETS[goal].read_text(encoding="utf-8"))
    return found


def test_a_page_is_whole_without_a_network_and_well_formed() -> None:
    wrong = {}
    for goal, path in SHEETS.items():
        source, page = path.read_text(encoding="utf-8"), parsed(goal)
        if page.wrong or page.open or "@import" in source or "url(" in source or '<html lang="fr">' not in source:
            wrong[goal] = page.wrong + page.open
        if any("données fictives" not in plain(sheet["text"]) for sheet in page.sheets):
            wrong[goal] = ["une fiche ne dit pas que Tansobré est inventé"]
    assert not wrong


def test_the_pages_look_alike() -> None:
    styles = {
        re.search(r"<style>.*?</style>", path.read_text(encoding="utf-8"), re.DOTALL)[0] for path in SHEETS.values()
    }
    assert len(styles) == 1


def test_each_goal_has_two_activities_that_its_lesson_names_with_their_time() -> None:
    wrong = []
    for goal in LESSONS:
        source = cell(goal, "activites")["source"].replace("\u00a0", " ").replace("\u202f", " ")
        named = ACTIVITY.findall(source)
        sheets = parsed(goal).sheets
        wrong += [f"but {goal}"] * (len(named) < 2 or f"(fiches/but-{goal}.html)" not in source)
        for title, minutes in named:
            fitting = [sheet for sheet in sheets if plain(sheet["title"]).startswith(title)]
            if len(fitting) != 1 or not re.search(rf"\b{minutes} minutes\b", plain(fitting[0]["text"])):
                wrong.append(f"but {goal} : {title}, {minutes} min")
    assert not wrong


def test_the_steps_of_an_activity_last_as_long_as_it_says() -> None:
    wrong = []
    for goal in LESSONS:
        for sheet in parsed(goal).sheets:
            total = re.search(r"\b(\d+) minutes\b", plain(sheet["text"]))
            steps = [int(found[1]) for step in sheet["steps"] if (found := re.search(r"(\d+) min$", plain(step)))]
            if steps and (total is None or sum(steps) != int(total[1])):
                wrong.append(f"but {goal} : {sheet['title']}, {sum(steps)} min")
    assert not wrong


def test_the_kinds_of_activities_differ() -> None:
    said = " ".join(plain(sheet["text"]) for goal in LESSONS for sheet in parsed(goal).sheets)
    for kind in ("Jeu de rôle", "Entretien", "Tri ", "Marcher sur le parcours", "jetons à répartir"):
        assert kind in said


def test_spaces_are_french() -> None:
    wrong = [
        f"but {goal} : {found[0]}"
        for goal, path in SHEETS.items()
        for found in re.finditer(
            r".{12}(?:« | »|(?<=[\w»)’%]) [;:!?](?=\s|<)|').{0,12}", path.read_text("utf-8").split("</style>")[1]
        )
    ]
    assert not wrong


@pytest.mark.browser
def test_each_sheet_prints_on_one_page_of_a4(context: Any) -> None:
    wrong = {}
    page = context.new_page()
    for goal, path in SHEETS.items():
        page.goto(path.as_uri())
        printed = page.pdf(prefer_css_page_size=True)
        pages = len(re.findall(rb"/Type\s*/Page\b", printed))
        sizes = {
            tuple(round(float(n)) for n in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^]]+)\]", printed)
        }
        if pages != len(parsed(goal).sheets) or sizes != {(0, 0, 595, 842)}:
            wrong[path.name] = (pages, sizes)
    assert not wrong, "une fiche par page A4 : raccourcissez celle qui déborde"


@pytest.mark.browser
def test_a_sheet_is_read_on_a_phone_without_scrolling_sideways(context: Any) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    wide = []
    for path in SHEETS.values():
        page.goto(path.as_uri())
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            wide.append(path.name)
    assert not wide


def test_no_sheet_is_left_alone() -> None:
    assert sorted((MODULES / "fiches").iterdir()) == sorted(Path(path) for path in SHEETS.values())
