"""The command `course`, in French: what was typed, made into a call of the room that does it.

A room is imported when its command is typed: `course open` waits for nothing that only an instructor needs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from course.commands import author, instructor, trainee
from course.commands.french import WRONG, Parser
from course.core.refusal import Refusal
from course.core.version import VERSION


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
    asked = parser().parse_args(arguments)
    try:
        asked.act(asked)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return WRONG
    return 0


def parser() -> Parser:
    """The whole command line."""
    whole = Parser(
        prog="course",
        description="Le cours « Soins centrés sur les personnes » et son cahier de travail.",
        epilog="Pour en savoir plus sur une commande : course COMMANDE --aide",
    )
    whole.add_argument("--version", action="version", version=_version(), help="dire la version du cours")
    whole.set_defaults(act=lambda _: whole.print_help())
    commands = whole.add_subparsers(title="commandes\u00a0", metavar="COMMANDE", parser_class=Parser, prog="course")
    for door in (trainee, instructor, author):
        door.add(commands)
    return whole


def _version() -> str:
    try:
        return f"soins-centres-personnes {version('soins-centres-personnes')}"
    except PackageNotFoundError:
        return f"soins-centres-personnes {VERSION}"
