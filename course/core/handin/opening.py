"""Opening what was handed in: `open_handin` reads the zip that « Remettre » makes, and trusts none of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.core.answers.format import parse
from course.core.answers.reading import FOLDER, file_name
from course.core.files import read_bytes
from course.core.handin import manifest
from course.core.handin.archive import MAX_BYTES, files_of
from course.core.handin.manifest import Manifest, shown
from course.core.handin.packing import notebook_name
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import FILE as TEAM_FILE


@dataclass(frozen=True, slots=True)
class Handin:
    """What was handed in for one goal, proved whole.

    Attributes:
        manifest: What it says of itself: goal, team, date, version; its counts are a claim, the answers are here.
        answers: By objective, the bytes of each answers file that can be read.
        problems: By objective, why an answers file cannot be read, in French.
        notebook: The bytes of the notebook, never opened; None when there is none.
        sha256: The SHA-256 of the archive, in hexadecimal: a receipt prints its beginning.
    """

    manifest: Manifest
    answers: Mapping[str, bytes]
    problems: Mapping[str, str]
    notebook: bytes | None
    sha256: str


def open_handin(source: bytes | Path) -> Handin:
    """Reads what was handed in.

    Args:
        source: The zip, or its path: a plain file, not a link.

    Returns:
        What is in it. It may have been unpacked and packed again, in a folder of its own: the files are the same.

    Raises:
        Unreadable: It cannot be trusted or understood; nothing was written anywhere.
    """
    raw = read_source(source)
    return handin_of(files_of(raw), hashlib.sha256(raw).hexdigest())


def read_source(source: bytes | Path) -> bytes:
    """The bytes of a file that somebody handed in.

    Raises:
        Unreadable: It is missing, too large or no plain file.
    """
    if isinstance(source, bytes):
        return source
    try:
        raw = read_bytes(source.absolute().parent, source.name, limit=MAX_BYTES)
    except (Unreadable, OSError) as error:
        reason = error.reason if isinstance(error, Unreadable) else "Il ne se laisse pas ouvrir."
        raise Unreadable(reason) from None
    if raw is None:
        raise Unreadable("Ce fichier n’existe pas.")
    return raw


def handin_of(files: Mapping[str, bytes], sha256: str) -> Handin:
    """What was handed in, from the files of an archive.

    Raises:
        Unreadable: They are not those that the archive was made of.
    """
    files = _unwrapped(files)
    if manifest.FILE not in files:
        raise Unreadable(f"« {manifest.FILE} » y manque : ce n’est pas une remise faite par le cours.")
    said = manifest.parse(files[manifest.FILE])
    allowed = {TEAM_FILE, notebook_name(said.goal), *_answers_names(said.goal).values()}
    content = {name: raw for name, raw in files.items() if name != manifest.FILE}
    for name in (*content, *said.files):
        if name not in allowed:
            raise Unreadable(f"« {shown(name)} » n’a rien à faire dans une remise du {_called(said.goal)}.")
    for name, sealed in said.files.items():
        if name not in content:
            raise Unreadable(f"« {name} » y manque.")
        if (hashlib.sha256(content[name]).hexdigest(), len(content[name])) != (sealed.sha256, sealed.size):
            raise Unreadable(f"« {name} » a changé depuis la remise.")
    for name in content:
        if name not in said.files:
            raise Unreadable(f"« {name} » a été ajouté depuis la remise.")
    answers, problems = _answers(said.goal, content)
    return Handin(said, answers, problems, content.get(notebook_name(said.goal)), sha256)


def _unwrapped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without the one folder that a person packed them in."""
    tops = {name.partition("/")[0] for name in files}
    if manifest.FILE in files or len(tops) != 1:
        return dict(files)
    return {name.partition("/")[2] or name: raw for name, raw in files.items()}


def _answers_names(goal: Goal) -> dict[str, str]:
    return {objective.id: f"{FOLDER}/{file_name(objective)}" for objective in goal.objectives}


def _answers(goal: Goal, content: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    answers: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    for objective in goal.objectives:
        raw = content.get(f"{FOLDER}/{file_name(objective)}")
        if raw is None:
            continue
        try:
            parse(raw, objective)
        except Unreadable as error:
            problems[objective.id] = error.reason
        else:
            answers[objective.id] = raw
    return answers, problems


def _called(goal: Goal) -> str:
    return f"but {goal.id}"
