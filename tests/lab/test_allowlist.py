"""The allow-list: the exact form of the cells that run by themselves, and every way to smuggle code into one."""

from __future__ import annotations

import ast
import base64
from collections.abc import Iterator
from typing import Any

import pytest
from browser import PATIENCE
from notebooks import canvas_source

from course.authoring.district import TABLES
from course.core import quizzes, syllabus
from course.instructor.desk.steps import STEPS
from course.lab.settings import SHARE

pytestmark = pytest.mark.browser

STATIC = SHARE / "labextensions" / "soins-centres-personnes" / "static"
GOOD = canvas_source("1.1")
CALL = ["canvas", "1.1"]
HANDING_IN = [f'# Remettre\nfrom course import handin\nhandin("{goal.assignment}")' for goal in syllabus.load().goals]

SMUGGLED = {
    "a fourth line": GOOD + "\nevil()",
    "an empty fourth line": GOOD + "\n",
    "a semicolon": GOOD + ";",
    "a statement behind": GOOD + "; evil()",
    "a comment behind": GOOD + "  # ok",
    "a space behind": GOOD + " ",
    "a space before": " " + GOOD,
    "a byte-order mark": "\ufeff" + GOOD,
    "no comment": GOOD.split("\n", 1)[1],
    "an empty comment": GOOD.replace("# Canevas 1.1", "#"),
    "two comments": "# Un\n" + GOOD,
    "a magic in the comment": GOOD.replace("# Canevas", "# !Canevas"),
    "a magic for the comment": GOOD.replace("# Canevas 1.1", "%run evil.py"),
    "a shell for the comment": GOOD.replace("# Canevas 1.1", "!evil"),
    "a backslash in the comment": GOOD.replace("# Canevas 1.1", "# Canevas \\"),
    "a quote in the comment": GOOD.replace("# Canevas 1.1", '# """'),
    "an encoding in the comment": GOOD.replace("# Canevas 1.1", "# coding=utf-7"),
    **{
        f"U+{ord(mark):04X} in the comment": GOOD.replace("Canevas 1", f"Canevas{mark}evil()")
        for mark in "\r\f\v\t\x00\x1a\x1c\x1d\x1e\x85\u2028\u2029\u200b\u200e\u202e\u3000\u2060"
    },
    **{
        f"U+{ord(mark):04X} for a line break": GOOD.replace("\n", mark, 1)
        for mark in "\r\f\v\x1c\x1d\x1e\x85\u2028\u2029;"
    },
    "CRLF": GOOD.replace("\n", "\r\n"),
    "a carriage return at the end": GOOD + "\r",
    "a line separator at the end": GOOD + "\u2028",
    "another module": GOOD.replace("course", "courses"),
    "a submodule": GOOD.replace("from course", "from course.canvas"),
    "a relative import": GOOD.replace("from course", "from .course"),
    "a homoglyph in the module": GOOD.replace("course", "cоurse"),
    "a homoglyph in the verb": GOOD.replace("canvas", "сanvas"),
    "a full-width verb": GOOD.replace("canvas", "ｃanvas"),
    "another verb": GOOD.replace("canvas", "evil"),
    "an inherited verb": GOOD.replace("canvas", "constructor"),
    "a prototype for a verb": GOOD.replace("canvas", "__proto__"),
    "a verb imported, another called": GOOD.replace("canvas(", "exec("),
    "two verbs": GOOD.replace("import canvas", "import canvas, evil"),
    "a verb under another name": GOOD.replace("import canvas", "import evil as canvas"),
    "an unknown identifier": GOOD.replace('"1.1"', '"6.1"'),
    "an option's identifier": GOOD.replace('"1.1"', '"1.1.a"'),
    "a closed string": GOOD.replace('"1.1"', '"1.1");evil("'),
    "an expression": GOOD.replace('"1.1"', '"1.1" + evil()'),
    "a second argument": GOOD.replace('"1.1"', '"1.1", evil()'),
    "a keyword": GOOD.replace('"1.1"', 'identifier="1.1"'),
    "single quotes": GOOD.replace('"1.1"', "'1.1'"),
    "an f-string": GOOD.replace('"1.1"', 'f"1.1"'),
    "an escape": GOOD.replace('"1.1"', r'"1\x2e1"'),
    "Arabic digits": GOOD.replace('"1.1"', '"١.١"'),
    "no identifier": GOOD.replace('"1.1"', ""),
    "an empty identifier": GOOD.replace('"1.1"', '""'),
    "a space in the call": GOOD.replace("canvas(", "canvas ("),
    "an assignment": GOOD.replace("canvas(", "x = canvas("),
    "an indented call": GOOD.replace("\ncanvas(", "\n canvas("),
    "an attribute": GOOD + ".evil()",
    "nothing": "",
}


@pytest.fixture(scope="module")
def allowlist(browser: Any) -> Iterator[Any]:
    """The extension's module, as `list` in a page of its own."""
    source = base64.b64encode((STATIC / "allowlist.js").read_bytes()).decode()
    page = browser.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.evaluate(f"import('data:text/javascript;base64,{source}').then((module) => void (window.list = module))")
    yield lambda expression, argument=None: page.evaluate(f"(argument) => {expression}", argument)
    page.close()


class TestAllowList:
    def test_names_the_identifiers_of_the_syllabus_and_no_other(self, allowlist: Any) -> None:
        assert allowlist("list.VERBS") == {
            "canvas": [objective.id for objective in syllabus.load().objectives],
            "bench": ["", *(objective.id for objective in syllabus.load().objectives)],
            "team": [""],
            "handin": [goal.assignment for goal in syllabus.load().goals],
            "quiz": [*quizzes.names(), *quizzes.SITTINGS],
            "glossary": [""],
            "plan": [""],
            "progress": [""],
            "chart": list(TABLES),
            "desk": list(STEPS),
            "classroom": [""],
        }

    @pytest.mark.parametrize("cell", ["# Qui travaille\nfrom course import team\nteam()", *HANDING_IN])
    def test_the_cells_of_the_notebooks_run(self, allowlist: Any, cell: str) -> None:
        assert allowlist("list.codeOf(list.callFor(argument))", cell) == cell.split("\n", 1)[1]

    def test_each_objective_s_cell_runs(self, allowlist: Any) -> None:
        for objective in syllabus.load().objectives:
            source = canvas_source(objective.id)
            assert allowlist("list.codeOf(list.callFor(argument))", source) == source.split("\n", 1)[1]

    @pytest.mark.parametrize(
        "comment",
        ["Canevas 1.1", "Objectif 1.1\u00a0: l’autonomie (à vous)", "«\u202fVous\u202f», d'abord", "مرحبا", "هدف ١-١"],
    )
    def test_a_comment_is_words_in_any_script(self, allowlist: Any, comment: str) -> None:
        assert allowlist("list.callFor(argument)", GOOD.replace("Canevas 1.1", comment)) == CALL

    def test_all_calls_are_one_code_that_python_reads_as_the_page_wrote_it(self, allowlist: Any) -> None:
        calls = [[verb, *([one] if one else [])] for verb, known in allowlist("list.VERBS").items() for one in known]
        tree = ast.parse(allowlist("list.codeOfAll(argument)", calls))
        imported, called = tree.body
        assert ast.unparse(imported) == "from course.lab.kernel import show"
        assert [ast.literal_eval(call) for call in called.value.args] == calls
        assert called.value.func.id == "show"

    @pytest.mark.parametrize("path", ["a.ipynb", "exercises/\"\n\\N{evil}')\u2028é\ud800.ipynb"])
    def test_a_page_s_path_is_a_text_whatever_its_name(self, allowlist: Any, path: str) -> None:
        _, called = ast.parse(allowlist("list.codeIn(argument)", path)).body
        assert ast.literal_eval(called.value.args[0]) == path

    @pytest.mark.parametrize("source", SMUGGLED.values(), ids=SMUGGLED.keys())
    def test_any_other_form_does_not_run(self, allowlist: Any, source: str) -> None:
        assert allowlist("list.callFor(argument)", source) is None

    def test_what_is_no_text_does_not_run(self, allowlist: Any) -> None:
        for value in (None, 1, [GOOD], {"source": GOOD}):
            assert allowlist("list.callFor(argument)", value) is None
