"""The figures of the lessons, drawn as SVG by the standard library alone: the same bytes on every machine.

`python -m course.authoring.figures` writes them into `modules/images/`, where notebooks show them as pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from course.authoring.figures import chain, concept_map, coverage, district_map, five_goals, levels

FIGURES: dict[str, Callable[[], str]] = {
    "carte-des-concepts": concept_map.figure,
    "carte-district": district_map.figure,
    "chaine-option-action": chain.figure,
    "cinq-buts": five_goals.figure,
    "indice-couverture": coverage.figure,
    "niveaux-systeme": levels.figure,
}
"""Name of each file, without its `.svg`, and what draws it."""


def write_figures(folder: Path) -> list[Path]:
    """Write every figure.

    Args:
        folder: Where; made when missing. Files of the same names are replaced.

    Returns:
        The files written, in the order of `FIGURES`.

    Raises:
        FileNotFoundError: The course's data are nowhere to be found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in FIGURES.items():
        path = folder / f"{name}.svg"
        path.write_bytes(figure().encode())
        written.append(path)
    return written
