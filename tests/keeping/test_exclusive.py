"""A class held for one program: what is said when something of it stops."""

from __future__ import annotations

import errno

import pytest
from class_states import ZOE
from promotion import text_of

from course.core.lock import held
from course.core.refusal import Refusal
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.intake.placing import open_place
from course.instructor.keeping import forgetting
from course.instructor.keeping.command import forget
from course.instructor.keeping.exclusive import exclusive


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_while_somebody_is_forgotten_is_no_reception_s(cohort, monkeypatch):
    monkeypatch.setattr(forgetting.roster, "remove", full)  # the last step: her rows are gone
    with pytest.raises(Refusal) as refused:
        forget(ZOE.id, cohort.root, sure=True)
    said = text_of(str(refused.value))
    assert "Rien n’est perdu" not in said
    assert "réception" not in said
    assert "Le disque est plein" in said
    assert "la même commande" in said


def test_while_something_is_taken_in_nothing_else_is_done_to_the_class(cohort):
    with open_place(cohort), pytest.raises(Refusal, match="Une autre réception est en cours"), exclusive(cohort):
        pass


def test_what_a_stopped_reception_left_is_put_right_first(cohort):
    old = cohort.folder / ".reception" / "ancien" / "neuve" / "but-1"
    old.mkdir(parents=True)
    (old / "x.json").write_text("{}")
    with exclusive(cohort):
        assert (cohort.submitted / "neuve" / "but-1" / "x.json").exists()
        assert not (cohort.folder / ".reception").exists()


def test_a_lock_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(Refusal, match="ne se laisse pas écrire"), held(tmp_path / "nulle part" / ".x.lock", "occupé"):
        pass


def test_a_lock_that_is_held_is_refused_in_the_words_given(tmp_path):
    path = tmp_path / ".x.lock"
    with held(path, "occupé") as known, pytest.raises(Refusal, match="occupé"), held(path, "occupé"):
        assert known
    assert not path.exists()
    with held(path, "occupé", patience=0.1):
        pass


def test_a_new_class_gets_its_gradebook_while_nothing_holds_it(tmp_path):
    with opened(Cohort(tmp_path)):
        pass
    assert not (tmp_path / "cohort" / ".carnet.tmp").exists()
