"""The two tests of a class: what was gained, counted without a name, and said as far as the numbers bear it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from promotion import promotion, sitting, text_of

from course.core import quizzes
from course.core.team import Team
from course.core.team import written as team_bytes
from course.instructor.classview import gains, pages, tables
from course.instructor.classview.command import count, look
from course.instructor.classview.gains import Gain, Gains
from course.instructor.classview.summary import Section, gain_rows, summary
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee

BEFORE, AFTER = quizzes.SITTINGS
PEOPLE = tuple(Trainee(f"p{number}", "Prénom", f"Nom-{number}") for number in range(9))
TITLE = "Le test, avant et après la formation"


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    return promotion(tmp_path / "cours d’été", PEOPLE)


def put(cohort: Cohort, students: str, tests: Mapping[str, bytes], goal: str = "1", date: str = "2026-11-20") -> None:
    """What some handed in together, with results of the test."""
    for student in students.split():
        folder = cohort.submitted / student / f"but-{goal}"
        (folder / "resultats").mkdir(parents=True)
        (folder / "timestamp.txt").write_text(f"{date} 10:00:00 UTC")
        (folder / "equipe.json").write_bytes(team_bytes(Team("", tuple(students.split()))))
        for name, raw in tests.items():
            (folder / "resultats" / f"{name}.json").write_bytes(raw)


def both(student: str, before: int, after: int) -> dict[str, bytes]:
    return {BEFORE: sitting(BEFORE, before, f"{student}-1"), AFTER: sitting(AFTER, after, f"{student}-2")}


def several(cohort: Cohort, number: int) -> Gains:
    """So many people with 5 right answers before the course and 8 after it."""
    for person in PEOPLE[:number]:
        put(cohort, person.id, both(person.id, 5, 8))
    return count(cohort).gains


def lines(cohort: Cohort) -> str:
    return text_of(" ".join(summary(count(cohort))[Section.TEST].lines))


def test_each_question_and_all_are_counted_over_those_who_sat_twice(cohort: Cohort) -> None:
    found = several(cohort, 6)
    put(cohort, "p6", {BEFORE: sitting(BEFORE, 15)})
    put(cohort, "p7", {AFTER: sitting(AFTER, 15)})
    found = count(cohort).gains
    assert (found.before, found.after, found.both) == (7, 7, 6)
    assert [gain for _, gain in found.items] == [Gain(6, 6, 6)] * 5 + [Gain(0, 6, 6)] * 3 + [Gain(0, 0, 6)] * 7
    assert found.whole == Gain(30, 48, 90)
    assert "30 sur 90 avant (33 %), 48 après (53 %). Gain : +20 points." in lines(cohort)
    *items, whole = [[text_of(cell) for cell in row[1:]] for row in gain_rows(found)]
    assert (items[0], items[6], whole) == (
        ["6", "6", "6", "0 point"], ["0", "6", "6", "+100 points"], ["30", "48", "90", "+20 points"],
    )  # fmt: skip


def test_a_group_counts_once_and_that_is_said(cohort: Cohort) -> None:
    put(cohort, "p0 p1 p2", both("p0", 5, 8))
    put(cohort, "p3", both("p3", 5, 8))
    put(cohort, "p0 p1", both("p0", 5, 9), goal="2", date="2026-11-22")  # and not p2, who has the results of before
    found = count(cohort).gains
    assert (found.before, found.after, found.both) == (2, 2, 2)
    assert found.whole == Gain(10, 17, 30)  # the later results of the group
    assert "Un classeur de groupe compte une fois" in lines(cohort)


def test_copies_of_one_opened_workbook_count_for_each_of_those_who_answered(cohort: Cohort) -> None:
    for person, after in zip(PEOPLE[:3], (8, 9, 10), strict=True):
        put(cohort, person.id, both("cle", after - 5, after))
    put(cohort, "p3 p4", both("cle", 6, 11))
    put(cohort, "p5", both("cle", 6, 11))  # brought along by one of them, or by the key: no answers of p5's own
    found = count(cohort).gains
    assert (found.before, found.after, found.both) == (4, 4, 4)
    assert found.whole == Gain(3 + 4 + 5 + 6, 8 + 9 + 10 + 11, 60)


def test_who_changes_groups_does_not_make_one_workbook_of_two(cohort: Cohort) -> None:
    put(cohort, "p0 p1", both("a", 5, 8))
    put(cohort, "p2", both("b", 6, 9))
    put(cohort, "p1 p2", both("b", 6, 10), goal="2", date="2026-11-22")
    found = count(cohort).gains
    assert (found.both, found.whole) == (2, Gain(11, 18, 30))


@pytest.mark.parametrize("number", [2, 4, 5])
def test_with_few_there_are_numbers_and_no_share(cohort: Cohort, number: int) -> None:
    found = several(cohort, number)
    shown = lines(cohort) + text_of(" ".join(cell for row in gain_rows(found) for cell in row[1:]))
    (table,) = tables.gain(found)
    gain = table.frame["gain en points"]
    if number < 5:
        assert "%" not in shown
        assert f"Gain : +{3 * number}." in shown
        assert gain.isna().all()
    else:
        assert f"{5 * number} sur {15 * number} avant (33 %)" in shown
        assert list(gain) == [0.0] * 5 + [100.0] * 3 + [0.0] * 7 + [20.0]


@pytest.mark.parametrize(("number", "said"), [(0, "aucun classeur n’a encore"), (1, "un seul classeur a")])
def test_nobody_s_own_answers_are_shown(cohort: Cohort, number: int, said: str) -> None:
    found = several(cohort, number)
    put(cohort, "p8", {BEFORE: sitting(BEFORE, 3)})
    found = count(cohort).gains
    assert not gain_rows(found)
    assert said in lines(cohort)
    (table,) = tables.gain(found)
    assert table.frame[["justes avant", "justes après", "sur"]].isna().all(axis=None)
    assert [*table.frame["classeurs avant"]] == [number + 1]


def test_a_sitting_that_was_left_halfway_does_not_count(cohort: Cohort) -> None:
    put(cohort, "p0", {BEFORE: sitting(BEFORE, 3, ended=False), AFTER: sitting(AFTER, 15, ended=False)})
    put(cohort, "p1", {BEFORE: sitting(BEFORE, 0)})
    assert count(cohort).gains == Gains(0, 1, 0)


def test_hostile_results_count_for_nothing_and_stop_nobody(cohort: Cohort, tmp_path: Path) -> None:
    several(cohort, 5)
    evil = json.dumps({"format": "quiz/1", "quiz": BEFORE, "questions": {"x" * 12: {"tries": 10**9}}}).encode()
    put(cohort, "p5", {BEFORE: b"[" * 100_000, AFTER: evil})
    put(cohort, "p6", {AFTER: sitting(BEFORE, 15)})
    put(cohort, "p7", {})
    (tmp_path / "x.json").write_bytes(sitting(BEFORE, 15))
    (cohort.submitted / f"p7/but-1/resultats/{BEFORE}.json").symlink_to(tmp_path / "x.json")
    found = count(cohort).gains
    assert (found.before, found.after, found.both) == (5, 5, 5)


def test_the_page_the_plenary_the_terminal_and_excel_give_it_without_a_name(
    cohort: Cohort, capsys: pytest.CaptureFixture[str]
) -> None:
    several(cohort, 5)
    look(cohort.root)
    said = text_of(capsys.readouterr().out)
    folder = cohort.reports / "classe"
    report = text_of((folder / "bilan.html").read_text(encoding="utf-8"))
    plenary = text_of((folder / "pleniere.html").read_text(encoding="utf-8"))
    question = quizzes.load(BEFORE).questions[7].text
    for shown in (said, report, plenary, text_of(pages.fragment(count(cohort)))):
        assert TITLE in shown
        assert "+100 points" in shown
        assert text_of(question)[:40] in shown
    assert "Nom-" not in plenary
    sheet = openpyxl.load_workbook(io.BytesIO((folder / "classe.xlsx").read_bytes()))["Test"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(column.heading for column in tables.TEST)
    assert rows[8][:6] == (8, question, 0, 5, 5, 100)
    assert rows[-1][1:] == ("Toutes les questions", 25, 40, 75, 20, 5, 5, 5)
    assert "Nom-" not in repr(rows)


def test_a_class_without_a_sitting_has_no_word_on_it(cohort: Cohort) -> None:
    put(cohort, "p0", {})
    numbers = count(cohort)
    assert numbers.gains == Gains() == gains.read(cohort, ())
    assert Section.TEST not in summary(numbers)
    assert not tables.gain(numbers.gains)
    assert TITLE not in text_of(pages.fragment(numbers) + pages.plenary(numbers.overview, numbers.gains))
