"""File locks between programs, which the system releases when their holder dies."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from course.core.files import not_writable
from course.core.refusal import Refusal

_WAIT = 0.05  # seconds
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_UNKNOWN = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)  # errors of a disk without locks

_held_here: set[str] = set()  # by this program, on disks without locks
_held_here_guard = threading.Lock()


class _Busy(Exception):  # noqa: N818 - another program is at work: no error
    pass


@contextmanager
def held(path: Path, busy: str, patience: float = 0.0) -> Iterator[bool]:
    """Hold a lock during a `with` block.

    Args:
        path: The lock file, in an existing folder; it is removed at the end.
        busy: The French sentence of the refusal when another program holds the lock.
        patience: The longest wait, in seconds.

    Yields:
        Whether this disk supports locks; without support, the lock excludes only other holders in this process.

    Raises:
        Refusal: Another program holds the lock, or its file cannot be written.
    """
    end = time.monotonic() + patience
    while True:
        try:
            descriptor, supported = _lock(path)
            break
        except _Busy:
            if time.monotonic() >= end:
                raise Refusal(busy) from None
            time.sleep(_WAIT)
        except OSError as error:
            raise not_writable(path.parent, error) from error
    try:
        yield supported
    finally:
        with suppress(OSError):  # Windows cannot remove an open file: it stays, empty
            path.unlink()
        os.close(descriptor)
        if not supported:
            _held_here.discard(os.path.realpath(path))


def _lock(path: Path) -> tuple[int, bool]:
    """Return a descriptor that holds the lock, and whether this disk supports locks; raises `_Busy`, `OSError`."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            _system_lock()(descriptor)
        except OSError as error:
            if error.errno in _UNKNOWN and _hold_here(os.path.realpath(path)):
                return descriptor, False
            os.close(descriptor)
            if error.errno in (*_BUSY, *_UNKNOWN):
                raise _Busy from None
            raise
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor, True
        os.close(descriptor)  # the previous holder removed the file in between


def _hold_here(path: str) -> bool:
    """Hold a lock within this process; False when it is already held."""
    with _held_here_guard:
        free = path not in _held_here
        _held_here.add(path)
        return free


def _system_lock() -> Callable[[int], None]:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        return lambda descriptor: msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    import fcntl  # noqa: PLC0415

    if not hasattr(fcntl, "flock"):  # Python in a browser has a single process
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return lambda descriptor: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
