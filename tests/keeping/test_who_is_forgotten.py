"""Whom `course forget` means: found by any of her names, never guessed, and confirmed."""

import io

import pytest
from class_states import LI, ZOE
from promotion import text_of

from course.core.refusal import Refusal
from course.instructor.cohort import roster
from course.instructor.keeping import forgetting
from course.instructor.keeping.command import forget


@pytest.mark.parametrize(
    "asked", ["zoé d’été", "ZOÉ D’ÉTÉ", "Zoé N’Guessan-Été", "n'guessan ete zoe", "李娜", "娜娜娜娜 李李李李"]
)
def test_she_is_found_however_her_name_is_written(cohort, asked):
    assert forgetting.find(cohort, asked).id in (ZOE.id, LI.id)


def test_who_may_be_two_is_asked_again(cohort):
    roster.write(cohort, [*roster.read(cohort), roster.Trainee("awa2", "AWA", "Ouedraogo")])
    with pytest.raises(Refusal) as caught:
        forget("Awa Ouédraogo", cohort.root, sure=True)
    said = text_of(str(caught.value))
    assert "« awa.o » (Awa Ouédraogo)" in said
    assert "« awa2 » (AWA Ouedraogo)" in said
    assert "donnez l’identifiant" in said


def test_nobody_of_that_name_is_told_with_who_is_near(cohort):
    for asked in ("Paul Kabore Junior", "", "../..", "*"):
        with pytest.raises(Refusal, match="Personne ne s’appelle"):
            forget(asked, cohort.root, sure=True)
    with pytest.raises(Refusal, match="paul"):
        forget("Paule Kabore", cohort.root, sure=True)


class Typed(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("typed", "gone"), [("Zoé N’Guessan-Été", True), ("zoé d’été", True), ("oui", False), ("", False)]
)
def test_one_types_the_name_to_confirm(cohort, monkeypatch, typed, gone):
    monkeypatch.setattr("sys.stdin", Typed(f"{typed}\n"))
    if gone:
        forget(ZOE.id, cohort.root, sure=False)
    else:
        with pytest.raises(Refusal, match="rien n’est effacé"):
            forget(ZOE.id, cohort.root, sure=False)
    assert (cohort.submitted / ZOE.id).exists() is not gone


def test_who_ends_the_question_changes_nothing(cohort, monkeypatch):
    monkeypatch.setattr("sys.stdin", Typed(""))  # Ctrl + D
    with pytest.raises(Refusal, match="rien n’est effacé"):
        forget(ZOE.id, cohort.root, sure=False)
    assert (cohort.submitted / ZOE.id).exists()


def test_without_a_terminal_nothing_is_done(cohort, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("paul\n"))
    with pytest.raises(Refusal, match="--oui"):
        forget("paul", cohort.root, sure=False)
    assert (cohort.submitted / "paul").exists()
