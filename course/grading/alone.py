"""One grading of a class at a time, in a working folder of its own; what a killed one left behind is swept."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from course.lab.refusal import Refusal

LOCK = ".correction.lock"
PREFIX = ".copies-"

_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class Busy(Exception):  # noqa: N818 - nobody made an error: somebody else is at work
    """Another program holds the lock."""


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
    try:
        descriptor, held = lock(cohort / LOCK)
    except Busy:
        raise Refusal(
            "Une correction est déjà en cours dans ce dossier : attendez qu’elle finisse, puis recommencez."
        ) from None
    except OSError as error:
        raise _not_writable(cohort) from error
    try:
        if held:
            for left in cohort.glob(f"{PREFIX}*"):
                remove(left)
        try:
            place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=cohort))
        except OSError as error:
            raise _not_writable(cohort) from error
        try:
            yield place
        finally:
            remove(place)
    finally:
        with suppress(OSError):  # Windows removes no open file: it stays, empty
            (cohort / LOCK).unlink()
        os.close(descriptor)


def remove(folder: Path) -> None:
    """Removes a folder of ours, or what is left of it; what the system holds on to stays for the next grading."""
    if os.name == "nt":  # a file that may not be written may not be removed there
        for path in folder.rglob("*"):
            with suppress(OSError):
                path.chmod(stat.S_IWRITE)
    shutil.rmtree(folder, ignore_errors=True)


def lock(path: Path) -> tuple[int, bool]:
    """A descriptor that holds the lock, and whether this disk knows locks at all; some shared ones do not.

    Raises:
        Busy: Another program holds it.
        OSError: Its file cannot be written.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            _system_lock()(descriptor)
        except OSError as error:
            if error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
                return descriptor, False
            os.close(descriptor)
            if error.errno in _BUSY:
                raise Busy from None
            raise
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor, True
        os.close(descriptor)  # who had it before removed it in between


def _system_lock() -> Callable[[int], None]:
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415

        return lambda descriptor: msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    import fcntl  # noqa: PLC0415

    return lambda descriptor: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _not_writable(cohort: Path) -> Refusal:
    return Refusal(f"Le dossier « {cohort} » ne se laisse pas écrire : vérifiez vos droits et la place libre.")
