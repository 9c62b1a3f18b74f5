"""What files come in: a folder or a zip, each listed and read within bounds, nothing unpacked to disk.

A bad file is a `Bad` beside the others: a class's zip from Moodle must not be lost for what one trainee put into hers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import BinaryIO

from course.core.refusal import Unreadable

MAX_FILES = 20_000  # in a folder, or in a zip
MAX_DEPTH = 12  # of folders

_CHUNK = 1024**2


@dataclass(frozen=True, slots=True)
class File:
    """A file of a box.

    Attributes:
        parts: Its path in the box, one name each.
        read: Gives its bytes, at most as many as one says; raises `Unreadable`.
        open: Opens it as a zip that is in so many, itself included.
    """

    parts: tuple[str, ...]
    read: Callable[[int], bytes]
    open: Callable[[int], AbstractContextManager[Box]]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.parts[-1]


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that is not even looked into, and why: a French sentence."""

    parts: tuple[str, ...]
    reason: str


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked from a zip, whatever is nested in it: bytes, and files."""

    left: int
    files: int = MAX_FILES

    def spend(self, number: int) -> None:
        """Takes bytes from it.

        Raises:
            Unreadable: There are no more.
        """
        self.left -= number
        if self.left < 0:
            raise Unreadable("Ce qu’elle contient est trop gros.")

    def count(self) -> bool:
        """Takes a file from it; whether there was one left."""
        self.files -= 1
        return self.files >= 0


@dataclass(slots=True)
class Box:
    """A folder or a zip, listed."""

    files: list[File] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


def bounded(stream: BinaryIO, limit: int, budgets: tuple[Budget, ...] = ()) -> bytes:
    """The bytes of an open file, read little by little.

    Raises:
        Unreadable: It has more than `limit`, or than a budget has left.
    """
    chunks: list[bytes] = []
    total = 0
    while chunk := stream.read(min(_CHUNK, limit + 1 - total)):
        for budget in budgets:
            budget.spend(len(chunk))
        chunks.append(chunk)
        total += len(chunk)
        if total > limit:
            raise Unreadable(too_large(limit))
    return b"".join(chunks)


def too_large(limit: int) -> str:
    """That a file is larger than it may be, in French."""
    return (
        f"Le fichier dépasse {limit // 1024**2} Mio."
        if limit >= 1024**2
        else f"Le fichier dépasse {limit // 1024} Kio."
    )
