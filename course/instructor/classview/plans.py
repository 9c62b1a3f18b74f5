"""The plans of a class: whose they are, what they say now, and what became of their actions three months later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from course.core import sheets, syllabus, team
from course.core.answers.format import FOLDER, MAX_CHARACTERS
from course.core.completeness import normalise
from course.core.files import read_bytes
from course.core.names import refused_name
from course.core.plan import Line, Plan, newest, plan_of
from course.core.plan import format as plan_format
from course.core.plan.district import Contribution
from course.core.plan.format import FOLLOW_UP, LABELS, STATUS_WORDS
from course.core.plan.plan import sources_in
from course.core.refusal import Refusal, Unreadable
from course.core.team import Team
from course.core.words import counted
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort

TABLE = "suivi-des-plans.csv"
_MAX_TABLE = 16 * 1024**2
_KEY = "clé (ne pas changer)"
_STATE = "status"
_TYPED = (_STATE, *FOLLOW_UP)
_HEADS = (
    _KEY,
    "équipe",
    "option",
    "action",
    "responsable",
    "d’après la remise",
    *(LABELS[name].casefold() for name in _TYPED),
)
_STATES = {
    "prevue": "planned",
    "prevu": "planned",
    "commencee": "begun",
    "commence": "begun",
    "en cours": "begun",
    "faite": "done",
    "fait": "done",
    "finie": "done",
    "fini": "done",
}


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
        return f"p{sha256(self.document.encode()).hexdigest()[:12]}:{line.row}"

    @property
    def contribution(self) -> Contribution:
        """What it brings to the plan of a district."""
        return Contribution(self.label, self.document, self.plan, self.saved_at)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was typed in the table of the follow-up.

    Attributes:
        typed: What it says of the actions, by key and field.
        rows: Its rows as they are, by key.
        heads: The headings of the columns that an instructor added.
        notices: A French sentence on each cell that is not understood.
    """

    typed: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, tuple[str, ...]]
    heads: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


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
        raws = []
        for folder in sorted(home.glob("but-*")):
            try:
                raw = read_bytes(folder, FOLDER, plan_format.FILE, limit=plan_format.MAX_BYTES)
            except Unreadable as error:
                notices.append(f"Plan de {names.get(student, student)}\u00a0: {error.reason}")
                continue
            raws += [raw] if raw is not None else []
        if raw := newest(raws):
            document = plan_format.load(raw).get("document", "") or sha256(raw).hexdigest()
            copies.setdefault(document, []).append((raw, student, home))
        elif raws:
            notices.append(f"Plan de {names.get(student, student)}\u00a0: il est illisible.")
    found = []
    for document, own in copies.items():
        raw = newest(raw for raw, _, _ in own)
        at = next(place for place, (other, _, _) in enumerate(own) if other == raw)
        _, student, home = own[at]
        who = _team(home)
        if not who.members:
            who = Team(who.group, tuple(names.get(one, one) for _, one, _ in own))
        places = ((goal, home / goal.assignment) for goal in syllabus.load().goals)
        content = plan_format.load(raw or b"")
        plan = plan_of(content, sources_in((goal, place) for goal, place in places if place.is_dir()))
        found.append(TeamPlan(_label(who), str(who), document, plan, content.get("saved_at", "")))
    found.sort(key=lambda one: (one.label, one.who, one.document))
    return tuple(_distinct(found)), tuple(notices)


def followed(cohort: Cohort) -> FollowUp:
    """Return what was typed in the table of a class, empty where there is none.

    Raises:
        Refusal: It is no such table; it is left as it is.
    """
    path = cohort.reports / TABLE
    try:
        raw = read_bytes(cohort.reports, TABLE, limit=_MAX_TABLE)
        if raw is None:
            return FollowUp({}, {})
        sheet = sheets.read(raw)
    except Unreadable as error:
        raise Refusal(f"«\u202f{path}\u202f»\u00a0: {error.reason}") from error
    heads = [normalise(head) for head in sheet.rows[0]] if sheet.rows else []
    places = {head: heads.index(normalise(head)) for head in _HEADS if normalise(head) in heads}
    if len(places) < len(_HEADS):
        missing = next(head for head in _HEADS if head not in places)
        raise Refusal(
            f"«\u202f{path}\u202f» n’a plus la colonne «\u202f{missing}\u202f»\u00a0: remettez son titre, puis "
            "recommencez. Rien n’est changé."
        )
    others = [place for place in range(max(map(len, sheet.rows))) if place not in places.values()]
    added = tuple(sheet.rows[0][place] if place < len(sheet.rows[0]) else "" for place in others)
    typed: dict[str, dict[str, str]] = {}
    rows: dict[str, tuple[str, ...]] = {}
    notices = []
    for row, number in zip(sheet.rows[1:], sheet.lines[1:], strict=True):
        cells = {head: (row[place] if place < len(row) else "").strip() for head, place in places.items()}
        key = cells[_KEY]
        values = {name: cells[LABELS[name].casefold()][:MAX_CHARACTERS] for name in _TYPED}
        if key in rows or not key:
            why = "sa clé est aussi celle d’une autre ligne" if key else "sa clé manque"
            notices.append(f"Ligne {number}\u00a0: {why}\u202f; elle est gardée, et ne compte pas.")
            key = f"sans clé {number}"
        more = tuple(row[place] if place < len(row) else "" for place in others)
        rows[key] = (*(cells[head] for head in _HEADS), *more)
        word = values[_STATE]
        values[_STATE] = _STATES.get(normalise(word), "")
        if word and not values[_STATE]:
            notices.append(f"Ligne {number}\u00a0: «\u202f{word}\u202f» n’est ni prévue, ni commencée, ni faite.")
        typed[key] = {name: value for name, value in values.items() if value}
    return FollowUp(typed, rows, added, tuple(notices))


def with_follow_up(plans: Sequence[TeamPlan], follow_up: FollowUp) -> tuple[TeamPlan, ...]:
    """Return plans with what was typed of their actions in place of what was handed in of them."""
    return tuple(
        replace(
            one,
            plan=replace(
                one.plan,
                lines=tuple(_told_since(line, follow_up.typed.get(one.key(line), {})) for line in one.plan.lines),
            ),
        )
        for one in plans
    )


def table(plans: Sequence[TeamPlan], follow_up: FollowUp) -> bytes:
    """Return the table to fill in by telephone: what was typed stays, also of actions that are in no plan now.

    Args:
        plans: The plans as they were handed in.
        follow_up: What the table holds.
    """
    rows = {}
    for one in plans:
        for line in one.plan.lines:
            key = one.key(line)
            before = follow_up.rows.get(key, ("",) * (len(_HEADS) + len(follow_up.heads)))
            own = (key, one.label, line.option, line.action, line.responsible, _told(line))
            rows[key] = (*own, *before[len(own) :])
    typed = len(_HEADS) - len(_TYPED)
    rows |= {key: row for key, row in follow_up.rows.items() if key not in rows and any(row[typed:])}
    return sheets.written(((*_HEADS, *follow_up.heads), *rows.values()), one_line=False)


def states(lines: Sequence[Line]) -> Counter[str]:
    """Return how many actions are `planned`, `begun` and `done`; of the others, empty, nobody has said."""
    return Counter(line.status for line in lines)


def states_in_words(lines: Sequence[Line]) -> str:
    """Return the same in French: « 12 actions : 3 prévues, 2 commencées, 1 faite, 6 sans nouvelle »."""
    numbers = states(lines)
    parts = [
        counted(numbers[state], word, "sans nouvelle" if not state else "")
        for state, word in (*list(STATUS_WORDS.items())[1:], ("", "sans nouvelle"))
        if numbers[state]
    ]
    return f"{counted(len(lines), 'action')}\u00a0: {', '.join(parts)}" if parts else "aucune action choisie"


def _told_since(line: Line, typed: Mapping[str, str]) -> Line:
    return replace(
        line,
        status=typed.get("status", line.status),
        achieved=typed.get("achieved", line.achieved),
        effect=typed.get("effect", line.effect),
        obstacle=typed.get("obstacle", line.obstacle),
    )


def _told(line: Line) -> str:
    texts = [STATUS_WORDS[line.status], *(getattr(line, name) for name in FOLLOW_UP)]
    return ". ".join(text.strip().rstrip(".") for text in texts if text.strip())


def _homes(cohort: Cohort) -> Iterator[tuple[str, Path]]:
    if not cohort.submitted.is_dir():
        return
    for home in sorted(cohort.submitted.iterdir()):
        if home.is_dir() and not home.is_symlink() and not refused_name(home.name):
            yield home.name, home


def _team(home: Path) -> Team:
    teams = [team.read_or_nobody(folder) for folder in sorted(home.glob("but-*"))]
    return next((one for one in reversed(teams) if one), Team())


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
