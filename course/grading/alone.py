"""A lock that one program holds; and one grading of a class at a time, in a working folder of its own.

What a killed grading left behind is swept.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from course.core import durable
from course.lab.refusal import Refusal

LOCK = ".correction.lock"
PREFIX = ".copies-"

_UNDER_WAY = "Une correction est déjà en cours dans ce dossier : attendez qu’elle finisse, puis recommencez."
_WAIT = 0.05  # seconds
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class _Busy(Exception):  # noqa: N818 - nobody made an error: somebody else is at work
    pass


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
    with held(cohort / LOCK, _UNDER_WAY) as known:
        if known:
            for left in cohort.glob(f"{PREFIX}*"):
                remove(left)
        try:
            place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=cohort))
        except OSError as error:
            raise _not_writable(cohort, error) from error
        try:
            yield place
        finally:
            remove(place)


@contextmanager
def held(path: Path, busy: str, patience: float = 0.0) -> Iterator[bool]:
    """Holds a lock for as long as the block lasts.

    Args:
        path: Its file, in a folder that exists; it is removed at the end.
        busy: What to say, in a French sentence, when another program holds it.
        patience: How long to wait for it, in seconds.

    Yields:
        Whether this disk knows locks at all; some shared ones do not.

    Raises:
        Refusal: Another program holds it, or its file cannot be written.
    """
    end = time.monotonic() + patience
    while True:
        try:
            descriptor, known = _lock(path)
            break
        except _Busy:
            if time.monotonic() >= end:
                raise Refusal(busy) from None
            time.sleep(_WAIT)
        except OSError as error:
            raise _not_writable(path.parent, error) from error
    try:
        yield known
    finally:
        with suppress(OSError):  # Windows removes no open file: it stays, empty
            path.unlink()
        os.close(descriptor)


def remove(folder: Path) -> None:
    """Removes a folder of ours, or what is left of it; what the system holds on to stays for the next grading."""
    if os.name == "nt":  # a file that may not be written may not be removed there
        for path in folder.rglob("*"):
            with suppress(OSError):
                path.chmod(stat.S_IWRITE)
    shutil.rmtree(folder, ignore_errors=True)


def _lock(path: Path) -> tuple[int, bool]:
    """A descriptor that holds the lock, and whether this disk knows locks; raises `_Busy` and `OSError`."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            _system_lock()(descriptor)
        except OSError as error:
            if error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
                return descriptor, False
            os.close(descriptor)
            if error.errno in _BUSY:
                raise _Busy from None
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


def _not_writable(folder: Path, error: OSError) -> Refusal:
    return Refusal(
        f"Le dossier « {folder} » ne se laisse pas écrire ({durable.cause(error)}) : vérifiez vos droits et la place "
        "libre."
    )
