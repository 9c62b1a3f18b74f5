"""The workbooks of a shared computer: `~/soins-centres-personnes`, and others with a numeric suffix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from course.core import documents, files, team
from course.core.folders import EXERCISES, RECORD, RECORD_FORMAT, default_root, goal_folder, root_of
from course.core.refusal import Refusal
from course.core.syllabus import Goal
from course.core.team import Team
from course.core.terminal import typed

_MOST = 200


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook of this computer: its folder, its team, and when it was last opened, in local time."""

    root: Path
    team: Team
    opened: datetime

    @property
    def title(self) -> str:
        """Its team, in French."""
        return str(self.team) or "Classeur sans nom"

    @property
    def untouched(self) -> bool:
        """Whether it was never opened: nothing but its name is there."""
        return not (self.root / EXERCISES).exists()


def known() -> list[Workbook]:
    """Return the workbooks in the user's home, the last opened first."""
    usual = default_root()
    pattern = re.compile(rf"{re.escape(usual.name)}(-[0-9]{{1,4}})?")
    workbooks = []
    for root in sorted(usual.parent.glob(f"{usual.name}*"))[:_MOST]:
        record = root / RECORD
        if pattern.fullmatch(root.name) and record.is_file() and not root.is_symlink():
            workbooks.append(Workbook(root, team.read_or_nobody(root), datetime.fromtimestamp(record.stat().st_mtime)))
    return sorted(workbooks, key=lambda workbook: workbook.opened, reverse=True)


@dataclass(frozen=True, slots=True)
class Place:
    """A workbook on disk: its root, and the folder that a person named, which may be below it."""

    root: Path
    folder: Path


def chosen(folder: Path | None) -> Place:
    """Return the workbook that a command works on.

    Args:
        folder: The folder that a person named; by default the workbook around the current folder, else the one that
            `course open` opens.

    Raises:
        Refusal: It is no folder, or the computer has several workbooks and none was named.
    """
    if folder is not None:
        place = folder.expanduser().absolute()
        if not place.is_dir():
            raise Refusal(f"«\u202f{place}\u202f» n’est pas un dossier\u00a0: donnez celui de votre classeur.")
        return Place(root_of(place), place)
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / RECORD).is_file():
            return Place(place, here)
    if len(several := known()) > 1:
        names = "\u202f; ".join(f"{each.root} – {each.title}" for each in several)
        raise Refusal(f"Cet ordinateur a plusieurs classeurs\u00a0: dites lequel par --dossier. {names}")
    return Place(default_root(), default_root())


def home_of(goal: Goal, place: Place) -> tuple[Path, Path]:
    """Return the folder of a goal's notebook, and the root of its workbook; raises `Refusal` where there is none."""
    home = goal_folder(place.folder, goal)
    if home is None:
        raise lacking(place, f"le cahier «\u202f{goal.assignment}\u202f»")
    return home, root_of(home)


def lacking(place: Place, what: str) -> Refusal:
    """Return the refusal of a command that a workbook lacks the notebook for.

    Args:
        place: The workbook.
        what: The notebook, in French with its article.
    """
    return Refusal(
        f"«\u202f{place.folder}\u202f» n’a pas {what}\u00a0: ouvrez d’abord le cours par "
        f"«\u202f{typed('open')}\u202f», ou donnez votre classeur par --dossier."
    )


def free_root() -> Path:
    """Return the path of a new workbook."""
    usual = default_root()
    names = (usual, *(usual.with_name(f"{usual.name}-{number}") for number in range(2, 10_000)))
    return next(root for root in names if not root.exists())


def reserve(who: Team) -> Workbook:
    """Makes a workbook for other people, listed under their names: the next opening asks whose is opened, and fills it.

    Args:
        who: The people. A workbook that names the same persons is theirs, and so is one of that name never opened.

    Raises:
        NotWritten: The user's home cannot be written.
    """
    for workbook in known():
        if workbook.team == who and (who.members or workbook.untouched):
            return workbook
    root = free_root()
    files.write(root / RECORD, documents.written({"format": RECORD_FORMAT, "cahiers": {}}))
    if who:
        team.save(root, who)
    return Workbook(root, who, datetime.now())


def must_ask(workbooks: list[Workbook], today: date) -> bool:
    """Return whether to ask who works: there are several workbooks, or one with a team, last opened another day."""
    return len(workbooks) > 1 or any(each.team and each.opened.date() != today for each in workbooks)
