"""What copies are called: by their group, else by their people, never two alike, in the order people expect."""

from __future__ import annotations

from pathlib import Path

from course.core import syllabus
from course.core.team import Team
from course.instructor.classview.labels import labels
from course.instructor.cohort.copies import Copy
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
