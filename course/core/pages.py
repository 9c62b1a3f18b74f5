"""The pages of the course in their order, and how far a workbook has got on each; the list is `data/pages.csv`."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course.core import quizzes, results, syllabus, team
from course.core.content import content
from course.core.folders import EXERCISES, HANDED_IN, goal_folder
from course.core.handin.manifest import stem_of
from course.core.handin.package import Standing, standings
from course.core.plan import format as plan_format
from course.core.plan import plan
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.core.terminal import AT_DESK, typed
from course.core.words import counted

LESSON, EXERCISE, ASSESSMENT, PLAN = "lecon", "cahier", "bilan", "plan"
_LENGTH = re.compile(r"\*\*Durée\*\*\s*:\s*exposé\s+(\d{1,3})\s+min\s+·\s+pratique\s+(\d{1,3})\s+min")
_DESK_PARTS = {
    "intake": "recueillir",
    "enter": "recueillir",
    "grade": "corriger",
    "review": "relire",
    "class": "regarder",
    "plans": "regarder",
    "trainee": "regarder",
    "deadline": "regarder",
    "feedback": "rendre",
    "marks": "rendre",
    "attestations": "rendre",
    "archive": "garder",
    "restore": "garder",
    "forget": "garder",
}
SITTING_CELLS = {"avant": quizzes.BEFORE, "apres": quizzes.AFTER}


@dataclass(frozen=True, slots=True)
class Part:
    """A place in a page: the identifier of its cell, its title, its objective if it has one."""

    cell: str
    title: str
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A notebook, as a reader knows it.

    Attributes:
        path: Its file below the root of a workbook or a course, with `/`.
        title: As its first heading has it.
        short: Its title where it stands among others.
        section: The heading that it stands under.
        kind: `lecon`, `cahier`, `bilan`… as in the table.
        goal: The number of its goal; empty for none.
        instructor: Whether trainees do not have it.
        parts: Its places that are listed.
    """

    path: str
    title: str
    short: str
    section: str
    kind: str
    goal: str
    instructor: bool
    parts: tuple[Part, ...] = ()

    @property
    def stem(self) -> str:
        """The name of its file without ending; that of its quiz for a lesson."""
        return Path(self.path).stem


@dataclass(frozen=True, slots=True)
class Mark:
    """The progress of a page or a part: done, begun or neither, and a French note such as « 1 canevas sur 3 »."""

    done: bool = False
    begun: bool = False
    note: str = ""


@cache
def load() -> tuple[Page, ...]:
    """Every page, in the order in which they are read."""
    table = list(syllabus.rows("pages"))
    parts: dict[str, list[Part]] = {}
    for row in table:
        if row["cell"]:
            parts.setdefault(row["page"], []).append(Part(row["cell"], row["title"]))
    objectives = {
        goal.id: [
            Part(f"situation-{objective.id.replace('.', '-')}", f"{objective.id} {objective.title}", objective.id)
            for objective in goal.objectives
        ]
        for goal in syllabus.load().goals
    }
    return tuple(
        Page(
            row["page"],
            row["title"],
            row["short"] or row["title"],
            row["section"],
            row["kind"],
            row["goal"],
            row["desk"] == "formateur",
            tuple(objectives[row["goal"]] if row["kind"] == EXERCISE else parts.get(row["page"], [])),
        )
        for row in table
        if not row["cell"]
    )


def way_to(command: str, *words: str | Path) -> str:
    """Return what a person does to run a command: at a desk, the part of it to go to; else the line to type.

    Args:
        command: The command's name, `grade`.
        words: Its further words in a terminal.

    Returns:
        « allez à « Compter la complétude », sur le bureau », or « tapez « course grade » ».
    """
    cell = _DESK_PARTS.get(command) if os.environ.get(AT_DESK) else None
    part = next((part for page in load() for part in page.parts if page.instructor and part.cell == cell), None)
    if part is None:
        return f"tapez «\u202f{typed(command, *words)}\u202f»"
    return f"allez à «\u202f{part.title}\u202f», sur le bureau"


@cache
def length(page: Page) -> tuple[int, int]:
    """Return the minutes that a lesson announces for its talk and for its practice; 0 and 0 where it says nothing."""
    try:
        notebook = json.loads((content("modules").parent / page.path).read_bytes())
        texts = ["".join(cell["source"]) for cell in notebook["cells"]]
    except (OSError, ValueError, LookupError, TypeError):  # a teacher is editing it
        return 0, 0
    talk, practice = next((match.groups() for text in texts if (match := _LENGTH.search(text))), ("0", "0"))
    return int(talk), int(practice)


def marks(root: Path) -> dict[str, Mark]:
    """The progress of a workbook by page and by part, `exercises/but-1/but-1.ipynb#situation-1-1`.

    Args:
        root: The root of the workbook.

    Returns:
        The pages that can be done and are there. A file that cannot be read counts as empty.
    """
    who = team.read_or_nobody(root)
    result: dict[str, Mark] = {}
    for page in load():
        if not (root / page.path).is_file():
            continue
        if page.kind == LESSON:
            result[page.path] = _lesson(root / page.path)
        elif page.kind == EXERCISE:
            result |= _exercise(root, page, who)
        elif page.kind == PLAN:
            result[page.path] = _plan(root)
        elif page.kind == ASSESSMENT:
            sittings = {part.cell: _sitting(root / page.path, part.cell) for part in page.parts}
            result |= {f"{page.path}#{cell}": mark for cell, mark in sittings.items()}
            result[page.path] = Mark(
                all(mark.done for mark in sittings.values()), any(mark.begun for mark in sittings.values())
            )
    return result


def _lesson(path: Path) -> Mark:
    try:
        stored = results.read(path.parent, path.stem)
    except Unreadable:
        return Mark()
    return Mark(stored.read, bool(stored.questions)) if stored else Mark()


def _sitting(path: Path, cell: str) -> Mark:
    return _lesson(path.with_stem(SITTING_CELLS[cell]))


def _plan(root: Path) -> Mark:
    try:
        raw = plan.in_workbook(root)
        entries = plan_format.load(raw)["entries"] if raw is not None else {}
    except Unreadable:
        return Mark()
    chosen = sum(entry.get("chosen", False) for entry in entries.values())
    return Mark(begun=chosen > 0, note=counted(chosen, "action") if chosen else "")


def _exercise(root: Path, page: Page, who: Team) -> dict[str, Mark]:
    goal = syllabus.load().goal(page.goal)
    canvases = standings(goal_folder(root, goal) or root / EXERCISES / goal.assignment, goal)
    complete = sum(standing.complete for standing in canvases)
    note = f"{complete} canevas sur {len(canvases)}"
    if _is_handed_in(root, goal, who):
        note = f"remis · {note}"
    marked = {
        f"{page.path}#{part.cell}": _canvas(standing) for part, standing in zip(page.parts, canvases, strict=True)
    }
    begun = any(mark.begun for mark in marked.values())
    return {page.path: Mark(complete == len(canvases), begun, note), **marked}


def _canvas(standing: Standing) -> Mark:
    return Mark(standing.complete, not standing.blank)


def _is_handed_in(root: Path, goal: Goal, who: Team) -> bool:
    return bool(who) and (root / HANDED_IN / f"{stem_of(who, goal)}.zip").is_file()
