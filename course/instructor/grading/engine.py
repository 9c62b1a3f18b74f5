"""Grading a class: a hundred copies of one assignment at a time, each hundred in one transaction.

A trainee's notebook is never opened, executed or rendered; her answers files are what counts. What is the same for all
copies is computed once, answers are read once, and the gradebook is read and written in whole tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.core import files, syllabus
from course.core.bar import bar
from course.core.refusal import Refusal
from course.core.syllabus import Goal, goal_of
from course.core.words import counted
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import marks
from course.instructor.cohort.alone import alone
from course.instructor.cohort.places import Cohort, find, settings
from course.instructor.cohort.rereading import to_reread
from course.instructor.grading import report, rows
from course.instructor.grading.folders import Folders, sizes
from course.instructor.grading.plan import Plan, prepare, published
from course.instructor.grading.rows import Entry, Outcome, Penalty
from course.instructor.grading.submission import Remark, Submission, handed_in, read, trainees

AT_ONCE = 100
SHOWN = 40  # remarks on screen; the table of the class has them all

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which copies are graded, and how: the options of `nbgrader autograde`.

    Attributes:
        students: A trainee's name, or a pattern with `*`.
        excluded: Names to leave out.
        force: Grade what has not changed, too.
        create: Enter trainees whom the gradebook does not know; without it, their copies are a problem.
        shown: How many remarks are said at most.
    """

    students: str = "*"
    excluded: frozenset[str] = frozenset()
    force: bool = False
    create: bool = True
    shown: int = SHOWN


@dataclass(slots=True)
class Graded:
    """What a grading did.

    Attributes:
        copies: The folders of the copies that were graded.
        unchanged: How many were graded before, and nothing has changed since.
        remarks: How many things there are to know of the graded ones.
        reports: The tables of the class, one an assignment.
        problems: What could not be graded and why, a French sentence each.
        unwritten: Why tables of the class could not be written, a French sentence each.
    """

    copies: list[Path] = field(default_factory=list)
    unchanged: int = 0
    remarks: int = 0
    reports: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)

    @property
    def graded(self) -> int:
        """How many copies were graded."""
        return len(self.copies)

    def lines(self, cohort: Cohort) -> list[str]:
        """What was done, and what to do next, in French."""
        lines = []
        if self.graded or self.unchanged:
            lines.append(f"{counted(self.graded, 'copie corrigée')}, {self.unchanged} déjà à jour.")
        if self.reports:
            names = ", ".join(f"« {path.relative_to(cohort.root).as_posix()} »" for path in self.reports)
            lines.append(f"Bilan{'s' if len(self.reports) > 1 else ''} de la classe : {names}.")
            lines.append("Pour donner la qualité et un commentaire : course review.")
        return lines


def grade(goals: Sequence[str], folder: Path | None, force: bool) -> None:
    """Grades all copies that are new or changed, and says what came of it: `course grade`.

    Args:
        goals: As people name them: `but-1`, « But 1 » or `1`; all of them when empty.
        folder: The course's folder, or one in it; by default the working folder's, else the clone's.
        force: Grade anew what has not changed, too.

    Raises:
        Refusal: There is no course there, no copy, or a grading is under way.
    """
    cohort = find(folder)
    remarks: list[str] = []
    done = grade_all(cohort, goals, remarks.append, force=force)
    if done.remarks > SHOWN:
        remarks.append(f"… et {counted(done.remarks - SHOWN, 'autre remarque')}, dans les bilans.")
    nothing = not done.graded and not done.unchanged
    for line in (*remarks, *(() if nothing else done.problems), *done.unwritten, *done.lines(cohort)):
        print(line)
    if told := to_reread(cohort):
        print(told)
    if nothing and done.problems:
        raise Refusal(" ".join(done.problems))


def grade_all(cohort: Cohort, goals: Sequence[str], say: Say, *, force: bool = False) -> Graded:
    """Grades all copies that are new or changed.

    Args:
        cohort: The class.
        goals: As people name them; all of them when empty.
        say: Hears, in French, what there is to know of the first copies that something is wrong with.
        force: Grade anew what has not changed, too.

    Raises:
        Refusal: A goal is none of the course, there is no copy, or a grading is under way.
    """
    return grade_class(cohort, [goal_of(name) for name in goals] or syllabus.load().goals, say, Choice(force=force))


def grade_class(
    cohort: Cohort, goals: Sequence[Goal], say: Say, choice: Choice | None = None, penalty: Penalty | None = None
) -> Graded:
    """Grades copies of a class.

    Args:
        cohort: The class.
        goals: Those to grade.
        say: Hears, in French, what there is to know of the copies.
        choice: Which copies; by default all that are new or changed.
        penalty: What is taken off for being late; by default what the class's settings of nbgrader say.

    Raises:
        Refusal: Nothing can be graded, a grading is under way, or it had to stop; what was graded before stays so.
    """
    if not cohort.submitted.is_dir():
        raise Refusal(
            f"Le dossier « {cohort.submitted} » n’existe pas : recueillez d’abord les copies (course intake)."
        )
    try:
        with alone(cohort.folder) as place:
            return _Run(cohort, say, choice or Choice(), penalty or _Penalties(cohort), place).grade(goals)
    except OSError as error:
        raise Refusal(
            f"La correction s’est arrêtée : {files.why(error, 'un fichier ne se laisse pas écrire')} Ce qui est "
            "corrigé le reste : recommencez, elle reprendra où elle en était."
        ) from error


class _Penalties:
    """The penalties of a class by its settings of nbgrader, which is imported when somebody is late, and not before."""

    def __init__(self, cohort: Cohort) -> None:
        self._cohort = cohort
        self._penalty: Penalty | None = None

    def __call__(self, student: str, score: float, seconds: float) -> float | None:
        if self._penalty is None:
            from course.instructor.grading.settings import penalties  # noqa: PLC0415

            self._penalty = penalties(settings(self._cohort))
        return self._penalty(student, score, seconds)


@dataclass(frozen=True, slots=True)
class _Built:
    """A copy that was graded, whose folder is not yet in its place."""

    copy: Submission
    outcome: Outcome
    folder: Path
    sizes: list[tuple[str, int]]


class _Run:
    """One grading of a class."""

    def __init__(self, cohort: Cohort, say: Say, choice: Choice, penalty: Penalty, place: Path) -> None:
        self._cohort, self._say, self._choice, self._penalty, self._place = cohort, say, choice, penalty, place
        self._folders = Folders(place)
        self._done = Graded()

    def grade(self, goals: Sequence[Goal]) -> Graded:
        names, refused = trainees(self._cohort.submitted, self._choice.students, self._choice.excluded)
        present = [(goal, self._who(goal, names)) for goal in goals]
        present = [(goal, students) for goal, students in present if students]
        self._tell(refused)
        if not present:
            raise Refusal(
                f"Aucune copie de « {' », « '.join(goal.assignment for goal in goals)} » à corriger dans "
                f"« {self._cohort.submitted} » : recueillez d’abord les copies (course intake)."
            )
        book.refuse_lost(self._cohort)  # one thing to say, not one an assignment
        plans = [(plan, students) for goal, students in present if (plan := self._plan(goal))]
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
                raise Refusal(
                    f"Le notebook publié de « {goal.assignment} » manque : lancez « nbgrader generate_assignment "
                    f"{goal.assignment} »."
                )
            known = self._registered(goal)
            if known is None:
                self._register(goal)
                known = self._registered(goal)
            if known is None:
                raise Refusal(f"Le carnet de notes ne connaît pas « {goal.assignment} ».")
            return prepare(self._cohort, goal, notebooks, known)
        except Refusal as refusal:
            self._done.problems.append(str(refusal))
            return None

    def _registered(self, goal: Goal) -> rows.Registered | None:
        with book.opened(self._cohort) as connection:
            return rows.registered(connection, goal.assignment)

    def _register(self, goal: Goal) -> None:
        source = self._cohort.root / "solutions" / goal.assignment
        if not source.is_dir():
            raise Refusal(f"Le carnet de notes ne connaît pas « {goal.assignment} », et « {source} » n’existe pas.")
        from course.instructor.grading.settings import register  # noqa: PLC0415 - seconds, once in a gradebook's life

        register(self._cohort, goal.assignment, self._place / goal.assignment)

    def _copies(self, plans: Iterable[tuple[Plan, list[str]]]) -> Iterator[str]:
        """Grades copy by copy, and yields the trainee of each."""
        for plan, students in plans:
            for start in range(0, len(students), AT_ONCE):
                yield from self._some(plan, students[start : start + AT_ONCE])

    def _some(self, plan: Plan, students: list[str]) -> Iterator[str]:
        name = plan.goal.assignment
        with book.opened(self._cohort) as connection:
            before = rows.entries(connection, plan.registered, name, students)
        built: list[_Built] = []
        for student in students:
            copy = read(self._cohort.submitted, student, plan.goal, plan.published)
            if copy is not None and not self._choice.create and not before[student].known:
                self._done.problems.append(f"Le carnet de notes ne connaît pas « {student} » : copie non corrigée.")
            elif copy is not None and (self._choice.force or self._changed(plan, copy, before[student])):
                built.append(self._build(plan, copy))
            elif copy is not None:
                self._done.unchanged += 1
            yield student
        if built:
            self._keep(plan, built)

    def _changed(self, plan: Plan, copy: Submission, entry: Entry) -> bool:
        if not entry.fingerprint:
            return True
        folder = self._cohort.autograded / copy.student / plan.goal.assignment
        return entry.fingerprint != plan.fingerprint(copy, entry, sizes(folder, plan.names(copy)))

    def _build(self, plan: Plan, copy: Submission) -> _Built:
        content, outcome = plan.graded(copy)
        self._tell(copy.remarks)
        lengths = sorted((name, len(raw)) for name, raw in content.items())
        return _Built(copy, outcome, self._folders.build(content), lengths)

    def _keep(self, plan: Plan, built: Sequence[_Built]) -> None:
        """Puts folders and rows in their places; wherever this is cut short, the next run grades these copies anew."""
        name = plan.goal.assignment
        students = [each.copy.student for each in built]
        with book.opened(self._cohort, writing=True) as connection:
            rows.forget(connection, name, students)
            marks.keep_words(connection, students, plan.goal)
            # Before the folders: a copy that was graded is never one that the gradebook does not know.
            now = rows.entries(connection, plan.registered, name, students)
            rows.save(connection, plan.registered, now, [each.outcome for each in built], self._penalty)
        places = [self._cohort.autograded / student / name for student in students]
        for each, place in zip(built, places, strict=True):
            self._folders.put(each.folder, place)
        with book.opened(self._cohort, writing=True) as connection:
            now = rows.entries(connection, plan.registered, name, students)
            prints = {
                each.copy.student: plan.fingerprint(each.copy, now[each.copy.student], each.sizes) for each in built
            }
            rows.remember(connection, name, prints)
        self._done.copies += places
        self._folders.sweep()

    def _tell(self, remarks: Iterable[Remark]) -> None:
        for line in dict.fromkeys(map(str, remarks)):  # a folder that is none is one thing to say, not one a canvas
            self._done.remarks += 1
            if self._done.remarks <= self._choice.shown:
                self._say(line)

    def _report(self, assignment: str, refused: Iterable[Remark]) -> None:
        path = self._cohort.reports / f"{assignment}.csv"
        try:
            with book.opened(self._cohort) as connection:
                report.write(path, report.rows(connection, assignment, self._cohort.autograded, refused))
        except PermissionError:
            self._done.unwritten.append(f"« {path} » ne se laisse pas écrire : fermez-le dans Excel, puis recommencez.")
        except OSError as error:
            why = files.why(error, "Il ne se laisse pas écrire")
            self._done.unwritten.append(f"« {path} » n’est pas écrit. {why}")
        else:
            self._done.reports.append(path)
