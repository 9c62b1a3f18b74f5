"""The model answers as they are written: complete, in the house style, all different, and true to the district."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from counting import figures
from every import every

from course.core import model_answers, rubric, syllabus
from course.core.answers import Action, Answers, Strategy
from course.core.completeness import completeness, normalise
from course.core.model_answers import COUNTER_FILE, FILE, VARIANTS, ModelAction, ModelAnswer
from course.core.syllabus import Objective

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "tests" / "answers" / "figures.csv"
TABLES = (ROOT / "solutions" / FILE, ROOT / "solutions" / COUNTER_FILE, FIGURES)
OBJECTIVES = syllabus.load().objectives
ALL = model_answers.load()
ANSWERS = [answer for answers in ALL.answers.values() for answer in answers]
UNMEASURED = "base non mesurée"
CALENDAR = re.compile(
    r"\b(janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|20\d\d)\b"
)
RELATIVE = re.compile(r"\b(M1[0-2]|M[1-9]|T[1-4])\b")
WITHIN_THREE_MONTHS = re.compile(r"\b(M[1-3]|T1)\b")
MEASURING = re.compile(
    r"(?i)\b(compte|compter|comptent|mesure|mesurer|relève|relever|relèvent|demande|demander|demandent"
    r"|interroge|interroger|interrogent|note|noter|notent|observe|observer|observent|chronomètre)\b"
)
NUMBER = re.compile(r"\d+(?: \d{3})*(?:,\d+)?")
# Years, scales, ages and distances: they say what is counted, and are no figures themselves.
DEFINITIONS = re.compile(
    r"\b20\d\d\b|\bsur 5\b|\b[12]0 (?:et|km)\b|\b15 à 24\b|\b60 ans\b|\b1 500 FCFA\b|\b1 000 habitants\b"
    r"|\b140/90\b|plus de 5 %|inférieure à 60\b"
)
TITLES = [row["title"] for row in syllabus.rows("principles")]
TOPICS = ("paludisme", "tuberculose", "santé mentale", "adolescent", "handicap", "douleur", "fin de vie")
# Thresholds that belong to what a figure counts, not figures of their own.
THRESHOLDS = {("5.5.a", "1", "1", "strategy", "5 %")}

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
    assert {len(answer.actions) for answer in ANSWERS} <= {1, 2, 3}


@each_objective
def test_a_counter_example_is_complete_and_hollow_and_its_verdict_says_why(objective: Objective) -> None:
    counter = ALL.counter_examples[objective.id]
    hollow = {a.option: (Strategy(strategy=a.strategy, actions=(Action(action=a.action),)),) for a in counter.answers}
    assert completeness(objective, Answers(objective.id, hollow)).mark == 6
    assert counter.total < 7
    assert counter.points[2] == 0, "neither actor nor date: zero on Q3"
    levels = [(0, criterion.points / 2, criterion.points) for criterion in rubric.load()]
    assert all(points in level for points, level in zip(counter.points, levels, strict=True))
    assert 40 <= words(counter.verdict) <= 80
    assert "Un seul changement" in spaced(counter.verdict)


# The style


@every("answer", ANSWERS, lambda answer: f"{answer.option}-{answer.variant}")
def test_it_is_written_in_the_house_style(answer: ModelAnswer) -> None:
    assert 12 <= words(answer.strategy) <= 40
    assert 15 <= words(answer.why) <= 60
    for action in answer.actions:
        assert 20 <= words(action.action) <= 62
        assert action.responsible
    for action in filter(measures, answer.actions):
        assert re.search(r" ÷ |\b[Pp]art .+ parmi ", spaced(action.indicator)), "a numerator over a denominator"
        assert action.breakdown


# What the grid asks, to the letter


def places(answer: ModelAnswer) -> Iterator[tuple[str, ModelAction]]:
    for number, action in enumerate(answer.actions, 1):
        yield f"{answer.option} {answer.variant}.{number}", action


def measures(action: ModelAction) -> bool:
    """Whether the indicator is told at this action; it may be told at another of the same answer."""
    return bool(action.indicator)


def q3(answer: ModelAnswer) -> Iterator[str]:
    """Means named, an actor and a date for each action, a first step within three months."""
    if words(answer.means) < 6:
        yield "its means are not named"
    if not (WITHIN_THREE_MONTHS.search(answer.first_step) and words(answer.first_step) >= 8):
        yield "no first step within three months"
    for place, action in places(answer):
        if not action.responsible or not RELATIVE.search(action.due):
            yield f"{place}: no actor or no date after the training"
        if not RELATIVE.search(action.action):
            yield f"{place}: the action says no date after the training"


def q5(answer: ModelAnswer) -> Iterator[str]:
    """A base, a target, a source and how often; without a measured base, an action of T1 that measures it."""
    told = [(place, action) for place, action in places(answer) if measures(action)]
    if not told:
        yield "no indicator"
    for place, action in told:
        if not re.search(r", (chaque|à chaque|deux fois)\b", action.source):
            yield f"{place}: no source, or not how often it is read"
        if action.baseline.startswith(UNMEASURED):
            found = re.fullmatch(rf"{UNMEASURED} : l’action (\d) la mesure en T1", spaced(action.baseline))
            number = int(found[1]) if found else 0
            measuring = answer.actions[number - 1] if 0 < number <= len(answer.actions) else None
            if not measuring or not WITHIN_THREE_MONTHS.search(measuring.due) or not MEASURING.search(measuring.action):
                yield f"{place}: no action of T1 measures the base"
            if not re.match(r"à fixer à la fin de (M[1-6]|T[12])\b", spaced(action.target)) or "%" in action.target:
                yield f"{place}: a target without a base, or no day when it is fixed"
        elif not (re.search(r"\d", action.baseline) and re.search(r"\d", action.target)):
            yield f"{place}: no base or no target"
        elif not RELATIVE.search(action.target):
            yield f"{place}: a target without a date after the training"


def q6(answer: ModelAnswer) -> Iterator[str]:
    """At least two principles, in one sentence that names them and says why."""
    named = set(re.findall(r"\(principe (\d)\)", spaced(answer.principles_sentence)))
    if len(named) < 2 or len(re.findall(r"\bcar\b", answer.principles_sentence)) < 2:
        yield "its principles are not explained"
    if named != {str(TITLES.index(title) + 1) for title in answer.principles}:
        yield "the sentence names other principles than the column"


def past(answer: ModelAnswer) -> Iterator[str]:
    """Dates are counted from the training: no month of the calendar and no year in what is to be done."""
    for place, action in places(answer):
        for text in (action.action, action.due, action.target, answer.first_step, answer.means):
            if CALENDAR.search(text):
                yield f"{place}: a date of the calendar in « {text[:60]} »"


def test_every_model_answer_obeys_the_grid_to_the_letter() -> None:
    wrong = [
        f"{answer.option}-{answer.variant}: {fault}"
        for answer in ANSWERS
        for rule in (q3, q5, q6, past)
        for fault in rule(answer)
    ]
    assert not wrong


def test_no_two_options_lean_on_one_same_figure() -> None:
    leaning: dict[str, set[str]] = {}
    for claim in claims():
        if claim["field"] in {"strategy", "baseline"}:
            leaning.setdefault(claim["key"], set()).add(claim["option"])
    shared = {key: sorted(options) for key, options in leaning.items() if len(options) > 1}
    assert not shared


def test_who_acts_and_what_about_varies() -> None:
    actors = Counter(action.responsible for answer in ANSWERS for action in answer.actions)
    number = sum(actors.values())
    assert len(actors) >= number // 4
    assert not [actor for actor, times in actors.items() if times > max(3, number // 10)]
    served = Counter(title for answer in ANSWERS for title in answer.principles)
    assert not [title for title, times in served.items() if times > 0.7 * len(ANSWERS)]
    rare = {
        topic
        for topic in TOPICS
        if len({answer.option for answer in ANSWERS if topic in spaced(repr(answer)).lower()}) < 2
    }
    assert not rare


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
    """The figures; in the table a key stands between backticks, as code does among prose."""
    return [{**claim, "key": claim["key"].strip("`")} for claim in table(FIGURES)]


@every("claim", claims, lambda c: f"{c['option']}-{c['variant']}-{c['number']}-{c['key']}")
def test_a_figure_is_the_district_s_and_stands_where_it_is_said_to(claim: dict[str, str]) -> None:
    value = spaced(claim["value"])
    cell = spaced(CELLS[claim["option"], claim["variant"], claim["number"]][claim["field"]])
    assert re.search(rf"(?<![\d,]){re.escape(value)}(?!\d|,\d)", cell), "it is not in the cell"
    match = re.fullmatch(r"(.+?)( %| millions)?", value)
    assert match
    unit = {" %": 0.01, " millions": 1e6, None: 1}[match[2]]
    written = [NUMBER.match(part) for part in match[1].split(" sur ")]
    for number, figure in zip(written, figures(claim["key"]), strict=True):
        assert number, "a number, or « n personnes sur m »"
        whole, _, decimals = number[0].replace(" ", "").partition(",")
        assert abs(figure / unit - float(f"{whole}.{decimals or 0}")) <= 0.5 * 10 ** -len(decimals) + 1e-9, figure


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
    unfounded = [
        (*key, field, found)
        for key, row in cells()
        if not row["baseline"].startswith(UNMEASURED)
        for field in ("strategy", "baseline")
        for found in NUMBER.findall(DEFINITIONS.sub("", spaced(row[field])))
        if found.strip() not in re.findall(NUMBER, claimed.get((*key, field), ""))
    ]
    assert not unfounded
