"""A person of a class: everybody who has something there, and the one whom an instructor names."""

from __future__ import annotations

import re
from contextlib import suppress

from sqlalchemy import select

from course.core.names import refused_name
from course.core.refusal import Refusal
from course.instructor.cohort import roster, schema
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import keys, nearest

_SHOWN = 12


def find(cohort: Cohort, asked: str) -> Trainee:
    """Return the person whom an instructor names.

    Args:
        cohort: The class.
        asked: An identifier, or a name in any spelling.

    Raises:
        Refusal: Nobody has that name, or several may: the sentence names them.
    """
    known = everybody(cohort)
    asked = " ".join(asked.split())
    matches = [person for person in known if person.id == asked]
    matches = matches or [person for person in known if person.id.casefold() == asked.casefold()]
    matches = matches or [person for person in known if asked and keys(asked) & (keys(person.name) | keys(person.id))]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Refusal(f"« {asked} » peut être {_listed(matches)} : donnez l’identifiant.")
    near = nearest(asked, [(person.name, person.id) for person in known] + [(person.id, person.id) for person in known])
    like = [person for person in known if person.id in near]
    hint = f" Est-ce {_listed(like)} ?" if like else ""
    raise Refusal(f"Personne ne s’appelle « {asked} » dans cette promotion.{hint}")


def everybody(cohort: Cohort) -> list[Trainee]:
    """Return everybody in the list of trainees, in the gradebook, or with a folder."""
    known = {person.id: person for person in roster.read(cohort)}
    columns = schema.student.c
    with opened(cohort) as connection:
        query = select(columns.id, columns.first_name, columns.last_name, columns.email)
        rows = connection.execute(query).all()
    for row in rows:
        if row.id in ("", ".", "..") or re.search(r"[/\\\0]", row.id):
            continue  # no name of a folder: its path leads elsewhere
        person = known.get(row.id, Trainee(row.id))
        if not (person.first_name or person.last_name):
            email = person.email or row.email or ""
            known[row.id] = Trainee(row.id, row.first_name or "", row.last_name or "", email, person.group)
    for home in cohort.trainee_homes:
        with suppress(OSError):
            for folder in home.iterdir():
                if not refused_name(folder.name):
                    known.setdefault(folder.name, Trainee(folder.name))
    return list(known.values())


def _listed(trainees: list[Trainee]) -> str:
    names = [f"« {person.id} » ({person.name})" for person in trainees[:_SHOWN]]
    return " ou ".join(names) + (" …" if len(trainees) > _SHOWN else "")
