"""`course demo`: a class that does not exist, in a folder of its own, where everything can be tried."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import pytest

from course.commands import main
from course.core import syllabus
from course.core.completeness import completeness
from course.core.plan import Change
from course.core.plan.district import side_by_side
from course.instructor.classview.command import count
from course.instructor.cohort import copies, gradebook, marks, plans, roster
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.demo.command import demo
from course.instructor.demo.people import groups
from course.instructor.intake.reasons import Outcome

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PEOPLE = groups()


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return demo(tmp_path_factory.mktemp("essai") / "démo d’un jour", NOW)


@pytest.fixture(scope="module")
def given(cohort: Cohort) -> dict[tuple[str, str], Mark]:
    with gradebook.opened(cohort) as connection:
        return {(mark.student, mark.objective): mark for mark in marks.read(connection)}


def test_there_are_twenty_four_people_in_six_groups() -> None:
    assert [len(group.members) for group in PEOPLE] == [4] * 6
    assert len({member.id for group in PEOPLE for member in group.members}) == 24


def test_they_are_on_the_list(cohort: Cohort) -> None:
    assert [each.id for each in roster.read(cohort)] == [member.id for group in PEOPLE for member in group.members]


def test_what_they_sent_was_taken_in_a_damaged_file_and_an_older_one_said(cohort: Cohort) -> None:
    with (cohort.reports / "reception.csv").open(encoding="utf-8-sig", newline="") as stream:
        files = {(row["fichier"], row["résultat"]) for row in csv.DictReader(stream, delimiter=";")}
    outcomes = Counter(outcome for _, outcome in files)
    accepted, superseded, refused = (each.one for each in Outcome if each is not Outcome.UNMATCHED)
    assert set(outcomes) == {accepted, superseded, refused}
    assert outcomes[refused] == 1


def test_each_group_handed_in_its_goals_and_one_person_nothing(cohort: Cohort) -> None:
    found = Counter(path.parent.name for path in cohort.submitted.glob("*/but-*"))
    missing = [member.id for group in PEOPLE for member in group.members if member.id not in found]
    assert missing == [PEOPLE[-1].members[-1].id]
    for group in PEOPLE:
        assert {found[m.id] for m in group.members if m.id not in missing} == {len(group.habit.goals)}


def test_a_group_is_one_copy_and_those_who_work_alone_have_theirs(cohort: Cohort) -> None:
    sizes = [len(copy.students) for copy in copies.read_all(cohort, syllabus.load().goal("1"))]
    assert sorted(sizes) == [1, 1, 1, 4, 4, 4, 4, 4]


def test_the_careful_have_more_than_the_careless(given: dict[tuple[str, str], Mark]) -> None:
    averages = [
        mean(given[member.id, "1.1"].completeness for member in group.members if (member.id, "1.1") in given)
        for group in PEOPLE
    ]
    assert averages[0] == 6
    assert averages[-1] < 5
    assert averages == sorted(averages, reverse=True)


def test_what_is_graded_is_what_the_rule_gives(cohort: Cohort, given: dict[tuple[str, str], Mark]) -> None:
    for goal in syllabus.load().goals:
        for copy in copies.read_all(cohort, goal):
            for objective in goal.objectives:
                expected = float(completeness(objective, copy.answers(objective)).mark)
                assert given[copy.students[0], objective.id].completeness == expected


def test_some_canvases_are_reviewed_and_some_are_left(given: dict[tuple[str, str], Mark]) -> None:
    done = [mark for mark in given.values() if mark.quality is not None]
    assert 0.3 < len(done) / len(given) < 0.8
    assert {mark.reviewer for mark in done} == {"Formatrice d’essai"}
    assert {mark.passed for mark in done} == {True, False}
    assert any(mark.comment for mark in done)
    for group in PEOPLE:
        for objective in syllabus.load().objectives:
            quality = {given[m.id, objective.id].quality for m in group.members if (m.id, objective.id) in given}
            assert len(quality) <= 1 or group.habit.alone


def test_the_class_has_gained_between_the_two_tests(cohort: Cohort) -> None:
    gains = count(cohort).gains
    assert gains.in_shares
    assert gains.before == gains.after == gains.both
    assert gains.whole.change > 0


def test_some_options_are_treated_by_nobody(cohort: Cohort) -> None:
    treated = {
        option
        for goal in syllabus.load().goals
        for copy in copies.read_all(cohort, goal)
        for objective in goal.objectives
        for option in completeness(objective, copy.answers(objective)).treated
    }
    assert {option.id for option in syllabus.load().options} - treated == {"4.1.d", "5.3.c"}


def test_three_groups_have_a_plan_and_some_of_their_actions_stand_side_by_side(cohort: Cohort) -> None:
    read, notices = plans.read(cohort)
    assert notices == ()
    sizes = {one.label: len(one.plan.lines) for one in read}
    assert sizes == dict(zip([group.name for group in PEOPLE[:3]], (10, 10, 4), strict=True))
    assert {line.change for one in read for line in one.plan.lines} == {Change.NONE}
    assert all(line.responsible for one in read if one.label == PEOPLE[0].name for line in one.plan.lines)
    together = side_by_side([one.contribution for one in read])
    assert any(len({proposal.document for proposal in group}) > 1 for group in together)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("à garder")
    assert main(["demo", "--vers", str(tmp_path)]) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_the_disk_refuses_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--vers", str(tmp_path / ("n" * 300))]) == 2
    assert "n’est pas fait" in capsys.readouterr().err


def test_nobody_s_own_answers_go_into_it(cohort: Cohort) -> None:
    assert not list(cohort.root.glob("exercises/*/reponses")) + list(cohort.root.glob("solutions/*/reponses"))
    assert not (cohort.root / "modules" / "resultats").exists()
