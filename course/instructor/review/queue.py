"""The queue of one canvas: the copies to review, each with its number, its marks and the state of its review."""

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
from course.instructor.cohort import copies as graded_copies
from course.instructor.cohort import marks, schema, words
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.words import Words
from course.instructor.grading import submission

_random = SystemRandom()


class ReviewState(StrEnum):
    """The state of a copy's review; all but `DONE` are left to do."""

    NEW = "new"
    BEGUN = "begun"
    DONE = "done"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class QueuedCopy:
    """A copy in the queue.

    Attributes:
        key: Its identifier on the page.
        number: The number that reviewers know it by.
        copy: The copy, with only those of its members who have a mark and handed in the same answers.
        marks: The marks of these members.
        words: The answers handed in now, graded or not.
    """

    key: str
    number: int
    copy: Copy
    marks: tuple[Mark, ...]
    words: Words

    @property
    def mark(self) -> Mark:
        """The mark of the copy; where its members' marks differ, the first that a reviewer gave."""
        return next((mark for mark in self.marks if mark.begun), self.marks[0])

    @property
    def changed(self) -> bool:
        """True when the answers changed since a member's mark was given."""
        return any(mark.changed for mark in self.marks)

    @property
    def uneven(self) -> bool:
        """True when its members have different marks."""
        return len({(mark.quality, mark.levels, mark.comment) for mark in self.marks}) > 1

    @property
    def state(self) -> ReviewState:
        """The state of its review."""
        return state_of(self.marks)


def state_of(members_marks: Sequence[Mark]) -> ReviewState:
    """Return the state of a copy's review from its members' marks."""
    if any(mark.changed for mark in members_marks):
        return ReviewState.CHANGED
    if all(mark.quality is not None for mark in members_marks):
        return ReviewState.DONE
    return ReviewState.BEGUN if any(mark.begun for mark in members_marks) else ReviewState.NEW


def queued_copies(cohort: Cohort, objective: Objective) -> tuple[QueuedCopy, ...]:
    """Return the queue of a canvas, in the order of its numbers.

    Args:
        cohort: The class.
        objective: The canvas.

    Raises:
        Refusal: The gradebook cannot be used.
    """
    reviewable = _reviewable(cohort, syllabus.load().goal(objective.goal), [objective])[objective.id]
    marks_of = {copy.students: members_marks for copy, members_marks in reviewable}
    return tuple(
        QueuedCopy(
            _key(cohort, objective, copy), number, copy, marks_of[copy.students], _words(cohort, copy, objective)
        )
        for number, copy in numbered(cohort, objective, (copy for copy, _ in reviewable))
    )


def refreshed(cohort: Cohort, objective: Objective, queued: QueuedCopy) -> QueuedCopy | None:
    """Return the same copy with its current marks and answers; None when its members' answers differ now."""
    answers = [words.handed_in(cohort, student, objective) for student in queued.copy.students]
    if len({now.digest if now else "" for now in answers}) > 1:
        return None  # the mark of one would be written over the answers of another
    with opened(cohort) as connection:
        current = marks.read(connection, students=queued.copy.students, objectives=[objective])
    return replace(queued, marks=current or queued.marks, words=_words(cohort, queued.copy, objective))


def left_to_review(cohort: Cohort, goal: Goal) -> dict[str, tuple[int, int]]:
    """Return, by objective of a goal, the number of copies left to review and the number of copies."""
    reviewable = _reviewable(cohort, goal, goal.objectives)
    counts = {}
    for objective in goal.objectives:
        states = [state_of(members_marks) for _, members_marks in reviewable[objective.id]]
        counts[objective.id] = (sum(state is not ReviewState.DONE for state in states), len(states))
    return counts


def first_changed(cohort: Cohort) -> Objective | None:
    """Return the first canvas of the course whose answers changed since their mark; None when there is none."""
    return _first(cohort, lambda mark: mark.changed)


def first_waiting(cohort: Cohort) -> Objective | None:
    """Return the first canvas of the course that waits for review; None when there is none."""
    return _first(cohort, lambda mark: mark.waiting)


def _first(cohort: Cohort, wanted: Callable[[Mark], bool]) -> Objective | None:
    with opened(cohort) as connection:
        identifiers = {mark.objective for mark in marks.read(connection) if wanted(mark)}
    return next((objective for objective in syllabus.load().objectives if objective.id in identifiers), None)


def ungraded(cohort: Cohort, objective: Objective, queue: Sequence[QueuedCopy]) -> int:
    """Count the trainees whose work waits for automatic grading: new, or handed in again with changed answers.

    Args:
        cohort: The class.
        objective: A canvas of the goal.
        queue: Its queue.
    """
    assignment = syllabus.load().goal(objective.goal).assignment
    known = {student for queued in queue for student in queued.copy.students}
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
    """Return copies with the numbers that reviewers know them by, in the order of these numbers.

    A copy keeps its number when members join or leave its group; new copies follow in a random order. Numbers differ
    between objectives, so that Copy 7 of one is not Copy 7 of another.

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
            if connection.dialect.name == "postgresql":  # which allows concurrent writers
                connection.execute(text(f"LOCK TABLE {schema.number.name} IN SHARE ROW EXCLUSIVE MODE"))
            numbers = assigned(by_students, _read_numbers(connection, objective))
            _write_numbers(connection, objective, numbers)
    by_number = sorted(numbers, key=numbers.__getitem__)
    return tuple((numbers[students], by_students[students]) for students in by_number)


def assigned(copies: Iterable[tuple[str, ...]], known: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """Assign a number to each copy.

    Args:
        copies: The trainees of each copy.
        known: The numbers that trainees had before.

    Returns:
        A unique number for each copy, from 1: the smallest that its members had and that no other copy has.
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
    table = schema.number
    rows = connection.execute(select(table.c.student, table.c.number).where(table.c.objective == objective.id))
    return {row.student: row.number for row in rows}


def _write_numbers(connection: Connection, objective: Objective, numbers: Mapping[tuple[str, ...], int]) -> None:
    table = schema.number
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
    """Return, by objective, the copies of a goal, each with the marks of those members who have one."""
    copies = graded_copies.read_all(cohort, goal)
    known: dict[str, dict[str, Mark]] = {objective.id: {} for objective in objectives}
    with opened(cohort) as connection:  # also without copies: a lost gradebook is refused
        for mark in marks.read(connection, objectives=objectives) if copies else ():
            known[mark.objective][mark.student] = mark
    return {objective.id: list(_with_marks(cohort, objective, copies, known[objective.id])) for objective in objectives}


def _with_marks(
    cohort: Cohort, objective: Objective, copies: Sequence[Copy], known: Mapping[str, Mark]
) -> Iterator[tuple[Copy, tuple[Mark, ...]]]:
    for copy in copies:
        same_answers: dict[str, list[str]] = {}  # a member who has handed in again has a copy of their own
        for student in filter(known.__contains__, copy.students):
            now = words.handed_in(cohort, student, objective) if len(copy.students) > 1 else None
            same_answers.setdefault(now.digest if now else "", []).append(student)
        for students in same_answers.values():
            yield replace(copy, students=tuple(students)), tuple(known[student] for student in students)


def _words(cohort: Cohort, copy: Copy, objective: Objective) -> Words:
    return words.handed_in(cohort, copy.students[0], objective) or Words("")


def _key(cohort: Cohort, objective: Objective, copy: Copy) -> str:
    identity = (str(cohort.root), objective.id, *copy.students)
    return sha256("\0".join(identity).encode("utf-8", "surrogateescape")).hexdigest()[:16]
