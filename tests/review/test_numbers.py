"""The numbers that stand for names: random, stable, no two the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from course.core import syllabus
from course.instructor.cohort import copies
from course.instructor.review.numbers import assigned, numbered

FIRST, SECOND = (syllabus.load().objective(name) for name in ("1.1", "1.2"))


def seen(cohort, objective=FIRST):
    found = copies.read_all(cohort, syllabus.load().goal("1"))
    return {copy.students: number for number, copy in numbered(cohort, objective, found)}


def test_numbers_go_from_one_and_stay(cohort):
    before = seen(cohort)
    assert sorted(before.values()) == [1, 2, 3, 4, 5]
    assert seen(cohort) == before


def test_who_comes_later_comes_after(cohort):
    before = seen(cohort)
    path = cohort.autograded / "aaron" / "but-1"
    path.mkdir(parents=True)
    assert seen(cohort) == {**before, ("aaron",): 6}


def test_a_group_that_somebody_joins_or_leaves_keeps_its_number():
    known = {"awa": 2, "paul": 2, "zoé": 1}
    assert assigned([("awa", "paul", "zacharie"), ("zoé",)], known) == {("awa", "paul", "zacharie"): 2, ("zoé",): 1}
    assert assigned([("awa",), ("paul",), ("zoé",)], known) == {("awa",): 2, ("zoé",): 1, ("paul",): 3}
    assert assigned([("awa", "paul", "zoé")], known) == {("awa", "paul", "zoé"): 1}


def test_the_order_is_nobody_s_choice():
    people = [(f"t{number:02d}",) for number in range(20)]
    orders = {tuple(sorted(numbers, key=numbers.get)) for numbers in (assigned(people, {}) for _ in range(5))}
    assert len(orders) == 5


def test_another_canvas_has_another_order(cohort):
    assert seen(cohort) == seen(cohort)
    assert sorted(seen(cohort, SECOND).values()) == [1, 2, 3, 4, 5]


names = st.sampled_from("abcdefgh")


@given(
    st.lists(st.sets(names, min_size=1), max_size=6).map(
        lambda groups: [tuple(sorted(one - set().union(*groups[:rank]))) for rank, one in enumerate(groups)]
    ),
    st.dictionaries(names, st.integers(1, 9)),
)
def test_no_two_copies_have_the_same_number(groups, known):
    groups = [group for group in groups if group]
    numbers = assigned(groups, known)
    assert set(numbers) == set(groups)
    assert len(set(numbers.values())) == len(groups)
    assert all(number >= 1 for number in numbers.values())
