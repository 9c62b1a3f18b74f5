"""The copies of one canvas that can be reviewed: each with its number, its marks, and where its review stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from random import SystemRandom

from sqlalchemy import Connection, delete, insert, select, text

from course.core import syllabus
from course.core.names import refused_name
from course.core.syllabus import Goal, Objective
from course.instructor.cohort import copies as graded
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import marks, words
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.words import Words
from course.instructor.grading import submission

_random = SystemRandom()


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
        key: Its identifier on the page.
        number: What people call it.
        copy: The copy; only those of its trainees who have a mark, and who handed in the same words.
        marks: The marks of all of them.
        words: Those that are handed in now, be they graded or not.
    """

    key: str
    number: int
    copy: Copy
    marks: tuple[Mark, ...]
    words: Words

    @property
    def mark(self) -> Mark:
        """The mark of the copy; where its people have different ones, the first that a reviewer gave."""
        return next((mark for mark in self.marks if mark.begun), self.marks[0])

    @property
    def changed(self) -> bool:
        """Whether the words are others than those that somebody's mark was given to."""
        return any(mark.changed for mark in self.marks)

    @property
    def uneven(self) -> bool:
        """Whether its people have different marks."""
        return len({(mark.quality, mark.levels, mark.comment) for mark in self.marks}) > 1

    @property
    def state(self) -> State:
        """Where its review stands."""
        return state_of(self.marks)


def state_of(found: Sequence[Mark]) -> State:
    """Where the review of a copy stands, by the marks of its people."""
    if any(mark.changed for mark in found):
        return State.CHANGED
    if all(mark.quality is not None for mark in found):
        return State.DONE
    return State.BEGUN if any(mark.begun for mark in found) else State.NEW


def entries(cohort: Cohort, objective: Objective) -> tuple[Entry, ...]:
    """The queue of a canvas, in the order of its numbers.

    Args:
        cohort: The class.
        objective: The canvas.

    Raises:
        Refusal: The gradebook cannot be used.
    """
    reviewable = _reviewable(cohort, syllabus.load().goal(objective.goal), [objective])[objective.id]
    by_students = {copy.students: found for copy, found in reviewable}
    return tuple(
        Entry(_key(cohort, objective, copy), number, copy, by_students[copy.students], _words(cohort, copy, objective))
        for number, copy in numbered(cohort, objective, (copy for copy, _ in reviewable))
    )


def refreshed(cohort: Cohort, objective: Objective, entry: Entry) -> Entry:
    """The same copy with the marks and answers of now."""
    with opened(cohort) as connection:
        found = marks.read(connection, students=entry.copy.students, objective=objective)
    return replace(entry, marks=found or entry.marks, words=_words(cohort, entry.copy, objective))


def left(cohort: Cohort, goal: Goal) -> dict[str, tuple[int, int]]:
    """How many copies of each canvas of a goal are left to review, and how many there are, by objective."""
    reviewable = _reviewable(cohort, goal, goal.objectives)
    counts = {}
    for objective in goal.objectives:
        states = [state_of(found) for _, found in reviewable[objective.id]]
        counts[objective.id] = (sum(state is not State.DONE for state in states), len(states))
    return counts


def first_changed(cohort: Cohort) -> Objective | None:
    """The first canvas, in the order of the course, with a mark that was given to other words; None when none has."""
    return _first(cohort, lambda mark: mark.changed)


def first_waiting(cohort: Cohort) -> Objective | None:
    """The first canvas, in the order of the course, that waits for a reviewer; None when none does."""
    return _first(cohort, lambda mark: mark.waiting)


def _first(cohort: Cohort, wanted: Callable[[Mark], bool]) -> Objective | None:
    with opened(cohort) as connection:
        found = {mark.objective for mark in marks.read(connection) if wanted(mark)}
    return next((objective for objective in syllabus.load().objectives if objective.id in found), None)


def ungraded(cohort: Cohort, objective: Objective, queue: Sequence[Entry]) -> int:
    """How many trainees' work of the goal waits for the automatic part: new, or handed in again with other answers.

    Args:
        cohort: The class.
        objective: A canvas of the goal.
        queue: Its queue.
    """
    assignment = syllabus.load().goal(objective.goal).assignment
    known = {student for entry in queue for student in entry.copy.students}
    waiting = 0
    for path in cohort.submitted.glob("*"):
        if refused_name(path.name):
            continue
        if path.name in known:
            now, taken = (read(cohort, path.name, objective) for read in (words.handed_in, words.graded))
            waiting += now is not None and taken is not None and now.digest != taken.digest
        else:
            waiting += submission.handed_in(cohort.submitted, path.name, assignment)
    return waiting


def numbered(cohort: Cohort, objective: Objective, copies: Iterable[Copy]) -> tuple[tuple[int, Copy], ...]:
    """Copies under the numbers that reviewers know them by, in that order.

    A copy that was seen keeps its number, whoever joins or leaves its group; new ones follow in a random order. Another
    objective has other numbers: who is Copy 7 here is not there.

    Args:
        cohort: The class; its gradebook keeps the numbers.
        objective: The canvas.
        copies: All copies of it.

    Raises:
        Refusal: The gradebook cannot be used.
    """
    by_students = {copy.students: copy for copy in copies}
    with opened(cohort) as connection:
        known = _read_numbers(connection, objective)
    numbers = assigned(by_students, known)
    if any(known.get(student) != number for students, number in numbers.items() for student in students):
        with opened(cohort, writing=True) as connection:
            if connection.dialect.name == "postgresql":  # there, two may write at once
                connection.execute(text(f"LOCK TABLE {book.number.name} IN SHARE ROW EXCLUSIVE MODE"))
            numbers = assigned(by_students, _read_numbers(connection, objective))
            _write_numbers(connection, objective, numbers)
    return tuple(
        sorted(((number, by_students[students]) for students, number in numbers.items()), key=lambda one: one[0])
    )


def assigned(copies: Iterable[tuple[str, ...]], known: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """The number of each copy.

    Args:
        copies: The trainees of each.
        known: The numbers that trainees had.

    Returns:
        One number a copy, from 1, no two the same: a copy has the smallest that its people had and no other copy has.
    """
    numbers: dict[tuple[str, ...], int] = {}
    fresh: list[tuple[str, ...]] = []
    taken: set[int] = set()
    for students in sorted(copies):
        smallest = min({known[student] for student in students if student in known} - taken, default=None)
        if smallest is None:
            fresh.append(students)
        else:
            numbers[students] = smallest
            taken.add(smallest)
    _random.shuffle(fresh)
    first = max((*known.values(), 0)) + 1
    return numbers | {students: first + rank for rank, students in enumerate(fresh)}


def _read_numbers(connection: Connection, objective: Objective) -> dict[str, int]:
    table = book.number
    rows = connection.execute(select(table.c.student, table.c.number).where(table.c.objective == objective.id))
    return {row.student: row.number for row in rows}


def _write_numbers(connection: Connection, objective: Objective, numbers: Mapping[tuple[str, ...], int]) -> None:
    table = book.number
    wanted = {student: number for students, number in numbers.items() for student in students}
    before = _read_numbers(connection, objective)
    changed = {student: number for student, number in wanted.items() if before.get(student) != number}
    for student in changed.keys() & before.keys():
        connection.execute(delete(table).where((table.c.student == student) & (table.c.objective == objective.id)))
    if changed:
        rows = [
            {"student": student, "objective": objective.id, "number": number} for student, number in changed.items()
        ]
        connection.execute(insert(table), rows)


def _reviewable(
    cohort: Cohort, goal: Goal, objectives: Sequence[Objective]
) -> dict[str, list[tuple[Copy, tuple[Mark, ...]]]]:
    """By objective, the copies of a goal, each with the marks of those of its people who have one."""
    copies = graded.read_all(cohort, goal)
    return {objective.id: list(_with_marks(cohort, objective, copies)) for objective in objectives}


def _with_marks(
    cohort: Cohort, objective: Objective, copies: Sequence[Copy]
) -> Iterator[tuple[Copy, tuple[Mark, ...]]]:
    with opened(cohort) as connection:
        known = {mark.student: mark for mark in marks.read(connection, objective=objective)}
    for copy in copies:
        together: dict[str, list[str]] = {}  # a member who has handed in again since has a copy of her own
        for student in filter(known.__contains__, copy.students):
            now = words.handed_in(cohort, student, objective) if len(copy.students) > 1 else None
            together.setdefault(now.digest if now else "", []).append(student)
        for students in together.values():
            yield replace(copy, students=tuple(students)), tuple(known[student] for student in students)


def _words(cohort: Cohort, copy: Copy, objective: Objective) -> Words:
    return words.handed_in(cohort, copy.students[0], objective) or Words("")


def _key(cohort: Cohort, objective: Objective, copy: Copy) -> str:
    parts = (str(cohort.root), objective.id, *copy.students)
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
