"""Names of files for what is handed in: safe on any file system, whatever the group is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from course.core.syllabus import Goal
from course.core.team import Team

NOBODY = "sans-nom"
_LONGEST = 60

# Letters of French and of West African languages that have no decomposition.
_LETTERS = "œ=oe æ=ae ø=o đ=d ł=l ß=ss ɛ=e ɔ=o ŋ=n ɲ=ny ɓ=b ɗ=d ƴ=y ʋ=v ı=i"
_PLAIN = dict(pair.split("=") for text in (_LETTERS, _LETTERS.upper()) for pair in text.split())


def safe(text: str) -> str:
    """A name as letters, digits and hyphens of ASCII, 1 to 60 of them.

    Args:
        text: For example « Équipe d’Awa ».

    Returns:
        `Equipe-d-Awa`; for a name without a letter that ASCII can stand for, `equipe-` and six digits of its hash,
        so that two such names stay apart; for an empty one, `sans-nom`.
    """
    if not text.strip():
        return NOBODY
    return ascii_name(text) or f"equipe-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def ascii_name(text: str) -> str:
    """The same without a substitute: empty for a text without a letter or digit that ASCII can stand for."""
    decomposed = unicodedata.normalize("NFKD", "".join(_PLAIN.get(c, c) for c in text))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain)[:_LONGEST].strip("-")


def stem_of(team: Team, goal: Goal) -> str:
    """The name, without ending, of what a team hands in for a goal: `Groupe-3_but-1`."""
    return f"{safe(team.group or next(iter(team.members), ''))}_{goal.assignment}"
