"""The notebooks people open: clean, complete, true to the syllabus, and `exercises/` made from `solutions/` alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path, PurePosixPath

import nbformat
import pytest
from every import every
from nbformat import NotebookNode

from course.core import rubric, syllabus
from course.core.answers import Action, Answers, Strategy
from course.core.completeness import completeness
from course.core.syllabus import Goal, Objective, Option

ROOT = Path(__file__).resolve().parent.parent
KERNEL = {"name": "python3", "display_name": "Cours (Python)", "language": "python"}
GOALS = syllabus.load().goals
OBJECTIVES = syllabus.load().objectives
BEGIN, END = "\n### DÉBUT DU BARÈME\n", "\n### FIN DU BARÈME"
REMEDY = "rangez par « uv run course tidy »"
LINK = re.compile(r"\]\(([^)\s]+)\)")


def kept_files(*folders: str) -> list[str]:
    """What git tracks or would track; not the answers that a teacher's trial left behind, which it ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted({name for name in listed if name and (ROOT / name).exists()})


FILES = kept_files("solutions", "exercises", "modules")
NOTEBOOKS = [name for name in FILES if name.endswith(".ipynb")]
WORKBOOK = [name for name in NOTEBOOKS if not name.startswith("modules/")]

each_notebook = every("name", NOTEBOOKS)
each_workbook = every("name", WORKBOOK)
each_goal = every("goal", GOALS, lambda goal: goal.assignment)
each_objective = every("objective", OBJECTIVES, lambda objective: objective.id)


def opened(name: str) -> NotebookNode:
    return nbformat.read(ROOT / name, as_version=nbformat.NO_CONVERT)


def workbook(folder: str, goal: Goal) -> NotebookNode:
    return opened(f"{folder}/{goal.assignment}/{goal.assignment}.ipynb")


def cell_of(folder: str, objective: Objective, kind: str) -> NotebookNode:
    goal = syllabus.load().goal(objective.goal)
    found = [c for c in workbook(folder, goal).cells if c.id == f"{kind}-{objective.cell}"]
    assert len(found) == 1, f"{folder}, cellule {kind}-{objective.cell} : {REMEDY}"
    return found[0]


def nbgrader_says(grade_id: str, **more: object) -> dict[str, object]:
    """nbgrader's metadata of a locked cell that holds no answer."""
    plain = {"grade": False, "locked": True, "schema_version": 3, "solution": False, "task": False}
    return {**plain, "grade_id": grade_id, **more}


def mark_scheme(source: str) -> str:
    scheme, end, after = source.partition(BEGIN)[2].partition(END)
    assert (end, after) == (END, ""), "le barème n’est pas fermé en fin de cellule"
    return scheme


# Every notebook


def test_the_notebooks_are_the_five_of_the_workbook_twice_and_the_welcome_page() -> None:
    rooms = ("solutions", "exercises")
    assert set(WORKBOOK) == {f"{room}/{goal.assignment}/{goal.assignment}.ipynb" for room in rooms for goal in GOALS}
    assert "modules/00-bienvenue.ipynb" in NOTEBOOKS


@each_notebook
def test_is_valid_nbformat_4_5_written_as_jupyter_writes_it(name: str) -> None:
    notebook = opened(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert (ROOT / name).read_bytes() == (nbformat.writes(notebook) + "\n").encode(), f"{name} : {REMEDY}"


@each_notebook
def test_names_the_course_kernel_and_nothing_of_a_machine(name: str) -> None:
    assert opened(name).metadata == {"kernelspec": KERNEL}, f"{name} : {REMEDY}"


@each_notebook
def test_holds_no_output_and_no_counter(name: str) -> None:
    ran = [c.id for c in opened(name).cells if c.cell_type == "code" and (c.outputs or c.execution_count is not None)]
    assert not ran, f"{name} : {REMEDY}"


@each_notebook
def test_cell_ids_are_unique_and_the_ids_of_the_grader(name: str) -> None:
    cells = opened(name).cells
    assert len({cell.id for cell in cells}) == len(cells)
    for cell in cells:
        if "nbgrader" in cell.metadata:
            assert cell.id == cell.metadata.nbgrader.grade_id, f"{name} : {REMEDY}"


@each_notebook
def test_opens_on_its_only_first_level_heading(name: str) -> None:
    cells = opened(name).cells
    titles = [c.id for c in cells if c.cell_type == "markdown" and re.search(r"^# \S", c.source, re.MULTILINE)]
    assert cells[0].source.startswith("# ")
    assert titles == [cells[0].id]


@each_notebook
def test_text_has_no_html_no_address_no_stray_space(name: str) -> None:
    for cell in opened(name).cells:
        assert cell.source == cell.source.strip() != "", cell.id
        assert not [line for line in cell.source.split("\n") if line != line.rstrip()], cell.id
        if cell.cell_type == "markdown":
            assert not re.search(r"</?[a-zA-Z!]", cell.source), cell.id
            assert not re.search(r"\w+://|www\.|mailto:", cell.source), cell.id


@each_notebook
def test_every_link_leads_to_a_notebook_that_its_reader_has(name: str) -> None:
    own = PurePosixPath(name).parts[0]
    for cell in opened(name).cells:
        for target in LINK.findall(cell.source):
            path = (ROOT / name).parent.joinpath(target.partition("#")[0]).resolve()
            assert path.is_file(), f"{name}, cellule {cell.id} : {target} n’existe pas"
            room = path.relative_to(ROOT).parts[0]
            assert room in {own, "modules", "exercises"}, f"{name}, cellule {cell.id} : {target} sort du cahier"


# The workbook


@each_workbook
def test_every_cell_is_locked(name: str) -> None:
    for cell in opened(name).cells:
        assert cell.metadata.nbgrader.locked
        assert not cell.metadata.nbgrader.solution
        if name.startswith("exercises/"):
            assert (cell.metadata.deletable, cell.metadata.editable) == (False, False)


@each_goal
@every("folder", ["solutions", "exercises"])
def test_title_then_how_to_then_the_canvases_of_the_goal_then_what_next(folder: str, goal: Goal) -> None:
    cells = workbook(folder, goal).cells
    canvases = [f"{kind}-{o.cell}" for o in goal.objectives for kind in ("situation", "completude", "qualite")]
    opening = ["titre", "mode-d-emploi", "comment-faire", "exemple", "points"]
    closing = ["et-maintenant", "remise"]
    assert [c.id for c in cells] == [*opening, *canvases, *closing]
    assert cells[0].source.split("\n")[0] == f"# Cahier du but {goal.id}\u00a0: {goal.title}"
    assert "données fictives" in cells[0].source
    assert re.findall(r"#cell-id=situation-([\d-]+)\)", cells[0].source) == [o.cell for o in goal.objectives]


@each_goal
@every("folder", ["solutions", "exercises"])
def test_what_stands_between_the_title_and_the_first_situation_is_folded(folder: str, goal: Goal) -> None:
    fold, *folded, first = workbook(folder, goal).cells[1:6]
    assert (fold.metadata["jp-MarkdownHeadingCollapsed"], fold.metadata["tags"]) == (True, ["plus-loin"])
    assert fold.source.startswith("## ")
    assert all(cell.source.startswith("### ") and "\n## " not in cell.source for cell in folded)
    assert first.source.startswith("## ")


@each_goal
def test_the_last_cell_hands_in_the_goal_s_own_work(goal: Goal) -> None:
    cell = workbook("solutions", goal).cells[-1]
    assert cell.source == f'# Remettre\nfrom course import handin\nhandin("{goal.assignment}")'
    assert cell.metadata == {"jupyter": {"source_hidden": True}, "nbgrader": nbgrader_says("remise")}


@each_goal
def test_says_how_before_the_first_canvas(goal: Goal) -> None:
    how, _, points = (c.source for c in workbook("solutions", goal).cells[2:5])
    for words in ("- **Option**", "- **Stratégie**", "- **Action**", "en groupe", "trois sens", "pas les bonnes"):
        assert words in how
    for rule in ("20\u00a0points", "6\u00a0points", "14\u00a0points", "12\u00a0points sur 20", "7\u00a0points sur 14"):
        assert rule in points


@each_goal
def test_the_hollow_row_of_the_example_is_as_complete_as_the_careful_one(goal: Goal) -> None:
    example = workbook("solutions", goal).cells[3].source
    label = re.search(r"«\u202f(.+?)\u202f»", example)[1]
    rows = [line.strip("| ").split(" | ") for line in example.split("\n") if line.startswith("| **")]
    assert len(rows) == 2
    option = Option("9.9.a", "9.9", label, label, "")
    for _, strategy, action in rows:
        answers = Answers("9.9", {"9.9.a": (Strategy("s", strategy, (Action("a", action),)),)})
        assert completeness(Objective("9.9", "9", "", (option,)), answers).mark == 6


@each_objective
def test_the_canvas_cell_is_the_contract_to_the_byte(objective: Objective) -> None:
    cell = cell_of("solutions", objective, "completude")
    assert cell.cell_type == "code"
    assert cell.source == f'# Canevas {objective.id}\nfrom course import canvas\ncanvas("{objective.id}")'
    assert cell.metadata == {
        "jupyter": {"source_hidden": True},
        "nbgrader": nbgrader_says(cell.id, grade=True, points=6),
    }


@each_objective
def test_the_quality_cell_is_a_manual_task_of_14_points(objective: Objective) -> None:
    cell = cell_of("solutions", objective, "qualite")
    assert cell.cell_type == "markdown"
    assert cell.metadata == {"nbgrader": nbgrader_says(cell.id, task=True, points=14)}
    seen_by_trainees = cell.source.partition(BEGIN)[0]
    assert f"objectif {objective.id}" in seen_by_trainees
    assert "14\u00a0points" in seen_by_trainees


@each_objective
def test_the_situation_names_its_objective_and_its_district(objective: Objective) -> None:
    cell = cell_of("solutions", objective, "situation")
    assert cell.cell_type == "markdown"
    assert cell.metadata == {"nbgrader": nbgrader_says(cell.id)}
    assert cell.source.split("\n")[0] == f"## Objectif {objective.id}\u00a0: {objective.title}"
    assert "Tansobré" in cell.source
    assert "diapositive" not in cell.source.lower()
    assert f"#cell-id=objectif-{objective.cell})" in cell.source, "the way back to the lesson"
    several = f"**À vous.** Pour chaque option de l’objectif {objective.id}, "
    single = f"**À vous.** L’objectif {objective.id} n’a qu’une option"
    said = cell.source.replace("\u00a0", " ")
    assert (several in said, single in said) == (len(objective.options) > 1, len(objective.options) == 1)


@each_objective
def test_the_mark_scheme_has_six_criteria_worth_zero_half_or_all_of_14_points(objective: Objective) -> None:
    scheme = mark_scheme(cell_of("solutions", objective, "qualite").source)
    rows = [line.strip("| ").split(" | ") for line in scheme.split("\n") if line.startswith("| **Q")]
    assert [re.match(r"\*\*(Q\d)\. ", row[0])[1] for row in rows] == ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6"]
    levels = [[Fraction(re.match(r"\*\*([\d,]+)\*\*", text)[1].replace(",", ".")) for text in row[1:]] for row in rows]
    assert [full for _, _, full in levels] == [3, 2, 3, 3, 2, 1]
    assert all((zero, half) == (0, full / 2) for zero, half, full in levels)


# What trainees get


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`exercises/` as nbgrader makes it from a copy of `solutions/`, by the course's own settings."""
    course = tmp_path_factory.mktemp("course")
    for name in [*kept_files("solutions"), "nbgrader_config.py"]:
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, course / name)
    environment = {
        **os.environ,
        # nbgrader calls `alembic` by its name.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "JUPYTER_CONFIG_DIR": str(course / "no-settings-of-this-machine"),
    }
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "but-*"]  # five for one start
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return course / "exercises"


def test_exercises_are_exactly_what_the_solutions_generate(generated: Path) -> None:
    # nbgrader writes the line ends of the system.
    made = {
        path.relative_to(generated.parent).as_posix(): path.read_bytes().replace(b"\r\n", b"\n")
        for path in generated.rglob("*")
        if path.is_file()
    }
    assert sorted(made) == kept_files("exercises")
    stale = [name for name, content in made.items() if content != (ROOT / name).read_bytes()]
    assert not stale, REMEDY


@each_objective
def test_nothing_of_the_mark_scheme_reaches_a_trainee(objective: Objective) -> None:
    authored = cell_of("solutions", objective, "qualite").source
    assert cell_of("exercises", objective, "qualite").source == authored.partition(BEGIN)[0]
    handed_out = "\n".join(c.source for c in workbook("exercises", syllabus.load().goal(objective.goal)).cells)
    assert "barème" not in handed_out.lower()
    pieces = {piece.strip() for piece in re.split(r"[|\n]|\*\*", mark_scheme(authored))}
    grid = "\n".join(text for criterion in rubric.load() for text in (criterion.title, *criterion.levels))
    assert not [piece for piece in pieces if len(piece) > 20 and piece in handed_out and piece not in grid]


def test_no_answers_file_stands_where_it_would_replace_those_of_trainees() -> None:
    assert not [n for n in FILES if not n.startswith("modules/") and (n.endswith(".json") or "/reponses/" in n)]


# The welcome page


def test_the_welcome_page_maps_the_five_goals_and_their_objectives() -> None:
    text = "\n".join(c.source for c in opened("modules/00-bienvenue.ipynb").cells)
    for goal in GOALS:
        path = f"../exercises/{goal.assignment}/{goal.assignment}.ipynb"
        assert f"[But {goal.id}\u00a0: {goal.title}]({path})" in text
    places = [text.index(f"**{o.id}**\u00a0{o.title}") for o in OBJECTIVES]
    assert places == sorted(places)


def test_the_welcome_page_promises_that_nothing_is_lost_and_says_whose_course_it_is() -> None:
    text = "\n".join(c.source for c in opened("modules/00-bienvenue.ipynb").cells)
    assert "Quand le canevas indique que tout est enregistré, votre texte est sur le disque." in text
    assert "Ce qui n’est pas encore enregistré reste dans ce navigateur, et revient de lui-même" in text
    for fact in ("Drabo K. Maxime", "Nana W. Félicité", "pas un produit de l’OMS", "données fictives", "CC BY 4.0"):
        assert fact in text


def test_how_to_fill_a_canvas_is_said_alike_in_the_five_notebooks() -> None:
    for name in ("mode-d-emploi", "comment-faire", "exemple", "points"):
        texts = {
            "".join(cell["source"])
            for path in sorted((ROOT / "solutions").glob("*/*.ipynb"))
            for cell in json.loads(path.read_bytes())["cells"]
            if cell["id"] == name
        }
        assert len(texts) == 1, f"la cellule « {name} » n’est pas la même partout"


def test_the_lessons_bear_the_titles_of_the_principles() -> None:
    for lesson in ("03-strategie-mondiale", "09-principes-de-mise-en-oeuvre"):
        cells = json.loads((ROOT / "modules" / f"{lesson}.ipynb").read_bytes())["cells"]
        text = "".join("".join(cell["source"]) for cell in cells)
        assert not [row["title"] for row in syllabus.rows("principles") if row["title"] not in text], lesson
