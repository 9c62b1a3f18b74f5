"""What the author of the course types: tidying notebooks, projecting lessons."""

from __future__ import annotations

import argparse
from typing import Any

from course.authoring.slides import FOLDER as SLIDES
from course.commands.french import path


def add(commands: Any) -> None:  # noqa: ANN401 - argparse keeps the type to itself
    """Adds the commands of an author to those of `course`."""
    tidying = commands.add_parser(
        "tidy",
        help="ranger les notebooks que vous avez modifiés, et refaire les exercices",
        description="Enlève des notebooks ce que JupyterLab y a laissé (sorties, compteurs, identifiants au hasard) "
        "sans toucher à vos textes, puis refait « exercises/ » depuis « solutions/ ».",
    )
    tidying.add_argument(
        "notebooks",
        type=path,
        nargs="*",
        metavar="NOTEBOOK",
        help="un notebook de modules/ ou de solutions/ (sinon, tous)",
    )
    tidying.set_defaults(act=_tidy)

    projecting = commands.add_parser(
        "slides",
        help="faire des diapositives avec les leçons",
        description="Écrit chaque leçon comme un diaporama d’un seul fichier, à ouvrir dans un navigateur, "
        "sans réseau.",
    )
    projecting.add_argument(
        "modules",
        nargs="*",
        metavar="LEÇON",
        help="son numéro ou son nom : 2, 02-concepts (sinon, toutes)",
    )
    projecting.add_argument(
        "--vers",
        dest="folder",
        type=path,
        default=path(SLIDES),
        metavar="DOSSIER",
        help=f"le dossier où les écrire (d’ordinaire : {SLIDES})",
    )
    projecting.set_defaults(act=_slides)


def _tidy(asked: argparse.Namespace) -> None:
    from course.authoring.notebooks import tidy  # noqa: PLC0415

    tidy(asked.notebooks)


def _slides(asked: argparse.Namespace) -> None:
    from course.authoring.slides import export  # noqa: PLC0415

    export(asked.modules, asked.folder)
