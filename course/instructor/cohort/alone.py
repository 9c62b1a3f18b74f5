"""One program at a time that grades, forgets, archives or restores, in a working folder of its own."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from course.core.files import not_writable
from course.core.lock import held

LOCK = ".correction.lock"
PREFIX = ".copies-"

_UNDER_WAY = "Une correction est déjà en cours dans ce dossier : attendez qu’elle finisse, puis recommencez."


@contextmanager
def alone(cohort: Path) -> Iterator[Path]:
    """Hold the lock of grading, which erasure, archives and restorations take too.

    The system releases it when its process dies, so any working folder that exists while it is held is of a killed
    process, and is removed.

    Args:
        cohort: The class's folder; it exists.

    Yields:
        An empty working folder on the same file system, removed at the end.

    Raises:
        Refusal: Another program holds it, or the folder cannot be written.
    """
    with held(cohort / LOCK, _UNDER_WAY) as locked:
        if locked:  # on a disk without locks, another process may be using them
            for folder in cohort.glob(f"{PREFIX}*"):
                remove(folder)
        try:
            place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=cohort))
        except OSError as error:
            raise not_writable(cohort, error) from error
        try:
            yield place
        finally:
            remove(place)


def remove(folder: Path) -> None:
    """Remove a folder; files that the system keeps open stay until the next time."""
    if os.name == "nt":  # a read-only file cannot be removed there
        for path in folder.rglob("*"):
            with suppress(OSError):
                path.chmod(stat.S_IWRITE)
    shutil.rmtree(folder, ignore_errors=True)
