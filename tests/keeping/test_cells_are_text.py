"""No cell that a person may fill is a formula, in any table of the project."""

import csv
import io

import openpyxl
import pandas as pd
import pytest
from class_states import PAUL
from promotion import GOALS, hand_in, promotion, review

from course.instructor.classview import exports
from course.instructor.cohort import roster
from course.instructor.giveback.command import marks
from course.instructor.grading import summary
from course.instructor.intake import reception
from course.instructor.intake import tables as intake_tables
from course.instructor.intake.reception import Outcome, Reception, Row

FORMULAS = ("=1+1", "+1", "-1", "@SOMME(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '=HYPERLINK("x")')
_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_cells(raw):
    text = raw.decode("utf-8-sig")
    head = text.split("\n", 1)[0]
    return [
        cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=max(";,", key=head.count)) for cell in row
    ]


def grading_summary(tmp_path):
    summary.write(tmp_path / "x.csv", [(text, "1.1", "6", text) for text in FORMULAS])
    return (tmp_path / "x.csv").read_bytes()


def intake_reception(tmp_path):
    made = promotion(tmp_path / "réception")
    rows = tuple(Row(text, "but-1", "", text, text, text, Outcome.REFUSED, text) for text in FORMULAS)
    reception.write(made, Reception(rows))
    return (made.reports / reception.FILE).read_bytes()


def intake_register(_):
    return intake_tables.written(("a", "b"), [(text, text) for text in FORMULAS])


def class_list(tmp_path):
    made = promotion(tmp_path / "liste")
    roster.write(made, [roster.Trainee(f"s{rank}", text, text, text, text) for rank, text in enumerate(FORMULAS)])
    return made.roster.read_bytes()


def class_table(_):
    return exports.as_csv(pd.DataFrame({"stratégie": FORMULAS, "action": FORMULAS}))


def noted(tmp_path):
    """A class whose every word is a formula."""
    people = [roster.Trainee(f"s{rank}", text, text, f"{text}@x", text) for rank, text in enumerate(FORMULAS)]
    people.append(PAUL)
    made = promotion(tmp_path / "notes", people)
    hand_in(made, people, GOALS[0], "=1+1")
    for rank, text in enumerate(FORMULAS):
        for objective in GOALS[0].objectives:
            review(made, (f"s{rank}",), objective.id, (2,) * 6, text)
    marks(made.root, None)
    return made.reports


def marks_moodle(tmp_path):
    return (noted(tmp_path) / "notes-moodle.csv").read_bytes()


def marks_table(tmp_path):
    return (noted(tmp_path) / "notes.csv").read_bytes()


TABLES = (
    grading_summary, intake_reception, intake_register, class_list, class_table, marks_moodle, marks_table,
)  # fmt: skip


@pytest.mark.parametrize("made", TABLES, ids=lambda each: each.__name__)
def test_in_a_csv_nothing_begins_as_a_formula_does(made, tmp_path):
    cells = csv_cells(made(tmp_path))
    assert [cell for cell in cells if cell.startswith(_STARTS)] == []
    assert any(cell.startswith("'=") for cell in cells)


def marks_workbook(tmp_path):
    return (noted(tmp_path) / "notes.xlsx").read_bytes()


def class_workbook(_):
    frame = pd.DataFrame({"stratégie": FORMULAS, "action": FORMULAS})
    return exports.as_excel({"Réponses": frame})[0]


@pytest.mark.parametrize("made", [marks_workbook, class_workbook], ids=lambda each: each.__name__)
def test_in_excel_nothing_is_a_formula_or_a_link(made, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(made(tmp_path)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(cell.value.startswith("=") for cell in cells)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
