"""Who is working: one or more names and a group's, kept in `equipe.json` at the root of the workbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path

from course.core import documents, files
from course.core.documents import read_fields
from course.core.files import aside, read_bytes
from course.core.folders import EXERCISES, root_of
from course.core.names import legible
from course.core.refusal import NotWritten, Unreadable
from course.core.words import few

FILE = "equipe.json"
FORMAT = "equipe/1"
MAX_BYTES = 64 * 1024
MAX_MEMBERS = 40
MAX_NAME = 120
_NEARLY = 0.8
_NAMED = 6  # members named in a sentence; the others are counted

# Some scripts need joiners; other invisible characters hide text or reverse its direction.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Team:
    """Who is working in a workbook.

    Attributes:
        group: The group's name, at most `MAX_NAME` characters; may be empty.
        members: At most `MAX_MEMBERS` names, none empty, each at most `MAX_NAME` characters.
    """

    group: str = ""
    members: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anybody is named."""
        return bool(self.group or self.members)

    def __str__(self) -> str:
        """The team in words: « Groupe 3 (Awa T., Paul K.) »; empty when nobody is named."""
        names = few(self.members, _NAMED)
        return f"{self.group} ({names})" if self.group and names else self.group or names


def are_others(before: Team, after: Team) -> bool:
    """Whether a team is other people than before, and not the same ones spelled better or joined by more.

    Two people are one when all words of one's name are in the other's, or when the names are nearly the same: a first
    name or a family name in common is not enough. Groups of which nobody is named are the same by their name.

    Args:
        before: Who worked.
        after: Who is said to work now.

    Returns:
        False when one of them names nobody.
    """
    if not before or not after:
        return False
    if before.members and after.members:
        return not any(_is_one(one, other) for one in before.members for other in after.members)
    return not _is_same_group(before.group, after.group)


def _is_one(one: str, other: str) -> bool:
    words, others = ({word for word in _plain(name).split() if len(word) > 1} for name in (one, other))
    return bool(words and others and (words <= others or others <= words)) or _is_near(one, other)


def _is_same_group(one: str, other: str) -> bool:
    numbers = [re.findall(r"\d+", name) for name in (one, other)]
    return bool(one and other) and numbers[0] == numbers[1] and _is_near(one, other)


def _is_near(one: str, other: str) -> bool:
    return SequenceMatcher(a=_plain(one), b=_plain(other)).ratio() > _NEARLY


def _plain(name: str) -> str:
    """A name without accents, capitals and punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum() or c.isspace())


def team_of(group: object, members: object) -> Team:
    """The team that a form or a file describes; names are tidied, empty ones left out.

    Raises:
        Unreadable: A name is no text or too long, or there are too many; the sentence is French.
    """
    if not isinstance(members, list | tuple):
        raise Unreadable("La liste des membres n’est pas du bon type.")
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"Il y a plus de {MAX_MEMBERS} membres.")
    return Team(_tidy(group), tuple(filter(None, map(_tidy, members))))


def parse(raw: bytes) -> Team:
    """The team that the bytes of an `equipe.json` hold.

    Raises:
        Unreadable: They are not such a file.
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
    """The bytes of a team's `equipe.json`."""
    return documents.written({"format": FORMAT, "group": team.group, "members": list(team.members)})


def read(root: Path) -> Team:
    """The team of a workbook; nobody when there is no file.

    Args:
        root: The workbook's root.

    Raises:
        Unreadable: There is something of that name, and it is not a readable team.
    """
    raw = read_bytes(root, FILE, limit=MAX_BYTES)
    return Team() if raw is None else parse(raw)


def recover(root: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> tuple[Team, str]:
    """The team of a workbook, once what could not be read has been set aside.

    Args:
        root: The workbook's root.
        now: The clock; only for the name of the file set aside.

    Returns:
        The team, and a French sentence when a file was set aside, else an empty text.
    """
    try:
        return read(root), ""
    except Unreadable as error:
        reason = f"Le fichier « {FILE} » était illisible ({error.reason.removesuffix('.')})."
        kept = aside(root / FILE, now())
        try:
            (root / FILE).rename(kept)
        except OSError:
            return Team(), f"{reason} Dites de nouveau qui travaille."
        return Team(), f"{reason} Il est gardé sous le nom « {kept.name} » : dites de nouveau qui travaille."


def save(root: Path, team: Team) -> None:
    """Writes the team of a workbook durably.

    Raises:
        NotWritten: The file is as it was; the sentence is French.
    """
    if (root / FILE).is_dir():
        raise NotWritten(f"Un dossier porte le nom « {FILE} » : renommez-le, puis recommencez.")
    files.write(root / FILE, written(team))


def owner(folder: Path) -> str:
    """Whose workbook a notebook's folder belongs to: « Classeur de : Groupe 3 (Awa T., Paul K.) ».

    Args:
        folder: The notebook's folder.

    Returns:
        The sentence; the folder's name in it when nobody has said who works, or when that cannot be read.
    """
    root = root_of(folder)
    if team := read_or_nobody(root):
        return f"Classeur de : {team}"
    name = f"Classeur sans nom (dossier « {legible(root.name)} »)."
    return f"{name} Dites qui travaille sur la page d’accueil." if (root / EXERCISES).is_dir() else name


def _tidy(name: object) -> str:
    """A name on one line, without anything invisible."""
    if not isinstance(name, str):
        raise Unreadable("Un nom n’est pas du bon type.")
    visible = (c for c in name[: 2 * MAX_NAME] if c.isspace() or c in _JOINERS or unicodedata.category(c)[0] != "C")
    tidy = " ".join(unicodedata.normalize("NFC", "".join(visible)).split())
    if max(len(name), len(tidy)) > MAX_NAME:
        raise Unreadable(f"Un nom dépasse {MAX_NAME} caractères.")
    return tidy
