"""The bank of comments: texts that reviewers wrote before, offered again, most used first."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from course.instructor.cohort import schema

MOST = 500
LONGEST = 600  # characters; PostgreSQL's keys end at 2,704 bytes
SHORTEST = 8

# A full stop ends a sentence only before a capital, so that « p. 12 » and « 1,5 » are not split.
_END = re.compile(r"(?<=[.!?…»])\s+(?=[A-ZÀ-ÖØ-Þ«])|\n+")
_SPACE = re.compile(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")


def sentences(comment: str) -> tuple[str, ...]:
    """Return the texts of a comment to offer again: the whole comment, and each of its sentences.

    Args:
        comment: The comment as written.

    Returns:
        Texts on one line, `SHORTEST` to `LONGEST` characters, no two the same.
    """
    pieces = [_tidy(piece) for piece in _END.split(comment)]
    return tuple(dict.fromkeys(text for text in (_tidy(comment), *pieces) if SHORTEST <= len(text) <= LONGEST))


def offered(connection: Connection) -> tuple[str, ...]:
    """Return the bank, most used first, then latest first.

    Args:
        connection: An open gradebook.
    """
    table = schema.phrase
    query = select(table.c.text).order_by(table.c.uses.desc(), table.c.at.desc(), table.c.text)
    return tuple(connection.execute(query).scalars())


def learn(connection: Connection, comment: str, before: str = "") -> None:
    """Add the new texts of a comment to the bank; beyond `MOST` texts, the least used are removed.

    Args:
        connection: A gradebook opened for writing.
        comment: The comment as written.
        before: The previous comment, whose texts are already counted.
    """
    table = schema.phrase
    known = set(sentences(before))
    for text in sentences(comment):
        if text in known:
            continue
        now = datetime.now(UTC).replace(tzinfo=None)
        used = connection.execute(update(table).where(table.c.text == text).values(uses=table.c.uses + 1, at=now))
        if not used.rowcount:
            # Another reviewer may write the same text at the same moment.
            with suppress(IntegrityError), connection.begin_nested():
                connection.execute(insert(table).values(text=text, uses=1, at=now))
    if connection.execute(select(func.count()).select_from(table)).scalar_one() > MOST:
        for text in offered(connection)[MOST:]:
            forget(connection, text)


def forget(connection: Connection, text: str) -> None:
    """Remove one text from the bank."""
    connection.execute(delete(schema.phrase).where(schema.phrase.c.text == text))


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
