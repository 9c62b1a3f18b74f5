"""The class in a few French lines: what a terminal prints, and what opens the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from course.core import rubric, syllabus
from course.core.names import legible
from course.core.words import brief, counted, day, few, french, listed, percent, typeset
from course.instructor.classview.numbers import Numbers, tenths
from course.instructor.classview.overview import Handin

MOST_NAMED = 40
"""A larger class is summed up in counts; the workbook has its names."""

_BAR = 12
_LEAST = 3
NO_TIME = typeset(
    "« Moins avancé » veut dire moins complet, parmi les copies remises : les fichiers de réponses disent quand un "
    "canevas a été enregistré pour la dernière fois, et non combien de temps il a pris."
)


class Section(Enum):
    """The parts of the summary."""

    HANDINS = auto()
    COMPLETENESS = auto()
    CRITERIA = auto()
    UNTREATED = auto()
    LEAST = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the summary: its heading, and its lines."""

    title: str
    lines: tuple[str, ...]


def summary(numbers: Numbers) -> dict[Section, Part]:
    """The class in a few parts, in their order; those are left out for which nothing is known yet.

    Args:
        numbers: What was counted.

    Returns:
        Plain text, names included as trainees wrote them.
    """
    parts = {
        Section.HANDINS: ("Remises", _handins(numbers)),
        Section.COMPLETENESS: ("Complétude par objectif, moyenne sur 6", _advances(numbers)),
        Section.CRITERIA: ("Notes par critère", _criteria(numbers)),
        Section.UNTREATED: ("Options que personne n’a traitées", _untreated(numbers)),
        Section.LEAST: ("Objectifs les moins avancés", _least(numbers)),
    }
    whole = {section: Part(typeset(title), tuple(lines)) for section, (title, lines) in parts.items()}
    return {section: part for section, part in whole.items() if part.lines}


def opening(numbers: Numbers) -> str:
    """The class in one sentence: « 24 stagiaires et 6 groupes ; 49 canevas relus. »."""
    people = len(numbers.trainees)
    if not people:
        return typeset(
            "La promotion est vide : remplissez la liste « stagiaires.csv », ou recueillez des remises par "
            "« course intake »."
        )
    groups = sum(len(students) > 1 for students in numbers.grid)
    who = listed([counted(people, "stagiaire"), *([counted(groups, "groupe")] if groups else [])])
    if not numbers.grid:
        return typeset(f"{who} ; aucune copie n’est encore corrigée.")
    return typeset(f"{who} ; {reviewed(numbers)}.")


def reviewed(numbers: Numbers) -> str:
    """How many canvases have their quality mark: « 49 canevas relus »."""
    return counted(numbers.reviewed, "canevas relu", "canevas relus")


def who_when(numbers: Numbers) -> tuple[tuple[str, ...], ...]:
    """Who handed in what and when: a name, then a date or a word for each goal, in the order of the list."""
    return tuple(
        (trainee.name, *(_when(numbers.dates.get(trainee.id, {}).get(goal.id)) for goal in syllabus.load().goals))
        for trainee in numbers.trainees.values()
    )


def _handins(numbers: Numbers) -> Iterator[str]:
    people = len(numbers.trainees)
    if not people:
        return
    for goal in syllabus.load().goals:
        handins = [handin for handin in numbers.handins if handin.goal == goal]
        dates = sorted(handin.at for handin in handins if handin.at)
        when = ""
        if dates:
            first, last = day(dates[0]), day(dates[-1])
            when = f", le {first}" if first == last else f", du {first} au {last}"
        yield typeset(f"But {goal.id} : {french(len(handins))} sur {french(people)}{when}")
    came = [trainee for trainee in numbers.idle if trainee.id in numbers.unreadable]
    for title, those in (
        ("Rien remis :", [trainee for trainee in numbers.idle if trainee not in came]),
        ("Reçu, illisible (voir cohort/recus/registre.csv) :", came),
    ):
        if those:  # names stay as they are, and are not typeset
            yield f"{typeset(title)} {few([legible(trainee.name) for trainee in those], MOST_NAMED)}"
    if numbers.waiting:
        waiting = counted(numbers.waiting, "remise attend d’être corrigée", "remises attendent d’être corrigées")
        yield typeset(f"{waiting} : tapez « course grade ». Le reste de ce bilan ne les compte pas encore.")
    if numbers.overview.to_reread:
        yield numbers.overview.to_reread


def _when(handin: Handin | None) -> str:
    if handin is None:
        return "–"
    date = "sans date" if handin.at is None else brief(handin.at)
    return date if handin.graded else f"{date} *"


def _advances(numbers: Numbers) -> Iterator[str]:
    for advance in numbers.advances:
        if advance.mean is not None:
            full = round(_BAR * advance.mean / 6)
            bar = f"{'█' * full}{'·' * (_BAR - full)}"
            copies = counted(len(advance.marks), "copie")
            yield typeset(f"{advance.objective.id}  {bar}  {tenths(advance.mean)}  ({copies})")


def _criteria(numbers: Numbers) -> Iterator[str]:
    for judged in numbers.judged:
        if total := sum(judged.levels):
            levels = zip(rubric.LEVELS, judged.levels, strict=True)
            shares = (f"{name} {percent(count / total)}" for name, count in levels)
            yield typeset(f"{judged.criterion.short_title} : {', '.join(shares)}")


def _untreated(numbers: Numbers) -> Iterator[str]:
    for coverage in numbers.untreated:
        yield typeset(f"{coverage.option.id} {coverage.option.label}")
    if numbers.overview.copies and not numbers.untreated:
        yield typeset("Aucune : chaque option a été traitée au moins une fois.")


def _least(numbers: Numbers) -> Iterator[str]:
    for advance in numbers.least[:_LEAST]:
        mean, copies = tenths(advance.mean or 0), counted(len(advance.marks), "copie")
        yield typeset(f"{advance.objective.id} {advance.objective.title} : {mean} sur 6 ({copies})")
    if numbers.least:
        yield NO_TIME
