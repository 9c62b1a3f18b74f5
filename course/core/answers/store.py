"""A canvas’s answers, or the plan, on disk: each save is locked, merged with the file, durable, then acknowledged.

A browser keeps unsaved text under the file's `document`. A folder copied after its first opening, for a second person
on the same computer, would have the same `document`, and would show the first person's unsaved text. So a hidden file
beside the answers, `.1.1.json.lieu`, records where they got their `document`: the folder's path and its inode. The
answers are still in that place

- when the path is the same, or leads to the same folder: another spelling, a link, a mount; also where a file system
  assigns new inodes at each mount, as that of most USB sticks does;
- when the inode is the same and nothing is left at the former path: the folder was moved or renamed.

Everywhere else the answers are a copy, and get a new `document`; so do answers without the hidden file. Two limits: a
folder moved to another disk counts as a copy (saved text is there, text that was only in the browser is not shown), and
a folder that replaces another under the same path counts as the same folder.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.core import documents, files
from course.core.answers.edits import Edit, RefusedEdit, identified, merge, new_document, with_foreign_versions
from course.core.answers.format import FOLDER, MAX_BYTES, file_name, load
from course.core.documents import read_json
from course.core.files import read_bytes
from course.core.lock import held
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.syllabus import Objective
from course.core.words import moment

LOCK_SECONDS = 5.0
_MAX_WHEREABOUTS = 16 * 1024
_HELD = "Un autre programme tient le fichier de réponses ; nouvel essai dans un instant."


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of opening or saving: the document on disk.

    Attributes:
        document: The whole document, every row with an id.
        refusals: The refused edits.
        notice: A French sentence when an unreadable file was set aside, else empty.
    """

    document: dict[str, Any]
    refusals: tuple[RefusedEdit, ...] = ()
    notice: str = ""


class Full(NotWritten):
    """The edits together make the file too large; fewer of them may fit."""


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


class DocumentStore:
    """A document that pages write together, in one folder; several processes may share it.

    Attributes:
        folder: The folder of the notebook.
        name: The name of the file in `reponses/`.
        limit: Its maximum size in bytes.
        full: The French sentence where it would be larger.
    """

    full = "Ce canevas est plein (256 Kio) : raccourcissez un texte avant d’en ajouter."

    def __init__(self, folder: Path, name: str, limit: int = MAX_BYTES, now: Callable[[], datetime] = utc_now) -> None:
        """Create a store without touching the disk.

        Args:
            folder: The folder of the notebook; `reponses/` is created in it when needed.
            name: The name of the file there.
            limit: Its maximum size in bytes.
            now: The clock, for displayed dates only.
        """
        self.folder = folder
        self.name = name
        self.limit = limit
        self._now = now
        self._last: dict[str, Any] | None = None

    def _load(self, raw: bytes) -> dict[str, Any]:
        """Parse and validate the document; raises `Unreadable`."""
        raise NotImplementedError

    def _new(self, identifier: str) -> dict[str, Any]:
        """Return an empty document under an identifier."""
        raise NotImplementedError

    def _identified(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the document with an id for every row."""
        raise NotImplementedError

    def _merged(
        self, document: Mapping[str, Any], edits: Sequence[Edit]
    ) -> tuple[dict[str, Any], tuple[RefusedEdit, ...]]:
        """Merge edits into a document."""
        raise NotImplementedError

    def _with_foreign(self, document: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a document with new versions of the texts that no page wrote; None where there are none."""
        raise NotImplementedError

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FOLDER / self.name

    def open(self) -> Saved:
        """Read the document; write a new one when there is none.

        Returns:
            The document on disk. An unreadable file is renamed, and the notice says so.

        Raises:
            NotWritten: A new document could not be written.
        """
        return self.save(())

    @property
    def fallback(self) -> str:
        """The `document` for a browser's drafts while this folder cannot be written."""
        return fallback_document(self.folder)

    def unsaved(self) -> dict[str, Any]:
        """Return the document of a folder that cannot be written: the present one, or a new one."""
        present = None
        with contextlib.suppress(Unreadable):
            raw = read_bytes(self.path.parent, self.path.name, limit=self.limit)
            present = self._load(raw) if raw is not None else None
        present = present or self._spare() or self._new("")
        document = {"revision": 0, **self._identified(present)}
        return document if self._is_at_home(document) else {**document, "document": self.fallback}

    def save(self, edits: Sequence[Edit]) -> Saved:
        """Merge edits and write them durably.

        Args:
            edits: Oldest first.

        Returns:
            The document on disk, once it is durable.

        Raises:
            NotWritten: Nothing was written; the file is unchanged.
        """
        try:
            self.path.parent.mkdir(exist_ok=True)
            with held(self._lock_path, _HELD, LOCK_SECONDS):
                return self._save(edits)
        except OSError as error:
            raise NotWritten(_reason(error)) from error
        except Refusal as refusal:  # raised by `held`
            cause = refusal.__cause__
            raise NotWritten(_reason(cause) if isinstance(cause, OSError) else str(refusal)) from refusal

    def _save(self, edits: Sequence[Edit]) -> Saved:
        document, notice = self._read()
        on_disk = document is not None and not notice
        before = self._identified(document or self._new(str(uuid.uuid4())))
        before.setdefault("revision", 0)
        if document is not None and (changed := self._with_foreign_versions(before)) is not None:
            before, on_disk = changed, False
        if not self._is_at_home(before):
            before["document"], on_disk = str(uuid.uuid4()), False
        settle_at(self.path, before["document"])
        after, refusals = self._merged(before, edits)
        if not on_disk or after["revision"] != before["revision"]:
            after["saved_at"] = documents.utc(self._now())
            raw = json.dumps(after, ensure_ascii=False, indent=1).encode()
            if len(raw) > self.limit:
                raise Full(self.full)
            files.put(self.path, raw)
            self._write_spare(raw)
        self._last = after
        return Saved(after, refusals, notice)

    def _is_at_home(self, document: Mapping[str, Any]) -> bool:
        try:
            return is_at_home(self.path, document.get("document", ""))
        except OSError:
            return False

    def _read(self) -> tuple[dict[str, Any] | None, str]:
        """Return the document to continue with, and a French sentence when it is not the one in the file."""
        try:
            raw = read_bytes(self.path.parent, self.path.name, limit=self.limit)
            if raw is not None:
                return self._load(raw), ""
            spare, lost = self._spare(), "Le fichier de réponses avait disparu."
        except Unreadable as error:
            spare, kept = self._spare(), files.set_aside(self.path, self._now())
            reason = error.reason.removesuffix(".")
            lost = f"Le fichier de réponses était illisible ({reason}). Il est gardé sous le nom « {kept.name} »."
            if spare is None:
                return None, lost
        return spare, "" if spare is None else f"{lost} La dernière copie valable, {_when(spare)}, a été reprise."

    def _with_foreign_versions(self, document: dict[str, Any]) -> dict[str, Any] | None:
        """Return the file's document with new versions, when it was changed outside a canvas; else None."""
        spare = None if document == self._last else self._spare()
        if spare is None:
            return None
        return self._with_foreign(document, self._identified(spare))

    def _spare(self) -> dict[str, Any] | None:
        """Return the newest good copy: the one beside the file, or the one in this process's memory."""
        copies = [self._last] if self._last else []
        with contextlib.suppress(Unreadable):
            raw = read_bytes(self.path.parent, self._spare_path.name, limit=self.limit)
            copies += [self._load(raw)] if raw else []
        return max(copies, key=lambda document: document.get("revision", 0), default=None)

    @property
    def _spare_path(self) -> Path:
        return self.path.with_name(f".{self.path.name}.bon")

    def _write_spare(self, raw: bytes) -> None:
        # Not synchronised: it only serves when the file itself, which is synchronised, is damaged later.
        temporary = self._spare_path.with_name(f"{self._spare_path.name}.{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            temporary.write_bytes(raw)
            files.replace(temporary, self._spare_path)

    @property
    def _lock_path(self) -> Path:
        return self.path.with_name(f".{self.path.name}.lock")


class AnswersStore(DocumentStore):
    """The answers file of one canvas in one folder."""

    def __init__(self, folder: Path, objective: Objective, now: Callable[[], datetime] = utc_now) -> None:
        """Create a store without touching the disk.

        Args:
            folder: The folder of the notebook; `reponses/` is created in it when needed.
            objective: The canvas's objective.
            now: The clock, for displayed dates only.
        """
        super().__init__(folder, file_name(objective), now=now)
        self.objective = objective

    def _load(self, raw: bytes) -> dict[str, Any]:
        return load(raw, self.objective)

    def _new(self, identifier: str) -> dict[str, Any]:
        return new_document(self.objective, identifier)

    def _identified(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return identified(document, self.objective)

    def _merged(
        self, document: Mapping[str, Any], edits: Sequence[Edit]
    ) -> tuple[dict[str, Any], tuple[RefusedEdit, ...]]:
        return merge(document, self.objective, edits)

    def _with_foreign(self, document: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, Any] | None:
        return with_foreign_versions(document, last, self.objective)


def _when(document: Mapping[str, Any]) -> str:
    try:
        return f"du {moment(datetime.fromisoformat(document.get('saved_at', '')))}"
    except (ValueError, OverflowError, OSError):  # no date, or one that this system cannot show
        return "sans date"


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Le disque est plein : libérez de la place, l’enregistrement reprendra de lui-même."
    return files.why(error, "Le fichier de réponses ne se laisse pas écrire")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The place of an answers file when it was last opened.

    Attributes:
        document: Its `document`.
        path: Its folder's path, links resolved.
        inode: The folder's number on its file system.
    """

    document: str
    path: str
    inode: int


def _whereabouts(answers: Path, document: str) -> Whereabouts:
    """Return the present place of an answers file, whose folder must exist; raises `OSError`."""
    folder = answers.parent.resolve()
    # JSON cannot hold a name that is not valid UTF-8.
    return Whereabouts(document, os.fsencode(folder).decode("utf-8", "backslashreplace"), folder.stat().st_ino)


def _recorded_whereabouts(answers: Path) -> Whereabouts | None:
    """Return the place recorded in the hidden file beside an answers file; None without a readable one."""
    try:
        raw = read_bytes(answers.parent, _beside(answers).name, limit=_MAX_WHEREABOUTS)
        match read_json(raw, _MAX_WHEREABOUTS) if raw else None:
            case {"document": str(document), "path": str(path), "inode": int(inode)}:
                return Whereabouts(document, path, inode)
    except Unreadable:
        pass
    return None


def is_at_home(answers: Path, document: str) -> bool:
    """Return True when the answers of a `document` are still where they got it; raises `OSError`."""
    recorded = _recorded_whereabouts(answers)
    if recorded is None or recorded.document != document:
        return False
    present = _whereabouts(answers, document)
    if recorded.path == present.path:
        return True
    former = Path(recorded.path)
    with contextlib.suppress(OSError):  # nothing is left there
        if former.samefile(answers.parent):
            return True
    return recorded.inode == present.inode and not os.path.lexists(former / _beside(answers).name)


def settle_at(answers: Path, document: str) -> None:
    """Record that the answers of a `document` are at home here, and no copy of them; raises `OSError`."""
    present = _whereabouts(answers, document)
    if _recorded_whereabouts(answers) != present:
        files.put(_beside(answers), json.dumps(asdict(present)).encode())


def fallback_document(folder: Path) -> str:
    """Return the `document` of answers in a folder that cannot be written; it depends on the folder's path alone.

    Args:
        folder: The folder of the notebook.
    """
    return f"lieu-{sha256(os.path.realpath(folder).encode(errors='surrogateescape')).hexdigest()[:32]}"


def _beside(answers: Path) -> Path:
    return answers.with_name(f".{answers.name}.lieu")
