"""French words for numbers, counts, marks, dates and lists, with their no-break spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

NARROW, FIRM = "\u202f", "\u00a0"
# Words before which a line may break after a number.
_LOOSE = "a|à|de|dont|d’entre|en|et|ne|n’|ont|ou|sont|sur|viennent"


def typeset(text: str) -> str:
    """Put French no-break spaces into a text typed with plain ones, and a capital at the start of each sentence."""
    text = re.sub(r"(?<=\. )\w", lambda letter: letter[0].upper(), text.strip())
    text = re.sub(r" (?=[;!?»])", NARROW, text)
    text = re.sub(r"(?<=«) ", NARROW, text)
    text = re.sub(r" (?=[:%])", FIRM, text)
    return re.sub(rf"\b(\d[\d,{NARROW}]*) (?!(?:{_LOOSE})\b)(?=[a-zA-ZÀ-ÿ])", rf"\1{FIRM}", text)


def french(value: float, digits: int = 0) -> str:
    """Format a number with a decimal comma and separated thousands."""
    return f"{value:,.{digits}f}".replace(",", NARROW).replace(".", ",").replace("-", "−")


def percent(share: float) -> str:
    """Format a share, 0 to 1, in per cent, with a no-break space before the sign."""
    return f"{french(100 * share)}{FIRM}%"


def listed(parts: Iterable[str]) -> str:
    """Join parts of a sentence with commas, and « et » before the last."""
    *others, last = parts
    return f"{', '.join(others)} et {last}" if others else last


def few(names: Sequence[str], most: int) -> str:
    """Join names, and count those beyond `most`: « Awa, Paul et 3 autres »."""
    shown = ", ".join(names[:most])
    return f"{shown} et {counted(len(names) - most, 'autre')}" if len(names) > most else shown


def points(value: Fraction | float) -> str:
    """Format a mark with a decimal comma and no trailing zeros: `1,5`, `2`; six digits at most."""
    return f"{float(value):g}".replace(".", ",")


def counted(number: int, one: str, many: str = "") -> str:
    """Format a number with its noun: « 1 copie corrigée », « 3 copies corrigées ».

    Args:
        number: 0 or more; 0 takes the singular.
        one: The noun and its adjectives in the singular.
        many: The same in the plural; by default an « s » is added to each word.
    """
    plural = many or " ".join(f"{word}s" for word in one.split())
    return f"{french(number)} {one if number < 2 else plural}"


def day(date: datetime) -> str:
    """Format a date in local time: « 22/11/2026 »."""
    return f"{date.astimezone():%d/%m/%Y}"


def brief(date: datetime) -> str:
    """Format a moment for a narrow column, without the year, in local time: « 22/11 10:05 »."""
    return f"{date.astimezone():%d/%m %H:%M}"


def moment(date: datetime, *, zone: bool = False) -> str:
    """Format a moment in local time: « 22/11/2026 à 10 h 05 ».

    Args:
        date: The moment; local when it has no time zone.
        zone: Whether to append the offset from UTC, as on printed receipts: « (UTC+1) ».
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
