"""What an instructor prints besides quizzes: whole, without a network, on A4."""

from __future__ import annotations

import re
from pathlib import Path

from course import commands
from course.core import glossary


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
