"""`nbgrader autograde` (command, formgrader's button and API) through the course's own grading engine."""

from __future__ import annotations

import os
import sys
import warnings
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NoReturn

from nbgrader.api import Grade
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Connection, event, inspect
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course.core import syllabus
from course.core.refusal import Refusal
from course.core.syllabus import Goal
from course.instructor.cohort.gradebook import without_alembic_program
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import moment_of
from course.instructor.cohort.reviews import note_elsewhere
from course.instructor.grading.engine import GradingOptions, grade_class
from course.instructor.grading.plan import published
from course.instructor.grading.settings import penalties

_JUPYTER = str(Path(__file__).parent / "jupyter")
"""Templates that override those of nbconvert, so that formgrader's pages make no request to another host."""


def seal(config: Config) -> None:
    """Make nbgrader's commands and the formgrader of this process use the course's own grading and French feedback.

    Settings are not enough: nbgrader follows links and opens the trainee's files before it reads any setting. So its
    class `Autograde` is replaced where it is looked up, and so are two functions that read dates, because they block
    on pipes and fail for the whole class at one invalid date. Calling `seal` again changes nothing.

    Args:
        config: nbgrader's settings, the `c` of `nbgrader_config.py`. Classes are named by text, and imported by the
            command that uses them.
    """
    ours, theirs = "course.instructor", "nbgrader.preprocessors"
    # Should anything still use nbgrader's own class, it executes nothing.
    config.Autograde.sanitize_preprocessors = config.Autograde.autograde_preprocessors = []
    config.GenerateFeedback.preprocessors = [
        f"{theirs}.ClearMarkScheme",
        f"{theirs}.ClearHiddenTests",
        f"{ours}.giveback.nbgrader_feedback.GatherFeedback",
    ]
    config.GenerateFeedback.exporter_class = f"{ours}.giveback.nbgrader_feedback.FeedbackPage"
    config.ExchangeFactory.collect = f"{ours}.grading.collect.StrictCollect"
    config.ExchangeFactory.release_assignment = f"{ours}.grading.release.ReleaseWithoutAnswers"
    config.ExchangeFactory.release_feedback = f"{ours}.grading.release.ReleaseEachFeedback"

    paths = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    if _JUPYTER not in paths:
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [_JUPYTER, *paths]))
    autogradeapp.Autograde = api.Autograde = SealedAutograde
    if not event.contains(Grade, "after_update", _record_change):
        event.listen(Grade, "after_update", _record_change)
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    api.NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    without_alembic_program()

    # nbgrader 0.9.6 predates SQLAlchemy 2: these warnings are harmless.
    warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)


def _record_change(_: object, connection: Connection, grade: Grade) -> None:
    """Record a mark that formgrader changes in the history, with author and date, as the bench does."""
    history = inspect(grade).attrs.manual_score.history
    if history.has_changes():
        before, after = (values[0] if values else None for values in (history.deleted, history.added))
        note_elsewhere(connection, grade.id, before, after)


def _existing_timestamp(_: CourseDirectory, dest_path: str) -> datetime | None:
    """Replace `CourseDirectory.get_existing_timestamp`: neither blocks on a pipe nor fails at an invalid date."""
    return moment_of(Path(dest_path))


def _submitted_timestamp(api: api.NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Replace `NbGraderAPI.get_submitted_timestamp`: one invalid date must not break the formgrader for the class."""
    coursedir = api.coursedir
    return moment_of(Path(coursedir.root, coursedir.submitted_directory), student_id, assignment_id)


class SealedAutograde(Autograde):
    """`Autograde` through the course's own grading engine, with the options, settings and exit codes of nbgrader."""

    def start(self) -> None:
        """Grade the submissions that the settings name.

        Unchanged submissions are skipped unless `force` is set. A submission has one notebook, so `notebook_id` selects
        assignments.

        Raises:
            NbGraderException: Nothing could be graded, or some submission was not; the log has the reason, in French.
        """
        directory = self.coursedir
        cohort = Cohort(Path(directory.root), directory.db_url)
        for name, folder in ((directory.submitted_directory, cohort.submitted),
                            (directory.autograded_directory, cohort.autograded)):  # fmt: skip
            if Path(directory.root, name) != folder:
                self._stop(
                    f"Les copies de ce cours sont dans « {folder} », pas dans « {name} » : corrigez vos réglages."
                )
        excluded = frozenset(filter(None, directory.student_id_exclude.split(",")))
        options = GradingOptions(directory.student_id, excluded, self.force, self.create_student, shown=sys.maxsize)
        try:
            result = grade_class(cohort, self._goals(cohort), self.log.warning, options, penalties(self.config))
        except Refusal as refusal:
            self._stop(str(refusal))
        if directory.groupshared:
            for copy in result.copies:
                self.set_permissions(copy.name, copy.parent.name)
        for line in result.unwritten:
            self.log.warning(line)
        for line in result.lines(cohort):
            self.log.info(line)
        if result.problems:
            self._stop(" ".join(result.problems))

    def _goals(self, cohort: Cohort) -> list[Goal]:
        pattern, notebooks = self.coursedir.assignment_id, self.coursedir.notebook_id
        goals = [goal for goal in syllabus.load().goals if fnmatchcase(goal.assignment, pattern)]
        if not goals:
            known = ", ".join(goal.assignment for goal in syllabus.load().goals)
            self._stop(f"« {pattern} » n’est pas un cahier de ce cours : choisissez parmi {known}.")
        if notebooks != "*":
            stems = {goal: [Path(name).stem for name in published(cohort, goal)] for goal in goals}
            goals = [goal for goal in goals if any(fnmatchcase(stem, notebooks) for stem in stems[goal])]
            if not goals:
                self._stop(f"Aucun notebook publié de « {pattern} » ne s’appelle « {notebooks} ».")
        return goals

    def _stop(self, message: str) -> NoReturn:
        self.log.error(message)
        raise NbGraderException(message)
