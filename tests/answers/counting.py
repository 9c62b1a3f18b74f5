"""Figures that model answers quote and that have no name among the key figures: counted in a table of the district.

A key is `table: conditions`, or `table: conditions ; further conditions` (a part of a whole). With a column,
`table.column`, it is added up; with two, `table.part/whole`, both are; `mean ` in front takes the mean of the column.
Conditions are joined by « & »: `column=a/b`, `column!=a`, `column~text`, `column>=number`, `column<number`. Lines typed
twice count once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import mean

from course.authoring.district.key_figures import KEY_FIGURES
from course.authoring.district.tables import Line, lines

KEY = re.compile(r"(?P<mean>mean )?(?P<table>\w+)(?:\.(?P<column>\w+)(?:/(?P<whole>\w+))?)?: ?(?P<conditions>.*)")
CONDITION = re.compile(r"(?P<column>\w+)(?P<sign>>=|!=|=|~|<)(?P<value>.*)")


def figures(key: str) -> tuple[float, ...]:
    """The figure of a key, or a part and its whole.

    Raises:
        ValueError: Neither a key figure nor a way to count.
    """
    if key in KEY_FIGURES:
        return (float(KEY_FIGURES[key]()),)
    found = KEY.fullmatch(key)
    if not found:
        raise ValueError(key)
    column = found["column"]
    some, _, further = found["conditions"].partition(";")
    whole = selected(found["table"], some)
    if found["mean"]:
        return (mean(numbers(whole, column)),)
    if found["whole"]:
        return sum(numbers(whole, column)), sum(numbers(whole, found["whole"]))
    counted = sum(numbers(whole, column)) if column else len(whole)
    if ";" not in found["conditions"]:
        return (counted,)
    part = selected(found["table"], f"{some} & {further}")
    return (sum(numbers(part, column)) if column else len(part)), counted


def selected(table: str, conditions: str) -> list[Line]:
    """The lines of a table that fulfil conditions joined by « & »."""
    some = list(lines(table))
    for condition in filter(None, map(str.strip, conditions.split("&"))):
        some = [line for line in some if holds(line, condition)]
    return some


def holds(line: Line, condition: str) -> bool:
    """Whether a line fulfils a condition; a blank cell is below and above nothing."""
    found = CONDITION.fullmatch(condition)
    if not found:
        raise ValueError(condition)
    cell, value = line[found["column"]], found["value"]
    match found["sign"]:
        case "=":
            return cell in value.split("/")
        case "!=":
            return cell not in value.split("/")
        case "~":
            return value in cell
        case ">=":
            return cell != "" and float(cell) >= float(value)
        case _:
            return cell != "" and float(cell) < float(value)


def numbers(some: Sequence[Line], column: str) -> list[float]:
    """The numbers of a column, blank cells left out."""
    return [float(line[column]) for line in some if line[column]]
