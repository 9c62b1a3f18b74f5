"""French typography in what the package says: no line begins with a colon or ends with a guillemet that opens."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "course"
# Their texts pass through `typeset`, which makes the spaces.
TYPESET = (
    "authoring/country.py",
    "authoring/coverage.py",
    "authoring/district/lesson_charts.py",
    "authoring/district/situation_charts.py",
    "authoring/drawing.py",
    "instructor/classview/summary.py",
)
TYPED = (
    "workbook/canvas/paste.js",
    "core/layouts.py",
)  # what a person pastes gets the spaces that she would have typed
WRONG = re.compile(r"« | »|(?<=[\w»)}’%]) [;:!?](?=\s|$)")
FILES = [
    path
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.js")])
    if not path.relative_to(PACKAGE).as_posix().startswith((*TYPESET, *TYPED))
]
JS_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
JS_COMMENT = re.compile(r"^\s*(?://|\*|/\*).*$|\s// .*$", re.MULTILINE)
HOLE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")  # what a template puts in is no text


def texts(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        yield from (HOLE.sub("}", text[1:-1]) for text in JS_TEXT.findall(JS_COMMENT.sub("", source)))
        return
    tree = ast.parse(source)
    docstrings = {
        id(line.value)
        for node in ast.walk(tree)
        for line in (getattr(node, "body", None) if isinstance(getattr(node, "body", None), list) else ())
        if isinstance(line, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):  # a hole may hold the word before a sign
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_spaces_do_not_break_before_a_sign_that_belongs_to_a_word() -> None:
    assert FILES
    found = [(path.relative_to(PACKAGE).as_posix(), text) for path in FILES for text in texts(path)]
    assert [(name, text) for name, text in found if WRONG.search(text)] == []


def test_no_space_of_an_es_module_is_invisible() -> None:
    """In strings they are written as escapes, in comments they are plain."""
    modules = [path for path in PACKAGE.rglob("*.js") if re.search("[\u00a0\u202f]", path.read_text(encoding="utf-8"))]
    assert modules == []


def test_a_wrong_space_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""« Ici »"""\nSAID = f"Le fichier « {1} » : rien"\n', encoding="utf-8")
    (tmp_path / "a.js").write_text('// « Ici »\nsay(`${a ? b : c} lignes ; ${d}`, "À vous !", e ? "f" : "g");\n')
    assert [text for text in texts(tmp_path / "a.py") if WRONG.search(text)] == [
        "Le fichier « } » : rien",
        "Le fichier « ",
        " » : rien",
    ]
    assert [text for text in texts(tmp_path / "a.js") if WRONG.search(text)] == ["} lignes ; }", "À vous !"]
