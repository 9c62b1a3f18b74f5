"""Workbooks for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from course.core import syllabus, team
from course.core.answers import Answers, read
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.core.handin import Packed, pack
from course.core.team import Team

GOAL = syllabus.load().goal("1")
WHO = Team("Équipe d’Awa", ("Awa T.", "Paul K."))
DATE = datetime(2026, 11, 22, 10, 5, 0, tzinfo=UTC)


def workbook(root: Path, who: Team | None = WHO) -> Path:
    """A workbook with the first goal's notebook; the folder of the notebook."""
    folder = root / "exercises" / "but-1"
    folder.mkdir(parents=True)
    (folder / "but-1.ipynb").write_text('{"cells": []}', encoding="utf-8")
    if who:
        team.save(root, who)
    return folder


def write(folder: Path, option: str, strategy: str, action: str = "", row: str = "s1", field: str = "action") -> None:
    """Writes a strategy, and an action or one of its pilot fields, as a canvas does."""
    store = AnswersStore(folder, syllabus.load().objective(option[:3]))
    page = f"page{store.open().document['revision']}"
    edits = [Edit("set", row, option, field="strategy", value=strategy, base=99, client=page, number=1)]
    if action:
        edits.append(Edit("set", f"{row}a", option, row, field, action, base=99, client=page, number=2))
    assert not store.save(edits).refusals


def fill(folder: Path, identifier: str = "1.2") -> None:
    """Fills a canvas."""
    for option in syllabus.load().objective(identifier).options:
        row = option.id.replace(".", "-")
        write(folder, option.id, f"Stratégie pour {option.id}", f"Action de {option.id}", row)


def packed(folder: Path, who: Team = WHO) -> Packed:
    return pack(folder, GOAL, who, "0.1.0", DATE)


def answers(folder: Path, identifier: str = "1.2") -> Answers:
    return read(folder, syllabus.load().objective(identifier))


def texts(folder: Path, identifier: str = "1.2") -> list[str]:
    """Every text of a canvas that its file shows."""
    rows = [row for rows in answers(folder, identifier).options.values() for row in rows]
    every = [text for row in rows for text in (row.strategy, *(a.action for a in row.actions))]
    return [text for text in every if text]


def beside(folder: Path, identifier: str = "1.2") -> list[str]:
    """The texts that its file keeps beside others."""
    document = AnswersStore(folder, syllabus.load().objective(identifier)).open().document
    return [conflict["text"] for conflict in document.get("sync", {}).get("conflicts", [])]
