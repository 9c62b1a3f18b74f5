"""Restoration: an unpacked class replaces the present one; a crash leaves the old one, or the next run completes it.

The new class is built in `cohort/.restauration/`. Then one file is written, `pret.json`, which names all that is moved
out and in: before it, nothing has changed; after it, each step can be repeated.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.core import files
from course.core.refusal import Refusal
from course.instructor.cohort import gradebook
from course.instructor.cohort.alone import alone, remove
from course.instructor.cohort.gradebook import lost, opened
from course.instructor.cohort.places import BEFORE, KEY, Cohort
from course.instructor.intake.store import receiving
from course.instructor.keeping import archives, dump
from course.instructor.keeping.archives import RESTORING, Archive, Archived, is_apart

READY = "pret.json"
NEW, OLD, TABLES = "neuf", "ancien", "carnet"


@contextmanager
def exclusive(cohort: Cohort) -> Iterator[None]:
    """Hold a class for one program, once an interrupted restoration or reception is completed or undone.

    Args:
        cohort: The class; its folder is made when missing.

    Raises:
        Refusal: A correction or a reception is under way, the folder cannot be written, or the disk stopped the work
            in the `with`: the steps that were done stay.
    """
    try:
        cohort.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(files.why(error, f"Le dossier « {cohort.folder} » ne se laisse pas faire")) from error
    try:
        with alone(cohort.folder), receiving(cohort):
            if complete(cohort):
                print("Une restauration interrompue vient d’être terminée.")
            yield
    except OSError as error:
        raise Refusal(
            f"La commande s’est arrêtée. {files.why(error, 'Un fichier ne se laisse pas lire ou écrire')} Ce qui est "
            "fait le reste : lancez de nouveau la même commande."
        ) from error


def finish(cohort: Cohort) -> None:
    """Complete a restoration that a crash left pending; raises `Refusal` when it, or a correction, is under way."""
    if (cohort.folder / RESTORING).is_dir():
        with exclusive(cohort):
            pass


def put_back(cohort: Cohort, archive: Archive) -> Archived | None:
    """Replace a class by an archived one, once the archive is compared with its list and the class itself archived.

    Args:
        cohort: The class, held by `exclusive`.
        archive: The archive.

    Returns:
        The archive of the class before; None when it was empty.

    Raises:
        Refusal: The archive is damaged, or the disk is full: nothing has changed, unless the sentence says that the
            next run completes it.
    """
    try:
        work = begin(cohort)
        archives.unpack(archive, work / NEW, work / TABLES)
        _gradebook(cohort, work)
        before = _archived(cohort)
        commit(cohort)
    except OSError as error:
        raise Refusal(f"L’archive n’est pas relue, rien n’est changé ({files.cause(error)}).") from error
    finally:
        _discard(cohort)
    return before


def begin(cohort: Cohort) -> Path:
    """Make the working folder of a restoration, with folders for the new entries, the old ones and the tables.

    Raises:
        Refusal: There is something else of its name, a link for one.
        OSError: It cannot be made.
    """
    work = cohort.folder / RESTORING
    if work.is_symlink() or (work.exists() and not work.is_dir()):
        raise Refusal(f"« {work} » n’est pas un dossier : déplacez-le, puis recommencez.")
    for name in (NEW, OLD, TABLES):
        (work / name).mkdir(parents=True)
    return work


def commit(cohort: Cohort) -> None:
    """Decide that the new class replaces the present one, and replace it; raises as `complete`."""
    work = cohort.folder / RESTORING
    if hasattr(os, "sync"):
        os.sync()  # all unpacked files at once
    stays = {KEY} if os.path.lexists(cohort.folder / KEY) else set()  # what it signed is verified by it alone
    plan = {
        "old": [name for name in _names(cohort.folder) if not is_apart(name) and name not in stays],
        "new": [name for name in _names(work / NEW) if name not in stays],
        "tables": _names(work / TABLES),
    }
    files.put(work / READY, json.dumps(plan, ensure_ascii=False).encode())
    complete(cohort)


def complete(cohort: Cohort) -> bool:
    """Finish a restoration that was decided, or remove the files of one that was not.

    Returns:
        Whether one was finished.

    Raises:
        Refusal: A file is held by another program, or the gradebook cannot be written; the next run completes it.
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
            "La restauration n’est pas finie : fermez JupyterLab et les fichiers ouverts, puis recommencez. "
            f"Rien n’est perdu ({files.cause(error)}, « {error.filename} »)."
        ) from error
    return decided


def _finish(cohort: Cohort, work: Path, plan: dict[str, list[str]]) -> None:
    if plan["tables"]:
        # One transaction, which can be repeated.
        with opened(cohort, writing=True, even_lost=True) as connection:
            dump.load(connection, dump.lines(work / TABLES))
    for name in plan["old"]:
        if name in plan["new"] and not os.path.lexists(work / NEW / name):
            continue  # already replaced
        if not os.path.lexists(work / OLD / name) and os.path.lexists(cohort.folder / name):
            files.replace(cohort.folder / name, work / OLD / name)
    for name in plan["new"]:
        if os.path.lexists(work / NEW / name):
            files.replace(work / NEW / name, cohort.folder / name)
    files.sync_folder(cohort.folder)
    (work / READY).unlink()
    files.sync_folder(work)


def _discard(cohort: Cohort) -> None:
    """Remove the working folder, unless the restoration is decided."""
    work = cohort.folder / RESTORING
    if not (work / READY).exists():
        shutil.rmtree(work, ignore_errors=True)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _gradebook(cohort: Cohort, work: Path) -> None:
    """Make the unpacked gradebook's file, if it is one in the class's folder; else prove that the server takes it."""
    target, tables = gradebook.file_of(cohort), work / TABLES
    if not any(tables.iterdir()):
        return
    if target is None:  # a server must not refuse it after the rest is decided
        with opened(cohort, writing=True, even_lost=True) as connection:
            dump.prove(connection, dump.lines(tables))
        return
    file = work / NEW / target.name
    fresh = Cohort(cohort.root, f"sqlite:///{file.as_posix()}")
    with opened(fresh, writing=True, even_lost=True) as connection:
        dump.load(connection, dump.lines(tables))
    gradebook.compact(fresh)
    for path in tables.iterdir():
        path.unlink()


def _archived(cohort: Cohort) -> Archived | None:
    """Archive the present class, with a damaged or lost gradebook as a file; None when the class is empty."""
    if all(is_apart(path.name) for path in cohort.folder.iterdir()):
        return None
    return archives.pack(cohort, ending=BEFORE, raw_gradebook=gradebook.is_damaged(cohort) or lost(cohort))
