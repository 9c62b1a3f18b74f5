"""`nbgrader autograde`, its command, the formgrader's button and its API, by the course's own grading; and the seal."""

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
from course.instructor.cohort.marks import note_elsewhere
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import moment_of
from course.instructor.grading.engine import Choice, grade_class
from course.instructor.grading.plan import published
from course.instructor.grading.settings import penalties

_JUPYTER = str(Path(__file__).parent / "jupyter")
"""Templates that come before those of nbconvert: formgrader's pages ask no other host."""


def seal(config: Config) -> None:
    """Makes nbgrader's commands and the formgrader of this process grade sealed, and give feedback in French.

    Settings alone cannot: nbgrader follows links and opens the trainee's files before any setting is asked. So its
    class `Autograde` is replaced where it is looked up, and two readers of dates that wait on pipes and stop
    everybody at a bad date. Calling it again changes nothing.

    Args:
        config: nbgrader's settings, the `c` of `nbgrader_config.py`. Classes are named by text, and imported by the
            command that uses them.
    """
    ours, theirs = "course.instructor", "nbgrader.preprocessors"
    # nbgrader's own class, if anything ever reached it, would execute nothing.
    config.Autograde.sanitize_preprocessors = config.Autograde.autograde_preprocessors = []
    config.GenerateFeedback.preprocessors = [
        f"{theirs}.GetGrades",
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
    if not event.contains(Grade, "after_update", _changed):
        event.listen(Grade, "after_update", _changed)
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    api.NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    without_alembic_program()

    # nbgrader 0.9.6 was not written for SQLAlchemy 2: warnings that mean nothing.
    warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)


def _changed(_: object, connection: Connection, grade: Grade) -> None:
    """A mark that formgrader changes is kept with who and when, as those of the bench."""
    history = inspect(grade).attrs.manual_score.history
    if history.has_changes():
        before, after = (values[0] if values else None for values in (history.deleted, history.added))
        note_elsewhere(connection, grade.id, before, after)


def _existing_timestamp(_: CourseDirectory, dest_path: str) -> datetime | None:
    """`CourseDirectory.get_existing_timestamp`, which neither waits on a pipe nor stops at a bad date."""
    return moment_of(Path(dest_path))


def _submitted_timestamp(api: api.NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """`NbGraderAPI.get_submitted_timestamp`, so that one trainee's bad date does not close the formgrader to all."""
    coursedir = api.coursedir
    return moment_of(Path(coursedir.root, coursedir.submitted_directory), student_id, assignment_id)


class SealedAutograde(Autograde):
    """`Autograde` by the course's own grading: the options, settings and exit codes are nbgrader's."""

    def start(self) -> None:
        """Grades the submissions that the settings name.

        What has not changed since it was graded is left alone unless `force` is set. A copy has one notebook:
        `notebook_id` says which assignments are meant.

        Raises:
            NbGraderException: Nothing could be graded, or some submission was not; the log says why, in French.
        """
        directory = self.coursedir
        cohort = Cohort(Path(directory.root), directory.db_url)
        for name, place in ((directory.submitted_directory, cohort.submitted),
                            (directory.autograded_directory, cohort.autograded)):  # fmt: skip
            if Path(directory.root, name) != place:
                self._stop(
                    f"Les copies de ce cours sont dans « {place} », pas dans « {name} » : corrigez vos réglages."
                )
        excluded = frozenset(filter(None, directory.student_id_exclude.split(",")))
        choice = Choice(directory.student_id, excluded, self.force, self.create_student, shown=sys.maxsize)
        try:
            done = grade_class(cohort, self._goals(cohort), self.log.warning, choice, penalties(self.config))
        except Refusal as refusal:
            self._stop(str(refusal))
        if directory.groupshared:
            for folder in done.copies:
                self.set_permissions(folder.name, folder.parent.name)
        for line in done.unwritten:
            self.log.warning(line)
        for line in done.lines(cohort):
            self.log.info(line)
        if done.problems:
            self._stop(" ".join(done.problems))

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
