"""Grading a class: copies of one assignment in batches of a hundred, each batch in one transaction.

A trainee's notebook is never opened, executed or rendered; only the answers files count. Anything common to all copies
is computed once, answers are read once, and the gradebook is read and written in bulk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.core import files, syllabus
from course.core.bar import bar
from course.core.pages import way_to
from course.core.refusal import Refusal
from course.core.syllabus import Goal, goal_of
from course.core.words import counted
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import reviews
from course.instructor.cohort.alone import alone
from course.instructor.cohort.places import Cohort, find, settings
from course.instructor.cohort.rereading import to_reread
from course.instructor.grading import report, rows
from course.instructor.grading.folders import Folders, sizes
from course.instructor.grading.plan import Plan, prepare, published
from course.instructor.grading.rows import GradingOutcome, Penalty, SubmissionRows
from course.instructor.grading.submission import Remark, Submission, handed_in, read, trainees

AT_ONCE = 100
SHOWN = 40  # remarks on screen; the table of the class has all of them

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class GradingOptions:
    """The options of `nbgrader autograde`: which copies are graded, and how.

    Attributes:
        students: A trainee's name, or a pattern with `*`.
        excluded: Names to leave out.
        force: Also grade unchanged copies.
        create: Add unknown trainees to the gradebook; without it, their copies are reported as problems.
        shown: The maximum number of remarks reported.
    """

    students: str = "*"
    excluded: frozenset[str] = frozenset()
    force: bool = False
    create: bool = True
    shown: int = SHOWN


@dataclass(slots=True)
class GradingResult:
    """The result of a grading run.

    Attributes:
        copies: The folders of the graded copies.
        unchanged: The number of copies skipped because they are already graded and unchanged.
        remarks: The number of remarks on the graded copies.
        reports: The tables of the class, one per assignment.
        problems: A French sentence for each assignment or copy that could not be graded, with the reason.
        unwritten: A French sentence for each table of the class that could not be written, with the reason.
    """

    copies: list[Path] = field(default_factory=list)
    unchanged: int = 0
    remarks: int = 0
    reports: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)

    @property
    def graded(self) -> int:
        """The number of graded copies."""
        return len(self.copies)

    def lines(self, cohort: Cohort) -> list[str]:
        """Return the summary of the run and the next step, in French."""
        lines = []
        if self.graded or self.unchanged:
            lines.append(f"{counted(self.graded, 'copie corrigée')}, {self.unchanged} déjà à jour.")
        if self.reports:
            names = ", ".join(f"« {path.relative_to(cohort.root).as_posix()} »" for path in self.reports)
            lines.append(f"Bilan{'s' if len(self.reports) > 1 else ''} de la classe : {names}.")
            lines.append(f"Pour donner la qualité et un commentaire, {way_to('review')}.")
        return lines


def grade(goals: Sequence[str], folder: Path | None, force: bool) -> None:
    """Grade all new or changed copies and print a summary: `course grade`.

    Args:
        goals: As people name them: `but-1`, « But 1 » or `1`; all of them when empty.
        folder: The course's folder, or one in it; by default that of the working folder, else the clone's.
        force: Also grade unchanged copies again.

    Raises:
        Refusal: There is no course there, no copy, or another grading is running.
    """
    cohort = find(folder)
    remarks: list[str] = []
    result = grade_all(cohort, goals, remarks.append, force=force)
    if result.remarks > SHOWN:
        remarks.append(f"… et {counted(result.remarks - SHOWN, 'autre remarque')}, dans les bilans.")
    nothing = not result.graded and not result.unchanged
    for line in (*remarks, *(() if nothing else result.problems), *result.unwritten, *result.lines(cohort)):
        print(line)
    if notice := to_reread(cohort):
        print(notice)
    if nothing and result.problems:
        raise Refusal(" ".join(result.problems))


def grade_all(cohort: Cohort, goals: Sequence[str], say: Say, *, force: bool = False) -> GradingResult:
    """Grade all new or changed copies.

    Args:
        cohort: The class.
        goals: As people name them; all of them when empty.
        say: Called with each of the first remarks on copies, in French.
        force: Also grade unchanged copies again.

    Raises:
        Refusal: A goal does not exist, there is no copy, or another grading is running.
    """
    selected = [goal_of(name) for name in goals] or syllabus.load().goals
    return grade_class(cohort, selected, say, GradingOptions(force=force))


def grade_class(
    cohort: Cohort,
    goals: Sequence[Goal],
    say: Say,
    options: GradingOptions | None = None,
    penalty: Penalty | None = None,
) -> GradingResult:
    """Grade copies of a class.

    Args:
        cohort: The class.
        goals: The goals to grade.
        say: Called with each remark on a copy, in French.
        options: Which copies; by default all that are new or changed.
        penalty: The penalty for late submissions; by default the one of the class's nbgrader settings.

    Raises:
        Refusal: Nothing can be graded, another grading is running, or this one had to stop; copies graded before that
            stay graded.
    """
    if not cohort.submitted.is_dir():
        raise Refusal(
            f"Le dossier « {cohort.submitted} » n’existe pas : recueillez d’abord les copies ; {way_to('intake')}."
        )
    try:
        with alone(cohort.folder) as working:
            return _Run(cohort, say, options or GradingOptions(), penalty or _Penalties(cohort), working).grade(goals)
    except OSError as error:
        raise Refusal(
            f"La correction s’est arrêtée : {files.why(error, 'un fichier ne se laisse pas écrire')} Ce qui est "
            "corrigé le reste : recommencez, elle reprendra où elle en était."
        ) from error


class _Penalties:
    """The penalties of a class, from its nbgrader settings; nbgrader is imported only for the first late submission."""

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
    """A graded copy whose folder is not yet in its final location."""

    copy: Submission
    outcome: GradingOutcome
    folder: Path
    sizes: list[tuple[str, int]]


class _Run:
    """One grading run over a class."""

    def __init__(self, cohort: Cohort, say: Say, options: GradingOptions, penalty: Penalty, working: Path) -> None:
        self._cohort, self._say, self._options, self._penalty, self._working = cohort, say, options, penalty, working
        self._folders = Folders(working)
        self._result = GradingResult()

    def grade(self, goals: Sequence[Goal]) -> GradingResult:
        names, refused = trainees(self._cohort.submitted, self._options.students, self._options.excluded)
        present = [(goal, students) for goal in goals if (students := self._with_submission(goal, names))]
        self._report_remarks(refused)
        if not present:
            raise Refusal(
                f"Aucune copie de « {' », « '.join(goal.assignment for goal in goals)} » à corriger dans "
                f"« {self._cohort.submitted} » : recueillez d’abord les copies ; {way_to('intake')}."
            )
        book.refuse_lost(self._cohort)  # reported once, not once per assignment
        plans = [(plan, students) for goal, students in present if (plan := self._plan(goal))]
        total = sum(len(students) for _, students in plans)
        for _ in bar(self._copies(plans), "Correction", total):
            pass
        for plan, _ in plans:
            self._write_report(plan.goal.assignment, refused)
        return self._result

    def _with_submission(self, goal: Goal, names: Iterable[str]) -> list[str]:
        return [name for name in names if handed_in(self._cohort.submitted, name, goal.assignment)]

    def _plan(self, goal: Goal) -> Plan | None:
        try:
            notebooks = published(self._cohort, goal)
            if not notebooks:
                raise Refusal(
                    f"Le notebook publié de « {goal.assignment} » manque : lancez « nbgrader generate_assignment "
                    f"{goal.assignment} »."
                )
            registered = self._registered(goal)
            if registered is None:
                self._register(goal)
                registered = self._registered(goal)
            if registered is None:
                raise Refusal(f"Le carnet de notes ne connaît pas « {goal.assignment} ».")
            return prepare(self._cohort, goal, notebooks, registered)
        except Refusal as refusal:
            self._result.problems.append(str(refusal))
            return None

    def _registered(self, goal: Goal) -> rows.RegisteredAssignment | None:
        with book.opened(self._cohort) as connection:
            return rows.registered(connection, goal.assignment)

    def _register(self, goal: Goal) -> None:
        source = self._cohort.root / "solutions" / goal.assignment
        if not source.is_dir():
            raise Refusal(f"Le carnet de notes ne connaît pas « {goal.assignment} », et « {source} » n’existe pas.")
        from course.instructor.grading.settings import register  # noqa: PLC0415 - takes seconds, once per gradebook

        register(self._cohort, goal.assignment, self._working / goal.assignment)

    def _copies(self, plans: Iterable[tuple[Plan, list[str]]]) -> Iterator[str]:
        """Grade copy by copy, and yield the trainee of each."""
        for plan, students in plans:
            for start in range(0, len(students), AT_ONCE):
                yield from self._batch(plan, students[start : start + AT_ONCE])

    def _batch(self, plan: Plan, students: list[str]) -> Iterator[str]:
        name = plan.goal.assignment
        with book.opened(self._cohort) as connection:
            before = rows.submission_rows(connection, plan.registered, name, students)
        built: list[_Built] = []
        for student in students:
            copy = read(self._cohort.submitted, student, plan.goal, plan.published)
            if copy is not None and not self._options.create and not before[student].known:
                self._result.problems.append(f"Le carnet de notes ne connaît pas « {student} » : copie non corrigée.")
            elif copy is not None and (self._options.force or self._changed(plan, copy, before[student])):
                built.append(self._build(plan, copy))
            elif copy is not None:
                self._result.unchanged += 1
            yield student
        if built:
            self._keep(plan, built)

    def _changed(self, plan: Plan, copy: Submission, before: SubmissionRows) -> bool:
        if not before.fingerprint:
            return True
        folder = self._cohort.autograded / copy.student / plan.goal.assignment
        return before.fingerprint != plan.fingerprint(copy, before, sizes(folder, plan.names(copy)))

    def _build(self, plan: Plan, copy: Submission) -> _Built:
        content, outcome = plan.graded(copy)
        self._report_remarks(copy.remarks)
        lengths = sorted((name, len(raw)) for name, raw in content.items())
        return _Built(copy, outcome, self._folders.build(content), lengths)

    def _keep(self, plan: Plan, built: Sequence[_Built]) -> None:
        """Store folders and rows; if this is interrupted anywhere, the next run grades these copies again."""
        name = plan.goal.assignment
        students = [graded.copy.student for graded in built]
        with book.opened(self._cohort, writing=True) as connection:
            rows.forget(connection, name, students)
            reviews.keep_words(connection, students, plan.goal)
            # Before the folders: no graded copy may be unknown to the gradebook.
            now = rows.submission_rows(connection, plan.registered, name, students)
            rows.save(connection, plan.registered, now, [graded.outcome for graded in built], self._penalty)
        folders = [self._cohort.autograded / student / name for student in students]
        for graded, folder in zip(built, folders, strict=True):
            self._folders.put(graded.folder, folder)
        with book.opened(self._cohort, writing=True) as connection:
            now = rows.submission_rows(connection, plan.registered, name, students)
            fingerprints = {
                student: plan.fingerprint(graded.copy, now[student], graded.sizes)
                for student, graded in zip(students, built, strict=True)
            }
            rows.remember(connection, name, fingerprints)
        self._result.copies += folders
        self._folders.sweep()

    def _report_remarks(self, remarks: Iterable[Remark]) -> None:
        for line in dict.fromkeys(map(str, remarks)):  # an unreadable folder has the same remark for each canvas
            self._result.remarks += 1
            if self._result.remarks <= self._options.shown:
                self._say(line)

    def _write_report(self, assignment: str, refused: Iterable[Remark]) -> None:
        path = self._cohort.reports / f"{assignment}.csv"
        try:
            with book.opened(self._cohort) as connection:
                report.write(path, report.rows(connection, assignment, self._cohort.autograded, refused))
        except PermissionError:
            self._result.unwritten.append(
                f"« {path} » ne se laisse pas écrire : fermez-le dans Excel, puis recommencez."
            )
        except OSError as error:
            reason = files.why(error, "Il ne se laisse pas écrire")
            self._result.unwritten.append(f"« {path} » n’est pas écrit. {reason}")
        else:
            self._result.reports.append(path)
