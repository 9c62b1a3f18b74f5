"""`python -m course.authoring.district`: writes the codebook of the district's tables, or the pictures of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from course.authoring.country import adapted
from course.authoring.district import write_codebook
from course.authoring.district.key_figures import KEY_FIGURES
from course.authoring.district.lesson_charts import MAP, TABLE_CHARTS, district_map
from course.authoring.district.situation_charts import SITUATION_CHARTS, place
from course.authoring.drawing import Drawing
from course.core import files
from course.core.content import content
from course.core.words import counted
from course.workbook.chart import FOLDER


def pictures() -> Iterator[tuple[str, str, Drawing]]:
    """Yield the pictures of the district: the folder of the course, the path in that folder, the drawing."""
    for objective, draw in SITUATION_CHARTS.items():
        yield "solutions", place(objective), draw()
    for table, draw in TABLE_CHARTS.items():
        yield "data", f"{FOLDER}/{table}.svg", draw()
    yield "modules", MAP, district_map()


def write_pictures(root: Path | None = None) -> list[Path]:
    """Write the pictures of the district.

    Args:
        root: A folder for `solutions`, `data` and `modules`, created when missing; by default the course itself.

    Returns:
        The paths of the files.
    """
    written = []
    for folder, name, drawing in pictures():
        path = (root / folder if root else content(folder)) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(adapted(drawing.svg))
        written.append(path)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: The arguments of the command; those of this process by default.

    Returns:
        0 on success, 2 after an error message in French.
    """
    parser = argparse.ArgumentParser(
        prog="python -m course.authoring.district",
        description="Écrit le dictionnaire des tables du district fictif de Tansobré, ou leurs graphiques.",
    )
    parser.add_argument("dossier", nargs="?", type=Path, help="où écrire\u202f; par défaut, dans le cours")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--chiffres", action="store_true", help="n’écrit rien, montre les chiffres clés des tables")
    choice.add_argument("--graphiques", action="store_true", help="écrit les graphiques des situations et de la leçon")
    options = parser.parse_args(arguments)
    if options.chiffres:
        for name, figure in KEY_FIGURES.items():
            value = figure()
            print(f"{name} = {value}" if isinstance(value, int) else f"{name} = {value:.4f}")
        return 0
    folder = options.dossier or content("data") / "district"
    try:
        written = write_pictures(options.dossier) if options.graphiques else [write_codebook(folder)]
    except OSError as error:
        problem = f"Impossible d’écrire dans «\u202f{error.filename or folder}\u202f»\u00a0: {files.cause(error)}."
        print(f"{problem} Choisissez un autre dossier.", file=sys.stderr)
        return 2
    print(f"{counted(len(written), 'fichier écrit', 'fichiers écrits')}, jusqu’à «\u202f{written[-1]}\u202f».")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
