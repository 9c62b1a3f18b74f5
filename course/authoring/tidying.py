"""`course tidy`: the notebooks of a clone as they are committed, after JupyterLab has saved its own things in them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from course.authoring.form import tidied
from course.core import files as durable
from course.core.answers import FOLDER
from course.core.content import PACKAGE
from course.core.refusal import Refusal

_SOURCES, _MADE = ("modules", "solutions"), "exercises"
_CONFIG = "nbgrader_config.py"
_CLONE = (_CONFIG, "data/goals.csv", *_SOURCES)
_ASSIGNMENT = re.compile(r"solutions/(but-[^/]+)/[^/]+")  # what else is there is not for trainees


def tidy(notebooks: Sequence[Path] = ()) -> None:
    """Put notebooks back into the form in which they are committed, then make `exercises/` from `solutions/` again.

    Says on the standard output, in French, what became of each file. The text of no cell changes.

    Args:
        notebooks: Notebooks of `modules/` or `solutions/`; when empty, all of them.

    Raises:
        Refusal: This is no clone, or something could not be done; everything else has been done all the same.
    """
    root = _clone().resolve()
    refusals: list[str] = []
    assignments: list[str] = []
    for path in dict.fromkeys(notebooks or _notebooks(root)):
        try:
            name = _name(path, root)
            changed = _tidy_file(root / name, name)
        except Refusal as refusal:
            refusals.append(str(refusal))
            continue
        _say(f"{name} : {'rangé' if changed else 'déjà propre'}")
        if found := _ASSIGNMENT.fullmatch(name):
            assignments.append(found[1])
    if assignments:
        try:
            _make_exercises(root, sorted(set(assignments)))
        except Refusal as refusal:
            refusals.append(str(refusal))
        except OSError as error:
            refusals.append(
                "Les exercices n’ont pas tous été refaits : "
                f"« {error.filename} » ne se laisse pas lire ou écrire ({durable.cause(error)})."
            )
    if refusals:
        raise Refusal("\n".join(refusals))


def _clone() -> Path:
    here = Path.cwd()
    for root in (here, *here.parents, PACKAGE.parent):
        if all((root / name).exists() for name in _CLONE):
            return root
    raise Refusal(
        f"« {here} » n’est pas le dossier du cours : « course tidy » range les notebooks d’une copie du dépôt. "
        "Allez dans le dossier qui contient « modules » et « solutions », puis recommencez."
    )


def _notebooks(root: Path) -> Iterator[Path]:
    for room in _SOURCES:
        for path in sorted((root / room).rglob("*.ipynb")):
            if not any(part.startswith(".") or part == FOLDER for part in path.relative_to(root).parts):
                yield path


def _name(path: Path, root: Path) -> str:
    """A notebook's name in the clone, with `/`, once it is sure that it is one that a teacher writes."""
    found = path.resolve()
    inside = found.relative_to(root).parts if found.is_relative_to(root) else ("",)
    if inside[0] == _MADE:
        source = "/".join(("solutions", *inside[1:]))
        raise Refusal(f"{path} : ce notebook est fabriqué depuis « solutions/ ». Modifiez et rangez « {source} ».")
    if inside[0] not in _SOURCES or found.suffix != ".ipynb":
        raise Refusal(f"{path} : ce n’est pas un notebook de « modules/ » ou de « solutions/ » ; il reste tel quel.")
    if not found.is_file():
        raise Refusal(f"{path} : ce notebook n’existe pas. Vérifiez son nom.")
    return "/".join(inside)


def _tidy_file(path: Path, name: str) -> bool:
    try:
        raw = path.read_bytes()
        clean = tidied(raw, name)
        if clean != raw:
            _write(path, clean)
    except OSError as error:
        raise Refusal(
            f"{name} : ce fichier ne se laisse pas lire ou écrire ({durable.cause(error)}). "
            "Fermez-le ailleurs, vérifiez vos droits, puis recommencez."
        ) from error
    return clean != raw


def _make_exercises(root: Path, assignments: Sequence[str]) -> None:
    """Make the exercises in a temporary course, as `--force` would in the clone, and bring over what is new.

    There, nbgrader neither opens the cohort's gradebook nor deletes the answers of a trial in `exercises/`.
    """
    if importlib.util.find_spec("nbgrader") is None:
        _say(
            "Les exercices n’ont pas été refaits depuis « solutions/ » : nbgrader n’est pas installé ici. "
            'Installez-le par « pip install -e ".[instructor]" », puis relancez « course tidy ».'
        )
        return
    _say("Les exercices sont refaits depuis « solutions/ » : quelques secondes…")
    with tempfile.TemporaryDirectory(prefix="cours-", ignore_cleanup_errors=True) as folder:
        course = Path(folder).resolve()
        shutil.copyfile(root / _CONFIG, course / _CONFIG)
        for name in assignments:
            left = shutil.ignore_patterns(".*", FOLDER, "__pycache__")
            shutil.copytree(root / "solutions" / name, course / "solutions" / name, ignore=left)
        done = _nbgrader(course)
        for name in assignments:
            if (course / _MADE / name).is_dir():
                _say(f"{_MADE}/{name} : {'refait' if _bring(course, root, name) else 'déjà à jour'}")
        missing = [name for name in assignments if not (course / _MADE / name).is_dir()]
    if done.returncode or missing:
        said = [line for line in done.stderr.splitlines() if "ERROR" in line] or done.stderr.splitlines()
        raise Refusal(
            f"nbgrader n’a pas pu refaire {', '.join(missing) or 'tous les exercices'}. Ce qu’il en dit :\n"
            + "\n".join(said[-5:])
        )


def _nbgrader(course: Path) -> subprocess.CompletedProcess[str]:
    # A server's terminal carries settings of its own, and nbgrader calls `alembic` by its name.
    own = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "NBGRADER"))}
    own |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONUTF8": "1",
        "JUPYTER_CONFIG_DIR": str(course / "no-settings-of-this-machine"),
    }
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "but-*", "--force"]
    return subprocess.run(command, cwd=course, env=own, capture_output=True, encoding="utf-8", check=False)


def _bring(course: Path, root: Path, name: str) -> bool:
    """Replace what differs in an exercise of the clone, and tell whether anything did."""
    changed = False
    made = sorted(path for path in (course / _MADE / name).rglob("*") if path.is_file())
    for path in made:
        target = root / path.relative_to(course)
        raw = path.read_bytes()
        if path.suffix == ".ipynb":
            raw = raw.replace(b"\r\n", b"\n")  # nbgrader writes the line ends of the system
        if not target.is_file() or target.read_bytes() != raw:
            _write(target, raw)
            changed = True
    for path in sorted((root / _MADE / name).rglob("*")):
        inside = path.relative_to(root)
        ours = any(part.startswith(".") or part == FOLDER for part in inside.parts)
        if path.is_file() and not ours and course / inside not in made:
            _say(f"{inside.as_posix()} : ne vient plus de « solutions/ ». Supprimez-le s’il ne vous sert plus.")
    return changed


def _write(target: Path, raw: bytes) -> None:
    """Put a file in its place whole, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        fresh.write_bytes(raw)
        if target.exists():
            shutil.copymode(target, fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _say(text: str) -> None:
    print(text, flush=True)
