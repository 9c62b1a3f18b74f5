"""`nbgrader release_assignment` without answers, and `release_feedback` that one trainee cannot stop for all."""

from __future__ import annotations

import shutil
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseAssignment, ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from course.core import files
from course.core.answers import FOLDER
from course.core.names import refused_name
from course.core.refusal import Unreadable
from course.instructor.cohort.receipt import read_secret
from course.instructor.grading.settings import temporary_traits


class ReleaseWithoutAnswers(ExchangeReleaseAssignment):
    """`ExchangeReleaseAssignment` that leaves out answers, which a teacher's own tries leave in the workbook."""

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy the published files without the answers folder."""
        with temporary_traits(self.coursedir, ignore=[*self.coursedir.ignore, FOLDER]):
            super().do_copy(src, dest, log)


class ReleaseEachFeedback(ExchangeReleaseFeedback):
    """`ExchangeReleaseFeedback` that skips trainees whom the exchange cannot reach; nbgrader would stop for all."""

    def copy_files(self) -> None:
        """Store each page under a name that only the owner of the submission's secret can compute."""
        feedback = Path(self.coursedir.root, self.coursedir.feedback_directory)
        excluded = self.coursedir.student_id_exclude.split(",")
        wanted = self.coursedir.student_id or "*"
        folders = [feedback / wanted] if (feedback / wanted).is_dir() else sorted(feedback.glob(wanted))
        for folder in folders:
            if folder.name not in excluded and not refused_name(folder.name):
                self._release(folder.name, folder / self.coursedir.assignment_id)

    def _release(self, student: str, folder: Path) -> None:
        pages = sorted(folder.glob("*.html"))
        try:
            secret = read_secret(folder)
        except Unreadable:
            secret = None
        for page in pages if secret is not None else ():
            name = notebook_hash(secret=secret, notebook_id=page.stem)
            fresh, final = (Path(self.dest_path, f"{name}{end}") for end in ("-tmp.html", ".html"))
            try:
                shutil.copyfile(page, fresh)
                fresh.chmod(0o644)  # its name is the secret: anyone who knows it may read it
                fresh.replace(final)
            except OSError as error:
                self.log.error("%s : retour « %s » non rendu : %s", student, page.name, files.cause(error))
            else:
                self.log.info("%s : retour « %s » rendu.", student, page.name)
        if pages and secret is None:
            self.log.warning("%s : copie venue sans l’échange, retour à remettre à la main : « %s »", student, folder)
