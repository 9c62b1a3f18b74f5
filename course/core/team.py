"""The team of a workbook: names of people and of a group, in `equipe.json` at the root of the workbook."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.core import documents, files
from course.core.documents import read_fields
from course.core.files import read_bytes
from course.core.folders import EXERCISES, root_of
from course.core.refusal import Unreadable
from course.core.words import few

FILE = "equipe.json"
FORMAT = "equipe/1"
MAX_BYTES = 64 * 1024
MAX_MEMBERS = 40
MAX_NAME = 120
_SHORTEST = 4  # letters of a word that may be misspelled
_LONG = 8  # letters of one with two mistakes
_APOSTROPHES = "'’ʼ‘`"
_NAMED = 6  # members named in a sentence; the others are counted

# Some scripts need joiners; other invisible characters hide text or reverse its direction.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Team:
    """The people working in a workbook.

    Attributes:
        group: The group's name, at most `MAX_NAME` characters; may be empty.
        members: At most `MAX_MEMBERS` names, none empty, each at most `MAX_NAME` characters.
    """

    group: str = ""
    members: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return True when the team has a name."""
        return bool(self.group or self.members)

    def __str__(self) -> str:
        """Return the team in words: « Groupe 3 (Awa T., Paul K.) »; empty without a name."""
        names = few(self.members, _NAMED)
        return f"{self.group} ({names})" if self.group and names else self.group or names


def same_people(before: Team, after: Team) -> bool:
    """Whether everybody who was named is named still, spelled alike or more fully; others may have joined.

    Args:
        before: Who was named; nobody is in everybody.
        after: Who is named now.
    """
    if before.group and not _is_alike(before.group, after.group):
        return False
    return len(_pairs(before, after)) == len(before.members)


def grown(before: Team, after: Team) -> Team:
    """A team with those who joined it; who was in it keeps the former spelling, unless the name has more words now.

    Args:
        before: The team.
        after: The `same_people`, and perhaps more.
    """
    former = {new: old for old, new in _pairs(before, after).items()}
    return Team(
        before.group or after.group,
        tuple(
            name
            if at not in former or len(_words(name)) > len(_words(before.members[former[at]]))
            else before.members[former[at]]
            for at, name in enumerate(after.members)
        ),
    )


def newcomers(before: Team, after: Team) -> Team:
    """Those of a team who were not in another one; all of it when there is none such, or when nobody of it was.

    Args:
        before: Who was there first, whose names may still stand among those that were typed over.
        after: What was typed.
    """
    stayed = set(_pairs(before, after).values())
    if not stayed and before.members:
        return after
    group = "" if after.group == before.group else after.group
    return Team(group, tuple(name for at, name in enumerate(after.members) if at not in stayed)) or after


def _pairs(before: Team, after: Team) -> dict[int, int]:
    """By the place of a member before, that of the same person after."""
    pairs: dict[int, int] = {}
    free = list(range(len(after.members)))
    for is_one in (_is_equal, _is_one):
        for old, name in enumerate(before.members):
            if old not in pairs:
                place = next((new for new in free if is_one(name, after.members[new])), None)
                if place is not None:
                    pairs[old] = place
                    free.remove(place)
    return pairs


def _is_equal(before: str, after: str) -> bool:
    return before == after or (bool(_words(before)) and sorted(_words(before)) == sorted(_words(after)))


def _is_one(before: str, after: str) -> bool:
    """Whether a person's name is spelled alike, or with more words, or with a word for an initial."""
    words, others = _words(before), _words(after)
    if not words or _numbers(before) != _numbers(after):
        return before == after
    if not Counter(words) - Counter(others):
        return True
    return len(words) <= len(others) and all(
        _is_near(one, other) or (len(one) == 1 and other.startswith(one))
        for one, other in zip(words, others, strict=False)
    )


def _is_alike(before: str, after: str) -> bool:
    """Whether a group's name is spelled alike; « Groupe 2 » is another group than « Groupe 1 »."""
    words, others = _words(before), _words(after)
    if not words or len(words) != len(others) or _numbers(before) != _numbers(after):
        return before == after
    return all(map(_is_near, words, others))


def _is_near(one: str, other: str) -> bool:
    """Whether two words are one, misspelled: short names and first letters tell people apart."""
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST or one[0] != other[0]:
        return False
    return _distance(one, other) <= (1 if max(len(one), len(other)) < _LONG else 2)


def _distance(one: str, other: str) -> int:
    """The number of letters to add, drop, change, or swap with the next: the optimal string alignment distance."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, second in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != second))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == second:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _words(name: str) -> list[str]:
    return _plain(name).split()


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", _plain(name))


def _plain(name: str) -> str:
    """A name without accents, capitals and punctuation; a hyphen parts two words."""
    letters = (c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else "" if c in _APOSTROPHES else " " for c in letters)


def team_of(group: object, members: object) -> Team:
    """Validate the team from a form or a file; names are tidied, empty ones left out.

    Raises:
        Unreadable: A name is not a text or too long, or there are too many.
    """
    if not isinstance(members, list | tuple):
        raise Unreadable("La liste des membres n’est pas du bon type.")
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"Il y a plus de {MAX_MEMBERS} membres.")
    return Team(_tidy(group), tuple(filter(None, map(_tidy, members))))


def parse(raw: bytes) -> Team:
    """Parse the bytes of an `equipe.json`.

    Raises:
        Unreadable: They are not a valid team.
    """
    fields = read_fields(raw, MAX_BYTES, FORMAT)
    return team_of(fields.take("group", ""), fields.take("members", []))


def or_nobody(raw: bytes | None) -> Team:
    """Return the team in the bytes of an `equipe.json`; nobody when there are none, or they cannot be read."""
    try:
        return Team() if raw is None else parse(raw)
    except Unreadable:
        return Team()


def read_or_nobody(root: Path, name: str = FILE) -> Team:
    """Return the team of a workbook or of a hand-in; nobody when its file is missing, or cannot be read."""
    try:
        return or_nobody(read_bytes(root, name, limit=MAX_BYTES))
    except Unreadable:
        return Team()


def written(team: Team) -> bytes:
    """Serialise a team as an `equipe.json`."""
    return documents.written({"format": FORMAT, "group": team.group, "members": list(team.members)})


def read(root: Path) -> Team:
    """Read the team of a workbook; an empty one without a file.

    Args:
        root: The workbook's root.

    Raises:
        Unreadable: The file exists and is not a readable team.
    """
    raw = read_bytes(root, FILE, limit=MAX_BYTES)
    return Team() if raw is None else parse(raw)


def recover(root: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> tuple[Team, str]:
    """Read the team of a workbook; an unreadable file is renamed.

    Args:
        root: The workbook's root.
        now: The clock, for the name of the renamed file only.

    Returns:
        The team, and a French sentence on an unreadable file, or an empty text.
    """
    try:
        return read(root), ""
    except Unreadable as error:
        reason = f"Le fichier « {FILE} » était illisible ({error.reason.removesuffix('.')})."
        try:
            kept = files.set_aside(root / FILE, now())
        except OSError:
            return Team(), f"{reason} Dites de nouveau qui travaille."
        return Team(), f"{reason} Il est gardé sous le nom « {kept.name} » : dites de nouveau qui travaille."


def save(root: Path, team: Team) -> None:
    """Write the team of a workbook durably.

    Raises:
        NotWritten: The file is unchanged.
    """
    files.refuse_folder(root / FILE)
    files.write(root / FILE, written(team))


def owner(folder: Path) -> str:
    """Return a sentence on the team of a notebook's workbook: « Classeur de : Groupe 3 (Awa T., Paul K.) ».

    Args:
        folder: The notebook's folder.

    Returns:
        The sentence; without a readable team, that nobody is named.
    """
    root = root_of(folder)
    if team := read_or_nobody(root):
        return f"Classeur de : {team}"
    name = "Classeur sans nom."
    return f"{name} Dites qui travaille sur la page d’accueil." if (root / EXERCISES).is_dir() else name


def _tidy(name: object) -> str:
    """Return a name on one line, without invisible characters."""
    if not isinstance(name, str):
        raise Unreadable("Un nom n’est pas du bon type.")
    visible = (c for c in name[: 2 * MAX_NAME] if c.isspace() or c in _JOINERS or unicodedata.category(c)[0] != "C")
    tidy = " ".join(unicodedata.normalize("NFC", "".join(visible)).split())
    if max(len(name), len(tidy)) > MAX_NAME:
        raise Unreadable(f"Un nom dépasse {MAX_NAME} caractères.")
    return tidy
