"""The class's answers for the room: one objective a screen, groups side by side, in letters that the last row reads."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from course.core import syllabus
from course.core.refusal import Unreadable
from course.core.syllabus import Objective, Option
from course.core.table import PILOT
from course.core.words import french, typeset
from course.instructor.classview.labels import Together
from course.instructor.classview.reading import Overview

MOST_COPIES = 36
"""No room looks at more side by side: the first are shown, groups before persons, and the page says so."""

# Paper, in millimetres: what a sheet holds, what a card takes besides its lines; a letter and a line for a point.
_SHEET, _MARGIN, _CARD = (277.0, 174.0), 8.0, 18.5
_LETTER, _LINE = 0.176, 0.445
_SIZES = (9.5, 8.5, 7.5, 6.5, 6.0)
_COLUMNS = 8
_HERE = Path(__file__).parent
Written = dict[tuple[Together, str], Mapping[str, Any] | str]
"""What each wrote in each canvas: a document, or why there is none that can be read."""


def plenary(overview: Overview) -> str:
    """The page, everything that a trainee wrote escaped.

    Args:
        overview: The class; the copies that are shown are read.

    Returns:
        HTML that needs nothing else; no script runs in it but its own.
    """
    shown = chosen(overview)
    written = _written(overview, shown)
    script = f"\n{(_HERE / 'plenary.js').read_text(encoding='utf-8')}"
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Vue plénière</title>
<style>
{(_HERE / "plenary.css").read_text(encoding="utf-8")}</style>
</head>
<body>
{_opening(overview, shown)}
<main>
{"".join(_screens(overview, shown, written))}</main>
{_nav(overview)}
<script>{script}</script>
</body>
</html>
"""


def chosen(overview: Overview) -> tuple[Together, ...]:
    """Who is shown: all, or in a large class the first, groups before persons."""
    groups = [who for who in overview.names if len(who) > 1]
    alone = [who for who in overview.names if len(who) == 1]
    return tuple((groups + alone)[:MOST_COPIES])


def _written(overview: Overview, shown: tuple[Together, ...]) -> Written:
    found: Written = {}
    for copy in overview.copies:
        if copy.students not in shown:
            continue
        for objective, document in copy.documents():
            if isinstance(document, Unreadable):
                found[copy.students, objective.id] = f"Réponse illisible\u00a0: {document.reason}"
            else:
                found[copy.students, objective.id] = document or ""
    return found


def _opening(overview: Overview, shown: tuple[Together, ...]) -> str:
    said = []
    if not overview.copies:
        said.append("Aucune copie n’est encore corrigée : tapez « course grade », puis revenez.")
    if left := len(overview.names) - len(shown):
        said.append(
            f"Les {len(shown)} premières copies sur {french(len(overview.names))} ; {french(left)} n’y sont pas. "
            "Le tableau de la classe les a toutes."
        )
    return "".join(f'<p class="opening">{escape(typeset(each))}</p>' for each in said)


def _objectives(overview: Overview) -> tuple[Objective, ...]:
    goals = {copy.goal.id for copy in overview.copies}
    return tuple(each for each in syllabus.load().objectives if each.goal in goals)


def _screens(overview: Overview, shown: tuple[Together, ...], written: Written) -> Iterator[str]:
    objectives = _objectives(overview)
    for place, objective in enumerate(objectives, 1):
        who = [each for each in shown if (each, objective.id) in written]
        options = "".join(_option(overview, who, objective, option, written) for option in objective.options)
        yield (
            f'<section class="screen" id="o{objective.cell}" aria-label="Objectif {objective.id}" '
            f'style="--letters: {_letters(overview, who, objective, written):g}pt; --columns: {_columns(who)}"><header>'
            f"<p>But {objective.goal} – objectif {place} sur {len(objectives)}</p>"
            f"<h1>{objective.id} {escape(objective.title)}</h1></header>{options}</section>\n"
        )


def _letters(overview: Overview, who: list[Together], objective: Objective, written: Written) -> float:
    """The size of the letters on paper, in points, the largest with which an objective fits on its sheet."""
    columns = _columns(who)
    lines = -(-len(who) // columns)  # of cards, one below the other
    for size in _SIZES:
        wide = (_SHEET[0] / columns - _MARGIN) / (size * _LETTER)  # characters in a line
        longest = (
            max(
                (
                    _heading(overview.names[each], wide) + _rows(written[each, objective.id], option, wide)
                    for each in who
                ),
                default=0,
            )
            for option in objective.options
        )
        high = sum(lines * (_CARD + size * _LINE * rows) for rows in longest)
        if high <= _SHEET[1]:
            return size
    return _SIZES[-1]


def _columns(who: list[Together]) -> int:
    return min(len(who), _COLUMNS) or 1


def _heading(name: str, wide: float) -> int:
    return 1 + int(len(name) / (0.75 * wide))


def _rows(document: Mapping[str, Any] | str, option: Option, wide: float) -> float:
    """How many lines an answer takes."""
    if isinstance(document, str):
        return 2
    texts = [text for row in document["options"].get(option.id, ()) for text in _texts(row)]
    return sum(1 + int(len(text) / (0.85 * wide)) + text.count("\n") for text in texts)  # words leave room unused


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    yield row.get("strategy", "")
    for action in row.get("actions", ()):
        yield action.get("action", "")


def _option(overview: Overview, shown: list[Together], objective: Objective, option: Option, written: Written) -> str:
    cards, silent = [], []
    few = len(shown) <= _COLUMNS  # then each has its place from one option to the next
    for who in shown:
        name, document = overview.names[who], written[who, objective.id]
        body = _unread(document) or "".join(map(_strategy, _strategies(document, option)))
        if body or few:
            nothing = '<p class="nothing">Rien d’écrit.</p>'
            cards.append(f'<article class="group"><h3>{escape(name)}</h3>{body or nothing}</article>')
        if not body:
            silent.append(name)
    said = len(shown) - len(silent)
    names = "" if few or not silent else f'<p class="none">Rien d’écrit\u00a0: {escape(", ".join(silent))}.</p>'
    return (
        f'<div class="option"><h2>{option.id} {escape(option.label)} '
        f"<span>({said} copie{'s' if said > 1 else ''} sur {len(shown)})</span></h2>"
        f'<div class="groups">{"".join(cards)}</div>{names}</div>'
    )


def _unread(document: Mapping[str, Any] | str) -> str:
    return f"<p>{escape(document)}</p>" if isinstance(document, str) and document else ""


def _strategies(document: Mapping[str, Any] | str, option: Option) -> Sequence[Mapping[str, Any]]:
    return () if isinstance(document, str) else document["options"].get(option.id, ())


def _strategy(row: Mapping[str, Any]) -> str:
    strategy, actions = row.get("strategy", ""), "".join(map(_action, row.get("actions", ())))
    head = f"<p>{escape(strategy)}</p>" if strategy.strip() else ""
    return head + (f"<ul>{actions}</ul>" if actions else "")


def _action(action: Mapping[str, Any]) -> str:
    text = action.get("action", "")
    pilot = [f"{name}\u00a0: {value}" for key, name in PILOT if (value := action.get(key, "")).strip()]
    if not text.strip() and not pilot:
        return ""
    more = f"<small>{escape(' – '.join(pilot))}</small>" if pilot else ""
    return f"<li>{escape(text)}{more}</li>"


def _nav(overview: Overview) -> str:
    choices = "".join(
        f'<option value="{place}">{each.id} {escape(each.title)}</option>'
        for place, each in enumerate(_objectives(overview))
    )
    return (
        '<nav hidden aria-label="Objectifs"><button type="button" data-way="-1" aria-label="Objectif précédent">←'
        f'</button><select aria-label="Aller à un objectif">{choices}</select>'
        '<button type="button" data-way="1" aria-label="Objectif suivant">→</button></nav>'
    )
