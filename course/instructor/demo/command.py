"""`course demo`: a course of its own with a class that does not exist, taken in, graded, and half reviewed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from course.core import files as durable
from course.core import model_answers
from course.core.refusal import Refusal
from course.instructor.cohort import gradebook, roster
from course.instructor.cohort.places import DATABASE, SETTINGS, Cohort, find
from course.instructor.cohort.roster import Trainee
from course.instructor.demo.inbox import fill
from course.instructor.demo.people import Group, Member, groups
from course.instructor.demo.reviewing import review
from course.instructor.grading.engine import grade_all
from course.instructor.intake.intake import take_in
from course.instructor.intake.reasons import Outcome

FOLDER = "demo"
_ROOMS = ("exercises", "modules", "solutions")
_PERSONAL = shutil.ignore_patterns("reponses", "resultats", "remises", "equipe*.json", ".*", "__pycache__")
_MORNING = time(9, tzinfo=UTC)
_AGO = timedelta(days=8)


def demo(to: Path | None, now: datetime | None = None) -> Cohort:
    """Makes the demonstration in a folder of its own: nothing of it mixes with a real class.

    Args:
        to: A folder that is not there yet, or empty; by default `demo`, in the course's folder.
        now: The moment, in UTC: the class handed in during the week before.

    Returns:
        The class.

    Raises:
        Refusal: The folder is taken or cannot be written, this copy of the course has no model answers, or the
            environment names a gradebook, which would be a real class's.
    """
    source = find()
    if os.environ.get(DATABASE):
        raise Refusal(
            f"La variable {DATABASE} désigne le carnet de notes d’une vraie promotion, où la promotion fictive "
            "entrerait : enlevez-la, puis recommencez. Rien n’est changé."
        )
    root = (to or source.root / FOLDER).expanduser().absolute()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise Refusal(
            f"« {root} » existe déjà : supprimez ce dossier pour recommencer, ou donnez-en un autre avec --vers."
        )
    if absence := model_answers.load().absence:
        raise Refusal(f"La promotion fictive écrit avec les mots des corrigés. {absence}")
    cohort, people = Cohort(root), groups()
    with _told(root):
        _copy(source, root)
    _say(f"Un cours d’essai : {root}")
    roster.write(
        cohort, [Trainee(m.id, m.first_name, m.last_name, f"{m.id}@exemple.org", m.group) for m in _all(people)]
    )
    start = datetime.combine((now or datetime.now(UTC)) - _AGO, _MORNING)
    inbox = cohort.inbox
    with _told(root):
        sent = fill(inbox, source.root, people, start)
    _say(f"{len(_all(people))} stagiaires fictifs en {len(people)} groupes ont envoyé {sent} fichiers.")
    reception = take_in(cohort, [inbox], now=now)
    counts = ", ".join(each.counted(number) for each in Outcome if (number := reception.count(each)))
    _say(f"Recueillis : {counts}.")
    graded = grade_all(cohort, [], lambda _: None)
    _say(f"Corrigées : {graded.graded} copies.")
    with gradebook.opened(cohort, writing=True) as connection:
        reviewed = review(connection, cohort, people)
    _say(f"Relus : {reviewed} canevas ; les autres vous attendent.")
    _say("")
    _say(f"Essayez, depuis ce dossier (cd {root.name if root.parent == Path.cwd() else root}) :")
    for words, does in _NEXT:
        _say(f"  course {words:<20}{does}")
    _say("(Si vous avez tapé « uv run » devant « course », tapez-le devant ces commandes aussi.)")
    _say("Pour tout effacer, supprimez ce dossier.")
    return cohort


_NEXT = (
    ("open --formateur", "le bureau du formateur, modules/20-formateur.ipynb"),
    ("review", "noter la qualité"),
    ("class", "voir la classe"),
    ("feedback", "écrire les retours"),
    ("marks", "sortir les notes"),
)


@contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        yield
    except shutil.Error as error:  # of a folder: the reasons of its files, as texts
        raise Refusal(f"« {root} » n’est pas fait : vérifiez la place libre et vos droits.") from error
    except OSError as error:
        why = durable.why(error, "Il ne se laisse pas écrire")
        raise Refusal(f"« {root} » n’est pas fait. {why} Ou donnez un autre dossier, avec --vers.") from error


def _copy(source: Cohort, root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(source.root / SETTINGS, root)
    for room in _ROOMS:
        shutil.copytree(source.root / room, root / room, ignore=_PERSONAL)


def _all(people: tuple[Group, ...]) -> list[Member]:
    return [member for group in people for member in group.members]


def _say(text: str) -> None:
    print(text, flush=True)
