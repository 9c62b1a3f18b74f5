"""The format `remise/1`: the page that comes with what is handed in, and says what it is, whose and when."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from course.core import syllabus
from course.core.answers.format import read_json
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team, team_of

FILE = "remise.json"
FORMAT = "remise/1"
MAX_BYTES = 64 * 1024
MAX_VERSION = 40

_SHA256 = re.compile(r"[0-9a-f]{64}")
_DATE = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file as it was when it was handed in: its SHA-256 in hexadecimal, its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was handed in.

    Attributes:
        goal: The goal.
        team: Who.
        date: When, in UTC, to the second, by the clock of that computer.
        version: The course's version there.
        files: The other files of the archive, by name.
        counts: By objective, its treated options and all its options, as counted there; a reader counts anew.
    """

    goal: Goal
    team: Team
    date: datetime
    version: str
    files: Mapping[str, Sealed]
    counts: Mapping[str, tuple[int, int]]


def written(manifest: Manifest) -> bytes:
    """The bytes of a `remise.json`."""
    document = {
        "format": FORMAT,
        "goal": manifest.goal.id,
        "group": manifest.team.group,
        "members": list(manifest.team.members),
        "date": manifest.date.strftime(_DATE),
        "course": manifest.version,
        "files": {name: {"sha256": file.sha256, "size": file.size} for name, file in manifest.files.items()},
        "completeness": {
            objective: {"treated": treated, "total": total} for objective, (treated, total) in manifest.counts.items()
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def parse(raw: bytes) -> Manifest:
    """What the bytes of a `remise.json` say.

    Raises:
        Unreadable: They are not such a file.
    """
    try:
        document = read_json(raw, MAX_BYTES)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise Unreadable(f"Le format de « {FILE} » n’est pas « {FORMAT} ».")
        team = team_of(document.get("group", ""), document.get("members", []))
    except Unreadable as error:
        raise Unreadable(f"« {FILE} » ne se laisse pas lire : {_lowered(error.reason)}") from None
    return Manifest(
        _goal(document.get("goal")),
        team,
        _date(document.get("date")),
        _version(document.get("course")),
        _files(document.get("files")),
        _counts(document.get("completeness", {})),
    )


def _goal(value: object) -> Goal:
    try:
        return syllabus.load().goal(value if isinstance(value, str) else "")
    except KeyError:
        raise Unreadable(f"« {FILE} » ne nomme pas un but du cours.") from None


def _date(value: object) -> datetime:
    try:
        return datetime.strptime(value if isinstance(value, str) else "", _DATE).replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable(f"« {FILE} » n’a pas de date que l’on puisse lire.") from None


def _version(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_VERSION or not value.isprintable():
        raise Unreadable(f"« {FILE} » n’a pas de version du cours que l’on puisse lire.")
    return value


def _files(value: object) -> dict[str, Sealed]:
    if not isinstance(value, dict):
        raise Unreadable(f"« {FILE} » n’a pas de liste de fichiers.")
    return {name: _sealed(name, file) for name, file in value.items()}


def _sealed(name: str, value: object) -> Sealed:
    match value:
        case {"sha256": str(sha256), "size": int(size)} if _SHA256.fullmatch(sha256) and type(size) is int:
            return Sealed(sha256, size)
    raise Unreadable(f"« {FILE} » ne décrit pas bien le fichier « {shown(name)} ».")


def _counts(value: object) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for objective, count in (value if isinstance(value, dict) else {}).items():
        match count:
            case {"treated": int(treated), "total": int(total)} if 0 <= treated <= total <= 99:
                counts[objective] = (treated, total)
    return counts


def shown(name: str) -> str:
    """A name from somebody else, fit for a sentence: nothing invisible in it, and not too long."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _lowered(reason: str) -> str:
    return reason[:1].lower() + reason[1:]


def codes(sha256: str) -> str:
    """The short code of an archive, as a receipt prints it: the first 12 digits of its SHA-256, in groups of 4."""
    return " ".join(sha256[i : i + 4] for i in (0, 4, 8))
