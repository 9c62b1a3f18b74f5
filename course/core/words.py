"""French words for numbers, counts, marks, dates and lists, with their no-break spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

NARROW, FIRM = "\u202f", "\u00a0"
_LOOSE = "a|à|de|dont|d’entre|en|et|ne|n’|ont|ou|sont|sur|viennent"  # words that a number may be parted from


def typeset(text: str) -> str:
    """A text typed with plain spaces, with French no-break spaces and a capital at the start of each sentence."""
    text = re.sub(r"(?<=\. )\w", lambda first: first[0].upper(), text.strip())
    text = re.sub(r" (?=[;!?»])", NARROW, text)
    text = re.sub(r"(?<=«) ", NARROW, text)
    text = re.sub(r" (?=[:%])", FIRM, text)
    return re.sub(rf"\b(\d[\d,{NARROW}]*) (?!(?:{_LOOSE})\b)(?=[a-zA-ZÀ-ÿ])", rf"\1{FIRM}", text)


def french(value: float, digits: int = 0) -> str:
    """A number: decimal comma, thousands apart."""
    return f"{value:,.{digits}f}".replace(",", NARROW).replace(".", ",").replace("-", "−")


def percent(share: float, digits: int = 0) -> str:
    """A share, 0 to 1, in per cent; the sign stands after a no-break space."""
    return f"{french(100 * share, digits)}{FIRM}%"


def listed(parts: Iterable[str]) -> str:
    """Parts of a sentence, one after the other, the last after « et »."""
    *others, last = parts
    return f"{', '.join(others)} et {last}" if others else last


def few(names: Sequence[str], most: int) -> str:
    """Names in a sentence, « Awa, Paul et 3 autres »; all of them when there are at most `most`."""
    shown = ", ".join(names[:most])
    return f"{shown} et {counted(len(names) - most, 'autre')}" if len(names) > most else shown


def points(value: Fraction | float) -> str:
    """A mark with a decimal comma and no trailing zeros: `1,5`, `2`; six digits at most."""
    return f"{float(value):g}".replace(".", ",")


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: « 1 copie corrigée », « 3 copies corrigées ».

    Args:
        number: 0 or more; French counts 0 as one.
        one: The noun and its adjectives in the singular.
        many: In the plural; by default an « s » is added to each word.
    """
    plural = many or " ".join(f"{word}s" for word in one.split())
    return f"{french(number)} {one if number < 2 else plural}"


def day(date: datetime) -> str:
    """A date in the computer's own time: « 22/11/2026 »."""
    return f"{date.astimezone():%d/%m/%Y}"


def brief(date: datetime) -> str:
    """A moment of this year in a narrow column, in the computer's own time: « 22/11 10:05 »."""
    return f"{date.astimezone():%d/%m %H:%M}"


def moment(date: datetime, *, zone: bool = False) -> str:
    """A moment in the computer's own time: « 22/11/2026 à 10 h 05 ».

    Args:
        date: The moment; one without a time zone is in the computer's own.
        zone: Whether to say how far that time is from universal time, as on paper that travels: « (UTC+1) ».
    """
    local = date.astimezone()
    sentence = f"{local:%d/%m/%Y} à {local:%H}{FIRM}h{FIRM}{local:%M}"
    return f"{sentence} ({_offset(local)})" if zone else sentence


def _offset(local: datetime) -> str:
    shift = local.utcoffset()
    minutes = 0 if shift is None else round(shift.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "" if not minutes else "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours or ''}{f':{rest:02d}' if rest else ''}"
