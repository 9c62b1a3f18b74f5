"""The tables of a class: answers, marks and hand-ins, as pandas DataFrames and as files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from course.core import rubric, syllabus
from course.core.refusal import Unreadable
from course.core.rubric import LEVELS
from course.core.syllabus import Objective
from course.core.words import counted
from course.instructor.classview.gains import ENOUGH, Gains
from course.instructor.classview.numbers import Numbers
from course.instructor.classview.overview import Overview, members
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.marks import Mark
from course.instructor.spreadsheets import Cell, Column, Sheet, as_excel

NOTHING = "aucune réponse"
REREAD = "à relire : la note a été donnée à une autre version"
UNEVEN = "les membres du groupe n’ont pas tous la même note"
_ANSWERED_LATER = "Vide tant qu’elle n’est pas donnée."
_WITHOUT_QUALITY = "Vide tant que la qualité n’est pas donnée."
_AT_ONCE = 20_000  # rows converted to Python values at a time
_LARGE = 2_000  # a sheet with more rows has a progress bar

COPY = Column(
    "copie", "Le nom du groupe, ou celui du stagiaire qui a travaillé seul. Un groupe n’apparaît qu’une fois.", 22
)
MEMBERS = Column("membres", "Ceux dont c’est la copie.", 30)
IDENTIFIERS = Column("identifiants", "Leurs identifiants, ceux de la liste « stagiaires.csv » et de nbgrader.", 24)
GOAL = Column("but", "Le but de la stratégie mondiale, de 1 à 5.")
OBJECTIVE = Column("objectif", "L’objectif, de 1.1 à 5.5 : un canevas chacun.")
TITLE = Column("titre de l’objectif", "Son intitulé.", 32)
OPTION = Column("option", "L’option, de 1.1.a à 5.5.b.")
LABEL = Column("libellé de l’option", "Son intitulé.", 32)
STRATEGY_RANK = Column(
    "n° de stratégie", "Le rang de la stratégie dans l’option, à partir de 1. Vide quand rien n’y est écrit."
)
STRATEGY = Column("stratégie", "Ce que l’équipe a écrit. Une stratégie qui a trois actions est sur trois lignes.", 55)
ACTION_RANK = Column("n° d’action", "Le rang de l’action dans la stratégie, à partir de 1.")
ACTION = Column("action", "Ce que l’équipe a écrit.", 55)
RESPONSIBLE = Column("responsable", "La colonne de pilotage « Responsable ».", 24)
DUE = Column("échéance", "La colonne de pilotage « Échéance », telle qu’elle a été écrite.")
INDICATOR = Column("indicateur", "La colonne de pilotage « Indicateur ».", 32)
COMPLETENESS = Column(
    "complétude sur 6",
    "La part automatique de la note : les options traitées, comptées et jamais jugées. Vide quand une autre version a "
    "été remise depuis, jusqu’à la prochaine correction automatique.",
)
QUALITY = Column("qualité sur 14", f"La part du formateur, par les six critères. {_ANSWERED_LATER}")
TOTAL = Column("total sur 20", f"La somme des deux. {_WITHOUT_QUALITY}")
PASSED = Column("acquis", f"Au moins 12 sur 20, dont au moins 7 sur 14 pour la qualité. {_WITHOUT_QUALITY}")
CRITERIA = tuple(
    Column(
        f"{criterion.id} {criterion.short_title.lower()}",
        f"{criterion.title} : zéro, moitié ou plein, pour {counted(criterion.points, 'point')}. Vide quand la note "
        "vient d’ailleurs que de la table de correction.",
    )
    for criterion in rubric.load()
)
REMARK = Column(
    "remarque",
    "Pourquoi une réponse ou sa note manque : fichier illisible, aucune réponse, canevas à relire ; ou que les membres "
    "d’un groupe n’ont pas tous la même note (la feuille « Notes » les donne).",
    40,
)
TRAINEE = Column("stagiaire", "Le nom du stagiaire.", 28)
IDENTIFIER = Column("identifiant", "Son identifiant.", 20)
COPY_OF_TRAINEE = Column("copie", "Le nom de la copie : celui du groupe, ou le sien.", 22)
COMMENT = Column("commentaire", "Celui du formateur.", 55)
REVIEWER = Column("formateur", "Qui a donné la note.")
HANDED_IN_AT = Column(
    "remis le", "La date de la remise, à l’heure de cet ordinateur. Vide quand le fichier n’en donne pas.", 18
)
STATE = Column(
    "état",
    "Corrigée, ou à corriger ; « rien remis » quand il n’y a rien pour ce but ; « rien de lisible » quand il n’y a "
    "rien pour aucun but, mais qu’un fichier du stagiaire a été refusé (« cohort/recus/registre.csv » dit pourquoi).",
)
QUESTION_RANK = Column("n° de question", "Le rang de la question dans le test ; vide pour toutes ensemble.")
QUESTION = Column("question", "Son texte.", 70)
RIGHT_BEFORE = Column(
    "justes avant",
    "Les réponses justes avant la formation, dans les classeurs qui ont fait le test les deux fois. Vide quand il y en "
    "a moins de deux.",
)
RIGHT_AFTER = Column("justes après", "Les mêmes, après la formation.")
OUT_OF = Column("sur", "Le nombre de réponses qui pouvaient être justes, avant comme après.")
GAIN = Column("gain en points", f"En points de pourcentage. Vide quand il y a moins de {ENOUGH} classeurs.")
BEFORE_NUMBER = Column("classeurs avant", "Ceux qui ont fait le test avant. Un classeur de groupe compte une fois.")
AFTER_NUMBER = Column("classeurs après", "Ceux qui ont fait le test après.")
BOTH_NUMBER = Column("classeurs les deux fois", "Ceux sur lesquels le gain est compté.")

_MARKS = (COMPLETENESS, QUALITY, TOTAL, PASSED, *CRITERIA)
_ROW = (STRATEGY_RANK, STRATEGY, ACTION_RANK, ACTION, RESPONSIBLE, DUE, INDICATOR)
_RANKS = (STRATEGY_RANK, ACTION_RANK)
ANSWERS = (COPY, MEMBERS, IDENTIFIERS, GOAL, OBJECTIVE, TITLE, OPTION, LABEL, *_ROW, *_MARKS, REMARK)
"""One row per action, per strategy without an action, and per option without a strategy."""
MARKS = (TRAINEE, IDENTIFIER, COPY_OF_TRAINEE, GOAL, OBJECTIVE, TITLE, *_MARKS, COMMENT, REMARK, REVIEWER)
"""One row per trainee and objective."""
HANDED_IN = (TRAINEE, IDENTIFIER, GOAL, HANDED_IN_AT, STATE)
"""One row per trainee and goal."""
TEST = (
    QUESTION_RANK, QUESTION, RIGHT_BEFORE, RIGHT_AFTER, OUT_OF, GAIN, BEFORE_NUMBER, AFTER_NUMBER, BOTH_NUMBER
)  # fmt: skip
"""One row per question of the test, and one for all of them; no names."""
_EXPLANATION = (Column("feuille", width=16), Column("colonne", width=30), Column("ce qu’elle dit", width=100))

ProgressBar = Callable[[Iterable[Any], str, int], Iterator[Any]]
_AnswerRow = tuple[int, int, str, int, str, str, str, str]
_NONE: tuple[Mapping[str, Any], ...] = ({},)  # in place of a missing strategy or action


@dataclass(frozen=True)
class Table:
    """A table of the class.

    Attributes:
        name: Its French name.
        columns: Its columns.
        frame: Its rows, with the columns named by their headings.
    """

    name: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows as Python values, None where missing; converted in batches to bound the memory."""
        for start in range(0, len(self.frame), _AT_ONCE):
            batch = self.frame.iloc[start : start + _AT_ONCE]
            yield from zip(*(_cells(batch[name]) for name in batch.columns), strict=True)


def answers(overview: Overview) -> Table:
    """Return the table of all answers of a class, read from the graded copies.

    Args:
        overview: The class.

    Returns:
        The columns of `ANSWERS`, with the texts as written.
    """
    canvases = _Canvases(overview)
    rows: list[_AnswerRow] = []
    lengths: list[int] = []
    ranks = {option.id: rank for rank, option in enumerate(syllabus.load().options)}
    for copy in overview.copies:
        for objective, document in copy.documents():
            before = len(rows)
            strategies = document["options"] if isinstance(document, dict) else {}
            for option in objective.options:
                _add(rows, ranks[option.id], strategies.get(option.id) or _NONE)
            lengths.append(len(rows) - before)
            canvases.add(copy, objective, _remark(overview, copy, objective, document))
    return Table("Réponses", ANSWERS, _frame(ANSWERS, canvases.columns(rows, lengths)))


def marks(overview: Overview) -> Table:
    """Return the table of all marks of a class, with the columns of `MARKS`."""
    names = {student: name for students, name in overview.names.items() for student in students}
    all_marks = list(overview.marks.values())
    objectives = [syllabus.load().objective(mark.objective) for mark in all_marks]
    columns = {
        TRAINEE: _text(members([mark.student for mark in all_marks], overview.trainees)),
        IDENTIFIER: _text(mark.student for mark in all_marks),
        COPY_OF_TRAINEE: _text(names.get(mark.student, "") for mark in all_marks),
        GOAL: _text(objective.goal for objective in objectives),
        OBJECTIVE: _text(objective.id for objective in objectives),
        TITLE: _text(objective.title for objective in objectives),
        **_scores(all_marks),
        COMMENT: _text("" if mark.changed else mark.comment for mark in all_marks),
        REMARK: _text(REREAD if mark.to_reread else "" for mark in all_marks),
        REVIEWER: _text(mark.reviewer for mark in all_marks),
    }
    return Table("Notes", MARKS, _frame(MARKS, columns))


def handed_in(numbers: Numbers) -> Table:
    """Return the table of hand-ins, with a row per known trainee and goal and the columns of `HANDED_IN`."""
    rows = []
    unreadable = {trainee.id for trainee in numbers.nothing_readable}
    for trainee in numbers.trainees.values():
        nothing = "rien de lisible" if trainee.id in unreadable else "rien remis"
        for goal in syllabus.load().goals:
            handin = numbers.dates.get(trainee.id, {}).get(goal.id)
            state = nothing if handin is None else "corrigée" if handin.graded else "à corriger"
            at = handin.at.astimezone().replace(tzinfo=None, microsecond=0) if handin and handin.at else None
            rows.append((trainee.name, trainee.id, goal.id, at, state))
    frame = pd.DataFrame(rows, columns=[column.heading for column in HANDED_IN])
    return Table("Remises", HANDED_IN, frame.astype({HANDED_IN_AT.heading: "datetime64[s]"}))


def gain(gains: Gains) -> tuple[Table, ...]:
    """Return the table of the test before and after the course, with the columns of `TEST`; none without a sitting."""
    if not gains.before and not gains.after:
        return ()
    counts = (gains.before, gains.after, gains.both)
    rows: list[tuple[Cell, ...]] = [
        (rank, question.text, gain.before, gain.after, gain.of, gain.points if gains.in_shares else None, *counts)
        for rank, (question, gain) in enumerate(gains.items, 1)
    ]
    whole = gains.whole
    results = (whole.before, whole.after, whole.of) if gains.items else (None,) * 3
    points = whole.points if gains.in_shares else None
    rows.append((None, "Toutes les questions", *results, points, *counts))
    frame = pd.DataFrame(rows, columns=[column.heading for column in TEST])
    types = {column.heading: "Int64" for column in TEST if column not in (QUESTION, GAIN)}
    return (Table("Test", TEST, frame.astype({**types, GAIN.heading: "Float64"}).round({GAIN.heading: 1})),)


def as_parquet(table: Table) -> bytes:
    """Return a table as Parquet with its types: texts as written, and nullable numbers and booleans."""
    stream = io.BytesIO()
    table.frame.to_parquet(stream, engine="pyarrow", index=False)
    return stream.getvalue()


def as_workbook(tables: Sequence[Table], bar: ProgressBar | None = None) -> tuple[bytes, tuple[str, ...]]:
    """Return a workbook with one sheet per table, and one more that explains the columns.

    Args:
        tables: The tables.
        bar: Iterates over the rows with a progress bar, as `course.core.bar.bar` does: a large class takes a minute.

    Returns:
        The file, and French sentences on texts or sheets that were cut; none for any usual class.
    """
    explanation = ((table.name, column.heading, column.meaning) for table in tables for column in table.columns)
    sheets = (Sheet(table.name, table.columns, _with_progress(table, bar)) for table in tables)
    return as_excel(chain(sheets, [Sheet("Colonnes", _EXPLANATION, explanation)]), "La classe : réponses et notes")


def _with_progress(table: Table, bar: ProgressBar | None) -> Iterable[tuple[Cell, ...]]:
    if bar is None or len(table.frame) <= _LARGE:
        return table.rows()
    return bar(table.rows(), f"Feuille « {table.name} »", len(table.frame))


def _cells(values: pd.Series[Any]) -> list[Any]:
    plain = values.astype(object).tolist()
    cells = [None if missing else value for value, missing in zip(plain, values.isna(), strict=True)]
    return [cell and cell.to_pydatetime() for cell in cells] if values.dtype.kind == "M" else cells


def _add(rows: list[_AnswerRow], option: int, strategies: Iterable[Mapping[str, Any]]) -> None:
    """Append the rows of one option. Optimised for speed, since it runs for each action of a class."""
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
        return f"réponse illisible : {document.reason}"
    mark = overview.mark(copy, objective)
    if mark is not None and mark.to_reread:
        return REREAD
    if document is None:
        return NOTHING
    return UNEVEN if overview.uneven(copy, objective) else ""


class _Canvases:
    """The values that all rows of a canvas share."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview
        self._copies: list[int] = []
        self._objectives: list[int] = []
        self._marks: list[Mark | None] = []
        self._remarks: list[str] = []
        self._copy_ranks = {students: rank for rank, students in enumerate(overview.names)}
        self._objective_ranks = {objective.id: rank for rank, objective in enumerate(syllabus.load().objectives)}

    def add(self, copy: Copy, objective: Objective, remark: str) -> None:
        self._copies.append(self._copy_ranks[copy.students])
        self._objectives.append(self._objective_ranks[objective.id])
        self._marks.append(self._overview.mark(copy, objective))
        self._remarks.append(remark)

    def columns(self, rows: list[_AnswerRow], lengths: list[int]) -> dict[Column, Any]:
        """Return the columns of the table of answers.

        Args:
            rows: Its rows, canvas by canvas.
            lengths: The number of rows of each canvas.
        """
        names, trainees, course = self._overview.names, self._overview.trainees, syllabus.load()
        options, *texts = map(list, zip(*rows, strict=True)) if rows else [[] for _ in range(1 + len(_ROW))]
        canvas = np.repeat(np.arange(len(lengths)), lengths)  # of each row
        by_copy = {
            COPY: names.values(),
            MEMBERS: (", ".join(members(students, trainees)) for students in names),
            IDENTIFIERS: (", ".join(students) for students in names),
        }
        by_objective = {
            GOAL: (objective.goal for objective in course.objectives),
            OBJECTIVE: (objective.id for objective in course.objectives),
            TITLE: (objective.title for objective in course.objectives),
        }
        by_option = {
            OPTION: (option.id for option in course.options),
            LABEL: (option.label for option in course.options),
        }
        return {
            **_repeated(by_copy, _indices(self._copies)[canvas]),
            **_repeated(by_objective, _indices(self._objectives)[canvas]),
            **_repeated(by_option, _indices(options)),
            **{
                column: _ranks(values) if column in _RANKS else _text(values)
                for column, values in zip(_ROW, texts, strict=True)
            },
            **{column: values.take(canvas) for column, values in _scores(self._marks).items()},
            REMARK: _text(self._remarks).take(canvas),
        }


def _repeated(columns: Mapping[Column, Iterable[str]], indices: Any) -> dict[Column, Any]:  # noqa: ANN401 - as below
    return {column: _text(values).take(indices) for column, values in columns.items()}


def _indices(numbers: Sequence[Any]) -> Any:  # noqa: ANN401 - as below
    return np.array(numbers, dtype=np.int64)


def _scores(marks: Sequence[Mark | None]) -> dict[Column, Any]:
    """Return the columns `_MARKS`; missing marks are missing values, not zeros."""
    graded = [mark if mark is not None and not mark.ungraded else None for mark in marks]
    current = [mark if mark is not None and not mark.changed else None for mark in marks]
    final = [mark if mark is not None and mark.final else None for mark in marks]
    floats = {
        COMPLETENESS: [None if mark is None else mark.completeness for mark in graded],
        QUALITY: [None if mark is None else mark.quality for mark in current],
        TOTAL: [None if mark is None else mark.total for mark in final],
    }
    columns: dict[Column, Any] = {column: pd.array(values, dtype="Float32") for column, values in floats.items()}
    columns[PASSED] = pd.array([None if mark is None else mark.passed for mark in final], dtype="boolean")
    for index, column in enumerate(CRITERIA):
        levels = [None if mark is None else mark.levels[index] for mark in current]
        codes = [-1 if level is None else level for level in levels]
        columns[column] = pd.Categorical.from_codes(codes, categories=pd.Index(LEVELS), ordered=True)
    return columns


def _frame(columns: Sequence[Column], values: Mapping[Column, Any]) -> pd.DataFrame:
    return pd.DataFrame({column.heading: values[column] for column in columns})


def _ranks(values: Iterable[Any]) -> Any:  # noqa: ANN401 - as below
    numbers = np.fromiter(values, dtype=np.int16)
    return pd.arrays.IntegerArray(numbers, numbers == 0)


def _text(values: Iterable[Any]) -> Any:  # noqa: ANN401 - pandas has no common type for its arrays
    return pd.array(list(values), dtype="str")
