"""A person's name taken out of what others keep: their group's files, the tables, the register of what was received."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.core import files as durable
from course.core import sheets, team, zips
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.refusal import Unreadable
from course.instructor.cohort.places import Cohort
from course.instructor.intake.store import ORIGINALS, Received, Register
from course.instructor.intake.submission import PROVENANCE
from course.instructor.keeping.traces import Traces, is_distinct, plain_files

# Headings of columns of identifiers, in the tables of the course.
PEOPLE = ("identifiant", "identifiants", "stagiaire", "nom d’utilisateur")

_MAX_TABLE = 64 * 1024**2


def group_files(cohort: Cohort, who: Traces) -> int:
    """Takes her name out of the lists of members beside other people's work; the number of folders that changed."""
    homes = (cohort.submitted, cohort.autograded, cohort.feedback)
    folders = [folder for home in homes for folder in sorted(home.glob("*/*")) if not folder.parent.is_symlink()]
    return sum(_folder(folder, who) for folder in folders if not folder.is_symlink() and folder.is_dir())


def table(path: Path, who: Traces, others: set[str]) -> None:
    """Takes her rows out of a table, and her name out of the other rows.

    Args:
        path: The table; one of more than 64 MiB is left as it is.
        who: Who.
        others: The identifiers of those who stay: a row that has one is theirs.

    Raises:
        Unreadable: It is no table.
        OSError: It is open elsewhere.
    """
    raw = path.read_bytes()
    if len(raw) > _MAX_TABLE:
        return
    sheet = sheets.read(raw)
    head = sheet.rows[:1]
    people = {rank for rank, heading in enumerate(head[0] if head else ()) if heading.casefold() in PEOPLE}
    rows = [*head, *(left for row in sheet.rows[1:] if (left := _row(row, people, who, others)) is not None)]
    if rows != [*sheet.rows]:
        content = sheets.written(rows, delimiter=sheet.delimiter, encoding=sheet.encoding, one_line=False)
        durable.put(path, content)


def _row(row: tuple[str, ...], people: set[int], who: Traces, others: set[str]) -> tuple[str, ...] | None:
    """A row of a table without her name; None for one that is hers."""
    distinct = is_distinct(who.trainee.id)  # « 1 » is hers among identifiers, and a mark elsewhere
    named = any(who.is_her(cell, identifier=rank in people or distinct) for rank, cell in enumerate(row))
    hers = named or who.in_bytes("\n".join(map(who.without, row)).encode("utf-8", "replace"))
    if hers and others.isdisjoint(row):
        return None
    cells = (_without_id(cell, who) if rank in people and not distinct else cell for rank, cell in enumerate(row))
    return tuple(map(who.without, cells))


def _without_id(cell: str, who: Traces) -> str:
    return ", ".join(identifier for identifier in cell.split(", ") if identifier != who.trainee.id)


def received(cohort: Cohort, who: Traces, stay: set[str]) -> tuple[int, int]:
    """Removes what was received from her alone, and takes her name out of what her group sent.

    Args:
        cohort: The class.
        who: Who.
        stay: The identifiers of those who are still in the class.

    Returns:
        How many files were removed, and from how many her name was taken out.
    """
    register, lines = Register(cohort), list[Received]()
    removed = changed = 0
    for line in register.lines:
        path = cohort.folder / ORIGINALS / Path(line.original).name
        students = line.students
        if who.trainee.id in students:
            students &= stay
            if not students:
                path.unlink(missing_ok=True)
                removed += 1
                continue
            changed += _original(path, who)
        lines.append(replace(line, place=who.without(line.place), students=students))
    if tuple(lines) != register.lines:
        register.replace(lines)
        register.save()
    return removed, changed


def sent(home: Path, who: Traces) -> tuple[int, int]:
    """The same for a folder of what trainees sent, which would otherwise bring her back at the next reception."""
    removed = changed = 0
    for path in plain_files(home):
        members = _members(path)
        place = path.relative_to(home)
        named = who.trainee.id in place.parts[:-1] or who.in_name(place.as_posix())
        if all(map(who.is_her, members)) if members else named:
            path.unlink()
            removed += 1
        elif any(map(who.is_her, members)):
            changed += _original(path, who)
    for folder, _, _ in os.walk(home, topdown=False):
        if Path(folder) != home and who.in_name(Path(folder).name):
            with suppress(OSError):  # it holds something of somebody else's
                Path(folder).rmdir()
    return removed, changed


def _handin(path: Path) -> dict[str, bytes]:
    """The files in a zip of « Remettre »; none when it is none."""
    try:
        return zips.files(read_bytes(path.parent, path.name, limit=zips.HANDIN.archive) or b"")
    except Unreadable:
        return {}


def _members(path: Path) -> list[str]:
    """Who made a zip of « Remettre », as it says; nobody when it is none."""
    files = _handin(path) if path.suffix.lower() == ".zip" else {}
    teams = [_json(raw).get("members") for name, raw in files.items() if name.rpartition("/")[2] == team.FILE]
    return [member for member in (teams[0] if teams and isinstance(teams[0], list) else []) if isinstance(member, str)]


def _original(path: Path, who: Traces) -> bool:
    """Takes her name out of a zip of « Remettre ». It keeps its own: by that name it is known when it comes again."""
    files = _handin(path)
    changed: dict[str, bytes] = {}
    for top in [name.removesuffix(team.FILE) for name in files if name.rpartition("/")[2] == team.FILE]:
        lists = {name: files[f"{top}{name}"] for name in (team.FILE, manifest.FILE) if f"{top}{name}" in files}
        changed |= {f"{top}{name}": raw for name, raw in _redacted(lists, who).items()}
    if changed:
        durable.put(path, zips.packed(files | changed))
    return bool(changed)


def _folder(folder: Path, who: Traces) -> bool:
    lists: dict[str, bytes] = {}
    for name in (team.FILE, manifest.FILE, PROVENANCE):
        with suppress(Unreadable, OSError):
            if (raw := read_bytes(folder, name, limit=4 * team.MAX_BYTES)) is not None:
                lists[name] = raw
    changed = _redacted(lists, who)
    for name, raw in changed.items():
        mode = (folder / name).stat().st_mode & 0o777
        durable.put(folder / name, raw)
        (folder / name).chmod(mode)
    return bool(changed)


def _redacted(lists: dict[str, bytes], who: Traces) -> dict[str, bytes]:
    """Those of some files that change: the members, and the SHA-256 that others have of the files that do."""
    changed: dict[str, bytes] = {}
    for name in (team.FILE, manifest.FILE):
        document = _json(lists.get(name))
        members = document.get("members")
        if isinstance(members, list):
            left = [member for member in members if not (isinstance(member, str) and who.is_her(member))]
            if left != members:
                document["members"] = left
                changed[name] = _bytes(document)
    for name, sums in ((manifest.FILE, _sealed), (PROVENANCE, _sha256)):
        document = _json(changed.get(name, lists.get(name)))
        files = document.get("files")
        stale = [other for other in changed if isinstance(files, dict) and other in files and other != name]
        for other in stale:
            document["files"][other] = sums(changed[other])
        if stale:
            changed[name] = _bytes(document)
    return changed


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _sealed(raw: bytes) -> dict[str, Any]:
    return {"sha256": _sha256(raw), "size": len(raw)}


def _json(raw: bytes | None) -> dict[str, Any]:
    try:
        document = json.loads(raw or b"")
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
