"""Reading a file that somebody else put there: never a link, never a pipe, never more than a bound."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from course.core.answers.format import MAX_BYTES, Answers, UnreadableAnswer, parse
from course.core.syllabus import Objective

FOLDER = "reponses"


def file_name(objective: Objective) -> str:
    """The name of a canvas's answers file: `1.1.json`."""
    return f"{objective.id}.json"


def unreadable_name(objective: Objective) -> str:
    """The file that says why a canvas's answers were not taken: `1.1.illisible.txt`."""
    return f"{objective.id}.illisible.txt"


def read(folder: Path, objective: Objective) -> Answers | None:
    """The answers of one canvas in an assignment's folder.

    Args:
        folder: The folder that holds the notebook and `reponses/`; trusted itself, nothing below it is.
        objective: The canvas.

    Returns:
        The answers, or None when there is no such file.

    Raises:
        UnreadableAnswer: There is something of that name, and it is not a readable answers file.
    """
    raw = read_bytes(folder, FOLDER, file_name(objective), limit=MAX_BYTES)
    return None if raw is None else parse(raw, objective)


def read_bytes(folder: Path, *parts: str, limit: int) -> bytes | None:
    """The bytes of a plain file below a folder.

    Args:
        folder: A trusted folder.
        parts: The path below it, one name each; no name is followed if it is a link.
        limit: The most bytes the file may have.

    Returns:
        Its bytes, or None when nothing stands at that path.

    Raises:
        UnreadableAnswer: It is not a plain file, is too large, or cannot be opened.
    """
    try:
        descriptor = _open(folder, parts)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableAnswer(_reason(folder.joinpath(*parts), error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableAnswer("Ce n’est pas un fichier ordinaire.")
    with os.fdopen(descriptor, "rb") as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        size = f"{limit // 1024} Kio" if limit >= 1024 else f"{limit} octets"
        raise UnreadableAnswer(f"Le fichier dépasse {size}.")
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
        # O_NONBLOCK: opening a pipe would wait for its writer for ever.
        return os.open(parts[-1], plain | os.O_NONBLOCK, dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _open_checked(folder: Path, parts: tuple[str, ...]) -> int:
    path = folder
    for part in parts:
        path /= part
        status = path.lstat()
        # Other reparse points are ordinary files that a cloud drive keeps: those may be read.
        if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == stat.IO_REPARSE_TAG_MOUNT_POINT:
            raise UnreadableAnswer("C’est un lien vers un autre fichier.")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableAnswer("Ce n’est pas un fichier ordinaire.")
    return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))


def _reason(path: Path, error: OSError) -> str:
    for place in (path, *path.parents[:1]):
        if place.is_symlink():
            return "C’est un lien vers un autre fichier."
    if isinstance(error, PermissionError):
        return "Le fichier ne se laisse pas ouvrir (droits insuffisants)."
    return "Ce n’est pas un fichier ordinaire."
