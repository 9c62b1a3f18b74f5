"""The format `remise/1`: the manifest of a hand-in archive, and the archive's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from course.core import documents, syllabus
from course.core.documents import Fields, moment_of, read_fields, utc
from course.core.names import legible, safe
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team, team_of

FILE = "remise.json"
FORMAT = "remise/1"
MAX_BYTES = 64 * 1024
MAX_VERSION = 40
_SHORT = 80  # characters of a name in a sentence

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Sealed:
    """The SHA-256 (hexadecimal) and size (bytes) of a file of a hand-in."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a hand-in.

    Attributes:
        goal: The goal.
        team: The team that handed in.
        date: The time of packing, in UTC, to the second, by the clock of the trainee's computer.
        version: The course's version on that computer.
        files: The other files of the archive, by name.
        counts: By objective, the numbers of treated and of all options; a claim that readers recompute.
    """

    goal: Goal
    team: Team
    date: datetime
    version: str
    files: Mapping[str, Sealed]
    counts: Mapping[str, tuple[int, int]]


def written(manifest: Manifest) -> bytes:
    """Serialise a manifest as a `remise.json`."""
    document = {
        "format": FORMAT,
        "goal": manifest.goal.id,
        "group": manifest.team.group,
        "members": list(manifest.team.members),
        "date": utc(manifest.date),
        "course": manifest.version,
        "files": {name: {"sha256": file.sha256, "size": file.size} for name, file in manifest.files.items()},
        "completeness": {
            objective: {"treated": treated, "total": total} for objective, (treated, total) in manifest.counts.items()
        },
    }
    return documents.written(document)


def parse(raw: bytes) -> Manifest:
    """Parse the bytes of a `remise.json`.

    Raises:
        Unreadable: They are not a valid manifest.
    """
    try:
        return _manifest(read_fields(raw, MAX_BYTES, FORMAT))
    except Unreadable as error:
        reason = error.reason[:1].lower() + error.reason[1:]
        raise Unreadable(f"« {FILE} » ne se laisse pas lire : {reason}") from None


def _manifest(fields: Fields) -> Manifest:
    version = fields.take("course", "")
    if len(version) > MAX_VERSION or not version.isprintable():
        raise Unreadable("La version du cours n’est pas lisible.")
    files = Fields.of(fields.values.get("files"))
    return Manifest(
        _goal(fields.take("goal", "")),
        team_of(fields.take("group", ""), fields.take("members", [])),
        _date(fields.take("date", "")),
        version,
        {name: _sealed(name, Fields.of(file)) for name, file in files.values.items()},
        _counts(fields.take("completeness", {})),
    )


def _goal(identifier: str) -> Goal:
    try:
        return syllabus.load().goal(identifier)
    except KeyError:
        raise Unreadable("Il ne nomme pas un but du cours.") from None


def _date(text: str) -> datetime:
    try:
        return moment_of(text)
    except ValueError:
        raise Unreadable("La date n’est pas lisible.") from None


def _sealed(name: str, fields: Fields) -> Sealed:
    sealed = Sealed(fields.take("sha256", ""), fields.take("size", 0))
    if not _SHA256.fullmatch(sealed.sha256):
        raise Unreadable(f"Le fichier « {legible(name, _SHORT)} » n’a pas d’empreinte.")
    return sealed


def _counts(document: Mapping[str, object]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for objective, count in document.items():
        match count:
            case {"treated": int(treated), "total": int(total)} if 0 <= treated <= total <= 99:
                counts[objective] = (treated, total)
    return counts


def stem_of(team: Team, goal: Goal) -> str:
    """Return the file name, without extension, of a team's hand-in for a goal: `Groupe-3_but-1`."""
    return f"{safe(team.group or next(iter(team.members), ''))}_{goal.assignment}"


def codes(sha256: str) -> str:
    """Return the code of an archive on its receipt: the first 12 digits of its SHA-256, in groups of 4."""
    return " ".join(sha256[i : i + 4] for i in (0, 4, 8))
