"""What an archive of a class says of itself: when it was made, and its files, each with its SHA-256."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from course.core.refusal import Refusal

FILE = "MANIFEST.json"
FORMAT = "promotion/1"
FILES, TABLES, READ_ME = "cohort/", "carnet/", "LISEZ-MOI.txt"
MAX_BYTES = 256 * 1024**2

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TABLE = re.compile(r"[a-z_]{1,60}\.jsonl")
_DATE = "%Y-%m-%dT%H:%M:%SZ"
_WINDOWS = os.name == "nt"
_RESERVED = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.I)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file as it was: its SHA-256, its size in bytes, its permissions, when it was changed, in nanoseconds."""

    sha256: str
    size: int
    mode: int = 0o644
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an archive.

    Attributes:
        made: When, in UTC.
        version: The course's.
        files: By its path in the archive.
        folders: Folders of the class that hold nothing, by path in it.
    """

    made: datetime
    version: str
    files: dict[str, Sealed] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)


def written(manifest: Manifest) -> bytes:
    """The bytes of a `MANIFEST.json`: a line a file."""
    head = {"format": FORMAT, "made": manifest.made.strftime(_DATE), "course": manifest.version}
    lines = [json.dumps(head, ensure_ascii=False)[1:-1]]
    lines.append(f'"folders": {json.dumps(manifest.folders, ensure_ascii=False)}')
    files = (
        f"{json.dumps(name, ensure_ascii=False)}: "
        + json.dumps({"sha256": each.sha256, "size": each.size, "mode": each.mode, "changed": each.changed})
        for name, each in manifest.files.items()
    )
    lines.append('"files": {\n' + ",\n".join(files) + "\n}")
    return ("{" + ",\n".join(lines) + "}\n").encode()


def parse(raw: bytes) -> Manifest:
    """What the bytes of a `MANIFEST.json` say.

    Raises:
        Refusal: They are not such a file, or name a place that no archive of a class has.
    """
    try:
        document = json.loads(raw)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise Refusal(f"Ce n’est pas une archive faite par « course archive » (format « {FORMAT} »).")
        made = datetime.strptime(document["made"], _DATE).replace(tzinfo=UTC)
        files = {checked(name): _sealed(each) for name, each in document["files"].items()}
        folders = [checked(FILES + name).removeprefix(FILES) for name in document["folders"]]
        return Manifest(made, str(document["course"]), files, folders)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Refusal(f"La liste « {FILE} » de l’archive ne se laisse pas lire : l’archive est abîmée.") from None


def checked(name: str) -> str:
    """A path of an archive, proved to lead nowhere else than where a class's files go.

    Raises:
        Refusal: It leads out, or to what an archive never holds, or this system has no such name.
    """
    top, _, rest = name.partition("/")
    parts = rest.split("/")
    fine = {
        FILES: all(part not in ("", ".", "..") and "\0" not in part for part in parts),
        TABLES: bool(_TABLE.fullmatch(rest)),
    }.get(f"{top}/", name == READ_ME)
    if not fine or (_WINDOWS and any(_RESERVED.search(part) for part in parts)):
        raise Refusal(f"« {_shown(name)} » n’est pas un chemin permis dans l’archive : rien n’est changé.")
    return name


def _sealed(value: Any) -> Sealed:  # noqa: ANN401 - what a JSON file says
    sha256, numbers = value["sha256"], (value["size"], value["mode"], value["changed"])
    if not _SHA256.fullmatch(sha256) or any(type(number) is not int or number < 0 for number in numbers):
        raise ValueError(sha256)
    return Sealed(sha256, *numbers)


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)[:120]
