"""What a page is told of a document that it asked for: its name, its place and its bytes, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from course.core.refusal import Refusal


def answer(message: Mapping[str, Any], write: Callable[[str], Path]) -> tuple[dict[str, Any], list[bytes]]:
    """Write a document; return the answer to a page and its buffers.

    Args:
        message: The question: `ask` and `form`.
        write: Writes the document in a format, and returns its path; may raise `Refusal`.
    """
    head = {"kind": "answer", "ask": message["ask"]}
    try:
        path = write(str(message["form"]))
    except Refusal as error:
        return {**head, "reason": f"Rien n’est écrit. {error}"}, []
    try:
        buffers = [path.read_bytes()]
    except OSError:  # it is written: the person finds it where the page says
        buffers = []
    return {**head, "name": path.name, "place": str(path)}, buffers
