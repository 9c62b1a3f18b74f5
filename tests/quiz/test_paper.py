"""On paper: the same questions, with the key on a sheet of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from course import commands
from course.authoring.paper import sheet
from course.core import quizzes
from course.core.quizzes import parse

HOSTILE = """\
# Un <script>titre</script>

## 1. Une **vraie** question & <b>une balise</b> ?

- [x] Une *bonne* réponse
  > Voir [la leçon](01-introduction.ipynb).
- [ ] Une autre <img src=x>
  > Non.
"""


def test_the_test_and_its_key_are_printed_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["paper", "--vers", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test-corrige.html", "test.html"]
    assert str(tmp_path / "test.html") in capsys.readouterr().out


def test_a_quiz_is_named_as_people_name_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["paper", "2", "02-concepts", "--vers", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["02-concepts-corrige.html", "02-concepts.html"]
    assert commands.main(["paper", "77", "--vers", str(tmp_path)]) == 2
    assert "« 77 »" in capsys.readouterr().err.replace("\u202f", " ")


@pytest.mark.browser
def test_the_sheet_asks_everything_and_gives_nothing_away_and_the_key_explains(page: Any) -> None:
    quiz = quizzes.load(quizzes.BEFORE)
    page.set_content(sheet(quiz))
    assert page.locator("section").count() == 15
    assert page.locator("li").all_inner_texts() == [c.text for question in quiz.questions for c in question.choices]
    shown = page.locator("body").inner_text()
    assert "Code que vous choisissez" in shown
    assert not [c for question in quiz.questions for c in question.choices if c.explanation in shown]
    assert page.locator(".right").count() == 0
    page.set_content(sheet(quiz, key=True))
    letters = page.locator("tr").nth(1).locator("td").all_inner_texts()
    assert letters == ["ABCD"[question.right[0]] for question in quiz.questions]
    shown = page.locator("body").inner_text()
    assert all(c.explanation in shown for question in quiz.questions for c in question.choices)
    assert page.locator(".right").count() == 15


@pytest.mark.browser
def test_what_a_teacher_wrote_is_shown_and_never_obeyed(page: Any) -> None:
    page.set_content(sheet(parse(HOSTILE, "00-essai"), key=True))
    assert page.locator("h2").inner_text() == "1. Une vraie question & <b>une balise</b> ?"
    assert page.locator("strong, em").all_inner_texts() == ["vraie", "bonne"]
    assert page.locator("script, b, img, a").count() == 0
    assert "Voir la leçon." in page.locator("body").inner_text()


@pytest.mark.browser
def test_no_question_of_a_sheet_is_wider_than_its_page(page: Any) -> None:
    page.set_viewport_size({"width": 680, "height": 900})  # A4 less its margins
    page.emulate_media(media="print")
    for name in (quizzes.BEFORE, *quizzes.names()):
        for key in (False, True):
            page.set_content(sheet(quizzes.load(name), key=key))
            assert page.evaluate("document.documentElement.scrollWidth") <= 680, name
