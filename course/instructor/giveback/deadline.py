"""`course deadline`: set, extend or remove a deadline; without a date, show them and who is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from course.core import syllabus
from course.core.names import legible
from course.core.refusal import Refusal
from course.core.syllabus import goal_of
from course.core.words import few, moment
from course.instructor.cohort import deadlines, places
from course.instructor.cohort.deadlines import Standing
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.giveback import records
from course.instructor.intake.person import find

_NAMED = 40


def deadline(  # noqa: PLR0913, PLR0917
    goal: Sequence[str],
    date: str = "",
    name: str = "",
    excused: bool = False,
    remove: bool = False,
    folder: Path | None = None,
) -> None:
    """Set a deadline, or show all of them with those who are late.

    Args:
        goal: *Cahiers*, as `goal_of` takes them.
        date: The deadline, as `deadlines.parsed` takes it; empty to show, to excuse or to remove.
        name: One trainee, by identifier or name; empty for all.
        excused: Whether that trainee is excused.
        remove: Whether the deadline is removed.
        folder: The course's folder; found from the working folder by default.

    Raises:
        Refusal: No such *cahier*, date or trainee; or the table cannot be read or written.
    """
    cohort = places.find(folder)
    goals = tuple(map(goal_of, goal))
    if not (date or excused or remove):
        _print(cohort)
        return
    if not goals:
        raise Refusal("Dites de quel cahier\u00a0: but-1 … but-5.")
    if excused and not name:
        raise Refusal("On excuse une personne\u00a0: ajoutez --pour, et son nom.")
    due = deadlines.parsed(date) if date else None
    if date and due is None:
        raise Refusal(f"«\u202f{date}\u202f» n’est pas une date. Écrivez 15/12/2026, ou 15/12/2026 18:00.")
    student = find(cohort, name).id if name else ""
    for one in goals:
        deadlines.write(cohort, one.id, student, None if remove else due, excused=excused and not remove)
    _print(cohort)


def _print(cohort: Cohort) -> None:
    dates = deadlines.read(cohort)
    if not dates.goals and not dates.people:
        print("Aucune échéance n’est fixée\u00a0: rien n’est donc en retard.")
        return
    now = datetime.now(UTC)
    with opened(cohort) as connection:
        trainees = records.read(connection, cohort)
    for goal in syllabus.load().goals:
        people: dict[Standing, list[str]] = {}
        for record in trainees:
            work = record.works.get(goal.id)
            at = work.at.replace(tzinfo=UTC) if work and work.at else None
            standing = dates.standing(record.trainee.id, goal.id, at, now)
            people.setdefault(standing, []).append(legible(record.trainee.name))
        if set(people) <= {Standing.NO_DEADLINE}:
            continue
        general = dates.goals.get(goal.id)
        print(f"But {goal.id}\u00a0: {f'échéance le {moment(general)}' if general else 'sans échéance pour tous'}.")
        for standing, words in _LISTED.items():
            if names := people.get(standing):
                print(f"  {words}\u00a0: {few(names, _NAMED)}.")
    print("Un retard se voit ici, sur la page de la personne et dans les notes\u202f; il ne retire aucun point.")


_LISTED = {
    Standing.LATE: "En retard, ou pas remis à l’échéance",
    Standing.EXTENDED: "Dans un délai prolongé",
    Standing.EXCUSED: "Excusés",
}
