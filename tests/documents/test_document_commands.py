"""`course document` and `course import`, in French: nothing is replaced, nothing is lost, every text is reported."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from course import commands
from course.core import authorship, bar, syllabus, team
from course.core.answers import read as answers_of
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.core.team import Team
from course.documents.incoming import read

OBJECTIVE = syllabus.load().objective("1.1")
A, B, *_ = (option.id for option in OBJECTIVE.options)
WHO = Team("Équipe d’Awa", ("Awa T.",))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workbook whose canvas 1.1 has one strategy with one action."""
    home = tmp_path / "exercises/but-1"
    home.mkdir(parents=True)
    (home / "but-1.ipynb").write_text('{"cells": []}', encoding="utf-8")
    team.save(tmp_path, WHO)
    write(tmp_path, "s1", "strategy", "Former les relais")
    write(tmp_path, "a1", "action", "=Réunir <les> chefs", parent="s1")
    return tmp_path


def write(root: Path, row: str, field: str, text: str, parent: str = "", option: str = A) -> None:
    store = AnswersStore(root / "exercises/but-1", OBJECTIVE)
    client = f"page{store.open().document['revision']}"
    edit = Edit("set", row, option, parent, field, text, base=99, client=client, number=1)
    assert not store.save([edit]).refusals


def texts(root: Path, option: str = A) -> list[tuple[str, list[str]]]:
    answers = answers_of(root / "exercises/but-1", OBJECTIVE)
    assert answers is not None
    return [(row.strategy, [action.action for action in row.actions]) for row in answers.options[option]]


def beside(root: Path) -> list[str]:
    document = AnswersStore(root / "exercises/but-1", OBJECTIVE).open().document
    return [conflict["text"] for conflict in document.get("sync", {}).get("conflicts", [])]


@pytest.fixture
def course(capsys: pytest.CaptureFixture[str], root: Path) -> Iterator[object]:
    def run(*words: str) -> tuple[int, str, str]:
        try:
            code = commands.main([*words, "--dossier", str(root)])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out.replace("\u00a0", " ").replace("\u202f", " "), err.replace("\u00a0", " ")

    return run


class TestDocument:
    def test_word_has_real_styles_a_repeated_heading_and_a4_on_its_side(self, course, root):
        code, out, _ = course("document", "1.1")
        path = root / "documents/canevas-1.1.docx"
        assert (code, str(path) in out) == (0, True)
        made = docx.Document(str(path))
        section = made.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
        assert [p.style.name for p in made.paragraphs] == ["Title", "Normal", "Normal"]
        assert "Équipe d’Awa (Awa T.)" in made.paragraphs[1].text
        head, first, *_ = made.tables[0].rows
        assert head._tr.trPr.xpath("w:tblHeader")
        assert [c.text for c in head.cells] == [
            "Option",
            "Stratégie",
            "Action",
            "Responsable",
            "Échéance",
            "Indicateur",
        ]
        assert first.cells[2].text == "=Réunir <les> chefs"

    def test_excel_has_text_alone_drop_downs_and_a_heading_in_view(self, course, root):
        course("document", "but-1", "--format", "xlsx")
        book = openpyxl.load_workbook(root / "documents/but-1.xlsx")
        assert book.sheetnames == ["Canevas 1.1", "Canevas 1.2", "Canevas 1.3"]
        page = book["Canevas 1.1"]
        cell = page["E5"]
        assert (cell.value, cell.data_type, cell.number_format) == ("=Réunir <les> chefs", "s", "@")
        assert page.freeze_panes == "A5"
        assert page.print_title_rows == "$4:$4"
        choices = [rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"]
        assert choices == [f'"{",".join(option.id for option in OBJECTIVE.options)}"']

    def test_a_page_is_escaped_and_needs_nothing_else(self, course, root):
        course("document", "1.1", "--vers", str(root / "x.html"))
        page = (root / "x.html").read_text(encoding="utf-8")
        assert "=Réunir &lt;les&gt; chefs" in page
        assert "size: A4 landscape" in page
        assert "<script" not in page

    def test_a_document_is_never_replaced(self, course, root):
        course("document", "1.1")
        (root / "documents/canevas-1.1.docx").write_bytes(b"changed by somebody")
        course("document", "1.1")
        assert (root / "documents/canevas-1.1.docx").read_bytes() == b"changed by somebody"
        assert (root / "documents/canevas-1.1-2.docx").exists()
        code, _, err = course("document", "1.1", "--vers", str(root / "documents/canevas-1.1.docx"))
        assert (code, "existe déjà" in err) == (2, True)

    @pytest.mark.parametrize("form", ["docx", "xlsx", "html"])
    def test_it_says_that_a_text_waits_for_a_choice(self, course, root, form):
        store = AnswersStore(root / "exercises/but-1", OBJECTIVE)
        for client in ("c", "d"):
            store.save([Edit("set", "a1", A, "s1", "action", client, base=0, client=client, number=1)])
        course("document", "1.1", "--vers", str(root / f"x.{form}"))
        raw = (root / f"x.{form}").read_bytes()
        if form == "html":
            assert "2 textes attendent votre choix dans le canevas" in raw.decode()
        else:
            assert course("import", str(root / f"x.{form}"))[1].count("Refusé") == 0
            seen = [cell.text for table in read(raw) for row in (table.above, *table.rows) for cell in row]
            assert any("attendent votre choix" in text for text in seen)

    def test_a_name_and_a_format_that_differ_are_refused(self, course, root):
        code, _, err = course("document", "1.1", "--vers", str(root / "x.xlsx"), "--format", "docx")
        assert (code, "finit par .xlsx" in err) == (2, True)
        assert not (root / "x.xlsx").exists()

    def test_a_blank_canvas_has_the_identifiers_on_large_paper(self, course, root):
        course("document", "1.1", "--vierge", "--papier", "a3", "--vers", str(root / "v.docx"))
        made = docx.Document(str(root / "v.docx"))
        assert round(made.sections[0].page_width.mm) == 420
        options = [row.cells[0].text.split("\n")[0] for row in made.tables[0].rows[1:]]
        assert options == [option.id for option in OBJECTIVE.options for _ in range(3)]
        assert not any(cell.text for row in made.tables[0].rows[1:] for cell in row.cells[1:])

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (("9.9",), "n’est pas un cahier"),
            (("but-9",), "n’est pas un cahier"),
            (("1.1", "--format", "pdf"), "docx, xlsx et html"),
            (("1.1", "--vierge", "--papier", "B5"), "A4 ou A3"),
            (("but-2",), "n’a pas le cahier « but-2 »"),
        ],
    )
    def test_what_cannot_be_written_is_a_french_sentence(self, course, words, reason):
        code, _, err = course("document", *words)
        assert code == 2
        assert reason in err.replace("\u202f", " ")


class TestImport:
    @pytest.mark.parametrize("form", ["docx", "xlsx"])
    def test_what_was_changed_is_kept_beside_and_what_is_new_is_taken(self, course, root, form):
        course("document", "1.1", "--format", form)
        path = root / f"documents/canevas-1.1.{form}"
        if form == "docx":
            made = docx.Document(str(path))
            rows = made.tables[0].rows
            rows[1].cells[1].paragraphs[0].runs[0].text = "Payer les relais"
            rows[1].cells[4].text = "mai 2027"
            made.save(str(path))
        else:
            book = openpyxl.load_workbook(path)
            book.worksheets[0]["D5"], book.worksheets[0]["G5"] = "Payer les relais", "mai 2027"
            book.save(path)
        code, out, _ = course("import", str(path))
        assert code == 0
        assert "Canevas 1.1 : 1 texte pris, 1 texte changé, 1 texte déjà là." in out
        assert "→ 1.1.a, échéance : « mai 2027 »." in out
        assert "→ 1.1.a, stratégie : « Payer les relais » : les deux textes sont gardés" in out
        assert texts(root) == [("Former les relais", ["=Réunir <les> chefs"])]
        assert beside(root) == ["Payer les relais"]
        assert "sans-place" not in out
        assert "2 textes" not in course("import", str(path))[1]  # again, nothing is new
        assert beside(root) == ["Payer les relais"]

    def test_what_has_no_place_is_said_and_kept_in_a_file(self, course, root):
        path = root / "à nous.csv"
        path.write_text(f"Option;Stratégie;Action;Budget\n{B};S;a;500 000 F\n", encoding="utf-8")
        code, out, _ = course("import", str(path))
        assert code == 0
        assert texts(root, B) == [("S", ["a"])]
        assert "Refusé – cellule D2 : « 500 000 F » : sa colonne n’est pas du canevas." in out
        (kept,) = (root / "documents").glob("*.txt")
        assert kept.name == "à-nous-sans-place.txt"
        assert "500 000 F" in kept.read_text(encoding="utf-8")
        course("import", str(path))
        assert len(list((root / "documents").glob("*.txt"))) == 1

    def test_a_file_that_cannot_be_read_stops_no_other(self, course, root):
        (root / "x.docx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
        (root / "y.csv").write_text(f"Option;Stratégie;Action\n{B};S;a\n", encoding="utf-8")
        code, out, _ = course("import", str(root / "x.docx"), str(root / "y.csv"))
        assert (code, texts(root, B)) == (0, [("S", ["a"])])
        assert "« x.docx » : C’est un fichier d’Office d’avant 2007" in out
        assert course("import", str(root / "x.docx"))[0] == 2
        assert "existe pas" in course("import", str(root / "absent.docx"))[1]

    @pytest.fixture
    def theirs(self, root):
        """A file of the first people, in a workbook of others."""
        team.save(root, Team("Groupe 7"))
        (root / "y.csv").write_text(
            f"Classeur de : Équipe d’Awa (Awa T.)\nOption;Stratégie;Action\n{B};S;a\n", encoding="utf-8"
        )
        return str(root / "y.csv")

    @pytest.mark.parametrize("other", [Team("Groupe 7"), Team()])
    def test_the_file_of_other_people_is_taken_only_after_a_yes(self, course, root, monkeypatch, theirs, other):
        team.save(root, other)
        here = "Ce classeur est celui de : Groupe 7." if other else "Ce classeur ne dit pas encore qui travaille."
        said = f"Ce fichier est celui de : Équipe d’Awa (Awa T.). {here} Le reprendre ici quand même ?"
        before = texts(root, B)
        code, out, _ = course("import", theirs)
        assert (code, said in out, texts(root, B)) == (2, True, before)
        monkeypatch.setenv(bar.PAGE, "1")
        for answer in ("non", "oui"):
            assert texts(root, B) == before
            monkeypatch.setattr(sys, "stdin", io.StringIO(bar.encoded(answer)))
            course("import", theirs)
        assert texts(root, B) == [("S", ["a"])]

    def test_a_yes_may_be_given_beforehand(self, course, root, theirs):
        assert course("import", theirs, "--oui")[0] == 0
        assert texts(root, B) == [("S", ["a"])]

    def test_nothing_is_taken_while_other_names_wait(self, course, root, theirs):
        authorship.handed_in(root)
        assert authorship.propose(root, Team("Groupe 8")).held
        before = texts(root, B)
        code, out, _ = course("import", theirs, "--oui")
        assert (code, "D’autres noms attendent votre réponse" in out, texts(root, B)) == (2, True, before)

    def test_a_longer_text_replaces_no_other(self, course, root):
        write(root, "a1", "action", "5 %", parent="s1")
        for text in ("15 %", "%"):
            (root / "y.csv").write_text(f"Option;Stratégie;Action\n{A};Former les relais;{text}\n", encoding="utf-8")
            course("import", str(root / "y.csv"))
        assert "5 %" in [action for _, actions in texts(root) for action in actions]

    def test_no_folder_beside_the_workbook_is_written_into(self, course, root):
        other = root.parent / "but-2"
        other.mkdir()
        (other / "but-2.ipynb").write_text("{}", encoding="utf-8")
        option = syllabus.load().objective("2.1").options[0].id
        (root / "y.csv").write_text(f"Option;Stratégie;Action\n{option};S;a\n", encoding="utf-8")
        _, out, _ = course("import", str(root / "y.csv"))
        assert "le cahier du but 2 n’est pas dans ce classeur" in out
        assert not (other / "reponses").exists()

    def test_a_table_of_something_else_is_one_line_and_a_long_report_is_short(self, course, root):
        (root / "y.csv").write_text("Nom;Présent\n" + "Awa;oui\n" * 500, encoding="utf-8")
        _, out, _ = course("import", str(root / "y.csv"))
        assert out.count("Refusé") == 1
        (root / "z.csv").write_text("Stratégie;Action\n" + "".join(f"S;a{n}\n" for n in range(500)), encoding="utf-8")
        _, out, _ = course("import", str(root / "z.csv"), "--sans-question")
        assert (out.count("Refusé"), "Et 800 autres." in out) == (200, True)
        assert "a499" in next((root / "documents").glob("z-*.txt")).read_text(encoding="utf-8")

    @pytest.mark.parametrize("form", ["docx", "xlsx"])
    def test_what_was_emptied_or_taken_out_stays_and_is_said(self, course, root, form):
        write(root, "a1", "due", "mai", parent="s1")
        write(root, "a2", "action", "Payer", parent="s1")
        path = root / f"x.{form}"
        course("document", "1.1", "--vers", str(path))
        if form == "docx":
            made = docx.Document(str(path))
            first, second = made.tables[0].rows[1:3]
            first.cells[4].text = ""
            second._tr.getparent().remove(second._tr)
            made.save(str(path))
        else:
            book = openpyxl.load_workbook(path)
            book.worksheets[0]["G5"] = None
            book.worksheets[0].delete_rows(6)
            book.save(path)
        _, out, _ = course("import", str(path))
        assert "→ 1.1.a, échéance : vide dans le fichier, le canevas garde « mai »." in out
        assert "1 texte n’est pas dans ce fichier et reste dans le canevas." in out
        assert texts(root) == [("Former les relais", ["=Réunir <les> chefs", "Payer"])]

    def test_it_asks_on_a_page_what_the_file_does_not_say(self, course, root, monkeypatch):
        (root / "y.csv").write_text("Stratégie;Action\nS;a\n", encoding="utf-8")
        monkeypatch.setenv(bar.PAGE, "1")
        monkeypatch.setattr(sys, "stdin", io.StringIO(bar.encoded("1.1") + bar.encoded(B)))
        course("import", str(root / "y.csv"))
        assert texts(root, B) == [("S", ["a"])]

    def test_a_canvas_of_a_goal_that_is_not_there_is_kept(self, course, root):
        option = syllabus.load().objective("2.1").options[0].id
        (root / "y.csv").write_text(f"Option;Stratégie;Action\n{option};S;a\n", encoding="utf-8")
        _, out, _ = course("import", str(root / "y.csv"))
        assert out.count("le cahier du but 2 n’est pas dans ce classeur") == 2


def test_an_older_installation_says_what_to_install(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "course.documents.word", None)
    code, _, err = course("document", "1.1")
    assert code == 2
    assert "installez de nouveau le cours" in err
    assert course("document", "1.1", "--format", "html")[0] == 0
