"""The copies of one canvas that can be reviewed, each with its number and what was given to it so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select

from course.core import syllabus
from course.core.answers import FOLDER, file_name
from course.core.answers.format import MAX_BYTES
from course.core.files import read_bytes
from course.core.names import refused_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.instructor.cohort import copies as graded
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import marks as given
from course.instructor.cohort.cells import canvas_of
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.grading.staging import handed_in
from course.instructor.review.numbers import numbered


class State(StrEnum):
    """Where the review of a copy stands; all but `DONE` are left to do."""

    NEW = "new"
    BEGUN = "begun"
    DONE = "done"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One copy in the queue.

    Attributes:
        key: What the page calls it by.
        number: What people call it by.
        copy: The copy; only of trainees who have a mark.
        marks: The marks of all of them.
        digest: That of the answers as they are now.
    """

    key: str
    number: int
    copy: Copy
    marks: tuple[Mark, ...]
    digest: str

    @property
    def mark(self) -> Mark:
        """The mark of the copy; where its people have different ones, the first that a reviewer gave."""
        return next((each for each in self.marks if each.begun), self.marks[0])

    @property
    def changed(self) -> bool:
        """Whether the answers are others than those that the reviewer saw."""
        return bool(self.mark.answers) and self.mark.answers != self.digest

    @property
    def uneven(self) -> bool:
        """Whether its people have different marks."""
        return len({(each.quality, each.levels, each.comment) for each in self.marks}) > 1

    @property
    def state(self) -> State:
        """Where its review stands."""
        if self.changed:
            return State.CHANGED
        if all(each.quality is not None for each in self.marks):
            return State.DONE
        return State.BEGUN if any(each.begun for each in self.marks) else State.NEW


def entries(cohort: Cohort, objective: Objective) -> tuple[Entry, ...]:
    """The queue of a canvas, in the order of its numbers.

    Args:
        cohort: The class.
        objective: The canvas.

    Raises:
        Refusal: The gradebook cannot be used.
    """
    found = _reviewable(cohort, syllabus.load().goal(objective.goal), {objective.id: _marks(cohort, objective)})
    copies = {copy.students: marks for copy, marks in found[objective.id]}
    return tuple(
        Entry(_key(cohort, objective, copy), number, copy, copies[copy.students], copy.digest(objective))
        for number, copy in numbered(cohort, objective, (copy for copy, _ in found[objective.id]))
    )


def refreshed(cohort: Cohort, objective: Objective, entry: Entry) -> Entry:
    """The same copy with the marks and answers of now."""
    with opened(cohort) as connection:
        marks = given.read(connection, students=entry.copy.students, objective=objective)
    return replace(entry, marks=marks or entry.marks, digest=entry.copy.digest(objective))


def left(cohort: Cohort, goal: Goal) -> dict[str, tuple[int, int]]:
    """How many copies of each canvas of a goal are left to review, and how many there are.

    Args:
        cohort: The class.
        goal: The goal.

    Returns:
        By objective.
    """
    found = _reviewable(cohort, goal, {each.id: _marks(cohort, each) for each in goal.objectives})
    counts = {}
    for objective in goal.objectives:
        states = [_bare(objective, copy, marks).state for copy, marks in found[objective.id]]
        counts[objective.id] = (sum(state is not State.DONE for state in states), len(states))
    return counts


def first_waiting(cohort: Cohort) -> Objective | None:
    """The first canvas, in the order of the course, that waits for a reviewer; None when none does."""
    query = select(book.base_cell.c.name).join(book.grade, book.grade.c.cell_id == book.base_cell.c.id).distinct()
    with opened(cohort) as connection:
        names = connection.execute(query.where(book.grade.c.needs_manual_grade)).scalars()
        waiting = {canvas[1].id for name in names if (canvas := canvas_of(name))}
    return next((each for each in syllabus.load().objectives if each.id in waiting), None)


def ungraded(cohort: Cohort, objective: Objective, marked: Sequence[Entry]) -> int:
    """How many trainees' work of the goal waits for the automatic part: new, or handed in again and other now.

    Args:
        cohort: The class.
        objective: A canvas of the goal.
        marked: Its queue.
    """
    assignment = syllabus.load().goal(objective.goal).assignment
    known = {student for entry in marked for student in entry.copy.students}
    names = (path.name for path in cohort.submitted.glob("*") if not refused_name(path.name))
    waiting = 0
    for student in names:
        if student in known:
            waiting += _handed_in_again(cohort, student, assignment, objective)
        else:
            waiting += handed_in(cohort.submitted, student, assignment)
    return waiting


def _handed_in_again(cohort: Cohort, student: str, assignment: str, objective: Objective) -> bool:
    name = file_name(objective)
    try:
        sent, taken = (
            read_bytes(folder, student, assignment, FOLDER, name, limit=MAX_BYTES)
            for folder in (cohort.submitted, cohort.autograded)
        )
    except Unreadable:
        return False
    return taken is not None and sent is not None and sent != taken


def _marks(cohort: Cohort, objective: Objective) -> dict[str, Mark]:
    with opened(cohort) as connection:
        return {each.student: each for each in given.read(connection, objective=objective)}


def _reviewable(
    cohort: Cohort, goal: Goal, marks: Mapping[str, Mapping[str, Mark]]
) -> dict[str, list[tuple[Copy, tuple[Mark, ...]]]]:
    """By objective, the copies of a goal, each with the marks of those of its people who have one."""
    copies = graded.read_all(cohort, goal)
    return {objective: list(_with_marks(copies, known)) for objective, known in marks.items()}


def _with_marks(copies: Sequence[Copy], known: Mapping[str, Mark]) -> Iterator[tuple[Copy, tuple[Mark, ...]]]:
    for copy in copies:
        students = tuple(student for student in copy.students if student in known)
        if students:
            yield replace(copy, students=students), tuple(known[student] for student in students)


def _bare(objective: Objective, copy: Copy, marks: tuple[Mark, ...]) -> Entry:
    """An entry to be counted: the answers are read only where there is a mark that they may have left behind."""
    seen = any(each.answers for each in marks)
    return Entry("", 0, copy, marks, copy.digest(objective) if seen else "")


def _key(cohort: Cohort, objective: Objective, copy: Copy) -> str:
    said = (str(cohort.root), objective.id, *copy.students)
    return sha256("\0".join(said).encode("utf-8", "surrogateescape")).hexdigest()[:16]
