"""What an instructor prints besides quizzes: whole, without a network, on A4."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from course import commands
from course.authoring.paper import HANDOUTS
from course.core import glossary, syllabus


def printed(name: str, folder: Path) -> str:
    assert commands.main(["paper", name, "--vers", str(folder)]) == 0
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def test_the_glossary_has_each_term_its_meaning_and_an_empty_cell(tmp_path: Path) -> None:
    page = printed("glossaire", tmp_path)
    rows = re.findall(r"<tr><th scope=\"row\">(.+?)</th><td>(.+?)</td><td></td></tr>", page)
    terms = glossary.load()
    assert [re.sub(r"<.*?>", "", name) for name, _ in rows] == [re.sub(r"\*+", "", term.name) for term in terms]
    assert "Dans notre langue" in page
    assert "http" not in page


def test_each_scene_begins_a_page_and_keeps_its_gestures(tmp_path: Path) -> None:
    page = printed("scenes", tmp_path)
    sections = page.split("<section>")[1:]
    titles = [found[1] for part in sections if (found := re.search(r"<h2>(\d\.\d)", part))]
    assert titles == [objective.id for objective in syllabus.load().objectives]
    assert len(sections) == 1 + len(titles)
    assert '<body class="apart">' in page
    assert "<em>(elle pose son stylo).</em>" in page
    assert not re.search(r"https?:|<a |<img|<script", page)


def test_the_guide_is_printed_whole_links_as_their_text(tmp_path: Path) -> None:
    page = printed("guide", tmp_path)
    assert page.count("<section>") == page.count("</section>") >= 20
    assert page.count("<table>") >= 25
    assert "Leçon 1" in page
    assert not re.search(r"https?:|<a |<img|<script|\.ipynb", page)


def test_what_is_printed_is_named_where_something_else_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["paper", "affiche", "--vers", str(tmp_path)]) == 2
    refused = capsys.readouterr().err
    assert "affiche" in refused
    assert all(name in refused for name in HANDOUTS)
    assert not list(tmp_path.iterdir())


@pytest.mark.browser
def test_each_prints_on_a4_and_a_scene_fits_its_page(page: Any) -> None:
    sizes, pages = set(), {}
    for name, made in HANDOUTS.items():
        page.set_content(made())
        raw = page.pdf(prefer_css_page_size=True)
        pages[name] = len(re.findall(rb"/Type\s*/Page\b", raw))
        sizes |= {tuple(round(float(n)) for n in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^]]+)\]", raw)}
        page.set_viewport_size({"width": 690, "height": 900})  # A4 less its margins
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 690, name
        page.emulate_media(media="screen")
    assert sizes == {(0, 0, 595, 842)}
    assert pages["scenes"] == 1 + 18
