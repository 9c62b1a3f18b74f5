"""What the course's cells of a notebook show, in one go: a kernel asked once opens a page sooner.

The page sends the calls that it found in the cells, and puts each thing shown into the cell that it names. It runs a
cell that got nothing by itself, so that what is wrong is said where it belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from IPython.display import display

import course

CELL = "course_cell"
"""In what is shown, and only on its way: the rank of the call that showed it."""


def show(*calls: Sequence[str]) -> None:
    """Shows what each call gives, in their order.

    Args:
        calls: A verb of the course and its arguments each: `["canvas", "1.1"]`.
    """
    for rank, (verb, *arguments) in enumerate(calls):
        with suppress(Exception):  # the page asks again, for this one alone
            shown = getattr(course, verb)(*arguments)
            if shown is not None:
                display(shown, transient={CELL: rank})
