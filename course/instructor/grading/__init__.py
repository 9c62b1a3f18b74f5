"""Grading by sealed nbgrader: a trainee's notebook is never executed or shown; only the answers files count."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config


def seal(config: Config) -> None:
    """Seal the grading of nbgrader, which is imported only then."""
    from course.instructor.grading import autograde  # noqa: PLC0415

    autograde.seal(config)
