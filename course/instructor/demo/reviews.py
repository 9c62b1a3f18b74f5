"""The marks of a fictional instructor, given to some of the copies of the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection

from course.core import rubric, syllabus
from course.core.syllabus import Objective
from course.instructor.cohort import copies, marks, reviews
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.reviews import Review
from course.instructor.demo.people import Group

REVIEWER = "Formatrice d’essai"

# By the usual level of the group.
_COMMENTS = (
    (
        "Vos actions redisent l’option. Partez d’un fait du district, puis dites qui fait quoi lundi prochain.",
        "Il manque les personnes : à quel moment décident-elles avec vous ?",
    ),
    (
        "L’idée tient. Ajoutez une base, une cible et une date : vous saurez alors si cela marche.",
        "Bonne chaîne entre la stratégie et l’action. Qui signe, qui paie ? Dites-le.",
        "Vous consultez les usagers ; faites-les aussi décider d’une chose.",
    ),
    (
        "Très concret : on voit qui commence, où, et avec quels moyens.",
        "Le chiffre du district est bien choisi. Gardez cette façon de faire pour les autres options.",
        "Les personnes participent à la décision : c’est le cœur du cours.",
    ),
)


def review(connection: Connection, cohort: Cohort, groups: tuple[Group, ...]) -> int:
    """Mark the reviewed goals of each group's habit.

    Args:
        connection: The gradebook of the demonstration, opened for writing.
        cohort: The demonstration; its copies are graded.
        groups: The class.

    Returns:
        The number of canvases marked.
    """
    number = 0
    for group, copy, objective in _reviewed(cohort, groups):
        level = group.habit.level
        draws = sha256(f"{group.name} {objective.id}".encode()).digest()
        levels = tuple(_level(level, draw) for draw in draws[: len(rubric.load())])
        comments = _COMMENTS[level]
        comment = comments[draws[-1] % len(comments)] if draws[-2] % 3 else ""
        before = marks.read(connection, students=copy.students, objectives=[objective])
        mark = Review(levels, comment, reviewer=REVIEWER)
        reviews.give(connection, copy.students, objective, mark, marks.state(before))
        number += 1
    return number


def _reviewed(cohort: Cohort, groups: tuple[Group, ...]) -> Iterator[tuple[Group, Copy, Objective]]:
    group_of = {member.id: group for group in groups for member in group.members}
    for goal in syllabus.load().goals:
        for copy in copies.read_all(cohort, goal):
            group = group_of[copy.students[0]]
            if goal.id in group.habit.reviewed:
                yield from ((group, copy, objective) for objective in goal.objectives)


def _level(usual: int, draw: int) -> int:
    """Return the usual level, sometimes one more or one less."""
    return min(2, max(0, usual + (0, 0, 0, -1, 1)[draw % 5]))
