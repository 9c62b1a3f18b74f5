"""Whose answers a file holds: its own folder's, or those of the folder that it was copied from.

A browser keeps what is typed and not yet saved under the file's `document`. A folder that is copied once it was opened,
for a second person on the same computer, would have the same one, and would show the first person's unsaved words. So a
hidden file beside the answers, `.1.1.json.lieu`, says where they were when they got their `document`: the folder's path
and its inode. It is where the answers are

- when the path is the same, or leads to the same folder: another spelling, a link, a mount; also where a file system
  gives new inodes at each mount, as that of most USB sticks does;
- when the inode is the same and nothing is left at the former path: the folder was moved or renamed.

Everywhere else the answers are a copy's, and get a `document` of their own: so do those that came without the hidden
file. Two limits: a folder moved to another disk counts as a copy (what is saved is there, what was only in the browser
is not shown there), and what replaces a folder under the same path counts as that folder.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from course.core import files as durable
from course.core.answers.format import read_json
from course.core.files import read_bytes
from course.core.refusal import Unreadable

_MAX_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where answers were when they were last opened.

    Attributes:
        document: Their `document`.
        path: Their folder's path, no link in it.
        inode: The folder's number on its file system.
    """

    document: str
    path: str
    inode: int


def now(answers: Path, document: str) -> Whereabouts:
    """Where an answers file is, its folder being there; raises `OSError`."""
    folder = answers.parent.resolve()
    # A name that is no text can be written in no JSON.
    return Whereabouts(document, os.fsencode(folder).decode("utf-8", "backslashreplace"), folder.stat().st_ino)


def last(answers: Path) -> Whereabouts | None:
    """Where the hidden file beside an answers file says that it was; None when there is no such word."""
    try:
        raw = read_bytes(answers.parent, _beside(answers).name, limit=_MAX_BYTES)
        match read_json(raw, _MAX_BYTES) if raw else None:
            case {"document": str(document), "path": str(path), "inode": int(inode)}:
                return Whereabouts(document, path, inode)
    except Unreadable:
        pass
    return None


def is_at_home(answers: Path, document: str) -> bool:
    """Whether the answers of a `document` are still where they got it; raises `OSError`."""
    then = last(answers)
    if then is None or then.document != document:
        return False
    here = now(answers, document)
    if then.path == here.path:
        return True
    former = Path(then.path)
    with contextlib.suppress(OSError):  # nothing is left there
        if former.samefile(answers.parent):
            return True
    return then.inode == here.inode and not os.path.lexists(former / _beside(answers).name)


def remember(answers: Path, document: str) -> None:
    """Writes down where the answers of a `document` are, if that is news; raises `OSError`."""
    here = now(answers, document)
    if last(answers) != here:
        durable.put(_beside(answers), json.dumps(asdict(here)).encode())


def nowhere(folder: Path) -> str:
    """The `document` of answers that could not be written down yet: a folder's own, as long as its path is the same.

    Args:
        folder: The folder of the notebook.
    """
    return f"lieu-{sha256(os.path.realpath(folder).encode(errors='surrogateescape')).hexdigest()[:32]}"


def _beside(answers: Path) -> Path:
    return answers.with_name(f".{answers.name}.lieu")
