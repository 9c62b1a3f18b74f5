"""Redaction: a person's name removed from the files that others keep, the tables and the register of receptions."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.core import documents, sheets, team, zips
from course.core import files as durable
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.refusal import Unreadable
from course.instructor.cohort.places import Cohort
from course.instructor.intake.store import ORIGINALS, Received, Register
from course.instructor.intake.submission import PROVENANCE
from course.instructor.keeping.traces import Traces, is_distinct, plain_files

# Headings of columns of identifiers, in the tables of the course.
PEOPLE = ("identifiant", "identifiants", "stagiaire", "nom d’utilisateur")

_STEM = re.compile("p[0-9a-f]{12}(?=:)")  # `plans.stems`
_MAX_TABLE = 64 * 1024**2


def group_files(cohort: Cohort, traces: Traces) -> int:
    """Remove the person from the lists of members beside other people's work; return the number of changed folders."""
    folders = [
        folder for home in cohort.trainee_homes for folder in sorted(home.glob("*/*")) if not folder.parent.is_symlink()
    ]
    return sum(_folder(folder, traces) for folder in folders if not folder.is_symlink() and folder.is_dir())


def table(path: Path, traces: Traces, others: set[str], gone: Set[str] = frozenset()) -> None:
    """Remove the rows of the person from a table, and the name from the other rows.

    Args:
        path: The table; one of more than 64 MiB is left as it is.
        traces: The person.
        others: The identifiers of those who stay, and `plans.stems` of their plans: a row that has one is kept.
        gone: `plans.stems` of plans that nobody has any more: their rows are removed.

    Raises:
        Unreadable: It is no table.
        OSError: It is open elsewhere.
    """
    with path.open("rb") as stream:
        raw = stream.read(_MAX_TABLE + 1)
    if len(raw) > _MAX_TABLE:
        return
    sheet = sheets.read(raw)
    head = sheet.rows[:1]
    people = {rank for rank, heading in enumerate(head[0] if head else ()) if heading.casefold() in PEOPLE}
    redacted = (_row(row, people, traces, others, gone) for row in sheet.rows[1:])
    rows = [*head, *(row for row in redacted if row is not None)]
    if rows != [*sheet.rows]:
        content = sheets.written(rows, delimiter=sheet.delimiter, encoding=sheet.encoding, one_line=False)
        durable.put(path, content)


def _row(
    row: tuple[str, ...], people: set[int], traces: Traces, others: set[str], gone: Set[str]
) -> tuple[str, ...] | None:
    """Return a row without the name of the person; None for a row about nobody else."""
    distinct = is_distinct(traces.trainee.id)  # « 1 » is a person among identifiers, and a mark elsewhere
    named = any(traces.is_name(cell, identifier=rank in people or distinct) for rank, cell in enumerate(row))
    concerned = named or traces.in_bytes("\n".join(map(traces.without, row)).encode("utf-8", "replace"))
    stems = {match[0] for cell in row if (match := _STEM.match(cell))}
    if not gone.isdisjoint(stems) or (concerned and others.isdisjoint({*row, *stems})):
        return None
    cells = (_without_id(cell, traces) if rank in people and not distinct else cell for rank, cell in enumerate(row))
    return tuple(map(traces.without, cells))


def _without_id(cell: str, traces: Traces) -> str:
    return ", ".join(identifier for identifier in cell.split(", ") if identifier != traces.trainee.id)


def received(cohort: Cohort, traces: Traces, stay: set[str]) -> tuple[int, int]:
    """Remove the originals of the person alone, and the name from those of a group.

    Args:
        cohort: The class.
        traces: The person.
        stay: The identifiers of those who are still in the class.

    Returns:
        The number of files removed, and of files from which the name was removed.
    """
    register, lines = Register(cohort), list[Received]()
    changed, gone = 0, set[Path]()
    for line in register.lines:
        # What was refused may not have been kept.
        path = cohort.folder / ORIGINALS / Path(line.original).name if line.original else None
        students = line.students
        if traces.trainee.id in students:
            students &= stay
            if not students:
                gone |= {path} if path else set()
                continue
            changed += path is not None and _original(path, traces)
        left = line.limited(students)
        lines.append(replace(left, place=traces.without(left.place), reason=traces.without(left.reason)))
    if tuple(lines) != register.lines:
        register.replace(lines)
        register.save()
    gone -= {cohort.folder / ORIGINALS / line.original for line in lines}  # another person sent the same bytes
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone), changed


def sent(home: Path, traces: Traces) -> tuple[int, int]:
    """Do as `received` in a folder that waits for the next reception, which would bring the person back."""
    removed = changed = 0
    for path in plain_files(home):
        members = _members(path)
        place = path.relative_to(home)
        named = traces.trainee.id in place.parts[:-1] or traces.in_name(place.as_posix())
        if all(map(traces.is_name, members)) if members else named:
            path.unlink()
            removed += 1
        elif any(map(traces.is_name, members)):
            changed += _original(path, traces)
    for folder, _, _ in os.walk(home, topdown=False):
        if Path(folder) != home and traces.in_name(Path(folder).name):
            with suppress(OSError):  # it holds a file of somebody else
                Path(folder).rmdir()
    return removed, changed


def _handin(path: Path) -> dict[str, bytes]:
    """Return the files in a zip of « Remettre »; none when it cannot be read."""
    try:
        return zips.files(read_bytes(path.parent, path.name, limit=zips.HANDIN.archive) or b"")
    except Unreadable:
        return {}


def _members(path: Path) -> list[str]:
    """Return the members that a zip of « Remettre » names; nobody when it is no such zip."""
    files = _handin(path) if path.suffix.lower() == ".zip" else {}
    teams = [_object(raw).get("members") for name, raw in files.items() if name.rpartition("/")[2] == team.FILE]
    return [member for member in (teams[0] if teams and isinstance(teams[0], list) else []) if isinstance(member, str)]


def _original(path: Path, traces: Traces) -> bool:
    """Remove the person from the members in a zip of « Remettre »; its file name, by which it is recognised, stays."""
    files = _handin(path)
    changed: dict[str, bytes] = {}
    for top in [name.removesuffix(team.FILE) for name in files if name.rpartition("/")[2] == team.FILE]:
        lists = {name: files[f"{top}{name}"] for name in (team.FILE, manifest.FILE) if f"{top}{name}" in files}
        changed |= {f"{top}{name}": raw for name, raw in _redacted(lists, traces).items()}
    if changed:
        durable.put(path, zips.packed(files | changed))
    return bool(changed)


def _folder(folder: Path, traces: Traces) -> bool:
    lists: dict[str, bytes] = {}
    for name in (team.FILE, manifest.FILE, PROVENANCE):
        with suppress(Unreadable, OSError):
            if (raw := read_bytes(folder, name, limit=4 * team.MAX_BYTES)) is not None:
                lists[name] = raw
    changed = _redacted(lists, traces)
    for name, raw in changed.items():
        mode = (folder / name).stat().st_mode & 0o777
        durable.put(folder / name, raw)
        (folder / name).chmod(mode)
    return bool(changed)


def _redacted(lists: dict[str, bytes], traces: Traces) -> dict[str, bytes]:
    """Return the files that change: the lists of members, and those that hold the SHA-256 of a changed file."""
    changed: dict[str, bytes] = {}
    for name in (team.FILE, manifest.FILE):
        document = _object(lists.get(name))
        members = document.get("members")
        if isinstance(members, list):
            others = [member for member in members if not (isinstance(member, str) and traces.is_name(member))]
            if others != members:
                document["members"] = others
                changed[name] = documents.written(document)
    for name, sums in ((manifest.FILE, _sealed), (PROVENANCE, _sha256)):
        document = _object(changed.get(name, lists.get(name)))
        files = document.get("files")
        stale = [other for other in changed if isinstance(files, dict) and other in files and other != name]
        for other in stale:
            document["files"][other] = sums(changed[other])
        if stale:
            changed[name] = documents.written(document)
    return changed


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _sealed(raw: bytes) -> dict[str, Any]:
    return {"sha256": _sha256(raw), "size": len(raw)}


def _object(raw: bytes | None) -> dict[str, Any]:
    """Return the object that a JSON file holds; an empty one when it holds none, or cannot be read."""
    try:
        document = documents.read_json(raw or b"", zips.HANDIN.file)
    except Unreadable:
        return {}
    return document if isinstance(document, dict) else {}
