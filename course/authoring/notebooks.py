"""`course tidy`: convert the notebooks of a clone to their committed form, without the traces of JupyterLab."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from course.core import files
from course.core.answers import FOLDER
from course.core.content import PACKAGE
from course.core.folders import SETTINGS
from course.core.refusal import Refusal
from course.core.terminal import installation, typed

KERNEL = {"display_name": "Cours (Python)", "language": "python", "name": "python3"}

_SOURCES, _GENERATED = ("modules", "solutions"), "exercises"
_CLONE = (SETTINGS, "data/goals.csv", *_SOURCES)
_ASSIGNMENT = re.compile(r"solutions/(but-[^/]+)/[^/]+")  # what else is there is not for trainees
_READABLE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
# Random ids of JupyterLab, nbformat and other editors: a UUID, or its first eight digits.
_RANDOM = re.compile(r"[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24})?")
_CALL = re.compile(r"# .+\nfrom course import (\w+)\n\1\(.*\)")
_MAX_ID = 48
_FOLDED = "plus-loin"  # the tag of the heading under which a lesson is folded when it opens
_COLLAPSED = "jp-MarkdownHeadingCollapsed"  # JupyterLab's own key


def tidy(notebooks: Sequence[Path] = ()) -> None:
    """Convert notebooks to their committed form, then generate `exercises/` from `solutions/`.

    Prints the result for each file, in French. The text of the cells does not change.

    Args:
        notebooks: Notebooks of `modules/` or `solutions/`; when empty, all of them.

    Raises:
        Refusal: There is no clone, or some files failed; all others are done.
    """
    root = clone(typed("tidy"))
    refusals: list[str] = []
    assignments: set[str] = set()
    for path in dict.fromkeys(notebooks or _notebooks(root)):
        try:
            name = _name(path, root)
            changed = _tidy_file(root / name, name)
        except Refusal as refusal:
            refusals.append(str(refusal))
            continue
        _print(f"{name}\u00a0: {'rangé' if changed else 'déjà propre'}")
        if match := _ASSIGNMENT.fullmatch(name):
            assignments.add(match[1])
    if assignments:
        try:
            _make_exercises(root, sorted(assignments))
        except Refusal as refusal:
            refusals.append(str(refusal))
        except OSError as error:
            refusals.append(
                "Les exercices n’ont pas tous été refaits\u00a0: "
                f"«\u202f{error.filename}\u202f» ne se laisse pas lire ou écrire ({files.cause(error)})."
            )
    if refusals:
        raise Refusal("\n".join(refusals))


def clone(command: str) -> Path:
    """Return the clone that contains the working folder, else that of this package; raises `Refusal`."""
    here = Path.cwd()
    for root in (here, *here.parents, PACKAGE.parent):
        if all((root / name).exists() for name in _CLONE):
            return root.resolve()
    raise Refusal(
        f"«\u202f{here}\u202f» n’est pas le dossier du cours\u00a0: «\u202f{command}\u202f» travaille dans "
        "une copie du dépôt. Allez dans le dossier qui contient «\u202fmodules\u202f» et «\u202fsolutions\u202f», "
        "puis recommencez."
    )


def _notebooks(root: Path) -> Iterator[Path]:
    for source in _SOURCES:
        for path in sorted((root / source).rglob("*.ipynb")):
            if not any(part.startswith(".") or part == FOLDER for part in path.relative_to(root).parts):
                yield path


def _name(path: Path, root: Path) -> str:
    """Return a notebook's path in the clone, with `/`; raises `Refusal` for one outside `modules` and `solutions`."""
    target = path.resolve()
    inside = target.relative_to(root).parts if target.is_relative_to(root) else ("",)
    if inside[0] == _GENERATED:
        source = "/".join(("solutions", *inside[1:]))
        raise Refusal(
            f"{path}\u00a0: ce notebook est fabriqué depuis «\u202fsolutions/\u202f». "
            f"Modifiez et rangez «\u202f{source}\u202f»."
        )
    if inside[0] not in _SOURCES or target.suffix != ".ipynb":
        raise Refusal(
            f"{path}\u00a0: ce n’est pas un notebook de «\u202fmodules/\u202f» ou de «\u202fsolutions/\u202f»\u202f; "
            "il reste tel quel."
        )
    if not target.is_file():
        raise Refusal(f"{path}\u00a0: ce notebook n’existe pas. Vérifiez son nom.")
    return "/".join(inside)


def _tidy_file(path: Path, name: str) -> bool:
    """Rewrite a notebook that differs from its committed form; return True when it did."""
    try:
        raw = path.read_bytes()
        clean = tidied(raw, name)
        if clean != raw:
            files.put(path, clean)
    except OSError as error:
        raise Refusal(
            f"{name}\u00a0: ce fichier ne se laisse pas lire ou écrire ({files.cause(error)}). "
            "Fermez-le ailleurs, vérifiez vos droits, puis recommencez."
        ) from error
    return clean != raw


def _print(line: str) -> None:
    print(line, flush=True)  # before nbgrader, which takes seconds


# The form of a committed notebook


def tidied(raw: bytes, name: str) -> bytes:
    """Return a notebook in its committed form: the content of its author only.

    Outputs, counters and automatic metadata are removed. A cell of nbgrader gets its `grade_id` as id; any other keeps
    its id, unless it is random: then its first words make one.

    Args:
        raw: The file's bytes; nbformat 4, or an older one.
        name: Its name in messages.

    Returns:
        JSON of nbformat 4.5, as Jupyter writes it; a committed notebook is returned unchanged.

    Raises:
        Refusal: It is not a notebook, or contains the same nbgrader cell twice.
    """
    import nbformat  # noqa: PLC0415
    from nbformat.reader import reads  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"):  # about missing ids, which `_name_cells` sets
            notebook = nbformat.convert(reads(raw.decode("utf-8-sig")), 4)
            notebook.metadata = {"kernelspec": KERNEL}
            notebook.nbformat_minor = 5
            for cell in notebook.cells:
                _clean(cell)
            _name_cells(notebook.cells, name)
            nbformat.validate(notebook)
            return f"{nbformat.writes(notebook)}\n".encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, nbformat.ValidationError) as error:
        raise Refusal(
            f"{name}\u00a0: ce fichier n’est pas un notebook lisible, il n’a pas été touché. "
            "Reprenez-en une bonne version («\u202fgit restore\u202f», ou une copie)."
        ) from error


def _clean(cell: dict[str, Any]) -> None:
    """Remove outputs, counters and automatic metadata from a cell."""
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    elif not cell.get("attachments"):
        cell.pop("attachments", None)
    metadata = cell["metadata"]
    kept = {key: metadata[key] for key in ("nbgrader", "tags") if metadata.get(key)}
    kept |= {key: False for key in ("deletable", "editable") if metadata.get(key) is False}
    if slideshow := {key: value for key, value in metadata.get("slideshow", {}).items() if value}:
        kept["slideshow"] = slideshow
    if _FOLDED in kept.get("tags", ()):
        kept[_COLLAPSED] = True  # a lesson opens folded, even if its author saved it unfolded
    # A teacher may have unhidden the course's line of code, which trainees must never see.
    if metadata.get("jupyter", {}).get("source_hidden") or _CALL.fullmatch(cell["source"]):
        kept["jupyter"] = {"source_hidden": True}
    cell["metadata"] = kept


def _name_cells(cells: Sequence[dict[str, Any]], name: str) -> None:
    """Set the committed id of each cell."""
    used: set[str] = set()
    others = []
    for cell in cells:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id is None:
            others.append(cell)
        elif grade_id in used:
            raise Refusal(
                f"{name}\u00a0: la cellule «\u202f{grade_id}\u202f» y est deux fois. "
                "Supprimez la copie ou fusionnez les deux dans JupyterLab, puis recommencez."
            )
        else:
            cell["id"] = grade_id
            used.add(grade_id)
    unnamed = []
    for cell in others:
        if _is_readable(cell.get("id")) and cell["id"] not in used:
            used.add(cell["id"])
        else:
            unnamed.append(cell)
    for cell in unnamed:
        stem = _readable_id(cell["source"])
        number, cell["id"] = 1, stem
        while cell["id"] in used:
            number += 1
            cell["id"] = f"{stem}-{number}"
        used.add(cell["id"])


def _is_readable(cell_id: object) -> bool:
    if not isinstance(cell_id, str) or len(cell_id) > 64:  # nbformat's own bound
        return False
    return bool(_READABLE.fullmatch(cell_id)) and not _RANDOM.fullmatch(cell_id)


def _readable_id(source: str) -> str:
    """Derive an id from a cell's heading, its first words, or a call of the course: `canvas("1.1")`."""
    heading = re.search(r"^#+ (.+)$", source, re.MULTILINE)
    call = _CALL.fullmatch(source)
    text = source.rpartition("\n")[2] if call else heading[1] if heading else source[:200]
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    cell_id = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        longer = f"{cell_id}-{word}" if cell_id else word[:_MAX_ID]
        if len(longer) > _MAX_ID:
            break
        cell_id = longer
    return cell_id if _is_readable(cell_id) else f"cellule-{cell_id}".rstrip("-")


# The exercises


def _make_exercises(root: Path, assignments: Sequence[str]) -> None:
    """Generate the exercises in a temporary course, and copy the changed files to the clone.

    In the clone, nbgrader would open the cohort's gradebook and delete the answers of a trial in `exercises/`.
    """
    if importlib.util.find_spec("nbgrader") is None:
        _print(
            "Les exercices n’ont pas été refaits depuis «\u202fsolutions/\u202f»\u00a0: "
            "nbgrader n’est pas installé ici. "
            f"Tapez «\u202f{installation('instructor')}\u202f», puis «\u202f{typed('tidy')}\u202f»."
        )
        return
    _print("Les exercices sont refaits depuis «\u202fsolutions/\u202f»\u00a0: quelques secondes…")
    with tempfile.TemporaryDirectory(prefix="cours-", ignore_cleanup_errors=True) as folder:
        course = Path(folder).resolve()
        shutil.copyfile(root / SETTINGS, course / SETTINGS)
        for name in assignments:
            ignored = shutil.ignore_patterns(".*", FOLDER, "__pycache__")
            shutil.copytree(root / "solutions" / name, course / "solutions" / name, ignore=ignored)
        result = _nbgrader(course)
        missing = [name for name in assignments if not (course / _GENERATED / name).is_dir()]
        for name in assignments:
            if name not in missing:
                _print(f"{_GENERATED}/{name}\u00a0: {'refait' if _update(course, root, name) else 'déjà à jour'}")
    if result.returncode or missing:
        log = result.stderr.splitlines()
        errors = [line for line in log if "ERROR" in line] or log
        raise Refusal(
            f"nbgrader n’a pas pu refaire {', '.join(missing) or 'tous les exercices'}. Ce qu’il en dit\u00a0:\n"
            + "\n".join(errors[-5:])
        )


def _nbgrader(course: Path) -> subprocess.CompletedProcess[str]:
    # A Jupyter terminal has settings in its environment, and nbgrader runs `alembic` from the path.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "NBGRADER"))}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONUTF8": "1",
        "JUPYTERSETTINGS_DIR": str(course / "no-settings-of-this-machine"),
    }
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "but-*", "--force"]
    return subprocess.run(command, cwd=course, env=environment, capture_output=True, encoding="utf-8", check=False)


def _update(course: Path, root: Path, name: str) -> bool:
    """Update the files of an exercise of the clone; return True when one differed."""
    changed = False
    fresh = sorted(path for path in (course / _GENERATED / name).rglob("*") if path.is_file())
    for path in fresh:
        target = root / path.relative_to(course)
        raw = path.read_bytes()
        if path.suffix == ".ipynb":
            raw = raw.replace(b"\r\n", b"\n")  # nbgrader writes the line endings of the system
        if not target.is_file() or target.read_bytes() != raw:
            target.parent.mkdir(parents=True, exist_ok=True)
            files.put(target, raw)
            changed = True
    for path in sorted((root / _GENERATED / name).rglob("*")):
        inside = path.relative_to(root)
        ignored = any(part.startswith(".") or part == FOLDER for part in inside.parts)
        if path.is_file() and not ignored and course / inside not in fresh:
            stale = f"{inside.as_posix()}\u00a0: ne vient plus de «\u202fsolutions/\u202f»."
            _print(f"{stale} Supprimez-le s’il ne vous sert plus.")
    return changed
