"""The command `course`, in French: a line that was typed becomes the call of a function of some room.

The function is imported when its command is typed: `course open` waits for nothing that only an instructor needs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from course.commands.french import WRONG, Parser
from course.commands.table import AUTHOR, COMMANDS, TRAINEE, Argument, Command, Needs
from course.core import files
from course.core.content import VERSION
from course.core.folders import default_root
from course.core.refusal import Refusal
from course.lab.launch import require


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what a command line says.

    Args:
        arguments: The words after `course`; those of this process by default.

    Returns:
        0 when it was done; 2 after a French sentence that says why it was not; 1 when nobody reads the output any more.
    """
    for stream in (sys.stdout, sys.stderr):  # an old console must not stop at a letter that it cannot show
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `course class | head`; Python flushes once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(arguments: Sequence[str] | None) -> int:
    whole = parser()
    typed = whole.parse_args(arguments)
    if typed.command is None:
        whole.print_help()
        return 0
    try:
        call(typed.command, typed)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return WRONG
    return 0


def call(command: Command, typed: argparse.Namespace) -> None:
    """Calls the function of a command with what was typed.

    Raises:
        Refusal: What the command needs is not there, or it cannot be done.
    """
    values = {each.parameter: getattr(typed, each.parameter) for each in command.arguments}
    if command.needs is not Needs.NOTHING:
        require("nbgrader")
    with files.private(_personal(command, values)) if command not in AUTHOR else nullcontext():
        if command.needs is Needs.CLASS:
            from course.instructor.cohort.places import find  # noqa: PLC0415
            from course.instructor.keeping.restoration import finish  # noqa: PLC0415

            finish(find(values["folder"]))
        function(command)(**values)


def _personal(command: Command, values: Mapping[str, Any]) -> Path:
    """The folder of a command that holds personal data."""
    folder: Path | None = values.get("folder") or values.get("to")
    if command in TRAINEE and not values.get("instructor"):
        return folder or default_root()
    if not any(argument.option == "--dossier" for argument in command.arguments):
        return folder or Path.cwd() / "demo"
    from course.instructor.cohort.places import find  # noqa: PLC0415

    return find(values["folder"]).folder


def function(command: Command) -> Callable[..., object]:
    """The function of a command; its room is imported."""
    module, _, name = command.function.partition(":")
    found: Callable[..., object] = getattr(import_module(module), name)
    return found


def parser() -> Parser:
    """The parser of the whole command line; it gives the `Command` as `command`, and its values by parameter."""
    whole = Parser(
        prog="course",
        description="Le cours « Soins centrés sur les personnes » et son cahier de travail.",
        epilog="Pour en savoir plus sur une commande : course COMMANDE --aide",
    )
    whole.add_argument(
        "--version", action="version", version=f"soins-centres-personnes {VERSION}", help="dire la version du cours"
    )
    whole.set_defaults(command=None)
    commands = whole.add_subparsers(title="commandes ", metavar="COMMANDE", parser_class=Parser, prog="course")
    for command in COMMANDS:
        one: Parser = commands.add_parser(command.name, help=command.help, description=command.description)
        one.set_defaults(command=command)
        for argument in command.arguments:
            _add(one, argument)
    return whole


def _add(command: Parser, argument: Argument) -> None:
    if argument.option and not argument.metavar:
        action = "store_false" if argument.default else "store_true"
        command.add_argument(argument.option, dest=argument.parameter, action=action, help=argument.help)
        return
    place: dict[str, Any] = {"dest": argument.parameter} if argument.option else {}
    command.add_argument(
        argument.option or argument.parameter,
        metavar=argument.metavar,
        type=argument.convert,
        nargs="*" if argument.many else None,
        default=argument.default,
        help=argument.help,
        **place,
    )
