"""The 18 mark schemes: the rubric made concrete for one objective, and figures that are the district's."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from counting import figures
from every import every

from course.authoring.district.key_figures import KEY_FIGURES
from course.core import rubric as criteria
from course.core import syllabus
from course.core.syllabus import Objective

ROOT = Path(__file__).resolve().parents[2]
TRACE = Path(__file__).with_name("scheme-figures.csv")
BEGIN, END = "\n### DÉBUT DU BARÈME\n", "\n### FIN DU BARÈME"
CONFUSED = "\n**Ce que l’on peut confondre**\n"
FIGURES = "\n**Les chiffres du district qu’une bonne réponse cite** (données fictives)\n"
FIRST_STEP = "\n**Un premier pas que l’on peut récompenser**"
OBJECTIVES = syllabus.load().objectives
# Years, scales and thresholds: they say what is counted, and are no figures themselves.
DEFINITIONS = re.compile(
    r"\b20\d\d\b|\bsur 5\b|\b[12]0 km\b|\b1 500 FCFA\b|\bpour 1 000 habitants\b|\b140/90\b"
    r"|plus de 5 %|3 % de plus par kilomètre"
)
NUMBER = re.compile(r"(−?)([\d ]+)(?:,(\d+))?( %| millions)?")

each_objective = every("objective", OBJECTIVES, lambda objective: objective.id)


def spaced(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def scheme(objective: Objective) -> str:
    """What the instructor reads and the trainee never sees, with plain spaces."""
    assignment = syllabus.load().goal(objective.goal).assignment
    notebook = json.loads((ROOT / "solutions" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["id"] == f"qualite-{objective.cell}"]
    assert len(sources) == 1
    inside, end, after = sources[0].partition(BEGIN)[2].partition(END)
    assert (end, after) == (END, "")
    return spaced(inside)


def parts(objective: Objective) -> tuple[str, str, str, str]:
    """The rubric, what is confused, the figures and the first step."""
    found = scheme(objective)
    cut: list[str] = []
    for heading in (CONFUSED, FIGURES, FIRST_STEP):
        assert found.count(heading) == 1, heading.strip()
        before, _, found = found.partition(heading)
        cut.append(before)
    return cut[0], cut[1], cut[2], found


def bullets(part: str) -> list[str]:
    lines = [line for line in part.split("\n") if line]
    assert all(line.startswith("- ") and line.endswith(".") for line in lines)
    return [line.removeprefix("- ") for line in lines]


def rows(objective: Objective) -> list[list[str]]:
    lines = parts(objective)[0].split("\n")
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| **Q")]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def trace() -> list[dict[str, str]]:
    return table(TRACE)


# The rubric


@each_objective
def test_a_scheme_names_the_six_criteria_of_the_rubric_with_their_points(objective: Objective) -> None:
    rubric = criteria.load()
    told = rows(objective)
    assert [row[0].replace("**", "") for row in told] == [
        f"Q{number}. {spaced(criterion.title)}" for number, criterion in enumerate(rubric, 1)
    ]
    for row, criterion in zip(told, rubric, strict=True):
        points = [re.match(r"\*\*(\d(?:,5)?)\*\* : \S", level) for level in row[1:]]
        assert [float(found[1].replace(",", ".")) for found in points if found] == [
            0,
            criterion.points / 2,
            criterion.points,
        ]


def test_what_full_looks_like_is_said_anew_for_each_objective() -> None:
    full = [row[3] for objective in OBJECTIVES for row in rows(objective)]
    assert len(full) == len(set(full)) == 6 * len(OBJECTIVES)
    general = {spaced(criterion["full"]) for criterion in table(ROOT / "data" / "rubric.csv")}
    assert not [text for text in full if text.partition(" : ")[2] in general]


@each_objective
def test_a_full_verifiability_still_asks_for_all_that_the_rubric_asks(objective: Objective) -> None:
    assert "base, cible, source et fréquence" in rows(objective)[4][3]


# The three parts


@each_objective
def test_it_tells_two_or_three_confusions_and_one_first_step(objective: Objective) -> None:
    _, confused, _, first_step = parts(objective)
    assert 2 <= len(bullets(confused)) <= 3
    assert re.fullmatch(r" : [^.]+\.\n", first_step)


@each_objective
def test_each_line_of_figures_names_its_table_and_cites_at_least_one(objective: Objective) -> None:
    lines = bullets(parts(objective)[2])
    assert 2 <= len(lines) <= 4
    for line in lines:
        told = re.match(r"`(\w+\.csv)` : .*\d", line)
        assert told, line
        assert (ROOT / "data" / "district" / told[1]).is_file()


# The district's figures


@every("claim", trace, lambda claim: f"{claim['objective']}-{claim['key']}")
def test_a_figure_of_a_scheme_is_the_district_s(claim: dict[str, str]) -> None:
    match = NUMBER.fullmatch(spaced(claim["value"]))
    assert match, "a number, with its unit"
    said = float(f"{'-' if match[1] else ''}{match[2].replace(' ', '')}.{match[3] or '0'}")
    unit = {" %": 0.01, " millions": 1e6, None: 1}[match[4]]
    half = 0.5 * 10 ** -len(match[3] or "")
    assert abs(float(KEY_FIGURES[claim["key"]]()) / unit - said) <= half + 1e-9


@each_objective
def test_every_number_among_the_figures_is_traced_in_the_order_of_the_text(objective: Objective) -> None:
    left = DEFINITIONS.sub("", parts(objective)[2])
    kept = []
    for value in (spaced(claim["value"]) for claim in trace() if claim["objective"] == objective.id):
        found = re.search(rf"(?<![\d,−]){re.escape(value)}(?!,?\d| %| millions)", left)
        assert found, f"{value} is not in the scheme, or not in its place"
        kept.append(left[: found.start()])
        left = left[found.end() :]
    loose = re.findall(r"\d[\d ,]*", "".join([*kept, left]))
    assert not loose, f"add them to {TRACE.name} with their key"


# What trainees read before they answer


def test_the_levels_of_the_grid_stand_before_the_first_canvas_of_each_exercise() -> None:
    missing = []
    for path in sorted((ROOT / "exercises").glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        first = next(number for number, cell in enumerate(cells) if cell["cell_type"] == "code")
        before = spaced("\n".join("".join(cell["source"]) for cell in cells[:first]))
        missing += [
            f"{path.name}: {level}"
            for criterion in criteria.load()
            for level in criterion.levels
            if f" {spaced(level)} |" not in before
        ]
    assert not missing


def test_the_grid_says_how_a_line_without_actor_date_or_base_is_marked() -> None:
    levels = {criterion.id: [spaced(level) for level in criterion.levels] for criterion in criteria.load()}
    assert "sans acteur ou sans date" in levels["q3"][0]
    assert "« base non mesurée »" in levels["q5"][1]
    assert "une action de T1 la mesure" in levels["q5"][2]
    assert "« à fixer à telle date »" in levels["q5"][2]
    zero_and_half = [(rows(objective)[2][1], rows(objective)[4][2], rows(objective)[4][3]) for objective in OBJECTIVES]
    assert all("sans acteur ou sans date" in zero for zero, _, _ in zero_and_half)
    assert all("« base non mesurée »" in half and "« à fixer à telle date »" in full for _, half, full in zero_and_half)


def test_the_worked_line_obeys_the_grid_and_its_base_is_the_district_s() -> None:
    part, whole = figures("enquete_satisfaction: fs_id=FS12 & attente_min>=0 ; attente_min>=60")
    asked = ("Responsable, échéance", "Moyens, premier pas", "Indicateur", "Cible", "Source et fréquence", "Principes")
    for path in sorted((ROOT / "exercises").glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = spaced("".join(next(cell["source"] for cell in cells if cell["id"] == "exemple")))
        assert f"{part:.0f} personnes sur {whole:.0f}" in text
        assert f"**Base** : {part:.0f} sur {whole:.0f} en 2025" in text
        assert [label for label in asked if f"**{label}** : " not in text] == []
