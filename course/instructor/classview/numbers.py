"""What the charts and the summary count: completeness by objective, levels by criterion, options treated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import floor

from course.core import rubric, syllabus
from course.core.answers.format import view
from course.core.completeness import missing
from course.core.rubric import Criterion
from course.core.syllabus import Objective, Option
from course.core.words import french
from course.instructor.classview.overview import Handin, Overview, Students, expected
from course.instructor.cohort.roster import Trainee

BANDS = ("0", "0,5 à 2", "2,5 à 4", "4,5 à 5,5", "6")
"""Marks of completeness, out of 6, in words."""
_LIMITS = (0.0, 2.0, 4.0, 5.5)


def band(mark: float) -> int:
    """The place in `BANDS` of a mark."""
    return sum(mark > limit for limit in _LIMITS)


def tenths(mean: float) -> str:
    """A mean in French: one decimal, halves up."""
    return french(floor(10 * mean + 0.5) / 10, 1)


@dataclass(frozen=True, slots=True)
class Advance:
    """How complete the copies of a class are in an objective.

    Attributes:
        objective: The objective.
        marks: The completeness of each copy that was graded, 0 to 6.
    """

    objective: Objective
    marks: tuple[float, ...]

    @property
    def mean(self) -> float | None:
        """Their mean; None when no copy was graded."""
        return sum(self.marks) / len(self.marks) if self.marks else None

    @property
    def bands(self) -> tuple[int, ...]:
        """How many copies there are in each of `BANDS`."""
        counts = Counter(map(band, self.marks))
        return tuple(counts[place] for place in range(len(BANDS)))


@dataclass(frozen=True, slots=True)
class Judged:
    """The levels that reviewers gave for one criterion.

    Attributes:
        criterion: The criterion.
        levels: How many canvases are at zero, half and full; a group's canvas counts once.
    """

    criterion: Criterion
    levels: tuple[int, int, int]

    @property
    def share(self) -> float:
        """The share of the points that were given, 0 to 1."""
        _, half, full = self.levels
        return (half + 2 * full) / (2 * (sum(self.levels) or 1))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many copies treat an option.

    Attributes:
        option: The option.
        treated: How many do, by the rule of completeness.
        copies: How many could: those handed in for its goal.
    """

    option: Option
    treated: int
    copies: int


@dataclass(frozen=True)
class Numbers:
    """What can be counted of a class; each count is made once, when it is first needed.

    Attributes:
        overview: The class.
        handins: What was handed in.
        unreadable: The identifiers of those from whom something came that could not be read.
    """

    overview: Overview
    handins: tuple[Handin, ...]
    unreadable: frozenset[str] = frozenset()

    @cached_property
    def trainees(self) -> Mapping[str, Trainee]:
        """All whom the class knows of, by identifier, in the order of the list."""
        return expected(self.overview, self.handins)

    @cached_property
    def dates(self) -> Mapping[str, Mapping[str, Handin]]:
        """What was handed in, by trainee, then by goal."""
        by_trainee: dict[str, dict[str, Handin]] = {}
        for handin in self.handins:
            by_trainee.setdefault(handin.student, {})[handin.goal.id] = handin
        return by_trainee

    @cached_property
    def waiting(self) -> int:
        """How many hand-ins `course grade` has not seen yet."""
        return sum(not handin.graded for handin in self.handins)

    @cached_property
    def idle(self) -> tuple[Trainee, ...]:
        """Who has handed in nothing at all."""
        busy = {handin.student for handin in self.handins}
        busy.update(student for students in self.overview.names for student in students)
        return tuple(trainee for trainee in self.trainees.values() if trainee.id not in busy)

    @cached_property
    def grid(self) -> dict[Students, dict[str, float]]:
        """The completeness of all who handed in together, by objective, in the order of their names."""
        rows: dict[Students, dict[str, float]] = {students: {} for students in self.overview.names}
        for copy in self.overview.copies:
            for objective in copy.goal.objectives:
                marks = (self.overview.marks.get((student, objective.id)) for student in copy.students)
                known = [mark.completeness for mark in marks if mark is not None and mark.completeness is not None]
                if known:
                    rows[copy.students][objective.id] = known[0]
        return rows

    @cached_property
    def advances(self) -> tuple[Advance, ...]:
        """The objectives in their order."""
        rows = self.grid.values()
        return tuple(
            Advance(objective, tuple(row[objective.id] for row in rows if objective.id in row))
            for objective in syllabus.load().objectives
        )

    @cached_property
    def least(self) -> tuple[Advance, ...]:
        """The objectives that were graded at all, the least advanced first.

        Answers files say when they were last saved, and no file says how long anybody worked: the time between two
        dates would count nights and pauses. Completeness is what can be said.
        """
        graded = [advance for advance in self.advances if advance.marks]
        return tuple(sorted(graded, key=lambda advance: advance.mean or 0.0))

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The criteria in their order."""
        counts: list[Counter[int]] = [Counter() for _ in rubric.load()]
        for copy in self.overview.copies:
            for objective in copy.goal.objectives:
                mark = self.overview.mark(copy, objective)
                for place, level in enumerate(mark.levels if mark and not mark.changed else ()):
                    if level is not None:
                        counts[place][level] += 1
        return tuple(
            Judged(criterion, (count[0], count[1], count[2]))
            for criterion, count in zip(rubric.load(), counts, strict=True)
        )

    @cached_property
    def reviewed(self) -> int:
        """How many canvases have their quality mark, of the words that are handed in now; a group's counts once."""
        marks = (
            self.overview.mark(copy, objective) for copy in self.overview.copies for objective in copy.goal.objectives
        )
        return sum(mark is not None and mark.quality is not None and not mark.changed for mark in marks)

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """The options in their order; the graded copies are read for it."""
        treated: Counter[str] = Counter()
        copies: Counter[str] = Counter()
        for copy in self.overview.copies:
            copies[copy.goal.id] += 1
            for objective, document in copy.documents():
                if isinstance(document, dict):
                    written = view(document, objective).options
                    treated.update(option.id for option in objective.options if not missing(option, written[option.id]))
        course = syllabus.load()
        return tuple(
            Coverage(option, treated[option.id], copies[course.objective(option.objective).goal])
            for option in course.options
        )

    @cached_property
    def untreated(self) -> tuple[Coverage, ...]:
        """The options that nobody treated, of the goals for which there is any copy."""
        return tuple(option for option in self.coverage if option.copies and not option.treated)
