"""What a trainee types: opening the course, handing in, taking up again."""

from __future__ import annotations

import argparse
from typing import Any

from course.commands.french import Parser, add_server, path
from course.lab.launch import DESK, INSTRUCTOR_PORT, TRAINEE_PORT, Request, open_course
from course.lab.settings import Desk


def add(commands: Any) -> None:  # noqa: ANN401 - argparse keeps the type to itself
    """Adds the commands of a trainee to those of `course`."""
    opening = commands.add_parser(
        "open",
        help="ouvrir le cours dans le navigateur",
        description="Ouvre le cours dans votre navigateur. Ctrl + C, dans cette fenêtre, le ferme.",
    )
    _add_workbook(opening)
    add_server(opening, f"{TRAINEE_PORT}, formateur : {INSTRUCTOR_PORT}")
    opening.add_argument(
        "--formateur",
        dest="instructor",
        action="store_true",
        help="ouvrir le bureau du formateur, dans le dossier du cours",
    )
    opening.set_defaults(act=_open)

    submitting = commands.add_parser(
        "submit",
        help="remettre le cahier d’un but",
        description="Fait de vos réponses un seul fichier à remettre, et un reçu à imprimer. Ce qui n’est pas rempli "
        "est dit avant, et n’empêche rien.",
    )
    submitting.add_argument("goal", metavar="CAHIER", help="le cahier : but-1, but-2, but-3, but-4 ou but-5")
    submitting.set_defaults(act=_submit)

    resuming = commands.add_parser(
        "resume",
        help="reprendre une remise dans votre classeur",
        description="Remet dans votre classeur les réponses d’un fichier remis, ou d’un seul canevas. Rien de ce qui "
        "est écrit ne se perd : deux textes qui diffèrent sont gardés tous les deux.",
    )
    resuming.add_argument("file", type=path, metavar="FICHIER", help="le fichier .zip remis, ou un fichier 1.1.json")
    resuming.set_defaults(act=_resume)
    for handing in (submitting, resuming):
        _add_workbook(handing)
        handing.add_argument("--oui", dest="sure", action="store_true", help="ne rien demander")


def _add_workbook(command: Parser) -> None:
    command.add_argument(
        "--dossier",
        dest="folder",
        type=path,
        metavar="CHEMIN",
        help="le dossier de votre classeur (d’ordinaire : soins-centres-personnes, dans votre dossier personnel)",
    )


def _open(asked: argparse.Namespace) -> None:
    desk = Desk.INSTRUCTOR if asked.instructor else Desk.TRAINEE
    open_course(Request(asked.folder, asked.port, asked.browser, desk, DESK if asked.instructor else ""))


def _submit(asked: argparse.Namespace) -> None:
    from course.workbook.handin.command import submit  # noqa: PLC0415

    submit(asked.goal, asked.folder, asked.sure)


def _resume(asked: argparse.Namespace) -> None:
    from course.workbook.handin.command import take_up  # noqa: PLC0415

    take_up(asked.file, asked.folder, asked.sure)
