"""`course new`: the folder of an instructor's course, made from a clone or from a wheel."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.core import files
from course.core.content import PACKAGE, content
from course.core.folders import SETTINGS
from course.core.refusal import Refusal
from course.core.terminal import quoted, typed
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort

_ROOMS = ("exercises", "modules", "solutions")
_PERSONAL = shutil.ignore_patterns("reponses", "resultats", "remises", "equipe*.json", ".*", "__pycache__")


def new(folder: Path) -> None:
    """Make a course's folder, and print where everything goes.

    Args:
        folder: A new or empty folder.

    Raises:
        Refusal: The folder is taken or cannot be written.
    """
    cohort = lay_out(folder)
    with refusing(cohort.root):
        cohort.inbox.mkdir()
        roster.write(cohort, [])
    print(
        f"Votre cours est prêt : {cohort.root}",
        f"La liste des stagiaires : {cohort.roster}",
        f"Ce que les stagiaires remettent se dépose dans : {cohort.inbox}",
        f"Ensuite, allez dans ce dossier : cd {quoted(str(cohort.root))}",
        f"Puis ouvrez-le : {typed('open', '--formateur', folder=cohort.root, extra='instructor')}",
        sep="\n",
    )


def lay_out(folder: Path) -> Cohort:
    """Copy nbgrader's settings, the lessons, the exercises and their solutions into a new folder.

    Args:
        folder: A new or empty folder.

    Returns:
        The class of that course, without trainees.

    Raises:
        Refusal: The folder is taken or cannot be written.
    """
    root = folder.expanduser().absolute()
    with refusing(root):
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise Refusal(f"« {root} » existe déjà : donnez le nom d’un dossier qui n’existe pas encore, ou d’un vide.")
        root.mkdir(parents=True, exist_ok=True)
        shutil.copy(_settings(), root)
        for room in _ROOMS:
            shutil.copytree(content(room), root / room, ignore=_PERSONAL)
        (root / "cohort").mkdir()
    return Cohort(root)


def _settings() -> Path:
    inside = PACKAGE / "_content" / SETTINGS
    return inside if inside.is_file() else PACKAGE.parent / SETTINGS


@contextmanager
def refusing(root: Path) -> Iterator[None]:
    """Turn errors of the disk while a course's folder is made into a `Refusal`."""
    try:
        yield
    except shutil.Error as error:  # of a folder: the reasons of its files, as texts
        raise Refusal(f"« {root} » n’est pas fait : vérifiez la place libre et vos droits.") from error
    except OSError as error:
        why = files.why(error, "Il ne se laisse pas écrire")
        raise Refusal(f"« {root} » n’est pas fait. {why} Ou donnez un autre dossier.") from error
