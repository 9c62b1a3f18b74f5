"""The house: the core is pure and light, arrows go down, and each file says its subject."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import course

PACKAGE = Path(course.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module or "")
    return names


def test_arrows_go_down() -> None:
    """The layers of pyproject.toml, which import-linter holds; in its own process, for it silences all loggers."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, check=True)


def test_the_core_needs_the_standard_library_alone() -> None:
    outside = {
        (path.name, name)
        for path in (PACKAGE / "core").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("course.core")
    }
    assert not outside


def test_importing_the_course_loads_nothing_heavy() -> None:
    heavy = {"IPython", "anywidget", "ipywidgets", "traitlets", "nbgrader", "pandas", "matplotlib", "nbformat", "numpy"}
    for statement in ("import course", "import course.core.completeness, course.core.answers.store"):
        program = f"import sys; {statement}; print(*(m.split('.')[0] for m in sys.modules))"
        loaded = subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=600
        )
        assert not heavy & set(loaded.stdout.split()), statement


def test_a_file_says_its_subject() -> None:
    assert [path for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []
