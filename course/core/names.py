"""Untrusted names: safe to display, refused where they are dangerous, converted to file names."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_NAME = 128
NOBODY = "sans-nom"
_LONGEST_SAFE = 60

# nbgrader puts a trainee's name into pages unescaped, and uses it as a pattern of file names.
_REFUSED = re.compile(r'[<>&"\\/*?\[\]]')

# Names reserved by Windows: a class moves from one computer to another.
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


# Letters of French and of West African languages that have no Unicode decomposition.
_LETTERS = "œ=oe æ=ae ø=o đ=d ł=l ß=ss ɛ=e ɔ=o ŋ=n ɲ=ny ɓ=b ɗ=d ƴ=y ʋ=v ı=i"
_PLAIN = dict(pair.split("=") for text in (_LETTERS, _LETTERS.upper()) for pair in text.split())

OLD_ENCODINGS = ("cp1252", "mac_roman", "cp850", "cp437")
"""Encodings of Windows, old Macintoshes and DOS, which some programs still write without declaring them."""

# Rough frequencies of non-ASCII characters in French texts and names; any other Latin letter counts 1.
_WEIGHTS = (("éÉ", 8), ("èÈïÏçÇ", 6), ("ëËêÊôÔâÂîÎàÀ", 4), ("ûÛùÙüÜœŒ’«»", 3), ("°€\xa0…–", 1))
_USUAL = {c: weight for signs, weight in _WEIGHTS for c in signs}
_ODD, _LOST, _CASE = -6, -10, -8


def legible(name: str, longest: int = MAX_NAME) -> str:
    """Return a name fit for a sentence: without invisible characters, and shortened.

    Args:
        name: An untrusted name.
        longest: The maximum number of characters; an ellipsis replaces the rest.
    """
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def refused_name(name: str) -> str | None:
    """Return why a folder's name cannot be a trainee's identifier, in French, or None when it can."""
    if not name or name.startswith(".") or name != name.strip() or len(name) > MAX_NAME or not name.isprintable():
        return "ce nom ne peut pas être celui d’un stagiaire"
    if name.endswith(".") or name.partition(".")[0].casefold() in RESERVED:
        return "Windows ne peut pas avoir de dossier de ce nom"
    if match := _REFUSED.search(name):
        return f"nbgrader ne sait pas traiter un nom qui contient « {match[0]} » : renommez ce dossier"
    return None


def safe(text: str) -> str:
    """Convert a name to 1 to 60 ASCII letters, digits and hyphens.

    Args:
        text: For example « Équipe d’Awa ».

    Returns:
        `Equipe-d-Awa`; for a name without a letter that has an ASCII equivalent, `equipe-` and six digits of its hash,
        so that two such names differ; for an empty one, `sans-nom`.
    """
    if not text.strip():
        return NOBODY
    return ascii_name(text) or f"equipe-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def ascii_name(text: str) -> str:
    """Convert a name as `safe` does, without a substitute: empty when no character has an ASCII equivalent."""
    decomposed = unicodedata.normalize("NFKD", "".join(_PLAIN.get(c, c) for c in text))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain)[:_LONGEST_SAFE].strip("-")


def likeness(text: str) -> int:
    """Score how much a decoded text looks like French: usual letters add; odd signs and odd capitals subtract."""
    score = 0
    for word in re.findall(r"[^\W\d_]+|\W", text):
        foreign = [c for c in word if c > "\x7f"]
        score += sum(_weight(c) for c in foreign)
        if foreign and word.isalpha() and not (word.isupper() or word[1:].islower() or len(word) == 1):
            score += _CASE
    return score


def _weight(c: str) -> int:
    if c in _USUAL:
        return _USUAL[c]
    if c == "\N{REPLACEMENT CHARACTER}":
        return _LOST
    return 1 if unicodedata.name(c, "").startswith("LATIN ") else _ODD


def respelled(name: str) -> list[str]:
    """Return the likely originals of a name read in the wrong encoding (« KABOR╔ », « KaborÃ© »), the likeliest first.

    Args:
        name: The name as read.

    Returns:
        Other names, all in likely letters; none for a name in ASCII or in another script.
    """
    others = set()
    if not name.isascii():
        for written in OLD_ENCODINGS:
            for read in ("utf-8", *OLD_ENCODINGS):
                try:
                    others.add(unicodedata.normalize("NFC", name.encode(written).decode(read)))
                except UnicodeError:
                    continue
    return sorted((other for other in others - {name} if is_likely(other)), key=lambda other: (-likeness(other), other))


def is_likely(name: str) -> bool:
    """Return True for a name of letters usual in French names, its capitals in usual places."""
    foreign = [c for c in name if c > "\x7f"]
    return all(c == "’" or (c.isalpha() and _weight(c) > 0) for c in foreign) and likeness(name) >= len(foreign)
