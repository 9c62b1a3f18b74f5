"""argparse in French: a catalogue of the messages that it passes through gettext, and types of values."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

WRONG = 2

# The messages of argparse for these command lines, on Python 3.11 to 3.14.
CATALOGUE = {
    "usage: ": "Utilisation : ",
    "positional arguments": "mots ",
    "options": "options ",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "option ou mot inconnu : %s",
    "ambiguous option: %(option)s could match %(matches)s": (
        "« %(option)s » peut vouloir dire %(matches)s : écrivez l’option en entier"
    ),
    "argument %(argument_name)s: %(message)s": "option %(argument_name)s : %(message)s",
    "expected one argument": "il manque sa valeur",
    "ignored explicit argument %r": "elle ne prend pas de valeur (%r)",
}


def _translated(message: str) -> str:
    return CATALOGUE.get(message, message)


vars(argparse)["_"] = _translated  # argparse calls gettext by this name, and has no other hook


class Parser(argparse.ArgumentParser):
    """A parser with French messages."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - those of `argparse.ArgumentParser`
        """Create a parser with `--aide` beside `--help`."""
        super().__init__(add_help=False, **options)
        self.add_argument("-h", "--help", "--aide", action="help", help="montrer cette aide")

    def error(self, message: str) -> NoReturn:
        """Print a French sentence on the error, and exit."""
        self.exit(WRONG, f"{message[:1].upper()}{message[1:]}. Pour l’aide : {self.prog} --aide\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 - as argparse has it
        """Refuse an unknown command: only the name of a command has choices."""
        if action.choices is not None and value not in action.choices:
            self.error(f"« {value} » n’est pas une commande de « course »")


def port(text: str) -> int:
    """Convert a typed port."""
    if text.isascii() and text.isdigit() and 1024 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"« {text} » n’est pas un port ; donnez un nombre entre 1024 et 65535")


def path(text: str) -> Path:
    """Convert a typed path to an absolute one, « ~ » expanded."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"« {text} » : il n’y a pas de dossier personnel de ce nom") from None


def path_or_word(text: str) -> str:
    """Return a typed path, or a keyword, unchanged except for « ~ », which is expanded."""
    return str(path(text)) if text.startswith("~") else text
