"""`course slides`: the lessons as reveal.js decks, one self-contained HTML file each.

nbconvert's template loads reveal.js, jQuery, RequireJS, MathJax and Mermaid from the network. The template in `deck/`
replaces it; nbconvert still splits the notebook into slides. reveal.js comes from the package sphinx-revealjs, which
contains a build of it, licence included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from course.core.content import content, is_for_instructors
from course.core.files import write
from course.core.refusal import NotWritten, Refusal
from course.core.terminal import installation

_HERE = Path(__file__).parent
_PACKAGE = "sphinx_revealjs"
_KINDS = ("slide", "subslide", "fragment", "-", "notes")
_STYLES = ("dist/reset.css", "dist/reveal.css", "dist/theme/white.css")
_SCRIPTS = ("dist/reveal.js", "plugin/notes/notes.js")
_IMPORTED = re.compile(r"@import[^;]*;")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
_MODULE = re.compile(r"(\d\d-[a-z0-9-]+)\.ipynb(?:#.*)?")


def export(modules: Sequence[str], folder: Path) -> None:
    """Write decks, and print their paths, in French.

    Args:
        modules: Lessons, each as `2`, `02`, `02-concepts` or a path of its notebook; when empty, all of them.
        folder: The destination; created when missing.

    Raises:
        Refusal: There is no such lesson, reveal.js is not installed, or the folder cannot be written.
    """
    paths = chosen(modules)
    together = {path.stem for path in paths}
    for path in paths:
        target = folder / f"{path.stem}.html"
        try:
            write(target, deck(path, together).encode())
        except NotWritten as error:
            raise Refusal(f"« {target} » n’a pas été écrit. {error.reason}") from error
        print(target)
    print("À ouvrir dans un navigateur, sans réseau. Espace pour avancer, S pour les notes, F pour le plein écran.")


def chosen(modules: Sequence[str]) -> tuple[Path, ...]:
    """Return the notebooks of lessons named as for `export`; raises `Refusal`."""
    numbered = sorted(content("modules").glob("[0-9][0-9]-*.ipynb"))
    lessons = [path for path in numbered if not is_for_instructors(path.name)]
    if not modules:
        return tuple(lessons)
    selected: list[Path] = []
    for name in modules:
        stem = Path(name).name.removesuffix(".ipynb")
        number = f"{stem.lstrip('0').zfill(2)}-" if stem.isascii() and stem.isdigit() else ""
        matches = [path for path in lessons if path.stem == stem or (number and path.stem.startswith(number))]
        if not matches:
            names = ", ".join(path.stem for path in lessons)
            raise Refusal(f"Il n’y a pas de leçon « {name} ». Celles du cours : {names}.")
        selected += matches
    return tuple(dict.fromkeys(selected))


def deck(path: Path, together: Iterable[str] = ()) -> str:
    """Return a lesson as one HTML page.

    Args:
        path: Its notebook; the metadata `slideshow` of a cell says whether it is a slide, notes, or neither.
        together: The lessons whose decks are written to the same folder: links to them are kept.

    Raises:
        Refusal: No cell of the lesson is a slide, or reveal.js is not installed.
    """
    styles, scripts = _reveal()
    import nbformat  # noqa: PLC0415
    from nbconvert.exporters import SlidesExporter  # noqa: PLC0415

    notebook = nbformat.read(path, as_version=4)
    title = notebook.cells[0].source.split("\n", 1)[0].lstrip("# ")
    # Other cells are left out here: nbconvert would include them, hidden.
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown" and _kind(cell) in _KINDS]
    first = next((place for place, cell in enumerate(cells) if _kind(cell) != "notes"), None)
    if first is None:
        raise Refusal(
            f"La leçon « {path.stem} » n’a aucune diapositive : donnez à une cellule le type « Diapositive »."
        )
    # Notes before the first slide belong to it.
    notebook.cells = _beside_their_slides([cells[first], *cells[:first], *cells[first + 1 :]])
    known = set(together)
    for cell in notebook.cells:
        cell.source = _LINK.sub(lambda link: _linked(link[1], link[2], known), cell.source)
    exporter = SlidesExporter(
        template_name="deck",
        extra_template_basedirs=[str(_HERE)],
        embed_images=True,
        exclude_anchor_links=True,
        language_code="fr",
    )
    resources = {
        "metadata": {"name": path.stem, "path": str(path.parent)},
        "deck": {"title": title, "styles": [*styles, (_HERE / "deck/deck.css").read_text("utf-8")], "scripts": scripts},
    }
    page, _ = exporter.from_notebook_node(notebook, resources)
    return str(page)


def _kind(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("slideshow", {}).get("slide_type", "skip"))


def _beside_their_slides(cells: Sequence[Any]) -> list[Any]:
    """Return the cells, each moved after the slide whose id is one of its tags, if any."""
    slides = {cell["id"] for cell in cells if _kind(cell) == "slide"}
    targets = [next((tag for tag in cell.metadata.get("tags", ()) if tag in slides), None) for cell in cells]
    placed: list[Any] = []
    for cell, target in zip(cells, targets, strict=True):
        if target is None:
            tagged = (other for other, slide in zip(cells, targets, strict=True) if slide == cell["id"])
            placed += [cell, *tagged]
    return placed


def _linked(text: str, target: str, together: Set[str]) -> str:
    """Return a link to a deck of the same folder; for any other link, its text, since the workbook may be absent."""
    lesson = _MODULE.fullmatch(target)
    return f"[{text}]({lesson[1]}.html)" if lesson and lesson[1] in together else text


def _reveal() -> tuple[list[str], list[str]]:
    """Return the styles and the scripts of reveal.js, for embedding in a page."""
    spec = find_spec(_PACKAGE)  # not imported: it would import all of Sphinx
    home = next(iter(spec.submodule_search_locations or ()), "") if spec else ""
    folder = Path(home) / "_static" / "revealjs"
    try:
        # The theme's fonts would be loaded from the network.
        styles = [_IMPORTED.sub("", (folder / name).read_text("utf-8")) for name in _STYLES]
        # In HTML, a script ends at the first `</script`.
        scripts = [(folder / name).read_text("utf-8").replace("</script", "<\\/script") for name in _SCRIPTS]
    except OSError:
        raise Refusal(
            f"Il manque reveal.js, qui fait les diapositives : tapez « {installation('slides')} », puis recommencez."
        ) from None
    return styles, scripts
