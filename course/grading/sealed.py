"""Sealed grading: nbgrader's own `autograde`, on staged copies, without executing anything of a trainee's."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NoReturn

import nbformat
from nbgrader import api as gradebooks
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import OverwriteCells
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course.core import syllabus
from course.core.answers import FOLDER, file_name
from course.grading import receipt, summary
from course.grading.settings import changed
from course.grading.staging import REMARKS, Assignment, Remark, listed, stage, unreadable_name

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
    ours, theirs = "course.grading", "nbgrader.preprocessors"
    config.Autograde.sanitize_preprocessors = [f"{theirs}.CheckCellMetadata"]
    config.Autograde.autograde_preprocessors = [
        f"{ours}.fill.FillAnswers",
        f"{theirs}.SaveAutoGrades",
        f"{theirs}.AssignLatePenalties",
    ]
    config.GenerateFeedback.preprocessors = [
        f"{theirs}.GetGrades",
        f"{theirs}.ClearMarkScheme",
        f"{theirs}.ClearHiddenTests",
        f"{ours}.feedback.GatherFeedback",
    ]
    config.GenerateFeedback.exporter_class = f"{ours}.feedback.FeedbackPage"
    config.ExchangeFactory.collect = f"{ours}.collecting.StrictCollect"
    config.ExchangeFactory.release_assignment = f"{ours}.releasing.ReleaseWithoutAnswers"
    config.ExchangeFactory.release_feedback = f"{ours}.releasing.ReleaseEachFeedback"

    autogradeapp.Autograde = api.Autograde = SealedAutograde
    CourseDirectory.get_existing_timestamp = receipt.existing_timestamp
    api.NbGraderAPI.get_submitted_timestamp = receipt.submitted_timestamp

    # nbgrader 0.9.6 was not written for SQLAlchemy 2: three warnings a trainee that mean nothing.
    warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
    alembic_found()


def alembic_found() -> None:
    """Lets nbgrader find `alembic`, which it runs by name when it makes a gradebook."""
    if shutil.which("alembic") is None:
        # It is beside our own interpreter.
        os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


@contextmanager
def one_engine() -> Iterator[None]:
    """One database engine for all gradebooks opened in it: nbgrader makes nine a copy, each compiling all SQL anew."""
    make = gradebooks.create_engine
    gradebooks.create_engine = cache(make)
    try:
        yield
    finally:
        gradebooks.create_engine = make


class SealedAutograde(Autograde):
    """`Autograde` that sees only staged copies; commands, options, skipping and gradebook are nbgrader's own."""

    def start(self) -> None:
        """Grades the submissions that the settings name.

        Raises:
            NbGraderException: Nothing could be graded, or some submission failed; the log says why, in French.
        """
        submitted = Path(self.coursedir.root, self.coursedir.submitted_directory)
        assignments = self._assignments()
        if not submitted.is_dir():
            self._stop(f"Le dossier « {submitted} » n’existe pas : recueillez d’abord les copies (nbgrader collect).")
        names, refused = self._listed(submitted)
        with self._staging_folder(submitted.parent) as place:
            staged = [stage(submitted, name, each, place) for each in assignments for name in names]
            remarks = [*refused, *(remark for found in staged for remark in found or ())]
            if all(found is None for found in staged):
                self._tell(remarks)
                self._stop(f"Aucune copie de « {self.coursedir.assignment_id} » à corriger dans « {submitted} ».")
            self.exclude_overwriting = {**self.exclude_overwriting, **dict(map(_never_overwritten, assignments))}
            try:
                with changed(self.coursedir, submitted_directory=self._step(place), student_id="*"), one_engine():
                    super().start()
            finally:
                self._tell(remarks)
                self._write_summaries(submitted.parent / SUMMARIES, assignments, refused)

    def _assignments(self) -> list[Assignment]:
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
                self._register(goal.assignment)
                masters = {name: self._master(raw, name, goal.assignment) for name, raw in notebooks.items()}
                result.append(Assignment(goal.assignment, goal.objectives, notebooks, masters))
        if not result:
            self._stop(f"Le notebook publié manque : lancez « nbgrader generate_assignment {goals[0].assignment} ».")
        return result

    def _register(self, assignment: str) -> None:
        """Enters an assignment in a new gradebook: it does not come with the course, the published notebooks do."""
        with self._gradebook() as gradebook, suppress(MissingEntry):
            if gradebook.find_assignment(assignment).notebooks:
                return
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
        if not source.is_dir():
            self._stop(f"Le carnet de notes ne connaît pas « {assignment} », et « {source} » n’existe pas.")
        with self._staging_folder(Path(self.coursedir.root, self.coursedir.submitted_directory).parent) as place:
            values = {"assignment_id": assignment, "notebook_id": "*", "release_directory": self._step(place)}
            with changed(self.coursedir, **values):
                GenerateAssignment(coursedir=self.coursedir, parent=self.parent).start()

    def _master(self, raw: bytes, name: str, assignment: str) -> bytes:
        """A published notebook with the mark scheme back in, once for all trainees."""
        place = {"notebook": Path(name).stem, "assignment": assignment, "db_url": self.coursedir.db_url}
        # It warns that the mark scheme is not there: we know.
        quiet = logging.Logger("course.grading", logging.ERROR)
        notebook = nbformat.reads(raw.decode("utf-8"), as_version=4)
        notebook, _ = OverwriteCells(parent=self, log=quiet).preprocess(notebook, {"nbgrader": place})
        return nbformat.writes(notebook).encode()

    def _listed(self, submitted: Path) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
        excluded = frozenset(filter(None, self.coursedir.student_id_exclude.split(",")))
        return listed(submitted, self.coursedir.student_id, excluded)

    @contextmanager
    def _staging_folder(self, cohort: Path) -> Iterator[Path]:
        try:
            folder = tempfile.TemporaryDirectory(prefix=".copies-", dir=cohort, ignore_cleanup_errors=True)
        except OSError:
            self._stop(f"Le dossier « {cohort} » ne se laisse pas écrire : vérifiez vos droits et la place libre.")
        with folder as name:
            yield Path(name)

    def _step(self, folder: Path) -> str:
        """A folder beside that of the submissions, as nbgrader names its folders: from the course's root."""
        return str(PurePosixPath(self.coursedir.submitted_directory).parent / folder.name)

    def _gradebook(self) -> Gradebook:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)

    def _tell(self, remarks: Iterable[Remark]) -> None:
        for remark in remarks:
            self.log.warning("%s", remark)

    def _write_summaries(self, folder: Path, assignments: Iterable[Assignment], refused: Iterable[Remark]) -> None:
        autograded = Path(self.coursedir.root, self.coursedir.autograded_directory)
        for assignment in assignments:
            path = folder / f"{assignment.name}.csv"
            with self._gradebook() as gradebook:
                table = summary.rows(gradebook, assignment.name, autograded, refused)
            try:
                summary.write(path, table)
            except OSError:
                self.log.warning("« %s » ne se laisse pas écrire : fermez-le dans Excel, puis recommencez.", path)
            else:
                self.log.info("Bilan de la correction : « %s ».", path)

    def _stop(self, message: str) -> NoReturn:
        self.log.error("%s", message)
        raise NbGraderException(message)


def _never_overwritten(assignment: Assignment) -> tuple[str, list[str]]:
    """What must stay the trainee's: nbgrader copies what it finds beside the source notebook over her files.

    A teacher who tries a canvas in `solutions/` leaves answers there.
    """
    names = [name(objective) for objective in assignment.objectives for name in (file_name, unreadable_name)]
    return assignment.name, [os.path.join(FOLDER, name) for name in names] + [receipt.DATE, receipt.SECRET, REMARKS]  # noqa: PTH118
