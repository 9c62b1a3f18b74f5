"""Taking up again what was handed in, on this computer or another one: nothing that is already written is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.core import syllabus
from course.core.answers.format import MAX_BYTES, load, parse, read_json
from course.core.answers.merging import identified
from course.core.answers.reading import FOLDER
from course.core.answers.store import AnswersStore, NotSaved
from course.core.handin import manifest
from course.core.handin.archive import files_of
from course.core.handin.opening import handin_of, read_source
from course.core.handin.rejoining import rejoin
from course.core.refusal import Unreadable
from course.core.syllabus import Objective
from course.core.team import Team

_ANSWERS = re.compile(rf"(?:.*/)?{FOLDER}/(\d\.\d)\.json")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brings to a workbook.

    Attributes:
        answers: The bytes of each canvas's answers, every one readable.
        team: Who handed it in; nobody when the file does not say.
        notices: French sentences on what in it could not be read.
    """

    answers: Mapping[Objective, bytes]
    team: Team = field(default_factory=Team)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of one canvas.

    Attributes:
        objective: Its objective.
        taken: The number of texts that were brought in.
        beside: The number of texts that are kept beside what was there, until somebody chooses.
        same: The number of texts that were there already.
        without_place: The number of texts that found no place; they are still in the file.
        problem: Why nothing of it was taken, in French; empty when it was.
        notice: What the store told of the file that was there.
    """

    objective: Objective
    taken: int = 0
    beside: int = 0
    same: int = 0
    without_place: int = 0
    problem: str = ""
    notice: str = ""


def bring(source: bytes | Path) -> Brought:
    """Reads what a person takes up again.

    Args:
        source: A hand-in, the zip of a session that forgets, one canvas's own JSON, or the path of one.

    Raises:
        Unreadable: It is none of them, or cannot be trusted; nothing was changed.
    """
    raw = read_source(source)
    if not raw.startswith(b"PK"):
        return _one(raw)
    files = files_of(raw)
    if any(name.rpartition("/")[2] == manifest.FILE for name in files):
        handin = handin_of(files, "")
        notices = tuple(f"Canevas {name} : réponses illisibles. {reason}" for name, reason in handin.problems.items())
        answers = {syllabus.load().objective(name): content for name, content in handin.answers.items()}
        return Brought(answers, handin.manifest.team, notices)
    return _many(files)


def resume(answers: Mapping[Objective, bytes], folders: Mapping[str, Path]) -> tuple[Resumed, ...]:
    """Brings answers into a workbook, through its stores.

    Args:
        answers: The bytes of each canvas's answers, every one readable.
        folders: By goal, the folder of its notebook.

    Returns:
        What became of each canvas, in the order of the course.
    """
    ordered = sorted(answers.items(), key=lambda item: item[0].id)
    return tuple(_resume(objective, raw, folders.get(objective.goal)) for objective, raw in ordered)


def told(resumed: Sequence[Resumed]) -> tuple[str, ...]:
    """What became of the canvases that something was in, a French line each."""
    lines = tuple(f"Canevas {each.objective.id} : {words}" for each in resumed if (words := _words(each)))
    return lines or ("Il n’y a rien d’écrit dans ce fichier.",)


def _one(raw: bytes) -> Brought:
    """The answers of one canvas, as its own file holds them."""
    try:
        document = read_json(raw, MAX_BYTES)
        named = document.get("objective") if isinstance(document, dict) else None
        objective = syllabus.load().objective(named if isinstance(named, str) else "")
        parse(raw, objective)
    except Unreadable as error:
        raise Unreadable(f"Ce n’est ni une remise, ni des réponses du cours. {error.reason}") from None
    except KeyError:
        raise Unreadable("Ce n’est ni une remise, ni des réponses du cours.") from None
    return Brought({objective: raw})


def _many(files: Mapping[str, bytes]) -> Brought:
    """All answers of a workbook, as the bar of a session that forgets packs them."""
    answers: dict[Objective, bytes] = {}
    notices = []
    for name, raw in files.items():
        found = _ANSWERS.fullmatch(name)
        try:
            objective = syllabus.load().objective(found[1] if found else "")
        except KeyError:
            continue
        try:
            if objective in answers:
                raise Unreadable("Ce canevas y est deux fois.")
            parse(raw, objective)
        except Unreadable as error:
            notices.append(f"Canevas {objective.id} : réponses illisibles. {error.reason}")
        else:
            answers[objective] = raw
    if not answers:
        raise Unreadable("Cette archive ne contient pas de réponses du cours.")
    return Brought(answers, notices=tuple(notices))


def _resume(objective: Objective, raw: bytes, folder: Path | None) -> Resumed:
    if folder is None:
        return Resumed(objective, problem=f"le cahier du but {objective.goal} n’est pas dans ce classeur.")
    store = AnswersStore(folder, objective)
    try:
        opened = store.open()
        plan = rejoin(opened.document, identified(load(raw, objective), objective), objective)
        saved = store.save(plan.edits) if plan.edits else opened
    except NotSaved as error:
        return Resumed(objective, problem=f"non repris. {error.reason}")
    refused = sum(refusal.edit.kind == "set" for refusal in saved.refusals)
    return Resumed(objective, plan.taken - refused, plan.beside, plan.same, refused, notice=opened.notice)


def _words(each: Resumed) -> str:
    if each.problem:
        return each.problem
    parts = [
        _counted(each.taken, "texte repris", "textes repris"),
        _counted(each.same, "texte déjà là", "textes déjà là"),
        _counted(
            each.without_place,
            "texte resté dans le fichier, sans place ici",
            "textes restés dans le fichier, sans place ici",
        ),
    ]
    words = ", ".join(filter(None, parts))
    if each.beside:
        one = "1 texte diffère de ce qui est écrit ici : les deux sont gardés, choisissez dans le canevas"
        many = f"{each.beside} textes diffèrent de ce qui est écrit ici : tout est gardé, choisissez dans le canevas"
        words = " ; ".join(filter(None, (words, one if each.beside == 1 else many)))
    return " ".join(filter(None, (f"{words}." if words else "", each.notice)))


def _counted(number: int, one: str, many: str) -> str:
    return "" if not number else f"{number} {one if number == 1 else many}"
