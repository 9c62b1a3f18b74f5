"""What was given back: each mark as the pages of a trainee have shown it, and what they show anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise

from sqlalchemy import Connection, insert, select

from course.core.words import day, points
from course.instructor.cohort import schema
from course.instructor.cohort.marks import Mark
from course.instructor.giveback.records import Record

Key = tuple[str, str]
"""A trainee's identifier and an objective."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A final mark as it was given back.

    Attributes:
        at: When, in UTC without a time zone.
        completeness: 0 to 6.
        quality: 0 to 14.
        digest: A digest of the levels and the comment.
    """

    at: datetime
    completeness: float
    quality: float
    digest: str

    @property
    def total(self) -> float:
        """The sum of both parts, 0 to 20."""
        return self.completeness + self.quality

    def is_same(self, other: Returned) -> bool:
        """Return whether two are the same mark, whenever they were given back."""
        return (self.completeness, self.quality, self.digest) == (other.completeness, other.quality, other.digest)


@dataclass(frozen=True, slots=True)
class Returns:
    """What a class was given back, with what is about to be.

    Attributes:
        known: All that was ever given back, in order, by trainee and objective; the new ones included.
        new: Those of `known` that the gradebook does not have yet.
    """

    known: Mapping[Key, tuple[Returned, ...]]
    new: Mapping[Key, Returned]

    def correction(self, student: str, objective: str) -> str:
        """Return the French sentence on the last change of a total since it was first given back; empty for none."""
        returns = self.known.get((student, objective), ())
        for before, after in reversed([*pairwise(returns)]):
            if before.total != after.total:
                return (
                    f"{points(after.total)} sur 20 depuis le {day(_local(after.at))}, au lieu de "
                    f"{points(before.total)} dans le retour du {day(_local(before.at))}."
                )
        return ""


def read(connection: Connection, records: Iterable[Record], now: datetime) -> Returns:
    """Read what was given back, and add the final marks that are given back now.

    Args:
        connection: An open gradebook.
        records: The trainees' records.
        now: The moment, in UTC without a time zone.
    """
    known: dict[Key, list[Returned]] = {}
    table = schema.returned
    for row in connection.execute(select(table).order_by(table.c.at, table.c.id)):
        one = Returned(row.at, row.completeness, row.quality, row.digest)
        known.setdefault((row.student, row.objective), []).append(one)
    new: dict[Key, Returned] = {}
    for record in records:
        for work in record.works.values():
            for mark in work.marked:
                key = (record.trainee.id, mark.objective)
                one = _of(mark, now)
                if key not in known or not known[key][-1].is_same(one):
                    known.setdefault(key, []).append(one)
                    new[key] = one
    return Returns({key: tuple(returns) for key, returns in known.items()}, new)


def keep(connection: Connection, returns: Returns) -> None:
    """Record in a gradebook opened for writing what is given back for the first time, or anew."""
    rows = [
        {
            "id": schema.identifier(),
            "student": student,
            "objective": objective,
            "at": one.at,
            "completeness": one.completeness,
            "quality": one.quality,
            "digest": one.digest,
        }
        for (student, objective), one in returns.new.items()
    ]
    if rows:
        connection.execute(insert(schema.returned), rows)


def _of(mark: Mark, now: datetime) -> Returned:
    content = repr((mark.levels, mark.comment.strip()))
    completeness, quality = float(mark.completeness or 0), float(mark.quality or 0)
    return Returned(now, completeness, quality, sha256(content.encode()).hexdigest())


def _local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
