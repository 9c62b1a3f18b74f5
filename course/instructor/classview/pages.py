"""The pages of a class: the printable report, its fragment for the instructor's notebook, and the plenary view."""

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
from course.core.pages import way_to
from course.core.refusal import Unreadable
from course.core.syllabus import Objective, Option
from course.core.words import counted, french, moment, typeset
from course.instructor import output
from course.instructor.classview.gains import Gains
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.overview import Overview, Students
from course.instructor.classview.summary import (
    GAIN_HEADS,
    MOST_NAMED,
    SPREAD_HEADS,
    Section,
    gain_lines,
    gain_rows,
    handin_dates,
    opening,
    spread_rows,
    summary,
)

if TYPE_CHECKING:
    from course.instructor.classview.charts import Chart

MOST_COPIES = 36
"""The maximum number of copies side by side: groups first, then single trainees, with a notice on the page."""

_HERE = Path(__file__).parent
_TEMPLATES = "classview/templates"

# Print, in millimetres: the size of a sheet, the margin and fixed height of a card, and per point of the font size,
# the width of a character and the height of a line.
_SHEET, _MARGIN, _CARD = (277.0, 174.0), 8.0, 18.5
_LETTER, _LINE = 0.176, 0.445
_SIZES = (9.5, 8.5, 7.5, 6.5, 6.0)
_COLUMNS = 8
_NO_GAINS = Gains()


def report(numbers: Numbers, drawings: Sequence[tuple[Chart, bytes]], date: datetime) -> str:
    """Return the report: a page without script or link, each chart with its text alternative and figures.

    Args:
        numbers: The statistics of the class.
        drawings: The charts, each with its drawing as SVG.
        date: The date shown on the report.
    """
    values = {
        "date": moment(date),
        "coverage": [
            (coverage.option.id, coverage.option.label, french(coverage.treated), french(coverage.copies))
            for coverage in (numbers.coverage if numbers.overview.copies else ())
        ],
        **_shared(numbers, drawings),
    }
    return output.page(f"{_TEMPLATES}/report.html.j2", values, _HERE / "templates" / "report.css")


def fragment(numbers: Numbers) -> str:
    """Return the class as a fragment of HTML: the summary, the charts, and their figures.

    Args:
        numbers: The statistics of the class.
    """
    drawings: list[tuple[Chart, bytes]] = []
    if numbers.overview.copies:
        from course.instructor.classview.charts import charts  # noqa: PLC0415 - matplotlib takes a while

        drawings = [(chart, chart.file("svg")) for chart in charts(numbers)]
    return output.fragment(f"{_TEMPLATES}/overview.html.j2", _shared(numbers, drawings))


def plenary(overview: Overview, gains: Gains = _NO_GAINS) -> str:
    """Return the plenary view: the class's answers in large letters, one objective per screen, groups side by side.

    Args:
        overview: The class; the copies that are shown are read.
        gains: What the class knew before the course and after it; its screen is the last, without any name.

    Returns:
        Self-contained HTML, whose policy allows only its own script.
    """
    students = chosen(overview)
    answers = _answers(overview, students)
    goals = {copy.goal.id for copy in overview.copies}
    objectives = [objective for objective in syllabus.load().objectives if objective.goal in goals]
    values = {
        "notices": list(_notices(overview, students)),
        "screens": [_screen(overview, objective, students, answers) for objective in objectives],
        "gain_lines": [*gain_lines(gains)] if gains.items else [],
        "gain_heads": GAIN_HEADS,
        "gain_rows": gain_rows(gains),
    }
    style = _HERE / "templates" / "plenary.css"
    return output.page(f"{_TEMPLATES}/plenary.html.j2", values, style, _HERE / "plenary.js")


def chosen(overview: Overview) -> tuple[Students, ...]:
    """Return the copies of the plenary view: all, or the first ones of a large class, groups before single trainees."""
    return tuple(sorted(overview.names, key=lambda students: len(students) == 1)[:MOST_COPIES])


def _shared(numbers: Numbers, drawings: Sequence[tuple[Chart, bytes]]) -> dict[str, object]:
    """Return the values that the report and the fragment for the notebook both show."""
    rows, sections = handin_dates(numbers), summary(numbers)
    return {
        "opening": opening(numbers),
        "parts": {section.name: sections.get(section) for section in Section},
        "heads": ("Stagiaire", *(f"But {goal.id}" for goal in syllabus.load().goals)),
        "handin_dates": rows if len(rows) <= MOST_NAMED else None,
        "waiting": numbers.waiting,
        "handins": numbers.handins,
        "gain_heads": GAIN_HEADS,
        "gain_rows": gain_rows(numbers.gains),
        "spread_heads": SPREAD_HEADS,
        "spread_rows": spread_rows(numbers),
        "charts": [(chart, b64encode(drawing).decode()) for chart, drawing in drawings],
    }


@dataclass(frozen=True, slots=True)
class _CardRow:
    """A strategy on a card, and its actions, each with its pilot fields on one line."""

    strategy: str
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Card:
    """One copy's answer to an option: the reason why it cannot be read, or its strategies; neither when it is empty.

    Its number stands for its name where names are hidden, the same for all options of an objective.
    """

    number: int
    name: str
    problem: str
    rows: tuple[_CardRow, ...]

    @property
    def empty(self) -> bool:
        return not self.problem and not self.rows


@dataclass(frozen=True, slots=True)
class _Panel:
    """An option on a screen: its cards, the names of empty copies left out in a large class, and a count."""

    option: Option
    cards: tuple[_Card, ...]
    without_answer: tuple[str, ...]
    count: str


@dataclass(frozen=True, slots=True)
class _Screen:
    """An objective: its options, and for print the font size in points and the number of columns of cards."""

    objective: Objective
    panels: tuple[_Panel, ...]
    font_size: float
    columns: int


_Answers = Mapping[tuple[Students, str], Answers | Unreadable | None]
"""The answers of each copy, by copy and objective."""


def _answers(overview: Overview, shown: Sequence[Students]) -> _Answers:
    by_canvas: dict[tuple[Students, str], Answers | Unreadable | None] = {}
    for copy in overview.copies:
        if copy.students in shown:
            for objective, document in copy.documents():
                answers = view(document, objective) if isinstance(document, Mapping) else document
                by_canvas[copy.students, objective.id] = answers
    return by_canvas


def _notices(overview: Overview, shown: Sequence[Students]) -> Iterator[str]:
    if not overview.copies:
        yield typeset(f"Aucune copie n’est encore corrigée : {way_to('grade')}, puis revenez.")
    if left := len(overview.names) - len(shown):
        yield typeset(
            f"Les {len(shown)} premières copies sur {french(len(overview.names))} ; {french(left)} n’y sont pas. "
            "Le tableau de la classe les a toutes."
        )


def _screen(overview: Overview, objective: Objective, shown: Sequence[Students], answers: _Answers) -> _Screen:
    copies = {
        overview.names[students]: answers[students, objective.id]
        for students in shown
        if (students, objective.id) in answers
    }
    panels = tuple(_panel(option, copies) for option in objective.options)
    columns = min(len(copies), _COLUMNS) or 1
    return _Screen(objective, panels, _font_size(objective, copies, columns), columns)


def _panel(option: Option, copies: Mapping[str, Answers | Unreadable | None]) -> _Panel:
    cards = tuple(_card(number, name, option, answers) for number, (name, answers) in enumerate(copies.items(), 1))
    few = len(cards) <= _COLUMNS  # then each copy keeps its column from one option to the next
    without_answer = tuple(card.name for card in cards if card.empty)
    count = f"({counted(len(cards) - len(without_answer), 'copie')} sur {len(cards)})"
    return _Panel(option, tuple(card for card in cards if few or not card.empty), () if few else without_answer, count)


def _card(number: int, name: str, option: Option, answers: Answers | Unreadable | None) -> _Card:
    match answers:
        case None:
            return _Card(number, name, "", ())
        case Unreadable():
            return _Card(number, name, f"Réponse illisible : {answers.reason}", ())
    rows = tuple(map(_card_row, answers.options[option.id]))
    return _Card(number, name, "", tuple(row for row in rows if row.strategy or row.actions))


def _card_row(strategy: Strategy) -> _CardRow:
    actions = ((action.action, _pilot(action)) for action in strategy.actions)
    text = strategy.strategy if strategy.strategy.strip() else ""
    return _CardRow(text, tuple((action, pilot) for action, pilot in actions if action.strip() or pilot))


def _pilot(action: Action) -> str:
    fields = ((label, getattr(action, field).strip()) for field, label in PILOT)
    return " – ".join(f"{label} : {value}" for label, value in fields if value)


def _font_size(objective: Objective, copies: Mapping[str, Answers | Unreadable | None], columns: int) -> float:
    """Return the largest font size for print, in points, at which an objective fits on its sheet."""
    rows = -(-len(copies) // columns)  # of cards
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
    """Return the estimated number of lines of an answer."""
    if not isinstance(answers, Answers):
        return 2
    strategies = answers.options[option.id]
    texts = (
        text for strategy in strategies for text in (strategy.strategy, *(action.action for action in strategy.actions))
    )
    return sum(1 + int(len(text) / (0.85 * wide)) + text.count("\n") for text in texts)  # lines break between words
