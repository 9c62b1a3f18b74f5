"""`course submit` and `course resume`: handing in, and taking up again, from a command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.core import syllabus, team
from course.core.content import VERSION
from course.core.folders import RECORD, default_root, goal_folder, root_of
from course.core.handin.manifest import codes
from course.core.handin.package import incomplete, pack
from course.core.handin.receipt import deliver
from course.core.handin.resumption import bring, resume, resume_plan, summary
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.syllabus import Goal, goal_of
from course.core.team import Team
from course.core.terminal import typed
from course.core.workbooks import known
from course.workbook.handin import exchange

_YES = ("o", "oui")


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook on disk: its root, and the folder that a person named, which may be below it."""

    root: Path
    place: Path


def submit(name: str, folder: Path | None, sure: bool) -> None:
    """Hands a goal's notebook in, after showing what is incomplete.

    Args:
        name: The goal, as a person types it: `but-1`, « but 1 » or `1`.
        folder: The workbook, or the folder of the notebook; None for the one that `course open` opens.
        sure: Whether to ask nothing.

    Raises:
        Refusal: There is nothing to hand in there, it cannot be written, or the person would rather wait.
    """
    goal = goal_of(name)
    home, root = _home(goal, _workbook(folder))
    who = _team(root)
    packed = pack(home, goal, who, VERSION, datetime.now(UTC))
    _say(f"But {goal.id} : {goal.title}")
    _say(f"Classeur de : {who}" if who else "Ce classeur ne dit pas encore qui travaille (page d’accueil du cours).")
    for canvas in packed.standings:
        _say(f"  Canevas {canvas.objective.id} : {canvas.words}")
    for notice in packed.notices:
        _say(notice)
    if remark := incomplete(packed.standings):
        _say(f"{remark} Vous pouvez remettre ainsi, et remettre de nouveau plus tard.")
        _ask("Remettre maintenant ?", sure, "Rien n’est remis. Vos réponses restent dans votre classeur.")
    try:
        delivered = deliver(root, packed)
    except NotWritten as error:
        raise Refusal(f"Rien n’est remis. {error.reason}") from error
    _say(f"C’est remis : {delivered.archive}")
    _say(f"Reçu à imprimer : {delivered.receipt}")
    _say(f"Code du reçu : {codes(packed.sha256)}")
    if outcome := exchange.submit(packed, home):
        _say(outcome)


def take_up(path: Path, folder: Path | None, sure: bool) -> None:
    """Takes up again what was handed in, or one canvas's answers.

    Args:
        path: The file.
        folder: The workbook; None for the one that `course open` opens.
        sure: Whether to ask nothing.

    Raises:
        Refusal: The file cannot be trusted, or there is no workbook; nothing was changed.
    """
    try:
        brought = bring(path)
    except Unreadable as error:
        raise Refusal(f"« {path} » : {error.reason}") from error
    workbook = _workbook(folder)
    goals = {objective.goal: syllabus.load().goal(objective.goal) for objective in brought.answers}
    folders = {name: home for name, goal in goals.items() if (home := goal_folder(workbook.place, goal))}
    if brought.answers and not folders:
        raise Refusal(
            f"« {workbook.place} » n’a pas le cahier de ce fichier : ouvrez d’abord le cours par « {typed('open')} », "
            "ou donnez votre classeur par --dossier."
        )
    who = _team(workbook.root)
    if brought.team and who and brought.team != who:
        _say(f"Ce fichier est celui de : {brought.team}. Ce classeur est celui de : {who}.")
        _ask("Le reprendre quand même ?", sure, "Rien n’est repris.")
    resumed = summary(resume(brought.answers, folders)) if brought.answers else ()
    for line in (*brought.notices, *resumed, *resume_plan(brought.plan, workbook.root)):
        _say(line)
    if brought.team and not who:
        try:
            team.save(workbook.root, brought.team)
        except NotWritten as error:
            raise Refusal(error.reason) from error
        _say(f"Classeur de : {brought.team}")


def _workbook(folder: Path | None) -> Workbook:
    """The workbook that a person names; else that of the current folder, else the one that `course open` opens."""
    if folder is not None:
        place = folder.expanduser().absolute()
        if not place.is_dir():
            raise Refusal(f"« {place} » n’est pas un dossier : donnez celui de votre classeur.")
        return Workbook(root_of(place), place)
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / RECORD).is_file():
            return Workbook(place, here)
    if len(several := known()) > 1:
        names = " ; ".join(f"{each.root} – {each.title}" for each in several)
        raise Refusal(f"Cet ordinateur a plusieurs classeurs : dites lequel par --dossier. {names}")
    return Workbook(default_root(), default_root())


def _home(goal: Goal, workbook: Workbook) -> tuple[Path, Path]:
    """The folder of a goal's notebook, and the root of its workbook."""
    home = goal_folder(workbook.place, goal)
    if home is None:
        raise Refusal(
            f"« {workbook.place} » n’a pas le cahier « {goal.assignment} » : ouvrez d’abord le cours par "
            f"« {typed('open')} », ou donnez votre classeur par --dossier."
        )
    return home, root_of(home)


def _team(root: Path) -> Team:
    try:
        return team.read(root)
    except Unreadable as error:
        _say(f"Le fichier « {team.FILE} » est illisible ({error.reason.rstrip('.')}) : dites de nouveau qui travaille.")
        return Team()


def _ask(question: str, sure: bool, otherwise: str) -> None:
    """Asks, and goes on only after a yes."""
    if sure:
        return
    try:
        answer = input(f"{question} (oui ou non) ")
    except EOFError:
        _say("")
        raise Refusal(f"{otherwise} Pour répondre oui d’avance : --oui.") from None
    if answer.strip().lower() not in _YES:
        raise Refusal(otherwise)


def _say(text: str) -> None:
    print(text, flush=True)
