"""`course submit` and `course resume`: handing in, and taking up again, from a command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from course.core import authorship, syllabus
from course.core.authorship import Names
from course.core.content import VERSION
from course.core.folders import goal_folder
from course.core.handin.manifest import codes
from course.core.handin.package import incomplete, pack
from course.core.handin.receipt import deliver
from course.core.handin.resumption import ANYWAY, bring, other_people, resume, resume_plan, resume_tests, summary
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.syllabus import goal_of
from course.core.workbooks import chosen, home_of, lacking
from course.workbook.handin import exchange

_YES = ("o", "oui")


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
    home, root = home_of(goal, chosen(folder))
    who = _names(root).team
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
    workbook = chosen(folder)
    goals = {objective.goal: syllabus.load().goal(objective.goal) for objective in brought.answers}
    folders = {name: home for name, goal in goals.items() if (home := goal_folder(workbook.folder, goal))}
    if brought.answers and not folders:
        raise lacking(workbook, "le cahier de ce fichier")
    who = _names(workbook.root).owners
    try:
        others = other_people(brought.team, workbook.root)
    except Unreadable as error:
        raise Refusal(f"Rien n’est repris. {error.reason}") from error
    if others:
        _say(others)
        _ask(ANYWAY, sure, "Rien n’est repris.")
    resumed = summary(resume(brought.answers, folders)) if brought.answers or brought.plan is None else ()
    resumed += (*resume_plan(brought.plan, workbook.root), *resume_tests(brought.tests, workbook.root))
    for line in (*brought.notices, *resumed):
        _say(line)
    if brought.team and not who:
        try:
            names = authorship.propose(workbook.root, brought.team)
        except NotWritten as error:
            raise Refusal(error.reason) from error
        _say(f"Classeur de : {names.team}")


def _names(root: Path) -> Names:
    names, notice = authorship.opened(root, claimed=False)
    if notice:
        _say(notice)
    return names


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
