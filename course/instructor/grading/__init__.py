"""Grading: nbgrader, sealed. A trainee's notebook is never executed or shown; her answers files are what counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config


def seal(config: Config) -> None:
    """Seals the grading of nbgrader; nbgrader is imported then, and not before."""
    from course.instructor.grading.autograde import seal as sealing  # noqa: PLC0415

    sealing(config)
