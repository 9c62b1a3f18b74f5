"""Where the files of a class are: everything that changes is under `cohort/`, beside the settings of nbgrader."""

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
ARCHIVES, BEFORE = "archives", "-avant-restauration"


@dataclass(frozen=True, slots=True)
class Cohort:
    """The class of one course.

    Attributes:
        root: The course's folder, the one of `nbgrader_config.py`.
        address: Of the gradebook; the environment's or the usual one when empty.
    """

    root: Path
    address: str = ""

    @property
    def folder(self) -> Path:
        """Where everything personal is."""
        return self.root / "cohort"

    @property
    def inbox(self) -> Path:
        """Where instructors put what trainees sent, as it came."""
        return self.folder / "a-recueillir"

    @property
    def submitted(self) -> Path:
        """What trainees handed in: `<student>/<assignment>/`. Nothing below it is to be trusted."""
        return self.folder / "submitted"

    @property
    def autograded(self) -> Path:
        """What was graded, clean: `<student>/<assignment>/`."""
        return self.folder / "autograded"

    @property
    def feedback(self) -> Path:
        """What goes back to the trainees: `<student>/<assignment>/`."""
        return self.folder / "feedback"

    @property
    def reports(self) -> Path:
        """Tables for the instructor."""
        return self.folder / "bilans"

    @property
    def archives(self) -> Path:
        """Where archives of the class go."""
        return self.folder / ARCHIVES

    @property
    def roster(self) -> Path:
        """The list of trainees, which an instructor may edit; `roster.read` knows what else may stand for it."""
        return self.folder / "stagiaires.csv"

    @property
    def database(self) -> str:
        """The address of the gradebook: its own, else the environment's `COURSE_GRADEBOOK`, else a file of SQLite."""
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
    """What `nbgrader_config.py` sets; nothing without one. Reading it imports nbgrader, and seals its grading."""
    from traitlets.config import Config  # noqa: PLC0415 - looking for a course needs no nbgrader
    from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415

    if not (cohort.root / SETTINGS).is_file():
        return Config()
    return Config(PyFileConfigLoader(SETTINGS, path=str(cohort.root)).load_config())


def exchange(cohort: Cohort) -> Path:
    """The course's folder in the exchange that nbgrader's settings name; it may be missing."""
    from nbgrader.exchange.default import Exchange  # noqa: PLC0415 - seconds

    config = settings(cohort)
    root = config.Exchange.get("root") or Exchange.root.default_value
    return Path(str(root), str(config.CourseDirectory.get("course_id") or COURSE_ID))
