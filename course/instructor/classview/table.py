"""The tables of a class as pandas DataFrames: its answers, its marks, and what was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from course.core import syllabus
from course.core.refusal import Unreadable
from course.core.rubric import LEVELS
from course.core.syllabus import Objective
from course.instructor.classview import columns
from course.instructor.classview.handins import Handin
from course.instructor.classview.labels import members
from course.instructor.classview.reading import Overview, expected, undisturbed
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.marks import Mark

NOTHING = "aucune réponse"
TORN = "les membres du groupe n’ont pas tous la même note"

# What stands for a strategy or an action where there is none.
_NONE: tuple[Mapping[str, Any], ...] = ({},)
_Row = tuple[int, int, str, int, str, str, str, str]
_ROWS = ("n° de stratégie", "stratégie", "n° d’action", "action", *columns.PILOT)


@undisturbed()
def answers(overview: Overview) -> pd.DataFrame:
    """All answers of a class, the graded copies being read for it.

    Args:
        overview: The class.

    Returns:
        The columns of `columns.ANSWERS`, a row for each action; for each strategy that has none; for each option that
        has neither. Texts are as they were written.
    """
    canvases = _Canvases()
    rows: list[_Row] = []
    lengths: list[int] = []
    ranks = {option.id: rank for rank, option in enumerate(syllabus.load().options)}
    for copy in overview.copies:
        for objective, document in copy.documents():
            before = len(rows)
            written = document["options"] if isinstance(document, dict) else {}
            for option in objective.options:
                _add(rows, ranks[option.id], written.get(option.id) or _NONE)
            lengths.append(len(rows) - before)
            canvases.add(overview, copy, objective, _remark(overview, copy, objective, document))
    return _assembled(canvases, rows, lengths, overview)


def marks(overview: Overview) -> pd.DataFrame:
    """All marks of a class, a row for each trainee and canvas: the columns of `columns.SCORES`."""
    names = {student: name for who, name in overview.names.items() for student in who}
    found = [(mark, syllabus.load().objective(mark.objective)) for mark in overview.marks.values()]
    trainees = overview.trainees
    frame = {
        "stagiaire": _text(trainees[one.student].name if one.student in trainees else one.student for one, _ in found),
        "identifiant": _text(mark.student for mark, _ in found),
        "copie": _text(names.get(mark.student, "") for mark, _ in found),
        "but": _text(objective.goal for _, objective in found),
        "objectif": _text(objective.id for _, objective in found),
        "titre de l’objectif": _text(objective.title for _, objective in found),
        **_scores([mark for mark, _ in found]),
        "commentaire": _text(mark.comment for mark, _ in found),
        "formateur": _text(mark.reviewer for mark, _ in found),
    }
    return pd.DataFrame(frame, columns=list(columns.SCORES))


def handed_in(overview: Overview, handins: Sequence[Handin]) -> pd.DataFrame:
    """What was handed in, a row for each trainee that the class knows of and goal: `columns.HANDED_IN`."""
    found = {(each.student, each.goal.id): each for each in handins}
    rows = []
    for trainee in expected(overview, tuple(handins)).values():
        for goal in syllabus.load().goals:
            each = found.get((trainee.id, goal.id))
            state = "rien remis" if each is None else "corrigée" if each.graded else "à corriger"
            at = each.at.astimezone().replace(tzinfo=None, microsecond=0) if each and each.at else None
            rows.append((trainee.name, trainee.id, goal.id, at, state))
    frame = pd.DataFrame(rows, columns=list(columns.HANDED_IN))
    return frame.astype({"remis le": "datetime64[s]"})


def _add(rows: list[_Row], option: int, strategies: Iterable[Mapping[str, Any]]) -> None:
    """The rows of one option. This is done for each action of a class: it is written to be fast."""
    for rank, strategy in enumerate(strategies, 1):
        text = strategy.get("strategy", "")
        for number, action in enumerate(strategy.get("actions") or _NONE, 1):
            get = action.get
            rows.append(
                (
                    option,
                    rank if strategy else 0,
                    text,
                    number if action else 0,
                    get("action", ""),
                    get("responsible", ""),
                    get("due", ""),
                    get("indicator", ""),
                )
            )


def _remark(overview: Overview, copy: Copy, objective: Objective, document: object) -> str:
    if isinstance(document, Unreadable):
        return f"réponse illisible\N{NO-BREAK SPACE}: {document.reason}"
    if document is None:
        return NOTHING
    return TORN if overview.torn(copy, objective) else ""


class _Canvases:
    """What is the same in all rows of a canvas."""

    def __init__(self) -> None:
        self.copies: list[Copy] = []
        self.objectives: list[int] = []
        self.marks: list[Mark | None] = []
        self.remarks: list[str] = []
        self._ranks = {each.id: rank for rank, each in enumerate(syllabus.load().objectives)}

    def add(self, overview: Overview, copy: Copy, objective: Objective, remark: str) -> None:
        self.copies.append(copy)
        self.objectives.append(self._ranks[objective.id])
        self.marks.append(overview.mark(copy, objective))
        self.remarks.append(remark)


def _assembled(canvases: _Canvases, rows: list[_Row], lengths: list[int], overview: Overview) -> pd.DataFrame:
    course = syllabus.load()
    options, *texts = map(list, zip(*rows, strict=True)) if rows else [[] for _ in range(1 + len(_ROWS))]
    spread = np.repeat(np.arange(len(lengths)), lengths)
    objectives = np.array(canvases.objectives, dtype=np.int64)
    who = {students: place for place, students in enumerate(overview.names)}
    people = np.array([who[copy.students] for copy in canvases.copies], dtype=np.int64)
    by_copy = {
        "copie": _text(overview.names.values()),
        "membres": _text(members(students, overview.trainees) for students in overview.names),
        "identifiants": _text(", ".join(students) for students in overview.names),
    }
    by_objective = {
        "but": _text(each.goal for each in course.objectives),
        "objectif": _text(each.id for each in course.objectives),
        "titre de l’objectif": _text(each.title for each in course.objectives),
    }
    by_option = {
        "option": _text(each.id for each in course.options),
        "libellé de l’option": _text(each.label for each in course.options),
    }
    frame: dict[str, Any] = {name: values.take(people[spread]) for name, values in by_copy.items()}
    frame |= {name: values.take(objectives[spread]) for name, values in by_objective.items()}
    frame |= {name: values.take(np.array(options, dtype=np.int64)) for name, values in by_option.items()}
    for name, values in zip(_ROWS, texts, strict=True):
        frame[name] = _whole(values) if name.startswith("n°") else _text(values)
    frame |= {name: values.take(spread) for name, values in _scores(canvases.marks).items()}
    frame["remarque"] = _text(canvases.remarks).take(spread)
    return pd.DataFrame(frame, columns=list(columns.ANSWERS))


def _scores(found: Sequence[Mark | None]) -> dict[str, Any]:
    """The columns `columns.MARKS`; nothing, and no zero, where nothing was given."""
    given = [mark is not None and mark.quality is not None for mark in found]
    frame = {
        "complétude sur 6": [None if mark is None else mark.completeness for mark in found],
        "qualité sur 14": [None if mark is None else mark.quality for mark in found],
        "total sur 20": [mark.total if mark and known else None for mark, known in zip(found, given, strict=True)],
    }
    columns_: dict[str, Any] = {name: pd.array(values, dtype="Float32") for name, values in frame.items()}
    passed = [mark.passed if mark and known else None for mark, known in zip(found, given, strict=True)]
    columns_["acquis"] = pd.array(passed, dtype="boolean")
    for place, name in enumerate(columns.LEVELS):
        levels = [None if mark is None else mark.levels[place] for mark in found]
        codes = [-1 if level is None else level for level in levels]
        columns_[name] = pd.Categorical.from_codes(codes, categories=LEVELS, ordered=True)
    return columns_


def _whole(values: Iterable[int]) -> Any:  # noqa: ANN401 - as below
    numbers = np.fromiter(values, dtype=np.int16)
    return pd.arrays.IntegerArray(numbers, numbers == 0)


def _text(values: Iterable[str]) -> Any:  # noqa: ANN401 - pandas has no name for it
    return pd.array(list(values), dtype="str")
