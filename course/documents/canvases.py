"""The canvases as sheets of a document: filled with a workbook's answers, or blank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from course.core.answers.edits import identified, new_document
from course.core.answers.format import ACTION_FIELDS, FOLDER, MAX_BYTES, file_name, load
from course.core.answers.registers import list_of
from course.core.files import read_bytes
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Objective
from course.core.team import owner
from course.core.words import counted, moment
from course.documents.model import BLANK_DATE, BLANK_NAMES, Column, Document, Paper, Row, Sheet

_BLANK_ROWS = 3  # of an option


def columns(objective: Objective) -> tuple[Column, ...]:
    """Return the columns of a canvas."""
    return (
        Column("option", "Option", 38, tuple(option.id for option in objective.options)),
        Column("label", "Intitulé", 38, under=True),
        Column("strategy", "Stratégie", 62),
        Column("action", "Action", 70),
        Column("responsible", "Responsable", 32),
        Column("due", "Échéance", 27),
        Column("indicator", "Indicateur", 38),
    )


def filled(
    title: str, objectives: Sequence[Objective], folder: Path, now: datetime, paper: Paper = Paper.A4
) -> Document:
    """Return the document of canvases with the answers of a workbook.

    Args:
        title: Its title.
        objectives: The canvases, of one goal.
        folder: The folder of the goal's notebook.
        now: The date and time on it.
        paper: Its paper.

    Raises:
        Refusal: The answers of one cannot be read.
    """
    sheets = tuple(sheet_of(objective, answers_of(folder, objective)) for objective in objectives)
    return Document(title, owner(folder), f"Écrit le {moment(now)}", sheets, paper=paper)


def blank(title: str, objectives: Sequence[Objective], paper: Paper) -> Document:
    """Return the document of canvases to fill in by hand or on a computer without the course."""
    sheets = tuple(
        Sheet(f"Canevas {objective.id}", title_of(objective), columns(objective), tuple(_blank_rows(objective)))
        for objective in objectives
    )
    return Document(title, BLANK_NAMES, BLANK_DATE, sheets, blank=True, paper=paper)


def title_of(objective: Objective) -> str:
    """Return the title of a canvas: « Canevas 1.1 : … »."""
    return f"Canevas {objective.id}\u00a0: {objective.title}"


def answers_of(folder: Path, objective: Objective) -> dict[str, Any]:
    """Return the document of a canvas, every row with an id; an empty one where there is no file.

    Raises:
        Refusal: The file cannot be read.
    """
    try:
        raw = read_bytes(folder, FOLDER, file_name(objective), limit=MAX_BYTES)
        return identified(new_document(objective, "") if raw is None else load(raw, objective), objective)
    except Unreadable as error:
        raise Refusal(
            f"Les réponses du canevas {objective.id} sont illisibles ({error.reason.removesuffix('.')})\u00a0: "
            "ouvrez-le dans le cours, qui reprend sa dernière copie valable."
        ) from None


def sheet_of(objective: Objective, document: dict[str, Any]) -> Sheet:
    """Return the sheet of a canvas.

    Args:
        objective: The canvas's objective.
        document: Its document, every row with an id (`edits.identified`).
    """
    rows = tuple(_rows(objective, document))
    open_choices = len(list_of(document.get("sync", {}).get("conflicts")))
    note = counted(open_choices, "texte attend", "textes attendent")
    note = f"{note} votre choix dans le canevas\u00a0: ce document n’a que ce qui y est montré." if open_choices else ""
    return Sheet(f"Canevas {objective.id}", title_of(objective), columns(objective), rows, note)


def _rows(objective: Objective, document: dict[str, Any]) -> Iterator[Row]:
    for option in objective.options:
        named = {"option": option.id, "label": option.label}
        strategies = document["options"][option.id]
        if not strategies:
            yield Row(named)
        for number, strategy in enumerate(strategies):
            texts = {**named, "strategy": strategy.get("strategy", "")}
            for rank, action in enumerate(strategy["actions"] or [{"id": ""}]):
                texts |= {field: action.get(field, "") for field in ACTION_FIELDS}
                yield Row(dict(texts), f"{strategy['id']}/{action['id']}", continued=number + rank > 0)
                texts["strategy"] = ""


def _blank_rows(objective: Objective) -> Iterator[Row]:
    for option in objective.options:
        for number in range(_BLANK_ROWS):
            yield Row({"option": option.id, "label": option.label}, continued=number > 0)
