"""case empty-gradebook: copies and no marks are a fault of the disk: nothing is written, and an archive is named."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from class_states import ZOE, files, rows
from every import every
from promotion import GOALS, gradebook, promotion, review, text_of

from course.core.refusal import Refusal
from course.core.terminal import typed
from course.instructor.classview.command import look
from course.instructor.cohort.gradebook import lost, opened
from course.instructor.cohort.places import DATABASE, Cohort
from course.instructor.giveback.command import feedback, marks
from course.instructor.grading.engine import grade
from course.instructor.intake.command import intake
from course.instructor.keeping import erasure
from course.instructor.keeping.commands import archive, forget, restore
from course.instructor.review.bench import Bench


def deleted(*tables):
    def run(path):
        with closing(sqlite3.connect(path)) as connection:
            for table in tables:
                connection.execute(f"DELETE FROM {table}")
            connection.commit()

    return run


HERS = (
    "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
    f"WHERE a.student_id = '{ZOE.id}'"
)


def stopped(*_):
    raise OSError(5, "coupure", "x")


LOSSES = {
    "0 bytes": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "a new one": lambda path: path.write_bytes(gradebook(*GOALS)),
    "no table": lambda path: (path.unlink(), sqlite3.connect(path).execute("VACUUM").connection.close()),
    "no mark": deleted("grade"),
    "a trainee's rows": deleted(
        f"grade WHERE notebook_id IN ({HERS})",
        f"submitted_notebook WHERE id IN ({HERS})",
        f"submitted_assignment WHERE student_id = '{ZOE.id}'",
        f"student WHERE id = '{ZOE.id}'",
    ),
    "a trainee alone": deleted(f"student WHERE id = '{ZOE.id}'"),
    "her marks alone": deleted(f"grade WHERE notebook_id IN ({HERS})"),
}
COMMANDS = {
    "marks": lambda root: marks(root, None),
    "feedback": lambda root: feedback([], root, models=False, release=False),
    "class": look,
    "grade": lambda root: grade([], root, force=False),
    "archive": lambda root: archive(root, None),
    "forget": lambda root: forget(ZOE.id, root, sure=True),
    "intake": lambda root: intake([root / "rien"], root, ask=False),
    "review": lambda root: Bench(Cohort(root)).choose(""),
}


@every("loss", LOSSES)
def test_case_empty_gradebook(session, tmp_path, capsys, loss):
    """case empty-gradebook: whatever befell it, each command refuses and writes nothing, and restoring still works."""
    root = tmp_path / loss
    cohort = Cohort(shutil.copytree(session.root, root, symlinks=True))
    (root / "rien").mkdir()
    archive(root, None)
    (path,) = cohort.archives.glob("*.zip")
    kept = rows(cohort)
    marks(root, None)
    database = cohort.folder / "gradebook.db"
    LOSSES[loss](database)
    before = files(cohort), database.read_bytes() if database.exists() else None
    for name, run in COMMANDS.items():
        with pytest.raises(Refusal) as caught:
            run(root)
        said = text_of(str(caught.value))
        assert said.startswith("Rien n’est écrit, et n’effacez rien : le carnet de notes "), name
        assert f"tapez « {typed('restore', path)} »" in said, name
        assert "sqlite" not in said, name
        assert DATABASE not in said, name
        if name != "intake":  # which notes that it ran
            assert (files(cohort), database.read_bytes() if database.exists() else None) == before, name
        before = files(cohort), before[1]
    capsys.readouterr()
    restore(path, root, sure=True)
    assert rows(cohort) == kept
    marks(root, None)


def test_what_was_taken_away_on_purpose_is_not_lost(cohort, monkeypatch):
    """A mark withdrawn, with its row after that; a trainee forgotten, also where that was cut short."""
    review(cohort, (ZOE.id,), "1.1", (None,) * 6)
    deleted(f"grade WHERE notebook_id IN ({HERS})")(cohort.folder / "gradebook.db")
    marks(cohort.root, None)
    for cut in ("_gradebook", "_folders", "_tables"):
        with monkeypatch.context() as patch:
            patch.setattr(erasure, cut, stopped)
            with pytest.raises(Refusal, match="reprendra"):
                forget("paul", cohort.root, sure=True)
        assert not lost(cohort), cut
    forget("paul", cohort.root, sure=True)
    forget(ZOE.id, cohort.root, sure=True)
    marks(cohort.root, None)


def test_what_is_lost_is_named_and_the_way_out_of_what_was_wanted(cohort):
    deleted(f"student WHERE id = '{ZOE.id}'")(cohort.folder / "gradebook.db")
    with pytest.raises(Refusal, match=rf"a perdu des notes \({ZOE.id}\).*sortez d’abord leurs dossiers"):
        marks(cohort.root, None)
    shutil.move(cohort.autograded / ZOE.id, cohort.root / "de-cote")
    assert not lost(cohort)


def test_without_an_archive_it_says_where_to_look(cohort):
    (cohort.folder / "gradebook.db").unlink()
    with pytest.raises(Refusal, match=r"pas d’archive dans .*course restore FICHIER"):
        marks(cohort.root, None)


def test_the_address_is_said_where_somebody_set_it(cohort, monkeypatch, tmp_path):
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'ailleurs.db'}")
    with pytest.raises(Refusal, match=rf"^Rien n’est écrit.*{DATABASE}.*ailleurs\.db"):
        marks(cohort.root, None)


def test_a_class_in_which_nothing_was_graded_makes_its_gradebook(tmp_path):
    cohort = promotion(tmp_path / "neuve")
    (cohort.folder / "gradebook.db").unlink()
    (cohort.submitted / "awa" / "but-1").mkdir(parents=True)
    (cohort.autograded / "awa").mkdir(parents=True)
    with opened(cohort):
        assert (cohort.folder / "gradebook.db").stat().st_size
