"""The class in a few French lines: what a terminal prints, and what opens the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from course.core import rubric, syllabus
from course.core.names import legible
from course.core.words import french, listed, percent, typeset
from course.instructor.classview.columns import short
from course.instructor.classview.handins import Handin
from course.instructor.classview.numbers import Numbers, dates, tenths

MOST_NAMED = 40
"""A larger class is told in counts, its names being in the workbook."""

_BAR = 12
_LEAST = 3
NO_TIME = typeset(
    "« Moins avancé » veut dire moins complet, parmi les copies remises : les fichiers de réponses disent quand un "
    "canevas a été enregistré pour la dernière fois, et non combien de temps il a pris."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the summary.

    Attributes:
        title: Its heading.
        lines: What it says, each line whole.
    """

    title: str
    lines: tuple[str, ...]


def summary(numbers: Numbers) -> tuple[Part, ...]:
    """The class in a few parts; those are left out for which nothing is known yet.

    Args:
        numbers: What was counted.

    Returns:
        Plain text, names included as trainees wrote them.
    """
    parts = [
        ("Remises", tuple(_handins(numbers))),
        ("Complétude par objectif, moyenne sur 6", tuple(_advances(numbers))),
        ("Notes par critère", tuple(_criteria(numbers))),
        ("Options que personne n’a traitées", tuple(_untreated(numbers))),
        ("Objectifs les moins avancés", tuple(_least(numbers))),
    ]
    return tuple(Part(typeset(title), lines) for title, lines in parts if lines)


def opening(numbers: Numbers) -> str:
    """The class in one sentence: « 24 stagiaires ; 6 copies sur 5 buts »."""
    people, copies = len(numbers.trainees), len(numbers.grid)
    if not people:
        return typeset(
            "La promotion est vide : remplissez la liste « stagiaires.csv », ou recueillez des remises par "
            "« course intake »."
        )
    groups = sum(len(who) > 1 for who in numbers.grid)
    said = [_counted(people, "stagiaire"), *([_counted(groups, "groupe")] if groups else [])]
    if not copies:
        return typeset(f"{listed(said)} ; aucune copie n’est encore corrigée.")
    return typeset(f"{listed(said)} ; {_counted(numbers.reviewed, 'canevas relu')}.")


def _handins(numbers: Numbers) -> Iterator[str]:
    people = len(numbers.trainees)
    if not people:
        return
    for goal in syllabus.load().goals:
        found = [each for each in numbers.handins if each.goal == goal]
        days = sorted(each.at.astimezone() for each in found if each.at)
        when = ""
        if days:
            first, last = f"{days[0]:%d/%m/%Y}", f"{days[-1]:%d/%m/%Y}"
            when = f", le {first}" if first == last else f", du {first} au {last}"
        yield typeset(f"But {goal.id} : {french(len(found))} sur {french(people)}{when}")
    if numbers.idle:
        named = [legible(trainee.name) for trainee in numbers.idle[:MOST_NAMED]]
        others = len(numbers.idle) - len(named)
        more = f" et {others} autre{'s' if others > 1 else ''}" if others > 0 else ""
        yield f"Rien remis\N{NO-BREAK SPACE}: {', '.join(named)}{more}"
    if numbers.waiting:
        plural = "s" if numbers.waiting > 1 else ""
        verb = "attendent" if numbers.waiting > 1 else "attend"
        yield typeset(
            f"{french(numbers.waiting)} remise{plural} {verb} d’être corrigée{plural} : tapez « course grade ». "
            "Le reste de ce bilan ne les compte pas encore."
        )


def who_when(numbers: Numbers) -> tuple[tuple[str, ...], ...]:
    """Who handed in what and when: a name, then a date or a word for each goal, in the order of names."""
    found = dates(numbers.handins)
    return tuple(
        (trainee.name, *(_when(found.get(trainee.id, {}).get(goal.id)) for goal in syllabus.load().goals))
        for trainee in numbers.trainees.values()
    )


def _when(handin: Handin | None) -> str:
    if handin is None:
        return "–"
    said = "sans date" if handin.at is None else f"{handin.at.astimezone():%d/%m %H:%M}"
    return said if handin.graded else f"{said} *"


def _advances(numbers: Numbers) -> Iterator[str]:
    for each in numbers.advances:
        if each.mean is not None:
            done = round(_BAR * each.mean / 6)
            copies = _counted(len(each.marks), "copie")
            yield typeset(f"{each.objective.id}  {'█' * done}{'·' * (_BAR - done)}  {tenths(each.mean)}  ({copies})")


def _criteria(numbers: Numbers) -> Iterator[str]:
    for each in numbers.judged:
        if total := sum(each.levels):
            shares = (
                f"{name} {percent(count / total)}" for name, count in zip(rubric.LEVELS, each.levels, strict=True)
            )
            yield typeset(f"{short(each.criterion)} : {', '.join(shares)}")


def _untreated(numbers: Numbers) -> Iterator[str]:
    for each in numbers.untreated:
        yield typeset(f"{each.option.id} {each.option.label}")
    if numbers.overview.copies and not numbers.untreated:
        yield "Aucune : chaque option a été traitée au moins une fois."


def _least(numbers: Numbers) -> Iterator[str]:
    for each in numbers.least[:_LEAST]:
        mean, copies = tenths(each.mean or 0), _counted(len(each.marks), "copie")
        yield typeset(f"{each.objective.id} {each.objective.title} : {mean} sur 6 ({copies})")
    if numbers.least:
        yield NO_TIME


def _counted(number: int, what: str) -> str:
    """« 1 copie », « 6 copies »; a word that ends in « s » stays as it is, and each word takes its own."""
    if number <= 1:
        return f"{french(number)} {what}"
    return f"{french(number)} {' '.join(word if word.endswith('s') else f'{word}s' for word in what.split())}"
