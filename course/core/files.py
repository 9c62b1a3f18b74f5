"""Writing a file whole and for good, or not at all; and why it cannot be written, in French."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path

_WINDOWS = os.name == "nt"


class NotWritten(Exception):  # noqa: N818 - nobody made an error: the disk is full, the folder is protected
    """A file could not be written; `reason` is one French sentence: what happened and what to do."""

    def __init__(self, reason: str) -> None:
        """Keeps the French sentence."""
        super().__init__(reason)
        self.reason = reason


def write(path: Path, raw: bytes) -> None:
    """Puts a file in its place, or leaves what was there; its folder is made when missing.

    Args:
        path: The file; its name is at most 200 bytes long.
        raw: What it will hold.

    Raises:
        NotWritten: It is as it was before.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, raw)
    except OSError as error:
        raise NotWritten(why(error, f"Le fichier « {path.name} » ne se laisse pas écrire")) from error


def put(path: Path, raw: bytes) -> None:
    """As `write`, in a folder that exists; raises `OSError`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
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


def replace(temporary: Path, path: Path) -> None:
    """Renames a file over another one, with patience where the system asks for it."""
    for last in (*[False] * 20, True):
        try:
            temporary.replace(path)
        except PermissionError:
            # On Windows a scanner or a backup that is reading the file holds it for an instant.
            if last or not _WINDOWS:
                raise
            time.sleep(0.05)
        else:
            return


def sync_folder(folder: Path) -> None:
    """Makes a rename durable, where folders can be synchronised at all (not on Windows)."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
    """What the system met, in a few French words; its number when it is a rare thing."""
    if error.errno in _CAUSES:
        return _CAUSES[error.errno]
    return f"erreur {error.errno} du système" if error.errno else str(error.strerror or error)


def why(error: OSError, otherwise: str) -> str:
    """Why something could not be written, in a French sentence that says what to do.

    Args:
        error: What the system said.
        otherwise: The beginning of the sentence for a cause that has none of its own.
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Le disque est plein : libérez de la place, puis recommencez."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "Le dossier est protégé en écriture : prévenez votre formateur, ou copiez le dossier ailleurs."
    if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR) and isinstance(error.filename, str | os.PathLike):
        # A file where a folder should be, or the other way round: what the system names, or what that would be in.
        there = next((each for each in (Path(error.filename), *Path(error.filename).parents) if each.exists()), "")
        return f"« {there} » n’est pas ce qui devrait porter ce nom : déplacez-le, puis recommencez."
    return f"{otherwise} ({cause(error)})."
