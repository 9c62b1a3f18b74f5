"""No question can be guessed from the form of its choices, and every aim has a question."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from statistics import mean

import pytest

from course.core import quizzes, syllabus
from course.core.quizzes import Choice, Question

MODULES = Path(__file__).resolve().parents[2] / "modules"
LESSONS = quizzes.names()
TEST = quizzes.load(quizzes.BEFORE)
ASKED = {
    f"{name}, question {rank}": question
    for name in LESSONS
    for rank, question in enumerate(quizzes.load(name).questions, 1)
}
ITEMS = {f"test, question {rank}": question for rank, question in enumerate(TEST.questions, 1)}
WORDS = {2: "deux", 3: "trois", 4: "quatre"}
CUES = {
    "a reason": re.compile(r"\b(?:puisqu|car )"),
    "a purpose": re.compile(r"\b(?:afin|pour qu)"),
    "a second part": re.compile(r"\bet\b"),
    "a colon or semicolon": re.compile(r"[:;]"),
    "an absolute": re.compile(r"\b(?:tou[ts]|toutes?|toujours|jamais|seule?s?)\b"),
    "a company": re.compile(r"\bavec\b"),
}
RETURN = re.compile(r"Retour sur la leçon (\d+)\.")

each_set = pytest.mark.parametrize("asked", [ASKED, ITEMS], ids=["lessons", "test"])


def length(choice: Choice) -> int:
    return len(choice.text)


def is_right_at(end: Callable[..., int], question: Question) -> bool:
    """Whether a choice of the greatest, or the least, length is right; of several of one length, any."""
    extreme = end(map(length, question.choices))
    return any(choice.right for choice in question.choices if length(choice) == extreme)


def is_whole_by_the_two_longest(question: Question) -> bool:
    """Whether two choices than which no other is longer are the right ones, and all of them."""
    least = sorted(map(length, question.choices))[-2]
    long = [place for place, choice in enumerate(question.choices) if length(choice) >= least]
    return question.right in combinations(long, 2)


def lengths_of(questions: list[Question], *, right: bool) -> float:
    return mean(length(choice) for question in questions for choice in question.choices if choice.right is right)


# Nothing of the form of a choice tells that it is right


def test_right_choices_are_as_long_as_wrong_ones_in_each_quiz() -> None:
    ratios = {}
    for name in (*LESSONS, quizzes.BEFORE):
        questions = list(quizzes.load(name).questions)
        ratios[name] = lengths_of(questions, right=True) / lengths_of(questions, right=False)
    assert {name: ratio for name, ratio in ratios.items() if not 0.85 <= ratio <= 1.2} == {}


@each_set
def test_choices_of_a_question_are_of_one_length(asked: dict[str, Question]) -> None:
    ratios = {
        where: max(map(length, question.choices)) / min(map(length, question.choices))
        for where, question in asked.items()
    }
    assert {where: ratio for where, ratio in ratios.items() if ratio > 1.25} == {}


@each_set
@pytest.mark.parametrize("end", [max, min])
def test_the_longest_or_shortest_choice_is_seldom_right(asked: dict[str, Question], end: Callable[..., int]) -> None:
    found = [where for where, question in asked.items() if is_right_at(end, question)]
    assert len(found) <= 0.45 * len(asked), found


@each_set
def test_ticking_the_two_longest_seldom_answers_a_question(asked: dict[str, Question]) -> None:
    found = [where for where, question in asked.items() if is_whole_by_the_two_longest(question)]
    assert len(found) <= 0.2 * len(asked), found


def test_no_number_of_right_choices_is_the_one_to_bet_on() -> None:
    numbers = Counter(len(question.right) for question in ASKED.values())
    assert numbers[2] <= 0.45 * len(ASKED)
    assert set(numbers) == {1, 2, 3}
    assert all(0.1 <= number / len(ASKED) <= 0.67 for number in numbers.values()), numbers


@pytest.mark.parametrize("cue", CUES.values(), ids=CUES.keys())
def test_right_and_wrong_choices_are_built_alike(cue: re.Pattern[str]) -> None:
    """A choice that gives its reasons is not the wrong one for that, nor one in two parts the right one."""
    shares = {
        right: mean(
            cue.search(choice.text) is not None
            for question in (ASKED | ITEMS).values()
            for choice in question.choices
            if choice.right is right
        )
        for right in (True, False)
    }
    assert abs(shares[True] - shares[False]) <= 0.1, shares


@each_set
def test_a_single_right_choice_may_stand_at_any_place(asked: dict[str, Question]) -> None:
    single = [question.right[0] for question in asked.values() if len(question.right) == 1]
    places = Counter(single)
    assert set(places) == {0, 1, 2, 3}
    assert all(0.15 <= number / len(single) <= 0.35 for number in places.values()), places


def test_several_right_choices_may_stand_at_any_place() -> None:
    several = [question for question in ASKED.values() if len(question.right) > 1]
    for place in range(5):
        long = [question for question in several if len(question.choices) > place]
        assert 0.3 <= mean(place in question.right for question in long) <= 0.7, f"réponse {place + 1}"


# What a question asks for


def test_a_question_says_how_many_choices_are_right_when_there_are_several() -> None:
    wrong = []
    for where, question in (ASKED | ITEMS).items():
        number = len(question.right)
        wanted = re.search(r"Cochez (.+)$", question.text)
        if (wanted and wanted[1]) != (f"{WORDS[number]} réponses." if number > 1 else None):
            wrong.append(f"{where} : {number}")
    assert wrong == []


def test_a_question_with_one_right_choice_asks_for_one() -> None:
    plural = re.compile(r"\b(?:Quels|Quelles|Lesquels|Lesquelles)\b")
    assert [
        w for w, question in (ASKED | ITEMS).items() if len(question.right) == 1 and plural.search(question.text)
    ] == []


def test_no_choice_and_no_question_is_used_twice() -> None:
    """What comes back in a later quiz, and what the test asks, has new words."""
    every = (ASKED | ITEMS).values()
    texts = Counter([question.text for question in every] + [c.text for question in every for c in question.choices])
    assert [text for text, number in texts.items() if number > 1] == []


# Every aim has a question


def test_each_aim_of_a_lesson_has_a_question_and_each_question_an_aim_of_its_lesson() -> None:
    wrong = {}
    for name in LESSONS:
        entry = "".join(json.loads((MODULES / f"{name}.ipynb").read_bytes())["cells"][1]["source"])
        aims = re.split(r"(?<=[.;])\s", re.search(r"\*\*Objectifs\*\*\s?:\s(.+)", entry)[1].strip())
        own = [question for question in quizzes.load(name).questions if not RETURN.match(question.text)]
        served = {aim for question in own for aim in question.aims if "." not in aim}
        ranks = {str(rank) for rank in range(1, len(aims) + 1)}
        if served != ranks or not all(question.aims for question in own):
            wrong[name] = (sorted(ranks - served), sorted(served - ranks), [q.text for q in own if not q.aims])
    assert wrong == {}


def test_each_objective_of_the_course_has_a_question_in_the_quiz_of_its_goal() -> None:
    served = {
        (name, aim)
        for name in LESSONS
        for question in quizzes.load(name).questions
        for aim in question.aims
        if "." in aim
    }
    expected = set()
    for objective in syllabus.load().objectives:
        name = next(name for name in LESSONS if f"but-{objective.goal}-" in name)
        expected.add((name, objective.id))
    assert served == expected


def test_each_quiz_after_the_first_brings_back_two_questions_of_earlier_lessons() -> None:
    returns = {}
    for name in LESSONS[1:]:
        found = [RETURN.match(question.text) for question in quizzes.load(name).questions]
        lessons = [int(match[1]) for match in found if match]
        if len(lessons) != 2 or not all(1 <= lesson < int(name[:2]) for lesson in lessons):
            returns[name] = lessons
    assert returns == {}


def test_each_lesson_but_the_last_comes_back_in_a_later_quiz() -> None:
    found = {int(match[1]) for question in ASKED.values() if (match := RETURN.match(question.text))}
    assert found == set(range(1, len(LESSONS)))


# The test before and after the course


def test_the_test_has_fifteen_questions_of_four_choices_and_one_right_one() -> None:
    assert len(ITEMS) == 15
    assert [w for w, q in ITEMS.items() if (len(q.choices), len(q.right)) != (4, 1)] == []


def test_the_explanation_of_a_right_choice_names_the_lesson_to_read_again() -> None:
    told = {where: question.choices[question.right[0]].explanation for where, question in ITEMS.items()}
    assert [
        w for w, text in told.items() if not re.search(r"Voir (?:la leçon \d+|les leçons \d+ et \d+)\.$", text)
    ] == []
