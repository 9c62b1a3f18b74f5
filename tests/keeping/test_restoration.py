"""A class held for one program; a restoration that is stopped leaves the class of before, or is completed next time."""

from __future__ import annotations

import errno
import json
import os

import pytest
from class_states import ZOE
from promotion import text_of

from course.commands import main
from course.core.lock import held
from course.core.refusal import Refusal
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.intake.store import open_folders
from course.instructor.keeping import erasure, restoration
from course.instructor.keeping.commands import archive, forget, restore
from course.instructor.keeping.restoration import complete, exclusive


def made(cohort):
    archive(cohort.root, None)
    (path,) = cohort.archives.glob("cohort-*.zip")
    return path


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_while_somebody_is_forgotten_is_no_reception_s(cohort, monkeypatch):
    monkeypatch.setattr(erasure.roster, "remove", full)  # the last step: her rows are gone
    with pytest.raises(Refusal) as refused:
        forget(ZOE.id, cohort.root, sure=True)
    said = text_of(str(refused.value))
    assert "Rien n’est perdu" not in said
    assert "réception" not in said
    assert "Le disque est plein" in said
    assert "la même commande" in said


def test_while_something_is_taken_in_nothing_else_is_done_to_the_class(cohort):
    with open_folders(cohort), pytest.raises(Refusal, match="Une autre réception est en cours"), exclusive(cohort):
        pass


def test_what_a_stopped_reception_left_is_put_right_first(cohort):
    old = cohort.folder / ".reception" / "ancien" / "neuve" / "but-1"
    old.mkdir(parents=True)
    (old / "x.json").write_text("{}")
    with exclusive(cohort):
        assert (cohort.submitted / "neuve" / "but-1" / "x.json").exists()
        assert not (cohort.folder / ".reception").exists()


def test_a_restoration_is_completed_while_nothing_is_taken_in(cohort):
    work = restoration.begin(cohort)
    (work / "neuf" / "venu").mkdir()
    (work / "pret.json").write_text(json.dumps({"old": [], "new": ["venu"], "tables": []}))
    with open_folders(cohort), pytest.raises(Refusal, match="Une autre réception est en cours"), exclusive(cohort):
        pass
    assert (work / "neuf" / "venu").is_dir()
    with exclusive(cohort):
        assert (cohort.folder / "venu").is_dir()


def test_nothing_is_made_ready_through_a_link(cohort, tmp_path):
    path = made(cohort)
    (tmp_path / "ailleurs").mkdir()
    (cohort.folder / ".restauration").symlink_to(tmp_path / "ailleurs")
    with pytest.raises(Refusal, match="n’est pas un dossier"):
        restore(path, cohort.root, sure=True)
    assert list((tmp_path / "ailleurs").iterdir()) == []


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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked, to be killed")
@pytest.mark.parametrize("step", range(6))
def test_killed_at_any_step_the_class_is_the_old_one_or_what_the_next_run_completes(tmp_path, step):
    cohort = restoration.Cohort(tmp_path)
    for name, text in (("a", "vieux a"), ("b", "vieux b")):
        (cohort.folder / name).mkdir(parents=True)
        (cohort.folder / name / "f").write_text(text)
    work = restoration.begin(cohort)
    for name, text in (("a", "neuf a"), ("c", "neuf c")):
        (work / "neuf" / name).mkdir()
        (work / "neuf" / name / "f").write_text(text)
    child = os.fork()
    if child == 0:
        _killed_at(step, cohort)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == (9 if step < 5 else 0)
    decided = step < 5 and (work / "pret.json").exists()
    assert complete(cohort) is decided
    now = {path.parent.name: path.read_text() for path in cohort.folder.rglob("f")}
    old, new = {"a": "vieux a", "b": "vieux b"}, {"a": "neuf a", "c": "neuf c"}
    assert now == (old if step == 0 else new)
    assert complete(cohort) is False


def _killed_at(step, cohort):
    """One more rename than `step`, and the process is gone: the first is that of `pret.json`."""
    left, rename = step, restoration.files.replace

    def replace(source, target):
        nonlocal left
        if left == 0:
            os._exit(9)
        left -= 1
        rename(source, target)

    restoration.files.replace = replace
    restoration.commit(cohort)
    os._exit(0)


def test_any_command_completes_a_restoration_that_was_decided(tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").touch()
    cohort = restoration.Cohort(tmp_path)
    cohort.folder.mkdir()
    work = restoration.begin(cohort)
    (work / "neuf" / "submitted").mkdir()
    (work / "pret.json").write_text(json.dumps({"old": [], "new": ["submitted"], "tables": []}))
    assert main(["grade", "--dossier", str(tmp_path)]) == 2  # nobody handed anything in
    assert "Une restauration interrompue vient d’être terminée." in capsys.readouterr().out
    assert cohort.submitted.is_dir()
    assert not work.exists()
