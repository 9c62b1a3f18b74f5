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
    assert left(found) == ["Nom\tPrésent\nAwa\toui"]
    assert found.documents == {}


@FORMS
def test_a_table_without_headings_is_known_by_its_options_or_asked_about(form: Callable[[Rows], bytes]) -> None:
    assert rows_of(reading(incoming.read(form([(A, "S1", "un"), (B, "S2", "deux")]))), B) == [("S2", ["deux"])]
    answers = iter(["strategy", "action", OBJECTIVE.id, C])
    found = reading(incoming.read(form([("S1", "un"), ("", "deux")])), lambda _: next(answers))
    assert rows_of(found, C) == [("S1", ["un", "deux"])]
    assert left(reading(incoming.read(form([("S1", "un"), ("", "deux")])))) == ["S1\tun\ndeux"]


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


def asked_by(answers: dict[str, str], asked: list[str]) -> Callable[[Question], str]:
    """Somebody who answers the questions that hold a text."""

    def ask(question: Question) -> str:
        asked.append(question.words)
        return next((answer for text, answer in answers.items() if text in question.words), "")

    return ask


def word_of(*parts: str | Rows) -> bytes:
    """A Word document of paragraphs and tables."""
    made = docx.Document()
    for part in parts:
        if isinstance(part, str):
            made.add_paragraph(part)
            continue
        table = made.add_table(0, max(map(len, part)))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = text
    made.save(stream := io.BytesIO())
    return stream.getvalue()


def book_of(**pages: Rows) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in pages.items():
        page = book.create_sheet(name.replace("_", " ").replace("p", "."))
        for row in rows:
            page.append(row)
    book.save(stream := io.BytesIO())
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "Le canevas 1.1 manque de budget : nous demandons 3 millions.",
        f"{A} nous paraît irréaliste, voir le comité",
        "But 1 : mais le district refuse",
        "Écrit le 3 mars par Awa, secret",
        "1.1 million de francs",
    ],
)
def test_a_sentence_above_a_table_is_no_title(text: str) -> None:
    found = reading(incoming.read(word_of(text, [HEAD, ("a", "S", "un")])))
    assert left(found) == [text, "a", "S", "un"]
    assert found.documents == {}


@pytest.mark.parametrize(
    "title", [f"Canevas 1.1 : {OBJECTIVE.title}", "Objectif 1.1", "1.1", "Canevas 1.1", "obj. 1.1"]
)
def test_a_title_says_which_canvas_the_letters_are_of(title: str) -> None:
    found = reading(incoming.read(word_of("But 1", title, [HEAD, ("a", "S", "un"), ("Option B", "T", "deux")])))
    assert (rows_of(found, A), rows_of(found, B)) == ([("S", ["un"])], [("T", ["deux"])])
    assert found.left == []


def test_a_figure_in_a_goal_or_an_objective_is_no_canvas() -> None:
    head = ("But", "Objectif", *HEAD)
    rows = [head, ("3 réunions tenues", "Réduire de 2.2 % les décès", "a", "S", "un"), ("1", "1.1", "b", "T", "deux")]
    found = reading(incoming.read(book_of(Canevas_1p1=rows)))
    assert (rows_of(found, A), rows_of(found, B)) == ([("S", ["un"])], [("T", ["deux"])])
    assert left(found) == ["3 réunions tenues", "Réduire de 2.2 % les décès"]


def test_the_canvas_of_the_sheet_or_table_before_does_not_hold_for_the_next() -> None:
    found = reading(
        incoming.read(book_of(Canevas_1p1=[HEAD, ("a", "S", "un")], Canevas_1p9=[HEAD, ("a", "T", "deux")]))
    )
    assert (rows_of(found, A), left(found)) == ([("S", ["un"])], ["a", "T", "deux"])
    parts = ("Canevas 1.1", [HEAD, ("a", "S", "un")], "Plan du comité", [HEAD, ("a", "T", "deux")])
    found = reading(incoming.read(word_of(*parts)))
    assert (rows_of(found, A), left(found)) == ([("S", ["un"])], ["Plan du comité", "a", "T", "deux"])


def test_each_option_that_is_not_known_is_asked_about_by_itself() -> None:
    rows = [HEAD, ("Formation", "S", "un"), ("Mentorat", "T", "deux"), ("Formation", "U", "trois")]
    asked: list[str] = []
    answers = {"De quel canevas": "1.1", "Formation": A, "Mentorat": B}
    found = reading(incoming.read(as_csv(rows)), asked_by(answers, asked))
    assert (rows_of(found, A), rows_of(found, B)) == ([("S", ["un"]), ("U", ["trois"])], [("T", ["deux"])])
    assert len(asked) == 3
    assert left(found) == ["Formation", "Mentorat", "Formation"]


@FORMS
def test_an_option_is_known_by_its_letter_with_words_and_by_its_number_with_a_space(
    form: Callable[[Rows], bytes],
) -> None:
    rows = [
        ("Canevas 1.1",), HEAD, ("Option A : ce qui nous importe", "S", "un"), ("1.1 b", "T", "deux"),
        (f"c) {LABELS[C]}", "U", "trois"), (f"{D}x1-2/y_3\n{LABELS[D]}", "V", "quatre"),
    ]  # fmt: skip
    found = reading(incoming.read(form(rows)))
    expected = [[("S", ["un"])], [("T", ["deux"])], [("U", ["trois"])], [("V", ["quatre"])]]
    assert [rows_of(found, option) for option in (A, B, C, D)] == expected
    assert left(found) == ["Option A : ce qui nous importe"]
    assert found.documents[OBJECTIVE]["options"][D][0]["id"] == "x1-2"


@FORMS
def test_a_strategy_in_the_words_of_an_option_is_a_strategy(form: Callable[[Rows], bytes]) -> None:
    found = reading(incoming.read(form([HEAD, (B, "S", "un"), ("", LABELS[A], ""), ("", "", "deux")])))
    assert rows_of(found, B) == [("S", ["un"]), (LABELS[A], ["deux"])]


@FORMS
def test_a_second_date_of_an_action_is_no_action(form: Callable[[Rows], bytes]) -> None:
    rows = [(*HEAD, "Date de début", "Date de fin", "Responsable"), (A, "S", "un", "mai", "juin", "Awa")]
    found = reading(incoming.read(form(rows)))
    assert rows_of(found, A) == [("S", ["un"])]
    assert found.documents[OBJECTIVE]["options"][A][0]["actions"][0]["responsible"] == "Awa"
    assert left(found) == ["juin"]


@FORMS
def test_headings_in_two_rows_are_read_together(form: Callable[[Rows], bytes]) -> None:
    rows = [(*HEAD, "Suivi", ""), ("", "", "", "Responsable", "Échéance"), (A, "S", "un", "Awa", "mai")]
    (row,) = reading(incoming.read(form(rows))).documents[OBJECTIVE]["options"][A]
    assert (row["actions"][0]["responsible"], row["actions"][0]["due"]) == ("Awa", "mai")


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_a_person_that_is_merged_over_several_actions_is_of_each(form: str) -> None:
    rows = [
        (*HEAD, "Responsable"),
        (A, "S", "un", "Awa"),
        ("", "", "deux", ""),
        ("", "", "", ""),
        (B, "T", "trois", ""),
    ]
    if form == "docx":
        made = docx.Document(io.BytesIO(as_docx(rows)))
        table = made.tables[0]
        table.cell(1, 3).merge(table.cell(3, 3))
        made.save(stream := io.BytesIO())
    else:
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(rows)))
        book.worksheets[0].merge_cells("D2:D4")
        book.save(stream := io.BytesIO())
    found = reading(incoming.read(stream.getvalue()))
    (row,), (other,) = (found.documents[OBJECTIVE]["options"][option] for option in (A, B))
    assert [(a["action"], a["responsible"]) for a in row["actions"]] == [("un", "Awa"), ("deux", "Awa")]
    assert other["actions"][0]["responsible"] == ""
    assert found.left == []


@FORMS
def test_a_bullet_alone_is_no_action(form: Callable[[Rows], bytes]) -> None:
    found = reading(incoming.read(form([HEAD, (A, "S", "• un\n•\n• deux"), (B, "T", "•")])))
    assert (rows_of(found, A), rows_of(found, B)) == ([("S", ["un", "deux"])], [("T", [])])


def test_a_row_below_the_last_one_of_a_document_of_the_course_is_of_no_option() -> None:
    head = ("Repère", "Option", "Intitulé", "Stratégie", "Action")
    rows = [
        head, ("s1/a1", A, LABELS[A], "S", "un"), ("", "", "", "", "entre deux"), ("s1/a2", A, LABELS[A], "", "deux"),
        ("s2/a3", D, LABELS[D], "T", "trois"), ("", "", "", "U", "quatre"), ("", "", "", "", "cinq"),
    ]  # fmt: skip
    found = reading(incoming.read(book_of(Canevas_1p1=rows)))
    assert rows_of(found, A) == [("S", ["un", "entre deux", "deux"])]
    assert (rows_of(found, D), left(found)) == ([("T", ["trois"])], ["U", "quatre", "cinq"])
    found = reading(incoming.read(book_of(Canevas_1p1=rows)), asked_by({"sans option": B}, []))
    assert rows_of(found, B) == [("U", ["quatre", "cinq"])]


def test_each_of_several_texts_alike_has_its_own_address() -> None:
    rows = [(*HEAD, "Responsable"), (A, "S", "un", "Awa"), ("", "", "deux", "Awa"), (B, "T", "trois", "Awa")]
    places = reading(incoming.read(as_csv(rows))).places
    assert sorted(place for (_, _, kind), place in places.items() if kind == "responsible") == [
        "cellule D2", "cellule D3", "cellule D4",
    ]  # fmt: skip


def test_the_line_of_headings_says_what_separates_the_cells_of_a_csv() -> None:
    text = f"Plan, du, district, de, Kaya\nOption;Stratégie;Action\n{A};S;un, deux\n"
    found = reading(incoming.read(text.encode()))
    assert rows_of(found, A) == [("S", ["un, deux"])]
    assert left(found) == ["Plan, du, district, de, Kaya"]


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
