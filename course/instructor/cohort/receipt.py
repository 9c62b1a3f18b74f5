"""The date and the secret that the exchange adds to a submission; both are checked as the rest of it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from course.core.files import read_bytes
from course.core.refusal import Unreadable

DATE = "timestamp.txt"
SECRET = "submission_secret.txt"
MAX_DATE_BYTES = 100
MAX_SECRET_BYTES = 512

# dateutil opens a file for a time zone that looks like a path.
_DATE = re.compile(r"(?!.*(\.\.| /))[\w :.,+/-]+", re.ASCII)
_SECRET = re.compile(r"[\w=-]{16,}", re.ASCII)


@lru_cache(maxsize=1024)
def parsed(text: str) -> datetime:
    """Return the moment of a date of the exchange, in UTC and without a time zone.

    Args:
        text: For example « 2026-11-22 10:00:00.000000 UTC ».

    Raises:
        ValueError: nbgrader cannot read it as a date.
    """
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    try:
        return _parse_utc(text)
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError) as error:
        raise ValueError(text) from error


def read_date(folder: Path, *parts: str) -> str | None:
    """Return the date of a submission as written, once it is known to be one.

    Args:
        folder: A trusted folder.
        parts: The submission's folder below it, one name each; no link is followed.

    Returns:
        The text, without spaces around it, or None when the submission has no date.

    Raises:
        Unreadable: There is a `timestamp.txt`, and it is no date.
    """
    raw = read_bytes(folder, *parts, DATE, limit=MAX_DATE_BYTES)
    if raw is None:
        return None
    try:
        text = raw.decode("ascii").strip()
        parsed(text)
    except ValueError:
        raise Unreadable("Ce n’est pas une date que nbgrader comprend.") from None
    return text


def read_secret(folder: Path, *parts: str) -> str | None:
    """Return the secret under which the feedback on a submission is given back; None when it has none.

    Args:
        folder: A trusted folder.
        parts: The submission's folder below it, one name each; no link is followed.

    Raises:
        Unreadable: There is a `submission_secret.txt`, and it is not what `nbgrader submit` writes.
    """
    raw = read_bytes(folder, *parts, SECRET, limit=MAX_SECRET_BYTES)
    if raw is None:
        return None
    text = raw.decode("ascii", errors="replace").strip()
    if not _SECRET.fullmatch(text):
        raise Unreadable("Ce n’est pas le code que « nbgrader submit » écrit.")
    return text


def moment_of(folder: Path, *parts: str) -> datetime | None:
    """Return the moment of a submission, in UTC and without a time zone; None without a valid date.

    Args:
        folder: A trusted folder.
        parts: The submission's folder below it, one name each; no link is followed.
    """
    try:
        text = read_date(folder, *parts)
    except Unreadable:
        return None
    return None if text is None else parsed(text)


def _parse_utc(text: str) -> datetime:
    """Do as `nbgrader.utils.parse_utc`, which takes seconds to import; a test compares."""
    import dateutil.parser  # noqa: PLC0415 - pandas has it too, but reading a class's files needs no date
    import dateutil.tz  # noqa: PLC0415

    parts = text.split(" ")
    if len(parts) == 3:
        zone = int(parts[2]) if re.fullmatch(r"[+-]?\d+", parts[2]) else dateutil.tz.gettz(parts[2])
        moment = dateutil.parser.parse(" ".join([*parts[:2], "TZ"]), tzinfos={"TZ": zone})
    else:
        moment = dateutil.parser.parse(text)
    return moment if moment.tzinfo is None else moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())
