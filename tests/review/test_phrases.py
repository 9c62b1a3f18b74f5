"""The bank of comments: what is offered, in which order, and that it stays within bounds."""

from __future__ import annotations

from course.instructor.cohort import schema
from course.instructor.cohort.gradebook import opened
from course.instructor.review import phrases
from course.instructor.review.phrases import sentences


def bank(cohort):
    with opened(cohort) as connection:
        return phrases.offered(connection)


def learn(cohort, *comments):
    with opened(cohort, writing=True) as connection:
        for comment in comments:
            phrases.learn(connection, comment)


def test_the_whole_and_its_sentences_are_offered():
    for comment, offered in (
        ("Très concret.", ("Très concret.",)),
        (
            "Très concret. Il manque une base !",
            ("Très concret. Il manque une base !", "Très concret.", "Il manque une base !"),
        ),
        ("Voir p. 12 et la note de 1,5 point.", ("Voir p. 12 et la note de 1,5 point.",)),
        (
            "Une ligne assez longue\nÉcrire la suite",
            ("Une ligne assez longue Écrire la suite", "Une ligne assez longue", "Écrire la suite"),
        ),
        ("Bien.", ()),
        ("x" * 601, ()),
        ("   ", ()),
    ):
        assert sentences(comment) == offered, comment


def test_the_most_used_comes_first(cohort):
    learn(cohort, "Il manque une base.", "Très concret.", "Il manque une base.")
    assert bank(cohort) == ("Il manque une base.", "Très concret.")


def test_what_stood_there_already_counts_once(cohort):
    learn(cohort, "Très concret.")
    with opened(cohort, writing=True) as connection:
        phrases.learn(connection, "Très concret. Il manque une base.", before="Très concret.")
    with opened(cohort) as connection:
        uses = {row.text: row.uses for row in connection.execute(schema.phrase.select())}
    assert uses == {"Très concret. Il manque une base.": 1, "Il manque une base.": 1, "Très concret.": 1}


def test_a_text_can_be_forgotten(cohort):
    learn(cohort, "Très concret.")
    with opened(cohort, writing=True) as connection:
        phrases.forget(connection, "Très concret.")
    assert bank(cohort) == ()


def test_the_bank_keeps_what_is_used(cohort):
    learn(
        cohort, "Celle-ci sert.", "Celle-ci sert.", *(f"Phrase numéro {number}" for number in range(phrases.MOST + 5))
    )
    assert len(bank(cohort)) == phrases.MOST
    assert bank(cohort)[0] == "Celle-ci sert."
