"""A trainee's notebook compared with the published one, as data: only to tell the instructor what was changed.

Nothing of it is copied, executed or shown, and no mark depends on it.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from typing import Any

MAX_NOTEBOOK_BYTES = 8 * 1024 * 1024

Cell = dict[str, Any]


def differences(raw: bytes, published: bytes) -> tuple[str, ...]:
    """What was done to a notebook, in French, without quoting it.

    Args:
        raw: The trainee's file, at most `MAX_NOTEBOOK_BYTES`.
        published: The notebook as handed out.

    Returns:
        One phrase a kind of change; none for a notebook that was only run and saved.
    """
    if raw == published:
        return ()
    cells = _cells(raw)
    if cells is None:
        return ("ce n’est pas un notebook lisible",)
    graded, free = _ours(published)
    found: dict[str, list[object]] = {name: [] for name in graded}
    others: Counter[tuple[object, ...]] = Counter()
    for cell in cells:
        name = _grade_id(cell)
        if name in found:
            found[name].append(_content(cell))
        else:
            others[_content(cell)] += 1
    others -= free
    phrases = [
        _named("supprimée", [name for name, contents in found.items() if not contents]),
        _named("en double", [name for name, contents in found.items() if len(contents) > 1]),
        _named(
            "modifiée", [name for name, contents in found.items() if any(each != graded[name] for each in contents)]
        ),
    ]
    if added := others.total():
        code = sum(number for (kind, *_), number in others.items() if kind == "code")
        plural = "s" if added > 1 else ""
        phrases.append(f"{added} cellule{plural} ajoutée{plural} ou modifiée{plural}, dont {code} de code")
    return tuple(filter(None, phrases))


@lru_cache(maxsize=16)
def _ours(published: bytes) -> tuple[dict[str, tuple[object, ...]], Counter[tuple[object, ...]]]:
    """What the published notebook says in each graded cell, and in its other cells."""
    cells = _cells(published) or []
    graded = {name: _content(cell) for cell in cells if (name := _grade_id(cell))}
    return graded, Counter(_content(cell) for cell in cells if not _grade_id(cell))


def _cells(raw: bytes) -> list[Cell] | None:
    try:
        notebook = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return None
    return cells


def _grade_id(cell: Cell) -> str:
    name = _nbgrader(cell).get("grade_id")
    return name if isinstance(name, str) else ""


def _content(cell: Cell) -> tuple[object, ...]:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    marks = _nbgrader(cell)
    kinds = (marks.get(key) for key in ("points", "grade", "task", "solution", "locked"))
    return tuple(map(_plain, (cell.get("cell_type"), source, *kinds)))


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float) else "?"


def _nbgrader(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def _named(what: str, names: list[str]) -> str:
    if not names:
        return ""
    plural = "s" if len(names) > 1 else ""
    participle = what if what == "en double" else f"{what}{plural}"
    return f"cellule{plural} notée{plural} {participle} : {', '.join(names)}"
