"""`course plans`: the plans of a class on a page, in one plan for the district, and in a table to follow them up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.core.pages import way_to
from course.core.plan.district import Proposal, district_plan, side_by_side
from course.core.plan.format import STATUS_WORDS
from course.core.plan.gaps import gaps
from course.core.plan.plan import Line
from course.core.refusal import Refusal
from course.core.syllabus import load
from course.core.words import counted, french, moment
from course.instructor import output
from course.instructor.classview import follow_up
from course.instructor.cohort import plans
from course.instructor.cohort.places import find
from course.instructor.cohort.plans import TeamPlan

PAGE, DISTRICT = "plans.html", "plan-district.json"
_STYLE = Path(__file__).with_name("templates") / "plans.css"


@dataclass(frozen=True, slots=True)
class Option:
    """The actions of an option, like ones together."""

    title: str
    groups: tuple[tuple[Proposal, ...], ...]


def show(folder: Path | None) -> None:
    """Write the page of the plans of a class, the plan of the district and the table of the follow-up.

    Args:
        folder: The course's folder; found from the working folder by default.

    Raises:
        Refusal: Nobody handed a plan in, the table cannot be read, or a file cannot be written.
    """
    cohort = find(folder)
    handed_in, notices = plans.read(cohort)
    typed_since = follow_up.followed(cohort)
    for notice in (*notices, *(f"{follow_up.TABLE}. {one}" for one in typed_since.notices)):
        print(notice)
    if not handed_in:
        raise Refusal(
            "Personne n’a encore remis de plan\u00a0: il part avec chaque remise, dès qu’une action y est choisie."
        )
    now = follow_up.with_follow_up(handed_in, typed_since)
    for one in now:
        print(f"{one.label}\u00a0: {follow_up.states_in_words(one.plan.lines)}.")
    everything = [line for one in now for line in one.plan.lines]
    print(f"En tout, {counted(len(now), 'plan')}, {follow_up.states_in_words(everything)}.")
    output.write(cohort.reports / follow_up.TABLE, follow_up.table(handed_in, typed_since))
    output.write(cohort.reports / PAGE, page(now).encode())
    print(f"La page à lire ou à imprimer\u00a0: «\u202f{cohort.reports / PAGE}\u202f».")
    print(
        f"Le suivi à trois mois, à remplir au téléphone dans un tableur\u00a0: "
        f"«\u202f{cohort.reports / follow_up.TABLE}\u202f». "
        f"Enregistrez-le, fermez-le, puis recommencez\u00a0: {way_to('plans')}."
    )
    contributions = [one.contribution for one in now if one.plan.lines]
    try:
        document = district_plan(contributions)
    except Refusal as refusal:
        print(f"{DISTRICT} n’est pas écrit. {refusal}")
        return
    output.write(cohort.reports / DISTRICT, json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")
    print(
        f"Le plan du district, où chaque action dit de qui elle vient\u00a0: "
        f"«\u202f{cohort.reports / DISTRICT}\u202f». "
        "Dans un classeur vide, «\u202fMon plan\u202f» le prend par «\u202fReprendre un plan\u202f»\u00a0: c’est là "
        "que l’on décide."
    )


def page(plans_now: tuple[TeamPlan, ...]) -> str:
    """Return the page of the plans of a class."""
    labels = {option.id: option.label for option in load().options}
    options: dict[str, list[tuple[Proposal, ...]]] = {}
    for group in side_by_side([one.contribution for one in plans_now]):
        options.setdefault(group[0].line.option, []).append(group)
    several = [
        Option(f"{option} {labels[option]}", tuple(groups))
        for option, groups in options.items()
        if len({proposal.document for group in groups for proposal in group}) > 1
    ]
    lines = [line for one in plans_now for line in one.plan.lines]
    values = {
        "date": moment(datetime.now()),
        "plans": [(one, follow_up.states_in_words(one.plan.lines), gaps(one.plan)) for one in plans_now],
        "total": follow_up.states_in_words(lines),
        "options": several,
        "quarters": _quarters,
        "cost": _cost,
        "states": STATUS_WORDS,
        "currency": plans_now[0].plan.currency if plans_now else "",
    }
    return output.page("classview/templates/plans.html.j2", values, _STYLE)


def _quarters(line: Line) -> str:
    return ", ".join(f"T{number + 1}" for number, planned in enumerate(line.quarters) if planned)


def _cost(line: Line) -> str:
    return "" if line.cost is None else french(line.cost)
