"""The receipt: everything a trainee wrote is only text, and it prints on one sheet whatever she is called."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from work import DATE, fill, packed, workbook

from course.core import syllabus
from course.core.handin import pack
from course.core.handin.manifest import codes
from course.core.handin.receipt import receipt_html
from course.core.team import MAX_MEMBERS, MAX_NAME, Team
from course.core.words import moment

HOSTILE = "<script>document.title='ouvert'</script><img src=x onerror=\"document.title='ouvert'\">"


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_says_who_what_when_how_complete_and_its_code(tmp_path: Path) -> None:
    folder = workbook(tmp_path)
    fill(folder)
    made = packed(folder)
    html = receipt_html(made)
    for fact in (
        "Équipe d’Awa",
        "Awa T., Paul K.",
        "1\u00a0: Autonomiser et mobiliser les personnes",
        moment(DATE, zone=True),
        "Equipe-d-Awa_but-1.zip",
        "3 options sur 3 traitées",
        "rien d’écrit",
        "Remis par",
        "Reçu par",
        codes(made.sha256),
    ):
        assert fact in text(html), fact
    assert codes("0123456789abcdef" * 4) == "0123 4567 89ab"
    assert not re.search(r"<(script|link|img|iframe|a)\b|https?:|url\(", html)


def test_without_a_name_it_says_so(tmp_path: Path) -> None:
    html = receipt_html(packed(workbook(tmp_path, None), Team()))
    assert "sans nom de groupe" in html
    assert "personne n’est nommé" in html


@pytest.mark.browser
class TestPrinted:
    def sheets(self, page: Any, html: str, path: Path) -> int:
        page.set_content(html)
        raw = page.pdf(path=path, prefer_css_page_size=True)
        return len(re.findall(rb"/Type\s*/Page\b", raw))

    @pytest.mark.parametrize(
        ("goal", "who"),
        [
            ("1", Team("Groupe 3", ("Awa T.", "Paul K."))),
            ("3", Team("W" * MAX_NAME, ("W" * MAX_NAME,) * MAX_MEMBERS)),
            ("3", Team("&<" * 60, ("&" * MAX_NAME,) * MAX_MEMBERS)),
            ("3", Team("é", tuple(f"Nom-composé Prénom {number}" for number in range(MAX_MEMBERS)))),
            ("5", Team("فريق" * 30, ("مجموعة" * 20,) * MAX_MEMBERS)),
        ],
        ids=["usual", "wide", "escaped", "many", "arabic"],
    )
    def test_on_one_sheet(self, page: Any, tmp_path: Path, goal: str, who: Team) -> None:
        folder = workbook(tmp_path)
        (folder / "reponses").mkdir()
        for objective in syllabus.load().goal(goal).objectives:
            (folder / f"reponses/{objective.id}.json").write_text('{"format": "canevas/1", "options": NaN}')
        made = pack(folder, syllabus.load().goal(goal), who, "0.1.0", DATE)
        assert all(each.problem for each in made.standings)
        assert self.sheets(page, receipt_html(made), tmp_path / "recu.pdf") == 1

    def test_a_hostile_name_is_only_text(self, page: Any, tmp_path: Path) -> None:
        html = receipt_html(packed(workbook(tmp_path), Team(HOSTILE, (HOSTILE,))))
        page.set_content(html)
        assert page.title() == "Reçu\u00a0: script-document-title-ouvert-script-img-src-x-onerror-docum_but-1.zip"
        assert HOSTILE in page.locator("dd").nth(0).inner_text()
