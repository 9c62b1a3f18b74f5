"""Packing what is handed in for one goal: one zip, its files in a fixed order, each with its SHA-256."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.core.answers.reading import FOLDER, file_name
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.handin.manifest import Manifest, Sealed
from course.core.handin.naming import stem_of
from course.core.handin.standing import Standing, standings
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import FILE as TEAM_FILE
from course.core.team import Team
from course.core.team import written as team_bytes

# With it, an archive goes through a kernel's messages, which Jupyter bounds at 10 MiB.
MAX_NOTEBOOK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive to hand in.

    Attributes:
        name: Its file name: `Groupe-3_but-1.zip`.
        raw: Its bytes.
        manifest: What it says of itself.
        standings: Where its canvases stand.
        notices: French sentences on what could not be packed.
    """

    name: str
    raw: bytes
    manifest: Manifest
    standings: tuple[Standing, ...]
    notices: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The SHA-256 of the archive, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()


def notebook_name(goal: Goal) -> str:
    """The notebook of a goal: `but-1.ipynb`."""
    return f"{goal.assignment}.ipynb"


def pack(folder: Path, goal: Goal, team: Team, version: str, date: datetime) -> Packed:
    """Packs a goal's answers and notebook.

    Args:
        folder: The folder of the goal's notebook.
        goal: The goal.
        team: Who hands in.
        version: The course's version.
        date: The moment, in UTC.

    Returns:
        The archive. Answers that cannot be read stay out of it, and so does a notebook that is missing or too large;
        the notices say so. The same files at the same second give the same bytes.
    """
    found = standings(folder, goal)
    notices = [
        f"Le canevas {each.objective.id} n’est pas joint : son fichier « {FOLDER}/{file_name(each.objective)} » est "
        f"illisible ({each.problem.rstrip('.')})."
        for each in found
        if each.problem
    ]
    files = {TEAM_FILE: team_bytes(team)}
    files |= {f"{FOLDER}/{file_name(each.objective)}": each.raw for each in found if each.raw is not None}
    try:
        notebook = read_bytes(folder, notebook_name(goal), limit=MAX_NOTEBOOK)
        reason = "" if notebook is not None else "il n’est pas dans son dossier"
    except Unreadable as error:
        notebook, reason = None, error.reason.rstrip(".")
    if notebook is None:
        notices.append(f"Le cahier « {notebook_name(goal)} » n’est pas joint ({reason}) : vos réponses suffisent.")
    else:
        files[notebook_name(goal)] = notebook
    said = Manifest(goal, team, date.replace(microsecond=0), version, _sealed(files), _counts(found))
    raw = _zip({manifest.FILE: manifest.written(said), **files}, said.date)
    return Packed(f"{stem_of(team, goal)}.zip", raw, said, found, tuple(notices))


def _sealed(files: Mapping[str, bytes]) -> dict[str, Sealed]:
    return {name: Sealed(hashlib.sha256(raw).hexdigest(), len(raw)) for name, raw in files.items()}


def _counts(found: Sequence[Standing]) -> dict[str, tuple[int, int]]:
    return {each.objective.id: (len(each.result.treated), each.result.total) for each in found}


def _zip(files: Mapping[str, bytes], date: datetime) -> bytes:
    stream = io.BytesIO()
    # What the format knows of time; clocks get set back to 1970.
    moment = min(max(date.timetuple()[:6], (1980, 1, 1, 0, 0, 0)), (2107, 12, 31, 0, 0, 0))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, raw in files.items():
            info = zipfile.ZipInfo(name, moment)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, raw)
    return stream.getvalue()
