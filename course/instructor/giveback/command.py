"""`course feedback` and `course marks`: what the instructor asks for, and what she reads of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from course.core import model_answers, syllabus
from course.core.bar import bar
from course.core.model_answers import UnusableTableError
from course.core.refusal import Refusal
from course.core.syllabus import Goal
from course.instructor.cohort import places
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import Cohort
from course.instructor.giveback import page, records, releasing, sheets, tables, writing
from course.instructor.giveback.writing import Given


def feedback(goals: Sequence[str], folder: Path | None, models: bool, release: bool) -> None:
    """Writes the page of each trainee and goal, the page of each trainee on all goals, and a zip of each for the class.

    Args:
        goals: `but-1` … `but-5`, or `1` … `5`; those that were graded when none is named.
        folder: The course's folder; found from the working folder by default.
        models: Whether the model answers are in the pages.
        release: Whether the pages also go back through nbgrader's exchange, where there is one.

    Raises:
        Refusal: No such goal, nothing was graded, or a page cannot be written.
    """
    cohort = places.find(folder)
    wanted = tuple(map(_goal, goals)) or syllabus.load().goals
    shown = _models(wanted) if models else {}
    with opened(cohort) as connection:
        found = records.read(connection, cohort)
    given = writing.write(cohort, bar(found, "Retours", len(found)), wanted, shown)
    if not any(given.pages.values()):
        raise Refusal("Aucune copie n’est corrigée : corrigez d’abord les copies, avec « course grade ».")
    zips = []
    for goal in wanted:
        if given.pages[goal.assignment]:
            zips.append(cohort.reports / f"{writing.ZIP}-{goal.assignment}.zip")
            writing.bundle(zips[-1], given.pages[goal.assignment], goal.assignment)
    zips.append(cohort.reports / f"{writing.ZIP}-ensemble.zip")
    writing.bundle(zips[-1], given.wholes, "retours")
    _tell(cohort, wanted, given, zips)
    _release(cohort, given, release)


def marks(folder: Path | None, to: Path | None) -> None:
    """Writes the marks of a class: `notes-moodle.csv` for Moodle, `notes.xlsx` for Excel, `notes.csv` for the rest.

    Args:
        folder: The course's folder; found from the working folder by default.
        to: Where the three files go; the class's folder `bilans` by default.

    Raises:
        Refusal: There is nobody in the class, or a file cannot be written.
    """
    cohort = places.find(folder)
    with opened(cohort) as connection:
        found = records.read(connection, cohort)
    if not found:
        raise Refusal(f"La promotion est vide : remplissez la liste « {cohort.roster} », ou prenez des copies.")
    place = to.expanduser().absolute() if to else cohort.reports
    key, headings, rows = tables.moodle(found)
    tables.write(place / "notes-moodle.csv", headings, rows, delimiter=",", encoding="utf-8")
    tables.write(place / "notes.csv", tables.CANVAS, tables.canvases(found), delimiter=";", encoding="utf-8-sig")
    sheets.write(place / "notes.xlsx", found)
    nothing = sum(not record.works for record in found)
    print(f"Notes de {_number(len(found), 'stagiaire')} : « {place} ».")
    if nothing:
        whose = "ses" if nothing == 1 else "leurs"
        print(f"{_number(nothing, 'stagiaire')} sans aucune copie corrigée : {whose} notes restent vides.")
    print("  notes.xlsx : à ouvrir dans Excel, une feuille par but et une par canevas.")
    print("  notes.csv : la même table par canevas, pour un autre logiciel.")
    print(
        "  notes-moodle.csv : dans Moodle, « Notes », « Importer », « Fichier CSV », séparateur « virgule », encodage "
        f"« UTF-8 » ; associez la colonne « {key} », puis chaque but à sa note et « … commentaire » à son feedback."
    )
    if key != tables.EMAIL:
        print(
            "  La colonne du courriel n’y est pas, parce qu’il manque à quelqu’un ou sert deux fois : Moodle donnerait "
            "la note à une autre personne."
        )
    print("Un but dont un canevas attend encore n’a pas de note dans Moodle.")


def _goal(name: str) -> Goal:
    known = {name: goal for goal in syllabus.load().goals for name in (goal.id, goal.assignment)}
    if name not in known:
        choice = ", ".join(goal.assignment for goal in syllabus.load().goals)
        raise Refusal(f"« {name} » n’est pas un but de ce cours : choisissez parmi {choice}.")
    return known[name]


def _models(goals: Sequence[Goal]) -> dict[str, str]:
    try:
        found = model_answers.load()
    except UnusableTableError as error:
        raise Refusal(str(error)) from error
    if found.absence:
        raise Refusal(found.absence)
    return page.shown_models(found, goals)


def _tell(cohort: Cohort, goals: Sequence[Goal], given: Given, zips: Sequence[Path]) -> None:
    for goal in goals:
        copies, waiting = len(given.pages[goal.assignment]), given.waiting.get(goal.assignment, 0)
        if copies:
            still = f", dont {waiting} en attente d’une note de qualité : la page le dit" if waiting else ""
            print(f"But {goal.id} : {_number(copies, 'page')}{still}.")
    print(f"Pages nouvelles ou changées : {given.fresh}. Elles sont dans « {cohort.feedback} ».")
    names = ", ".join(path.name for path in zips)
    print(f"Pour toute la promotion, dans « {cohort.reports} » : {names}.")


def _release(cohort: Cohort, given: Given, wanted: bool) -> None:
    """Gives back what the exchange can, when that is wanted, and says what to do for the others."""
    there = releasing.exchange(cohort) is not None
    by_hand = possible = 0
    for assignment, pages in given.pages.items():
        reachable = given.reachable.get(assignment, 0) if there else 0
        if reachable and wanted:
            if reason := releasing.release(cohort, assignment):
                print(f"L’échange de nbgrader n’a pas pris les retours de {assignment} : {reason}")
                reachable = 0
            else:
                print(f"{assignment} : {_number(reachable, 'retour')} par l’échange de nbgrader.")
        elif reachable:
            possible += reachable
        by_hand += len(pages) - reachable
    if possible:
        print(f"L’échange de nbgrader peut en rendre {possible} : ajoutez --rendre, quand vous voudrez.")
    if by_hand:
        print(
            f"{_number(by_hand, 'retour')} à remettre à la main : ouvrez le zip, et envoyez à chaque personne le "
            "fichier qui porte son nom. N’envoyez jamais le zip lui-même : il contient les notes de tout le monde."
        )


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"
