"""`course archive`, `course restore` and `course forget`: what the instructor asks for, and what she reads of it."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from course.core import files as durable
from course.core.refusal import Refusal
from course.instructor.cohort import places
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.keeping import dump, forgetting, opening, packing, swapping
from course.instructor.keeping.apart import is_apart
from course.instructor.keeping.exclusive import exclusive
from course.instructor.keeping.packing import Archived

_SHOWN = 10


def archive(folder: Path | None, to: Path | None) -> None:
    """Makes a dated copy of a class: one zip of its files and its gradebook, each with its SHA-256, read through.

    The exchange of nbgrader, which belongs to the trainees' accounts, is not in it.

    Args:
        folder: The course's folder; found from the working folder by default.
        to: A folder where it goes, for example a key; the class's own `cohort/archives/` by default.

    Raises:
        Refusal: It cannot be written whole.
    """
    cohort = places.find(folder)
    with exclusive(cohort):
        made = packing.pack(cohort, to.expanduser().absolute() if to else None)
    _told(made)
    print("Elle contient des données personnelles : gardez-la en lieu sûr. Pour la relire : course restore FICHIER")


def restore(file: Path, folder: Path | None, sure: bool) -> None:
    """Puts a class back as an archive has it, once all of the archive is proved and the present class is kept.

    Args:
        file: An archive of `course archive`.
        folder: The course's folder; found from the working folder by default.
        sure: Whether not to ask.

    Raises:
        Refusal: The archive is not whole or not honest, a correction is under way, or the disk is full: nothing has
            changed, unless the sentence says that the next run completes it.
    """
    cohort, file = places.find(folder), file.expanduser().absolute()
    with exclusive(cohort), opening.open_archive(file) as found:
        print(f"Archive du {found.said.made.astimezone():%d/%m/%Y à %H:%M}, {len(found.said.files)} fichiers.")
        if not sure and _asked("Remplacer la promotion actuelle par cette archive ? Tapez « oui » :") != "oui":
            raise Refusal("Rien n’est changé.")
        try:
            work = swapping.begin(cohort)
            opening.unpack(found, work / swapping.NEW, work / swapping.TABLES)
            _gradebook(cohort, work)
            kept = _keep(cohort)
            swapping.commit(cohort)
        except OSError as error:
            raise Refusal(f"L’archive n’est pas relue, rien n’est changé ({durable.cause(error)}).") from error
        finally:
            swapping.discard(cohort)
    if kept:
        print(f"La promotion d’avant est gardée : « {kept.path} ».")
    print("La promotion est de nouveau celle de l’archive. Si JupyterLab est ouvert, fermez-le puis rouvrez-le.")


def forget(name: str, folder: Path | None, sure: bool, archives: bool = False) -> None:
    """Removes one person from a class: gradebook, folders, list, tables, and her name from her group's files.

    Args:
        name: Her identifier, or her name.
        folder: The course's folder; found from the working folder by default.
        sure: Whether not to ask.
        archives: Whether the archives in the class's folder that hold her are removed too.

    Raises:
        Refusal: Nobody has that name, or several have; or something of hers cannot be removed, and the same command
            will go on from there.
    """
    cohort = places.find(folder)
    with exclusive(cohort):
        person = forgetting.find(cohort, name)
        if not sure:
            print(f"{person.name} ({person.id}) : son travail, ses notes et son nom vont être effacés pour toujours.")
            typed = _asked("Tapez le nom pour confirmer :")
            if typed.casefold() not in (person.name.casefold(), person.id.casefold()):
                raise Refusal("Ce n’est pas ce nom : rien n’est effacé.")
        for line in forgetting.forget(cohort, person, archives=archives):
            print(line)


@dataclass(frozen=True, slots=True)
class _Aside(Cohort):
    """A class whose gradebook is another file."""

    file: Path = Path()

    @property
    def database(self) -> str:
        return f"sqlite:///{self.file.as_posix()}"


def _gradebook(cohort: Cohort, work: Path) -> None:
    """Makes the file of the gradebook that was unpacked, when it is one of the class's folder, or proves it."""
    target, tables = packing.database_file(cohort), work / swapping.TABLES
    if not any(tables.iterdir()):
        return
    if target is None:  # a server's: once the rest is decided, it must not refuse
        with opened(cohort, writing=True) as connection:
            dump.prove(connection, opening.lines(tables))
        return
    made = work / swapping.NEW / target.name
    if target.exists() and not _damaged(cohort):
        # Its tables are those that nbgrader makes, which takes it seconds to make anew.
        with closing(sqlite3.connect(target)) as present, closing(sqlite3.connect(made)) as copy:
            present.backup(copy)
    with opened(_Aside(cohort.root, made), writing=True) as connection:
        dump.load(connection, opening.lines(tables))
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("VACUUM")
    for path in tables.iterdir():
        path.unlink()


def _keep(cohort: Cohort) -> Archived | None:
    """Archives the class as it is; its gradebook as bytes when it is damaged, which may be why one restores."""
    if all(is_apart(path.name) for path in cohort.folder.iterdir()):
        return None
    return packing.pack(cohort, ending="-avant-restauration", raw_gradebook=_damaged(cohort))


def _damaged(cohort: Cohort) -> bool:
    path = packing.database_file(cohort)
    if path is None or not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("PRAGMA quick_check").fetchone() != ("ok",)
    except sqlite3.OperationalError:  # busy: it is not damaged
        return False
    except sqlite3.DatabaseError:
        return True


def _told(made: Archived) -> None:
    print(f"Archive faite et vérifiée : « {made.path} » ({made.files} fichiers, {max(1, made.size // 1024**2)} Mio).")
    for path, why in made.left[:_SHOWN]:
        print(f"  Laissé de côté : « {path} », {why}.")
    if len(made.left) > _SHOWN:
        print(f"  … et {len(made.left) - _SHOWN} autres.")


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise Refusal("Personne ne peut répondre ici : si vous en êtes sûr, ajoutez --oui. Rien n’est changé.")
    try:
        return " ".join(input(f"{question} ").split())
    except EOFError:  # Ctrl + D
        print()
        return ""
