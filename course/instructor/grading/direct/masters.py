"""The published notebook with what the gradebook keeps from trainees put back: nbgrader's `OverwriteCells`, on JSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any

Json = dict[str, Any]

_SPLIT = ("text/", "application/javascript", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Source:
    """A cell as the gradebook has it.

    Attributes:
        cell_type: `code` or `markdown`.
        locked: Whether its source here replaces the trainee's.
        source: Its text, the mark scheme included.
        checksum: nbgrader's, of what it says and is worth.
        points: What it is worth; None for a cell that is not marked.
    """

    cell_type: str
    locked: bool
    source: str
    checksum: str | None
    points: float | None = None


def master(raw: bytes, sources: Mapping[str, Source]) -> Json:
    """The notebook that is graded, as JSON with each text in one piece.

    Args:
        raw: The published notebook.
        sources: The gradebook's cells of this notebook, by `grade_id`.

    Raises:
        ValueError: It is no notebook of this format, or does not agree with the gradebook.
    """
    notebook = json.loads(raw)
    if notebook["nbformat"] != 4:
        raise ValueError("nbformat")
    for key in ("orig_nbformat", "orig_nbformat_minor", "signature"):
        notebook["metadata"].pop(key, None)
    for cell in notebook["cells"]:
        _join(cell)
        cell["metadata"].pop("trusted", None)
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in sources:
            _put_back(cell, sources[name])
        elif name is not None:
            del cell["metadata"]["nbgrader"]["grade_id"]
    return notebook


def checksum(cell: Json) -> str:
    """As `nbgrader.utils.compute_checksum`; a test compares."""
    marks = cell["metadata"]["nbgrader"]
    graded, solution = marks.get("grade", False), marks.get("solution", False)
    said = [cell["source"], cell["cell_type"], str(graded), str(solution), str(is_locked(marks)), marks["grade_id"]]
    if graded:
        said.append(str(float(marks["points"])))
    return md5("".join(said).encode(), usedforsecurity=False).hexdigest()


def is_locked(marks: Mapping[str, Any]) -> bool:
    """As `nbgrader.utils.is_locked`, of a cell's metadata."""
    if marks.get("solution", False):
        return False
    return bool(marks.get("grade", False)) or marks.get("locked", False)


def written(notebook: Json) -> str:
    """The file of a notebook, to the byte as nbformat and nbconvert write it."""
    split = copy.deepcopy(notebook)
    for cell in split["cells"]:
        cell["source"] = cell["source"].splitlines(True)
        for bundle in cell.get("attachments", {}).values():
            for kind, value in bundle.items():
                if isinstance(value, str) and kind.startswith(_SPLIT):
                    bundle[kind] = value.splitlines(True)
    return json.dumps(split, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"


def _join(cell: Json) -> None:
    if isinstance(cell["source"], list):
        cell["source"] = "".join(cell["source"])
    for bundle in cell.get("attachments", {}).values():
        for kind, value in bundle.items():
            if isinstance(value, list) and all(isinstance(line, str) for line in value):
                bundle[kind] = "".join(value)


def _put_back(cell: Json, source: Source) -> None:
    marks = cell["metadata"]["nbgrader"]
    if cell["cell_type"] != source.cell_type:
        cell["cell_type"] = source.cell_type
        for key, empty in (("outputs", []), ("execution_count", None)):
            cell.pop(key, None)
            if source.cell_type == "code":
                cell[key] = empty
    if is_locked(marks) != source.locked:
        marks["locked"] = source.locked
    if marks.get("grade", False) and source.points is not None and float(marks["points"]) != source.points:
        marks["points"] = source.points
    marks["checksum"] = source.checksum
    if source.locked and checksum(cell) != source.checksum:
        cell["source"] = source.source
        if checksum(cell) != source.checksum:
            raise ValueError(f"checksum of {marks['grade_id']}")
