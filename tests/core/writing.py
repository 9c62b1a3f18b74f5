"""Edits of one canvas, and what its document says after them."""

from __future__ import annotations

from course.core import syllabus
from course.core.answers.edits import Edit
from course.core.answers.format import view

OBJECTIVE = syllabus.load().objective("1.2")


def strategy(text: str, number: int, *, client: str = "a", base: int = 0, row: str = "s1") -> Edit:
    return Edit("set", row, "1.2.a", field="strategy", value=text, base=base, client=client, number=number)


def action(text: str, number: int, *, client: str = "a", base: int = 0) -> Edit:
    return Edit("set", "a1", "1.2.a", "s1", "action", text, base, client, number)


def texts(document: dict) -> list[str]:
    rows = view(document, OBJECTIVE).options["1.2.a"]
    return [row.strategy for row in rows] + [a.action for row in rows for a in row.actions]
