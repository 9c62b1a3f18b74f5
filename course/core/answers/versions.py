"""Versions: how often each text of a canvas was written, who wrote it last, and what no canvas wrote.

An answers file may be changed by something else than a canvas: a hand, a program that synchronises folders, an old copy
that somebody puts back. The last good copy beside the file tells such a text: its version is none that a canvas gave.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from course.core.answers.format import ACTION_FIELDS
from course.core.syllabus import Objective

Versions = dict[str, dict[str, Any]]
"""By the id of a row, then by field: what a file says of a text's version."""

Version = tuple[int, str, int]
"""The number of a text's version, the client that wrote it, and the number of that client's edit."""

NONE: Version = (0, "", -1)
"""Of a text that no canvas has written."""


def versions_of(document: Mapping[str, Any]) -> Versions:
    """The versions that a document names; files are edited by hand, so what is no such thing is left out."""
    match document.get("sync"):
        case {"versions": dict(rows)}:
            return {row: dict(fields) for row, fields in rows.items() if isinstance(fields, dict)}
    return {}


def version(versions: Versions, row: str, field: str) -> Version:
    """The version of a text."""
    match versions.get(row, {}).get(field):
        case [int(number), str(client), int(latest)]:
            return number, client, latest
    return NONE


def noticed(document: Mapping[str, Any], last: Mapping[str, Any], objective: Objective) -> dict[str, Any] | None:
    """A file's document with a version for each text that no canvas wrote, so that none is replaced unseen.

    Args:
        document: What the file holds, every row with an id.
        last: What a canvas wrote there last, as far as is known; every row with an id.
        objective: The objective of both.

    Returns:
        The document, its revision higher than both; None when a canvas wrote all of it.
    """
    versions, former = versions_of(document), versions_of(last)
    before = dict(_texts(last, objective))
    foreign = False
    for (row, field), text in _texts(document, objective):
        known = version(former, row, field)[0]
        if text != before.get((row, field), text) and version(versions, row, field)[0] <= known:
            versions.setdefault(row, {})[field] = [known + 1, "", 0]
            foreign = True
    revision, newest = document["revision"], max(document["revision"], last.get("revision", 0))
    if not foreign and (revision > last.get("revision", 0) or _rows(document, objective) == _rows(last, objective)):
        return None
    result = copy.deepcopy(dict(document))
    result["revision"] = newest + 1
    result["sync"] = {**result.get("sync", {}), "versions": versions}
    return result


def _rows(document: Mapping[str, Any], objective: Objective) -> list[list[dict[str, Any]]]:
    return [document["options"].get(option.id, []) for option in objective.options]


def _texts(document: Mapping[str, Any], objective: Objective) -> Iterator[tuple[tuple[str, str], str]]:
    for strategy in chain.from_iterable(_rows(document, objective)):
        yield (strategy["id"], "strategy"), strategy.get("strategy", "")
        for action in strategy.get("actions", ()):
            yield from (((action["id"], field), action.get(field, "")) for field in ACTION_FIELDS)
