"""`course demo`: a separate course with a fictional class, taken in, graded and partly reviewed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from course.core import model_answers
from course.core.refusal import Refusal
from course.core.terminal import quoted, typed
from course.instructor.cohort import gradebook, roster
from course.instructor.cohort.layout import lay_out, refusing
from course.instructor.cohort.places import DATABASE, Cohort, find
from course.instructor.cohort.roster import Trainee
from course.instructor.demo.inbox import fill
from course.instructor.demo.people import groups
from course.instructor.demo.reviews import review
from course.instructor.grading.engine import grade_all
from course.instructor.intake.intake import take_in
from course.instructor.intake.reasons import Outcome

FOLDER = "demo"
_MORNING = time(9, tzinfo=UTC)
_FIRST_HANDIN = timedelta(days=8)  # before now


def demo(to: Path | None, now: datetime | None = None) -> Cohort:
    """Create the demonstration in a separate folder, so that it does not mix with a real class.

    Args:
        to: A new or empty folder; by default `demo` in the course's folder, or in the working folder.
        now: The current date, in UTC: the class handed in during the week before.

    Returns:
        The class.

    Raises:
        Refusal: The folder is not empty or cannot be written, this copy of the course has no model answers, or the
            environment names a gradebook, which would be that of a real class.
    """
    if os.environ.get(DATABASE):
        raise Refusal(
            f"La variable {DATABASE} désigne le carnet de notes d’une vraie promotion, où la promotion fictive "
            "entrerait : enlevez-la, puis recommencez. Rien n’est changé."
        )
    if absence := model_answers.load().absence:
        raise Refusal(f"La promotion fictive écrit avec les mots des corrigés. {absence}")
    cohort, class_groups = lay_out(to or _beside()), groups()
    root = cohort.root
    _say(f"Un cours d’essai : {root}")
    members = [member for group in class_groups for member in group.members]
    trainees = (
        Trainee(member.id, member.first_name, member.last_name, f"{member.id}@exemple.org", member.group)
        for member in members
    )
    roster.write(cohort, trainees)
    start = datetime.combine((now or datetime.now(UTC)) - _FIRST_HANDIN, _MORNING)
    with refusing(root):
        sent = fill(cohort.inbox, root, class_groups, start)
    _say(f"{len(members)} stagiaires fictifs en {len(class_groups)} groupes ont envoyé {sent} fichiers.")
    reception = take_in(cohort, [cohort.inbox], now=now)
    counts = ", ".join(outcome.counted(number) for outcome in Outcome if (number := reception.count(outcome)))
    _say(f"Recueillis : {counts}.")
    graded = grade_all(cohort, [], lambda _: None)
    _say(f"Corrigées : {graded.graded} copies.")
    with gradebook.opened(cohort, writing=True) as connection:
        reviewed = review(connection, cohort, class_groups)
    _say(f"Relus : {reviewed} canevas ; les autres vous attendent.")
    _say("")
    _say(f"Essayez, depuis ce dossier (cd {quoted(root.name if root.parent == Path.cwd() else str(root))}) :")
    lines = {typed(*words, folder=root): purpose for words, purpose in ADVICE}
    width = max(map(len, lines))
    for line, purpose in lines.items():
        _say(f"  {line:<{width}}  {purpose}")
    _say("Pour tout effacer, supprimez ce dossier.")
    return cohort


ADVICE = (
    (("open", "--formateur"), "le bureau du formateur, modules/20-formateur.ipynb"),
    (("review",), "noter la qualité"),
    (("class",), "voir la classe"),
    (("plans",), "lire les plans des équipes"),
    (("feedback",), "écrire les retours"),
    (("marks",), "sortir les notes"),
)


def _beside() -> Path:
    """Return `demo` in the course's folder, or in the working folder where there is no course."""
    try:
        return find().root / FOLDER
    except Refusal:
        return Path.cwd() / FOLDER


def _say(text: str) -> None:
    print(text, flush=True)
