"""Preparing an assignment once for all copies, and grading one copy, without access to the gradebook."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from course.core import comparison, completeness, documents, marking, syllabus
from course.core.answers import format as answers_format
from course.core.folders import SETTINGS
from course.core.marking import Marked
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Goal
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import parsed
from course.instructor.grading import folders, notebook, submission
from course.instructor.grading.notebook import Disagreement, Notebook
from course.instructor.grading.rows import GradingOutcome, RegisteredAssignment, SubmissionRows
from course.instructor.grading.submission import Submission

# The modules that marks, tables and remarks come from: when one of them changes, all copies are graded again.
_RULES = (completeness, marking, comparison, documents, answers_format, submission, notebook)


@dataclass(frozen=True, slots=True)
class Plan:
    """An assignment prepared for grading.

    Attributes:
        goal: The goal.
        published: The published notebooks, by file name.
        registered: The assignment in the gradebook.
        notebooks: The notebooks to fill.
        beside: The files added beside each graded notebook, by path.
        digest: The digest of everything that grading depends on, apart from the copy.
        settings: The digest of nbgrader's settings, which penalties depend on.
    """

    goal: Goal
    published: Mapping[str, bytes]
    registered: RegisteredAssignment
    notebooks: tuple[Notebook, ...]
    beside: Mapping[str, bytes]
    digest: str
    settings: str

    def names(self, copy: Submission) -> set[str]:
        """Return the paths of the files of a graded copy."""
        return {*copy.files, *self.beside, *(prepared.name for prepared in self.notebooks)}

    def graded(self, copy: Submission) -> tuple[dict[str, bytes], GradingOutcome]:
        """Grade a copy: return its files by path, and its outcome for the gradebook."""
        marked: dict[str, Marked] = {}
        for objective in self.goal.objectives:
            answers = copy.answers.get(objective.id)
            if isinstance(answers, Unreadable):
                marked[objective.id] = marking.unreadable(objective, answers)
            else:
                marked[objective.id] = marking.marked(objective, answers)
        files = {**copy.files, **self.beside}
        scores: dict[str, dict[str, float]] = {}
        for prepared in self.notebooks:
            files[prepared.name], scores[Path(prepared.name).stem] = prepared.filled(marked)
        names = {key: name for name, key in self.registered.notebooks.items()}
        by_cell = {key: scores[names[key[0]]][name] for key, name in self.registered.scored.items()}
        return files, GradingOutcome(copy.student, parsed(copy.date) if copy.date else None, by_cell)

    def fingerprint(self, copy: Submission, stored: SubmissionRows, sizes: Iterable[tuple[str, int]]) -> str:
        """Return a digest of the submission, the grading rules and the result.

        Args:
            copy: The submission as it is now.
            stored: The gradebook's rows as they are now.
            sizes: The files of the graded folder as they are now, from `folders.sizes`.
        """
        digest = sha256(self.digest.encode())
        for name in sorted(copy.files):
            digest.update(f"{name}\0{len(copy.files[name])}\0".encode())
            digest.update(copy.files[name])
        late = self.registered.late(parsed(copy.date) if copy.date else stored.moment, stored.extension)
        missing = "", "missing"
        state = (
            stored.moment if copy.date else None,
            late and (late, self.settings),
            [stored.notebooks.get(key, missing)[1] for key in sorted(self.registered.notebooks.values())],
            [stored.grades.get(key, missing)[1] for key in sorted(self.registered.scored)],
            # A person gives a task's score; grading only makes sure that its row exists.
            sorted(self.registered.tasks - stored.grades.keys()),
            sorted(self.registered.commented - stored.comments),
            list(sizes),
        )
        digest.update(repr(state).encode())
        return digest.hexdigest()


def published(cohort: Cohort, goal: Goal) -> dict[str, bytes]:
    """Return the published notebooks of a goal by file name; empty when it was not published."""
    folder = cohort.root / "exercises" / goal.assignment
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}


def prepare(cohort: Cohort, goal: Goal, notebooks: Mapping[str, bytes], registered: RegisteredAssignment) -> Plan:
    """Prepare an assignment once for all its copies.

    Args:
        cohort: The class.
        goal: The goal.
        notebooks: The published notebooks, by file name.
        registered: The assignment in the gradebook.

    Raises:
        Refusal: The notebooks do not agree with the gradebook, or one has a graded cell that is not a canvas.
    """
    try:
        if {Path(name).stem for name in notebooks} != {*registered.notebooks}:
            raise Disagreement
        ready = tuple(
            notebook.prepared(name, raw, registered.sources[Path(name).stem]) for name, raw in notebooks.items()
        )
        if {canvas.name for prepared in ready for canvas in prepared.canvases} != {*registered.scored.values()}:
            raise Disagreement
    except Disagreement:
        raise Refusal(
            f"Le notebook publié de « {goal.assignment} » ne s’accorde pas avec le carnet de notes : lancez « nbgrader "
            f"generate_assignment {goal.assignment} », puis recommencez."
        ) from None
    except Refusal as refusal:
        raise Refusal(f"« {goal.assignment} » : {refusal}") from None
    files = folders.beside(cohort.root / "solutions" / goal.assignment, submission.own_files(goal))
    digest = sha256(_rules())
    digest.update(repr((goal, sorted(notebooks.items()), ready, sorted(files.items()))).encode())
    settings = sha256((cohort.root / SETTINGS).read_bytes()).hexdigest()
    return Plan(goal, notebooks, registered, ready, files, digest.hexdigest(), settings)


def _rules() -> bytes:
    code = b"\0".join(Path(str(module.__file__)).read_bytes() for module in _RULES)
    placeholders = [row["placeholder"] for row in syllabus.rows("placeholders")]
    return code + repr((placeholders, sys.version_info[:2])).encode()
