"""The model answers as they are written: complete, in the house style, all different, and true to the district."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from every import every

from course.authoring.district.key_figures import KEY_FIGURES
from course.core import model_answers, rubric, syllabus
from course.core.answers import Action, Answers, Strategy
from course.core.completeness import completeness, normalise
from course.core.model_answers import COUNTER_FILE, FILE, VARIANTS, ModelAnswer
from course.core.syllabus import Objective

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "tests" / "answers" / "figures.csv"
TABLES = (ROOT / "solutions" / FILE, ROOT / "solutions" / COUNTER_FILE, FIGURES)
OBJECTIVES = syllabus.load().objectives
ALL = model_answers.load()
ANSWERS = [answer for answers in ALL.answers.values() for answer in answers]
UNMEASURED = "base non mesurée"
DATE = re.compile(
    r"\b(janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|T[1-4]|semestre)\b"
)
# Thresholds that belong to what a figure counts, not figures of their own.
THRESHOLDS = {("5.5.a", "1", "1", "why", "5 %"), ("5.5.a", "1", "1", "why", "3 %")}

each_objective = every("objective", OBJECTIVES, lambda objective: objective.id)


def spaced(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def words(text: str) -> int:
    """Words as a person counts them: « l’eau » is one."""
    return sum(bool(re.search(r"\w", word)) for word in spaced(text).split())


def written(objective: Objective, *variants: str) -> Answers:
    def strategy(answer: ModelAnswer) -> Strategy:
        actions = tuple(Action(action=each.action) for each in answer.actions)
        return Strategy(strategy=answer.strategy, actions=actions)

    return Answers(
        objective.id,
        {o.id: tuple(strategy(a) for a in ALL.answers[o.id] if a.variant in variants) for o in objective.options},
    )


def cells() -> Iterator[tuple[tuple[str, str, str], dict[str, str]]]:
    for row in table(TABLES[0]):
        yield (row["option"], row["variant"], row["number"]), row


CELLS = dict(cells())


# The rule


@every("variants", [("1",), ("2",), VARIANTS], "+".join)
@each_objective
def test_every_canvas_of_model_answers_is_complete(objective: Objective, variants: tuple[str, ...]) -> None:
    assert completeness(objective, written(objective, *variants)).mark == 6


def test_there_are_two_answers_an_option_and_at_least_140_actions() -> None:
    assert list(ALL.answers) == [option.id for option in syllabus.load().options]
    assert all([answer.variant for answer in answers] == ["1", "2"] for answers in ALL.answers.values())
    assert sum(len(answer.actions) for answer in ANSWERS) >= 140
    assert {len(answer.actions) for answer in ANSWERS} == {1, 2, 3}


@each_objective
def test_a_counter_example_is_complete_and_hollow_and_its_verdict_says_why(objective: Objective) -> None:
    counter = ALL.counter_examples[objective.id]
    hollow = {a.option: (Strategy(strategy=a.strategy, actions=(Action(action=a.action),)),) for a in counter.answers}
    assert completeness(objective, Answers(objective.id, hollow)).mark == 6
    assert counter.total < 7
    levels = [(0, criterion.points / 2, criterion.points) for criterion in rubric.load()]
    assert all(points in level for points, level in zip(counter.points, levels, strict=True))
    assert 40 <= words(counter.verdict) <= 80
    assert "Un seul changement" in spaced(counter.verdict)


# The style


@every("answer", ANSWERS, lambda answer: f"{answer.option}-{answer.variant}")
def test_it_is_written_in_the_house_style(answer: ModelAnswer) -> None:
    assert 12 <= words(answer.strategy) <= 35
    assert answer.why
    assert len(set(answer.principles)) >= 2
    for action in answer.actions:
        assert 20 <= words(action.action) <= 60
        assert DATE.search(action.action), "a date"
        assert DATE.search(action.due), "a due date"
        assert "2026" in action.due
        assert DATE.search(action.target), "a target with its date"
        assert "2026" in action.target
        assert re.search(r" ÷ |\b[Pp]art .+ parmi ", spaced(action.indicator)), "a numerator over a denominator"
        assert action.baseline == UNMEASURED or re.search(r"\d", action.baseline)
        assert action.responsible
        assert "," in action.source, "where it is read, and how often"
        assert action.breakdown


def test_a_named_centre_is_one_of_the_district() -> None:
    centres = {row["nom"] for row in table(ROOT / "data" / "district" / "formations_sanitaires.csv")}
    named = {
        m[1] for _, row in cells() for m in re.finditer(r"(?:ICP|COGES|maternité) de ([A-Z]\w+)", row["responsible"])
    }
    assert named
    assert not [name for name in named if not any(name in centre for centre in centres)]


def test_no_two_texts_are_alike() -> None:
    columns = {
        "strategy": [answer.strategy for answer in ANSWERS],
        "action": [action.action for answer in ANSWERS for action in answer.actions],
        "why": [answer.why for answer in ANSWERS],
    }
    for hollow in (answer for counter in ALL.counter_examples.values() for answer in counter.answers):
        columns["strategy"].append(hollow.strategy)
        columns["action"].append(hollow.action)
    for texts in columns.values():
        sets = [(frozenset(normalise(text).split()), text) for text in texts]
        alike = [(a, b) for (one, a), (two, b) in combinations(sets, 2) if len(one & two) >= 0.8 * len(one | two)]
        assert not alike


@every("path", TABLES, lambda path: path.name)
def test_a_table_opens_in_a_french_excel(path: Path) -> None:
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "\r" not in text
    assert unicodedata.is_normalized("NFC", text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert {len(row) for row in rows} == {len(rows[0])}
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"[=+\-@]", cell), "Excel would take it for a formula"
        assert "\n" not in cell
        assert cell == cell.strip()


# The district's figures


def claims() -> list[dict[str, str]]:
    return table(FIGURES)


@every("claim", claims, lambda c: f"{c['option']}-{c['variant']}-{c['number']}-{c['key']}")
def test_a_figure_is_the_district_s_and_stands_where_it_is_said_to(claim: dict[str, str]) -> None:
    value = spaced(claim["value"])
    cell = spaced(CELLS[claim["option"], claim["variant"], claim["number"]][claim["field"]])
    assert re.search(rf"(?<![\d,]){re.escape(value)}(?!\d|,\d)", cell), "it is not in the cell"
    match = re.fullmatch(r"([\d ]+)(?:,(\d+))?( %| millions)?", value)
    assert match, "a number, with its unit"
    said = float(f"{match[1].replace(' ', '')}.{match[2] or '0'}")
    unit = {" %": 0.01, " millions": 1e6, None: 1}[match[3]]
    half = 0.5 * 10 ** -len(match[2] or "")
    assert abs(float(KEY_FIGURES[claim["key"]]()) / unit - said) <= half + 1e-9


def test_every_percentage_and_every_baseline_is_a_claim() -> None:
    claimed: dict[tuple[str, str, str, str], str] = {}
    for claim in claims():
        place = claim["option"], claim["variant"], claim["number"], claim["field"]
        claimed[place] = f"{claimed.get(place, '')}|{spaced(claim['value'])}|"
    loose = [
        (*key, found)
        for key, row in cells()
        for field in ("strategy", "action", "baseline", "why")
        for found in re.findall(r"\d+(?:,\d+)? %", spaced(row[field]))
        if f"|{found}|" not in claimed.get((*key, field), "") and (*key, field, found) not in THRESHOLDS
    ]
    assert not loose, "add them to tests/answers/figures.csv with their key"
    unfounded = [k for k, row in cells() if row["baseline"] != UNMEASURED and (*k, "baseline") not in claimed]
    assert not unfounded
