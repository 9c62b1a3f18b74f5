"""What nbgrader takes off for being late: its own plug-in says, the one that `nbgrader_config.py` names."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING

from course.instructor.cohort.places import Cohort

if TYPE_CHECKING:
    from nbgrader.preprocessors import AssignLatePenalties


class Penalties:
    """The penalties of a class. All of nbgrader is imported when somebody is late, and not before."""

    def __init__(self, cohort: Cohort) -> None:
        """The settings of this class count, as they are when the first penalty is asked for."""
        self._cohort = cohort

    def penalty(self, student: str, score: float, seconds: float) -> float | None:
        """What is taken off.

        Args:
            student: Who is late.
            score: What she has for the notebook.
            seconds: How late, more than 0.
        """
        found = self._step.plugin_inst.late_submission_penalty(student, score, seconds)
        return None if found is None else float(self._step._check_late_penalty(SimpleNamespace(score=score), found))

    @cached_property
    def _step(self) -> AssignLatePenalties:
        from nbgrader.preprocessors import AssignLatePenalties  # noqa: PLC0415

        from course.instructor.grading.registering import settings_of  # noqa: PLC0415

        step = AssignLatePenalties(config=settings_of(self._cohort))
        step.init_plugin()
        return step


def seconds_late(moment: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """How late a submission is, as nbgrader counts; 0 when it is not, or when nobody knows."""
    if moment is None or due is None:
        return 0.0
    return max(0.0, (moment - (due + (extension or timedelta()))).total_seconds())
