"""Grading a class: a hundred copies of one assignment at a time, each hundred in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.core import files as durable
from course.core.bar import bar
from course.core.refusal import Refusal
from course.core.syllabus import Goal
from course.instructor.cohort import gradebook as book
from course.instructor.cohort.alone import alone
from course.instructor.cohort.places import Cohort
from course.instructor.grading import summary
from course.instructor.grading.direct import records, saving
from course.instructor.grading.direct.folders import Folders, sizes
from course.instructor.grading.direct.late import Penalties
from course.instructor.grading.direct.plan import Plan, Unusable, prepare, published
from course.instructor.grading.staging import Remark, Staged, handed_in, listed, read

AT_ONCE = 100
SHOWN = 40  # remarks on screen; the table of the class has them all

Say = Callable[[str], None]


@dataclass(slots=True)
class Graded:
    """What a grading did.

    Attributes:
        graded: How many copies were graded.
        unchanged: How many were graded before, and nothing has changed since.
        remarks: How many things there are to know of the graded ones.
        reports: The tables of the class, one an assignment.
        problems: What could not be done, a French sentence each.
    """

    graded: int = 0
    unchanged: int = 0
    remarks: int = 0
    reports: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Built:
    """A copy that was graded, whose folder is not yet in its place."""

    staged: Staged
    outcome: saving.Outcome
    folder: Path
    sizes: list[tuple[str, int]]


def grade_class(cohort: Cohort, goals: Sequence[Goal], say: Say, *, force: bool = False) -> Graded:
    """Grades all that is new or changed.

    Args:
        cohort: The class.
        goals: Those to grade.
        say: Hears, in French, what there is to know of the copies.
        force: Grade what has not changed, too.

    Raises:
        Refusal: Nothing can be graded, a grading is under way, or it had to stop; what was graded before stays so.
    """
    if not cohort.submitted.is_dir():
        raise Refusal(
            f"Le dossier « {cohort.submitted} » n’existe pas : recueillez d’abord les copies (course intake)."
        )
    try:
        with alone(cohort.folder) as place:
            return _Run(cohort, say, force, place).grade(goals)
    except OSError as error:
        raise Refusal(
            f"La correction s’est arrêtée : {durable.why(error, 'un fichier ne se laisse pas écrire')} Ce qui est "
            "corrigé le reste : recommencez, elle reprendra où elle en était."
        ) from error


class _Run:
    """One grading of a class."""

    def __init__(self, cohort: Cohort, say: Say, force: bool, place: Path) -> None:
        self._cohort, self._say, self._force, self._place = cohort, say, force, place
        self._folders = Folders(place)
        self._penalties = Penalties(cohort)
        self._done = Graded()

    def grade(self, goals: Sequence[Goal]) -> Graded:
        names, refused = listed(self._cohort.submitted, "*", frozenset())
        there = [(goal, self._who(goal, names)) for goal in goals]
        there = [(goal, students) for goal, students in there if students]
        if not there:
            raise Refusal(
                f"Aucune copie de « {' », « '.join(goal.assignment for goal in goals)} » à corriger dans "
                f"« {self._cohort.submitted} » : recueillez d’abord les copies (course intake)."
            )
        self._tell(refused)
        plans = [(plan, students) for goal, students in there if (plan := self._plan(goal))]
        total = sum(len(students) for _, students in plans)
        for _ in bar(self._copies(plans), "Correction", total):
            pass
        for plan, _ in plans:
            self._report(plan.goal.assignment, refused)
        return self._done

    def _who(self, goal: Goal, names: Iterable[str]) -> list[str]:
        return [name for name in names if handed_in(self._cohort.submitted, name, goal.assignment)]

    def _plan(self, goal: Goal) -> Plan | None:
        try:
            notebooks = published(self._cohort, goal)
            if not notebooks:
                raise Unusable(
                    f"Le notebook publié de « {goal.assignment} » manque : lancez « nbgrader generate_assignment "
                    f"{goal.assignment} »."
                )
            with book.opened(self._cohort) as connection:
                known = records.registered(connection, goal.assignment)
            if known is None:
                self._register(goal)
                with book.opened(self._cohort) as connection:
                    known = records.registered(connection, goal.assignment)
            if known is None:
                raise Unusable(f"Le carnet de notes ne connaît pas « {goal.assignment} ».")
            return prepare(self._cohort, goal, notebooks, known)
        except Unusable as problem:
            self._done.problems.append(str(problem))
            return None

    def _register(self, goal: Goal) -> None:
        source = self._cohort.root / "solutions" / goal.assignment
        if not source.is_dir():
            raise Unusable(f"Le carnet de notes ne connaît pas « {goal.assignment} », et « {source} » n’existe pas.")
        from nbgrader.converters import NbGraderException  # noqa: PLC0415 - seconds, once in a gradebook's life

        from course.instructor.grading.registering import coursedir_of, register  # noqa: PLC0415

        try:
            register(coursedir_of(self._cohort), goal.assignment, self._place / goal.assignment)
        except NbGraderException as error:
            raise Unusable(f"« {goal.assignment} » n’entre pas dans le carnet de notes : {error}") from error

    def _copies(self, plans: Iterable[tuple[Plan, list[str]]]) -> Iterator[str]:
        """Grades copy by copy, and yields the trainee of each."""
        for plan, students in plans:
            for start in range(0, len(students), AT_ONCE):
                yield from self._some(plan, students[start : start + AT_ONCE])

    def _some(self, plan: Plan, students: list[str]) -> Iterator[str]:
        name = plan.goal.assignment
        with book.opened(self._cohort) as connection:
            before = records.kept(connection, plan.registered, name, students)
        built: list[_Built] = []
        for student in students:
            staged = read(self._cohort.submitted, student, plan.handed_out)
            if staged is not None and (self._force or self._changed(plan, staged, before[student])):
                built.append(self._build(plan, staged))
            elif staged is not None:
                self._done.unchanged += 1
            yield student
        if built:
            self._keep(plan, built, [each for each in students if before[each].fingerprint])

    def _changed(self, plan: Plan, staged: Staged, kept: records.Kept) -> bool:
        if not kept.fingerprint:
            return True
        folder = self._cohort.autograded / staged.student / plan.goal.assignment
        return kept.fingerprint != plan.fingerprint(staged, kept, sizes(folder, plan.names(staged)))

    def _build(self, plan: Plan, staged: Staged) -> _Built:
        files, outcome = plan.graded(staged)
        self._tell(staged.remarks)
        written = sorted((name, len(raw)) for name, raw in files.items())
        return _Built(staged, outcome, self._folders.build(files), written)

    def _keep(self, plan: Plan, built: Sequence[_Built], remembered: Sequence[str]) -> None:
        """Puts folders and rows in their places; wherever this is cut short, the next run grades these copies anew."""
        name = plan.goal.assignment
        students = [each.staged.student for each in built]
        if stale := sorted({*students} & {*remembered}):
            with book.opened(self._cohort, writing=True) as connection:
                saving.forget(connection, name, stale)
        for each in built:
            self._folders.put(each.folder, self._cohort.autograded / each.staged.student / name)
        with book.opened(self._cohort, writing=True) as connection:
            now = records.kept(connection, plan.registered, name, students)
            saving.save(connection, plan.registered, now, [each.outcome for each in built], self._penalties.penalty)
            prints = {
                each.staged.student: plan.fingerprint(each.staged, now[each.staged.student], each.sizes)
                for each in built
            }
            saving.remember(connection, name, prints)
        self._done.graded += len(built)
        self._folders.sweep()

    def _tell(self, remarks: Iterable[Remark]) -> None:
        for line in dict.fromkeys(map(str, remarks)):  # a folder that is none is one thing to say, not one a canvas
            self._done.remarks += 1
            if self._done.remarks <= SHOWN:
                self._say(line)

    def _report(self, assignment: str, refused: Iterable[Remark]) -> None:
        path = self._cohort.reports / f"{assignment}.csv"
        try:
            with book.opened(self._cohort) as connection:
                summary.write(path, summary.rows(connection, assignment, self._cohort.autograded, refused))
        except PermissionError:
            self._done.problems.append(f"« {path} » ne se laisse pas écrire : fermez-le dans Excel, puis recommencez.")
        except OSError as error:
            why = durable.why(error, "Il ne se laisse pas écrire")
            self._done.problems.append(f"« {path} » n’est pas écrit. {why}")
        else:
            self._done.reports.append(path)
