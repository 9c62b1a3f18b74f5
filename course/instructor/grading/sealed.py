"""Sealed grading: nbgrader's own `autograde`, on staged copies, without executing anything of a trainee's."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NoReturn

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import OverwriteCells
from sqlalchemy import delete, inspect
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course.core import syllabus
from course.core.refusal import Refusal
from course.instructor.cohort import receipt
from course.instructor.cohort.alone import alone
from course.instructor.cohort.gradebook import graded, without_alembic_program
from course.instructor.grading import summary
from course.instructor.grading.registering import one_engine, register, step
from course.instructor.grading.settings import changed
from course.instructor.grading.staging import Assignment, Remark, hers, listed, stage

SUMMARIES = "bilans"


def seal(config: Config) -> None:
    """Makes nbgrader's commands and the formgrader of this process grade sealed, and give feedback in French.

    Settings alone cannot: nbgrader follows links and opens the trainee's files before any setting is asked. So its
    class `Autograde` is replaced where it is looked up, and two readers of dates that wait on pipes and stop
    everybody at a bad date. Calling it again changes nothing.

    Args:
        config: nbgrader's settings, the `c` of `nbgrader_config.py`. Classes are named by text, and imported by the
            command that uses them.
    """
    ours, theirs = "course.instructor.grading", "nbgrader.preprocessors"
    config.Autograde.sanitize_preprocessors = [f"{theirs}.CheckCellMetadata"]
    config.Autograde.autograde_preprocessors = [
        f"{ours}.preprocessing.FillAnswers",
        f"{theirs}.SaveAutoGrades",
        f"{theirs}.AssignLatePenalties",
    ]
    config.GenerateFeedback.preprocessors = [
        f"{theirs}.GetGrades",
        f"{theirs}.ClearMarkScheme",
        f"{theirs}.ClearHiddenTests",
        "course.instructor.giveback.nbgrader_feedback.GatherFeedback",
    ]
    config.GenerateFeedback.exporter_class = "course.instructor.giveback.nbgrader_feedback.FeedbackPage"
    config.ExchangeFactory.collect = f"{ours}.collecting.StrictCollect"
    config.ExchangeFactory.release_assignment = f"{ours}.releasing.ReleaseWithoutAnswers"
    config.ExchangeFactory.release_feedback = f"{ours}.releasing.ReleaseEachFeedback"

    autogradeapp.Autograde = api.Autograde = SealedAutograde
    CourseDirectory.get_existing_timestamp = receipt.existing_timestamp
    api.NbGraderAPI.get_submitted_timestamp = receipt.submitted_timestamp

    # nbgrader 0.9.6 was not written for SQLAlchemy 2: three warnings a trainee that mean nothing.
    warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
    without_alembic_program()


class SealedAutograde(Autograde):
    """`Autograde` that sees only staged copies; commands, options, skipping and gradebook are nbgrader's own."""

    def start(self) -> None:
        """Grades the submissions that the settings name.

        Raises:
            NbGraderException: Nothing could be graded, or some submission failed; the log says why, in French.
        """
        submitted = Path(self.coursedir.root, self.coursedir.submitted_directory)
        if not submitted.is_dir():
            self._stop(f"Le dossier « {submitted} » n’existe pas : recueillez d’abord les copies (nbgrader collect).")
        names, refused = self._listed(submitted)
        with self._alone(submitted.parent) as place:
            assignments = self._assignments(place)
            copies = place / "submitted"
            copies.mkdir()
            staged = [stage(submitted, name, each, copies) for each in assignments for name in names]
            remarks = [*refused, *(remark for found in staged for remark in found or ())]
            if all(found is None for found in staged):
                self._tell(remarks)
                self._stop(f"Aucune copie de « {self.coursedir.assignment_id} » à corriger dans « {submitted} ».")
            self.exclude_overwriting = {
                **self.exclude_overwriting,
                **{each.name: [os.path.join(*name.split("/")) for name in hers(each)] for each in assignments},  # noqa: PTH118
            }
            self._forget(assignments, names)
            try:
                values = {"submitted_directory": step(self.coursedir, copies), "student_id": "*"}
                with changed(self.coursedir, **values), one_engine():
                    super().start()
            finally:
                self._tell(remarks)
                self._write_summaries(submitted.parent / SUMMARIES, assignments, refused)

    def _assignments(self, place: Path) -> list[Assignment]:
        pattern = self.coursedir.assignment_id
        goals = [goal for goal in syllabus.load().goals if fnmatchcase(goal.assignment, pattern)]
        if not goals:
            known = ", ".join(goal.assignment for goal in syllabus.load().goals)
            self._stop(f"« {pattern} » n’est pas un devoir de ce cours. Les devoirs sont : {known}.")
        result = []
        for goal in goals:
            folder = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", goal.assignment))
            notebooks = {path.name: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}
            if notebooks:
                self._register(goal.assignment, place / goal.assignment)
                masters = {name: self._master(raw, name, goal.assignment) for name, raw in notebooks.items()}
                result.append(Assignment(goal.assignment, goal.objectives, notebooks, masters))
        if not result:
            self._stop(f"Le notebook publié manque : lancez « nbgrader generate_assignment {goals[0].assignment} ».")
        return result

    def _register(self, assignment: str, place: Path) -> None:
        with self._gradebook() as gradebook, suppress(MissingEntry):
            if gradebook.find_assignment(assignment).notebooks:
                return
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
        if not source.is_dir():
            self._stop(f"Le carnet de notes ne connaît pas « {assignment} », et « {source} » n’existe pas.")
        register(self.coursedir, assignment, place, self.parent)

    def _master(self, raw: bytes, name: str, assignment: str) -> bytes:
        """A published notebook with the mark scheme back in, once for all trainees."""
        place = {"notebook": Path(name).stem, "assignment": assignment, "db_url": self.coursedir.db_url}
        # It warns that the mark scheme is not there: we know.
        quiet = logging.Logger("course.instructor.grading", logging.ERROR)
        notebook = nbformat.reads(raw.decode("utf-8"), as_version=4)
        notebook, _ = OverwriteCells(parent=self, log=quiet).preprocess(notebook, {"nbgrader": place})
        return nbformat.writes(notebook).encode()

    def _listed(self, submitted: Path) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
        excluded = frozenset(filter(None, self.coursedir.student_id_exclude.split(",")))
        return listed(submitted, self.coursedir.student_id, excluded)

    @contextmanager
    def _alone(self, cohort: Path) -> Iterator[Path]:
        try:
            with alone(cohort) as place:
                yield place
        except Refusal as refusal:
            self._stop(str(refusal))

    def _forget(self, assignments: Iterable[Assignment], students: Sequence[str]) -> None:
        """What nbgrader grades anew is no longer what `course grade` remembers to have graded."""
        with self._gradebook() as gradebook:
            if inspect(gradebook.engine).has_table(graded.name):
                for each in assignments:
                    for start in range(0, len(students), 500):
                        some = students[start : start + 500]
                        here = graded.c.assignment == each.name, graded.c.student.in_(some)
                        gradebook.db.execute(delete(graded).where(*here))
                gradebook.db.commit()

    def _gradebook(self) -> Gradebook:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)

    def _tell(self, remarks: Iterable[Remark]) -> None:
        for line in dict.fromkeys(map(str, remarks)):  # a folder that is none is one thing to say, not one a canvas
            self.log.warning("%s", line)

    def _write_summaries(self, folder: Path, assignments: Iterable[Assignment], refused: Iterable[Remark]) -> None:
        autograded = Path(self.coursedir.root, self.coursedir.autograded_directory)
        for assignment in assignments:
            path = folder / f"{assignment.name}.csv"
            try:
                with self._gradebook() as gradebook:
                    table = summary.rows(gradebook.db.connection(), assignment.name, autograded, refused)
                    summary.write(path, table)
            except OSError:
                self.log.warning("« %s » ne se laisse pas écrire : fermez-le dans Excel, puis recommencez.", path)
            else:
                self.log.info("Bilan de la correction : « %s ».", path)

    def _stop(self, message: str) -> NoReturn:
        self.log.error("%s", message)
        raise NbGraderException(message)
