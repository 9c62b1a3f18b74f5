"""The command lines in messages: they exist as they are typed, and one module makes all of them."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.commands import main
from course.commands.table import COMMANDS
from course.core import pages, terminal
from course.core.terminal import AT_DESK, PROGRAM, installation, typed
from course.instructor.demo.command import ADVICE
from course.instructor.desk.steps import STEPS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "course"
OWNER = PACKAGE / "core/terminal.py"
# JupyterLab's own page, which no process of the course can tell what to type.
NAMES = {command.name for command in COMMANDS}
LITERAL = re.compile(rf"\b(?<!from )course ({'|'.join(sorted(NAMES))})\b")
JS_COMMENT = re.compile(r"^\s*(?://|\*|/\*).*$|\s// .*$", re.MULTILINE)
JINJA_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
UV = {"UV_RUN_RECURSION_DEPTH": "1"}


def texts(path: Path) -> Iterator[str]:
    """The texts of a file that people may see."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        tree = ast.parse(source)
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.value
    else:
        yield (JS_COMMENT if path.suffix == ".js" else JINJA_COMMENT).sub("", source)


def calls(path: Path) -> Iterator[ast.expr]:
    """The name of the command in each call of `typed`, and of `way_to`, which hands it on."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    if not any(node.module in {terminal.__name__, pages.__name__} for node in imported):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"typed", "way_to"}:
            yield node.args[0]


def literals(folder: Path) -> list[tuple[str, str]]:
    files = [path for kind in ("py", "js", "j2", "html") for path in sorted(folder.rglob(f"*.{kind}"))]
    assert files
    return [
        (path.relative_to(folder).as_posix(), hit[0])
        for path in files
        if path != OWNER
        for text in texts(path)
        for hit in LITERAL.finditer(text)
    ]


def test_no_text_names_a_command_by_itself() -> None:
    assert literals(PACKAGE) == []


def test_a_command_in_a_text_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""`course grade`."""\nA = f"tapez « course grade {1} »"\nB = "course"\n')
    (tmp_path / "b.js").write_text('// course grade\nsay("course review");\n')
    (tmp_path / "c.html.j2").write_text("{# course grade #}<p>course open</p>")
    assert literals(tmp_path) == [("a.py", "course grade"), ("b.js", "course review"), ("c.html.j2", "course open")]


def test_what_is_named_is_a_command() -> None:
    names = [name for path in PACKAGE.rglob("*.py") for name in calls(path)]
    constants = [name.value for name in names if isinstance(name, ast.Constant)]
    assert len(constants) > 20
    assert set(constants) <= NAMES
    others = {ast.unparse(name) for name in names if not isinstance(name, ast.Constant)}
    assert others == {
        "self._name",
        "*words",
        "command",
    }  # of the desk's steps, and of the demonstration's advice, and of `way_to`
    assert STEPS.keys() | {words[0] for words, _ in ADVICE} <= NAMES
    templates = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.j2")]
    assert {name for text in templates for name in re.findall(r'typed\("(\w+)"', text)} == {"grade"}


def test_at_a_desk_a_command_is_a_part_of_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages.way_to("restore", "FICHIER") == "tapez «\u202fcourse restore FICHIER\u202f»"
    monkeypatch.setenv(AT_DESK, "1")
    assert pages.way_to("grade") == "allez à «\u202fCompter la complétude\u202f», sur le bureau"
    assert {pages.way_to(name).partition(" ")[0] for name in STEPS if name != "demo"} == {"allez"}
    assert pages.way_to("demo").startswith("tapez")


class TestTyped:
    def test_in_an_activated_environment(self) -> None:
        assert typed("grade") == "course grade"
        assert typed("restore", "FICHIER") == "course restore FICHIER"

    @pytest.mark.skipif(os.name != "posix", reason="quotes of POSIX shells")
    def test_words_with_spaces_come_back_from_a_shell(self) -> None:
        words = ["/à moi/l’archive d'ici.zip", "~/x", "$HOME", ""]
        assert shlex.split(typed("restore", *words)) == ["course", "restore", *words]
        assert typed("restore", "~/Téléchargements/a.zip") == "course restore ~/Téléchargements/a.zip"

    def test_where_uv_started_it(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv(*next(iter(UV.items())))
        monkeypatch.chdir(ROOT / "course")
        assert typed("grade") == "uv run course grade"
        assert typed("open", folder=ROOT / "promo", extra="instructor") == "uv run --extra instructor course open"
        away = f"uv run --project {terminal.quoted(str(ROOT))}"
        assert typed("open", folder=tmp_path) == f"{away} course open"
        monkeypatch.chdir(tmp_path)
        assert typed("grade") == f"{away} course grade"
        assert installation("instructor").endswith(" --inexact --extra instructor")

    def test_where_another_process_of_the_course_started_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)  # a kernel is in the folder of its notebook, and a person is not
        monkeypatch.setenv(PROGRAM, "uv run course")
        assert typed("grade") == "uv run course grade"
        monkeypatch.setenv(PROGRAM, "python3 ouvrir.py")
        assert typed("open") == "python3 ouvrir.py"
        assert typed("open", "--port", "9000") == "python3 ouvrir.py --port 9000"
        assert typed("close") == "python3 ouvrir.py close"
        assert installation() == "python3 ouvrir.py --installer"


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_itself_leaves_its_mark(tmp_path: Path) -> None:
    """What `uv run` runs, and a process that this one starts with its environment, tell to type `uv run`."""
    inner = "from course.core.terminal import typed; print(typed('grade'))"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}], check=True)"
    done = subprocess.run(
        ["uv", "run", "--no-project", "--offline", "--no-config", "--python", sys.executable, "python", "-c", outer],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"uv run --project {terminal.quoted(str(ROOT))} course grade\n"


def test_the_end_of_new_says_exactly_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ma promotion"
    monkeypatch.setenv(*next(iter(UV.items())))
    assert main(["new", str(folder)]) == 0
    go, start = capsys.readouterr().out.splitlines()[-2:]
    assert go.endswith(f"cd {terminal.quoted(str(folder))}")
    clone = terminal.quoted(str(ROOT))
    assert start.endswith(f"uv run --project {clone} --extra instructor course open --formateur")


def test_the_help_names_what_is_typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv(*next(iter(UV.items())))
    with pytest.raises(SystemExit):
        main(["grade", "--tuot"])
    assert "uv run course --aide" in capsys.readouterr().err
