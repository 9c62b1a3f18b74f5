"""Reading what a trainee dropped in the exchange: plain files of hers only, never through a link, within bounds.

Her folder stays hers while it is read, so each file is opened from its folder's descriptor and asked what it is then.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from course.core.answers import FOLDER
from course.core.names import legible

MAX_ENTRIES = 1_000
MAX_DEPTH = 4
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_BYTES = 60 * 1024 * 1024

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a dropped folder.

    Attributes:
        parts: Its path below that folder.
        kind: `file`, or in French what else it is: nothing that can be copied.
        owner: The number of the account that owns it.
        parent: The descriptor of its folder, open only while the entry is looked at.
    """

    parts: tuple[str, ...]
    kind: str
    owner: int
    parent: int

    def __str__(self) -> str:
        """Its path, fit for a log."""
        return legible("/".join(self.parts))


@dataclass(slots=True)
class Drop:
    """A folder that was dropped.

    Attributes:
        path: Where it is.
        wanted: Whether a file of that name is to be read at all.
    """

    path: Path
    wanted: Callable[[str], bool] = field(default=lambda _: True)

    def entries(self) -> Iterator[Entry]:
        """What is in it, answers first, folders too, nothing behind a link, and one entry past `MAX_ENTRIES` at most.

        Raises:
            OSError: It is no folder, or does not let itself be read.
        """
        descriptor = os.open(self.path, _READ | os.O_DIRECTORY)
        try:
            yield from islice(self._below(descriptor, ()), MAX_ENTRIES + 1)
        finally:
            os.close(descriptor)

    def copy(self, destination: Path, owners: frozenset[int] | None) -> tuple[str, ...]:
        """Copies its plain files.

        Args:
            destination: A folder of ours that exists.
            owners: The accounts whose files are taken; None takes any.

        Returns:
            What was left out and why: a French phrase each.
        """
        left: list[str] = []
        size = 0
        with closing(self.entries()) as entries:
            for number, entry in enumerate(entries):
                if number == MAX_ENTRIES:
                    left.append(f"plus de {MAX_ENTRIES} fichiers : la suite n’est pas reprise")
                    break
                if entry.kind == "dossier":
                    continue
                raw = entry.kind if entry.kind != "file" else self._read(entry, owners, MAX_BYTES - size)
                if isinstance(raw, str):
                    left.append(f"{entry} n’est pas repris : {raw}")
                    continue
                path = destination.joinpath(*entry.parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
                size += len(raw)
        return tuple(left)

    def _below(self, descriptor: int, parts: tuple[str, ...]) -> Iterator[Entry]:
        with os.scandir(descriptor) as found:
            wanted = (each.name for each in found if self.wanted(each.name))
            names = sorted(wanted, key=lambda name: (name != FOLDER, name))
        for name in names:
            try:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except OSError:
                continue
            entry = Entry((*parts, name), _kind(status.st_mode), status.st_uid, descriptor)
            yield entry
            if entry.kind != "dossier" or len(entry.parts) > MAX_DEPTH:
                continue
            try:
                below = os.open(name, _READ | os.O_DIRECTORY, dir_fd=descriptor)
            except OSError:
                continue
            try:
                yield from self._below(below, entry.parts)
            finally:
                os.close(below)

    def _read(self, entry: Entry, owners: frozenset[int] | None, room: int) -> bytes | str:
        """The file's bytes, or in French why they are not taken."""
        try:
            descriptor = os.open(entry.parts[-1], _READ, dir_fd=entry.parent)
        except OSError:
            return "il ne se laisse pas ouvrir"
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or (owners is not None and status.st_uid not in owners):
            os.close(descriptor)
            return "ce n’est pas un fichier ordinaire à ce stagiaire"
        limit = min(MAX_FILE_BYTES, room)
        with os.fdopen(descriptor, "rb") as stream:
            raw = stream.read(limit + 1)
        return "il est trop gros" if len(raw) > limit else raw


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "dossier"
    return "c’est un lien" if stat.S_ISLNK(mode) else "ce n’est pas un fichier ordinaire"
