"""The plan of a team as it stands: what it wrote of each action, beside what its canvases say now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from course.core import syllabus
from course.core.answers.edits import identified
from course.core.answers.format import FOLDER, MAX_BYTES, file_name, tidy
from course.core.answers.format import load as load_canvas
from course.core.files import read_bytes
from course.core.folders import LESSONS, goal_folder, root_of
from course.core.plan import format as plan_format
from course.core.plan.format import FIELDS, FILE, PRINCIPLES, QUARTERS
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective

_PROPOSED = ("responsible", "indicator")
"""Fields of an action that both a canvas and the plan have."""


class Change(Enum):
    """A change of an action in its canvas since it was last looked at in the plan."""

    NONE = "none"
    CHANGED = "changed"
    REMOVED = "removed"
    UNKNOWN = "unknown"  # its canvas cannot be read


@dataclass(frozen=True, slots=True)
class Source:
    """An action of a canvas, as it is now.

    Attributes:
        row: Its row in the plan: `1-1-a91d0`.
        objective: `1.1`.
        option: `1.1.a`.
        strategy_id: The id of its strategy, `s8c1f`.
        strategy: The text of its strategy.
        action: Its own text.
        responsible: Who does it; may be empty, as the next two.
        due: When.
        indicator: How it is seen that it was done.
    """

    row: str
    objective: str
    option: str
    strategy_id: str
    strategy: str
    action: str
    responsible: str = ""
    due: str = ""
    indicator: str = ""

    @property
    def proposed(self) -> dict[str, str]:
        """Its proposals for fields of the plan, by field."""
        quarters = {quarter: "1" for quarter in QUARTERS if quarter in self.due.casefold().replace(",", " ").split()}
        return {name: getattr(self, name) for name in _PROPOSED if getattr(self, name)} | quarters


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an action serves a principle: `yes`, `no`, `review` or empty, and a sentence on it."""

    answer: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An action in the plan.

    Attributes:
        row: Its row in the plan: `1-1-a91d0`.
        objective: `1.1`.
        option: `1.1.a`.
        strategy: The text of its strategy now, the last one seen where it was removed.
        action: Its own text, likewise.
        change: What became of it in its canvas.
        before: The strategy and the action as they were last seen; those above where nothing changed.
        chosen: Whether it is in the plan.
        order: Its rank among those chosen, lowest first; 0 for last.
        impact: 1 to 3; 0 where nobody has said, as the next two.
        effort: 1 to 3.
        urgency: 1 to 3.
        quarters: Whether it is done in T1 … T4.
        due: When, in the words of the canvas.
        cost: In the country's currency; None where nobody has said.
        verdicts: By principle, `p1` … `p6`.
        origin: Whose action it is, in a plan that several plans were put into; else empty.
        status: `planned`, `begun` or `done`, three months later; empty where nobody has said, as the next three.
        achieved: What was done.
        effect: What it changed.
        obstacle: What stopped it.
    """

    row: str
    objective: str
    option: str
    strategy: str
    action: str
    change: Change = Change.NONE
    before: tuple[str, str] = ("", "")
    chosen: bool = False
    order: int = 0
    impact: int = 0
    effort: int = 0
    urgency: int = 0
    responsible: str = ""
    partners: str = ""
    quarters: tuple[bool, bool, bool, bool] = (False, False, False, False)
    due: str = ""
    cost: int | None = None
    funding: str = ""
    indicator: str = ""
    baseline: str = ""
    target: str = ""
    verification: str = ""
    frequency: str = ""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    origin: str = ""
    status: str = ""
    achieved: str = ""
    effect: str = ""
    obstacle: str = ""

    @property
    def goal(self) -> str:
        """Its goal, `1` … `5`."""
        return self.objective[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a team.

    Attributes:
        lines: The actions that were chosen, by rank.
        others: All other actions, in the order of the course; first those of canvases, then removed ones with a text.
        currency: What costs are counted in: « FCFA ».
        unreadable: The canvases that cannot be read, with the reason, in French.
    """

    lines: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()
    currency: str = ""
    unreadable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sources:
    """The actions of a team's canvases, in the order of the course, and the canvases that cannot be read."""

    actions: tuple[Source, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)


def read(folder: Path) -> Plan:
    """Read the plan of a workbook.

    Args:
        folder: Its root, or the folder of any of its notebooks.

    Returns:
        The plan; without a file, one in which nothing is chosen.

    Raises:
        Unreadable: There is a file, and it is not a readable plan.
    """
    raw = in_workbook(folder)
    document = None if raw is None else plan_format.load(raw)
    return plan_of(document, sources(folder))


def home(folder: Path) -> Path:
    """Return the folder of the plan's notebook.

    Args:
        folder: The root of a workbook, or the folder of any of its notebooks.
    """
    root = root_of(folder)
    return root / LESSONS if (root / LESSONS).is_dir() else folder


def currency() -> str:
    """Return what costs are counted in, after a figure: « FCFA »."""
    rows = {row["sens"]: row["pays"] or row["cours"] for row in syllabus.rows("country")}
    return rows.get("monnaie, après un chiffre", "").partition(" (")[0]


def principles() -> dict[str, str]:
    """Return the titles of the six principles, `p1` … `p6`."""
    return {row["principle"]: row["title"] for row in syllabus.rows("principles")}


def sources(folder: Path) -> Sources:
    """Read the actions of the canvases of a workbook; `folder` as in `read`."""
    places = ((goal, goal_folder(folder, goal)) for goal in syllabus.load().goals)
    return sources_in((goal, place) for goal, place in places if place is not None)


def sources_in(places: Iterable[tuple[Goal, Path]]) -> Sources:
    """Read the actions of the canvases of some goals, each in the folder of its notebook."""
    actions: list[Source] = []
    unreadable: dict[str, str] = {}
    for goal, place in places:
        for objective in goal.objectives:
            try:
                raw = read_bytes(place, FOLDER, file_name(objective), limit=MAX_BYTES)
                actions += actions_of(raw, objective)
            except Unreadable as error:
                unreadable[objective.id] = error.reason
    return Sources(tuple(actions), unreadable)


def actions_of(raw: bytes | None, objective: Objective) -> list[Source]:
    """Return the actions in the bytes of a canvas's answers, None without a file; raises `Unreadable`."""
    if raw is None:
        return []
    document = identified(load_canvas(raw, objective), objective)
    return [
        Source(
            plan_format.row_of(objective.id, action["id"]),
            objective.id,
            option.id,
            strategy["id"],
            strategy.get("strategy", ""),
            action["action"],
            *(action.get(name, "") for name in ("responsible", "due", "indicator")),
        )
        for option in objective.options
        for strategy in document["options"][option.id]
        for action in strategy["actions"]
        if action.get("action", "").strip()
    ]


def in_workbook(folder: Path) -> bytes | None:
    """Return the bytes of a workbook's plan, None without one; `folder` as in `read`; raises `Unreadable`."""
    return read_bytes(home(folder), FOLDER, FILE, limit=plan_format.MAX_BYTES)


def newest(plans: Iterable[bytes]) -> bytes | None:
    """Return the plan that counts among copies of it, as each goal's hand-in has one.

    Within one document the higher revision is later, whatever the clocks say; else the later date counts. Those that
    cannot be read are left out.

    Args:
        plans: The bytes of each.
    """
    latest: dict[str, tuple[int, str, bytes]] = {}
    for raw in plans:
        try:
            document = plan_format.load(raw)
        except Unreadable:
            continue
        stamp = (document.get("revision", 0), document.get("saved_at", ""), raw)
        name = document.get("document", "")
        latest[name] = max(latest.get(name, stamp), stamp)
    return max(latest.values(), key=lambda stamp: (stamp[1], stamp[0], stamp[2]), default=(0, "", None))[2]


def plan_of(document: Mapping[str, Any] | None, sources: Sources) -> Plan:
    """Return the plan in a document that `format.load` accepted, None without one, beside the canvases."""
    entries: Mapping[str, Mapping[str, Any]] = document["entries"] if document else {}
    present = {source.row: source for source in sources.actions}
    lines = [_line(source, entries.get(row, {})) for row, source in present.items()]
    lines += [_gone(row, entry, sources) for row, entry in entries.items() if row not in present]
    chosen = sorted((line for line in lines if line.chosen), key=lambda line: line.order or plan_format.MAX_ORDER)
    others = (
        line for line in lines if not line.chosen and (line.row in present or plan_format.is_written(entries[line.row]))
    )
    return Plan(tuple(chosen), tuple(others), currency(), sources.unreadable)


def _line(source: Source, entry: Mapping[str, Any]) -> Line:
    before = (entry.get("seen_strategy", source.strategy), entry.get("seen_action", source.action))
    now = (source.strategy, source.action)
    change = Change.NONE if tuple(map(tidy, before)) == tuple(map(tidy, now)) else Change.CHANGED
    proposed = {name: FIELDS[name].value(text) for name, text in source.proposed.items()}
    identity = (source.row, source.objective, source.option, *now)
    return Line(*identity, change, before, due=source.due, **_values({**proposed, **entry}))


def _gone(row: str, entry: Mapping[str, Any], sources: Sources) -> Line:
    objective = plan_format.objective_of(row)
    change = Change.UNKNOWN if objective in sources.unreadable else Change.REMOVED
    if entry.get("origin"):  # of another workbook's canvas
        change = Change.NONE
    seen = (entry.get("seen_strategy", ""), entry.get("seen_action", ""))
    return Line(row, objective, entry.get("option", ""), *seen, change, seen, **_values(entry))


_OWN = tuple(
    name for name, kind in FIELDS.items() if kind.kind in ("text", "number") and not name.startswith(("seen_", "p"))
)


def _values(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a line that an entry has."""
    verdicts = {name: Verdict(entry.get(name, ""), entry.get(f"{name}_reason", "")) for name in PRINCIPLES}
    return {
        **{name: entry[name] for name in _OWN if name in entry},
        "partners": entry.get("partners", ""),
        "status": entry.get("status", ""),
        "chosen": entry.get("chosen", False),
        "quarters": tuple(entry.get(quarter, False) for quarter in QUARTERS),
        "verdicts": verdicts,
    }
