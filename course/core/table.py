"""A canvas as a table for reading: what a grader, a feedback page and a machine without widgets show."""

from __future__ import annotations

from html import escape

from course.core.answers.format import Action, Answers, Strategy
from course.core.completeness import Completeness
from course.core.refusal import Unreadable
from course.core.syllabus import Objective

# Inline: formgrader's own style sheet draws no lines, and a page that is sent must not need another file.
_CELL = ' style="border:1px solid #767676;padding:.4em .6em;text-align:left;vertical-align:top;white-space:pre-wrap"'
PILOT = (("responsible", "Responsable"), ("due", "Échéance"), ("indicator", "Indicateur"))
"""Who does an action, by when, and how one knows: the field of each, and its name."""


def answers_html(objective: Objective, answers: Answers | None) -> str:
    """The answers as an HTML table, everything a trainee wrote escaped.

    Args:
        objective: The canvas's objective.
        answers: What was written; None when nothing was handed in.

    Returns:
        One `<table>`: a row for each action, its option and strategy spanning theirs.
    """
    written = answers.options if answers else {}
    rows = (_option_rows(f"{option.id} {option.label}", written.get(option.id, ())) for option in objective.options)
    body = "".join(f"<tbody>{row}</tbody>" for row in rows)
    head = "".join(f'<th scope="col"{_CELL}>{name}</th>' for name in ("Option", "Stratégie", "Action"))
    return (
        # Formgrader typesets formulas; « $…$ » in a trainee's words is money.
        '<table lang="fr" class="tex2jax_ignore mathjax_ignore" style="border-collapse:collapse;width:100%">'
        f"<caption>Canevas {objective.id}"
        f" : {escape(objective.title)}</caption><thead><tr>{head}</tr></thead>{body}</table>"
    )


def answers_text(objective: Objective, answers: Answers | None) -> str:
    """The same table as plain text, one line a strategy or action."""
    lines = [f"Canevas {objective.id} : {objective.title}"]
    for option in objective.options:
        lines.append(f"{option.id} {option.label}")
        for row in answers.options.get(option.id, ()) if answers else ():
            lines.append(f"  Stratégie : {row.strategy}")
            lines += [f"    Action : {text}" for action in row.actions if (text := _action_text(action))]
    return "\n".join(lines)


def unreadable_html(objective: Objective, name: str, error: Unreadable) -> str:
    """What stands in place of the table of an answers file that cannot be read.

    Args:
        objective: The canvas's objective.
        name: The file's name as the trainee's folder has it.
        error: Why it cannot be read.
    """
    return (
        f'<p lang="fr" style="border:2px solid #b00020;padding:.6em"><strong>Canevas {objective.id}'
        f" : réponse illisible.</strong> Fichier « {escape(name)} » : {escape(error.reason)}</p>"
    )


def counted(result: Completeness) -> str:
    """The completeness in words and counts: « 3 options sur 4 traitées »."""
    number = len(result.treated)
    plural = "s" if number > 1 else ""
    return f"{number} option{plural} sur {result.total} traitée{plural}"


def _option_rows(label: str, strategies: tuple[Strategy, ...]) -> str:
    chains = [(row, row.actions or (Action(),)) for row in strategies] or [(Strategy(), (Action(),))]
    height = sum(len(actions) for _, actions in chains)
    cells = f'<th scope="rowgroup" rowspan="{height}"{_CELL}>{escape(label)}</th>'
    lines = []
    for row, actions in chains:
        cells += f'<td rowspan="{len(actions)}"{_CELL}>{_shown(row.strategy)}</td>'
        for action in actions:
            lines.append(f"<tr>{cells}<td{_CELL}>{_shown(_action_text(action))}</td></tr>")
            cells = ""
    return "".join(lines)


def _action_text(action: Action) -> str:
    pilot = [f"{name} : {value}" for field, name in PILOT if (value := getattr(action, field).strip())]
    return "\n".join(filter(None, (action.action, *pilot)))


def _shown(text: str) -> str:
    return escape(text) if text.strip() else "<em>—</em>"
