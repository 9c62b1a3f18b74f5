"""The sheet of a trainee: marks, criteria, comments and what to do next, on one or two A4 pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

from markupsafe import Markup

from course.core import rubric, syllabus
from course.core.completeness import POINTS
from course.core.rubric import Criterion
from course.core.words import day, few, points, typeset
from course.instructor import output
from course.instructor.cohort.marks import Mark
from course.instructor.giveback.records import MarkingState, Record, Work, state_of
from course.instructor.giveback.returns import Returns

# Two pages hold the table of eighteen canvases, and this much beside it.
_COMMENTS = 3_400  # characters of all comments together
_SHORTEST = 150  # characters that each comment may take
_STEPS = 5
_NAMED = 6  # canvases of one step


@dataclass(frozen=True, slots=True)
class CanvasLine:
    """A canvas in the table of a sheet; a part that is not given is « – ».

    Attributes:
        id: `1.1` … `5.5`.
        title: Its title.
        completeness: Its points, of 6.
        criteria: The points of each criterion.
        quality: Its points, of 14.
        total: Their sum.
        verdict: Whether it passes, or what it waits for.
    """

    id: str
    title: str
    completeness: str
    criteria: tuple[str, ...]
    quality: str
    total: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment on a canvas; the copy has the whole text of one that is `cut`."""

    id: str
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What a sheet says.

    Attributes:
        trainee: The trainee's name.
        group: The trainee's group; may be empty.
        corrected: The date of the last mark, in French; empty when nothing is marked.
        works: The goals that were handed in.
        missing: The goals that were not: « le but 3 »; empty for none.
        lines: A line for each canvas of `works`.
        corrections: What changed since it was last given back, by objective.
        comments: The comments.
        steps: What to do next: canvases and a sentence.
    """

    trainee: str
    group: str
    corrected: str
    works: tuple[Work, ...]
    missing: str
    lines: tuple[CanvasLine, ...]
    corrections: tuple[tuple[str, str], ...]
    comments: tuple[ShownComment, ...]
    steps: tuple[tuple[str, str], ...]


def card(record: Record, returns: Returns) -> ReportCard:
    """Return the sheet of a trainee.

    Args:
        record: The trainee's marks.
        returns: What was given back.
    """
    works = tuple(record.works.values())
    marks = [mark for work in works for mark in work.marks]
    final = [mark for mark in marks if mark.final]
    dates = [mark.at for mark in final if mark.at]
    corrections = ((mark.objective, returns.correction(record.trainee.id, mark.objective)) for mark in final)
    return ReportCard(
        record.trainee.name,
        record.trainee.group,
        day(max(dates).replace(tzinfo=UTC)) if dates else "",
        works,
        _goals(tuple(goal.id for goal in syllabus.load().goals if goal.id not in record.works)),
        tuple(map(_line, marks)),
        tuple((objective, sentence) for objective, sentence in corrections if sentence),
        tuple(_comments(final)),
        tuple(_steps(final)),
    )


def section(shown: ReportCard) -> Markup:
    """Return a sheet as HTML."""
    return output.fragment("giveback/templates/card.html.j2", {"card": shown, "criteria": rubric.load()})


def is_marked(shown: ReportCard) -> bool:
    """Return whether a sheet shows a mark."""
    return any(work.marked for work in shown.works)


def corrected(work: Work) -> str:
    """Return the date of the last mark of a goal, in French; empty when nothing is marked."""
    dates = [mark.at for mark in work.marked if mark.at]
    return day(max(dates).replace(tzinfo=UTC)) if dates else ""


_NONE = "–"
_VERDICTS = {MarkingState.WAITING: "en attente", MarkingState.REREAD: "à relire", MarkingState.NO_COPY: "pas de copie"}


def _line(mark: Mark) -> CanvasLine:
    state = state_of(mark)
    marked = state is MarkingState.MARKED
    levels = mark.levels if marked else ()
    criteria = (
        _NONE if level is None else points(criterion.worth(level))
        for criterion, level in zip(rubric.load(), levels, strict=False)
    )
    return CanvasLine(
        mark.objective,
        syllabus.load().objective(mark.objective).title,
        _NONE if mark.completeness is None or mark.ungraded else points(round(mark.completeness, 2)),
        tuple(criteria) if marked else (_NONE,) * len(rubric.load()),
        points(round(mark.quality, 2)) if marked and mark.quality is not None else _NONE,
        points(round(mark.total, 2)) if marked else _NONE,
        ("réussi" if mark.passed else "pas encore") if marked else _VERDICTS[state],
    )


def _comments(marks: Iterable[Mark]) -> Iterator[ShownComment]:
    texts = {mark.objective: " ".join(mark.comment.split()) for mark in marks}
    texts = {objective: text for objective, text in texts.items() if text}
    longest = _longest([len(text) for text in texts.values()])
    for objective, text in texts.items():
        if len(text) <= longest:
            yield ShownComment(objective, text, cut=False)
        else:
            yield ShownComment(objective, text[:longest].rsplit(" ", 1)[0], cut=True)


def _longest(lengths: Sequence[int]) -> int:
    """Return how long a comment may be, so that all take `_COMMENTS` characters together: short ones leave room."""
    room, rest = _COMMENTS, sorted(lengths)
    while rest and rest[0] * len(rest) <= room:
        room -= rest.pop(0)
    return max(_SHORTEST, room // len(rest)) if rest else _COMMENTS


def _steps(marks: Iterable[Mark]) -> Iterator[tuple[str, str]]:
    """Yield what to do next, with its canvases: first those that do not pass, then those with most to gain."""
    lacking = (mark for mark in marks if mark.total < rubric.TOTAL_POINTS)
    canvases: dict[str, list[str]] = {}
    for mark in sorted(lacking, key=lambda mark: (mark.passed, mark.total)):
        if sentence := _step(mark):
            canvases.setdefault(sentence, []).append(mark.objective)
    for sentence, objectives in [*canvases.items()][:_STEPS]:
        yield few(objectives, _NAMED), sentence


def _step(mark: Mark) -> str:
    criterion = _weakest(mark)
    parts = []
    if mark.completeness is not None and mark.completeness < POINTS:
        parts.append("complétez les options vides, que «\u202fVérifier\u202f» montre")
    if criterion:
        parts.append(f"{criterion.short_title}\u00a0: visez «\u202f{typeset(criterion.levels[2])}\u202f»")
    text = "\u202f; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _weakest(mark: Mark) -> Criterion | None:
    """Return the criterion with the most points to gain."""
    gains = [
        (criterion.worth(2) - criterion.worth(level), criterion)
        for criterion, level in zip(rubric.load(), mark.levels, strict=True)
        if level is not None and level < 2
    ]
    return max(gains, key=lambda gain: gain[0])[1] if gains else None


def _goals(numbers: Sequence[str]) -> str:
    """Format the numbers of goals: « les buts 3, 4 et 5 », « le but 3 »; empty for none."""
    if len(numbers) < 2:
        return "".join(f"le but {number}" for number in numbers)
    return f"les buts {', '.join(numbers[:-1])} et {numbers[-1]}"
