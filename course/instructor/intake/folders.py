"""A folder on disk, as a box: no link in it is followed, and nothing but plain files is opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from course.core.handin.archive import is_dropping
from course.core.refusal import Unreadable
from course.instructor.intake.boxes import MAX_DEPTH, MAX_FILES, Bad, Box, File, bounded
from course.instructor.intake.zips import MAX_BOX, zipped

_PLAIN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def plain(path: Path) -> Iterator[BinaryIO]:
    """A plain file, open: never a link, a pipe or a device.

    Raises:
        Unreadable: It is none, or does not let itself be opened.
    """
    try:
        if path.is_symlink():
            raise Unreadable("C’est un lien vers un autre fichier : donnez le fichier lui-même.")
        descriptor = os.open(path, _PLAIN)
    except FileNotFoundError:
        raise Unreadable("Ce fichier n’existe pas.") from None
    except (OSError, ValueError):
        raise Unreadable("Le fichier ne se laisse pas ouvrir.") from None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable("Ce n’est pas un fichier ordinaire.")
        yield stream


def file_on_disk(path: Path, parts: tuple[str, ...]) -> File:
    """A file of a folder, or one that was named by itself."""

    def read(limit: int) -> bytes:
        with plain(path) as stream:
            return bounded(stream, limit)

    @contextmanager
    def opened(depth: int) -> Iterator[Box]:
        with plain(path) as stream, zipped(stream, MAX_BOX, depth) as box:
            yield box

    return File(parts, read, opened)


def folder(path: Path) -> Box:
    """What is in a folder and the folders below it, in alphabetical order."""
    box = Box()
    _walk(path, (), box)
    return box


def _walk(path: Path, parts: tuple[str, ...], box: Box) -> None:
    try:
        with os.scandir(path) as found:
            entries = sorted(islice(found, MAX_FILES + 1), key=lambda entry: entry.name)
    except OSError:
        box.bad.append(Bad(parts or (path.name,), "Le dossier ne se laisse pas lire."))
        return
    for entry in entries:
        place = (*parts, entry.name)
        if entry.name.startswith(".") or is_dropping(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if len(place) > MAX_DEPTH:
                box.bad.append(Bad(place, f"Il y a plus de {MAX_DEPTH} dossiers l’un dans l’autre."))
            else:
                _walk(Path(entry.path), place, box)
        elif not entry.is_file(follow_symlinks=False):
            box.bad.append(Bad(place, "C’est un lien, ou ce n’est pas un fichier ordinaire."))
        elif len(box.files) + len(box.bad) < MAX_FILES:
            box.files.append(file_on_disk(Path(entry.path), place))
        else:
            box.bad.append(Bad(place, f"Il y a plus de {MAX_FILES} fichiers : la suite n’est pas lue."))
            return
