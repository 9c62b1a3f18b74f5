"""What files come in: a folder or a zip, each listed and read within bounds, nothing unpacked to disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from course.core import files as durable
from course.core import zips
from course.core.refusal import Unreadable
from course.core.zips import Bounds

MAX_FILES = 20_000  # in a folder
MAX_DEPTH = 12  # of folders

# A zip in a zip is held in memory, and one trainee's must not spend what a class's may.
_INNERMOST = Bounds(archive=64 * 1024**2, entries=2_000, free=32 * 1024**2, folders=MAX_DEPTH)
INNER = replace(_INNERMOST, inner=_INNERMOST)
OUTER = Bounds(archive=4 * 1024**3, entries=MAX_FILES, free=1024**3, folders=MAX_DEPTH, inner=INNER)

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a folder or of a zip.

    Attributes:
        parts: Its path there, one name each.
        read: Gives its bytes, at most as many as one says; raises `Unreadable`.
        open: Opens it as a zip; raises `Unreadable`.
    """

    parts: Parts
    read: Callable[[int], bytes]
    open: Callable[[], AbstractContextManager[Box]]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.parts[-1]


@dataclass(slots=True)
class Box:
    """A folder or a zip: its files, and the paths and French reasons of those that are not even looked into."""

    files: list[File] = field(default_factory=list)
    bad: list[tuple[Parts, str]] = field(default_factory=list)


def file_on_disk(path: Path, parts: Parts) -> File:
    """A file of a folder, or one that was named by itself."""

    def read(limit: int) -> bytes:
        with _disk():
            raw = durable.read_bytes(path.parent, path.name, limit=limit)
        if raw is None:
            raise Unreadable("Ce fichier n’existe pas.")
        return raw

    @contextmanager
    def opened() -> Iterator[Box]:
        with ExitStack() as stack:
            with _disk():
                stream = stack.enter_context(durable.open_plain(path))
                archive = stack.enter_context(zips.opened(stream, OUTER, _visible))
            yield _in_zip(archive)

    return File(parts, read, opened)


def _in_zip(archive: zips.Archive) -> Box:
    def file(entry: zips.Entry) -> File:
        def read(limit: int) -> bytes:
            with _disk():
                return entry.read(limit)

        @contextmanager
        def opened() -> Iterator[Box]:
            with ExitStack() as stack:
                with _disk():
                    inner = stack.enter_context(entry.opened(_visible))
                yield _in_zip(inner)

        return File(tuple(entry.path.split("/")), read, opened)

    return Box(list(map(file, archive.entries)), [((name,), error.reason) for name, error in archive.refused])


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:  # it stops no other file
        raise Unreadable(f"Le fichier ne se laisse pas lire ({durable.cause(error)}).") from None


def _visible(name: str) -> str | None:
    path = zips.path_of(name)
    return None if path is None or path.rpartition("/")[2].startswith(".") else path


def folder(path: Path) -> Box:
    """What is in a folder and the folders below it, in alphabetical order."""
    box = Box()
    _walk(path, (), box)
    return box


def _walk(path: Path, parts: Parts, box: Box) -> None:
    try:
        with os.scandir(path) as scanned:
            entries = sorted(islice(scanned, MAX_FILES + 1), key=lambda entry: entry.name)
    except OSError:
        box.bad.append((parts or (path.name,), "Le dossier ne se laisse pas lire."))
        return
    for entry in entries:
        place = (*parts, entry.name)
        if entry.name.startswith(".") or zips.is_dropping(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if len(place) > MAX_DEPTH:
                box.bad.append((place, f"Il y a plus de {MAX_DEPTH} dossiers l’un dans l’autre."))
            else:
                _walk(Path(entry.path), place, box)
        elif not entry.is_file(follow_symlinks=False):
            box.bad.append((place, "C’est un lien, ou ce n’est pas un fichier ordinaire."))
        elif len(box.files) + len(box.bad) < MAX_FILES:
            box.files.append(file_on_disk(Path(entry.path), place))
        else:
            box.bad.append((place, f"Il y a plus de {MAX_FILES} fichiers : la suite n’est pas lue."))
            return
