"""The pages of a class: the report to print, the piece of it for the instructor's notebook, and the plenary view."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from course.core import syllabus
from course.core.answers.format import Action, Answers, Strategy, view
from course.core.marking import PILOT
from course.core.refusal import Unreadable
from course.core.syllabus import Objective, Option
from course.core.words import counted, french, moment, typeset
from course.instructor import output
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.overview import Overview, Students
from course.instructor.classview.summary import MOST_NAMED, Section, opening, summary, who_when

if TYPE_CHECKING:
    from course.instructor.classview.charts import Chart

MOST_COPIES = 36
"""No room looks at more side by side: the first are shown, groups before persons, and the page says so."""

_HERE = Path(__file__).parent
_TEMPLATES = "classview/templates"

# Paper, in millimetres: what a sheet holds, what a card takes besides its lines; a letter and a line for a point.
_SHEET, _MARGIN, _CARD = (277.0, 174.0), 8.0, 18.5
_LETTER, _LINE = 0.176, 0.445
_SIZES = (9.5, 8.5, 7.5, 6.5, 6.0)
_COLUMNS = 8


def report(numbers: Numbers, drawn: Sequence[tuple[Chart, bytes]], date: datetime) -> str:
    """The report: a page without a script or a link, each chart in words and in figures too.

    Args:
        numbers: What was counted.
        drawn: The charts, each with its drawing as SVG.
        date: When it is made.
    """
    values = {
        "date": moment(date),
        "coverage": [
            (coverage.option.id, coverage.option.label, french(coverage.treated), french(coverage.copies))
            for coverage in (numbers.coverage if numbers.overview.copies else ())
        ],
        **_shared(numbers, drawn),
    }
    return output.page(f"{_TEMPLATES}/report.html.j2", values, _HERE / "templates" / "report.css")


def fragment(numbers: Numbers) -> str:
    """The class as a piece of HTML: the summary in words, the charts, their figures.

    Args:
        numbers: What was counted.
    """
    drawn: list[tuple[Chart, bytes]] = []
    if numbers.overview.copies:
        from course.instructor.classview.charts import charts  # noqa: PLC0415 - matplotlib takes a while

        drawn = [(chart, chart.files()["svg"]) for chart in charts(numbers)]
    return output.fragment(f"{_TEMPLATES}/overview.html.j2", _shared(numbers, drawn))


def plenary(overview: Overview) -> str:
    """The class's answers for the room: one objective a screen, groups side by side, in letters that carry.

    Args:
        overview: The class; the copies that are shown are read.

    Returns:
        HTML that needs nothing else; no script runs in it but its own.
    """
    students = chosen(overview)
    written = _written(overview, students)
    goals = {copy.goal.id for copy in overview.copies}
    objectives = [objective for objective in syllabus.load().objectives if objective.goal in goals]
    values = {
        "notices": list(_notices(overview, students)),
        "screens": [_screen(overview, objective, students, written) for objective in objectives],
    }
    style = _HERE / "templates" / "plenary.css"
    return output.page(f"{_TEMPLATES}/plenary.html.j2", values, style, _HERE / "plenary.js")


def chosen(overview: Overview) -> tuple[Students, ...]:
    """Who is shown in the room: all, or of a large class the first, groups before persons."""
    return tuple(sorted(overview.names, key=lambda students: len(students) == 1)[:MOST_COPIES])


def _shared(numbers: Numbers, drawn: Sequence[tuple[Chart, bytes]]) -> dict[str, object]:
    """What the report and the piece for the notebook both show."""
    rows, parts = who_when(numbers), summary(numbers)
    return {
        "opening": opening(numbers),
        "parts": {section.name: parts.get(section) for section in Section},
        "heads": ("Stagiaire", *(f"But {goal.id}" for goal in syllabus.load().goals)),
        "who_when": rows if len(rows) <= MOST_NAMED else None,
        "waiting": numbers.waiting,
        "handins": numbers.handins,
        "charts": [(chart, b64encode(drawing).decode()) for chart, drawing in drawn],
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """A strategy on a card, and its actions with their pilot fields in a line."""

    strategy: str
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Card:
    """What one copy says of an option: why it cannot be read, or its strategies; neither when it says nothing."""

    name: str
    problem: str
    rows: tuple[_Row, ...]

    @property
    def empty(self) -> bool:
        return not self.problem and not self.rows


@dataclass(frozen=True, slots=True)
class _Panel:
    """An option on a screen: its cards, those who wrote nothing of a class too large for that, and a count."""

    option: Option
    cards: tuple[_Card, ...]
    silent: tuple[str, ...]
    count: str


@dataclass(frozen=True, slots=True)
class _Screen:
    """An objective: its options, and on paper the size of the letters, in points, and the columns of cards."""

    objective: Objective
    panels: tuple[_Panel, ...]
    letters: float
    columns: int


_Written = Mapping[tuple[Students, str], Answers | Unreadable | None]
"""What each copy says in each canvas that was handed in with it."""


def _written(overview: Overview, shown: Sequence[Students]) -> _Written:
    written: dict[tuple[Students, str], Answers | Unreadable | None] = {}
    for copy in overview.copies:
        if copy.students in shown:
            for objective, document in copy.documents():
                answers = view(document, objective) if isinstance(document, Mapping) else document
                written[copy.students, objective.id] = answers
    return written


def _notices(overview: Overview, shown: Sequence[Students]) -> Iterator[str]:
    if not overview.copies:
        yield typeset("Aucune copie n’est encore corrigée : tapez « course grade », puis revenez.")
    if left := len(overview.names) - len(shown):
        yield typeset(
            f"Les {len(shown)} premières copies sur {french(len(overview.names))} ; {french(left)} n’y sont pas. "
            "Le tableau de la classe les a toutes."
        )


def _screen(overview: Overview, objective: Objective, shown: Sequence[Students], written: _Written) -> _Screen:
    copies = {
        overview.names[students]: written[students, objective.id]
        for students in shown
        if (students, objective.id) in written
    }
    panels = tuple(_panel(option, copies) for option in objective.options)
    columns = min(len(copies), _COLUMNS) or 1
    return _Screen(objective, panels, _letters(objective, copies, columns), columns)


def _panel(option: Option, copies: Mapping[str, Answers | Unreadable | None]) -> _Panel:
    cards = tuple(_card(name, option, answers) for name, answers in copies.items())
    few = len(cards) <= _COLUMNS  # then each has its place from one option to the next
    silent = tuple(card.name for card in cards if card.empty)
    count = f"({counted(len(cards) - len(silent), 'copie')} sur {len(cards)})"
    return _Panel(option, tuple(card for card in cards if few or not card.empty), () if few else silent, count)


def _card(name: str, option: Option, answers: Answers | Unreadable | None) -> _Card:
    match answers:
        case None:
            return _Card(name, "", ())
        case Unreadable():
            return _Card(name, f"Réponse illisible : {answers.reason}", ())
    rows = tuple(map(_row, answers.options[option.id]))
    return _Card(name, "", tuple(row for row in rows if row.strategy or row.actions))


def _row(strategy: Strategy) -> _Row:
    actions = ((action.action, _pilot(action)) for action in strategy.actions)
    text = strategy.strategy if strategy.strategy.strip() else ""
    return _Row(text, tuple((action, pilot) for action, pilot in actions if action.strip() or pilot))


def _pilot(action: Action) -> str:
    fields = ((label, getattr(action, field).strip()) for field, label in PILOT)
    return " – ".join(f"{label} : {value}" for label, value in fields if value)


def _letters(objective: Objective, copies: Mapping[str, Answers | Unreadable | None], columns: int) -> float:
    """The size of the letters on paper, in points, the largest with which an objective fits on its sheet."""
    rows = -(-len(copies) // columns)  # of cards, one below the other
    for size in _SIZES:
        wide = (_SHEET[0] / columns - _MARGIN) / (size * _LETTER)  # characters in a line
        longest = (
            max(
                (
                    1 + int(len(name) / (0.75 * wide)) + _lines(answers, option, wide)
                    for name, answers in copies.items()
                ),
                default=0,
            )
            for option in objective.options
        )
        if sum(rows * (_CARD + size * _LINE * lines) for lines in longest) <= _SHEET[1]:
            return size
    return _SIZES[-1]


def _lines(answers: Answers | Unreadable | None, option: Option, wide: float) -> float:
    """How many lines an answer takes."""
    if not isinstance(answers, Answers):
        return 2
    strategies = answers.options[option.id]
    texts = (text for row in strategies for text in (row.strategy, *(action.action for action in row.actions)))
    return sum(1 + int(len(text) / (0.85 * wide)) + text.count("\n") for text in texts)  # words leave room unused
