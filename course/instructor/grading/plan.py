"""What all copies of an assignment have in common, and what grading makes of one copy; no gradebook is asked here."""

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
from course.instructor.grading.rows import Entry, Outcome, Registered
from course.instructor.grading.submission import Submission

# What a mark, a table or a remark comes from: when the course changes one of them, all is graded anew.
_RULES = (completeness, marking, comparison, documents, answers_format, submission, notebook)


@dataclass(frozen=True, slots=True)
class Plan:
    """An assignment, ready for its copies.

    Attributes:
        goal: The goal.
        published: The notebooks that trainees were given, by file name.
        registered: What the gradebook knows of it.
        notebooks: What is graded.
        beside: Files that stand beside each graded notebook, by path.
        digest: Of all that grading depends on, apart from the copy.
        settings: Of nbgrader's settings, on which penalties depend.
    """

    goal: Goal
    published: Mapping[str, bytes]
    registered: Registered
    notebooks: tuple[Notebook, ...]
    beside: Mapping[str, bytes]
    digest: str
    settings: str

    def names(self, copy: Submission) -> set[str]:
        """The files of a graded copy, by path."""
        return {*copy.files, *self.beside, *(each.name for each in self.notebooks)}

    def graded(self, copy: Submission) -> tuple[dict[str, bytes], Outcome]:
        """The files of a graded copy, and what goes into the gradebook."""
        marked: dict[str, Marked] = {}
        for objective in self.goal.objectives:
            answers = copy.answers.get(objective.id)
            if isinstance(answers, Unreadable):
                marked[objective.id] = marking.unreadable(objective, answers)
            else:
                marked[objective.id] = marking.marked(objective, answers)
        files = {**copy.files, **self.beside}
        scores: dict[str, dict[str, float]] = {}
        for each in self.notebooks:
            files[each.name], scores[Path(each.name).stem] = each.filled(marked)
        names = {key: name for name, key in self.registered.notebooks.items()}
        by_place = {place: scores[names[place[0]]][cell] for place, cell in self.registered.scored.items()}
        return files, Outcome(copy.student, parsed(copy.date) if copy.date else None, by_place)

    def fingerprint(self, copy: Submission, entry: Entry, sizes: Iterable[tuple[str, int]]) -> str:
        """What came in, by what rule it was graded, and what came of it.

        Args:
            copy: The submission as it is.
            entry: The gradebook's rows as they are.
            sizes: The files of the graded folder as they are, as `folders.sizes` gives them.
        """
        digest = sha256(self.digest.encode())
        for name in sorted(copy.files):
            digest.update(f"{name}\0{len(copy.files[name])}\0".encode())
            digest.update(copy.files[name])
        late = self.registered.late(parsed(copy.date) if copy.date else entry.moment, entry.extension)
        missing = "", "missing"
        state = (
            entry.moment if copy.date else None,
            late and (late, self.settings),
            [entry.notebooks.get(key, missing)[1] for key in sorted(self.registered.notebooks.values())],
            [entry.grades.get(place, missing)[1] for place in sorted(self.registered.scored)],
            # A task's score is a person's business; that its row is there is ours.
            sorted(self.registered.tasks - entry.grades.keys()),
            sorted(self.registered.commented - entry.comments),
            list(sizes),
        )
        digest.update(repr(state).encode())
        return digest.hexdigest()


def published(cohort: Cohort, goal: Goal) -> dict[str, bytes]:
    """The notebooks of a goal as they were handed out, by file name; none when it was not published."""
    folder = cohort.root / "exercises" / goal.assignment
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}


def prepare(cohort: Cohort, goal: Goal, notebooks: Mapping[str, bytes], registered: Registered) -> Plan:
    """Computes what all copies have in common.

    Args:
        cohort: The class.
        goal: The goal.
        notebooks: Those that were published.
        registered: What the gradebook knows of the assignment.

    Raises:
        Refusal: The notebooks do not agree with the gradebook, or one has a graded cell that is no canvas.
    """
    try:
        if {Path(name).stem for name in notebooks} != {*registered.notebooks}:
            raise Disagreement
        ready = tuple(
            notebook.prepared(name, raw, registered.sources[Path(name).stem]) for name, raw in notebooks.items()
        )
        if {canvas.name for each in ready for canvas in each.canvases} != {*registered.scored.values()}:
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
