"""One canvas's answers on disk: each save is locked, merged with what is there, and durable before it is told."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from course.core import files as durable
from course.core.answers import whereabouts
from course.core.answers.edits import Edit, Refusal
from course.core.answers.format import MAX_BYTES, load
from course.core.answers.merging import identified, merge, new_document
from course.core.answers.reading import FOLDER, file_name
from course.core.answers.versions import noticed
from course.core.files import read_bytes
from course.core.refusal import Unreadable
from course.core.syllabus import Objective

try:
    import msvcrt
except ImportError:
    msvcrt = None
try:
    # Pyodide has the module without the function; it has one process, so no lock is needed there.
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:
    flock = None

LOCK_SECONDS = 5.0


class NotSaved(Exception):  # noqa: N818 - what the trainee reads: « non enregistré »
    """Answers could not be written; `reason` is one French sentence: what happened and what to do."""

    def __init__(self, reason: str) -> None:
        """Keeps the French sentence."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Saved:
    """What is on disk now.

    Attributes:
        document: The whole document, every row with an id.
        refusals: The edits that were not made.
        notice: A French sentence when an unreadable file was set aside, else empty.
    """

    document: dict[str, Any]
    refusals: tuple[Refusal, ...] = ()
    notice: str = ""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AnswersStore:
    """The answers file of one canvas in one folder; several processes may share it."""

    def __init__(self, folder: Path, objective: Objective, now: Callable[[], datetime] = _utc_now) -> None:
        """A store that touches nothing yet.

        Args:
            folder: The folder of the notebook; `reponses/` is made in it when needed.
            objective: The canvas's objective.
            now: The clock; only for dates that people read.
        """
        self.folder = folder
        self.objective = objective
        self._now = now
        self._last: dict[str, Any] | None = None

    @property
    def path(self) -> Path:
        """The answers file."""
        return self.folder / FOLDER / file_name(self.objective)

    def open(self) -> Saved:
        """The document on disk; a new one is written when there is none.

        Returns:
            What is on disk. A file that cannot be read was renamed beside it, and the notice says so.

        Raises:
            NotSaved: A new document could not be written.
        """
        return self.save(())

    @property
    def fallback(self) -> str:
        """The `document` under which a browser keeps drafts while this folder cannot be written."""
        return whereabouts.nowhere(self.folder)

    def unsaved(self) -> dict[str, Any]:
        """What can be read in a folder that cannot be written: the document that is there, or a new one."""
        found = None
        with contextlib.suppress(Unreadable):
            raw = read_bytes(self.path.parent, self.path.name, limit=MAX_BYTES)
            found = load(raw, self.objective) if raw is not None else None
        found = found or self._spare() or new_document(self.objective, "")
        document = {"revision": 0, **identified(found, self.objective)}
        return document if self._is_at_home(document) else {**document, "document": self.fallback}

    def save(self, edits: Sequence[Edit]) -> Saved:
        """Makes edits and writes them durably.

        Args:
            edits: Oldest first.

        Returns:
            What is on disk once it is there for good.

        Raises:
            NotSaved: Nothing was written; the file is as it was.
        """
        try:
            self.path.parent.mkdir(exist_ok=True)
            with self._locked():
                return self._save(edits)
        except OSError as error:
            raise NotSaved(_reason(error)) from error

    def _save(self, edits: Sequence[Edit]) -> Saved:
        document, notice = self._read()
        known = document is not None
        before = identified(document or new_document(self.objective, str(uuid.uuid4())), self.objective)
        before.setdefault("revision", 0)
        if known and (seen := self._noticed(before)) is not None:
            before, known = seen, False
        if not self._is_at_home(before):
            before["document"], known = str(uuid.uuid4()), False
        known = known and not notice
        whereabouts.remember(self.path, before["document"])
        after, refusals = merge(before, self.objective, edits)
        if not known or after["revision"] != before["revision"]:
            after["saved_at"] = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
            raw = json.dumps(after, ensure_ascii=False, indent=1).encode()
            if len(raw) > MAX_BYTES:
                raise NotSaved("Ce canevas est plein (256 Kio) : raccourcissez un texte avant d’en ajouter.")
            durable.put(self.path, raw)
            self._write_spare(raw)
        self._last = after
        return Saved(after, refusals, notice)

    def _is_at_home(self, document: Mapping[str, Any]) -> bool:
        try:
            return whereabouts.is_at_home(self.path, document.get("document", ""))
        except OSError:
            return False

    def _read(self) -> tuple[dict[str, Any] | None, str]:
        """The document to go on from, and what to tell when it is not the one that the file holds."""
        try:
            raw = read_bytes(self.path.parent, self.path.name, limit=MAX_BYTES)
            if raw is not None:
                return load(raw, self.objective), ""
            found, lost = self._spare(), "Le fichier de réponses avait disparu."
        except Unreadable as error:
            found, aside = self._spare(), self._set_aside()
            reason = error.reason.removesuffix(".")
            lost = f"Le fichier de réponses était illisible ({reason}). Il est gardé sous le nom « {aside} »."
            if found is None:
                return None, lost
        return found, "" if found is None else f"{lost} La dernière copie valable, {_when(found)}, a été reprise."

    def _noticed(self, document: dict[str, Any]) -> dict[str, Any] | None:
        """The document that the file holds, when something else than a canvas wrote in it."""
        spare = None if document == self._last else self._spare()
        return None if spare is None else noticed(document, identified(spare, self.objective), self.objective)

    def _spare(self) -> dict[str, Any] | None:
        """The newest good copy: beside the file, where any process leaves it, or in this one's memory."""
        found = [self._last] if self._last else []
        with contextlib.suppress(Unreadable):
            raw = read_bytes(self.path.parent, self._spare_path.name, limit=MAX_BYTES)
            found += [load(raw, self.objective)] if raw else []
        return max(found, key=lambda document: document.get("revision", 0), default=None)

    @property
    def _spare_path(self) -> Path:
        return self.path.with_name(f".{self.path.name}.bon")

    def _write_spare(self, raw: bytes) -> None:
        # Not synchronised: it is for the day when the file itself, which is, gets damaged by something else.
        temporary = self._spare_path.with_name(f"{self._spare_path.name}.{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            temporary.write_bytes(raw)
            durable.replace(temporary, self._spare_path)

    def _set_aside(self) -> str:
        stem = f"{self.objective.id}-illisible-{self._now():%Y%m%d-%H%M%S}"
        aside = self.path.with_name(f"{stem}.json")
        number = 1
        while os.path.lexists(aside):
            number += 1
            aside = self.path.with_name(f"{stem}-{number}.json")
        self.path.rename(aside)
        return aside.name

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self.path.with_name(f".{self.path.name}.lock").open("ab") as stream:
            deadline = time.monotonic() + LOCK_SECONDS
            while not _try_lock(stream):
                if time.monotonic() > deadline:
                    raise NotSaved("Un autre programme tient le fichier de réponses ; nouvel essai dans un instant.")
                time.sleep(0.01)
            yield


def _try_lock(stream: BinaryIO) -> bool:
    """Takes the lock that closing the file gives back; false while another process has it."""
    try:
        if flock is not None:
            flock(stream, LOCK_EX | LOCK_NB)
        elif msvcrt is not None:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def _when(document: Mapping[str, Any]) -> str:
    try:
        moment = datetime.fromisoformat(document.get("saved_at", "")).astimezone()
    except ValueError:
        return "sans date"
    return f"du {moment:%d/%m/%Y} à {moment:%H} h {moment:%M}"


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Le disque est plein : libérez de la place, l’enregistrement reprendra de lui-même."
    return durable.why(error, "Le fichier de réponses ne se laisse pas écrire")
