"""The house: the core is pure and light, and arrows go down."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import course

PACKAGE = Path(course.__file__).parent
FACES = sorted(p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name not in ("core", "__pycache__", "_content"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_needs_the_standard_library_alone(path: Path) -> None:
    outside = {
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and name != "course.places"
        and not name.startswith("course.core")
    }
    assert not outside


@pytest.mark.parametrize("statement", ["import course", "import course.core.completeness, course.core.answers.store"])
def test_importing_the_course_loads_nothing_heavy(statement: str) -> None:
    program = f"import sys; {statement}; print(*(m.split('.')[0] for m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    heavy = {"IPython", "anywidget", "ipywidgets", "traitlets", "nbgrader", "pandas", "matplotlib", "nbformat", "numpy"}
    assert not heavy & set(found.stdout.split())


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_says_its_subject_and_stays_a_room(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "its first line says what the file is"
    assert len(text.splitlines()) <= 300


ROOMS = [f"{name}/" for name in FACES if name != "widgets"]
ROOMS += [f"widgets/{p.parent.name}/" for p in sorted((PACKAGE / "widgets").glob("*/__init__.py"))]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_stands_in_the_readme(room: str) -> None:
    assert f"`course/{room}" in (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
