"""Soins centrés sur les personnes: the verbs that the course's notebooks say, each in one line.

Importing this costs milliseconds: what a verb needs is imported when it is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.widgets.canvas.show import Shown

__version__ = "0.1.0"


def canvas(identifier: str) -> Shown:
    """The canvas of an objective, with the answers of the notebook's folder.

    Args:
        identifier: The objective, `1.1` … `5.5`.

    Returns:
        The canvas to show; under nbgrader, its mark out of 6, the answers having been shown as a table.

    Raises:
        ValueError: There is no such objective; the sentence is French.
    """
    from course.widgets.canvas.show import show  # noqa: PLC0415

    return show(identifier)
