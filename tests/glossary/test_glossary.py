"""The glossary says what the lesson says, and finds a term however it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cards import Cards

from course.core import glossary
from course.core.content import content
from course.core.glossary import GlossaryMistake, parse, searchable
from course.core.syllabus import rows
from course.workbook.glossary.widget import GlossaryWidget

CELL = """### Le terme

**En clair**\u00a0: Ce que c’est,
en deux lignes.

**Faux ami** : *Autre*.

**Exemple :** Une scène."""
LESSON = content("modules") / "02-concepts.ipynb"


def test_reads_the_parts_of_a_term_in_any_order_and_typography() -> None:
    term = parse(CELL, "c01", "02.ipynb")
    assert (term.name, term.meaning) == ("Le terme", "Ce que c’est, en deux lignes.")
    assert (term.example, term.false_friend) == ("Une scène.", "*Autre*.")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (CELL.replace("### Le terme", "Le terme"), "première ligne"),
        (CELL.replace("**Faux ami**", "Faux ami"), "Faux ami"),
        (CELL.replace("Une scène.", ""), "Exemple"),
        (CELL + "\n\n**Exemple** : Une autre.", "deux fois"),
        ("", "première ligne"),
    ],
)
def test_a_mistake_names_the_notebook_and_the_cell(source: str, words: str) -> None:
    with pytest.raises(GlossaryMistake, match=words) as caught:
        parse(source, "c07", "02.ipynb")
    assert "02.ipynb" in str(caught.value)
    assert "terme-c07" in str(caught.value)


def test_the_terms_are_the_concepts_of_the_course_and_the_lesson_is_their_only_place() -> None:
    terms = glossary.load()
    assert [term.id for term in terms] == [row["concept"] for row in rows("concepts")]
    assert [searchable(term.name) for term in terms] == [searchable(row["term"]) for row in rows("concepts")]
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(LESSON.read_bytes())["cells"]}
    for term in terms:
        for part in (term.meaning, term.example, term.false_friend):
            assert part in " ".join(cells[term.cell].split())


def test_a_term_missing_from_the_lesson_is_told(tmp_path: Path) -> None:
    notebook = json.loads(LESSON.read_bytes())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "terme-c05"]
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(GlossaryMistake, match="terme-c05"):
        glossary.read(tmp_path / "a.ipynb")
    (tmp_path / "a.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(GlossaryMistake, match="notebook lisible"):
        glossary.read(tmp_path / "a.ipynb")


@pytest.fixture
def cards(page: Any) -> Cards:
    cards = Cards(page)
    cards.show(GlossaryWidget())
    return cards


def names(page: Any) -> list[str]:
    return page.locator(".course-term").all_inner_texts()


@pytest.mark.browser
def test_finds_a_term_typed_without_accents_and_inside_definitions_too(cards: Cards) -> None:
    page = cards.page
    field = page.get_by_role("textbox")
    assert len(names(page)) == 14
    field.fill("equite")
    assert "Soins de santé primaires" in names(page)
    assert "l’équité" in page.locator("details").first.inner_text()
    for typed in ("redevabilite", "REDEVABILITÉ", "  Redevabilite\u0301 ", "redevab"):
        field.fill(typed)
        assert names(page)[:2] == ["Redevabilité", "Redevabilité mutuelle"]
    field.fill("mutuelle redevabilite")
    assert names(page) == ["Redevabilité mutuelle"]
    assert page.locator("details[open]").count() == 1
    field.fill("zzz")
    assert names(page) == []
    page.get_by_role("status").filter(has_text="Aucun terme sur 14").wait_for()
    field.press("Escape")
    assert len(names(page)) == 14


@pytest.mark.browser
def test_the_browser_reads_a_text_as_the_course_does(cards: Cards) -> None:
    texts = [
        "L’Œuvre d’équité, ŒUVRES",
        "ÇA œdème\u200b\u00ad",
        "CPN4 : 4ᵉ",
        "e\u0301te\u0301 ﬁn",
        "Ça-là_bas",
        "A69/39",
    ]
    for text in texts:
        cards.page.get_by_role("textbox").fill("")
        found = cards.page.evaluate(
            "async ([source, text]) => (await import(source)).searchable(text)", [module(), text]
        )
        assert found.replace("_", " ") == searchable(text)


def module() -> str:
    import base64  # noqa: PLC0415

    source = (Path(glossary.__file__).parents[1] / "workbook" / "glossary" / "search.js").read_bytes()
    return f"data:text/javascript;base64,{base64.b64encode(source).decode()}"


@pytest.mark.browser
def test_each_term_opens_by_keyboard_and_leads_to_its_lesson(cards: Cards) -> None:
    page = cards.page
    page.evaluate("document.addEventListener('keydown', (event) => (window.leaked ??= []).push(event.key))")
    summary = page.locator("summary", has_text="Cybersanté")
    summary.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Lire ce terme dans la leçon")
    link.wait_for()
    assert link.count() == 1
    arguments = json.loads(link.get_attribute("data-commandlinker-args"))
    assert arguments["path"] == "modules/02-concepts.ipynb"
    assert arguments["id"] == "#cell-id=terme-c06"
    assert page.evaluate("window.leaked") is None
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
