"""Putting an unpacked class in place of the present one: a crash leaves the old one, or what the next run completes.

All is made ready in `cohort/.restauration/`. Then one file is written, `pret.json`: before it, nothing has changed;
after it, each step can be done again. It names what leaves and what comes, so that nobody has to guess.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from course.core import files as durable
from course.core.refusal import Refusal
from course.instructor.cohort.alone import remove
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.keeping import dump
from course.instructor.keeping.apart import RESTORING, is_apart
from course.instructor.keeping.opening import lines

READY = "pret.json"
NEW, OLD, TABLES = "neuf", "ancien", "carnet"


def begin(cohort: Cohort) -> Path:
    """An empty working folder for a restoration, with its two folders for what comes.

    Raises:
        OSError: It cannot be made.
    """
    work = cohort.folder / RESTORING
    for name in (NEW, OLD, TABLES):
        (work / name).mkdir(parents=True)
    return work


def commit(cohort: Cohort) -> None:
    """Decides that what was made ready takes the place of what is there, and does it.

    Raises:
        Refusal: A file is held by another program; the next run of any command of this room completes it.
    """
    work = cohort.folder / RESTORING
    if hasattr(os, "sync"):
        os.sync()  # all that was unpacked, at once
    said = {
        "old": [name for name in _names(cohort.folder) if not is_apart(name)],
        "new": _names(work / NEW),
        "tables": _names(work / TABLES),
    }
    durable.put(work / READY, json.dumps(said, ensure_ascii=False).encode())
    complete(cohort)


def complete(cohort: Cohort) -> bool:
    """Finishes a restoration that was decided, and removes what one that was not has left.

    Returns:
        Whether there was one to finish.

    Raises:
        Refusal: A file is held by another program, or the gradebook cannot be written.
    """
    work = cohort.folder / RESTORING
    if work.is_symlink() or not work.is_dir():
        return False
    decided = (work / READY).is_file()
    try:
        if decided:
            _finish(cohort, work, json.loads((work / READY).read_bytes()))
        remove(work)
    except OSError as error:
        raise Refusal(
            "La restauration n’est pas finie : fermez JupyterLab et les fichiers ouverts, puis lancez de nouveau "
            f"« course restore ». Rien n’est perdu ({durable.cause(error)}, « {error.filename} »)."
        ) from error
    return decided


def discard(cohort: Cohort) -> None:
    """Removes what was made ready, when nothing was decided."""
    work = cohort.folder / RESTORING
    if not (work / READY).exists():
        shutil.rmtree(work, ignore_errors=True)


def _finish(cohort: Cohort, work: Path, said: dict[str, list[str]]) -> None:
    if said["tables"]:
        # In one transaction; done twice, it gives the same.
        with opened(cohort, writing=True) as connection:
            dump.load(connection, lines(work / TABLES))
    for name in said["old"]:
        if name in said["new"] and not os.path.lexists(work / NEW / name):
            continue  # what stands there is new already
        if not os.path.lexists(work / OLD / name) and os.path.lexists(cohort.folder / name):
            durable.replace(cohort.folder / name, work / OLD / name)
    for name in said["new"]:
        if os.path.lexists(work / NEW / name):
            durable.replace(work / NEW / name, cohort.folder / name)
    durable.sync_folder(cohort.folder)
    (work / READY).unlink()
    durable.sync_folder(work)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
