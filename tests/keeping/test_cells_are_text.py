"""No cell that a person may fill is a formula, in any table of the project."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from class_states import PAUL
from promotion import GOALS, hand_in, promotion, review

from course.instructor import spreadsheets
from course.instructor.classview import tables as class_tables
from course.instructor.cohort import roster
from course.instructor.giveback.command import marks
from course.instructor.grading import report
from course.instructor.intake import reception
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.reception import Reception, ReceptionRow
from course.instructor.intake.store import Received, Register
from course.instructor.keeping import redaction
from course.instructor.spreadsheets import Column, Sheet

FORMULAS = ("=1+1", "+1", "-1", "@SOMME(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '=HYPERLINK("x")')
COLUMNS = (Column("stratégie"), Column("action"))
CELLS = tuple(zip(FORMULAS, FORMULAS, strict=True))
NOW = datetime(2026, 11, 30, tzinfo=UTC)
_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_cells(raw):
    text = raw.decode("utf-8-sig")
    head = text.split("\n", 1)[0]
    return [
        cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=max(";,", key=head.count)) for cell in row
    ]


def grading_summary(tmp_path):
    report.write(tmp_path / "x.csv", [(text, "1.1", "6", text) for text in FORMULAS])
    return (tmp_path / "x.csv").read_bytes()


def intake_reception(tmp_path):
    made = promotion(tmp_path / "réception")
    rows = tuple(
        ReceptionRow(text, Outcome.REFUSED, (Reason(Why.UNREADABLE, detail=text),), text, text, text, text)
        for text in FORMULAS
    )
    reception.write(made, Reception(rows))
    return (made.reports / reception.FILE).read_bytes()


def intake_register(tmp_path):
    made = promotion(tmp_path / "registre")
    register = Register(made)
    for text in FORMULAS:
        register.note(Received(text, text, NOW, text, text, text, frozenset({text})))
    (made.folder / "recus").mkdir()
    register.save()
    return (made.folder / "recus" / "registre.csv").read_bytes()


def class_list(tmp_path):
    made = promotion(tmp_path / "liste")
    roster.write(made, [roster.Trainee(f"s{rank}", text, text, text, text) for rank, text in enumerate(FORMULAS)])
    return made.roster.read_bytes()


@pytest.fixture(scope="module")
def noted(tmp_path_factory):
    """The tables of the marks of a class whose every word is a formula."""
    people = [roster.Trainee(f"s{rank}", text, text, f"{text}@x", text) for rank, text in enumerate(FORMULAS)]
    people.append(PAUL)
    made = promotion(tmp_path_factory.mktemp("notes") / "cours", people)
    hand_in(made, people, GOALS[0], "=1+1")
    for rank, text in enumerate(FORMULAS):
        for objective in GOALS[0].objectives:
            review(made, (f"s{rank}",), objective.id, (2,) * 6, text)
    marks(made.root, None)
    return made.reports


@pytest.fixture
def of_people(noted, tmp_path):
    """The bytes of each table that names people."""
    tables = (grading_summary, intake_reception, intake_register, class_list)
    found = {table.__name__: table(tmp_path / table.__name__) for table in tables}
    return found | {name: (noted / name).read_bytes() for name in ("notes-moodle.csv", "notes.csv")}


def test_in_a_csv_nothing_begins_as_a_formula_does(of_people):
    for name, raw in {**of_people, "class_table": spreadsheets.as_csv(COLUMNS, CELLS)}.items():
        cells = csv_cells(raw)
        assert [cell for cell in cells if cell.startswith(_STARTS)] == [], name
        assert any(cell.startswith("'=") for cell in cells), name


def test_the_identifiers_in_every_table_are_known_by_their_heading(of_people):
    """By it `course forget` tells « 1 », which is a person, from « 1 », which is a mark."""
    for name, raw in of_people.items():
        head = raw.decode("utf-8-sig").splitlines()[0]
        headings = [heading.casefold() for heading in head.replace(",", ";").split(";")]
        assert set(headings) & set(redaction.PEOPLE), name
    assert {class_tables.IDENTIFIER.heading, class_tables.IDENTIFIERS.heading} <= set(redaction.PEOPLE)


def test_in_excel_nothing_is_a_formula_or_a_link(noted):
    class_workbook, _ = spreadsheets.as_excel([Sheet("Réponses", COLUMNS, CELLS)], "La classe")
    for name, raw in {"marks": (noted / "notes.xlsx").read_bytes(), "class": class_workbook}.items():
        book = openpyxl.load_workbook(io.BytesIO(raw))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert any(cell.value.startswith("=") for cell in cells), name
        assert {cell.data_type for cell in cells} == {"s"}, name
        assert not any(cell.hyperlink for cell in cells), name
