"""The numbers that stand for names, random and stable; and texts that stand in several copies."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from course.core import model_answers, syllabus
from course.core.answers import Action, Answers, Strategy
from course.instructor.cohort import copies
from course.instructor.cohort.gradebook import opened
from course.instructor.review.queue import assigned, numbered, queued_copies, ungraded
from course.instructor.review.sheet import shared_texts, texts_of

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
    with opened(cohort, writing=True, even_lost=True) as connection:
        connection.exec_driver_sql("INSERT INTO student (id) VALUES ('aaron')")
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


def test_other_words_wait_for_the_automatic_part_and_the_same_saved_again_do_not(cohort):
    queue = queued_copies(cohort, FIRST)
    path = cohort.submitted / "N'Diaye" / "but-1" / "reponses" / "1.1.json"
    document = json.loads(path.read_bytes())
    (row,) = document["options"]["1.1.b"]
    assert row["strategy"] == "Écouter les gens du village"
    for text, waiting in (
        (" Écouter  les gens du village\n", 0),
        ("E\N{COMBINING ACUTE ACCENT}couter les gens du village", 0),
        ("Écouter les gens", 1),
    ):
        row["strategy"] = text
        path.write_text(json.dumps(document, indent=2), encoding="utf-8")
        assert ungraded(cohort, FIRST, queue) == waiting, text


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


# Texts that several copies share

MODEL = model_answers.load().answers["1.1.a"][0]


def answers(strategy, *actions):
    return Answers("1.1", {"1.1.a": (Strategy("s", strategy, tuple(Action("a", text) for text in actions)),)})


def found(*copies):
    return shared_texts(FIRST, [(number, texts_of(copy)) for number, copy in enumerate(copies, 1)])


def test_the_same_words_are_the_same_text():
    shared = found(
        answers("Former les agents de santé"), answers("FORMER  les agents, de sante !"), answers("Autre texte ici")
    )
    assert shared.others("Former les agents de santé", 1) == (2,)
    assert shared.others("former les agents de santé", 3) == (1, 2)
    assert shared.others("Autre texte ici", 3) == ()


def test_one_copy_that_says_it_twice_is_no_twin():
    shared = found(answers("Former les agents de santé", "Former les agents de santé"), None)
    assert shared.others("Former les agents de santé", 1) == ()


def test_two_words_and_placeholders_are_left_alone():
    shared = found(
        answers("Former agents", "à compléter plus tard xxx"), answers("Former agents", "à définir à définir")
    )
    assert shared.others("Former agents", 1) == ()
    assert shared.others("à définir à définir", 2) == ()


def test_a_canvas_that_is_the_same_from_end_to_end():
    one = answers("Former les agents de santé", "Tenir une réunion mensuelle")
    two = answers("former les agents de santé.", "Tenir une réunion mensuelle")
    other = answers("Former les agents de santé")
    shared = found(one, two, other, None, None)
    assert shared.same(texts_of(one), 1) == (2,)
    assert shared.same(texts_of(other), 3) == ()
    assert shared.same(texts_of(None), 4) == ()


def test_a_model_answer_is_recognised():
    shared = found(answers(MODEL.strategy), answers("Former les agents de santé"))
    assert shared.in_a_model(MODEL.actions[0].action.upper())
    assert not shared.in_a_model("Former les agents de santé")
