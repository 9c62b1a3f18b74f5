"""A wheel carries all that a clone has: extension, settings, data, lessons, exercises."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from browser import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course.lab.settings import SHARE


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    uv = shutil.which("uv")
    build = [uv, "build", "--wheel", "--out-dir"] if uv else [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w"]
    done = subprocess.run([*build, str(folder), str(ROOT)], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


class TestWheel:
    def test_installs_what_jupyter_looks_for_where_it_looks(self, wheel: zipfile.ZipFile) -> None:
        shared = {name.split(".data/data/", 1)[1] for name in wheel.namelist() if ".data/data/" in name}
        extension = "share/jupyter/labextensions/soins-centres-personnes"
        ours = {
            f"{extension}/{path.relative_to(SHARE / 'labextensions' / 'soins-centres-personnes').as_posix()}"
            for path in (SHARE / "labextensions").rglob("*")
            if path.is_file()
        }
        assert shared == ours | {
            "share/jupyter/lab/settings/overrides.d/soins-centres-personnes.json",
            "etc/ipython/ipython_kernel_config.json",
        }
        assert f"{extension}/package.json" in ours

    def test_carries_the_course_itself(self, wheel: zipfile.ZipFile) -> None:
        names = set(wheel.namelist())
        for room in ("data", "modules", "exercises", "solutions"):
            for path in (ROOT / room).rglob("*"):
                if path.suffix in {".csv", ".ipynb"} and "checkpoints" not in str(path):
                    assert f"course/_content/{path.relative_to(ROOT).as_posix()}" in names
        assert not [name for name in names if "reponses/" in name]

    def test_prepares_a_workbook_by_itself(self, wheel: zipfile.ZipFile, tmp_path: Path) -> None:
        wheel.extractall(tmp_path / "installed")
        script = (
            "import datetime, pathlib, course, course.lab.settings as s, course.lab.workbook as w\n"
            f"done = w.refresh(pathlib.Path({str(tmp_path / 'classeur')!r}), datetime.date.today())\n"
            "s.write_config(pathlib.Path('config'), s.Desk.TRAINEE)\n"
            "print(course.__file__, s.SHARE.is_dir(), *done.installed, sep='\\n')"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
        package, share, *installed = done.stdout.splitlines()
        assert package.startswith(str(tmp_path / "installed"))
        assert share == "True"
        assert {"modules/00-bienvenue.ipynb", "exercises/but-1/but-1.ipynb"} <= set(installed)

    def test_makes_an_instructor_s_course(self, wheel: zipfile.ZipFile, tmp_path: Path) -> None:
        wheel.extractall(tmp_path / "installed")
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PYTHONUTF8": "1"}
        for words in (["new", "mon cours"], ["intake", "--dossier", "mon cours"]):
            done = subprocess.run(
                [sys.executable, "-P", "-m", "course.commands", *words],
                env=environment,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            assert done.returncode == 0, (words, done.stdout + done.stderr)
        course = tmp_path / "mon cours"
        assert {path.name for path in course.iterdir()} == {
            "cohort", "exercises", "modules", "nbgrader_config.py", "solutions",
        }  # fmt: skip
        assert (course / "cohort/stagiaires.csv").read_bytes().startswith(b"\xef\xbb\xbfidentifiant;")
        again = subprocess.run(
            [sys.executable, "-P", "-m", "course.commands", "new", "mon cours"],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert again.returncode == 2
        assert "existe déjà" in again.stderr

    def test_a_learner_s_install_is_small(self, wheel: zipfile.ZipFile) -> None:
        """At most 100 packages and 250 MB on disk, counted from what this environment has installed."""
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        sizes = closure(message_from_bytes(wheel.read(name)).get_all("Requires-Dist", []))
        assert "jupyterlab" in sizes
        assert not sizes.keys() & {"pandas", "matplotlib", "nbgrader"}
        assert len(sizes) + 1 <= 100
        total = sum(info.file_size for info in wheel.infolist()) + sum(sizes.values())
        assert total <= 250_000_000


def closure(lines: list[str]) -> dict[str, int]:
    """The installed bytes of each package that some requirements need, by its name.

    The README's way is uv, which leaves one out with what it needs (`override-dependencies` in pyproject.toml).
    """
    sizes: dict[str, int] = {}
    done: set[str] = set()
    waiting = [(line, "") for line in lines]
    while waiting:
        line, extra = waiting.pop()
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        for wanted in ("", *requirement.extras):
            name = canonicalize_name(requirement.name)
            if f"{name}[{wanted}]" in done:
                continue
            done.add(f"{name}[{wanted}]")
            try:
                package = distribution(name)
            except PackageNotFoundError:
                assert name == "rfc3987-syntax", name
                continue
            sizes[name] = sum(file.size or 0 for file in package.files or ())
            waiting += [(below, wanted) for below in package.requires or ()]
    return sizes
