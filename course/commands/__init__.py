"""The command line `course`, in French, which calls the functions of the other packages.

A function is imported when its command runs: `course open` does not load the packages of instructors.
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
from course.core.terminal import program
from course.lab.launch import require


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: The arguments of `course`; those of this process by default.

    Returns:
        0 on success; 2 after an error message in French; 1 when the output is closed.
    """
    for stream in (sys.stdout, sys.stderr):  # an old console may lack some characters
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
    course = parser()
    namespace = course.parse_args(arguments)
    if namespace.command is None:
        course.print_help()
        return 0
    try:
        call(namespace.command, namespace)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return WRONG
    return 0


def call(command: Command, namespace: argparse.Namespace) -> None:
    """Call the function of a command with the parsed values.

    Raises:
        Refusal: A requirement of the command is missing, or the function refuses.
    """
    values = {argument.parameter: getattr(namespace, argument.parameter) for argument in command.arguments}
    if command.needs is not Needs.NOTHING:
        require("nbgrader")
    with files.private(_personal(command, values)) if command not in AUTHOR else nullcontext():
        if command.needs is Needs.CLASS:
            from course.instructor.cohort.places import find  # noqa: PLC0415
            from course.instructor.keeping.restoration import finish  # noqa: PLC0415

            finish(find(values["folder"]))
        function(command)(**values)


def _personal(command: Command, values: Mapping[str, Any]) -> Path:
    """Return the folder of a command that contains personal data."""
    folder: Path | None = values.get("folder") or values.get("to")
    if command in TRAINEE and not values.get("instructor"):
        return folder or default_root()
    if not any(argument.option == "--dossier" for argument in command.arguments):
        return folder or Path.cwd() / "demo"
    from course.instructor.cohort.places import find  # noqa: PLC0415

    return find(values["folder"]).folder


def function(command: Command) -> Callable[..., object]:
    """Import the function of a command."""
    module, _, name = command.function.partition(":")
    imported: Callable[..., object] = getattr(import_module(module), name)
    return imported


def parser() -> Parser:
    """Return the parser of the command line; it sets the `Command` as `command`, and the values by parameter."""
    course = Parser(
        prog=program(),
        description="Le cours « Soins centrés sur les personnes » et son cahier de travail.",
        epilog=f"Pour en savoir plus sur une commande : {program()} COMMANDE --aide",
    )
    course.add_argument(
        "--version", action="version", version=f"soins-centres-personnes {VERSION}", help="dire la version du cours"
    )
    course.set_defaults(command=None)
    commands = course.add_subparsers(title="commandes ", metavar="COMMANDE", parser_class=Parser, prog=program())
    for command in COMMANDS:
        subparser: Parser = commands.add_parser(command.name, help=command.help, description=command.description)
        subparser.set_defaults(command=command)
        for argument in command.arguments:
            _add(subparser, argument)
    return course


def _add(subparser: Parser, argument: Argument) -> None:
    if argument.option and not argument.metavar:
        action = "store_false" if argument.default else "store_true"
        subparser.add_argument(argument.option, dest=argument.parameter, action=action, help=argument.help)
        return
    destination: dict[str, Any] = {"dest": argument.parameter} if argument.option else {}
    subparser.add_argument(
        argument.option or argument.parameter,
        metavar=argument.metavar,
        type=argument.convert,
        nargs="*" if argument.many else None,
        default=argument.default,
        help=argument.help,
        **destination,
    )
