"""The statistics of a class: completeness by objective, levels by criterion, options treated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import floor
from statistics import median

from course.core import rubric, syllabus
from course.core.answers.format import view
from course.core.completeness import missing
from course.core.rubric import Criterion
from course.core.syllabus import Objective, Option
from course.core.words import french
from course.instructor.classview.gains import Gains
from course.instructor.classview.overview import Handin, Overview, Students, expected
from course.instructor.cohort.plans import TeamPlan
from course.instructor.cohort.roster import Trainee

BANDS = ("0", "0,5 à 2", "2,5 à 4", "4,5 à 5,5", "6")
"""The bands of completeness marks out of 6, as labels."""
_LIMITS = (0.0, 2.0, 4.0, 5.5)


def band(mark: float) -> int:
    """Return the index in `BANDS` of a mark."""
    return sum(mark > limit for limit in _LIMITS)


def tenths(mean: float) -> str:
    """Return a mean in French with one decimal, rounded half up."""
    return french(floor(10 * mean + 0.5) / 10, 1)


@dataclass(frozen=True, slots=True)
class ObjectiveCompleteness:
    """The completeness of the copies of a class in one objective.

    Attributes:
        objective: The objective.
        marks: The completeness of each graded copy, 0 to 6.
        copies: The number of copies of the class, with those that have none for this objective.
    """

    objective: Objective
    marks: tuple[float, ...]
    copies: int

    @property
    def mean(self) -> float | None:
        """The mean of the marks; None when no copy was graded."""
        return sum(self.marks) / len(self.marks) if self.marks else None

    @property
    def begun(self) -> int:
        """The number of copies that have something for this objective."""
        return sum(mark > 0 for mark in self.marks)

    @property
    def progress(self) -> float:
        """The mean of the whole class, 0 to 6: a copy that has not begun counts 0."""
        return sum(self.marks) / self.copies if self.copies else 0.0

    @property
    def bands(self) -> tuple[int, ...]:
        """The number of copies in each of `BANDS`."""
        counts = Counter(map(band, self.marks))
        return tuple(counts[index] for index in range(len(BANDS)))


@dataclass(frozen=True, slots=True)
class Spread:
    """How marks are spread: their number, and their median, least and greatest, None without any."""

    number: int
    median: float | None
    least: float | None
    greatest: float | None

    @classmethod
    def of(cls, marks: Collection[float]) -> Spread:
        """Return the spread of some marks."""
        return cls(len(marks), median(marks), min(marks), max(marks)) if marks else cls(0, None, None, None)


@dataclass(frozen=True, slots=True)
class CriterionLevels:
    """The levels that reviewers gave for one criterion.

    Attributes:
        criterion: The criterion.
        levels: The numbers of canvases at zero, half and full; a group's canvas counts once.
    """

    criterion: Criterion
    levels: tuple[int, int, int]

    @property
    def share(self) -> float:
        """The share of the possible points that was given, 0 to 1."""
        _, half, full = self.levels
        return (half + 2 * full) / (2 * (sum(self.levels) or 1))


@dataclass(frozen=True, slots=True)
class OptionCoverage:
    """The number of copies that treat an option.

    Attributes:
        option: The option.
        treated: The number of copies that treat it, by the rule of completeness.
        copies: The number of copies handed in for its goal.
    """

    option: Option
    treated: int
    copies: int


@dataclass(frozen=True)
class Numbers:
    """The statistics of a class, each computed once, when first needed.

    Attributes:
        overview: The class.
        handins: The hand-ins.
        unreadable: The identifiers of trainees from whom a file was ever refused, whatever came since.
        gains: What the class knew before the course and after it.
        plans: The plans that were handed in, with what is known of them three months later.
    """

    overview: Overview
    handins: tuple[Handin, ...]
    unreadable: frozenset[str] = frozenset()
    gains: Gains = field(default_factory=Gains)
    plans: tuple[TeamPlan, ...] = ()

    @cached_property
    def trainees(self) -> Mapping[str, Trainee]:
        """All known trainees by identifier, in the order of the list."""
        return expected(self.overview, self.handins)

    @cached_property
    def people(self) -> Mapping[str, str]:
        """The names of all known trainees by identifier; of two with one name, each has the identifier behind it."""
        counts = Counter(trainee.name.casefold() for trainee in self.trainees.values())
        return {
            student: trainee.name if counts[trainee.name.casefold()] == 1 else f"{trainee.name} ({student})"
            for student, trainee in self.trainees.items()
        }

    @cached_property
    def dates(self) -> Mapping[str, Mapping[str, Handin]]:
        """The hand-ins, by trainee, then by goal."""
        by_trainee: dict[str, dict[str, Handin]] = {}
        for handin in self.handins:
            by_trainee.setdefault(handin.student, {})[handin.goal.id] = handin
        return by_trainee

    @cached_property
    def waiting(self) -> int:
        """The number of hand-ins that are not graded yet."""
        return sum(not handin.graded for handin in self.handins)

    @cached_property
    def without_handin(self) -> tuple[Trainee, ...]:
        """The trainees who have handed in nothing."""
        active = {handin.student for handin in self.handins}
        active.update(student for students in self.overview.names for student in students)
        return tuple(trainee for trainee in self.trainees.values() if trainee.id not in active)

    @cached_property
    def nothing_readable(self) -> tuple[Trainee, ...]:
        """Those of them from whom a file came that was refused."""
        return tuple(trainee for trainee in self.without_handin if trainee.id in self.unreadable)

    @cached_property
    def grid(self) -> dict[Students, dict[str, float]]:
        """The completeness by objective of each copy, in the order of their names."""
        rows: dict[Students, dict[str, float]] = {students: {} for students in self.overview.names}
        for copy in self.overview.copies:
            for objective in copy.goal.objectives:
                marks = (self.overview.marks.get((student, objective.id)) for student in copy.students)
                values = [mark.completeness for mark in marks if mark is not None and mark.completeness is not None]
                if values:
                    rows[copy.students][objective.id] = values[0]
        return rows

    @cached_property
    def by_objective(self) -> tuple[ObjectiveCompleteness, ...]:
        """The completeness of each objective, in the order of the course."""
        rows = self.grid.values()
        return tuple(
            ObjectiveCompleteness(objective, tuple(row[objective.id] for row in rows if objective.id in row), len(rows))
            for objective in syllabus.load().objectives
        )

    @cached_property
    def least_advanced(self) -> tuple[ObjectiveCompleteness, ...]:
        """The graded objectives, that with the least `progress` first: one that few have begun is not advanced.

        Progress is measured by completeness, not by time: answers files only have the date of the last save, and the
        time between two dates would include nights and pauses.
        """
        graded = [objective for objective in self.by_objective if objective.marks]
        return tuple(sorted(graded, key=lambda objective: objective.progress))

    @cached_property
    def spreads(self) -> tuple[tuple[Objective, Spread, Spread], ...]:
        """The spread of completeness and of final totals of each graded objective; a group's canvas counts once."""
        totals: dict[str, list[float]] = {}
        for copy in self.overview.copies:
            for objective in copy.goal.objectives:
                mark = self.overview.mark(copy, objective)
                if mark is not None and mark.final:
                    totals.setdefault(objective.id, []).append(mark.total)
        return tuple(
            (item.objective, Spread.of(item.marks), Spread.of(totals.get(item.objective.id, ())))
            for item in self.by_objective
            if item.marks
        )

    @cached_property
    def by_criterion(self) -> tuple[CriterionLevels, ...]:
        """The levels given for each criterion, in the order of the rubric."""
        counts: list[Counter[int]] = [Counter() for _ in rubric.load()]
        for copy in self.overview.copies:
            for objective in copy.goal.objectives:
                mark = self.overview.mark(copy, objective)
                for index, level in enumerate(mark.levels if mark and not mark.changed else ()):
                    if level is not None:
                        counts[index][level] += 1
        return tuple(
            CriterionLevels(criterion, (count[0], count[1], count[2]))
            for criterion, count in zip(rubric.load(), counts, strict=True)
        )

    @cached_property
    def reviewed(self) -> int:
        """The number of canvases with a quality mark for the current answers; a group's canvas counts once."""
        marks = (
            self.overview.mark(copy, objective) for copy in self.overview.copies for objective in copy.goal.objectives
        )
        return sum(mark is not None and mark.quality is not None and not mark.changed for mark in marks)

    @cached_property
    def coverage(self) -> tuple[OptionCoverage, ...]:
        """The coverage of each option, in the order of the course; reads the graded copies."""
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
            OptionCoverage(option, treated[option.id], copies[course.objective(option.objective).goal])
            for option in course.options
        )

    @cached_property
    def untreated(self) -> tuple[OptionCoverage, ...]:
        """The options that no copy treats, in the goals that have a copy."""
        return tuple(coverage for coverage in self.coverage if coverage.copies and not coverage.treated)
