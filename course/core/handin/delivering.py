"""Writing what was handed in into the workbook, with its receipt; what was handed in before is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from course.core import files as durable
from course.core.files import read_bytes
from course.core.folders import HANDED_IN
from course.core.handin.archive import MAX_BYTES
from course.core.handin.packing import Packed
from course.core.handin.receipt import receipt_html
from course.core.refusal import NotWritten, Unreadable

EARLIER = "precedentes"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where an archive and its receipt are.

    Attributes:
        archive: The zip.
        receipt: The page beside it.
    """

    archive: Path
    receipt: Path


def deliver(root: Path, packed: Packed) -> Delivered:
    """Writes an archive and its receipt durably into `remises/`.

    Args:
        root: The workbook's root.
        packed: The archive.

    Returns:
        Where they are. An earlier pair of the same name is in `remises/precedentes/`, under its own code.

    Raises:
        NotWritten: A French sentence says why; what was there is as it was.
    """
    folder = root / HANDED_IN
    stem = packed.name.removesuffix(".zip")
    found = Delivered(folder / packed.name, folder / f"{stem}.recu.html")
    for path in (found.archive, found.receipt):
        if path.is_dir():
            raise NotWritten(f"Un dossier porte le nom « {path.name} » : renommez-le, puis recommencez.")
    _keep_earlier(folder, stem)
    durable.write(found.archive, packed.raw)
    durable.write(found.receipt, receipt_html(packed).encode())
    return found


def _keep_earlier(folder: Path, stem: str) -> None:
    code = ""
    for name, ending in ((f"{stem}.zip", ".zip"), (f"{stem}.recu.html", ".recu.html")):
        try:
            raw = read_bytes(folder, name, limit=MAX_BYTES) if folder.is_dir() else None
        except Unreadable:
            raw = None  # nothing that this course wrote
        if raw is None:
            return
        code = code or hashlib.sha256(raw).hexdigest()[:12]
        durable.write(folder / EARLIER / f"{stem}.{code}{ending}", raw)
