"""The follow-up of the plans of a class three months later: what the teams and the telephone say of each action."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from course.core import sheets
from course.core.answers.format import MAX_CHARACTERS
from course.core.completeness import normalise
from course.core.files import read_bytes
from course.core.plan import Line
from course.core.plan.format import FOLLOW_UP, LABELS, STATUS_WORDS, status_of
from course.core.refusal import Refusal, Unreadable
from course.core.words import counted
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.plans import TeamPlan

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
        values[_STATE] = status_of(word) or ""
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
