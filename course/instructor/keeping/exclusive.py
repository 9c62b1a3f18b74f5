"""A class for one program at a time: nothing is taken in or graded while all its folders are gone through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from course.core import files as durable
from course.core.refusal import Refusal
from course.instructor.cohort.alone import alone
from course.instructor.cohort.places import Cohort
from course.instructor.intake.placing import receiving
from course.instructor.keeping.apart import RESTORING
from course.instructor.keeping.swapping import complete


@contextmanager
def exclusive(cohort: Cohort) -> Iterator[None]:
    """Holds off whatever else changes the class, once what a stopped run left has been put right.

    Args:
        cohort: The class; its folder is made when missing.

    Raises:
        Refusal: A correction or a reception is under way, the folder cannot be written, or the disk stopped what was
            being done: what is done stays.
    """
    try:
        cohort.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(durable.why(error, f"Le dossier « {cohort.folder} » ne se laisse pas faire")) from error
    try:
        with alone(cohort.folder):
            if complete(cohort):
                print("Une restauration interrompue vient d’être terminée.")
            with receiving(cohort):
                yield
    except OSError as error:
        raise Refusal(
            f"La commande s’est arrêtée. {durable.why(error, 'Un fichier ne se laisse pas lire ou écrire')} Ce qui est "
            "fait le reste : lancez de nouveau la même commande."
        ) from error


def finish(cohort: Cohort) -> None:
    """Completes a restoration that a crash left pending, before anything else looks at the class.

    Raises:
        Refusal: It, or a correction, is under way.
    """
    if (cohort.folder / RESTORING).is_dir():
        with exclusive(cohort):
            pass
