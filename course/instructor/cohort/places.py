"""The paths of a class: all that changes is under `cohort/`, beside the settings of nbgrader."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course.core.folders import SETTINGS, course_root

if TYPE_CHECKING:
    from traitlets.config import Config

DATABASE = "COURSE_GRADEBOOK"
COURSE_ID = "soins-centres-personnes"
KEY = "cle-privee.json"
"""The private key of a class; it stays when a class is restored."""
ARCHIVES, BEFORE = "archives", "-avant-restauration"


@dataclass(frozen=True, slots=True)
class Cohort:
    """The class of one course.

    Attributes:
        root: The course's folder, which holds `nbgrader_config.py`.
        address: The address of the gradebook; empty for that of the environment, or the usual one.
    """

    root: Path
    address: str = ""

    @property
    def folder(self) -> Path:
        """The folder of all personal data."""
        return self.root / "cohort"

    @property
    def inbox(self) -> Path:
        """The folder for the files that trainees sent, as they came."""
        return self.folder / "a-recueillir"

    @property
    def otherwise(self) -> Path:
        """The folder for work that was handed in otherwise, until it is entered."""
        return self.folder / "autrement"

    @property
    def submitted(self) -> Path:
        """The submissions, `<student>/<assignment>/`. Nothing below it is to be trusted."""
        return self.folder / "submitted"

    @property
    def autograded(self) -> Path:
        """The graded copies, `<student>/<assignment>/`, with validated files only."""
        return self.folder / "autograded"

    @property
    def feedback(self) -> Path:
        """The pages for the trainees, `<student>/<assignment>/`."""
        return self.folder / "feedback"

    @property
    def trainee_homes(self) -> tuple[Path, Path, Path]:
        """The three folders that hold a folder of each trainee."""
        return self.submitted, self.autograded, self.feedback

    @property
    def reports(self) -> Path:
        """The tables for the instructor."""
        return self.folder / "bilans"

    @property
    def archives(self) -> Path:
        """The archives of the class."""
        return self.folder / ARCHIVES

    @property
    def roster(self) -> Path:
        """The list of trainees; `roster.read` accepts other files in its place."""
        return self.folder / "stagiaires.csv"

    @property
    def database(self) -> str:
        """The address of the gradebook: `address`, else the environment's `COURSE_GRADEBOOK`, else a file of SQLite."""
        return self.address or os.environ.get(DATABASE) or f"sqlite:///{(self.folder / 'gradebook.db').as_posix()}"


def find(folder: Path | None = None) -> Cohort:
    """Return the class of the course that a folder belongs to.

    Args:
        folder: A course's folder, or one below it; by default the working folder, else the clone this package is in.

    Raises:
        Refusal: There is no course there.
    """
    return Cohort(course_root(folder))


def settings(cohort: Cohort) -> Config:
    """Return the settings of `nbgrader_config.py`, if any. Reading it imports nbgrader and seals its grading."""
    from traitlets.config import Config  # noqa: PLC0415 - looking for a course needs no nbgrader
    from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415

    if not (cohort.root / SETTINGS).is_file():
        return Config()
    return Config(PyFileConfigLoader(SETTINGS, path=str(cohort.root)).load_config())


def exchange(cohort: Cohort) -> Path:
    """Return the course's folder in the exchange that nbgrader's settings name; it may be missing."""
    from nbgrader.exchange.default import Exchange  # noqa: PLC0415 - seconds

    config = settings(cohort)
    root = config.Exchange.get("root") or Exchange.root.default_value
    return Path(str(root), str(config.CourseDirectory.get("course_id") or COURSE_ID))
