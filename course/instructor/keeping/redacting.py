"""Her name taken out of what others keep: their group's files, the tables, the register of what was received."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from course.core import files as durable
from course.core import team
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.handin.archive import files_of
from course.core.refusal import Unreadable
from course.instructor.cohort.places import Cohort
from course.instructor.intake import originals
from course.instructor.intake.submissions import PROVENANCE
from course.instructor.keeping.traces import Traces, is_distinct, plain_files

_MAX_TABLE = 64 * 1024**2
_MAX_ORIGINAL = 80 * 1024**2
_BEFORE_FORMULAS = "'"
_PEOPLE = ("identifiant", "identifiants", "stagiaire", "nom d’utilisateur")  # headings of columns of identifiers


def group_files(cohort: Cohort, who: Traces) -> Iterator[Path]:
    """Takes her name out of the lists of members beside other people's work.

    Yields:
        The folders that were changed.
    """
    for home in (cohort.submitted, cohort.autograded, cohort.feedback):
        for folder in sorted(home.glob("*/*")):
            if not folder.is_symlink() and not folder.parent.is_symlink() and folder.is_dir() and _folder(folder, who):
                yield folder


def table(path: Path, who: Traces, others: set[str]) -> bool:
    """Takes her rows out of a table, and her name out of the other rows; whether there was any.

    Args:
        path: The table.
        who: Who.
        others: The identifiers of those who stay: a row that has one is theirs.

    Raises:
        OSError: It is open elsewhere.
    """
    raw = path.read_bytes()
    if len(raw) > _MAX_TABLE:
        return False
    bom = raw.startswith(b"\xef\xbb\xbf")
    rows, delimiter, encoding = _rows(raw)
    kept = rows[:1]
    of_people = {rank for rank, heading in enumerate(rows[0] if rows else ()) if heading.casefold() in _PEOPLE}
    for row in rows[1:]:
        cells = [cell.removeprefix(_BEFORE_FORMULAS) for cell in row]
        if not is_distinct(who.trainee.id):  # « 1 » is hers among identifiers, and a mark elsewhere
            row = [_without_id(cell, who) if rank in of_people else cell for rank, cell in enumerate(row)]  # noqa: PLW2901
        named = any(
            who.is_her(cell, identifier=rank in of_people or is_distinct(who.trainee.id))
            for rank, cell in enumerate(cells)
        )
        theirs = not others.isdisjoint(cells)
        hers = named or who.in_bytes("\n".join(map(who.without, cells)).encode("utf-8", "replace"))
        if theirs or not hers:
            kept.append([who.without(cell) for cell in row])
    if kept == rows:
        return False
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(kept)
    durable.put(path, stream.getvalue().encode("utf-8-sig" if bom else encoding, errors="replace"))
    return True


def _rows(raw: bytes) -> tuple[list[list[str]], str, str]:
    """The rows of a table that are not empty, what separates its cells, and its encoding: Excel has one of its own."""
    code = "utf-8-sig"
    try:
        text = raw.decode(code)
        code = "utf-8"
    except UnicodeDecodeError:
        code = "cp1252"
        text = raw.decode(code, errors="replace")
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row], delimiter, code


def _without_id(cell: str, who: Traces) -> str:
    return ", ".join(each for each in cell.split(", ") if each != who.trainee.id)


def received(cohort: Cohort, who: Traces, stay: set[str]) -> tuple[int, int]:
    """Removes what was received from her alone, and takes her name out of what her group sent.

    Args:
        cohort: The class.
        who: Who.
        stay: The identifiers of those who are still in the class.

    Returns:
        How many files were removed, and from how many her name was taken out.

    Raises:
        OSError: A file cannot be removed or written.
    """
    home = cohort.folder / originals.FOLDER
    register = home / originals.REGISTER
    if home.is_symlink() or not register.is_file() or register.is_symlink():
        return 0, 0
    rows, delimiter, _ = _rows(register.read_bytes())  # an instructor may have saved it in Excel
    kept, removed, changed = rows[:1], 0, 0
    for row in rows[1:]:
        students = [name for name in row[-1].removeprefix(_BEFORE_FORMULAS).split(" | ") if name]
        if who.trainee.id not in students:
            kept.append([who.without(cell) for cell in row])
            continue
        path = home / Path(row[0]).name
        others = [name for name in students if name in stay]
        if not others:
            path.unlink(missing_ok=True)
            removed += 1
            continue
        changed += _original(path, who)
        kept.append([*(who.without(cell) for cell in row[:-1]), " | ".join(others)])
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(kept)
    durable.put(register, stream.getvalue().encode("utf-8-sig"))
    return removed, changed


def sent(home: Path, who: Traces) -> tuple[int, int]:
    """The same for a folder of what trainees sent, which would otherwise bring her back at the next reception.

    Args:
        home: The folder, trusted itself.
        who: Who.

    Returns:
        How many files were removed, and from how many her name was taken out.

    Raises:
        OSError: A file cannot be removed or written.
    """
    removed = changed = 0
    for path in plain_files(home):
        members = _members(path)
        place = path.relative_to(home)
        named = who.trainee.id in place.parts[:-1] or who.in_bytes(
            place.as_posix().encode("utf-8", "replace"), words=False
        )
        if all(map(who.is_her, members)) if members else named:
            path.unlink()
            removed += 1
        elif any(map(who.is_her, members)):
            changed += _original(path, who)
    _remove_empty(home, who)
    return removed, changed


def _remove_empty(home: Path, who: Traces) -> None:
    """Removes the folders that have her name and hold nothing more."""
    for place, _, _ in os.walk(home, topdown=False):
        if Path(place) != home and who.in_bytes(Path(place).name.encode("utf-8", "replace"), words=False):
            with suppress(OSError):  # it holds something of somebody else's
                Path(place).rmdir()


def _members(path: Path) -> list[str]:
    """Who made a zip of « Remettre », as it says; nobody when it is none."""
    if path.suffix.lower() != ".zip":
        return []
    try:
        files = files_of(read_bytes(path.parent, path.name, limit=_MAX_ORIGINAL) or b"")
    except Unreadable:
        return []
    found = [_json(raw).get("members") for name, raw in files.items() if name.rpartition("/")[2] == team.FILE]
    return [each for each in (found[0] if found and isinstance(found[0], list) else []) if isinstance(each, str)]


def _original(path: Path, who: Traces) -> bool:
    """Takes her name out of a zip of « Remettre ». It keeps its own: by that name it is known when it comes again."""
    try:
        files = files_of(read_bytes(path.parent, path.name, limit=_MAX_ORIGINAL) or b"")
    except Unreadable:
        return False
    changed = False
    for name in [name for name in files if name.rpartition("/")[2] == team.FILE]:
        top = name.removesuffix(team.FILE)
        inside = {each: files[f"{top}{each}"] for each in (team.FILE, manifest.FILE) if f"{top}{each}" in files}
        for each, raw in _redacted(inside, who).items():
            files[f"{top}{each}"] = raw
            changed = True
    if changed:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, raw in files.items():
                archive.writestr(zipfile.ZipInfo(name), raw, zipfile.ZIP_DEFLATED)
        durable.put(path, stream.getvalue())
    return changed


def _folder(folder: Path, who: Traces) -> bool:
    inside: dict[str, bytes] = {}
    for name in (team.FILE, manifest.FILE, PROVENANCE):
        try:
            raw = read_bytes(folder, name, limit=4 * team.MAX_BYTES)
        except (Unreadable, OSError):
            raw = None
        if raw is not None:
            inside[name] = raw
    changed = _redacted(inside, who)
    for name, raw in changed.items():
        mode = (folder / name).stat().st_mode & 0o777
        durable.put(folder / name, raw)
        os.chmod(folder / name, mode)  # noqa: PTH101
    return bool(changed)


def _redacted(inside: dict[str, bytes], who: Traces) -> dict[str, bytes]:
    """Those of some files that change: the members, and the SHA-256 that others have of the files that do."""
    changed: dict[str, bytes] = {}
    for name in (team.FILE, manifest.FILE):
        document = _json(inside.get(name))
        members = document.get("members")
        if isinstance(members, list):
            left = [each for each in members if not (isinstance(each, str) and who.is_her(each))]
            if left != members:
                document["members"] = left
                changed[name] = _bytes(document)
    for name, sums in ((manifest.FILE, _sealed), (PROVENANCE, lambda raw: hashlib.sha256(raw).hexdigest())):
        document = _json(changed.get(name, inside.get(name)))
        files = document.get("files")
        stale = [each for each in changed if isinstance(files, dict) and each in files and each != name]
        for each in stale:
            files[each] = sums(changed[each])
        if stale:
            changed[name] = _bytes(document)
    return changed


def _sealed(raw: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}


def _json(raw: bytes | None) -> dict[str, Any]:
    try:
        document = json.loads(raw or b"")
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
