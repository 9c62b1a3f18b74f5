"""Files on disk: atomic and durable writes, reads that follow no link, causes of errors in French."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO

from course.core.refusal import NotWritten, Refusal, Unreadable

_WINDOWS = os.name == "nt"
_MOUNT_POINT = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT
_PLAIN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_TEMPORARY = ".*.[0-9]*.tmp"  # `.NAME.PROCESS.tmp`


def write(path: Path, raw: bytes) -> None:
    """Write a file atomically and durably; its folder is created when missing.

    Args:
        path: The file; its name is at most 200 bytes long.
        raw: Its new content.

    Raises:
        NotWritten: The file is unchanged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, raw)
    except OSError as error:
        raise NotWritten(why(error, f"Le fichier « {path.name} » ne se laisse pas écrire")) from error


def put(path: Path, raw: bytes) -> None:
    """Write a file as `write` does, in an existing folder; raises `OSError`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")  # as `_TEMPORARY`
    try:
        with temporary.open("wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep(*folders: Path) -> None:
    """Remove the temporary files that `put` left in folders where it was killed; no link is followed.

    Args:
        folders: Folders in which no other program writes now; one that does not exist has nothing to sweep.

    Raises:
        OSError: One cannot be removed.
    """
    for folder in folders:
        for temporary in () if folder.is_symlink() else folder.glob(_TEMPORARY):
            temporary.unlink(missing_ok=True)


def replace(temporary: Path, path: Path) -> None:
    """Rename a file over another one; on Windows, retry for a second."""
    for last in (*[False] * 20, True):
        try:
            temporary.replace(path)
        except PermissionError:
            # On Windows, a scanner or a backup may hold the file for an instant.
            if last or not _WINDOWS:
                raise
            time.sleep(0.05)
        else:
            return


def sync_folder(folder: Path) -> None:
    """Make a rename durable, where folders can be synchronised (not on Windows)."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def private(folder: Path) -> Iterator[None]:
    """Restrict a folder, and the files created inside the `with` block, to their owner.

    A folder that its owner shares with a group stays shared with it, new files included.

    Args:
        folder: A folder with personal data; it may be missing.
    """
    try:
        mode = stat.S_IMODE(folder.stat().st_mode)
    except OSError:
        mode = 0o700
    if mode & 0o007:
        with contextlib.suppress(OSError):  # another owner's folder, or a disk without permissions
            folder.chmod(mode & 0o770)
    before = os.umask(0o007 if mode & 0o020 else 0o077)
    try:
        yield
    finally:
        os.umask(before)


_CAUSES = {
    errno.EACCES: "vous n’en avez pas le droit",
    errno.EPERM: "vous n’en avez pas le droit",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "votre place sur le disque est pleine",
    errno.ENOENT: "rien n’y porte ce nom",
    errno.ENOTDIR: "un fichier porte le nom d’un dossier",
    errno.EEXIST: "quelque chose porte déjà ce nom",
    errno.EISDIR: "un dossier porte le nom d’un fichier",
    errno.ENOTEMPTY: "le dossier n’est pas vide",
    errno.ENAMETOOLONG: "le nom est trop long",
    errno.ELOOP: "c’est un lien",
    errno.EBUSY: "un autre programme s’en sert",
    errno.EIO: "le disque ne répond plus\u00a0: est-il bien branché\u202f?",
    errno.ENODEV: "le disque ne répond plus\u00a0: est-il bien branché\u202f?",
}


def cause(error: OSError) -> str:
    """Return the cause of a system error in a few French words; its number when it is rare."""
    if error.errno in _CAUSES:
        return _CAUSES[error.errno]
    return f"erreur {error.errno} du système" if error.errno else str(error.strerror or error)


def why(error: OSError, otherwise: str) -> str:
    """Return a French sentence on why a file could not be written and what to do.

    Args:
        error: The system's error.
        otherwise: The beginning of the sentence for any other cause.
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Le disque est plein : libérez de la place, puis recommencez."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "Le dossier est protégé en écriture : prévenez votre formateur, ou copiez le dossier ailleurs."
    if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR) and isinstance(error.filename, str | os.PathLike):
        # A file where a folder should be, or the other way round: at the path of the error, or above it.
        path = Path(error.filename)
        obstacle = next((place for place in (path, *path.parents) if place.exists()), "")
        return f"« {obstacle} » n’est pas ce qui devrait porter ce nom : déplacez-le, puis recommencez."
    return f"{otherwise} ({cause(error)})."


def refuse_folder(path: Path) -> None:
    """Raise `NotWritten` when a folder has the path of a file to be written."""
    if path.is_dir():
        raise NotWritten(f"Un dossier porte le nom « {path.name} » : renommez-le, puis recommencez.")


def read_bytes(folder: Path, *parts: str, limit: int) -> bytes | None:
    """Read a regular file below a folder without following links.

    Args:
        folder: A trusted folder.
        parts: The names of the path below it.
        limit: The maximum size in bytes.

    Returns:
        Its bytes, or None when nothing is at that path.

    Raises:
        Unreadable: It is not a regular file, is too large, or cannot be opened.
    """
    try:
        descriptor = _open(folder, parts)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(_not_plain(folder.joinpath(*parts), error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable("Ce n’est pas un fichier ordinaire.")
    with os.fdopen(descriptor, "rb") as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        size = f"{limit // 1024} Kio" if limit >= 1024 else f"{limit} octets"
        raise Unreadable(f"Le fichier dépasse {size}.")
    return raw


def _open(folder: Path, parts: tuple[str, ...]) -> int:
    if os.open not in os.supports_dir_fd:  # Windows
        return _open_checked(folder, parts)
    plain = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            descriptor, parent = os.open(part, plain | os.O_DIRECTORY, dir_fd=descriptor), descriptor
            os.close(parent)
        # O_NONBLOCK: opening a pipe would wait for its writer indefinitely.
        return os.open(parts[-1], plain | os.O_NONBLOCK, dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _open_checked(folder: Path, parts: tuple[str, ...]) -> int:
    path = folder
    for part in parts:
        path /= part
        status = path.lstat()
        # Other reparse points are regular files of a cloud drive, which may be read.
        if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _MOUNT_POINT:
            raise Unreadable("C’est un lien vers un autre fichier.")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("Ce n’est pas un fichier ordinaire.")
    return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))


def _not_plain(path: Path, error: OSError) -> str:
    for place in (path, *path.parents[:1]):
        if place.is_symlink():
            return "C’est un lien vers un autre fichier."
    if isinstance(error, PermissionError):
        return "Le fichier ne se laisse pas ouvrir (droits insuffisants)."
    return "Ce n’est pas un fichier ordinaire."


@contextmanager
def open_plain(path: Path) -> Iterator[BinaryIO]:
    """Open an untrusted file for reading; links, pipes and devices are refused.

    Raises:
        Unreadable: It is not a regular file, does not exist, or cannot be opened.
    """
    try:
        if path.is_symlink():
            raise Unreadable("C’est un lien vers un autre fichier : donnez le fichier lui-même.")
        descriptor = os.open(path, _PLAIN)
    except FileNotFoundError:
        raise Unreadable("Ce fichier n’existe pas.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("Le fichier ne se laisse pas ouvrir.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable("Ce n’est pas un fichier ordinaire.")
    with os.fdopen(descriptor, "rb") as stream:
        yield stream


def free(folder: Path, stem: str, ending: str, content: bytes | None = None) -> Path:
    """Return the path of a new file: `stem.ending`, or the same with a number where that name is used.

    Args:
        folder: Its folder; it may be missing.
        stem: Its name without the ending.
        ending: `docx`.
        content: Its content, where a file that holds the same is as good.
    """
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    paths = (folder / f"{name}.{ending}" for name in names)
    return next(path for path in paths if not os.path.lexists(path) or (content is not None and _holds(path, content)))


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


_ASIDE = "illisible"


def set_aside(path: Path, moment: datetime) -> Path:
    """Rename an unreadable file to an unused name beside it: `1.1-illisible-20261130-101500.json`.

    Args:
        path: The file.
        moment: The date and time in the name.

    Returns:
        The new path.

    Raises:
        OSError: The file cannot be renamed.
    """
    stem = f"{path.stem}-{_ASIDE}-{moment:%Y%m%d-%H%M%S}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return path.rename(
        next(free for name in names if not os.path.lexists(free := path.with_name(f"{name}{path.suffix}")))
    )


def is_aside(name: str) -> bool:
    """Return True for a name made by `set_aside`, even if it was changed since."""
    return re.search(rf"-{_ASIDE}-\d{{8}}-\d{{6}}", name) is not None


def not_writable(folder: Path, error: OSError, advice: str = "vérifiez vos droits et la place libre") -> Refusal:
    """Return the refusal of a folder that cannot be written: the cause and an advice.

    Args:
        folder: The folder.
        error: The system's error.
        advice: The advice, in French, without a final stop.
    """
    return Refusal(f"Le dossier « {folder} » ne se laisse pas écrire ({cause(error)}) : {advice}.")
