"""The figures of the lessons that show a table: the same bytes on every machine.

`python -m course.authoring.figures` writes them into `modules/images/`, where notebooks show them as pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from course.authoring.figures import coverage, district_map

FIGURES: dict[str, Callable[[], str]] = {
    "carte-district": district_map.figure,
    "indice-couverture": coverage.figure,
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
