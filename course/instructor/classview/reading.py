"""A class read once: its trainees, its copies and its marks."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course.core import syllabus
from course.core.syllabus import Objective
from course.instructor.classview import labels
from course.instructor.classview.handins import Handin
from course.instructor.classview.labels import Together
from course.instructor.cohort import copies, marks, roster
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee

_FILE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Overview:
    """A class.

    Attributes:
        trainees: Those of the list and those who handed something in, by identifier.
        names: What those who handed in together are called, in the order to show them in.
        copies: The graded copies, goal by goal, in the order of `names`.
        marks: By trainee and objective.
    """

    trainees: Mapping[str, Trainee]
    names: Mapping[Together, str]
    copies: tuple[Copy, ...]
    marks: Mapping[tuple[str, str], Mark]

    def mark(self, copy: Copy, objective: Objective) -> Mark | None:
        """The mark of a copy's canvas; None when it has none, or when its members do not all have the same."""
        found = [self.marks.get((student, objective.id)) for student in copy.students]
        first = found[0]
        return first if len(found) == 1 or all(map(_alike, found, [first] * len(found))) else None

    def torn(self, copy: Copy, objective: Objective) -> bool:
        """Whether the members of a group do not all have the same mark."""
        return self.mark(copy, objective) is None and any(
            (student, objective.id) in self.marks for student in copy.students
        )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Makes very many small things without Python looking through them again and again for cycles: there are none."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@undisturbed()
def read(cohort: Cohort) -> Overview:
    """Reads the list, the gradebook in one pass, and which copies there are; what they say is read where needed.

    Args:
        cohort: The class; nothing in it is made or changed.

    Raises:
        Refusal: The list or the gradebook cannot be used.
    """
    trainees = {each.id: each for each in roster.read(cohort)}
    found = [copy for goal in syllabus.load().goals for copy in copies.read_all(cohort, goal)]
    for copy in found:
        for student in copy.students:
            trainees.setdefault(student, Trainee(student))
    names = labels.labels(found, trainees)
    places = {who: place for place, who in enumerate(names)}
    found.sort(key=lambda copy: (copy.goal.id, places[copy.students]))
    return Overview(trainees, names, tuple(found), _marks(cohort) if found else {})


def expected(overview: Overview, handed_in: tuple[Handin, ...]) -> dict[str, Trainee]:
    """All whom the class knows of: those of the list in its order, then who is only among what was handed in."""
    everybody = dict(overview.trainees)
    for each in handed_in:
        everybody.setdefault(each.student, Trainee(each.student))
    return everybody


def _marks(cohort: Cohort) -> dict[tuple[str, str], Mark]:
    url = cohort.database
    if url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).is_file():
        return {}  # looking at a class makes no gradebook
    with opened(cohort) as connection:
        return {(each.student, each.objective): each for each in marks.read(connection)}


def _alike(one: Mark | None, other: Mark | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.completeness, one.quality, one.levels) == (other.completeness, other.quality, other.levels)
