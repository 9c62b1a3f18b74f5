"""Layouts of a canvas in other programs: the words of headings, the marks of lists; for Python and pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {
    "number": "n|no|nº|num|numero|ordre|rang",
    "goal": "buts?",
    "objective": "objectifs?",
    "option": "options?",
    "label": "intitules?|libelles?",
    "mark": "repere",
    "strategy": r"strategies?(?: \d+)?",
    "action": r"(?:actions?|activites?|taches?)(?: \d+)?",
    "responsible": "(?:personnes? |acteurs? )?responsables?|pilotes?|qui",
    "due": "(?:date d )?echeances?|echeancier|delais?|dates?(?: limites?| prevues?)?|calendrier|quand|periodes?",
    "indicator": "indicateurs?",
}
"""The patterns of plain headings of a canvas by kind; Python and JavaScript read them alike."""

PLAN: Mapping[str, str] = {
    **{kind: HEADINGS[kind] for kind in ("number", "mark", "label", "strategy", "action", "responsible")},
    "option": "options?|canevas|buts?|objectifs?|buts? (?:et )?objectifs?",
    "partners": "partenaires?(?: impliques?| concernes?)?|acteurs impliques",
    **{f"t{n}": f"(?:t|q|trim|trimestre)[ ]?{n}|{n}(?:er?|eme) trimestre" for n in range(1, 5)},
    "cost": "couts?(?: estimes?| total| estimatifs?)?|budgets?|montants?",
    "funding": "(?:sources? de )?financements?|bailleurs?",
    "indicator": "indicateurs?",
    "baseline": "(?:valeur |ligne )?(?:de )?(?:base|reference)|situation de depart",
    "target": "(?:valeur )?cibles?",
    "verification": "(?:sources?|moyens?) de verification",
    "frequency": "frequences?(?: de (?:collecte|mesure))?|periodicites?",
    "impact": "impact",
    "effort": "efforts?",
    "urgency": "urgence",
    "principles": "principes?",
}
"""The same for a plan."""

SIGNS = "•◦▪▫‣⁃∙·●○■□◆◇❖➢➤►▶✓✔*\ue000-\uf8ff"
"""The signs of lists, as the inside of a character class."""
LETTERS = "§Øøüvqolnuwàèð¨®"
"""The signs of symbol fonts, once they are plain text."""
ARROWS = "→⇒⟶➔➜▸▹►▻☐☑☒✗✘✕✖✅❏❑★☆–—-"
"""Further marks of a list, as letters are, before a tab alone."""

SPACES = "[\t\u00a0\u2007\u202f\u2000-\u200a\u3000 ]+"
"""The pattern of spaces that become one."""
INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
"""That of signs without width, which go; so do lone surrogates, for which both languages have words of their own."""
QUOTES = (("[“„]\\s?", "« "), ("\\s?”", " »"), ("[‘‛`´]", "’"))
"""The patterns of quotation marks and apostrophes, each with the French ones in their place."""

_LOOSE_WORDS = 6
_BULLET = re.compile(rf"\s*(?:[{SIGNS}]\ufe0f?|[-–—](?=\s)|o(?=\s{{2,}})|[{LETTERS}{ARROWS}]\ufe0f?(?=\t))\s*")
_RANK = re.compile(r"\s*\(?(?:\d{1,2}|[a-z])[.)][ \t\u00a0]+(?=\S)", re.I)
_SPACES = re.compile(SPACES)
_INVISIBLE = re.compile(f"{INVISIBLE}|[\ud800-\udfff]")
_BREAK = re.compile("\r\n?|\u2028|\u2029|\v")


def plain(text: str) -> str:
    """Return a text in small letters without accents, its words and numbers separated by single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return " ".join(re.findall(r"[^\W_]+", bare.lower()))


def kind_of(heading: str, headings: Mapping[str, str] = HEADINGS, *, loose: bool = False) -> str:
    """Return the kind of a heading; empty for another text.

    Args:
        heading: The cell.
        headings: The patterns by kind, of a canvas or a plan.
        loose: Whether a longer name counts by its first word, as « Indicateur de suivi » beside known headings.
    """
    name = plain(re.sub(r"\([^)]*\)", "", heading[:200]))
    kind = next((kind for kind, words in headings.items() if re.fullmatch(words, name)), "")
    words = name.split(" ")
    return kind or (kind_of(words[0], headings) if loose and 1 < len(words) < _LOOSE_WORDS else "")


def cleaned(text: str) -> str:
    """Return a text of another program as somebody would have typed it, without the marks of lists."""
    lines = [
        _SPACES.sub(" ", _INVISIBLE.sub("", _BULLET.sub("", line, count=1) if _BULLET.match(line) else line)).strip()
        for line in _BREAK.sub("\n", text).split("\n")
    ]
    kept = [line for rank, line in enumerate(lines) if line or (rank and lines[rank - 1])]
    clean = "\n".join(kept)
    for pattern, quote in QUOTES:
        clean = re.sub(pattern, quote, clean)
    return clean.strip()


def items(text: str) -> list[str] | None:
    """Return the items of a text that is a list, each cleaned; None for any other text."""
    lines = [line for line in _BREAK.sub("\n", text).split("\n") if line.strip()]
    if len(lines) < 2 or not all(_BULLET.match(line) or _RANK.match(line) for line in lines):
        return None
    return [cleaned(_RANK.sub("", line, count=1)) for line in lines]
