"""Staging: of a submission, only what can be trusted goes on to nbgrader, in a clean folder of its own.

That is the published notebook, the answers files that are valid, byte for byte, the exchange's date and secret, and
remarks of our own in place of what was refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from course.core.answers import FOLDER, UnreadableAnswer, file_name, parse
from course.core.answers.format import MAX_BYTES
from course.core.answers.reading import read_bytes
from course.core.names import legible, refused_name
from course.core.syllabus import Objective
from course.grading.inspection import MAX_NOTEBOOK_BYTES, differences
from course.grading.receipt import DATE, SECRET, read_date, read_secret

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


def unreadable_name(objective: Objective) -> str:
    """The file that says why a canvas's answers were not taken: `1.1.illisible.txt`."""
    return f"{objective.id}.illisible.txt"


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
    parts = (student, assignment.name)
    place, refusal = _refused_folder(submitted, parts)
    if refusal == "":
        return None
    clean = destination.joinpath(*parts)
    answers = clean / FOLDER
    answers.mkdir(parents=True)
    for name, raw in assignment.masters.items():
        (clean / name).write_bytes(raw)
    remarks: list[Remark] = []
    for objective in assignment.objectives:
        try:
            if refusal:
                raise UnreadableAnswer(refusal)
            raw = read_bytes(submitted, *parts, FOLDER, file_name(objective), limit=MAX_BYTES)
            if raw is not None:
                parse(raw, objective)
                (answers / file_name(objective)).write_bytes(raw)
        except UnreadableAnswer as error:
            (answers / unreadable_name(objective)).write_text(error.reason, encoding="utf-8")
            where = place if refusal else f"{FOLDER}/{file_name(objective)}"
            remarks.append(Remark(student, where, error.reason.rstrip("."), objective.id))
    if not refusal:
        others = (*_notebook_remarks(submitted, parts, assignment), *_stage_receipt(submitted, parts, clean))
        if others:
            lines = "".join(f"{remark.place} : {remark.text}\n" for remark in others)
            (clean / REMARKS).write_text(lines, encoding="utf-8")
        remarks += others
    return tuple(remarks)


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
        except UnreadableAnswer as error:
            yield Remark(parts[0], name, f"{error.reason.rstrip('.')} ; {NO_EFFECT}")
            continue
        found = ("notebook absent ou renommé",) if raw is None else differences(raw, published)
        if found:
            yield Remark(parts[0], name, " ; ".join((*found, NO_EFFECT)))


def _stage_receipt(submitted: Path, parts: tuple[str, str], clean: Path) -> Iterator[Remark]:
    readers = (
        (DATE, read_date, "la copie est corrigée sans date de remise"),
        (SECRET, read_secret, "le retour ne pourra pas être rendu par l’échange"),
    )
    for name, read, consequence in readers:
        try:
            text = read(submitted, *parts)
        except UnreadableAnswer as error:
            yield Remark(parts[0], name, f"{error.reason.rstrip('.')} ; {consequence}")
        else:
            if text is not None:
                (clean / name).write_text(text, encoding="ascii")
