"""Names of people as they are written here and there: which are the same, which are near, which a path holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_APOSTROPHES = "'’ʼ‘`´ʹ"
_HYPHENS = "-‐‑–—"
# Vowel signs that Arabic texts have or leave out; in other scripts such signs are letters, and stay.
_TASHKIL = range(0x064B, 0x0653)

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)", re.S)
_ENDINGS = re.compile(r"\.(zip|json|ipynb|html?|recu)$", re.I)
# What browsers, systems and the course itself add to a name.
_ADDED = re.compile(
    r"\(\d+\)|\bcopie( de)?\b|\bcopy( of)?\b|\bbut[ _-]?[1-5]\b|\bcanevas\b|\bmes[ _-]r[ée]ponses\b|\br[ée]ponses?\b"
    r"|\bremises?\b|\d{4}-\d{2}-\d{2}|(?<!\d)[1-5]\.[1-9](?!\d)|\bsans[ _-]nom\b",
    re.I,
)
# Folders' and files' names that are nobody's.
_GENERIC_WORDS = """
exercises modules cohort data precedentes reponses remises participant telechargements downloads bureau desktop
documents inbound submitted pieces jointes attachments session classe moodle zip travail travaux devoir devoirs cahier
cahiers classeur final finale version nouveau dossier
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a file came in: the names on its path.

    Attributes:
        person: Whom Moodle says it comes from; empty when it does not come from there.
        number: The number that Moodle gives this person's hand-in.
        names: What may be a name, the nearest to the file first.
        outer: The same of what the instructor named: it may be a trainee's name, but never makes one.
    """

    person: str = ""
    number: str = ""
    names: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()


def keys(name: str) -> frozenset[str]:
    """What two writings of one name have in common: neither accents, case, punctuation nor the order of words count.

    Args:
        name: For example « KABORÉ Awa ».

    Returns:
        One key, or two for a name with an apostrophe or a hyphen, which some leave out: two names are the same when
        they share one. None for a name without a letter or a digit.
    """
    bare = "".join(c for c in name if c not in _APOSTROPHES + _HYPHENS)
    return frozenset(filter(None, (_key(name), _key(bare))))


def _key(name: str) -> str:
    letters: list[str] = []
    latin = False
    for c in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()):
        category = unicodedata.category(c)
        if category == "Cf" or ord(c) in _TASHKIL or (category == "Mn" and latin):
            continue
        if category[0] != "M":
            latin = category[0] == "L" and unicodedata.name(c, "").startswith("LATIN")
        letters.append(c if category[0] in "LMN" else " ")
    return " ".join(sorted(unicodedata.normalize("NFC", "".join(letters)).split()))


def nearest(name: str, others: Iterable[tuple[str, str]]) -> list[str]:
    """The names most like one, the most like it first.

    Args:
        name: As written.
        others: Pairs of a name and what stands for it.

    Returns:
        What stands for at most five of them. It is for a person to choose: nothing is ever matched by likeness.
    """
    wanted = _key(name)
    scored = [(_likeness(wanted, _key(other)), other, what) for other, what in others]
    return [what for score, _, what in sorted(scored, key=lambda each: (-each[0], each[1]))[:_NEAREST] if score > 0]


def _likeness(one: str, other: str) -> float:
    shared = len(set(one.split()) & set(other.split()))
    ratio = SequenceMatcher(None, one, other).ratio()
    return shared + ratio if shared or ratio >= 0.4 else 0


def may_be(one: str, other: str) -> bool:
    """Whether two writings do not contradict each other: « Awa T. » and « Awa Traoré ».

    It silences a warning; it never says whose a file is.
    """
    short, long = sorted((_key(one).split(), _key(other).split()), key=len)
    return bool(short) and all(any(word.startswith(part) for word in long) for part in short)


def envelope(outer: str, inner: Sequence[str], alone: bool) -> Envelope:
    """The names on a file's path.

    Args:
        outer: The name of what the instructor named.
        inner: The names of folders, zips and the file below it, from the outside in.
        alone: Whether the instructor named the file itself.
    """
    person = number = ""
    names: list[str] = []
    for name in (*inner, *((outer,) if alone else ())):
        rest = name
        if found := _MOODLE.fullmatch(name):
            person, number, rest = _tidy(found["name"]), found["number"], found["rest"]
        names.insert(0, _plain(rest))
    if _is_generic(person):
        person = ""
    written = [person, *names]
    return Envelope(
        person,
        number,
        tuple(dict.fromkeys(name for name in written if not _is_generic(name))),
        () if alone or _is_generic(_plain(outer)) else (_plain(outer),),
    )


def _plain(name: str) -> str:
    """A file's or folder's name without what is added to a person's."""
    for _ in range(3):
        name = _ENDINGS.sub("", name.strip())
    return _tidy(_ADDED.sub(" ", name.replace("_", " "))).strip(" -.,;")


def _tidy(name: str) -> str:
    visible = (c if unicodedata.category(c)[0] != "C" else " " for c in name)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())[:120]


def _is_generic(name: str) -> bool:
    words = _key(name).split()
    return not any(c.isalpha() for c in name) or all(word in _GENERIC or word.isdigit() for word in words)
