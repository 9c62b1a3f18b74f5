"""Putting submissions and originals in place: whole or not at all, and never through a link.

Everything is built in `cohort/.reception/`, made durable at once, and only then renamed into its place. Whatever stops
the program, a trainee's folder holds what it held or what it shall hold; the next run finishes.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from course.core import files as durable
from course.core.files import read_bytes
from course.core.lock import held
from course.core.refusal import Refusal, Unreadable
from course.instructor.cohort.places import Cohort
from course.instructor.intake import originals
from course.instructor.intake.submissions import Submission

WORK = ".reception"
LOCK = ".reception.lock"
MAX_ORIGINAL = 80 * 1024**2

_UNDER_WAY = "Une autre réception est en cours pour cette classe : attendez qu’elle finisse."
_FRESH, _OLD, _ASIDE = "neuf", "ancien", "originaux"
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux
_HERE = -100  # AT_FDCWD


class Place:
    """The folders of a class, while something is being taken in."""

    def __init__(self, cohort: Cohort) -> None:
        """Use `open_place`."""
        self.cohort = cohort
        self.work = cohort.folder / WORK
        self._kept: dict[str, str] = {}
        self._fresh: list[tuple[str, str]] = []

    def keep(self, raw: bytes, ending: str) -> str:
        """Puts an original aside until it is known whether it is taken; its SHA-256."""
        code = hashlib.sha256(raw).hexdigest()
        if code not in self._kept:
            self._kept[code] = f"{code}{ending}"
            (self.work / _ASIDE / self._kept[code]).write_bytes(raw)
        return code

    def name(self, code: str) -> str:
        """The name of an original in `recus/`."""
        return self._kept[code]

    def original(self, code: str) -> bytes:
        """The bytes of an original that was put aside."""
        aside = self.work / _ASIDE / self._kept[code]
        return (aside if aside.exists() else self.cohort.folder / originals.FOLDER / self._kept[code]).read_bytes()

    def settle(self, codes: set[str]) -> None:
        """Moves originals to `recus/`, where each is kept once.

        Raises:
            Refusal: `recus/` cannot hold them; nothing of the class changed.
        """
        home = self.cohort.folder / originals.FOLDER
        _folder(home)
        _sync()
        for code in sorted(codes):
            if not os.path.lexists(home / self._kept[code]):
                (self.work / _ASIDE / self._kept[code]).rename(home / self._kept[code])
        durable.sync_folder(home)

    def prepare(self, student: str, assignment: str, submission: Submission) -> None:
        """Builds a trainee's folder, beside the others."""
        for name, raw in submission.files.items():
            path = self.work / _FRESH / student / assignment / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        self._fresh.append((student, assignment))

    def replace(self) -> dict[tuple[str, str], str]:
        """Puts what was prepared in place.

        Returns:
            For each folder that could not be replaced, why: a French phrase.
        """
        failed: dict[tuple[str, str], str] = {}
        _folder(self.cohort.submitted)
        _sync()
        for student, assignment in self._fresh:
            try:
                self._swap(student, assignment)
            except OSError as error:
                failed[student, assignment] = durable.why(error, "Le dossier du stagiaire ne se laisse pas écrire")
            except Refusal as refusal:
                failed[student, assignment] = str(refusal)
        self._fresh.clear()
        return failed

    def _swap(self, student: str, assignment: str) -> None:
        fresh = self.work / _FRESH / student / assignment
        target = self.cohort.submitted / student / assignment
        _folder(target.parent)
        if not os.path.lexists(target):
            fresh.rename(target)
        else:
            _folder(target)
            if not _exchanged(fresh, target):
                old = self.work / _OLD / student / assignment
                old.parent.mkdir(parents=True, exist_ok=True)
                target.rename(old)
                fresh.rename(target)
        durable.sync_folder(target.parent)

    def everything(self, student: str, assignment: str) -> dict[str, bytes]:
        """All plain files of a trainee's folder, whoever put them there."""
        home = self.cohort.submitted / student / assignment
        found: dict[str, bytes] = {}
        for folder, _, names in os.walk(home):
            for name in sorted(names):
                parts = (*Path(folder).relative_to(home).parts, name)
                with suppress(Unreadable, OSError):
                    raw = read_bytes(self.cohort.submitted, student, assignment, *parts, limit=MAX_ORIGINAL)
                    found["/".join(parts)] = raw or b""
        return found

    def recover(self) -> None:
        """Puts back what a run that was stopped had moved away, and removes what it left."""
        for old in sorted(self.work.glob(f"{_OLD}/*/*")):
            target = self.cohort.submitted / old.parent.name / old.name
            if not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                old.rename(target)
        shutil.rmtree(self.work)


@contextmanager
def receiving(cohort: Cohort) -> Iterator[Place]:
    """Holds off other receptions, once what a stopped one left has been put right.

    Args:
        cohort: The class; its folder is there.

    Raises:
        Refusal: Another reception is going on, or the folder cannot be written.
        OSError: What a stopped one left cannot be put right.
    """
    place = Place(cohort)
    with held(cohort.folder / LOCK, _UNDER_WAY):
        if place.work.is_symlink() or (place.work.exists() and not place.work.is_dir()):
            raise Refusal(f"« {place.work} » n’est pas un dossier : déplacez-le, puis recommencez.")
        if place.work.is_dir():
            place.recover()
        yield place


@contextmanager
def open_place(cohort: Cohort) -> Iterator[Place]:
    """The folders of a class, for one program at a time.

    Raises:
        Refusal: Another reception is going on, or the folder cannot be written.
    """
    try:
        cohort.folder.mkdir(parents=True, exist_ok=True)
        with receiving(cohort) as place:
            (place.work / _ASIDE).mkdir(parents=True)
            try:
                yield place
            finally:
                place.recover()
    except OSError as error:
        raise Refusal(f"Rien n’est perdu. {durable.why(error, 'La réception s’est arrêtée')}") from error


def _folder(path: Path) -> None:
    """Makes a folder; what stands there must be one, and no link.

    Raises:
        Refusal: It is something else.
    """
    with suppress(FileExistsError):
        path.mkdir()
    if path.is_symlink() or not path.is_dir():
        raise Refusal(f"« {path} » n’est pas un dossier : déplacez-le, puis recommencez.")


def _sync() -> None:
    """Makes all that was written durable, in one go: 2,000 small files one by one take seconds."""
    if hasattr(os, "sync"):
        os.sync()


def _exchanged(one: Path, other: Path) -> bool:
    """Swaps two folders in one step, where the system can: on Linux, on most file systems."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def unkept(there: Mapping[str, bytes], submission: Submission) -> bool:
    """Whether a folder holds something that `recus/` does not."""
    return bool(there) and not (submission.kept and there.keys() == submission.files.keys())
