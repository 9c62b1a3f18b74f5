"""The trainee's own workbook folder: the course's notebooks, refreshed at each opening without losing a note.

A clone's tracked notebooks are never opened: JupyterLab saves outputs into what it opens.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from course.core import files
from course.core.content import content, is_for_instructors
from course.core.files import not_writable
from course.core.folders import EXERCISES, LESSONS, RECORD, RECORD_FORMAT

ROOMS = (LESSONS, EXERCISES)
ADVICE = "ouvrez-en l’accès, ou choisissez-en un autre avec --dossier"
"""For a folder that cannot be written."""
_NEVER = frozenset({"reponses", "resultats", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Result of `refresh`.

    Attributes:
        folder: The workbook folder.
        installed: Files that were missing, relative to the folder, with `/`.
        replaced: Files of an earlier version that nobody had changed.
        kept: For each notebook that the trainee had changed, its new name and the notebook now in its place.
    """

    folder: Path
    installed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def refresh(folder: Path, today: date, rooms: Mapping[str, Path] | None = None) -> Refreshed:
    """Bring a workbook folder to the course's present version.

    A notebook is compared by the type and source of its cells: outputs do not count. One that is as shipped is left;
    one that nobody changed since an earlier version is replaced; any other has the trainee's notes and is kept beside
    the new one under a dated name. Other files are replaced when they differ. A folder `reponses` or
    `resultats` is never touched. The cells of a lesson are locked in the copy: a double click would show their source.

    Args:
        folder: The workbook folder, made when missing.
        today: The day that goes into the name of a kept notebook.
        rooms: The folders to copy, by name; by default the course's `modules` and `exercises`.

    Returns:
        What was done.

    Raises:
        Refusal: The folder cannot be read or written.
    """
    rooms = rooms if rooms is not None else {name: content(name) for name in ROOMS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _refresh(folder, today, rooms)
    except OSError as error:
        raise not_writable(folder, error, ADVICE) from error


def _refresh(folder: Path, today: date, rooms: Mapping[str, Path]) -> Refreshed:
    record = _read_record(folder)
    installed: list[str] = []
    replaced: list[str] = []
    kept: list[tuple[str, str]] = []
    for room, source in rooms.items():
        for path in _files(source):
            name = f"{room}/{path.relative_to(source).as_posix()}"
            target = folder / name
            new = path.read_bytes()
            notebook = path.suffix == ".ipynb"
            if not target.exists():
                installed.append(name)
            elif notebook:
                present = digest(target.read_bytes())
                if present is not None and present == digest(new):
                    record[name] = present
                    continue
                if present is not None and present == record.get(name):
                    replaced.append(name)
                else:
                    copy = _beside(target, today)
                    target.rename(copy)
                    kept.append((copy.relative_to(folder).as_posix(), name))
            elif target.read_bytes() == new:
                continue
            else:
                replaced.append(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            # nbgrader locks the cells of the exercises
            files.put(target, _locked(new) if notebook and room == LESSONS else new)
            if notebook and (shipped := digest(new)):
                record[name] = shipped
    _write_record(folder, record)
    return Refreshed(folder, tuple(installed), tuple(replaced), tuple(kept))


def digest(raw: bytes) -> str | None:
    """The digest of what a reader sees of a notebook: the type and source of its cells, in order.

    Args:
        raw: The bytes of a notebook file.

    Returns:
        A SHA-256 in hexadecimal; `None` when the bytes are no notebook.
    """
    try:
        cells = json.loads(raw)["cells"]
        sources = [[str(cell["cell_type"]), "".join(cell["source"])] for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def _locked(raw: bytes) -> bytes:
    """A notebook whose cells JupyterLab neither changes nor deletes."""
    notebook = json.loads(raw)
    for cell in notebook["cells"]:
        cell["metadata"] |= {"deletable": False, "editable": False}
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _files(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source).parts
        hidden = any(part.startswith(".") or part in _NEVER for part in inside)
        if path.is_file() and not hidden and not is_for_instructors(path.name):
            yield path


def _beside(target: Path, today: date) -> Path:
    stem = f"{target.stem} (ma copie du {today.isoformat()})"
    copy = target.with_name(f"{stem}.ipynb")
    number = 2
    while copy.exists():
        copy = target.with_name(f"{stem} {number}.ipynb")
        number += 1
    return copy


def _read_record(folder: Path) -> dict[str, str]:
    try:
        record = json.loads((folder / RECORD).read_bytes())
        notebooks = record["cahiers"] if record["format"] == RECORD_FORMAT else {}
        return {str(name): str(value) for name, value in notebooks.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # unknown versions: whatever differs counts as the trainee's


def _write_record(folder: Path, record: Mapping[str, str]) -> None:
    value = {"format": RECORD_FORMAT, "cahiers": dict(sorted(record.items()))}
    raw = (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
    if not (folder / RECORD).exists() or (folder / RECORD).read_bytes() != raw:
        files.put(folder / RECORD, raw)
