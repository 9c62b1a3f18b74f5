"""Progress where it lasts: a French bar on a terminal, a line now and then on a page, nothing where nobody looks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

PAGE = "COURSE_PAGE"  # set by the page whose button runs a command: it shows lines, and answers questions

_WIDTH = 30
_LINES = 10  # on a page
_Item = TypeVar("_Item")


def bar(items: Iterable[_Item], label: str, total: int | None = None) -> Iterator[_Item]:
    """The items, one by one, with a bar that says how far one is.

    Args:
        items: What is gone through.
        label: What is being done, in French: « Correction ».
        total: How many there are, when `items` cannot tell.

    Yields:
        The items.
    """
    if total is None:
        total = len(items) if isinstance(items, Sized) else 0
    if total and os.environ.get(PAGE):
        yield from _by_lines(items, label, total)
        return
    if not total or not sys.stderr.isatty():
        yield from items
        return
    shown = -1
    try:
        for number, item in enumerate(items):
            if (now := 100 * number // total) != shown:
                shown = now
                _draw(label, number, total)
            yield item
        _draw(label, total, total)
    finally:
        sys.stderr.write("\n")
        sys.stderr.flush()


def _by_lines(items: Iterable[_Item], label: str, total: int) -> Iterator[_Item]:
    said = 0
    for number, item in enumerate(items, 1):
        yield item
        if number * _LINES // total > said:
            said = number * _LINES // total
            print(f"{label}\u00a0: {number} sur {total}", flush=True)


def _draw(label: str, number: int, total: int) -> None:
    done = _WIDTH * number // total
    sys.stderr.write(f"\r{label}\u00a0: {'█' * done}{'·' * (_WIDTH - done)} {number} sur {total}")
    sys.stderr.flush()
