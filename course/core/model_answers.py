"""The model answers: two per option, and a counter-example per canvas, read from `solutions/`.

They are examples: no program compares answers with them. An instructor who wants them private removes
`model-answers.csv`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from course.core import syllabus
from course.core.content import content
from course.core.syllabus import rows

FILE = "model-answers.csv"
COUNTER_FILE = "counter-examples.csv"
ABSENT = (
    f"Cette copie du cours ne contient pas de corrigés : le fichier « solutions/{FILE} » n’y est pas. "
    "Tout le reste marche."
)
VARIANTS = ("1", "2")


class UnusableTableError(ValueError):
    """A malformed table of model answers; the message is a French sentence that names the file and the line."""


@dataclass(frozen=True, slots=True)
class ModelAction:
    """One action of a model answer: the columns of the table."""

    action: str
    responsible: str
    due: str
    indicator: str
    baseline: str
    target: str
    source: str
    breakdown: str


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """One of the two model answers to an option.

    Attributes:
        option: `1.1.a` … `5.5.b`.
        variant: `1` or `2`.
        strategy: The strategy of a team for the option.
        actions: One to three actions.
        means: The people, money, equipment and permissions required.
        first_step: The step taken within three months of the training, and by whom.
        why: Its strength and its limit.
        principles: The titles of the principles that it serves.
        principles_sentence: How it serves them, in one sentence.
    """

    option: str
    variant: str
    strategy: str
    actions: tuple[ModelAction, ...]
    means: str
    first_step: str
    why: str
    principles: tuple[str, ...]
    principles_sentence: str


@dataclass(frozen=True, slots=True)
class HollowAnswer:
    """The counter-example's strategy and action for one option."""

    option: str
    strategy: str
    action: str


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A canvas that is complete by the rule and poor in quality.

    Attributes:
        answers: One strategy and one action for each option.
        points: Its points for each criterion, from Q1 to Q6.
        verdict: The reasons, in words.
    """

    answers: tuple[HollowAnswer, ...]
    points: tuple[Fraction, ...]
    verdict: str

    @property
    def total(self) -> Fraction:
        """Its quality, 0 to 14."""
        return sum(self.points, Fraction(0))


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """All model answers and counter-examples.

    Attributes:
        answers: By option, in the order of the table.
        counter_examples: By objective.
        absence: A French sentence when there are none; else empty.
    """

    answers: Mapping[str, tuple[ModelAnswer, ...]]
    counter_examples: Mapping[str, CounterExample]
    absence: str = ""


def exist() -> bool:
    """Return True when this copy of the course has model answers; the file is not opened."""
    return _path(FILE) is not None


def load() -> ModelAnswers:
    """Return the model answers of this copy of the course; they are read again when a table has changed.

    Returns:
        Both tables; empty ones, and a sentence, without model answers.

    Raises:
        UnusableTableError: A table is malformed.
    """
    paths = [_path(name) for name in (FILE, COUNTER_FILE)]
    return _load(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) if path else None for path in paths))


def read(folder: Path) -> ModelAnswers:
    """Read the model answers of a folder; returns and raises as `load`.

    Args:
        folder: A folder that contains both tables, one, or none.
    """
    if not (folder / FILE).is_file():
        return ModelAnswers(MappingProxyType({}), MappingProxyType({}), ABSENT)
    counter = _counter_examples(folder / COUNTER_FILE) if (folder / COUNTER_FILE).is_file() else {}
    return ModelAnswers(MappingProxyType(_answers(folder / FILE)), MappingProxyType(counter))


@lru_cache(maxsize=1)
def _load(stamps: tuple[tuple[Path, int, int] | None, ...]) -> ModelAnswers:
    folders = [stamp[0].parent for stamp in stamps if stamp]
    return read(folders[0]) if folders else ModelAnswers(MappingProxyType({}), MappingProxyType({}), ABSENT)


def _path(name: str) -> Path | None:
    try:
        path = content("solutions") / name
    except FileNotFoundError:
        return None
    return path if path.is_file() else None


_ACTION = tuple(field.name for field in fields(ModelAction))
_COLUMNS = (
    "option",
    "variant",
    "number",
    "strategy",
    *_ACTION,
    "means",
    "first_step",
    "why",
    "principles",
    "principles_sentence",
)
_MARKS = ("q1", "q2", "q3", "q4", "q5", "q6")
_COUNTER_COLUMNS = ("objective", "option", "strategy", "action", *_MARKS, "verdict")


def _answers(path: Path) -> dict[str, tuple[ModelAnswer, ...]]:
    titles = {row["principle"]: row["title"] for row in rows("principles")}
    answers: dict[tuple[str, str], ModelAnswer] = {}
    for line, row in _lines(path, _COLUMNS):
        option, key = row["option"], (row["option"], row["variant"])
        _known_option(path, line, option)
        if row["variant"] not in VARIANTS:
            raise _mistake(path, line, f"le corrigé se numérote 1 ou 2, et non « {row['variant']} »")
        if not row["action"]:
            raise _mistake(path, line, "l’action est vide")
        before = answers.get(key)
        rank = str(len(before.actions) + 1 if before else 1)
        if row["number"] != rank:
            raise _mistake(
                path,
                line,
                f"l’action n° « {row['number']} » du corrigé {row['variant']} de {option} devrait être la {rank}",
            )
        action = ModelAction(*(row[name] for name in _ACTION))
        if before:
            answers[key] = replace(before, actions=(*before.actions, action))
            continue
        if not row["strategy"]:
            raise _mistake(path, line, f"la stratégie du corrigé {row['variant']} de {option} est vide")
        principles = tuple(filter(None, map(str.strip, row["principles"].split(","))))
        for principle in principles:
            if principle not in titles:
                raise _mistake(path, line, f"« {principle} » n’est pas un principe : ils vont de p1 à p6")
        served = tuple(titles[principle] for principle in principles)
        answers[key] = ModelAnswer(
            option=option,
            variant=row["variant"],
            strategy=row["strategy"],
            actions=(action,),
            means=row["means"],
            first_step=row["first_step"],
            why=row["why"],
            principles=served,
            principles_sentence=row["principles_sentence"],
        )
    return {
        option.id: tuple(answers[option.id, variant] for variant in VARIANTS if (option.id, variant) in answers)
        for option in syllabus.load().options
    }


def _counter_examples(path: Path) -> dict[str, CounterExample]:
    examples: dict[str, CounterExample] = {}
    for line, row in _lines(path, _COUNTER_COLUMNS):
        _known_option(path, line, row["option"])
        objective = syllabus.load().option(row["option"]).objective
        if row["objective"] != objective:
            raise _mistake(
                path, line, f"l’option {row['option']} est de l’objectif {objective}, non « {row['objective']} »"
            )
        answer = HollowAnswer(row["option"], row["strategy"], row["action"])
        before = examples.get(objective)
        if before:
            examples[objective] = CounterExample((*before.answers, answer), before.points, before.verdict)
        else:
            points = tuple(_points(path, line, name, row[name]) for name in _MARKS)
            examples[objective] = CounterExample((answer,), points, row["verdict"])
    return examples


def _lines(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table that are not empty, with their line numbers in the file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _mistake(path, line, "ce n’est pas de l’UTF-8 ; enregistrez en « CSV UTF-8 »") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        raise _mistake(path, 1, f"il manque la colonne « {missing[0]} » (le séparateur est le point-virgule)")
    last = 1
    for row in reader:
        line, last = last + 1, reader.line_num
        if None in row or None in row.values():
            raise _mistake(path, line, f"la ligne n’a pas {len(reader.fieldnames or ())} cases comme la première")
        clean = {name: row[name].strip() for name in columns}
        if any(clean.values()):
            yield line, clean


def _known_option(path: Path, line: int, option: str) -> None:
    try:
        syllabus.load().option(option)
    except KeyError:
        raise _mistake(path, line, f"il n’y a pas d’option « {option} » dans le cours") from None


def _points(path: Path, line: int, name: str, text: str) -> Fraction:
    try:
        return Fraction(text.replace(",", "."))
    except ValueError:
        raise _mistake(path, line, f"« {text} » n’est pas un nombre de points pour {name.upper()}") from None


def _mistake(path: Path, line: int, mistake: str) -> UnusableTableError:
    return UnusableTableError(
        f"« solutions/{path.name} », ligne {line} : {mistake}. Corrigez la table, puis recommencez."
    )
