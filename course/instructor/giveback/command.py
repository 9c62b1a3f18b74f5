"""`course feedback` and `course marks`: pages for the trainees, tables for the platforms, and what to do with them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from course.core import model_answers, syllabus
from course.core.bar import bar
from course.core.model_answers import UnusableTableError
from course.core.names import legible
from course.core.refusal import Refusal
from course.core.syllabus import Goal, goal_of
from course.core.words import counted, few
from course.instructor.cohort import places
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.rereading import sentence
from course.instructor.giveback import pages, records, tables
from course.instructor.giveback.pages import Written
from course.instructor.giveback.records import Record

_NAMED = 40

if TYPE_CHECKING:
    pass


def feedback(goals: Sequence[str], folder: Path | None, models: bool, release: bool) -> None:
    """Writes a page for each trainee and goal, one for each trainee on all goals, and zips of them for the class.

    Args:
        goals: *Cahiers*, as `goal_of` takes them; those that were graded when none is named.
        folder: The course's folder; found from the working folder by default.
        models: Whether the model answers are in the pages.
        release: Whether the pages also go back through nbgrader's exchange, where there is one.

    Raises:
        Refusal: No such *cahier*, nothing was graded, or a page cannot be written.
    """
    cohort = places.find(folder)
    wanted = tuple(map(goal_of, goals)) or syllabus.load().goals
    shown = _models(wanted) if models else {}
    with opened(cohort) as connection:
        found = records.read(connection, cohort)
    written = pages.write(cohort, bar(found, "Retours"), wanted, shown)
    if not any(written.pages.values()):
        raise Refusal("Aucune copie n’est corrigée : corrigez d’abord les copies, avec « course grade ».")
    zips = []
    for assignment, of_goal in written.pages.items():
        if of_goal:
            zips.append(cohort.reports / f"{pages.ZIP}-{assignment}.zip")
            pages.bundle(zips[-1], of_goal, assignment)
    zips.append(cohort.reports / f"{pages.ZIP}-ensemble.zip")
    pages.bundle(zips[-1], written.wholes, "retours")
    _print_pages(cohort, wanted, written, zips)
    if told := sentence(cohort, _marks(found)):
        print(told)
    _release(cohort, written, release)


def marks(folder: Path | None, to: Path | None) -> None:
    """Writes the marks of a class: for Moodle, for Excel, and for any other program; says whose Moodle does not get.

    Args:
        folder: The course's folder; found from the working folder by default.
        to: Where the files go; the class's folder `bilans` by default.

    Raises:
        Refusal: There is nobody in the class, or a file cannot be written.
    """
    cohort = places.find(folder)
    with opened(cohort) as connection:
        found = records.read(connection, cohort)
    if not found:
        raise Refusal(f"La promotion est vide : remplissez la liste « {cohort.roster} », ou prenez des copies.")
    place = to.expanduser().absolute() if to else cohort.reports
    addressed, rows = tables.write(place, found)
    print(f"Notes de {counted(len(found), 'stagiaire')} : « {place} ».")
    if without := sum(not record.works for record in found):
        whose = "ses" if without == 1 else "leurs"
        print(f"{counted(without, 'stagiaire')} sans aucune copie corrigée : {whose} notes restent vides.")
    print(f"  {tables.EXCEL} : à ouvrir dans Excel, une feuille par but, une par canevas, et l’historique des notes.")
    print(f"  {tables.CSV} : la même table par canevas, pour un autre logiciel ; {tables.HISTORY} : qui a changé quoi.")
    _print_moodle(found, rows, addressed)
    if told := sentence(cohort, _marks(found)):
        print(told)


def _marks(found: Sequence[Record]) -> Iterator[Mark]:
    return (mark for record in found for work in record.works.values() for mark in work.marks)


def _print_moodle(found: Sequence[Record], rows: Mapping[str, int], addressed: bool) -> None:
    goals = tables.marked_goals(found)
    if not goals:
        print(f"  {tables.MOODLE} n’est pas écrit : personne n’a encore de note complète pour un but.")
        return
    for name, number in rows.items():
        print(f"  {name} : {counted(number, 'stagiaire')}.")
    print(
        "  Dans Moodle : « Notes », « Importer », « Fichier CSV », séparateur « virgule », encodage « UTF-8 » ; "
        "associez chaque but à son élément de note, qui doit avoir la même note maximale, et « … commentaire » à "
        "son feedback :"
    )
    print(f"  {', '.join(f'but {goal.id} sur {tables.maximum(goal)}' for goal in goals)}.")
    if addressed:
        print(f"  Associez la colonne « {tables.EMAIL} » à l’adresse de courriel de Moodle.")
    else:
        print(
            f"  Associez la colonne « {tables.IDENTIFIER} » au nom d’utilisateur seulement si vos identifiants sont "
            "ceux de Moodle : un seul inconnu arrête tout l’import. La colonne du courriel n’y est pas, parce qu’il "
            "manque à quelqu’un ou sert deux fois, et que Moodle donnerait la note à une autre personne : "
            "complétez la liste."
        )
    for goal in goals:
        for state, people in tables.left_out(found, goal).items():
            names = few([legible(trainee.name) for trainee in people], _NAMED)
            print(f"  Sans ligne pour le but {goal.id} ({state}), et leur note de Moodle reste : {names}.")


def exchange(cohort: Cohort) -> Path | None:
    """The course's folder in the exchange that the class shares, or None where there is none."""
    if os.name != "posix":  # nbgrader's exchange does not work on Windows
        return None
    folder = places.exchange(cohort)
    return folder if folder.is_dir() else None


def _models(goals: Sequence[Goal]) -> dict[str, Markup]:
    try:
        models = model_answers.load()
    except UnusableTableError as error:
        raise Refusal(str(error)) from error
    if models.absence:
        raise Refusal(models.absence)
    return pages.shown_models(models, goals)


def _print_pages(cohort: Cohort, goals: Sequence[Goal], written: Written, zips: Sequence[Path]) -> None:
    for goal in goals:
        copies, waiting = len(written.pages[goal.assignment]), written.waiting.get(goal.assignment, 0)
        if copies:
            more = f", dont {waiting} en attente d’une note de qualité : la page le dit" if waiting else ""
            print(f"But {goal.id} : {counted(copies, 'page')}{more}.")
    print(f"Pages nouvelles ou changées : {written.changed}. Elles sont dans « {cohort.feedback} ».")
    names = ", ".join(path.name for path in zips)
    print(f"Pour toute la promotion, dans « {cohort.reports} » : {names}.")


def _release(cohort: Cohort, written: Written, wanted: bool) -> None:
    """Gives back what the exchange can, when that is wanted, and says what to do for the others."""
    there = exchange(cohort) is not None
    by_hand = possible = 0
    for assignment, of_goal in written.pages.items():
        reachable = written.reachable.get(assignment, 0) if there else 0
        if reachable and wanted:
            if reason := _release_one(cohort, assignment):
                print(f"L’échange de nbgrader n’a pas pris les retours de {assignment} : {reason}")
                reachable = 0
            else:
                print(f"{assignment} : {counted(reachable, 'retour')} par l’échange de nbgrader.")
        elif reachable:
            possible += reachable
        by_hand += len(of_goal) - reachable
    if possible:
        print(f"L’échange de nbgrader peut en rendre {possible} : ajoutez --rendre, quand vous voudrez.")
    if by_hand:
        print(
            f"{counted(by_hand, 'retour')} à remettre à la main : ouvrez le zip, et envoyez à chaque personne le "
            "fichier qui porte son nom. N’envoyez jamais le zip lui-même : il contient les notes de tout le monde."
        )


def _release_one(cohort: Cohort, assignment: str) -> str:
    """Releases the pages of an assignment as nbgrader does; in its words why it could not, or empty."""
    from nbgrader.apps.api import NbGraderAPI  # noqa: PLC0415 - seconds
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415

    config = places.settings(cohort)
    result = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config).release_feedback(assignment)
    if result["success"]:
        return ""
    lines = str(result.get("error") or result.get("log") or "").strip().splitlines()
    return lines[-1] if lines else "raison inconnue"
