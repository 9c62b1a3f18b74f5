"""The plan as sheets of a document: as the ministry's forms have it on paper, each field by itself in Excel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from course.core import layouts, syllabus
from course.core.layouts import plain
from course.core.plan import plan as plans
from course.core.plan.format import (
    FIELDS,
    FOLLOW_UP,
    LABELS,
    LEVEL_WORDS,
    LEVELS,
    PRINCIPLES,
    QUARTERS,
    STATUS_WORDS,
    URGENCY_WORDS,
    VERDICT_WORDS,
    status_of,
)
from course.core.plan.plan import Line
from course.core.refusal import Refusal, Unreadable
from course.core.team import owner
from course.core.words import moment
from course.documents.model import BLANK_DATE, BLANK_NAMES, Column, Document, Paper, Row, Sheet

TITLE = "Mon plan"
NAMES = ("plan", "mon-plan", "mon plan")
"""What a person types for the plan."""
MARK = "plan/"
"""Before the row of an action, in what identifies it when it comes back."""
_SHEETS = ("Actions, calendrier et moyens", "Priorités et raisons", "Suivi à trois mois")
_TICK = "x"
_POINTS = 8
_BLANK_ROWS = 12
_WIDTHS = {
    **{"action": 40, "responsible": 24, "partners": 23, "cost": 22, "funding": 24, "indicator": 24},
    **{"verification": 24, "frequency": 20, "baseline": 14, "target": 14},
    **dict.fromkeys(FOLLOW_UP, 40),
}
_OWN_FIELDS = frozenset(FIELDS) - {"responsible", "indicator", "chosen", "order", "seen_strategy", "seen_action"}
_YES, _NO = ("x", "×", "✓", "✔", "☑", "oui", "1", "vrai", "true"), ("", "non", "0", "faux", "false", "-", "☐")
_VERDICT = re.compile(r"([1-6])\W*(oui|non|à revoir|a revoir)?", re.I)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")


def filled(root: Path, now: datetime, *, is_book: bool, paper: Paper = Paper.A4) -> Document:
    """Return the document of a workbook's plan: the actions that were chosen, in their order.

    Args:
        root: The root of the workbook, or the folder of any of its notebooks.
        now: The date and time on it.
        is_book: Whether it becomes an Excel workbook, where each field has its own column.
        paper: Its paper.

    Raises:
        Refusal: The plan cannot be read, or is empty.
    """
    try:
        lines = plans.read(root).lines
    except Unreadable as error:
        raise Refusal(
            f"Le plan est illisible ({error.reason.removesuffix('.')})\u00a0: ouvrez-le dans le cours, qui reprend sa "
            "dernière copie valable."
        ) from None
    if not lines:
        raise Refusal(
            "Aucune action n’est encore dans le plan\u00a0: cochez-en dans «\u202fMon plan\u202f», ou demandez un plan "
            "vierge par --vierge."
        )
    sheets = sheets_of(rows_of(lines), is_book=is_book)
    return Document(TITLE, owner(root), f"Écrit le {moment(now)}", sheets, paper=paper, points=_POINTS)


def blank(paper: Paper, *, is_book: bool) -> Document:
    """Return the document of a plan to fill in by hand, or on a computer without the course."""
    rows = tuple(Row({"number": str(number)}) for number in range(1, _BLANK_ROWS + 1))
    return Document(
        TITLE, BLANK_NAMES, BLANK_DATE, sheets_of(rows, is_book=is_book), blank=True, paper=paper, points=_POINTS
    )


def rows_of(lines: Iterable[Line]) -> tuple[Row, ...]:
    """Return the rows of actions, in their order."""
    return tuple(_row(number, line) for number, line in enumerate(lines, 1))


def sheets_of(rows: tuple[Row, ...], *, is_book: bool) -> tuple[Sheet, ...]:
    """Return the sheets of a plan: one of every field for Excel; else the ministry's form, the reasons, the follow-up.

    Who proposed an action is said in a plan of several teams alone.
    """
    origin = (_column("origin"),) if any(row.texts.get("origin") for row in rows) else ()
    if is_book:
        return (Sheet(TITLE, TITLE, (*_book(), *origin), rows, held=2),)
    forms = _form(), (*_reasons(), *origin), _follow_up()
    return tuple(Sheet(title, title, columns, rows) for title, columns in zip(_SHEETS, forms, strict=True))


def kinds_of(headings: Sequence[str]) -> list[str] | None:
    """Return the kinds of the columns of a plan, empty for one that is not known; None for another table."""
    own = _own_headings()
    kinds = [own.get(plain(text[:200]), "") or layouts.kind_of(text, layouts.PLAN, loose=True) for text in headings]
    is_plan = "action" in kinds and len(_OWN_FIELDS.union({"principles"}).intersection(kinds)) > 1
    return kinds if is_plan else None


def is_title(text: str) -> bool:
    """Return True for a title of a document of the plan."""
    return text in (TITLE, *_SHEETS)


def value_of(kind: str, text: str) -> dict[str, str] | None:
    """Return the values of fields that a cell of a plan says, as edits spell them; None for no value of the plan.

    Args:
        kind: The kind of its column: a field, or `principles` for the answers to all six.
        text: Its text; of a field of text it is the value.
    """
    bare = plain(text[:200])
    if kind == "principles":
        return _verdicts(text)
    if kind in QUARTERS:
        word = text.strip().lower()
        return {kind: "1"} if word in _YES else {kind: ""} if word in _NO else None
    if kind in LEVELS:
        words = [plain(word) for word in (URGENCY_WORDS if kind == "urgency" else LEVEL_WORDS)]
        rank = words.index(bare) if bare in words else int(bare) if bare in ("1", "2", "3") else None
        return None if rank is None else {kind: str(rank or "")}
    if kind == "status" or kind in PRINCIPLES:
        verdicts = (value for value, word in VERDICT_WORDS.items() if plain(word) == bare)
        value = status_of(text[:200]) if kind == "status" else next(verdicts, None)
        return None if value is None else {kind: value}
    if kind == "cost":
        digits = re.sub(rf"\s|{re.escape(plans.currency())}|F(?:CFA|\.)?|€", "", text[:200], flags=re.I)
        digits = re.sub("[.,]", "", digits) if _THOUSANDS.fullmatch(digits) else digits
        return {kind: digits} if not digits or re.fullmatch("[0-9]{1,12}", digits) else None
    return {kind: text}


def _verdicts(text: str) -> dict[str, str] | None:
    words = {plain(word): value for value, word in VERDICT_WORDS.items()}
    values = {f"p{number}": words[plain(word)] for number, word in _VERDICT.findall(text[:400]) if word}
    return values if not re.search(r"\w", _VERDICT.sub("", text)) else None


def _row(number: int, line: Line) -> Row:
    answers = [(principle[1:], line.verdicts[principle].answer) for principle in PRINCIPLES]
    texts = {
        "number": str(number),
        "option": line.option,
        "label": syllabus.load().objective(line.objective).title,
        "strategy": line.strategy,
        "action": line.action,
        **{name: LEVEL_WORDS[getattr(line, name)] for name in LEVELS},
        "urgency": URGENCY_WORDS[line.urgency],
        **{name: FIELDS[name].text(getattr(line, name)) for name in LABELS if name not in LEVELS},
        "status": STATUS_WORDS[line.status],
        **{quarter: _TICK if is_then else "" for quarter, is_then in zip(QUARTERS, line.quarters, strict=True)},
        **{principle: VERDICT_WORDS[verdict.answer] for principle, verdict in line.verdicts.items()},
        **{f"{principle}_reason": verdict.reason for principle, verdict in line.verdicts.items()},
        "principles": ", ".join(f"{name}\u00a0{VERDICT_WORDS[answer]}" for name, answer in answers if answer),
    }
    return Row(texts, f"{MARK}{line.row}")


def _column(name: str) -> Column:
    if name in LEVELS:
        return Column(name, LABELS[name], 17, tuple((URGENCY_WORDS if name == "urgency" else LEVEL_WORDS)[1:]))
    if name in QUARTERS:
        return Column(name, name.upper(), 8, (_TICK,))
    if name == "status":
        return Column(name, LABELS[name], 20, tuple(filter(None, STATUS_WORDS.values())))
    heading = f"{LABELS[name]} ({plans.currency()})" if name == "cost" else LABELS[name]
    return Column(name, heading, _WIDTHS.get(name, 16), is_number=name == "cost")


def _place() -> tuple[Column, Column]:
    return Column("option", "But et objectif", 25), Column("label", "Objectif", 25, under=True)


_AFTER = ("status", *FOLLOW_UP)
_WHEN_AND_HOW = (
    *("responsible", "partners", *QUARTERS),
    *(name for name in LABELS if name not in {*LEVELS, *_AFTER, "origin"}),
)


def _details() -> tuple[Column, ...]:
    return tuple(map(_column, dict.fromkeys(_WHEN_AND_HOW)))


def _form() -> tuple[Column, ...]:
    """The columns of the ministry's form."""
    action = Column("action", "Action", _WIDTHS["action"])
    return (Column("number", "N°", 8), *_place(), action, *_details(), Column("principles", "Principes", 20))


def _reasons() -> tuple[Column, ...]:
    titles = plans.principles()
    reasons = (Column(f"{name}_reason", f"{name[1:]}. {title}\u00a0: pourquoi", 28) for name, title in titles.items())
    return (Column("number", "N°", 8), Column("action", "Action", 44), *map(_column, LEVELS), *reasons)


def _follow_up() -> tuple[Column, ...]:
    """The sheet at three months, filled in by hand or by telephone."""
    return (Column("number", "N°", 8), Column("action", "Action", 44), *map(_column, _AFTER))


def _book() -> tuple[Column, ...]:
    """The columns in Excel: each field, with the reason of each answer beside it."""
    answers = tuple(word for word in VERDICT_WORDS.values() if word)
    reasons = {column.key: column for column in _reasons()}
    pairs = (
        (Column(name, f"{name[1:]}. {title}", 22, answers), reasons[f"{name}_reason"])
        for name, title in plans.principles().items()
    )
    texts = Column("action", "Action", 60), Column("strategy", "Stratégie", 44)
    levels = map(_column, LEVELS)
    number, both = Column("number", "N°", 8), (column for pair in pairs for column in pair)
    return (number, *texts, *_place(), *levels, *_details(), *both, *map(_column, _AFTER))


@cache
def _own_headings() -> dict[str, str]:
    columns = (*_form(), *_reasons(), *_follow_up(), *_book(), _column("origin"))
    return {plain(column.heading): column.key for column in columns}
