"""What an instructor prints besides quizzes: whole, without a network, on A4."""

from __future__ import annotations

import re
from pathlib import Path

from course import commands
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
