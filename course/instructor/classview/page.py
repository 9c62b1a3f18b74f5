"""The report of a class: one printable page that needs nothing else, each chart told in words and in figures too."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from course.core import syllabus
from course.core.words import french, typeset
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.paper import Chart
from course.instructor.classview.summary import MOST_NAMED, NO_TIME, opening, summary, who_when

_STYLE = Path(__file__).with_name("page.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_NUMBERS = set("0123456789,–\N{NARROW NO-BREAK SPACE}")


def page(numbers: Numbers, charts: Sequence[Chart], drawings: Mapping[str, str], made: datetime) -> str:
    """The page, everything that a trainee wrote escaped.

    Args:
        numbers: What was counted.
        charts: The charts.
        drawings: Each chart's drawing as SVG, by name.
        made: When.

    Returns:
        HTML without a script or a link.
    """
    told = {part.title: part.lines for part in summary(numbers)}
    handins = told.get("Remises", ())
    parts = [f'<p class="lead">{escape(opening(numbers))}</p>']
    if handins:
        parts.append(f"<h2>Remises</h2>{lines(handins)}{who_when_table(numbers)}")
    parts += [_chart(chart, drawings[chart.name]) for chart in charts]
    if numbers.overview.copies:
        parts.append(_options(numbers))
    body = "\n".join(parts)
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>Bilan de la classe</title>
<style>
{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>Bilan de la classe</h1>
<p class="note">{typeset(f"Soins centrés sur les personnes. Fait le {made:%d/%m/%Y} à {made:%H:%M}.")}
Ces pages portent des noms{chr(0xA0)}: gardez-les pour vous et vos collègues.</p>
{body}
</main>
</body>
</html>
"""


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, shown: bool = True) -> str:
    """A table of texts, escaped, its first column heading its rows.

    Args:
        caption: What it shows.
        heads: The headings.
        rows: The cells.
        shown: Whether the caption is to be seen, else only heard.
    """
    numeric = [bool(rows) and all(set(row[place]) <= _NUMBERS for row in rows) for place in range(len(heads))]
    head = "".join(
        f'<th scope="col"{_CLASS if number else ""}>{escape(text)}</th>'
        for text, number in zip(heads, numeric, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f"<td{_CLASS if number else ''}>{escape(cell)}</td>"
            for cell, number in zip(row[1:], numeric[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    title = escape(caption)
    named = f"<caption>{title}</caption>" if shown else ""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{title}"><table>{named}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


_CLASS = ' class="number"'


def image(drawing: str, told: str) -> str:
    """A drawing as a picture of the page: nothing of it can act or meet what else is there."""
    source = b64encode(drawing.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(told)}">'


def _chart(chart: Chart, drawing: str) -> str:
    note = f'<p class="note">{escape(NO_TIME)}</p>' if "avancement" in chart.name else ""
    return (
        f'<section class="chart"><h2>{escape(chart.title)}</h2>{note}<figure>{image(drawing, chart.told)}'
        f"<figcaption>{escape(chart.told)}</figcaption></figure>"
        f"{table(f'Les chiffres : {chart.title[0].lower()}{chart.title[1:]}', chart.heads, chart.rows)}</section>"
    )


def who_when_table(numbers: Numbers) -> str:
    """Who handed in what and when; for a large class, where that stands."""
    rows = who_when(numbers)
    if len(rows) > MOST_NAMED:
        return f"<p>{typeset('Qui a remis quoi et quand : feuille « Remises » du classeur Excel.')}</p>"
    heads = ("Stagiaire", *(f"But {goal.id}" for goal in syllabus.load().goals))
    waits = numbers.waiting
    star = f'<p class="note">{typeset("* : remise à corriger, par « course grade ».")}</p>' if waits else ""
    return table("Qui a remis quoi, et quand", heads, rows) + star


def _options(numbers: Numbers) -> str:
    heads = ("Option", "Intitulé", "Copies qui la traitent", "Copies")
    rows = [(each.option.id, each.option.label, french(each.treated), french(each.copies)) for each in numbers.coverage]
    found = next((part for part in summary(numbers) if part.title.startswith("Options")), None)
    untreated = lines(found.lines) if found else ""
    return (
        f'<section class="chart"><h2>Options que personne n’a traitées</h2>{untreated}'
        f"{table('Toutes les options, et combien de copies les traitent', heads, rows)}</section>"
    )


def lines(said: Sequence[str]) -> str:
    """A list of texts, escaped."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in said)}</ul>"
