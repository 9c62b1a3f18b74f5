"""Pictures of a plan as SVG with real texts: by quarter, by principle, by source of money, by goal; each also in words.

Colours are those of the page's style, with a colour of their own where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from course.core import syllabus
from course.core.plan.format import PRINCIPLES, VERDICT_WORDS
from course.core.plan.gaps import short
from course.core.plan.plan import Line, Plan, principles
from course.core.words import counted, french, listed

WIDTH = 720
_ROW, _HEAD, _NAMES = 30, 34, 400
_CELL = (WIDTH - _NAMES) // 4
_INK, _FAINT = "var(--ink, #16212b)", "var(--faint, #ddd6c9)"
_GOALS = {"1": "#2f63c8", "2": "#7d2608", "3": "#00533f", "4": "#5a1d6e", "5": "#856700"}
_SIGNS = {"yes": "oui", "no": "non", "review": "?", "": "·"}
_UNSAID = "source non dite"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its title, its SVG, and the same in words."""

    title: str
    svg: str
    text: str


def pictures(plan: Plan) -> tuple[Picture, ...]:
    """Return the pictures of the actions that were chosen; none of an empty plan."""
    if not plan.lines:
        return ()
    return (by_quarter(plan), by_principle(plan), by_source(plan), by_goal(plan))


def by_quarter(plan: Plan) -> Picture:
    """Return the actions by quarter: a bar in each one in which they are done."""
    parts = [_text(_NAMES + (i + 0.5) * _CELL, 22, f"T{i + 1}", "middle", bold=True) for i in range(4)]
    for rank, line in enumerate(plan.lines):
        top = _HEAD + rank * _ROW
        parts += [_rule(top), _name(rank, line, top)]
        parts += [
            _bar(_NAMES + i * _CELL + 3, top + 7, _CELL - 6, _ROW - 14, _goal(line))
            for i, planned in enumerate(line.quarters)
            if planned
        ]
    words = [
        f"{rank + 1}. {short(line.action)}\u00a0: {listed(when) if (when := _quarters(line)) else 'pas de trimestre'}"
        for rank, line in enumerate(plan.lines)
    ]
    return _picture("Les actions par trimestre", _HEAD + len(plan.lines) * _ROW, parts, words)


def by_principle(plan: Plan) -> Picture:
    """Return the six principles against the actions: what was said of each."""
    titles = principles()
    wide = (WIDTH - _NAMES) / len(PRINCIPLES)
    parts = [_text(_NAMES + (i + 0.5) * wide, 22, str(i + 1), "middle", bold=True) for i in range(len(PRINCIPLES))]
    for rank, line in enumerate(plan.lines):
        top = _HEAD + rank * _ROW
        parts += [_rule(top), _name(rank, line, top)]
        for i, principle in enumerate(PRINCIPLES):
            answer = line.verdicts[principle].answer
            if answer == "yes":
                pale = "var(--well-pale, #dff1ea)"
                parts.append(_bar(_NAMES + i * wide + 3, top + 4, wide - 6, _ROW - 8, pale))
            parts.append(_text(_NAMES + (i + 0.5) * wide, top + 20, _SIGNS[answer], "middle"))
    bottom = _HEAD + len(plan.lines) * _ROW
    for i, title in enumerate(titles.values()):
        parts.append(_text(0, bottom + 20 + i * 20, f"{i + 1}. {title}"))
    words = []
    for principle, title in titles.items():
        answers = [line.verdicts[principle].answer for line in plan.lines]
        said = [f"{VERDICT_WORDS[a]} {answers.count(a)} fois" for a in ("yes", "no", "review") if a in answers]
        words.append(f"{title}\u00a0: {listed(said) if said else 'rien n’est dit'}")
    return _picture("Les six principes et les actions", bottom + 20 * len(titles) + 8, parts, words)


def by_source(plan: Plan) -> Picture:
    """Return the costs by source of money."""
    sums: dict[str, int] = {}
    names: dict[str, str] = {}
    for line in plan.lines:
        name = " ".join(line.funding.split()) or _UNSAID
        names.setdefault(name.casefold(), name)
        sums[name.casefold()] = sums.get(name.casefold(), 0) + (line.cost or 0)
    shown = sorted(((names[key], total) for key, total in sums.items() if total), key=lambda item: (-item[1], item[0]))
    amounts = [(short(name, 40), total, f"{french(total)}\u00a0{plan.currency}") for name, total in shown]
    total = sum(sums.values())
    words = [f"{name}\u00a0: {amount}" for name, _, amount in amounts]
    words.append(f"En tout\u00a0: {french(total)}\u00a0{plan.currency}" if total else "Aucun coût n’est écrit")
    return _bars("Le coût par source de financement", amounts, words, "var(--act, #00533f)")


def by_goal(plan: Plan) -> Picture:
    """Return the numbers of actions by goal, those without one included."""
    counts = [(goal, sum(line.goal == goal.id for line in plan.lines)) for goal in syllabus.load().goals]
    amounts = [
        (
            short(f"But {goal.id}\u00a0: {goal.title}", 46),
            number,
            counted(number, "action") if number else "aucune action",
        )
        for goal, number in counts
    ]
    return _bars("Les buts servis", amounts, [f"{name}\u00a0: {amount}" for name, _, amount in amounts])


def _bars(title: str, amounts: list[tuple[str, int, str]], words: list[str], color: str = "") -> Picture:
    """Return bars, one under the other, each with its name above and its amount beside."""
    most = max((number for _, number, _ in amounts), default=0)
    parts = []
    for rank, (name, number, amount) in enumerate(amounts):
        top = 8 + rank * 48
        width = (WIDTH - 220) * number / most if most else 0
        parts.append(_text(0, top + 14, name))
        fill = color or f"var(--goal-{rank + 1}, {_GOALS[str(rank + 1)]})"
        parts.append(_bar(0, top + 20, width, 16, fill))
        parts.append(_text(width + 8, top + 33, amount, bold=True))
    if not amounts:
        parts.append(_text(0, 24, words[-1]))
    return _picture(title, max(8 + len(amounts) * 48, 34), parts, words)


def _picture(title: str, height: float, parts: list[str], words: list[str]) -> Picture:
    text = ". ".join(words) + "."
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    name = escape(_legal(f"{title}. {text}"))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" lang="fr" aria-label="{name}" '
        f'font-family="sans-serif" font-size="14" fill="{_INK}">{"".join(parts)}</svg>'
    )
    return Picture(title, svg, text)


def _name(rank: int, line: Line, top: float) -> str:
    return _text(0, top + 20, f"{rank + 1}. {short(line.action, 48)}")


def _quarters(line: Line) -> list[str]:
    return [f"T{i + 1}" for i, planned in enumerate(line.quarters) if planned]


def _goal(line: Line) -> str:
    return f"var(--goal-{line.goal}, {_GOALS[line.goal]})"


def _text(x: float, y: float, text: str, anchor: str = "start", *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{weight}>{escape(_legal(text))}</text>'


def _legal(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text)


def _bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4" fill="{fill}"/>'


def _rule(y: float) -> str:
    return f'<line x1="0" x2="{WIDTH}" y1="{y:g}" y2="{y:g}" stroke="{_FAINT}"/>'
