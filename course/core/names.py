"""Names that come from somebody else: shown without harm, refused where they would do some, made fit for a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_NAME = 128
NOBODY = "sans-nom"
_LONGEST_SAFE = 60

# nbgrader puts a trainee's name raw into pages, and takes it for a pattern of file names.
_REFUSED = re.compile(r'[<>&"\\/*?\[\]]')

# Names that Windows keeps to itself: a class moves from one computer to another.
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


# Letters of French and of West African languages that have no decomposition.
_LETTERS = "œ=oe æ=ae ø=o đ=d ł=l ß=ss ɛ=e ɔ=o ŋ=n ɲ=ny ɓ=b ɗ=d ƴ=y ʋ=v ı=i"
_PLAIN = dict(pair.split("=") for text in (_LETTERS, _LETTERS.upper()) for pair in text.split())

OLD_ENCODINGS = ("cp1252", "mac_roman", "cp850", "cp437")
"""What Windows, old Macintoshes and DOS wrote, and some programs still do without saying so."""

# How often letters and signs beyond ASCII stand in French texts and names, roughly; any other Latin letter is 1.
_WEIGHTS = (("éÉ", 8), ("èÈïÏçÇ", 6), ("ëËêÊôÔâÂîÎàÀ", 4), ("ûÛùÙüÜœŒ’«»", 3), ("°€\xa0…–", 1))
_USUAL = {c: weight for signs, weight in _WEIGHTS for c in signs}
_ODD, _LOST, _CASE = -6, -10, -8


def legible(name: str, longest: int = MAX_NAME) -> str:
    """A name fit for a sentence: nothing invisible in it, and not too long.

    Args:
        name: As somebody else wrote it.
        longest: The most characters shown; what is cut off is an ellipsis.
    """
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def refused_name(name: str) -> str | None:
    """Why a folder's name cannot be a trainee's identifier, in French, or None when it can."""
    if not name or name.startswith(".") or name != name.strip() or len(name) > MAX_NAME or not name.isprintable():
        return "ce nom ne peut pas être celui d’un stagiaire"
    if name.endswith(".") or name.partition(".")[0].casefold() in RESERVED:
        return "Windows ne peut pas avoir de dossier de ce nom"
    if found := _REFUSED.search(name):
        return f"nbgrader ne sait pas traiter un nom qui contient « {found[0]} » : renommez ce dossier"
    return None


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
    return re.sub(r"[^A-Za-z0-9]+", "-", plain)[:_LONGEST_SAFE].strip("-")


def likeness(text: str) -> int:
    """How much a decoded text looks like French: usual letters add to it; odd signs and odd capitals subtract."""
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
    """What a name may be when its bytes were read in the wrong encoding, the likeliest first: « KABOR╔ », « KaborÃ© ».

    Args:
        name: As it was read.

    Returns:
        Other names, all in likely letters; none for a name in ASCII or in letters of another script.
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
    """Whether all letters of a name are such as French names have, and its capitals where they should be."""
    foreign = [c for c in name if c > "\x7f"]
    return all(c == "’" or (c.isalpha() and _weight(c) > 0) for c in foreign) and likeness(name) >= len(foreign)
