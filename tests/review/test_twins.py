"""Identical texts: found whatever their accents and signs, in copies and in model answers; never two words alone."""

from __future__ import annotations

from course.core import model_answers, syllabus
from course.core.answers import Action, Answers, Strategy
from course.instructor.review.twins import class_of, words_of

FIRST = syllabus.load().objective("1.1")
MODEL = model_answers.load().answers["1.1.a"][0]


def said(strategy, *actions):
    return Answers("1.1", {"1.1.a": (Strategy("s", strategy, tuple(Action("a", text) for text in actions)),)})


def found(*copies):
    return class_of(FIRST, [(number, words_of(answers)) for number, answers in enumerate(copies, 1)])


def test_the_same_words_are_the_same_text():
    everybody = found(
        said("Former les agents de santé"), said("FORMER  les agents, de sante !"), said("Autre texte ici")
    )
    assert everybody.others("Former les agents de santé", 1) == (2,)
    assert everybody.others("former les agents de santé", 3) == (1, 2)
    assert everybody.others("Autre texte ici", 3) == ()


def test_one_copy_that_says_it_twice_is_no_twin():
    everybody = found(said("Former les agents de santé", "Former les agents de santé"), None)
    assert everybody.others("Former les agents de santé", 1) == ()


def test_two_words_and_placeholders_are_left_alone():
    everybody = found(said("Former agents", "à compléter plus tard xxx"), said("Former agents", "à définir à définir"))
    assert everybody.others("Former agents", 1) == ()
    assert everybody.others("à définir à définir", 2) == ()


def test_a_canvas_that_is_the_same_from_end_to_end():
    one = said("Former les agents de santé", "Tenir une réunion mensuelle")
    two = said("former les agents de santé.", "Tenir une réunion mensuelle")
    other = said("Former les agents de santé")
    everybody = found(one, two, other, None, None)
    assert everybody.same(words_of(one), 1) == (2,)
    assert everybody.same(words_of(other), 3) == ()
    assert everybody.same(words_of(None), 4) == ()


def test_a_model_answer_is_recognised():
    everybody = found(said(MODEL.strategy), said("Former les agents de santé"))
    assert everybody.in_a_model(MODEL.actions[0].action.upper())
    assert not everybody.in_a_model("Former les agents de santé")
