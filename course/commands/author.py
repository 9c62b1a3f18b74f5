"""What the author of the course types: tidying notebooks, projecting lessons, printing quizzes."""

from __future__ import annotations

import argparse
from typing import Any

from course.authoring.questionnaire import FOLDER as QUESTIONNAIRES
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

    printing = commands.add_parser(
        "paper",
        help="imprimer le test de départ et final, ou un quiz, avec son corrigé",
        description="Écrit une feuille à imprimer et son corrigé, à ouvrir dans un navigateur, sans réseau. Sans "
        "autre mot, c’est le test que l’on passe avant et après la formation.",
    )
    printing.add_argument(
        "quizzes",
        nargs="*",
        metavar="QUIZ",
        help="le numéro ou le nom d’une leçon, pour son quiz (sinon, le test)",
    )
    printing.add_argument(
        "--vers",
        dest="folder",
        type=path,
        default=path(QUESTIONNAIRES),
        metavar="DOSSIER",
        help=f"le dossier où les écrire (d’ordinaire : {QUESTIONNAIRES})",
    )
    printing.set_defaults(act=_paper)


def _tidy(asked: argparse.Namespace) -> None:
    from course.authoring.tidying import tidy  # noqa: PLC0415

    tidy(asked.notebooks)


def _slides(asked: argparse.Namespace) -> None:
    from course.authoring.slides import export  # noqa: PLC0415

    export(asked.modules, asked.folder)


def _paper(asked: argparse.Namespace) -> None:
    from course.authoring.questionnaire import export  # noqa: PLC0415

    export(asked.quizzes, asked.folder)
