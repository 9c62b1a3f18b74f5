"""A restoration that is stopped: the class of before, or what the next command completes."""

import json
import os

import pytest

from course.commands import main
from course.instructor.keeping import swapping
from course.instructor.keeping.swapping import complete


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked, to be killed")
@pytest.mark.parametrize("step", range(6))
def test_killed_at_any_step_the_class_is_the_old_one_or_what_the_next_run_completes(tmp_path, step):
    cohort = swapping.Cohort(tmp_path)
    for name, text in (("a", "vieux a"), ("b", "vieux b")):
        (cohort.folder / name).mkdir(parents=True)
        (cohort.folder / name / "f").write_text(text)
    work = swapping.begin(cohort)
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
    left, rename = step, swapping.durable.replace

    def replace(source, target):
        nonlocal left
        if left == 0:
            os._exit(9)
        left -= 1
        rename(source, target)

    swapping.durable.replace = replace
    swapping.commit(cohort)
    os._exit(0)


def test_any_command_completes_a_restoration_that_was_decided(tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").touch()
    cohort = swapping.Cohort(tmp_path)
    cohort.folder.mkdir()
    work = swapping.begin(cohort)
    (work / "neuf" / "submitted").mkdir()
    (work / "pret.json").write_text(json.dumps({"old": [], "new": ["submitted"], "tables": []}))
    assert main(["grade", "--dossier", str(tmp_path)]) == 2  # nobody handed anything in
    assert "Une restauration interrompue vient d’être terminée." in capsys.readouterr().out
    assert cohort.submitted.is_dir()
    assert not work.exists()
