"""Command lines in French: argparse has no French of its own."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, NoReturn

WRONG = 2

# Left: what argparse says, on Python 3.11 to 3.14; right: what a person reads.
_FRENCH = (
    (r"^the following arguments are required: (.*)$", r"il manque : \1"),
    (r"^unrecognized arguments: (.*)$", r"option ou mot inconnu : \1"),
    (r"^ambiguous option: (\S+) could match (.*)$", r"« \1 » peut vouloir dire \2 : écrivez l’option en entier"),
    (r"^argument (\S+): invalid choice: '?([^']*?)'? \(.*$", r"« \2 » n’est pas une commande de « course »"),
    (r"^argument (\S+): expected one argument$", r"l’option \1 attend une valeur"),
    (r"^argument (\S+): ignored explicit argument (.*)$", r"l’option \1 ne prend pas de valeur (\2)"),
    (r"^argument (\S+): (.*)$", r"option \1 : \2"),
)


class _Formatter(argparse.HelpFormatter):
    """Help that says « Utilisation »."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks French."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        """As `argparse.ArgumentParser`; its options."""
        super().__init__(formatter_class=_Formatter, add_help=False, **options)
        self._positionals.title, self._optionals.title = "mots\u00a0", "options\u00a0"
        self.add_argument("-h", "--help", "--aide", action="help", help="montrer cette aide")

    def error(self, message: str) -> NoReturn:
        """Ends with a French sentence on what was typed."""
        for english, french in _FRENCH:
            message, found = re.subn(english, french, message)
            if found:
                break
        self.exit(WRONG, f"{message[:1].upper()}{message[1:]}. Pour l’aide : {self.prog} --aide\n")


def port(text: str) -> int:
    """A port that was typed."""
    if text.isascii() and text.isdigit() and 1024 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"« {text} » n’est pas un port ; donnez un nombre entre 1024 et 65535")


def path(text: str) -> Path:
    """A path that was typed, « ~ » understood."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"« {text} » : il n’y a pas de dossier personnel de ce nom") from None


def source(text: str) -> str:
    """A path, or a word that stands for one, as it was typed."""
    return str(path(text)) if text.startswith("~") else text


def add_server(command: Parser, usual: str) -> None:
    """Adds the options of a command that starts a server.

    Args:
        command: The command.
        usual: Its ports, in words.
    """
    command.add_argument(
        "--port", type=port, metavar="N", help=f"le port du serveur, toujours le même (d’ordinaire : {usual})"
    )
    command.add_argument(
        "--sans-navigateur",
        dest="browser",
        action="store_false",
        help="donner l’adresse à ouvrir, sans ouvrir de navigateur",
    )
