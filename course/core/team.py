"""The team of a workbook: names of people and of a group, in `equipe.json` at the root of the workbook."""

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
from course.core.files import read_bytes
from course.core.folders import EXERCISES, root_of
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.words import few

FILE = "equipe.json"
FORMAT = "equipe/1"
MAX_BYTES = 64 * 1024
MAX_MEMBERS = 40
MAX_NAME = 120
_NEARLY = 0.8
_NAMED = 6  # members listed in a sentence; the others are counted

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


def are_others(before: Team, after: Team) -> bool:
    """Return True when a team consists of other people than before, not of the same with a new spelling or new members.

    Two names denote one person when all words of one are in the other, or when they are nearly the same: a common first
    name or family name is not enough. Groups without members are compared by their names.

    Args:
        before: The earlier team.
        after: The present team.

    Returns:
        False when one of them is empty.
    """
    if not before or not after:
        return False
    if before.members and after.members:
        return not any(_is_same_person(name, other) for name in before.members for other in after.members)
    return not _is_same_group(before.group, after.group)


def _is_same_person(name: str, other: str) -> bool:
    words, others = ({word for word in _plain(text).split() if len(word) > 1} for text in (name, other))
    return bool(words and others and (words <= others or others <= words)) or _is_near(name, other)


def _is_same_group(name: str, other: str) -> bool:
    numbers = [re.findall(r"\d+", text) for text in (name, other)]
    return bool(name and other) and numbers[0] == numbers[1] and _is_near(name, other)


def _is_near(name: str, other: str) -> bool:
    return SequenceMatcher(a=_plain(name), b=_plain(other)).ratio() > _NEARLY


def _plain(name: str) -> str:
    """Return a name without accents, capitals and punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum() or c.isspace())


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
        The sentence, with the folder's name without a readable team.
    """
    root = root_of(folder)
    if team := read_or_nobody(root):
        return f"Classeur de : {team}"
    name = f"Classeur sans nom (dossier « {legible(root.name)} »)."
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
