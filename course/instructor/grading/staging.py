"""Staging: of a submission, only what can be trusted goes on to nbgrader, in a clean folder of its own.

That is the published notebook, the answers files that are valid, byte for byte, the exchange's date and secret, who
worked together, and remarks of our own in place of what was refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from course.core import team
from course.core.answers import FOLDER, file_name, parse, unreadable_name
from course.core.answers.format import MAX_BYTES, Answers
from course.core.files import read_bytes
from course.core.names import legible, refused_name
from course.core.refusal import Unreadable
from course.core.syllabus import Objective
from course.instructor.cohort.receipt import DATE, SECRET, read_date, read_secret
from course.instructor.grading.inspection import MAX_NOTEBOOK_BYTES, differences

REMARKS = "remarques.txt"
NO_EFFECT = "sans effet sur la note, qui vient des réponses"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell the instructor about one submission.

    Attributes:
        student: Whose.
        place: The file or folder it is about, as in the submission.
        text: What it is, in French, without a final stop.
        objective: The canvas that is marked 0 because of it, else empty.
    """

    student: str
    place: str
    text: str
    objective: str = ""

    def __str__(self) -> str:
        """The remark as one line: « awa : reponses/1.1.json illisible : … ; compté 0 »."""
        if self.objective:
            return f"{self.student} : {self.place} illisible : {self.text} ; compté 0"
        return f"{self.student} : {self.place} : {self.text}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What was handed out for one goal.

    Attributes:
        name: `but-1` … `but-5`.
        objectives: The canvases in it.
        notebooks: The published notebooks by file name.
        masters: The same, with what the gradebook keeps from trainees put back: these are graded.
    """

    name: str
    objectives: tuple[Objective, ...]
    notebooks: Mapping[str, bytes]
    masters: Mapping[str, bytes]


def hers(assignment: Assignment) -> tuple[str, ...]:
    """What in a graded folder is the trainee's, or ours about her, by path: no file beside the source replaces it.

    nbgrader copies what it finds there over her files, and a teacher who tries a canvas in `solutions/` leaves answers.
    """
    names = (f"{FOLDER}/{name(each)}" for each in assignment.objectives for name in (file_name, unreadable_name))
    return (*names, DATE, SECRET, REMARKS, team.FILE)


def listed(submitted: Path, pattern: str, excluded: frozenset[str]) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
    """The trainees who have a folder, in alphabetical order, and what else stands beside their folders.

    Args:
        submitted: The folder of all submissions; it is trusted itself.
        pattern: Which trainees: a name, or a pattern with `*`.
        excluded: Names to leave out.

    Returns:
        The names, those of links included (staging reports them), and remarks on all names that cannot be graded.
    """
    names: list[str] = []
    remarks: list[Remark] = []
    with os.scandir(submitted) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name.startswith(".") or not (entry.is_symlink() or entry.is_dir(follow_symlinks=False)):
                continue
            if reason := refused_name(entry.name):
                remarks.append(Remark(legible(entry.name), "dossier", f"{reason} ; copie non corrigée"))
            elif (entry.name == pattern or fnmatchcase(entry.name, pattern)) and entry.name not in excluded:
                names.append(entry.name)
    return tuple(names), tuple(remarks)


@dataclass(frozen=True, slots=True)
class Staged:
    """What of one submission can be trusted.

    Attributes:
        student: Whose.
        files: What goes on to be graded, by path below the submission's folder; the notebooks are not hers.
        answers: By objective, her answers or why they were refused; those that were not handed in are left out.
        remarks: What the instructor should know of it.
        date: When it was handed in, proved to be a date; empty when nobody says.
    """

    student: str
    files: Mapping[str, bytes]
    answers: Mapping[str, Answers | Unreadable]
    remarks: tuple[Remark, ...]
    date: str = ""


def handed_in(submitted: Path, student: str, assignment: str) -> bool:
    """Whether there is anything, be it no folder, where a trainee's submission of an assignment would be."""
    return _refused_folder(submitted, (student, assignment))[1] != ""


def read(submitted: Path, student: str, assignment: Assignment) -> Staged | None:
    """What of a submission can be trusted; nothing is written.

    Args:
        submitted: The folder of all submissions; it is trusted itself, nothing below it is.
        student: The trainee's folder in it.
        assignment: What was handed out.

    Returns:
        What goes on to be graded, or None when this trainee handed nothing in.
    """
    parts = (student, assignment.name)
    place, refusal = _refused_folder(submitted, parts)
    if refusal == "":
        return None
    files: dict[str, bytes] = {}
    answers: dict[str, Answers | Unreadable] = {}
    remarks: list[Remark] = []
    for objective in assignment.objectives:
        name = f"{FOLDER}/{file_name(objective)}"
        try:
            if refusal:
                raise Unreadable(refusal)
            raw = read_bytes(submitted, *parts, FOLDER, file_name(objective), limit=MAX_BYTES)
            if raw is not None:
                answers[objective.id] = parse(raw, objective)
                files[name] = raw
        except Unreadable as error:
            answers[objective.id] = error
            files[f"{FOLDER}/{unreadable_name(objective)}"] = error.reason.encode()
            remarks.append(Remark(student, place if refusal else name, error.reason.rstrip("."), objective.id))
    if not refusal:
        others = (*_notebook_remarks(submitted, parts, assignment), *_stage_receipt(submitted, parts, files))
        if others:
            files[REMARKS] = "".join(f"{remark.place} : {remark.text}\n" for remark in others).encode()
        remarks += others
    return Staged(student, files, answers, tuple(remarks), files.get(DATE, b"").decode("ascii"))


def stage(submitted: Path, student: str, assignment: Assignment, destination: Path) -> tuple[Remark, ...] | None:
    """Builds the clean folder of one submission.

    Args:
        submitted: The folder of all submissions; it is trusted itself, nothing below it is.
        student: The trainee's folder in it.
        assignment: What was handed out.
        destination: An existing folder of ours; `student/assignment` is made in it.

    Returns:
        What the instructor should know of it, or None when this trainee handed nothing in.
    """
    staged = read(submitted, student, assignment)
    if staged is None:
        return None
    clean = destination.joinpath(student, assignment.name)
    (clean / FOLDER).mkdir(parents=True)
    for name, raw in (*assignment.masters.items(), *staged.files.items()):
        (clean / name).write_bytes(raw)
    return staged.remarks


def _refused_folder(submitted: Path, parts: tuple[str, str]) -> tuple[str, str | None]:
    """The first folder of a submission that is none, and why: the empty text when it is not there at all."""
    path = submitted
    for part in parts:
        path /= part
        place = path.relative_to(submitted).as_posix()
        try:
            mode = path.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return place, ""
        except OSError:
            return place, "Le dossier ne se laisse pas ouvrir (droits insuffisants)."
        if stat.S_ISLNK(mode):
            return place, "C’est un lien vers un autre dossier."
        if not stat.S_ISDIR(mode):
            return place, "Ce n’est pas un dossier."
    return "", None


def _notebook_remarks(submitted: Path, parts: tuple[str, str], assignment: Assignment) -> Iterator[Remark]:
    for name, published in assignment.notebooks.items():
        try:
            raw = read_bytes(submitted, *parts, name, limit=MAX_NOTEBOOK_BYTES)
        except Unreadable as error:
            yield Remark(parts[0], name, f"{error.reason.rstrip('.')} ; {NO_EFFECT}")
            continue
        found = ("notebook absent ou renommé",) if raw is None else differences(raw, published)
        if found:
            yield Remark(parts[0], name, " ; ".join((*found, NO_EFFECT)))


def _stage_receipt(submitted: Path, parts: tuple[str, str], files: dict[str, bytes]) -> Iterator[Remark]:
    readers = (
        (DATE, read_date, "la copie est corrigée sans date de remise"),
        (SECRET, read_secret, "le retour ne pourra pas être rendu par l’échange"),
        (team.FILE, _read_team, NO_EFFECT),
    )
    for name, read_text, consequence in readers:
        try:
            text = read_text(submitted, *parts)
        except Unreadable as error:
            yield Remark(parts[0], name, f"{error.reason.rstrip('.')} ; {consequence}")
        else:
            if text is not None:
                files[name] = text.encode()


def _read_team(folder: Path, *parts: str) -> str | None:
    """Who worked, written anew: only what a team is goes on."""
    raw = read_bytes(folder, *parts, team.FILE, limit=team.MAX_BYTES)
    return None if raw is None else team.written(team.parse(raw)).decode()
