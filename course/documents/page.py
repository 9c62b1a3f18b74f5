"""A document as one HTML page that prints on A4 or A3, without a script, a link or a picture."""

from __future__ import annotations

from html import escape

from course.documents.model import Document, Row, Sheet

_SMALL = 8  # points
_STYLE = """
@page { size: PAPER landscape; margin: 12mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 4mm; color: #111; font: POINTSpt/1.35 Calibri, "Liberation Sans", Arial, sans-serif; }
h1 { margin: 0 0 2mm; font-size: 17pt; }
h2 { margin: 6mm 0 2mm; font-size: 13pt; }
section + section { break-before: page; }
p { margin: 0 0 1mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
th, td { padding: 1.2mm 2mm; border: 1px solid #767676; text-align: left; vertical-align: top; }
th { overflow-wrap: anywhere; }
td { white-space: pre-wrap; overflow-wrap: anywhere; }
.small :is(th, td) { padding: 0.8mm 1mm; hyphens: auto; }
.small th { font-size: 0.85em; }
th { background: #d9e7ea; print-color-adjust: exact; }
.high td { height: 16mm; }
.high tr { break-inside: avoid; }
@media print { body { padding: 0; } }
""".strip()


def page(document: Document) -> bytes:
    """Return a document as an HTML page in UTF-8, all texts escaped."""
    several = len(document.sheets) > 1
    sections = "".join(
        f"<section>{f'<h2>{escape(sheet.title)}</h2>' if several else ''}"
        f"{f'<p>{escape(sheet.note)}</p>' if sheet.note else ''}{_table(sheet, document)}</section>"
        for sheet in document.sheets
    )
    html = f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(document.title)}</title>
<style>
{_STYLE.replace("PAPER", document.paper).replace("POINTS", str(document.points))}
</style>
</head>
<body>
<main>
<h1>{escape(document.title)}</h1>
<p>{escape(document.people)}</p>
<p>{escape(document.date)}</p>
{sections}
</main>
</body>
</html>
"""
    return html.encode(errors="replace")


def _table(sheet: Sheet, document: Document) -> str:
    shown = [column for column in sheet.columns if not column.under]
    whole = sum(column.width for column in shown)
    heads = "".join(
        f'<th scope="col" style="width:{100 * column.width / whole:.1f}%">{escape(column.heading)}</th>'
        for column in shown
    )
    rows = "".join(f"<tr>{_cells(sheet, row)}</tr>" for row in sheet.rows)
    kinds = ("high" if document.blank else "", "small" if document.points <= _SMALL else "")
    start = f'<table class="{" ".join(filter(None, kinds))}">'
    return f"{start}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(sheet: Sheet, row: Row) -> str:
    cells: list[str] = []
    for column in sheet.columns:
        text = escape(row.shown(column))
        if not column.under:
            cells.append(f"<b>{text}</b>" if not cells and not row.continued else text)
        elif text and not row.continued:
            cells[-1] += f"<br>{text}"
    return "".join(f"<td>{cell}</td>" for cell in cells)
