# ruff: noqa: PLC0415 - the rooms are imported once they are reworded
"""What an instructor sees of a class, as data; with `reworded`, every French text in the code is another one.

For a process of its own: it imports the course anew.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import count
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

SIGN = "⟦"
_ADDED = re.compile(r"⟦\d*⟧")
ROOMS = tuple(
    f"course.instructor.{room}" for room in ("classview", "giveback", "review", "desk", "output", "spreadsheets")
)
ROOMS += ("course.instructor.demo.inbox", "course.commands.table")
TECHNICAL = {"DejaVu Sans", "Title", "Date", "dd/mm/yyyy hh:mm", "outside lower left", "axes fraction", "offset points"}


def is_french(text: str) -> bool:
    """Whether a text of the code may be for people: more than one word, a capital, or a letter that English lacks."""
    if text in TECHNICAL or re.search(r"[%\\]|LOCK TABLE", text) or not any(map(str.isalpha, text)):
        return False
    return not text.isascii() or " " in text.strip() or bool(re.fullmatch(r"[A-Z][a-z’]+( .*)?", text))


class Rewording(ast.NodeTransformer):
    """Puts signs around each text for people, others wherever the same text stands again."""

    numbers = count()

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str) and is_french(node.value):
            self.reword(node)
        return node

    def reword(self, node: ast.Constant) -> None:
        node.value = f"⟦{next(self.numbers)}⟧{node.value}⟦⟧"

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.FormattedValue:
        node.value = self.visit(node.value)  # and not how it is written
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "Column":  # headings are often one plain word
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and SIGN not in argument.value:
                    self.reword(argument)
        return node


class Loader(SourceFileLoader):
    """Loads a module reworded."""

    def get_code(self, _: str) -> CodeType:
        tree = ast.parse(self.get_data(self.path))
        return compile(ast.fix_missing_locations(Rewording().visit(tree)), self.path, "exec")


class Finder(MetaPathFinder):
    """Finds the modules of the rooms."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname.startswith(ROOMS) else None
        if spec and spec.origin and isinstance(spec.loader, SourceFileLoader):
            spec.loader = Loader(fullname, spec.origin)
        return spec


def seen(root: Path) -> dict[str, Any]:
    """What an instructor sees of a class."""
    from course.instructor.cohort.places import Cohort

    cohort = Cohort(root)
    return {**the_class(cohort), **giving_back(cohort), **bench(cohort), **buttons_and_commands(), **demo(root)}


def the_class(cohort: Any) -> dict[str, Any]:
    from course.instructor import spreadsheets
    from course.instructor.classview import charts, command, pages, tables
    from course.instructor.classview.summary import summary

    charts.Chart.file = lambda *_: b""  # a drawing of other words is another one
    numbers = command.count(cohort)
    drawn = [(chart, b"") for chart in charts.charts(numbers)]
    found = [tables.answers(numbers.overview), tables.marks(numbers.overview)]
    found.append(tables.handed_in(numbers))
    raw, notices = tables.as_workbook(found)
    printed = io.StringIO()
    with redirect_stdout(printed):
        command._print_summary(numbers)
    return {
        "summary": [section.name for section in summary(numbers)],
        "printed": printed.getvalue(),
        "charts": [
            (chart.name, chart.title, chart.description, chart.heads, chart.rows, chart.note) for chart, _ in drawn
        ],
        "report": pages.report(numbers, drawn, datetime(2026, 11, 22, 9, 5)),
        "fragment": pages.fragment(numbers),
        "plenary": pages.plenary(numbers.overview),
        "tables": [list(table.rows()) for table in found],
        "csv": spreadsheets.as_csv(found[0].columns, found[0].rows()).decode("utf-8-sig"),
        "workbook": (cells(raw), notices),
    }


def giving_back(cohort: Any) -> dict[str, Any]:
    from course.instructor.giveback.command import feedback, marks

    printed = io.StringIO()
    with redirect_stdout(printed):
        feedback([], cohort.root, models=True, release=False)
        marks(cohort.root, None)
    reports = cohort.reports
    return {
        "giving back": printed.getvalue(),
        "feedback": {
            path.relative_to(cohort.feedback).as_posix(): path.read_text("utf-8")
            for path in sorted(cohort.feedback.rglob("*.html"))
        },
        "zips": {path.name: zipfile.ZipFile(path).namelist() for path in sorted(reports.glob("*.zip"))},
        "marks": {path.name: path.read_text("utf-8-sig") for path in sorted(reports.glob("notes*.csv"))},
        "marks workbook": cells((reports / "notes.xlsx").read_bytes()),
    }


def bench(cohort: Any) -> dict[str, Any]:
    from course.instructor.review.bench import Bench

    desk = Bench(cohort)
    chosen = desk.choose("1.1")
    copies = [desk.copy("1.1", key)["copy"] for key, *_ in chosen["queue"]]
    given = {"objective": "1.1", "copy": copies[0]["key"], "levels": [2, 1, 0, 2, 1, 2], "comment": "Très concret."}
    given |= {"base": copies[0]["base"], "digest": copies[0]["digest"]}
    saved = [desk.give(given), desk.give({**given, "levels": [0] * 6})]
    for answer in saved:
        next(iter(answer.values())).pop("at")
    names = [desk.name("1.1", copy["key"]) for copy in copies]
    left = [desk.left("1"), desk.choose("2.1")["queue"], desk.choose("3.1")["empty"], desk.choose("3.1")["waiting"]]
    return {"bench": [chosen, copies, saved, names, left, desk.leave("1.1", copies[0]["key"])]}


def buttons_and_commands() -> dict[str, Any]:
    from course.commands import parser
    from course.commands.table import COMMANDS
    from course.instructor.desk.steps import STEPS

    values = {"exchange": True, "models": True, "release": True, "archives": True, "name": "Awa"}
    arguments = {name: step.arguments(values) for name, step in STEPS.items()}
    typed = {name: parser().parse_args(words).command.function for name, words in arguments.items()}
    return {
        "buttons": [arguments, typed, {name: [field.kind for field in step.fields] for name, step in STEPS.items()}],
        "commands": [
            (command.name, command.function, [each.option for each in command.arguments]) for command in COMMANDS
        ],
    }


def demo(root: Path) -> dict[str, Any]:
    from course.core.content import PACKAGE
    from course.instructor.demo.inbox import fill
    from course.instructor.demo.people import groups

    inbox = root / "envois"
    inbox.mkdir()
    number = fill(inbox, PACKAGE.parent, groups(), datetime(2026, 11, 20, 9, tzinfo=UTC))
    names = [path.relative_to(inbox).as_posix() for path in inbox.rglob("*")]
    return {"demo": [number, *sorted(plain(names, root))]}


def cells(raw: bytes) -> list[Any]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(raw))
    return [
        (sheet.title, [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]) for sheet in book
    ]


def plain(value: Any, root: Path) -> Any:
    """A value without the sign, capitals, no-break spaces and the folder's own path."""
    if isinstance(value, Mapping):
        return {plain(str(key), root): plain(each, root) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, root) for each in value]
    if not isinstance(value, str):
        return value if value is None or isinstance(value, int | float) else str(value)
    text = _ADDED.sub("", value)
    text = text.replace(str(root), "").replace("\u202f", " ").replace("\u00a0", " ").casefold()
    return re.sub(r"[ \n]+", " ", text)


def show(manner: str, folder: Path) -> None:
    """Print what an instructor sees, as JSON: `plain` or `reworded`."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "course"]:
        del sys.modules[name]
    csv.field_size_limit(10**7)
    if manner == "reworded":
        sys.meta_path.insert(0, Finder())
    found = seen(folder)
    signs = {key: json.dumps(value, default=str, ensure_ascii=False).count(SIGN) for key, value in found.items()}
    print(json.dumps({"signs": signs, "seen": plain(found, folder)}, ensure_ascii=True))
