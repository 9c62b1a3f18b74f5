"""`course feedback` and `course marks`: write pages for trainees and tables of marks, and print how to use them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup

from course.core import model_answers, syllabus
from course.core.bar import bar
from course.core.model_answers import UnusableTableError
from course.core.names import legible
from course.core.pages import way_to
from course.core.refusal import Refusal
from course.core.syllabus import Goal, goal_of
from course.core.words import counted, few
from course.instructor import output
from course.instructor.cohort import deadlines, places
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Mark
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.rereading import sentence
from course.instructor.giveback import bundles, pages, records, returns, tables
from course.instructor.giveback.pages import WrittenPages
from course.instructor.giveback.records import Record

_NAMED = 40


def feedback(goals: Sequence[str], folder: Path | None, models: bool, release: bool) -> None:
    """Write a page per trainee and goal, a sheet and a page on all goals per trainee, and what leaves with them.

    Args:
        goals: *Cahiers*, as `goal_of` takes them; all graded ones when empty.
        folder: The course's folder; found from the working folder by default.
        models: Whether the pages contain the model answers.
        release: Whether the pages are also released through nbgrader's exchange, where there is one.

    Raises:
        Refusal: No such *cahier*, nothing is graded, or a page cannot be written.
    """
    cohort = places.find(folder)
    wanted = tuple(map(goal_of, goals)) or syllabus.load().goals
    shown = _models(wanted) if models else {}
    now = datetime.now(UTC)
    with opened(cohort) as connection:
        trainees = records.read(connection, cohort)
        given_back = returns.read(connection, trainees, now.replace(tzinfo=None))
    written = pages.write(cohort, bar(trainees, "Retours"), wanted, shown, given_back)
    if not any(written.pages.values()):
        raise Refusal(f"Aucune copie n’est corrigée : {way_to('grade')}.")
    output.write(cohort.reports / pages.CARDS, pages.cards("Feuilles de la promotion", written.cards).encode())
    with opened(cohort, writing=True) as connection:
        returns.keep(connection, given_back)
    zips = _bundles(cohort, wanted, written, now)
    _print_pages(cohort, wanted, written, zips)
    if notice := sentence(cohort, _marks(trainees)):
        print(notice)
    _release(cohort, written, release)


def _bundles(cohort: Cohort, goals: Sequence[Goal], written: WrittenPages, now: datetime) -> list[Path]:
    """Write the zips: a goal each, all goals, those for Moodle, and the pages that this run changed."""
    zips = []
    for assignment, goal_pages in written.pages.items():
        if goal_pages:
            zips.append(cohort.reports / f"{bundles.ZIP}-{assignment}.zip")
            bundles.bundle(zips[-1], goal_pages, assignment)
    zips.append(cohort.reports / f"{bundles.ZIP}-ensemble.zip")
    bundles.bundle(zips[-1], written.wholes, "retours", merge=True)
    zips += bundles.for_moodle(cohort, written.pages, goals)
    changed = {trainee.id for trainee in written.changed}
    if changed and len(changed) < len(written.wholes):
        zips.append(cohort.reports / f"{bundles.ZIP}-nouveaux-{now.astimezone():%Y-%m-%d-%H%M%S}.zip")
        new = [(trainee, path) for trainee, path in written.wholes if trainee.id in changed]
        bundles.bundle(zips[-1], new, "retours", merge=True)
    return zips


def marks(folder: Path | None, to: Path | None) -> None:
    """Write the marks of a class for Moodle, Excel and other programs, and print who is left out of Moodle's files.

    Args:
        folder: The course's folder; found from the working folder by default.
        to: The folder for the files; the class's folder `bilans` by default.

    Raises:
        Refusal: The class is empty, or a file cannot be written.
    """
    cohort = places.find(folder)
    with opened(cohort) as connection:
        trainees = records.read(connection, cohort)
    if not trainees:
        raise Refusal(f"La promotion est vide : remplissez la liste « {cohort.roster} », ou prenez des copies.")
    target = to.expanduser().absolute() if to else cohort.reports
    addressed, rows = tables.write(target, trainees, deadlines.read(cohort))
    print(f"Notes de {counted(len(trainees), 'stagiaire')} : « {target} ».")
    if without := sum(not record.works for record in trainees):
        possessive = "ses" if without == 1 else "leurs"
        print(f"{counted(without, 'stagiaire')} sans aucune copie corrigée : {possessive} notes restent vides.")
    print(
        f"  {tables.EXCEL}\u00a0: à ouvrir dans Excel\u202f; par but, avec la note finale sur 20, en bref (moyenne, "
        "médiane, ce qui manque), par canevas, et l’historique des notes."
    )
    print(f"  {tables.CSV} : la même table par canevas, pour un autre logiciel ; {tables.HISTORY} : qui a changé quoi.")
    _print_moodle(trainees, rows, addressed)
    if notice := sentence(cohort, _marks(trainees)):
        print(notice)


def _marks(trainees: Sequence[Record]) -> Iterator[Mark]:
    return (mark for record in trainees for work in record.works.values() for mark in work.marks)


def _print_moodle(trainees: Sequence[Record], rows: Mapping[str, int], addressed: bool) -> None:
    goals = tables.marked_goals(trainees)
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
        for state, people in tables.left_out(trainees, goal).items():
            names = few([legible(trainee.name) for trainee in people], _NAMED)
            print(f"  Sans ligne pour le but {goal.id} ({state}), et leur note de Moodle reste : {names}.")


def _models(goals: Sequence[Goal]) -> dict[str, Markup]:
    try:
        models = model_answers.load()
    except UnusableTableError as error:
        raise Refusal(str(error)) from error
    if models.absence:
        raise Refusal(models.absence)
    return pages.shown_models(models, goals)


def _print_pages(cohort: Cohort, goals: Sequence[Goal], written: WrittenPages, zips: Sequence[Path]) -> None:
    for goal in goals:
        copies, waiting = len(written.pages[goal.assignment]), written.waiting[goal.assignment]
        if copies:
            suffix = f", dont {waiting} en attente d’une note de qualité : la page le dit" if waiting else ""
            print(f"But {goal.id} : {counted(copies, 'page')}{suffix}.")
    people = [legible(trainee.name) for trainee in written.changed]
    where = f"Elles sont dans «\u202f{cohort.feedback}\u202f»."
    if not people:
        print(f"Aucune page n’a changé. {where}")
    elif len(people) == len(written.wholes):
        print(f"Des pages sont nouvelles ou changées pour tout le monde. {where}")
    else:
        print(f"Pages nouvelles ou changées\u00a0: {few(people, _NAMED)}. {where}")
    print(
        f"À imprimer, «\u202f{cohort.reports / pages.CARDS}\u202f»\u00a0: une feuille par stagiaire, avec ses notes, "
        "les commentaires et ce qu’il peut faire ensuite."
    )
    names = ", ".join(path.name for path in zips)
    print(f"Pour toute la promotion, dans «\u202f{cohort.reports}\u202f»\u00a0: {names}.")


def _release(cohort: Cohort, written: WrittenPages, wanted: bool) -> None:
    """Release the pages that the exchange can, when requested, and print how to return the others."""
    has_exchange = os.name == "posix" and places.exchange(cohort).is_dir()  # nbgrader has none on Windows
    by_hand = possible = 0
    for assignment, goal_pages in written.pages.items():
        reachable = written.reachable[assignment] if has_exchange else 0
        if reachable and wanted:
            if reason := _release_one(cohort, assignment):
                print(f"L’échange de nbgrader n’a pas pris les retours de {assignment} : {reason}")
                reachable = 0
            else:
                print(f"{assignment} : {counted(reachable, 'retour')} par l’échange de nbgrader.")
        elif reachable:
            possible += reachable
        by_hand += len(goal_pages) - reachable
    if possible:
        print(f"L’échange de nbgrader peut en rendre {possible} : ajoutez --rendre, quand vous voudrez.")
    if by_hand:
        print(
            f"{counted(by_hand, 'retour')} à remettre à la main\u00a0: ouvrez le zip, et envoyez à chaque personne le "
            f"fichier qui porte son nom. Son tableau «\u202f{bundles.MERGE}\u202f» (une adresse, un objet, un fichier "
            "par ligne) sert à les envoyer tous à la fois\u202f; un zip «\u202f-moodle\u202f» se dépose dans le devoir "
            "de Moodle, qui rend à chacun le sien. N’envoyez jamais un zip lui-même\u00a0: il contient les notes de "
            "tout le monde."
        )


def _release_one(cohort: Cohort, assignment: str) -> str:
    """Release the pages of an assignment through nbgrader; return its error message, or empty."""
    from nbgrader.apps.api import NbGraderAPI  # noqa: PLC0415 - takes seconds
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415

    config = places.settings(cohort)
    result = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config).release_feedback(assignment)
    if result["success"]:
        return ""
    lines = str(result.get("error") or result.get("log") or "").strip().splitlines()
    return lines[-1] if lines else "raison inconnue"
