"""`course archive`, `course restore` and `course forget`: their questions and what they print."""

from __future__ import annotations

import sys
from pathlib import Path

from course.core import words
from course.core.pages import way_to
from course.core.refusal import Refusal
from course.instructor.cohort import places
from course.instructor.intake.person import find
from course.instructor.keeping import erasure
from course.instructor.keeping.archives import open_archive, pack
from course.instructor.keeping.restoration import exclusive, put_back

_SHOWN = 10
_YES = "oui"


def archive(folder: Path | None, to: Path | None) -> None:
    """Make a dated copy of a class: one zip of its files and its gradebook, each with its SHA-256, read through.

    The exchange of nbgrader, which belongs to the trainees' accounts, is not in it.

    Args:
        folder: The course's folder; found from the working folder by default.
        to: A folder for it, on a USB key for example; the class's own `cohort/archives/` by default.

    Raises:
        Refusal: It cannot be written whole.
    """
    cohort = places.find(folder)
    with exclusive(cohort):
        archived = pack(cohort, to.expanduser().absolute() if to else None)
    files, size = words.counted(archived.files, "fichier"), max(1, archived.size // 1024**2)
    print(f"Archive faite et vérifiée : « {archived.path} » ({files}, {size} Mio).")
    for path, why in archived.left_out[:_SHOWN]:
        print(f"  Laissé de côté : « {path} », {why}.")
    if len(archived.left_out) > _SHOWN:
        print(f"  … et {len(archived.left_out) - _SHOWN} autres.")
    print("Elle contient des données personnelles : gardez-la en lieu sûr.")
    print(f"Pour la relire : {way_to('restore', archived.path)}")


def restore(file: Path, folder: Path | None, sure: bool) -> None:
    """Replace a class by an archived one, once the archive is compared with its list and the class itself archived.

    Args:
        file: An archive of `course archive`.
        folder: The course's folder; found from the working folder by default.
        sure: Whether not to ask.

    Raises:
        Refusal: The archive is damaged or not honest, a correction is under way, or the disk is full: nothing has
            changed, unless the sentence says that the next run completes it.
    """
    cohort, file = places.find(folder), file.expanduser().absolute()
    with exclusive(cohort), open_archive(file) as archive:
        files = words.counted(len(archive.manifest.files), "fichier")
        print(f"Archive du {words.moment(archive.manifest.date)}, {files}.")
        question = f"Remplacer la promotion actuelle par cette archive ? Tapez « {_YES} » :"
        if not sure and _asked(question) != _YES:
            raise Refusal("Rien n’est changé.")
        before = put_back(cohort, archive)
    if before:
        print(f"La promotion d’avant est gardée : « {before.path} ».")
    print("La promotion est de nouveau celle de l’archive. Si JupyterLab est ouvert, fermez-le puis rouvrez-le.")


def forget(name: str, folder: Path | None, sure: bool, archives: bool = False) -> None:
    """Remove a person from a class: gradebook, folders, list, tables, and the name from the files of the group.

    Args:
        name: An identifier, or a name.
        folder: The course's folder; found from the working folder by default.
        sure: Whether not to ask.
        archives: Whether the archives in the class's folder that hold the person are removed too.

    Raises:
        Refusal: Nobody has that name, or several have; or a file cannot be removed, and the same command goes on from
            there.
    """
    cohort = places.find(folder)
    with exclusive(cohort):
        person = find(cohort, name)
        if not sure:
            print(f"{person.name} ({person.id}) : son travail, ses notes et son nom vont être effacés pour toujours.")
            typed = _asked("Tapez le nom pour confirmer :")
            if typed.casefold() not in (person.name.casefold(), person.id.casefold()):
                raise Refusal("Ce n’est pas ce nom : rien n’est effacé.")
        for line in erasure.erase(cohort, person, archives=archives):
            print(line)


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise Refusal("Personne ne peut répondre ici : si vous en êtes sûr, ajoutez --oui. Rien n’est changé.")
    try:
        return " ".join(input(f"{question} ").split())
    except EOFError:  # Ctrl + D
        print()
        return ""
