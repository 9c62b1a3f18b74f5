"""The plans that a class handed in, read from the hand-ins: one of each team, its newest copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from course.core import syllabus, team
from course.core.answers.format import FOLDER
from course.core.files import read_bytes
from course.core.names import refused_name
from course.core.plan import Line, Plan, newest, plan_of
from course.core.plan import format as plan_format
from course.core.plan.district import Contribution
from course.core.plan.plan import sources_in
from course.core.refusal import Unreadable
from course.core.team import Team
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A plan that was handed in.

    Attributes:
        label: Whose it is, without the names of people where they are several; no two of a class are the same.
        who: Whose it is, in words.
        document: The identifier of the plan.
        plan: What it says, with what was typed of it since.
        saved_at: When it was last saved, as its file says.
    """

    label: str
    who: str
    document: str
    plan: Plan
    saved_at: str

    def key(self, line: Line) -> str:
        """Return the name of an action in the table, which no spreadsheet takes for a number or a date."""
        return f"{_stem(self.document)}:{line.row}"

    @property
    def contribution(self) -> Contribution:
        """What it brings to the plan of a district."""
        return Contribution(self.label, self.document, self.plan, self.saved_at)


def read(cohort: Cohort) -> tuple[tuple[TeamPlan, ...], tuple[str, ...]]:
    """Return the plans of a class, by label, and a French sentence on each that cannot be read.

    A plan that several trainees handed in counts once, as its newest copy.

    Raises:
        Refusal: The list of trainees cannot be used.
    """
    names = {trainee.id: trainee.name for trainee in roster.read(cohort)}
    copies: dict[str, list[tuple[bytes, str, Path]]] = {}
    notices: list[str] = []
    for student, home in _homes(cohort):
        raws, problems = _copies(home)
        notices += [f"Plan de {names.get(student, student)}\u00a0: {problem}" for problem in problems]
        if raw := newest(raws):
            copies.setdefault(_document(raw), []).append((raw, student, raws[raw]))
        elif raws:
            notices.append(f"Plan de {names.get(student, student)}\u00a0: il est illisible.")
    found = []
    for document, own in copies.items():
        raw = newest(raw for raw, _, _ in own)
        folder = next(folder for other, _, folder in own if other == raw)
        who = team.read_or_nobody(folder)  # of that hand-in: a trainee may have changed groups since
        if not who.members:
            who = Team(who.group, tuple(names.get(one, one) for _, one, _ in own))
        plan, saved_at = _plan(raw or b"", folder.parent)
        found.append(TeamPlan(_label(who), str(who), document, plan, saved_at))
    found.sort(key=lambda one: (one.label, one.who, one.document))
    return tuple(_distinct(found)), tuple(notices)


def of_members(cohort: Cohort, students: Iterable[str]) -> Plan | None:
    """Return the plan that those who handed in together handed in; None without one that can be read.

    Args:
        cohort: The class.
        students: Their identifiers.
    """
    found = newest_copy(cohort, students)
    return _plan(found[0], found[1].parent)[0] if found else None


def newest_copy(cohort: Cohort, students: Iterable[str]) -> tuple[bytes, Path] | None:
    """Return the bytes of the same plan, and the folder of its hand-in.

    Args:
        cohort: The class.
        students: Their identifiers.
    """
    homes = [cohort.submitted / student for student in students if not refused_name(student)]
    copies: dict[bytes, Path] = {}
    for home in homes:
        if home.is_dir() and not home.is_symlink():
            copies |= _copies(home)[0]
    raw = newest(copies)
    return (raw, copies[raw]) if raw else None


def stems(cohort: Cohort, students: Iterable[str]) -> set[str]:
    """Return the first parts, before the colon, of the names that actions of some have in the table of the follow-up.

    Args:
        cohort: The class.
        students: Their identifiers.
    """
    homes = [cohort.submitted / student for student in students if not refused_name(student)]
    documents = set()
    for raw in {raw for home in homes if not home.is_symlink() for raw in _copies(home)[0]}:
        with suppress(Unreadable):
            documents.add(_document(raw))
    return set(map(_stem, documents))


def _document(raw: bytes) -> str:
    return str(plan_format.load(raw).get("document", "")) or sha256(raw).hexdigest()


def _stem(document: str) -> str:
    return f"p{sha256(document.encode()).hexdigest()[:12]}"


def _copies(home: Path) -> tuple[dict[bytes, Path], list[str]]:
    """Return the copies of a plan in a trainee's hand-ins, each with its folder, and why others cannot be read."""
    raws, problems = dict[bytes, Path](), list[str]()
    for folder in sorted(home.glob("but-*")):
        try:
            raw = read_bytes(folder, FOLDER, plan_format.FILE, limit=plan_format.MAX_BYTES)
        except Unreadable as error:
            problems.append(error.reason)
            continue
        if raw is not None:
            raws[raw] = folder
    return raws, problems


def _plan(raw: bytes, home: Path) -> tuple[Plan, str]:
    """Return a plan beside the canvases of its hand-ins, and when it was last saved, as its file says."""
    places = ((goal, home / goal.assignment) for goal in syllabus.load().goals)
    content = plan_format.load(raw)
    plan = plan_of(content, sources_in((goal, place) for goal, place in places if place.is_dir()))
    return plan, content.get("saved_at", "")


def _homes(cohort: Cohort) -> Iterator[tuple[str, Path]]:
    if not cohort.submitted.is_dir():
        return
    for home in sorted(cohort.submitted.iterdir()):
        if home.is_dir() and not home.is_symlink() and not refused_name(home.name):
            yield home.name, home


def _label(who: Team) -> str:
    if who.group:
        return who.group
    return f"Équipe de {len(who.members)} personnes" if len(who.members) > 1 else str(who)


def _distinct(plans: Sequence[TeamPlan]) -> Iterator[TeamPlan]:
    seen: Counter[str] = Counter()
    for one in plans:
        seen[one.label] += 1
        number = seen[one.label]
        yield one if number == 1 else replace(one, label=f"{one.label} ({number})")
