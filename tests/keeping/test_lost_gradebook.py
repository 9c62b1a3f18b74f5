"""case empty-gradebook: copies and no marks are a fault of the disk: nothing is written, and an archive is named."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from class_states import ZOE, files, rows
from every import every
from promotion import GOALS, gradebook, promotion, text_of

from course.core.refusal import Refusal
from course.instructor.classview.command import look
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.giveback.command import feedback, marks
from course.instructor.grading.engine import grade
from course.instructor.intake.intake import intake
from course.instructor.keeping.commands import archive, forget, restore
from course.instructor.review.bench import Bench


def emptied(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM grade")
        connection.commit()


LOSSES = {
    "0 bytes": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "a new one": lambda path: path.write_bytes(gradebook(*GOALS)),
    "no table": lambda path: (path.unlink(), sqlite3.connect(path).execute("VACUUM").connection.close()),
    "no mark": emptied,
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
        assert f'course restore "{path}"' in said, name
        assert "rien n’est écrit" in said, name
        if name != "intake":  # which notes that it ran
            assert (files(cohort), database.read_bytes() if database.exists() else None) == before, name
        before = files(cohort), before[1]
    capsys.readouterr()
    restore(path, root, sure=True)
    assert rows(cohort) == kept
    marks(root, None)


def test_without_an_archive_it_says_where_to_look(cohort):
    (cohort.folder / "gradebook.db").unlink()
    with pytest.raises(Refusal, match=r"aucune archive.*course restore FICHIER"):
        marks(cohort.root, None)


def test_a_class_in_which_nothing_was_graded_makes_its_gradebook(tmp_path):
    cohort = promotion(tmp_path / "neuve")
    (cohort.folder / "gradebook.db").unlink()
    (cohort.submitted / "awa" / "but-1").mkdir(parents=True)
    (cohort.autograded / "awa").mkdir(parents=True)
    with opened(cohort):
        assert (cohort.folder / "gradebook.db").stat().st_size
