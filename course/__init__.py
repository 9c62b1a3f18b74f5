"""Soins centrés sur les personnes: the verbs that the course's notebooks call.

Importing this costs milliseconds: a verb is imported when it is first named. No folder of the package may have the name
of a verb, which it would hide.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from course.core.content import VERSION

if TYPE_CHECKING:
    from course.instructor.show import bench, classroom, desk
    from course.workbook.show import canvas, chart, glossary, handin, plan, progress, quiz, team

__all__ = ["bench", "canvas", "chart", "classroom", "desk", "glossary", "handin", "plan", "progress", "quiz", "team"]
__version__ = VERSION

_INSTRUCTOR = ("bench", "classroom", "desk")


def __getattr__(name: str) -> object:
    """A verb, by its name."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"course.{'instructor' if name in _INSTRUCTOR else 'workbook'}.show"), name)
