"""French as figures write it: numbers, shares, units and the spaces before signs."""

from __future__ import annotations

import re
from collections.abc import Iterable

NARROW, FIRM = "\u202f", "\u00a0"
_LOOSE = "a|à|de|dont|d’entre|en|et|ne|n’|ont|ou|sont|sur|viennent"  # words that a number does not hold


def typeset(said: str) -> str:
    """A text typed with plain spaces, with French no-break ones and a capital at the head of each sentence."""
    said = re.sub(r"(?<=\. )\w", lambda first: first[0].upper(), said.strip())
    said = re.sub(r" (?=[;!?»])", NARROW, said)
    said = re.sub(r"(?<=«) ", NARROW, said)
    said = re.sub(r" (?=[:%])", FIRM, said)
    return re.sub(rf"\b(\d[\d,{NARROW}]*) (?!(?:{_LOOSE})\b)(?=[a-zA-ZÀ-ÿ])", rf"\1{FIRM}", said)


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
