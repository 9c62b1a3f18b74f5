"""The tables of a class as files: CSV for any spreadsheet, an Excel workbook, and Parquet for who analyses data."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from course.core.words import french, points
from course.instructor.classview import columns
from course.instructor.grading.summary import as_text

MOST_ROWS = 1_048_575  # below the headings; Excel opens no more
_MOST_CHARACTERS = 32_767
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # by XML, and so by Excel
_DEFAULT_WIDTH = 14
_WIDTHS = {
    "copie": 22,
    "membres": 30,
    "identifiants": 24,
    "titre de l’objectif": 32,
    "libellé de l’option": 32,
    "stratégie": 55,
    "action": 55,
    "responsable": 24,
    "indicateur": 32,
    "remarque": 40,
    "stagiaire": 28,
    "identifiant": 20,
    "commentaire": 55,
    "remis le": 18,
    "feuille": 16,
    "colonne": 30,
    "ce qu’elle dit": 100,
}
Step = Callable[[Iterable[Any], str, int], Iterator[Any]]


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table for a French spreadsheet: semicolons, a byte-order mark, decimal commas, no cell that is a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(frame.columns)
    for row in _plain(frame):
        writer.writerow(as_text(_clean(_said(cell)) for cell in row))
    return stream.getvalue().encode("utf-8-sig")


def as_parquet(frame: pd.DataFrame) -> bytes:
    """A table with its types: texts as they were written, whole numbers, marks and yes or no that may be missing."""
    stream = io.BytesIO()
    frame.to_parquet(stream, engine="pyarrow", index=False)
    return stream.getvalue()


def as_excel(sheets: Mapping[str, pd.DataFrame], step: Step | None = None) -> tuple[bytes, tuple[str, ...]]:
    """A workbook, a sheet a table, and one more that explains the columns.

    Args:
        sheets: The tables, by the names of their sheets; each column is one that `columns` explains.
        step: Goes through the rows, as `course.core.bar.bar` does: a large class takes a minute.

    Returns:
        The file, and what does not stand in it as it was written, in French sentences; none for any usual class.
    """
    stream = io.BytesIO()
    notices: dict[str, int] = {}
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
        "default_date_format": "dd/mm/yyyy hh:mm",
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": "La classe : réponses et notes", "comments": "Données personnelles."})
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#E6EEFB", "border": 1, "text_wrap": True}),
            "cell": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for name, frame in sheets.items():
            rows: Iterable[tuple[Any, ...]] = _plain(frame)
            if len(frame) > 2_000 and step:
                rows = step(rows, f"Feuille « {name} »", len(frame))
            if len(frame) > MOST_ROWS:
                notices[f"« {name} » a {french(len(frame))} lignes ; Excel n’en ouvre que {french(MOST_ROWS)}"] = 1
            _sheet(book, name, list(frame.columns), rows, looks, notices)
        _sheet(book, "Colonnes", ["feuille", "colonne", "ce qu’elle dit"], _explained(sheets), looks, notices)
    return stream.getvalue(), tuple(
        f"Excel : {what}{f' ({count} fois)' if count > 1 else ''}. Le CSV et Parquet ont tout."
        for what, count in notices.items()
    )


def _sheet(  # noqa: PLR0913, PLR0917
    book: xlsxwriter.Workbook,
    name: str,
    heads: list[str],
    rows: Iterable[tuple[Any, ...]],
    looks: Mapping[str, Any],
    notices: dict[str, int],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, head in enumerate(heads):
        sheet.set_column(place, place, _WIDTHS.get(head, _DEFAULT_WIDTH))
        sheet.write_string(0, place, head, looks["head"])
    last = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            break
        last = number
        for place, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, bool):
                sheet.write_string(number, place, _said(cell), looks["cell"])
            elif isinstance(cell, int | float):
                sheet.write_number(number, place, cell, looks["cell"])
            elif isinstance(cell, datetime):
                sheet.write_datetime(number, place, cell)
            else:
                sheet.write_string(number, place, _fitting(cell, notices), looks["cell"])
    sheet.autofilter(0, 0, last, len(heads) - 1)


def _explained(sheets: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str]]:
    known = {**columns.HANDED_IN, **columns.SCORES, **columns.ANSWERS}
    for name, frame in sheets.items():
        for head in frame.columns:
            yield name, head, known[head]


def _fitting(text: str, notices: dict[str, int]) -> str:
    text = _clean(text)
    # XlsxWriter measures a text as Excel does not: in code points. A character outside the first plane takes two.
    if len(text) <= _MOST_CHARACTERS // 2 or len(text.encode("utf-16-le")) // 2 <= _MOST_CHARACTERS:
        return text
    what = f"une cellule n’a que les {french(_MOST_CHARACTERS)} premiers signes de son texte"
    notices[what] = notices.get(what, 0) + 1
    return text.encode("utf-16-le")[: 2 * (_MOST_CHARACTERS - 1)].decode("utf-16-le", errors="ignore")


def _clean(text: str) -> str:
    """A text without the characters that no spreadsheet takes; a line ends in one way."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _said(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "oui" if cell else "non"
        case float():
            return points(cell)
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M}"
        case _:
            return str(cell)


def _plain(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows with Python's own values, and None where there is none; a part at a time, for the memory."""
    for start in range(0, len(frame), 20_000):
        part = frame.iloc[start : start + 20_000]
        cells = []
        for name in part.columns:
            found = part[name].astype(object).tolist()
            values = [None if missing else value for value, missing in zip(found, part[name].isna(), strict=True)]
            if part[name].dtype.kind == "M":
                values = [value and value.to_pydatetime() for value in values]
            cells.append(values)
        yield from zip(*cells, strict=True)
