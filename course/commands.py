"""The command `course`, in French: what was typed, made into a call of the room that does it."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

from course import __version__
from course.authoring.slides import FOLDER as SLIDES
from course.authoring.slides import export
from course.authoring.tidying import tidy
from course.handover.command import submit, take_up
from course.lab.launch import INSTRUCTOR_PORT, TRAINEE_PORT, Request, open_course
from course.lab.refusal import Refusal
from course.lab.settings import Desk

_WRONG = 2

# argparse has no French of its own. Left: what it says, on Python 3.11 to 3.14; right: what a person reads.
_FRENCH = (
    (r"^the following arguments are required: (.*)$", r"il manque : \1"),
    (r"^unrecognized arguments: (.*)$", r"option ou mot inconnu : \1"),
    (r"^ambiguous option: (\S+) could match (.*)$", r"« \1 » peut vouloir dire \2 : écrivez l’option en entier"),
    (r"^argument (\S+): invalid choice: '?([^']*?)'? \(.*$", r"« \2 » n’est pas une commande de « course »"),
    (r"^argument (\S+): expected one argument$", r"l’option \1 attend une valeur"),
    (r"^argument (\S+): ignored explicit argument (.*)$", r"l’option \1 ne prend pas de valeur (\2)"),
    (r"^argument (\S+): (.*)$", r"option \1 : \2"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a command line says.

    Args:
        arguments: The words after `course`; those of this process by default.

    Returns:
        0 when it was done, 2 after a French sentence that says why it was not.
    """
    for stream in (sys.stdout, sys.stderr):  # an old console must not stop at a letter that it cannot show
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    asked = _parser().parse_args(arguments)
    try:
        asked.act(asked)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return _WRONG
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return _WRONG
    return 0


def _open(asked: argparse.Namespace) -> None:
    desk = Desk.INSTRUCTOR if asked.instructor else Desk.TRAINEE
    open_course(Request(asked.folder, asked.port, asked.browser, desk))


def _tidy(asked: argparse.Namespace) -> None:
    tidy(asked.notebooks)


def _slides(asked: argparse.Namespace) -> None:
    export(asked.modules, asked.folder)


def _submit(asked: argparse.Namespace) -> None:
    submit(asked.goal, asked.folder, asked.sure)


def _resume(asked: argparse.Namespace) -> None:
    take_up(asked.file, asked.folder, asked.sure)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="course",
        description="Le cours « Soins centrés sur les personnes » et son cahier de travail.",
        epilog="Pour en savoir plus sur une commande : course COMMANDE --aide",
    )
    parser.add_argument("--version", action="version", version=_version(), help="dire la version du cours")
    parser.set_defaults(act=lambda _: parser.print_help())
    commands = parser.add_subparsers(title="commandes\u00a0", metavar="COMMANDE", parser_class=_Parser, prog="course")

    opening = commands.add_parser(
        "open",
        help="ouvrir le cours dans le navigateur",
        description="Ouvre le cours dans votre navigateur. Ctrl + C, dans cette fenêtre, le ferme.",
    )
    opening.add_argument(
        "--dossier",
        dest="folder",
        type=Path,
        metavar="CHEMIN",
        help="le dossier de votre classeur (d’ordinaire : soins-centres-personnes, dans votre dossier personnel)",
    )
    opening.add_argument(
        "--port",
        type=_port,
        metavar="N",
        help=f"le port du serveur, toujours le même (d’ordinaire : {TRAINEE_PORT}, formateur : {INSTRUCTOR_PORT})",
    )
    opening.add_argument(
        "--sans-navigateur",
        dest="browser",
        action="store_false",
        help="donner l’adresse à ouvrir, sans ouvrir de navigateur",
    )
    opening.add_argument(
        "--formateur",
        dest="instructor",
        action="store_true",
        help="ouvrir la copie du dépôt avec les outils de correction de nbgrader",
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
    resuming.add_argument("file", type=Path, metavar="FICHIER", help="le fichier .zip remis, ou un fichier 1.1.json")
    resuming.set_defaults(act=_resume)
    for handing in (submitting, resuming):
        handing.add_argument(
            "--dossier",
            dest="folder",
            type=Path,
            metavar="CHEMIN",
            help="le dossier de votre classeur (d’ordinaire : soins-centres-personnes, dans votre dossier personnel)",
        )
        handing.add_argument("--oui", dest="sure", action="store_true", help="ne rien demander")

    tidying = commands.add_parser(
        "tidy",
        help="ranger les notebooks que vous avez modifiés, et refaire les exercices",
        description="Enlève des notebooks ce que JupyterLab y a laissé (sorties, compteurs, identifiants au hasard) "
        "sans toucher à vos textes, puis refait « exercises/ » depuis « solutions/ ».",
    )
    tidying.add_argument(
        "notebooks",
        type=Path,
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
        type=Path,
        default=Path(SLIDES),
        metavar="DOSSIER",
        help=f"le dossier où les écrire (d’ordinaire : {SLIDES})",
    )
    projecting.set_defaults(act=_slides)
    return parser


class _Formatter(argparse.HelpFormatter):
    """Help that says « Utilisation »."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser that speaks French."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(formatter_class=_Formatter, add_help=False, **options)
        self._positionals.title, self._optionals.title = "mots\u00a0", "options\u00a0"
        self.add_argument("-h", "--help", "--aide", action="help", help="montrer cette aide")

    def error(self, message: str) -> NoReturn:
        for english, french in _FRENCH:
            message, found = re.subn(english, french, message)
            if found:
                break
        self.exit(_WRONG, f"{message[:1].upper()}{message[1:]}. Pour l’aide : {self.prog} --aide\n")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1024 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"« {text} » n’est pas un port ; donnez un nombre entre 1024 et 65535")


def _version() -> str:
    try:
        return f"soins-centres-personnes {version('soins-centres-personnes')}"
    except PackageNotFoundError:
        return f"soins-centres-personnes {__version__}"


if __name__ == "__main__":
    sys.exit(main())
