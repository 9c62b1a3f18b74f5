"""Taking a file that was filled in into a workbook: merged like the texts of any two writers, and reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.core import files
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.core.bar import Choice, Question
from course.core.folders import goal_folder
from course.core.handin.resumption import ANYWAY, Rejoined, other_people, rejoin
from course.core.refusal import NotWritten
from course.core.syllabus import Objective, load
from course.core.words import counted
from course.documents import plan_import
from course.documents.incoming import Table
from course.documents.reading import Ask, Left, Reading, excerpt, reading

FOLDER = "documents"
"""At the root of a workbook."""
_YES = "oui"
_ANSWERS = (Choice(_YES, "oui"), Choice("non", "non, ne rien reprendre de ce fichier"))
_MOST_LINES = 200
_NAMES = {
    "strategy": "stratégie",
    "action": "action",
    "responsible": "responsable",
    "due": "échéance",
    "indicator": "indicateur",
}


@dataclass(frozen=True, slots=True)
class Import:
    """What became of a file.

    Attributes:
        lines: The report in French, a line for each text that was taken, changed or refused, and one in sum.
        objectives: The canvases that were changed.
        left: The texts that found no place.
        kept: The file that holds them; None without any, or where it could not be written.
        question: What must be answered first, in French, where the file is of other people: nothing was taken.
    """

    lines: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    kept: Path | None = None
    question: str = ""


def take(  # noqa: PLR0913, PLR0917 - the file, where it goes, and who can be asked
    tables: Sequence[Table], name: str, root: Path, place: Path, ask: Ask | None = None, sure: bool = False
) -> Import:
    """Merge the canvases of a file into a workbook.

    Args:
        tables: Its tables (`incoming.read`).
        name: Its name.
        root: The root of the workbook.
        place: The folder that the person named in it.
        ask: Asks what the file does not say; None leaves it aside.
        sure: Whether a person has said to take the file of other people.

    Raises:
        Unreadable: Other names wait for an answer in this workbook; nothing was taken.
    """
    found = reading(tables, ask)
    lines: list[str] = []
    changed: list[str] = []
    if (others := other_people(found.people, root)) and not sure:
        question = f"{others} {ANYWAY}"
        if ask is None or ask(Question(question, _ANSWERS)) != _YES:
            return Import(question=question)
    for objective, document in sorted(found.documents.items(), key=lambda item: item[0].id):
        folder = goal_folder(place, load().goal(objective.goal))
        if folder is None:
            reason = f"le cahier du but {objective.goal} n’est pas dans ce classeur"
            found.left += _all(document, objective, found, reason)
            continue
        report, is_changed = _merge(AnswersStore(folder, objective), document, found)
        lines += report
        changed += [objective.id] if is_changed else []
    if found.plans:  # after the canvases: the plan is of their actions
        plan = plan_import.take(found.plans, root, ask)
        found.left += plan.left
        lines += [plan.lines[0], *_shortened(list(plan.lines[1:]))]
    lines += _shortened(
        [
            f"Refusé\u00a0– {left.place}\u00a0: «\u202f{excerpt(left.text)}\u202f»\u00a0: {left.reason}."
            for left in found.left
        ]
    )
    if not found.documents and not found.plans:
        lines.append("Aucun canevas n’est reconnu dans ce fichier, ni aucun plan.")
    kept, notice = _keep(found.left, name, root)
    return Import((*lines, *([notice] if notice else ())), tuple(changed), tuple(found.left), kept)


def _merge(store: AnswersStore, document: Mapping[str, Any], found: Reading) -> tuple[list[str], bool]:
    """Merge one canvas; return its lines and whether anything was written."""
    objective = store.objective
    try:
        opened = store.open()
        plan = rejoin(opened.document, document, objective, longer_wins=False)
        saved = store.save(plan.edits) if plan.edits else opened
    except NotWritten as error:
        found.left += _all(document, objective, found, error.reason.rstrip("."))
        return [f"Canevas {objective.id}\u00a0: rien n’est repris. {error.reason}"], False
    refused = {(r.edit.row, r.edit.field): r.reason for r in saved.refusals if r.edit.kind == "set"}
    lines, taken, beside = [], 0, 0
    for edit, is_beside in _texts(plan):
        where = found.places.get((edit.option, plan.origins.get(edit.row, edit.row), edit.field), "")
        if (edit.row, edit.field) in refused:
            found.left.append(Left(where, edit.value, refused[edit.row, edit.field].rstrip(".")))
            continue
        taken, beside = taken + (not is_beside), beside + is_beside
        word, more = (
            ("Changé", "\u00a0: les deux textes sont gardés, choisissez dans le canevas") if is_beside else ("Pris", "")
        )
        goal = f"{edit.option}, {_NAMES[edit.field]}"
        lines.append(f"{word}\u00a0– {where}\u00a0→ {goal}\u00a0: «\u202f{excerpt(edit.value)}\u202f»{more}.")
    lines += _kept_here(opened.document, document, found, objective)
    notice = [opened.notice] if opened.notice else []
    return [_sum(objective, taken, beside, plan.same), *_shortened(lines), *notice], bool(taken + beside)


def _kept_here(
    present: Mapping[str, Any], document: Mapping[str, Any], found: Reading, objective: Objective
) -> list[str]:
    """Return lines on what was emptied or taken out of a document of the course: an import takes nothing away."""
    lines, absent = [], 0
    for option in objective.options:
        incoming = {each["id"]: each for row in document["options"][option.id] for each in (row, *row["actions"])}
        here = [each for row in present["options"][option.id] for each in (row, *row["actions"])]
        if not any(each["id"] in incoming for each in here):
            continue
        for each in here:
            if each["id"] not in incoming:
                absent += any(each.get(name, "").strip() for name in _NAMES)
                continue
            for name, word in _NAMES.items():
                place = found.places.get((option.id, each["id"], name))
                if place and each.get(name, "").strip() and not incoming[each["id"]].get(name, "").strip():
                    text = f"vide dans le fichier, le canevas garde «\u202f{excerpt(each[name])}\u202f»"
                    lines.append(f"Gardé\u00a0– {place}\u00a0→ {option.id}, {word}\u00a0: {text}.")
    if absent:
        one = "texte n’est pas dans ce fichier et reste dans le canevas"
        many = "textes ne sont pas dans ce fichier et restent dans le canevas"
        lines.append(f"{counted(absent, one, many)}.")
    return lines


def _texts(plan: Rejoined) -> Iterator[tuple[Edit, bool]]:
    """Yield the edits that bring a text, each with whether the text that was there comes back before it."""
    sets = [edit for edit in plan.edits if edit.kind == "set"]
    followers = [*(edit.client for edit in sets[1:]), None]
    for edit, follower in zip(sets, followers, strict=False):  # one more follower than edits where there are none
        if edit.client == sets[0].client:
            yield edit, follower is not None and follower != edit.client


def _shortened(lines: list[str]) -> list[str]:
    """Return as many lines as somebody reads, and the number of the others."""
    others = len(lines) - _MOST_LINES
    if others < 2:
        return lines
    return [*lines[:_MOST_LINES], f"Et {others} autres."]


def _sum(objective: Objective, taken: int, beside: int, same: int) -> str:
    parts = [
        counted(taken, "texte pris", "textes pris") if taken else "",
        counted(beside, "texte changé", "textes changés") if beside else "",
        counted(same, "texte déjà là", "textes déjà là") if same else "",
    ]
    return f"Canevas {objective.id}\u00a0: {', '.join(filter(None, parts)) or 'rien d’écrit'}."


def _all(document: Mapping[str, Any], objective: Objective, found: Reading, reason: str) -> list[Left]:
    """Return every text of a canvas that was not taken."""
    left = []
    for option in objective.options:
        for row in document["options"][option.id]:
            for texts in (row, *row["actions"]):
                for field in _NAMES:
                    if text := texts.get(field, "").strip() and texts[field]:
                        left.append(Left(found.places.get((option.id, texts["id"], field), ""), text, reason))
    return left


def _keep(left: Sequence[Left], name: str, root: Path) -> tuple[Path | None, str]:
    """Write the texts that found no place into a file beside the documents; return it and a French sentence."""
    if not left:
        return None, ""
    blocks = [f"{each.place}\u00a0: {each.reason}.\n{each.text}\n" for each in left]
    content = "\n".join((f"Ce qui n’a pas trouvé de place dans «\u202f{excerpt(name)}\u202f»\n", *blocks)).encode(
        errors="replace"
    )
    stem = re.sub(r"[^\w-]+", "-", Path(name).stem).strip("-")[:60] or "fichier"
    try:
        path = files.free(root / FOLDER, f"{stem}-sans-place", "txt", content)
        files.write(path, content)
    except NotWritten as error:
        return None, f"Ce qui est refusé n’a pas pu être gardé à part (il reste dans votre fichier). {error.reason}"
    return path, f"{counted(len(left), 'texte refusé', 'textes refusés')}, en entier dans\u00a0: {path}"
