"""Putting an unpacked class in place of the present one: a crash leaves the old one, or what the next run completes.

All is made ready in `cohort/.restauration/`. Then one file is written, `pret.json`: before it, nothing has changed;
after it, each step can be done again. It names what leaves and what comes, so that nobody has to guess.
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
from course.instructor.cohort.places import BEFORE, Cohort
from course.instructor.intake.store import receiving
from course.instructor.keeping import archives, dump
from course.instructor.keeping.archives import RESTORING, Archive, Archived, is_apart

READY = "pret.json"
NEW, OLD, TABLES = "neuf", "ancien", "carnet"


@contextmanager
def exclusive(cohort: Cohort) -> Iterator[None]:
    """A class for one program: holds off whatever else changes it, once what a stopped run left has been put right.

    Args:
        cohort: The class; its folder is made when missing.

    Raises:
        Refusal: A correction or a reception is under way, the folder cannot be written, or the disk stopped what was
            being done: what is done stays.
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
    """Completes a restoration that a crash left pending; raises `Refusal` when it, or a correction, is under way."""
    if (cohort.folder / RESTORING).is_dir():
        with exclusive(cohort):
            pass


def put_back(cohort: Cohort, archive: Archive) -> Archived | None:
    """Makes a class what an archive has, once all of the archive is proved and the present class is archived.

    Args:
        cohort: The class, held by `exclusive`.
        archive: The archive.

    Returns:
        The archive of the class as it was; None when nothing was there.

    Raises:
        Refusal: The archive is not whole, or the disk is full: nothing has changed, unless the sentence says that the
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
    """An empty working folder for a restoration, with its folders for what comes and what goes.

    Raises:
        Refusal: Something else has its name, a link for one.
        OSError: It cannot be made.
    """
    work = cohort.folder / RESTORING
    if work.is_symlink() or (work.exists() and not work.is_dir()):
        raise Refusal(f"« {work} » n’est pas un dossier : déplacez-le, puis recommencez.")
    for name in (NEW, OLD, TABLES):
        (work / name).mkdir(parents=True)
    return work


def commit(cohort: Cohort) -> None:
    """Decides that what was made ready takes the place of what is there, and does it; raises as `complete`."""
    work = cohort.folder / RESTORING
    if hasattr(os, "sync"):
        os.sync()  # all that was unpacked, at once
    plan = {
        "old": [name for name in _names(cohort.folder) if not is_apart(name)],
        "new": _names(work / NEW),
        "tables": _names(work / TABLES),
    }
    files.put(work / READY, json.dumps(plan, ensure_ascii=False).encode())
    complete(cohort)


def complete(cohort: Cohort) -> bool:
    """Finishes a restoration that was decided, and removes what one that was not has left.

    Returns:
        Whether there was one to finish.

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
            "La restauration n’est pas finie : fermez JupyterLab et les fichiers ouverts, puis lancez de nouveau "
            f"« course restore ». Rien n’est perdu ({files.cause(error)}, « {error.filename} »)."
        ) from error
    return decided


def _finish(cohort: Cohort, work: Path, plan: dict[str, list[str]]) -> None:
    if plan["tables"]:
        # In one transaction; done twice, it gives the same.
        with opened(cohort, writing=True, even_lost=True) as connection:
            dump.load(connection, dump.lines(work / TABLES))
    for name in plan["old"]:
        if name in plan["new"] and not os.path.lexists(work / NEW / name):
            continue  # what stands there is new already
        if not os.path.lexists(work / OLD / name) and os.path.lexists(cohort.folder / name):
            files.replace(cohort.folder / name, work / OLD / name)
    for name in plan["new"]:
        if os.path.lexists(work / NEW / name):
            files.replace(work / NEW / name, cohort.folder / name)
    files.sync_folder(cohort.folder)
    (work / READY).unlink()
    files.sync_folder(work)


def _discard(cohort: Cohort) -> None:
    """Removes what was made ready, when nothing was decided."""
    work = cohort.folder / RESTORING
    if not (work / READY).exists():
        shutil.rmtree(work, ignore_errors=True)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _gradebook(cohort: Cohort, work: Path) -> None:
    """Makes the file of the gradebook that was unpacked, when it is one of the class's folder, or proves it."""
    target, tables = gradebook.file_of(cohort), work / TABLES
    if not any(tables.iterdir()):
        return
    if target is None:  # a server's: once the rest is decided, it must not refuse
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
    """Archives the class as it is; its gradebook as bytes when it is damaged or lost, which may be why one restores."""
    if all(is_apart(path.name) for path in cohort.folder.iterdir()):
        return None
    return archives.pack(cohort, ending=BEFORE, raw_gradebook=gradebook.is_damaged(cohort) or lost(cohort))
