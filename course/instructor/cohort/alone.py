"""One grading of a class at a time, in a working folder of its own; what a killed one left behind is swept."""

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
    """Holds the class's gradings off while one is under way.

    The system lets the lock go when a process dies, whatever kills it, so a working folder that is found while the lock
    is held belongs to nobody.

    Args:
        cohort: The folder of everything personal; it exists.

    Yields:
        An empty folder on the same file system, which is removed at the end.

    Raises:
        Refusal: A grading is under way, or the folder cannot be written.
    """
    with held(cohort / LOCK, _UNDER_WAY) as locked:
        if locked:  # some shared disks know no locks: another grading may be under way there
            for left in cohort.glob(f"{PREFIX}*"):
                remove(left)
        try:
            place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=cohort))
        except OSError as error:
            raise not_writable(cohort, error) from error
        try:
            yield place
        finally:
            remove(place)


def remove(folder: Path) -> None:
    """Removes a folder of the course, or what is left of it; what the system holds on to stays for the next grading."""
    if os.name == "nt":  # a file that may not be written may not be removed there
        for path in folder.rglob("*"):
            with suppress(OSError):
                path.chmod(stat.S_IWRITE)
    shutil.rmtree(folder, ignore_errors=True)
