"""The summary of a class in French, for the terminal and the beginning of the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from course.core import rubric, syllabus
from course.core.names import legible
from course.core.pages import way_to
from course.core.words import brief, counted, day, few, french, listed, percent, points, typeset
from course.instructor.classview.follow_up import states_in_words
from course.instructor.classview.gains import ENOUGH, Gain, Gains, signed
from course.instructor.classview.numbers import Numbers, Spread, tenths
from course.instructor.classview.overview import Handin

MOST_NAMED = 40
"""The maximum number of trainees listed by name; a larger class only has counts, and the names in the workbook."""

_BAR = 12
_LEAST = 3
NO_TIME = typeset(
    "« Avancé » compte toute la classe : une copie qui n’a rien pour un objectif y vaut 0. C’est ce qui est écrit qui "
    "compte, et non le temps : un fichier dit quand on l’a enregistré, et non combien de temps il a pris."
)

GAIN_CAUTION = typeset(
    "Une part du gain peut venir de ce que ces questions étaient déjà lues. Ce test ne note personne."
)


class Section(Enum):
    """The sections of the summary."""

    HANDINS = auto()
    COMPLETENESS = auto()
    CRITERIA = auto()
    UNTREATED = auto()
    LEAST = auto()
    PLANS = auto()
    TEST = auto()


@dataclass(frozen=True, slots=True)
class SectionText:
    """The text of a section of the summary: its heading and lines."""

    title: str
    lines: tuple[str, ...]


def summary(numbers: Numbers) -> dict[Section, SectionText]:
    """Return the sections of the summary in their order, without those that have no data yet.

    Args:
        numbers: The statistics of the class.

    Returns:
        Plain text; names are not escaped.
    """
    sections = {
        Section.HANDINS: ("Remises", _handins(numbers)),
        Section.COMPLETENESS: ("Complétude par objectif, moyenne sur 6", _completeness(numbers)),
        Section.CRITERIA: ("Notes par critère", _criteria(numbers)),
        Section.UNTREATED: ("Options que personne n’a traitées", _untreated(numbers)),
        Section.LEAST: ("Objectifs les moins avancés", _least(numbers)),
        Section.PLANS: ("Plans, et ce que leurs actions sont devenues", _plans(numbers)),
        Section.TEST: ("Le test, avant et après la formation", gain_lines(numbers.gains)),
    }
    texts = {section: SectionText(typeset(title), tuple(lines)) for section, (title, lines) in sections.items()}
    return {section: text for section, text in texts.items() if text.lines}


def opening(numbers: Numbers) -> str:
    """Return the class in one sentence: « 24 stagiaires et 6 groupes ; 49 canevas relus. »."""
    people = len(numbers.trainees)
    if not people:
        return typeset(
            "La promotion est vide : remplissez la liste « stagiaires.csv », ou recueillez des remises : "
            f"{way_to('intake')}."
        )
    groups = sum(len(students) > 1 for students in numbers.grid)
    members = listed([counted(people, "stagiaire"), *([counted(groups, "groupe")] if groups else [])])
    if not numbers.grid:
        return typeset(f"{members} ; aucune copie n’est encore corrigée.")
    return typeset(f"{members} ; {reviewed(numbers)}.")


def reviewed(numbers: Numbers) -> str:
    """Return the number of canvases with a quality mark, in words: « 49 canevas relus »."""
    return counted(numbers.reviewed, "canevas relu", "canevas relus")


def handin_dates(numbers: Numbers) -> tuple[tuple[str, ...], ...]:
    """Return the hand-ins: a row per trainee of the list, with a name, then a date or a word for each goal."""
    return tuple(
        (name, *(_when(numbers.dates.get(student, {}).get(goal.id)) for goal in syllabus.load().goals))
        for student, name in numbers.people.items()
    )


def gain_lines(gains: Gains) -> Iterator[str]:
    """Yield what the class gained between the two sittings, in sentences; nothing without a sitting."""
    if not gains.before and not gains.after:
        return
    both = f"{french(gains.both)} les deux fois"
    yield typeset(
        f"{counted(gains.before, 'classeur')} avant, {french(gains.after)} après, {both}. Un classeur de groupe compte "
        "une fois : il garde les réponses d’une seule personne."
    )
    if not gains.items:
        none = "aucun classeur n’a encore" if not gains.both else "un seul classeur a"
        yield typeset(f"Le gain n’est pas montré : {none} les deux tests.")
        return
    whole = gains.whole
    shares = [f" ({percent(number / whole.of)})" if gains.in_shares else "" for number in (whole.before, whole.after)]
    yield typeset(
        f"Réponses justes de ces {french(gains.both)} classeurs : {french(whole.before)} sur {french(whole.of)} avant"
        f"{shares[0]}, {french(whole.after)} après{shares[1]}. Gain : {_gain(gains, whole)}."
    )
    if not gains.in_shares:
        yield typeset(f"Il y a moins de {ENOUGH} classeurs : les nombres sont donnés sans pourcentage.")
    yield GAIN_CAUTION


SPREAD_HEADS = tuple(
    map(
        typeset,
        ("Objectif", "Copies", "Complétude médiane sur 6", "De … à", "Notes", "Note médiane sur 20", "De … à"),
    )
)
"""The headings of `spread_rows`."""


def spread_rows(numbers: Numbers) -> tuple[tuple[str, ...], ...]:
    """Return the median and the spread of each graded objective, of completeness and of final totals."""
    return tuple(
        (f"{objective.id} {objective.title}", *_spread(completeness), *_spread(totals))
        for objective, completeness, totals in numbers.spreads
    )


def _spread(spread: Spread) -> tuple[str, str, str]:
    if spread.median is None or spread.least is None or spread.greatest is None:
        return french(spread.number), "–", "–"
    return french(spread.number), tenths(spread.median), f"{points(spread.least)} à {points(spread.greatest)}"


GAIN_HEADS = tuple(map(typeset, ("Question", "Justes avant", "Justes après", "Sur", "Gain")))
"""The headings of `gain_rows`."""


def gain_rows(gains: Gains) -> tuple[tuple[str, ...], ...]:
    """Return the gain of each question of the test, and of all together: the question, numbers, the gain.

    The gain is in percentage points where the workbooks are enough for shares, else in right answers.
    """
    if not gains.items:
        return ()
    named = [(f"{rank}. {question.text}", gain) for rank, (question, gain) in enumerate(gains.items, 1)]
    return tuple(
        (
            text,
            french(gain.before),
            french(gain.after),
            french(gain.of),
            typeset(_gain(gains, gain)),
        )
        for text, gain in (*named, (typeset("Toutes les questions"), gains.whole))
    )


def _gain(gains: Gains, gain: Gain) -> str:
    if not gains.in_shares:
        return signed(gain.change)
    return f"{signed(gain.points)} {'points' if abs(round(gain.points)) > 1 else 'point'}"


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
    unreadable = numbers.nothing_readable
    for title, trainees in (
        ("Rien remis :", [trainee for trainee in numbers.without_handin if trainee not in unreadable]),
        ("Reçu, illisible (voir cohort/recus/registre.csv) :", unreadable),
    ):
        if trainees:  # names are shown as written, without typesetting
            yield f"{typeset(title)} {few([legible(numbers.people[trainee.id]) for trainee in trainees], MOST_NAMED)}"
    if numbers.waiting:
        waiting = counted(numbers.waiting, "remise attend d’être corrigée", "remises attendent d’être corrigées")
        yield typeset(f"{waiting} : {way_to('grade')}. Le reste de ce bilan ne les compte pas encore.")
    if numbers.overview.to_reread:
        yield numbers.overview.to_reread


def _when(handin: Handin | None) -> str:
    if handin is None:
        return "–"
    date = "sans date" if handin.at is None else brief(handin.at)
    return date if handin.graded else f"{date} *"


def _completeness(numbers: Numbers) -> Iterator[str]:
    for objective in numbers.by_objective:
        if objective.mean is not None:
            full = round(_BAR * objective.mean / 6)
            bar = f"{'█' * full}{'·' * (_BAR - full)}"
            copies = counted(len(objective.marks), "copie")
            yield typeset(f"{objective.objective.id}  {bar}  {tenths(objective.mean)}  ({copies})")


def _criteria(numbers: Numbers) -> Iterator[str]:
    for criterion in numbers.by_criterion:
        if total := sum(criterion.levels):
            levels = zip(rubric.LEVELS, criterion.levels, strict=True)
            shares = (f"{name} {percent(count / total)}" for name, count in levels)
            yield typeset(f"{criterion.criterion.short_title} : {', '.join(shares)}")


def _untreated(numbers: Numbers) -> Iterator[str]:
    for coverage in numbers.untreated:
        yield typeset(f"{coverage.option.id} {coverage.option.label}")
    if numbers.overview.copies and not numbers.untreated:
        yield typeset("Aucune : chaque option a été traitée au moins une fois.")


def _plans(numbers: Numbers) -> Iterator[str]:
    for plan in numbers.plans[:MOST_NAMED]:
        yield f"{legible(plan.label)}\u00a0: {states_in_words(plan.plan.lines)}"
    if (left := len(numbers.plans) - MOST_NAMED) > 0:
        yield f"… et {counted(left, 'autre plan')}"
    if numbers.plans:
        lines = [line for plan in numbers.plans for line in plan.plan.lines]
        yield typeset(f"En tout, {counted(len(numbers.plans), 'plan')}, {states_in_words(lines)}. {way_to('plans')}.")


def _least(numbers: Numbers) -> Iterator[str]:
    for item in numbers.least_advanced[:_LEAST]:
        begun = f"commencé : {french(item.begun)} sur {counted(item.copies, 'copie')}"
        yield typeset(f"{item.objective.id} {item.objective.title} : {tenths(item.progress)} sur 6 ({begun})")
    if numbers.least_advanced:
        yield NO_TIME
