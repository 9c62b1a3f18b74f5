"""Making a gradebook, by one program at a time: two that begin a class together would each make half of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, MetaData, inspect

from course.cohort.places import COURSE_ID, Cohort
from course.core import durable
from course.grading.alone import Busy, lock
from course.lab.refusal import Refusal

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
        Refusal: The class's folder cannot be written.
    """
    with _alone(cohort.folder / LOCK):
        if theirs not in inspect(engine).get_table_names():
            from nbgrader.api import Gradebook  # noqa: PLC0415 - seconds, once in a gradebook's life

            from course.grading.sealed import alembic_found  # noqa: PLC0415

            alembic_found()
            Gradebook(cohort.database, COURSE_ID).close()
        ours.create_all(engine)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            descriptor, _ = lock(path)
            break
        except Busy:
            if time.monotonic() > end:
                raise Refusal(
                    f"Un autre programme fait le carnet de notes de « {path.parent} » : recommencez dans un instant."
                ) from None
            time.sleep(0.05)
        except OSError as error:
            raise Refusal(durable.why(error, f"« {path.parent} » ne se laisse pas écrire")) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)
