"""argparse in French: a catalogue for the messages that it passes through gettext, and the types of its values."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

WRONG = 2

# What argparse says of these command lines, on Python 3.11 to 3.14.
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


vars(argparse)["_"] = _translated  # argparse looks up gettext under this name, and offers no other way in


class Parser(argparse.ArgumentParser):
    """A parser that speaks French."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - those of `argparse.ArgumentParser`
        """A parser with `--aide` in place of `--help` alone."""
        super().__init__(add_help=False, **options)
        self.add_argument("-h", "--help", "--aide", action="help", help="montrer cette aide")

    def error(self, message: str) -> NoReturn:
        """Ends with a French sentence on what was typed."""
        self.exit(WRONG, f"{message[:1].upper()}{message[1:]}. Pour l’aide : {self.prog} --aide\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 - as argparse has it
        """The name of a command is the only word of `course` with choices."""
        if action.choices is not None and value not in action.choices:
            self.error(f"« {value} » n’est pas une commande de « course »")


def port(text: str) -> int:
    """A port that was typed."""
    if text.isascii() and text.isdigit() and 1024 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"« {text} » n’est pas un port ; donnez un nombre entre 1024 et 65535")


def path(text: str) -> Path:
    """A path that was typed, « ~ » expanded."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"« {text} » : il n’y a pas de dossier personnel de ce nom") from None


def path_or_word(text: str) -> str:
    """A path, or a word that stands for one, as it was typed; « ~ » expanded."""
    return str(path(text)) if text.startswith("~") else text
