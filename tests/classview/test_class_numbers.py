"""What copies are called, what is counted, and charts that say the same in a drawing, in words and in figures."""

from __future__ import annotations

import io
import re
import warnings
from fractions import Fraction
from pathlib import Path

import pytest
from matplotlib.image import imread
from promotion import promotion
from school import EVIL, GROUP

from course.core import syllabus
from course.core.team import Team
from course.instructor.classview import charts
from course.instructor.classview.charts import Chart
from course.instructor.classview.command import count
from course.instructor.classview.numbers import BANDS, Numbers, Spread, band
from course.instructor.classview.overview import Overview, labels
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.roster import Trainee

GOAL, NEXT = syllabus.load().goals[:2]


def copy(*students: str, group: str = "", goal: syllabus.Goal = GOAL) -> Copy:
    return Copy(goal, students, Team(group), Path())


def test_names_are_in_the_order_of_a_french_list_and_numbers_count_as_numbers() -> None:
    found = labels([copy("a", group="Groupe 10"), copy("b", group="groupe 9"), copy("c", group="Équipe")], {})
    assert list(found.values()) == ["Équipe", "groupe 9", "Groupe 10"]


def test_two_groups_of_one_name_and_two_people_of_one_name_are_told_apart() -> None:
    people = {each: Trainee(each, "Awa", "Traoré") for each in ("t1", "t2")}
    found = labels([copy("a", group="Groupe 1"), copy("b", "c", group="groupe 1"), copy("t1"), copy("t2")], people)
    assert set(found.values()) == {
        "Groupe 1 (a)",
        "groupe 1 (b et c)",
        "Awa Traoré (Awa Traoré) (t1)",
        "Awa Traoré (Awa Traoré) (t2)",
    }


def test_a_group_keeps_one_name_for_all_goals() -> None:
    found = labels([copy("a", "b"), copy("a", "b", group="Les Baobabs", goal=NEXT)], {})
    assert found == {("a", "b"): "Les Baobabs"}


def test_without_a_name_of_its_own_a_group_has_that_of_the_list_or_its_people_s() -> None:
    people = {each: Trainee(each, each.upper(), group="Groupe 4") for each in "ab"}
    assert labels([copy("a", "b")], people) == {("a", "b"): "Groupe 4"}
    assert labels([copy("c", "d", "e", "f", "g")], {}) == {("c", "d", "e", "f", "g"): "c, d, e et 2 autres"}


@pytest.fixture(scope="module")
def drawn(counted: Numbers) -> dict[str, Chart]:
    return {chart.title: chart for chart in charts.charts(counted)}


def test_completeness_is_counted_once_a_group(counted: Numbers) -> None:
    first = counted.by_objective[0]
    assert sorted(first.marks) == [0, 2.5, 4.5, 6]
    assert first.mean == 3.25
    assert first.bands == (1, 0, 1, 1, 1)


def test_every_mark_has_its_band() -> None:
    halves = [float(Fraction(half, 2)) for half in range(13)]
    assert [BANDS[band(mark)] for mark in halves] == (
        ["0"] + ["0,5 à 2"] * 4 + ["2,5 à 4"] * 4 + ["4,5 à 5,5"] * 3 + ["6"]
    )


def test_criteria_count_each_reviewed_canvas_once(counted: Numbers) -> None:
    assert counted.reviewed == 2, "1.1 of the group, 1.1 of Selam; the group's 2.1 has two marks"
    assert [each.levels for each in counted.by_criterion] == [(0, 1, 1)] * 6


def test_options_that_nobody_treated_are_named_placeholders_counting_for_nothing(counted: Numbers) -> None:
    assert [each.option.id for each in counted.untreated] == ["1.1.b"]
    coverage = {each.option.id: (each.treated, each.copies) for each in counted.coverage}
    assert coverage["1.1.a"] == (4, 4)
    assert coverage["1.2.a"] == (3, 4), "an unreadable answer treats nothing"
    assert coverage["5.5.a"] == (0, 0)


def test_the_least_advanced_are_those_that_few_have_begun_and_only_of_what_was_handed_in(counted: Numbers) -> None:
    progress = [each.progress for each in counted.least_advanced]
    assert progress == sorted(progress)
    first = counted.least_advanced[0]
    assert (first.objective.goal, first.begun, first.copies) == ("2", 1, 4), "its only copy is full: still, only one"
    assert first.progress == pytest.approx(6 / 4)
    assert {each.objective.goal for each in counted.least_advanced} == {"1", "2"}


def test_the_spread_of_each_objective_counts_a_group_once(counted: Numbers) -> None:
    found = {objective.id: (completeness, totals) for objective, completeness, totals in counted.spreads}
    completeness, totals = found["1.1"]
    assert (completeness.number, completeness.least, completeness.greatest) == (4, 0.0, 6.0)
    assert totals.number == 2
    assert found["2.1"][1] == Spread(0, None, None, None)


def test_two_of_one_name_are_told_apart(counted: Numbers) -> None:
    twins = [name for name in counted.people.values() if name.startswith("Awa Traoré")]
    assert len(set(twins)) == len(twins)


def test_the_figures_of_the_map_are_there_as_a_table_and_in_words(drawn: dict[str, Chart]) -> None:
    chart = drawn["Complétude par objectif"]
    rows = {row[0]: row[1:] for row in chart.rows}
    assert rows[GROUP][:5] == ("6", "6", "6", "6", "6")
    assert rows["ሰላም ተስፋዬ"][:5] == ("2,5", "2,5", "2,5", "–", "–")
    assert rows["Moyenne"][:3] == ("3,3", "3,3", "3,3")
    assert "Les moins avancés" in chart.description


def test_each_drawing_is_a_picture_that_prints_and_names_that_cannot_be_drawn_have_a_number(
    drawn: dict[str, Chart],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for chart in drawn.values():
            svg = chart.file("svg")
            height, width, _ = imread(io.BytesIO(chart.file("png"))).shape
            assert min(height, width) > 600
            assert b"<script" not in svg
            assert not re.search(rb"(?:href|src)=.(?!#)", svg)
        assert charts.booklet(list(drawn.values())).startswith(b"%PDF")
    assert "Un numéro remplace" in drawn["Complétude par objectif"].description


def test_names_are_drawn_on_one_line_as_they_are_or_as_a_number() -> None:
    long = "Les sages-femmes du centre de santé de Tanghin"
    shown, numbered = charts.drawable(["$x^2$", "a\nb", long, "ሰላም", "Łukasz"])
    assert shown == ["$x^2$", "a b", f"{long[:33]}…", "Copie n° 4", "Łukasz"]
    assert numbered
    assert charts.drawable([EVIL])[1] is False


def test_a_large_class_is_drawn_as_a_distribution() -> None:
    goal = syllabus.load().goals[0]
    who = [(f"t{number:04}",) for number in range(300)]
    marks = {
        (student, each.id): Mark(student, each.id, (number % 13) / 2)
        for number, (student,) in enumerate(who)
        for each in goal.objectives
    }
    copies = tuple(Copy(goal, each, Team(), None) for each in who)  # type: ignore[arg-type]
    overview = Overview({}, {each: each[0] for each in who}, copies, marks)
    first, *_ = charts.charts(Numbers(overview, ()))
    assert first.heads == ("Objectif", *BANDS, "pas de copie")
    assert first.rows[0] == ("1.1", "24", "92", "92", "69", "23", "0")
    assert first.rows[-1] == ("5.5", "0", "0", "0", "0", "0", "300")
    assert b"<svg" in first.file("svg")
    assert first.file("png").startswith(b"\x89PNG")


def test_a_class_in_which_nothing_is_graded_has_no_chart(tmp_path) -> None:
    assert charts.charts(count(promotion(tmp_path / "vide"))) == ()
