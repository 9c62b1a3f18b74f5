"""Making a gradebook, by one program at a time: two that begin a class together would each make half of it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import os
import shutil
import sys
from pathlib import Path

from sqlalchemy import Engine, MetaData, inspect

from course.instructor.cohort.places import COURSE_ID, Cohort
from course.core.lock import held

LOCK = ".carnet.tmp"  # what begins and ends so is no state of the class
_PATIENCE = 60.0  # seconds: nbgrader takes some to make its own


def make(cohort: Cohort, engine: Engine, ours: MetaData, theirs: str) -> None:
    """Makes what a gradebook lacks.

    Args:
        cohort: The class; its folder is there.
        engine: Its gradebook.
        ours: The course's tables.
        theirs: A table that is there once nbgrader has made its own.

    Raises:
        Refusal: The class's folder cannot be written, or another program makes its gradebook for a minute already.
    """
    busy = f"Un autre programme fait le carnet de notes de « {cohort.folder} » : recommencez dans un instant."
    with held(cohort.folder / LOCK, busy, _PATIENCE):
        if theirs not in inspect(engine).get_table_names():
            from nbgrader.api import Gradebook  # noqa: PLC0415 - seconds, once in a gradebook's life


            alembic_found()
            Gradebook(cohort.database, COURSE_ID).close()
        ours.create_all(engine)


def alembic_found() -> None:
    """Lets nbgrader find `alembic`, which it runs by name when it makes a gradebook."""
    if shutil.which("alembic") is None:
        # It is beside our own interpreter.
        os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
