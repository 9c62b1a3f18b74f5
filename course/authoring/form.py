"""The form in which a notebook of the course is committed: what its author wrote, and nothing of the machine's."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from course.lab.refusal import Refusal

FOLDED = "plus-loin"  # the tag of the heading under which a lesson is folded when it opens
_COLLAPSED = "jp-MarkdownHeadingCollapsed"  # JupyterLab's own key
KERNEL = {"display_name": "Cours (Python)", "language": "python", "name": "python3"}
_READABLE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
# What JupyterLab, nbformat and other editors draw: a UUID, or the first eight digits of one.
_RANDOM = re.compile(r"[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24})?")
_VERB = re.compile(r"# .+\nfrom course import (\w+)\n\1\(.*\)")
_LONGEST = 48


def tidied(raw: bytes, name: str) -> bytes:
    """The bytes of a notebook, in the form in which it is committed.

    Left out: outputs, counters, and the metadata that no one wrote on purpose. A cell of nbgrader has its `grade_id`
    for id; another keeps its own, unless it was drawn at random: then its first words make one.

    Args:
        raw: The file's bytes; nbformat 4, or an older one.
        name: What to call it in a sentence.

    Returns:
        JSON of nbformat 4.5, as Jupyter writes it. A committed notebook gives itself.

    Raises:
        Refusal: It is no notebook, or has the same nbgrader cell twice.
    """
    import nbformat  # noqa: PLC0415
    from nbformat.reader import reads  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"):  # of missing ids, which are given below
            notebook = nbformat.convert(reads(raw.decode("utf-8-sig")), 4)
            notebook.metadata = {"kernelspec": KERNEL}
            notebook.nbformat_minor = 5
            for cell in notebook.cells:
                _clean(cell)
            _name_cells(notebook.cells, name)
            nbformat.validate(notebook)
            return (nbformat.writes(notebook) + "\n").encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, nbformat.ValidationError) as error:
        raise Refusal(
            f"{name} : ce fichier n’est pas un notebook lisible, il n’a pas été touché. "
            "Reprenez-en une bonne version (« git restore », ou une copie)."
        ) from error


def _clean(cell: dict[str, Any]) -> None:
    """Drop what running and looking left in a cell."""
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    elif not cell.get("attachments"):
        cell.pop("attachments", None)
    metadata = cell["metadata"]
    kept = {key: metadata[key] for key in ("nbgrader", "tags") if metadata.get(key)}
    kept |= {key: False for key in ("deletable", "editable") if metadata.get(key) is False}
    if slideshow := {key: value for key, value in metadata.get("slideshow", {}).items() if value}:
        kept["slideshow"] = slideshow
    if FOLDED in kept.get("tags", ()):
        kept[_COLLAPSED] = True  # the reader begins with the short path, whatever its author had unfolded
    # A teacher who looks at the course's own line of code unhides it; a trainee must never see it.
    if metadata.get("jupyter", {}).get("source_hidden") or _VERB.fullmatch(cell["source"]):
        kept["jupyter"] = {"source_hidden": True}
    cell["metadata"] = kept


def _name_cells(cells: Sequence[dict[str, Any]], name: str) -> None:
    """Give each cell the id it is committed with."""
    taken: set[str] = set()
    others = []
    for cell in cells:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id is None:
            others.append(cell)
        elif grade_id in taken:
            raise Refusal(
                f"{name} : la cellule « {grade_id} » y est deux fois. "
                "Supprimez la copie ou fusionnez les deux dans JupyterLab, puis recommencez."
            )
        else:
            cell["id"] = grade_id
            taken.add(grade_id)
    for cell in others:
        if not _is_readable(cell.get("id")) or cell["id"] in taken:
            cell["id"] = None
        else:
            taken.add(cell["id"])
    for cell in others:
        if cell["id"] is None:
            cell["id"] = _free(_readable_id(cell["source"]), taken)
            taken.add(cell["id"])


def _is_readable(cell_id: object) -> bool:
    if not isinstance(cell_id, str) or len(cell_id) > 64:  # nbformat's own bound
        return False
    return bool(_READABLE.fullmatch(cell_id)) and not _RANDOM.fullmatch(cell_id)


def _readable_id(source: str) -> str:
    """An id out of a cell's heading, or of its first words, or of a call of the course: `canvas("1.1")`."""
    call = _VERB.fullmatch(source)
    heading = re.search(r"^#+ (.+)$", source, re.MULTILINE)
    said = source.rpartition("\n")[2] if call else heading[1] if heading else source[:200]
    letters = unicodedata.normalize("NFKD", said.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.findall(r"[a-z0-9]+", plain)
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        made = longer
    return made if _is_readable(made) else f"cellule-{made}".rstrip("-")


def _free(wanted: str, taken: Iterable[str]) -> str:
    number, cell_id = 1, wanted
    while cell_id in taken:
        number += 1
        cell_id = f"{wanted}-{number}"
    return cell_id
