"""`python -m course.authoring.district`: writes the district's tables, codebook or charts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from course.authoring.district import write_tables
from course.authoring.district.charts import write_charts
from course.authoring.district.codebook import write_codebook
from course.authoring.district.figures import KEY_FIGURES
from course.core import files as durable
from course.core.content import content


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a command line says.

    Args:
        arguments: The words after the command; those of this process by default.

    Returns:
        0 when it was done, 2 after a French sentence that says why it was not.
    """
    parser = argparse.ArgumentParser(
        prog="course district",
        description="Écrit les douze tables du district fictif de Tansobré et leur dictionnaire.",
    )
    parser.add_argument("dossier", nargs="?", type=Path, help="où écrire ; par défaut, data/district ou solutions")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--chiffres", action="store_true", help="n’écrit rien, montre les chiffres clés des tables")
    choice.add_argument("--graphiques", action="store_true", help="écrit les graphiques des 18 situations")
    asked = parser.parse_args(arguments)
    if asked.chiffres:
        for name, figure in KEY_FIGURES.items():
            value = figure()
            print(f"{name} = {value}" if isinstance(value, int) else f"{name} = {value:.4f}")
        return 0
    folder = asked.dossier or (content("solutions") if asked.graphiques else content("data") / "district")
    try:
        written = write_charts(folder) if asked.graphiques else [*write_tables(folder), write_codebook(folder)]
    except OSError as error:
        print(
            f"Impossible d’écrire dans « {folder} » : {durable.cause(error)}. Choisissez un autre dossier.",
            file=sys.stderr,
        )
        return 2
    print(f"{len(written)} fichiers écrits dans « {folder} ».")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
