"""What is the same for all copies of an assignment, and what grading makes of one copy; no gradebook is asked here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from course.core import comparison, completeness, documents, marking, syllabus
from course.core.answers import format as answers_format
from course.core.marking import Marked, marked, unreadable
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.instructor.cohort.places import SETTINGS, Cohort
from course.instructor.cohort.receipt import parsed
from course.instructor.grading import fill, inspection, staging
from course.instructor.grading.direct import folders, masters, notebook
from course.instructor.grading.direct.late import seconds_late
from course.instructor.grading.direct.notebook import Notebook
from course.instructor.grading.direct.records import Kept, Registered
from course.instructor.grading.direct.saving import Outcome
from course.instructor.grading.staging import Assignment, Staged

_MISSING = ("", "missing")
# What a mark, a table or a remark comes from: when the course changes one of them, all is graded anew.
_RULES = (completeness, marking, comparison, documents, answers_format, fill, inspection, staging, notebook)


class Unusable(Exception):  # noqa: N818 - the instructor's files do not agree; nobody made an error
    """An assignment that cannot be graded; the text is one French sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An assignment, ready for its copies.

    Attributes:
        goal: The goal.
        handed_out: What trainees were given.
        registered: What the gradebook knows of it.
        notebooks: What is graded.
        beside: Files that stand beside each graded notebook, by path.
        digest: A text that is another one as soon as grading could give something else.
        settings: The same for nbgrader's settings, on which penalties depend.
    """

    goal: Goal
    handed_out: Assignment
    registered: Registered
    notebooks: tuple[Notebook, ...]
    beside: Mapping[str, bytes]
    digest: str
    settings: str

    def names(self, staged: Staged) -> set[str]:
        """The files of a graded copy, by path."""
        return {*staged.files, *self.beside, *(each.name for each in self.notebooks)}

    def graded(self, staged: Staged) -> tuple[dict[str, bytes], Outcome]:
        """The files of a graded copy, and what goes into the gradebook."""
        marked = {
            canvas.objective.id: _marked(canvas.objective, staged)
            for each in self.notebooks
            for canvas in each.canvases
        }
        files = {**staged.files, **self.beside}
        scores: dict[tuple[str, str], float | None] = {}
        for each in self.notebooks:
            files[each.name], scores[each.name] = each.filled(marked)  # type: ignore[assignment]
        return files, self._outcome(staged, scores)

    def fingerprint(self, staged: Staged, kept: Kept, sizes: Iterable[tuple[str, int]]) -> str:
        """What came in, by what rule it was graded, and what came of it.

        Args:
            staged: The submission as it is.
            kept: The gradebook's rows as they are.
            sizes: The files of the graded folder as they are, as `folders.sizes` gives them.
        """
        digest = sha256(self.digest.encode())
        for name in sorted(staged.files):
            digest.update(f"{name}\0{len(staged.files[name])}\0".encode())
            digest.update(staged.files[name])
        moment = parsed(staged.date) if staged.date else None
        late = seconds_late(moment or kept.moment, self.registered.due, kept.extension)
        places = sorted(self.registered.grades)
        said = (
            kept.moment if staged.date else None,
            late and (late, self.settings),
            [kept.notebooks.get(key, _MISSING)[1] for key in sorted(self.registered.notebooks.values())],
            # A task's score is a person's business; that its row is there is ours.
            [place in kept.grades if self.registered.grades[place][1] else kept.grades.get(place, _MISSING)[1]
             for place in places],
            [kept.comments.get(place, _MISSING)[1] for place in sorted(self.registered.comments)],
            list(sizes),
        )  # fmt: skip
        digest.update(repr(said).encode())
        return digest.hexdigest()

    def _outcome(self, staged: Staged, scores: Mapping[str, Mapping[str, float | None]]) -> Outcome:
        names = {key: f"{name}.ipynb" for name, key in self.registered.notebooks.items()}
        graded = frozenset(key for key, name in names.items() if name in scores)
        comments = {each.name: each.comments for each in self.notebooks}
        return Outcome(
            staged.student,
            parsed(staged.date) if staged.date else None,
            {
                place: scores[names[place[0]]][name]
                for place, (name, task) in self.registered.grades.items()
                if place[0] in graded and not task and name in scores[names[place[0]]]
            },
            {
                place: comments[names[place[0]]][name]
                for place, name in self.registered.comments.items()
                if place[0] in graded and name in comments[names[place[0]]]
            },
            graded,
            frozenset(names) - graded,
        )


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
        Unusable: The notebooks do not agree with the gradebook, or hold what is never executed.
    """
    again = f"lancez « nbgrader generate_assignment {goal.assignment} », puis recommencez."
    ready = []
    for name, raw in notebooks.items():
        sources = registered.sources.get(Path(name).stem)
        if sources is None:
            continue
        try:
            master = masters.master(raw, sources)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unusable(
                f"Le notebook publié « {name} » ne s’accorde pas avec le carnet de notes : {again}"
            ) from None
        try:
            ready.append(notebook.prepared(name, master))
        except ValueError as error:
            raise Unusable(f"« {goal.assignment} » : {error}") from None
    if not ready:
        raise Unusable(f"Le carnet de notes ne connaît pas le notebook publié de « {goal.assignment} » : {again}")
    handed_out = Assignment(goal.assignment, goal.objectives, notebooks, {})
    beside = folders.beside(cohort.root / "solutions" / goal.assignment, staging.hers(handed_out))
    settings = sha256((cohort.root / SETTINGS).read_bytes()).hexdigest()
    return Plan(goal, handed_out, registered, tuple(ready), beside, _digest(goal, notebooks, ready, beside), settings)


def _marked(objective: Objective, staged: Staged) -> Marked:
    found = staged.answers.get(objective.id)
    return unreadable(objective, found) if isinstance(found, Unreadable) else marked(objective, found)


def _digest(goal: Goal, notebooks: Mapping[str, bytes], ready: Iterable[Notebook], beside: Mapping[str, bytes]) -> str:
    digest = sha256(_rules())
    digest.update(repr((goal, sorted(notebooks.items()), list(ready), sorted(beside.items()))).encode())
    return digest.hexdigest()


def _rules() -> bytes:
    code = b"\0".join(Path(str(module.__file__)).read_bytes() for module in _RULES)
    placeholders = [row["placeholder"] for row in syllabus.rows("placeholders")]
    return code + repr((placeholders, sys.version_info[:2])).encode()
