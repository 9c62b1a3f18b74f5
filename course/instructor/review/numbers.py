"""Numbers in place of names: given at random, one objective at a time, and kept for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import SystemRandom

from sqlalchemy import Connection, delete, insert, select, text

from course.core.syllabus import Objective
from course.instructor.cohort import gradebook as book
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort

_chance = SystemRandom()


def numbered(cohort: Cohort, objective: Objective, copies: Iterable[Copy]) -> tuple[tuple[int, Copy], ...]:
    """Copies under the numbers that reviewers know them by, in that order.

    A copy that was seen keeps its number, whoever joins or leaves its group; new ones follow, in an order that nobody
    chose. Another objective has other numbers: who is Copy 7 here is not there.

    Args:
        cohort: The class; its gradebook keeps the numbers.
        objective: The canvas.
        copies: All copies of it.

    Raises:
        Refusal: The gradebook cannot be used.
    """
    found = {copy.students: copy for copy in copies}
    with opened(cohort) as connection:
        known = _read(connection, objective)
    numbers = assigned(found, known)
    if any(known.get(student) != number for students, number in numbers.items() for student in students):
        with opened(cohort, writing=True) as connection:
            if connection.dialect.name == "postgresql":  # there, two may write at once
                connection.execute(text(f"LOCK TABLE {book.number.name} IN SHARE ROW EXCLUSIVE MODE"))
            numbers = assigned(found, _read(connection, objective))
            _write(connection, objective, numbers)
    return tuple(sorted(((number, found[students]) for students, number in numbers.items()), key=lambda one: one[0]))


def assigned(copies: Iterable[tuple[str, ...]], known: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """The number of each copy.

    Args:
        copies: Whose each is.
        known: The numbers that trainees had.

    Returns:
        One number a copy, from 1, no two the same: a copy has the smallest that its people had and no other copy has.
    """
    numbers: dict[tuple[str, ...], int] = {}
    fresh: list[tuple[str, ...]] = []
    taken: set[int] = set()
    for students in sorted(copies):
        mine = min({known[student] for student in students if student in known} - taken, default=None)
        if mine is None:
            fresh.append(students)
        else:
            numbers[students] = mine
            taken.add(mine)
    _chance.shuffle(fresh)
    first = max((*known.values(), 0)) + 1
    return numbers | {students: first + rank for rank, students in enumerate(fresh)}


def _read(connection: Connection, objective: Objective) -> dict[str, int]:
    table = book.number
    rows = connection.execute(select(table.c.student, table.c.number).where(table.c.objective == objective.id))
    return {row.student: row.number for row in rows}


def _write(connection: Connection, objective: Objective, numbers: Mapping[tuple[str, ...], int]) -> None:
    table = book.number
    rows = [
        {"student": student, "objective": objective.id, "number": number}
        for students, number in numbers.items()
        for student in students
    ]
    kept = _read(connection, objective)
    changed = [row for row in rows if kept.get(row["student"]) != row["number"]]
    for row in changed:
        if row["student"] in kept:
            mine = (table.c.student == row["student"]) & (table.c.objective == objective.id)
            connection.execute(delete(table).where(mine))
    if changed:
        connection.execute(insert(table), changed)
