"""A plan leaves as Word, Excel or a page and comes back to the letter; what others filled in is taken, or reported."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import example, given, settings
from office import saved_again
from planning import ACTIONS, filled, row, said
from test_plan_merging import OPTIONS, after, edits

from course import commands
from course.core import team
from course.core.plan import Sources, plan_of, read
from course.core.plan.format import FIELDS, new_document
from course.core.plan.plan import Source
from course.core.plan.store import PlanStore, merge
from course.core.team import Team
from course.documents import incoming, plan_import, plans
from course.documents.command import written
from course.documents.model import Document, Paper
from course.documents.reading import reading

HOSTILE = (
    "=1+1", "<r><t>x</t></r>", "]]>&amp;", "a\tb\n\n  c", "a\r\nb\r", "\x00\x1b", "_x0041_", "\ufffe", "\u2028\u202e",
    " ", "⟨U+0000⟩", "1.1.b", "Action", "plan/1-1-a", "• un\n• deux", "31/12/2026", "007", "oui", "x",
)  # fmt: skip
TEXTS = [name for name, field in FIELDS.items() if field.kind == "text" and not name.startswith("seen_")]
SOURCES = Sources(
    tuple(
        Source(row(option), option[:3], option, f"s-{option.replace('.', '-')}", strategy, action)
        for option, strategy, action in zip(
            OPTIONS, ("S", "=S", "<r>S</r>"), ("un", "=deux\n  lignes", "1"), strict=True
        )
    )
)
FORMS = pytest.mark.parametrize("form", ["docx", "xlsx"])


def chosen(made: list[Any]) -> dict[str, Any]:
    """A plan in which every action is chosen, in the order of the course."""
    ranks = [said(option, "order", str(n + 1), n + 1, client="o") for n, option in enumerate(OPTIONS)]
    picks = [said(option, "chosen", "1", n + 10, client="o", base=99) for n, option in enumerate(OPTIONS)]
    kept = [edit for edit in made if edit.field not in ("chosen", "order", "seen_strategy", "seen_action")]
    return after(kept, [*ranks, *picks])


def sent(document: dict[str, Any], form: str) -> bytes:
    rows = plans.rows_of(plan_of(document, SOURCES).lines)
    sheets = plans.sheets_of(rows, is_book=form == "xlsx")
    return written(Document(plans.TITLE, "Classeur de\u00a0: nous", "Écrit le 01/12/2026", sheets), form)


EVERY = [
    said(option, name, HOSTILE[(number + 7 * rank) % len(HOSTILE)], number + 1, client=f"{rank}")
    for rank, option in enumerate(OPTIONS)
    for number, name in enumerate(TEXTS)
]


@FORMS
@settings(max_examples=int(os.environ.get("COURSE_ROUND_TRIPS", "8")), deadline=None)
@given(edits())
@example(EVERY)
def test_every_value_comes_back_to_the_letter(form: str, made: list[Any]) -> None:
    document = chosen(made)
    found = reading(incoming.read(sent(document, form)))
    reader = plan_import.PlanReader(SOURCES, {}, None)
    reader.read(found.plans)
    assert (found.left, reader.left, found.documents) == ([], [], {})
    merging = plan_import._Merging(new_document("d"), SOURCES)
    merging.merge(reader)
    back, refused = merge(new_document("d"), merging.edits)
    assert refused == ()
    lines = [plan_of(one, SOURCES).lines for one in (document, back)]
    assert [[_values(line) for line in each] for each in lines][1] == [_values(line) for line in lines[0]]


def test_what_libreoffice_saves_again_comes_back_to_the_letter(tmp_path: Path) -> None:
    # LibreOffice makes one line break of each carriage return, and drops a space at the end of a text in Word.
    made = [edit for edit in EVERY if "\r" not in edit.value and edit.value != " "]
    document = chosen([*made, said(OPTIONS[1], "cost", "150000", 90), said(OPTIONS[2], "t2", "1", 91, client="q")])
    for form in ("docx", "xlsx"):
        path = tmp_path / f"plan.{form}"
        path.write_bytes(sent(document, form))
        reader = plan_import.PlanReader(SOURCES, {}, None)
        reader.read(reading(incoming.read(saved_again([path], form, tmp_path)[0])).plans)
        expected = plan_import.PlanReader(SOURCES, {}, None)
        expected.read(reading(incoming.read(path.read_bytes())).plans)
        both = [
            [(value.place.row, value.field, value.text) for value in each.values if value.text]
            for each in (reader, expected)
        ]
        assert both[0] == both[1], form
        assert ("1-2-a-1-2-a", "cost", "150000") in both[0]
        assert reader.left == []


def _values(line: Any) -> dict[str, Any]:
    """What a line says; a text of spaces alone is none."""
    values = {name: getattr(line, name) for name in line.__slots__ if name not in ("order", "change", "before")}
    answers = {name: (one.answer, one.reason if one.reason.strip() else "") for name, one in line.verdicts.items()}
    values["verdicts"] = {name: one for name, one in answers.items() if any(one)}
    return {name: value for name, value in values.items() if not isinstance(value, str) or value.strip()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    filled(tmp_path)
    return tmp_path


def write(root: Path, option: str, **values: str) -> None:
    store = PlanStore(root / "modules")
    number = store.open().document["revision"]
    made = [
        said(option, name, text, n, client=f"p{number}", base=99) for n, (name, text) in enumerate(values.items(), 1)
    ]
    assert not store.save(made).refusals


@pytest.fixture
def course(capsys: pytest.CaptureFixture[str], root: Path) -> Iterator[object]:
    def run(*words: str) -> tuple[int, str]:
        try:
            code = commands.main([*words, "--dossier", str(root)])
        except SystemExit as end:
            code = int(end.code or 0)
        out = "".join(capsys.readouterr())
        return code, out.replace("\u00a0", " ").replace("\u202f", " ")

    return run


def test_word_has_the_columns_of_the_ministry_on_paper(course, root) -> None:
    write(
        root,
        "1.1.a",
        chosen="1",
        order="1",
        cost="1500000",
        t2="1",
        p2="yes",
        p2_reason="Les plus loin d’abord",
        impact="3",
    )
    assert course("document", "plan")[0] == 0
    made = docx.Document(str(root / "documents/plan.docx"))
    assert [round(side.mm) for side in (made.sections[0].page_width, made.sections[0].page_height)] == [297, 210]
    form, reasons, follow_up = made.tables
    assert [cell.text for cell in form.rows[0].cells] == [
        "N°", "But et objectif", "Action", "Responsable", "Partenaires", "T1", "T2", "T3", "T4", "Coût (FCFA)",
        "Source de financement", "Indicateur", "Base", "Cible", "Source de vérification", "Fréquence", "Principes",
    ]  # fmt: skip
    cells = [cell.text.replace("\u202f", " ").replace("\u00a0", " ") for cell in form.rows[1].cells]
    assert [cells[n] for n in (2, 6, 9, 16)] == [ACTIONS["1.1.a"], "x", "1 500 000", "2 oui"]
    assert form.rows[0]._tr.trPr.xpath("w:tblHeader")
    assert [cell.text for cell in reasons.rows[1].cells][2] == "fort"
    assert "Les plus loin d’abord" in [cell.text for cell in reasons.rows[1].cells]
    assert [cell.text for cell in follow_up.rows[0].cells] == [
        "N°", "Action", "Où en est l’action", "Ce qui a été fait", "Ce que cela a changé", "Ce qui a empêché",
    ]  # fmt: skip


def test_excel_has_typed_cells_and_lists_to_choose_from(course, root) -> None:
    write(root, "1.1.a", chosen="1", order="1", cost="1500000", t2="1", p1="review", funding="=1+1")
    course("document", "plan", "--format", "xlsx")
    page = openpyxl.load_workbook(root / "documents/plan.xlsx").worksheets[0]
    heads = {page.cell(4, n).value: n for n in range(1, page.max_column + 1)}
    cell = page.cell(5, heads["Coût (FCFA)"])
    assert (cell.value, cell.data_type, cell.number_format) == (1_500_000, "n", "#,##0")
    assert (page.cell(5, heads["T2"]).value, page.cell(5, heads["Source de financement"]).data_type) == ("x", "s")
    lists = {rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"}
    assert lists == {
        '"x"',
        '"faible,moyen,fort"',
        '"peut attendre,cette année,tout de suite"',
        '"oui,non,à revoir"',
        '"prévue,commencée,faite"',
    }
    assert page.freeze_panes == "D5"
    assert (
        max(len(rule.errorTitle) for rule in page.data_validations.dataValidation) <= 32
    )  # else Excel repairs the file


def test_a_page_of_the_plan_prints_and_an_empty_plan_says_what_to_do(course, root) -> None:
    code, out = course("document", "plan", "--format", "html")
    assert (code, "cochez-en" in out) == (2, True)
    write(root, "1.1.a", chosen="1", order="1", responsible="<b>Awa</b>")
    assert course("document", "mon-plan", "--vers", str(root / "p.html"), "--papier", "A3")[0] == 0
    page = (root / "p.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;Awa&lt;/b&gt;" in page
    assert "size: A3 landscape" in page


@FORMS
def test_a_blank_plan_that_was_filled_in_comes_back(course, root, form) -> None:
    path = root / f"v.{form}"
    assert course("document", "plan", "--vierge", "--papier", "A3", "--vers", str(path))[0] == 0
    values = {
        "Action": ACTIONS["1.1.a"],
        "Responsable": "Awa",
        "T3": "X",
        "Coût (FCFA)": "150 000 FCFA",
        "Principes": "1 oui, 3 non",
    }
    if form == "docx":
        made = docx.Document(str(path))
        heads = [cell.text for cell in made.tables[0].rows[0].cells]
        for name, text in values.items():
            made.tables[0].rows[2].cells[heads.index(name)].text = text
        made.save(str(path))
    else:
        book = openpyxl.load_workbook(path)
        heads = [book.worksheets[0].cell(4, n).value for n in range(1, 40)]
        for name, text in values.items():
            if name in heads:
                book.worksheets[0].cell(7, heads.index(name) + 1).value = text
        book.save(path)
    code, out = course("import", str(path))
    assert (code, "Refusé" in out) == (0, False)
    (line,) = read(root).lines
    assert (line.action, line.responsible, line.quarters, line.cost) == (
        ACTIONS["1.1.a"], "Awa", (False, False, True, False), 150_000,
    )  # fmt: skip
    if form == "docx":
        assert [line.verdicts[name].answer for name in ("p1", "p2", "p3")] == ["yes", "", "no"]


def test_what_differs_is_kept_beside_or_reported_and_what_is_empty_is_said(course, root) -> None:
    write(root, "1.1.a", chosen="1", order="1", responsible="Awa", cost="5", impact="1", target="80 %", t1="1")
    path = root / "plan.csv"
    head = "N°;Action;Responsable;Coût;Impact;Cible;T1;T2;Urgence;Budget de l’État"
    path.write_text(
        f"{head}\n1;{ACTIONS['1.1.a']};Paul;15;fort;80 %;;x;demain;oui\n2;Autre chose;Zoé;;;;;;;\n", encoding="utf-8"
    )
    code, out = course("import", str(path))
    (line,) = read(root).lines
    assert (line.responsible, line.cost, line.impact, line.quarters) == ("Awa", 5, 1, (True, True, False, False))
    assert code == 0
    assert "Plan : 1 réponse prise, 2 textes changés, 1 réponse déjà là." in out
    conflicts = PlanStore(root / "modules").open().document["sync"]["conflicts"]
    assert sorted(conflict["text"] for conflict in conflicts) == ["15", "Paul"]
    for text, reason in (
        ("fort", "le plan dit déjà autre chose"),
        ("demain", "mots de la liste"),
        ("Autre chose", "aucun canevas"),
    ):
        assert any(text in each and reason in each for each in out.splitlines() if each.strip().startswith("Refusé")), (
            text
        )
    assert "2 textes changés" not in course("import", str(path))[1]


def test_a_row_that_was_emptied_or_taken_out_stays_in_the_plan(course, root) -> None:
    write(root, "1.1.a", chosen="1", order="1", responsible="Awa", t1="1")
    write(root, "1.2.a", chosen="1", order="2")
    course("document", "plan", "--format", "xlsx", "--vers", str(root / "p.xlsx"))
    book = openpyxl.load_workbook(root / "p.xlsx")
    page = book.worksheets[0]
    heads = [page.cell(4, n).value for n in range(1, page.max_column + 1)]
    page.cell(5, heads.index("Responsable") + 1).value = None
    page.cell(5, heads.index("Action") + 1).value = "Tout autre chose"
    page.delete_rows(6)
    book.save(root / "p.xlsx")
    _, out = course("import", str(root / "p.xlsx"))
    assert "responsable : vide dans le fichier, le plan garde « Awa »" in out.lower().replace("Awa", "awa").replace(
        "awa", "Awa"
    )
    assert "Dans le plan et pas dans ce fichier : 1 action" in out
    assert "Tout autre chose » : le plan montre ici le canevas" in out
    assert [line.responsible for line in read(root).lines] == ["Awa", ""]


def test_the_plan_of_other_people_is_refused(course, root) -> None:
    write(root, "1.1.a", chosen="1", order="1", responsible="Awa")
    team.save(root, Team("Groupe 7"))
    course("document", "plan", "--vers", str(root / "p.docx"))
    team.save(root, Team("Groupe 8"))
    code, out = course("import", str(root / "p.docx"))
    assert (code, "Ce fichier est celui de : Groupe 7" in out) == (2, True)


def test_marks_that_another_program_shows_are_still_marks() -> None:
    document = chosen([said(OPTIONS[0], "responsible", "Awa", 1)])
    made = docx.Document(io.BytesIO(sent(document, "docx")))
    for hidden in made.element.body.xpath("//w:vanish"):
        hidden.getparent().remove(hidden)
    made.save(stream := io.BytesIO())
    reader = plan_import.PlanReader(SOURCES, {}, None)
    reader.read(reading(incoming.read(stream.getvalue())).plans)
    assert ([value.text for value in reader.values if value.text], reader.left) == (["Awa"], [])


def test_an_action_of_two_canvases_is_asked_about_or_left() -> None:
    sources = Sources(tuple(Source(row(option), option[:3], option, "s", option, "même") for option in OPTIONS[:2]))
    (table,) = reading(incoming.read("Action;Partenaires;Coût\nmême;radio;5\n".encode())).plans
    for answer, rows in (("", []), (row(OPTIONS[1]), [row(OPTIONS[1])])):
        reader = plan_import.PlanReader(sources, {}, lambda _, answer=answer: answer)
        reader.read([table])
        assert list(reader.rows) == rows
        assert len(reader.left) == (0 if rows else 3)


def test_no_text_of_a_blank_plan_is_taken_for_an_answer() -> None:
    for form in ("docx", "xlsx"):
        found = reading(incoming.read(written(plans.blank(Paper.A3, is_book=form == "xlsx"), form)))
        reader = plan_import.PlanReader(SOURCES, {}, None)
        reader.read(found.plans)
        assert (reader.values, reader.left, found.left) == ([], [], [])


def document_of(course: Any, root: Path, form: str) -> Path:
    """The document of a plan of two actions."""
    for option in ("1.1.a", "1.2.a"):
        write(root, option, chosen="1")
    assert course("document", "plan", "--vers", str(root / f"p.{form}"))[0] == 0
    return root / f"p.{form}"


def table_of(path: Path, form: str) -> tuple[Any, Any]:
    """An Excel workbook or a Word document, and its sheet or the table of its follow-up."""
    if form == "xlsx":
        book = openpyxl.load_workbook(path)
        return book, book.active
    document = docx.Document(str(path))
    return document, document.tables[-1]


@FORMS
def test_a_file_of_a_workbook_without_names_is_taken_without_a_refusal(course, root, form) -> None:
    (root / team.FILE).unlink(missing_ok=True)
    assert "Refusé" not in course("import", str(document_of(course, root, form)))[1]


@FORMS
def test_what_is_merged_over_several_actions_is_of_each_and_a_state_is_read_as_people_write_it(
    course, root, form
) -> None:
    path = document_of(course, root, form)
    document, table = table_of(path, form)
    if form == "xlsx":
        heads = {cell.value: cell.column for cell in table[4]}
        for number, word in enumerate(("Réalisée", "en cours")):
            table.cell(5 + number, heads["Où en est l’action"]).value = word
        place = heads["Ce que cela a changé"]
        table.cell(5, place).value = "Les femmes viennent"
        table.merge_cells(start_row=5, end_row=6, start_column=place, end_column=place)
    else:
        for number, word in enumerate(("Réalisée", "en cours"), 1):
            table.cell(number, 2).text = word
        table.cell(1, 4).merge(table.cell(2, 4)).text = "Les femmes viennent"
    document.save(path)
    course("import", str(path))
    first, second = read(root).lines[:2]
    assert (first.status, second.status) == ("done", "begun")
    assert first.effect == second.effect == "Les femmes viennent"


def test_a_formula_without_a_result_is_told(course, root) -> None:
    path = document_of(course, root, "xlsx")
    book, sheet = table_of(path, "xlsx")
    sheet.cell(5, next(cell.column for cell in sheet[4] if cell.value == "Partenaires")).value = "=1+1"
    book.save(path)
    assert "« =1+1 » : c’est une formule" in course("import", str(path))[1]
