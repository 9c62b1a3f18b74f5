"""Reading the trusted content of a submission: bounded, without following links, executing nothing.

A trainee's notebook is never passed on. It is compared with the published one, as data, only to tell the instructor
what was changed: no mark depends on it.
"""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.core import team
from course.core.answers import FOLDER, file_name, parse, path_of, unreadable_name
from course.core.answers.format import MAX_BYTES, Answers
from course.core.files import read_bytes
from course.core.names import legible, refused_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.words import counted
from course.instructor.cohort.receipt import DATE, SECRET, read_date, read_secret

REMARKS = "remarques.txt"
NO_EFFECT = "sans effet sur la note, qui vient des réponses"
MAX_NOTEBOOK_BYTES = 8 * 1024 * 1024

Cell = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark for the instructor about one submission.

    Attributes:
        student: The trainee's identifier.
        path: The file or folder it is about, relative to the submission or to the folder of all submissions.
        text: The remark, in French, without a final full stop.
        objective: The canvas that is marked 0 because of it; empty when none is.
    """

    student: str
    path: str
    text: str
    objective: str = ""

    def __str__(self) -> str:
        """Return the remark as one line: « awa : reponses/1.1.json illisible : … ; compté 0 »."""
        if self.objective:
            return f"{self.student} : {self.path} illisible : {self.text} ; compté 0"
        return f"{self.student} : {self.path} : {self.text}"


@dataclass(frozen=True, slots=True)
class Submission:
    """The trusted content of one submission.

    Attributes:
        student: The trainee's identifier.
        files: The files for the graded folder, by path: valid answers byte for byte, reasons why others were refused,
            the exchange's date and secret, the team, and remarks.
        answers: By objective, the answers or the reason why they were refused; those not handed in are left out.
        remarks: The remarks for the instructor.
        date: The validated date of the hand-in; empty when unknown.
    """

    student: str
    files: Mapping[str, bytes]
    answers: Mapping[str, Answers | Unreadable]
    remarks: tuple[Remark, ...]
    date: str = ""


def own_files(goal: Goal) -> frozenset[str]:
    """The files of a graded folder that are about the trainee, by path: no file beside the source replaces them."""
    names = (path for each in goal.objectives for path in (path_of(each), f"{FOLDER}/{unreadable_name(each)}"))
    return frozenset({*names, DATE, SECRET, REMARKS, team.FILE})


def trainees(submitted: Path, pattern: str, excluded: frozenset[str]) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
    """List the trainees who have a folder, in alphabetical order, and the folders that cannot be graded.

    Args:
        submitted: The folder of all submissions, which is trusted itself.
        pattern: A trainee's name, or a pattern with `*`.
        excluded: Names to leave out.

    Returns:
        The names, links included (`read` reports what is wrong with them), and remarks on names that cannot be graded.
    """
    names: list[str] = []
    remarks: list[Remark] = []
    with os.scandir(submitted) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith(".") or not (entry.is_symlink() or entry.is_dir(follow_symlinks=False)):
                continue
            if reason := refused_name(entry.name):
                remarks.append(Remark(legible(entry.name), "dossier", f"{reason} ; copie non corrigée"))
            elif (entry.name == pattern or fnmatchcase(entry.name, pattern)) and entry.name not in excluded:
                names.append(entry.name)
    return tuple(names), tuple(remarks)


def handed_in(submitted: Path, student: str, assignment: str) -> bool:
    """Return whether anything, folder or not, exists at the path of a trainee's submission of an assignment."""
    return _refused_folder(submitted, (student, assignment))[1] != ""


def read(submitted: Path, student: str, goal: Goal, published: Mapping[str, bytes]) -> Submission | None:
    """Read the trusted content of a submission.

    Args:
        submitted: The folder of all submissions, which is trusted itself; nothing below it is.
        student: The trainee's folder in it.
        goal: The goal of the assignment.
        published: Its published notebooks, by file name.

    Returns:
        The content to grade, or None when this trainee handed nothing in.
    """
    path = (student, goal.assignment)
    refused, refusal = _refused_folder(submitted, path)
    if refusal == "":
        return None
    files: dict[str, bytes] = {}
    answers: dict[str, Answers | Unreadable] = {}
    remarks: list[Remark] = []
    for objective in goal.objectives:
        name = path_of(objective)
        try:
            if refusal:
                raise Unreadable(refusal)
            raw = read_bytes(submitted, *path, FOLDER, file_name(objective), limit=MAX_BYTES)
            if raw is not None:
                answers[objective.id] = parse(raw, objective)
                files[name] = raw
        except Unreadable as error:
            answers[objective.id] = error
            files[f"{FOLDER}/{unreadable_name(objective)}"] = error.reason.encode()
            remarks.append(Remark(student, refused if refusal else name, error.reason.rstrip("."), objective.id))
    if not refusal:
        others = (*_notebook_remarks(submitted, path, published), *_receipt_remarks(submitted, path, files))
        if others:
            files[REMARKS] = "".join(f"{remark.path} : {remark.text}\n" for remark in others).encode()
        remarks += others
    return Submission(student, files, answers, tuple(remarks), files.get(DATE, b"").decode("ascii"))


def _refused_folder(submitted: Path, names: tuple[str, str]) -> tuple[str, str | None]:
    """Return the first invalid folder of a submission and the reason, empty when it does not exist; else None."""
    path = submitted
    for name in names:
        path /= name
        relative = path.relative_to(submitted).as_posix()
        try:
            mode = path.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return relative, ""
        except OSError:
            return relative, "Le dossier ne se laisse pas ouvrir (droits insuffisants)."
        if stat.S_ISLNK(mode):
            return relative, "C’est un lien vers un autre dossier."
        if not stat.S_ISDIR(mode):
            return relative, "Ce n’est pas un dossier."
    return "", None


def _notebook_remarks(submitted: Path, path: tuple[str, str], published: Mapping[str, bytes]) -> Iterator[Remark]:
    for name, original in published.items():
        try:
            raw = read_bytes(submitted, *path, name, limit=MAX_NOTEBOOK_BYTES)
        except Unreadable as error:
            yield Remark(path[0], name, f"{error.reason.rstrip('.')} ; {NO_EFFECT}")
            continue
        phrases = ("notebook absent ou renommé",) if raw is None else differences(raw, original)
        if phrases:
            yield Remark(path[0], name, " ; ".join((*phrases, NO_EFFECT)))


def _receipt_remarks(submitted: Path, path: tuple[str, str], files: dict[str, bytes]) -> Iterator[Remark]:
    """Add the date, secret and team to the trusted files, and yield remarks on those that are refused."""
    readers = (
        (DATE, read_date, "la copie est corrigée sans date de remise"),
        (SECRET, read_secret, "le retour ne pourra pas être rendu par l’échange"),
        (team.FILE, _read_team, NO_EFFECT),
    )
    for name, read_text, consequence in readers:
        try:
            text = read_text(submitted, *path)
        except Unreadable as error:
            yield Remark(path[0], name, f"{error.reason.rstrip('.')} ; {consequence}")
        else:
            if text is not None:
                files[name] = text.encode()


def _read_team(folder: Path, *path: str) -> str | None:
    """Return the team, serialized again so that only valid fields are passed on."""
    raw = read_bytes(folder, *path, team.FILE, limit=team.MAX_BYTES)
    return None if raw is None else team.written(team.parse(raw)).decode()


def differences(raw: bytes, published: bytes) -> tuple[str, ...]:
    """Describe the changes to a notebook, in French, without quoting it.

    Args:
        raw: The trainee's file, at most `MAX_NOTEBOOK_BYTES`.
        published: The published notebook.

    Returns:
        One phrase per kind of change; none for a notebook that was only run and saved.
    """
    if raw == published:
        return ()
    cells = _cells(raw)
    if cells is None:
        return ("ce n’est pas un notebook lisible",)
    graded, free = _published_cells(published)
    contents: dict[str, list[object]] = {name: [] for name in graded}
    others: Counter[tuple[object, ...]] = Counter()
    for cell in cells:
        name = _grade_id(cell)
        if name in contents:
            contents[name].append(_content(cell))
        else:
            others[_content(cell)] += 1
    others -= free
    phrases = [
        _cells_phrase("supprimée", [name for name, copies in contents.items() if not copies]),
        _cells_phrase("en double", [name for name, copies in contents.items() if len(copies) > 1]),
        _cells_phrase("modifiée", [name for name, copies in contents.items() if {*copies} - {graded[name]}]),
    ]
    if added := others.total():
        code = sum(number for (kind, *_), number in others.items() if kind == "code")
        plural = "s" if added > 1 else ""
        phrases.append(f"{counted(added, 'cellule ajoutée')} ou modifiée{plural}, dont {code} de code")
    return tuple(filter(None, phrases))


@lru_cache(maxsize=16)
def _published_cells(published: bytes) -> tuple[dict[str, tuple[object, ...]], Counter[tuple[object, ...]]]:
    """Return the content of the published notebook's graded cells by name, and of its other cells."""
    cells = _cells(published) or []
    graded = {name: _content(cell) for cell in cells if (name := _grade_id(cell))}
    return graded, Counter(_content(cell) for cell in cells if not _grade_id(cell))


def _cells(raw: bytes) -> list[Cell] | None:
    try:
        notebook = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return None
    return cells


def _grade_id(cell: Cell) -> str:
    name = _nbgrader(cell).get("grade_id")
    return name if isinstance(name, str) else ""


def _content(cell: Cell) -> tuple[object, ...]:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    nbgrader = _nbgrader(cell)
    settings = (nbgrader.get(key) for key in ("points", "grade", "task", "solution", "locked"))
    return tuple(map(_plain, (cell.get("cell_type"), source, *settings)))


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float) else "?"


def _nbgrader(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return nbgrader if isinstance(nbgrader, dict) else {}


def _cells_phrase(state: str, names: list[str]) -> str:
    """« cellule notée supprimée : completude-1-1 »; empty when there is none."""
    if not names:
        return ""
    plural = "s" if len(names) > 1 else ""
    participle = state if state == "en double" else f"{state}{plural}"
    return f"cellule{plural} notée{plural} {participle} : {', '.join(names)}"
