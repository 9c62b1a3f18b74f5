"""Canvases as people lay them out elsewhere are read, asked about, or kept aside: no cell is dropped."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from course.core import syllabus
from course.core.bar import Question
from course.core.layouts import cleaned
from course.documents import canvases, incoming
from course.documents.command import written
from course.documents.model import Paper
from course.documents.reading import Reading, reading

OBJECTIVE = syllabus.load().objective("1.1")
A, B, C, D = (option.id for option in OBJECTIVE.options)
LABELS = {option.id: option.label for option in OBJECTIVE.options}
HEAD = ("Option", "Stratégie", "Action")
Rows = Sequence[Sequence[str]]
CLEANED = Path(__file__).parents[1] / "canvas" / "cases" / "cleaned-texts.json"


def test_a_text_is_cleaned_as_one_that_is_pasted() -> None:
    """The same table of texts as in tests/canvas/test_paste.py."""
    table = json.loads(CLEANED.read_text(encoding="utf-8"))
    assert [cleaned(text) for text, _ in table] == [clean for _, clean in table]


def as_csv(rows: Rows) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(rows)
    return stream.getvalue().encode()


def as_xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(stream := io.BytesIO())
    return stream.getvalue()


def as_docx(rows: Rows) -> bytes:
    made = docx.Document()
    table = made.add_table(0, max(map(len, rows)))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = text
    made.save(stream := io.BytesIO())
    return stream.getvalue()


FORMS = pytest.mark.parametrize("form", [as_csv, as_xlsx, as_docx])


def rows_of(found: Reading, option: str) -> list[tuple[str, list[str]]]:
    document = found.documents.get(syllabus.load().objective(option[:3]))
    strategies = document["options"][option] if document else []
    return [(row["strategy"], [action["action"] for action in row["actions"]]) for row in strategies]


def left(found: Reading) -> list[str]:
    return [each.text for each in found.left]


@FORMS
def test_a_cell_merged_over_its_rows_holds_for_all_of_them(form: Callable[[Rows], bytes]) -> None:
    rows = [HEAD, (A, "S1", "un"), ("", "", "deux"), ("", "S2", "trois"), (LABELS[B], "S3", "quatre")]
    found = reading(incoming.read(form(rows)))
    assert rows_of(found, A) == [("S1", ["un", "deux"]), ("S2", ["trois"])]
    assert rows_of(found, B) == [("S3", ["quatre"])]
    assert found.left == []


@FORMS
def test_a_strategy_that_each_line_repeats_is_one(form: Callable[[Rows], bytes]) -> None:
    found = reading(incoming.read(form([HEAD, (A, "S1", "un"), (A, "S1", "deux"), (B, "S1", "trois")])))
    assert rows_of(found, A) == [("S1", ["un", "deux"])]
    assert rows_of(found, B) == [("S1", ["trois"])]


@FORMS
def test_bullets_in_a_cell_are_an_action_each_with_its_own_details(form: Callable[[Rows], bytes]) -> None:
    rows = [
        ("Plan du groupe 3",),
        ("Options", "Stratégies", "Activités à mener", "Responsables", "Échéance (mois)"),
        (A, "S1", "• un\n• deux", "Awa\nPaul", "mai"),
        (B, "S2", "1. trois\n2. quatre", "Zoé", ""),
    ]
    found = reading(incoming.read(form(rows)))
    actions = found.documents[OBJECTIVE]["options"][A][0]["actions"]
    assert [(a["action"], a["responsible"], a["due"]) for a in actions] == [
        ("un", "Awa", "mai"),
        ("deux", "Paul", "mai"),
    ]
    assert rows_of(found, B) == [("S2", ["trois", "quatre"])]
    assert left(found) == ["Plan du groupe 3"]


@pytest.mark.parametrize(
    ("answer", "actions"), [("several", ["un", "deux"]), ("one", ["un\ndeux"]), ("", ["un\ndeux"])]
)
def test_lines_without_bullets_are_asked_about_once(answer: str, actions: list[str]) -> None:
    asked: list[Question] = []

    def ask(question: Question) -> str:
        asked.append(question)
        return answer

    found = reading(incoming.read(as_xlsx([HEAD, (A, "S1", "un\ndeux"), (B, "S2", "trois\nquatre")])), ask)
    assert rows_of(found, A) == [("S1", actions)]
    assert len(asked) == 1


@FORMS
def test_what_has_no_place_is_kept_with_its_address(form: Callable[[Rows], bytes]) -> None:
    rows = [(*HEAD, "Budget"), (A, "S1", "un", "500 000"), ("9.9.z", "S2", "deux", ""), ("", "", "", "fin")]
    found = reading(incoming.read(form(rows)))
    assert rows_of(found, A) == [("S1", ["un"])]
    assert left(found) == ["500 000", "9.9.z", "S2", "deux", "fin"]
    place = {as_csv: "cellule D2", as_xlsx: "feuille Sheet, cellule D2", as_docx: "tableau 1, ligne 2, colonne 4"}
    assert found.left[0].place == place[form]


@FORMS
def test_a_table_that_is_no_canvas_is_kept_whole(form: Callable[[Rows], bytes]) -> None:
    found = reading(incoming.read(form([("Nom", "Présent"), ("Awa", "oui")])))
    assert left(found) == ["Nom", "Présent", "Awa", "oui"]
    assert found.documents == {}


@FORMS
def test_a_table_without_headings_is_known_by_its_options_or_asked_about(form: Callable[[Rows], bytes]) -> None:
    assert rows_of(reading(incoming.read(form([(A, "S1", "un"), (B, "S2", "deux")]))), B) == [("S2", ["deux"])]
    answers = iter(["strategy", "action", OBJECTIVE.id, C])
    found = reading(incoming.read(form([("S1", "un"), ("", "deux")])), lambda _: next(answers))
    assert rows_of(found, C) == [("S1", ["un", "deux"])]
    assert left(reading(incoming.read(form([("S1", "un"), ("", "deux")])))) == ["S1", "un", "deux"]


@FORMS
def test_a_row_that_names_an_option_and_nothing_else_is_its_title(form: Callable[[Rows], bytes]) -> None:
    rows = [HEAD[1:], (f"Option {LABELS[A]}", ""), ("S1", "un"), (f"{B} {LABELS[B]}", ""), ("S2", "deux")]
    found = reading(incoming.read(form(rows)))
    assert (rows_of(found, A), rows_of(found, B)) == ([("S1", ["un"])], [("S2", ["deux"])])


def test_a_paragraph_of_word_names_the_option_of_the_table_below() -> None:
    word = docx.Document()
    word.add_paragraph(f"Objectif 1.1 : {OBJECTIVE.title}")
    word.add_paragraph(f"{C} {LABELS[C]}")
    table = word.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Stratégie", "Action", "S", "a"), strict=True
    ):
        cell.text = text
    word.save(stream := io.BytesIO())
    assert rows_of(reading(incoming.read(stream.getvalue())), C) == [("S", ["a"])]


def test_more_than_a_canvas_holds_is_kept_aside() -> None:
    rows = [HEAD, *((A, f"S{n}", f"action {n}") for n in range(22)), (B, "S", "x" * 4001)]
    found = reading(incoming.read(as_xlsx(rows)))
    assert len(rows_of(found, A)) == 20
    assert left(found) == ["S20", "action 20", "S21", "action 21", "x" * 4001]


def test_a_date_typed_in_excel_is_that_date_and_a_formula_is_not_computed() -> None:
    book = openpyxl.Workbook()
    for row in ((*HEAD, "Échéance"), (A, "S1", "un", date(2027, 3, 31)), (B, "S2", "=1+1", "")):
        book.worksheets[0].append(row)
    book.save(stream := io.BytesIO())
    found = reading(incoming.read(stream.getvalue()))
    assert found.documents[OBJECTIVE]["options"][A][0]["actions"][0]["due"] == "31/03/2027"
    assert rows_of(found, B) == [("S2", [])]


def test_lists_and_revisions_of_word_are_read_as_they_are_seen() -> None:
    made = docx.Document()
    table = made.add_table(2, 3)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), (*HEAD, A, "S1", ""), strict=True):
        cell.text = text
    cell = table.rows[1].cells[2]
    cell.paragraphs[0].text, cell.paragraphs[0].style = "un", made.styles["List Bullet"]
    cell.add_paragraph("deux", style="List Bullet")
    made.save(stream := io.BytesIO())
    assert rows_of(reading(incoming.read(stream.getvalue())), A) == [("S1", ["un", "deux"])]


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_a_blank_canvas_that_was_filled_in_comes_back(form: str) -> None:
    raw = written(canvases.blank("But 1", syllabus.load().goal("1").objectives, Paper.A3), form)
    if form == "docx":
        made = docx.Document(io.BytesIO(raw))
        row = made.tables[0].rows[2]  # the second row of 1.1.a
        row.cells[1].text, row.cells[2].text = "S", "a"
        made.save(stream := io.BytesIO())
    else:
        book = openpyxl.load_workbook(io.BytesIO(raw))
        book["Canevas 1.1"]["D6"], book["Canevas 1.1"]["E6"] = "S", "a"
        book.save(stream := io.BytesIO())
    found = reading(incoming.read(stream.getvalue()))
    assert rows_of(found, A) == [("S", ["a"])]
    assert found.left == []
