"""The automatic mark of one canvas, and its answers as a table, or why they cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from pathlib import Path

from course.core.answers.format import Action, Answers, Strategy, path_of, read
from course.core.completeness import completeness
from course.core.refusal import Unreadable
from course.core.syllabus import Objective

# Inline: formgrader's style sheet has no borders, and a page that is sent must be self-contained.
_CELL = ' style="border:1px solid #767676;padding:.4em .6em;text-align:left;vertical-align:top;white-space:pre-wrap"'
PILOT = (("responsible", "Responsable"), ("due", "Échéance"), ("indicator", "Indicateur"))
"""The optional fields of an action, with their headings."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked canvas.

    Attributes:
        mark: Completeness, 0 to 6 by halves.
        html: The answers as a table, or why they cannot be read; escaped.
        text: The same as plain text.
        problem: Why the answers cannot be read, in French; empty when they can, or when there are none.
    """

    mark: Fraction
    html: str
    text: str
    problem: str = ""


def mark(folder: Path, objective: Objective) -> Marked:
    """Mark the canvas of an objective in an assignment's folder.

    Args:
        folder: The folder that holds `reponses/`.
        objective: The canvas's objective.
    """
    try:
        return marked(objective, read(folder, objective))
    except Unreadable as error:
        return unreadable(objective, error)


def marked(objective: Objective, answers: Answers | None) -> Marked:
    """Mark answers that were read before, or None when nothing was handed in."""
    return Marked(
        completeness(objective, answers).mark, _answers_html(objective, answers), _answers_text(objective, answers)
    )


def unreadable(objective: Objective, error: Unreadable) -> Marked:
    """A canvas whose answers file cannot be read: 0, with its name and the reason in place of the table."""
    name = path_of(objective)
    text = f"Canevas {objective.id} : réponse illisible. Fichier « {name} » : {error.reason}"
    html = (
        f'<p lang="fr" style="border:2px solid #b00020;padding:.6em"><strong>Canevas {objective.id}'
        f" : réponse illisible.</strong> Fichier « {name} » : {escape(error.reason)}</p>"
    )
    return Marked(Fraction(0), html, text, error.reason)


def _answers_html(objective: Objective, answers: Answers | None) -> str:
    """Return an HTML table with a row for each action; all text of trainees is escaped."""
    written = answers.options if answers else {}
    rows = (_option_rows(f"{option.id} {option.label}", written.get(option.id, ())) for option in objective.options)
    body = "".join(f"<tbody>{row}</tbody>" for row in rows)
    head = "".join(f'<th scope="col"{_CELL}>{name}</th>' for name in ("Option", "Stratégie", "Action"))
    return (
        # Formgrader typesets formulas; « $…$ » in a trainee's text is an amount of money.
        '<table lang="fr" class="tex2jax_ignore mathjax_ignore" style="border-collapse:collapse;width:100%">'
        f"<caption>Canevas {objective.id}"
        f" : {escape(objective.title)}</caption><thead><tr>{head}</tr></thead>{body}</table>"
    )


def _answers_text(objective: Objective, answers: Answers | None) -> str:
    """Return the answers as plain text, one line per strategy or action."""
    lines = [f"Canevas {objective.id} : {objective.title}"]
    for option in objective.options:
        lines.append(f"{option.id} {option.label}")
        for row in answers.options.get(option.id, ()) if answers else ():
            lines.append(f"  Stratégie : {row.strategy}")
            lines += [f"    Action : {text}" for action in row.actions if (text := _action_text(action))]
    return "\n".join(lines)


def _option_rows(label: str, strategies: tuple[Strategy, ...]) -> str:
    chains = [(row, row.actions or (Action(),)) for row in strategies] or [(Strategy(), (Action(),))]
    height = sum(len(actions) for _, actions in chains)
    cells = f'<th scope="rowgroup" rowspan="{height}"{_CELL}>{escape(label)}</th>'
    lines = []
    for row, actions in chains:
        cells += f'<td rowspan="{len(actions)}"{_CELL}>{_cell_html(row.strategy)}</td>'
        for action in actions:
            lines.append(f"<tr>{cells}<td{_CELL}>{_cell_html(_action_text(action))}</td></tr>")
            cells = ""
    return "".join(lines)


def _action_text(action: Action) -> str:
    pilot = [f"{name} : {value}" for field, name in PILOT if (value := getattr(action, field).strip())]
    return "\n".join(filter(None, (action.action, *pilot)))


def _cell_html(text: str) -> str:
    return escape(text) if text.strip() else "<em>—</em>"
