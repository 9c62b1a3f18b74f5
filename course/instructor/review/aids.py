"""The situation of a canvas, shown beside a copy."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import mistune

from course.core.content import content
from course.core.syllabus import Objective

_MAX_PICTURE = 2 * 1024 * 1024
_PICTURE = re.compile(r"images/[\w.-]+\.(svg|png)")
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def situation(objective: Objective) -> str:
    """Return the situation of a canvas as HTML with its picture embedded; anything but Markdown is escaped.

    Args:
        objective: The canvas; the text comes from the published exercise.

    Returns:
        HTML without headings, links or scripts; a sentence when the text is missing.
    """
    folder = content("exercises") / f"but-{objective.goal}"
    try:
        cells = json.loads((folder / f"{folder.name}.ipynb").read_bytes())["cells"]
        source = next("".join(cell["source"]) for cell in cells if cell.get("id") == f"situation-{objective.cell}")
    except (OSError, ValueError, KeyError, StopIteration):
        return f"<p>{escape(f'La situation de l’objectif {objective.id} est introuvable dans « {folder.name} ».')}</p>"
    return _html(folder, source)


@cache
def _html(folder: Path, source: str) -> str:
    text = re.sub(r"\A## .*\n", "", source)  # the page already shows its title
    return str(mistune.create_markdown(renderer=_Renderer(folder), plugins=["table"])(text)).strip()


class _Renderer(mistune.HTMLRenderer):
    """A Markdown renderer without headings, which the page has of its own, and without links, which would leave it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(escape=True)
        self._folder = folder

    def heading(self, text: str, level: int, **_: Any) -> str:  # noqa: ANN401, ARG002 - as mistune calls it
        return f"<p><strong>{text}</strong></p>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        path = self._folder / url
        kind = _PICTURE.fullmatch(url)
        if not kind or not path.is_file() or path.stat().st_size > _MAX_PICTURE:
            return f"<em>{text}</em>"
        raw = base64.b64encode(path.read_bytes()).decode()
        return f'<img src="data:{_TYPES[kind[1]]};base64,{raw}" alt="{escape(text)}">'
