"""The sentence on canvases to read again, which intake, grading, the class, marks and pages all show."""

from __future__ import annotations

import os
from collections.abc import Iterable

from course.core.names import legible
from course.core.pages import way_to
from course.core.words import few, listed
from course.instructor.cohort import marks, roster
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort

_MOST_NAMED = 20


def to_reread(cohort: Cohort) -> str:
    """Return the sentence on the marks that were given to other words than those handed in now; empty without any.

    Raises:
        Refusal: The list of trainees or the gradebook cannot be used.
    """
    if not os.path.lexists(cohort.autograded):
        return ""  # a new class: opening its gradebook would make one
    with opened(cohort) as connection:
        return sentence(cohort, marks.read(connection))


def sentence(cohort: Cohort, read: Iterable[Mark]) -> str:
    """Return the same for marks that were read before."""
    changed = [mark for mark in read if mark.to_reread]
    if not changed:
        return ""
    names = {trainee.id: trainee.name for trainee in roster.read(cohort)}
    canvases: dict[str, list[str]] = {}
    for mark in changed:
        canvases.setdefault(mark.student, []).append(mark.objective)
    people: dict[str, list[str]] = {}
    for student, objectives in canvases.items():
        people.setdefault(", ".join(objectives), []).append(legible(names.get(student, student)))
    parts = (f"{_shown(trainees)}\u00a0: {objectives}" for objectives, trainees in people.items())
    shown = "\u202f; ".join(parts)
    first = f"{way_to('grade')}, puis " if any(mark.ungraded for mark in changed) else ""
    return (
        f"À relire ({shown}). Ces canevas ont changé depuis leur note, qui ne compte plus jusqu’à ce que quelqu’un les "
        f"relise\u00a0: {first}{way_to('review')}."
    )


def _shown(trainees: list[str]) -> str:
    return listed(trainees) if len(trainees) <= _MOST_NAMED else few(trainees, _MOST_NAMED)
