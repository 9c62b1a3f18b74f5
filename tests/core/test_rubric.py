"""The six criteria: 14 points, by zero, half and full."""

from fractions import Fraction

import pytest

from course.core import rubric


def test_the_criteria_are_worth_fourteen():
    assert sum(criterion.points for criterion in rubric.load()) == rubric.QUALITY_POINTS == 14
    assert rubric.TOTAL_POINTS == 20


def test_a_level_is_nothing_half_or_all():
    assert [rubric.load()[0].worth(level) for level in (0, 1, 2)] == [0, Fraction(3, 2), 3]


@pytest.mark.parametrize(
    ("levels", "mark"),
    [((2,) * 6, 14), ((1,) * 6, 7), ((0,) * 6, 0), ((2, 2, 2, 2, 2, None), None), ((0, 1, 2, 0, 1, 2), Fraction(6))],
)
def test_the_mark_counts_once_all_is_given(levels, mark):
    assert rubric.quality(levels) == mark


@pytest.mark.parametrize(
    ("completeness", "quality", "passed"),
    [(6, 7, True), (5, 7, True), (4.5, 7, False), (6, 6.5, False), (6, None, False), (None, 12, True)],
)
def test_a_pass_is_twelve_in_all_and_seven_for_quality(completeness, quality, passed):
    assert rubric.passed(completeness, quality) is passed
