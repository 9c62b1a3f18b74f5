"""`python -m benchmarks`: the measurements, chosen or all, as tables in French."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from benchmarks import classview, direct, grading, imports, keystrokes, memory, page, plan, shell
from benchmarks.report import Measurement, table
from benchmarks.rounds import Impossible, isolated
from benchmarks.witnesses import IPYWIDGETS
from course.core.refusal import Refusal

_WRONG = 2
_MOST = 1000
# All of them together take about three minutes on two cores.
_ROUNDS = {"grading": 1, "direct": 1, "growth": 1, "canvas": 3, "typing": 1, "imports": 5, "memory": 2}
_ROUNDS |= {"class": 3, "plan": 3, "opening": 3, "turns": 2, "outage": 2}
_FRENCH = {
    "grading": "la correction",
    "direct": "course grade",
    "growth": "une grande classe",
    "canvas": "le canevas",
    "typing": "la frappe",
    "imports": "les imports",
    "memory": "la mémoire",
    "class": "la classe",
    "plan": "le plan",
    "opening": "l’ouverture",
    "turns": "de page en page",
    "outage": "la panne",
}


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        words: The arguments of `python -m benchmarks`; those of this process by default.

    Returns:
        0 when everything was measured, 2 when a measurement failed, after an error message in French.
    """
    for stream in (sys.stdout, sys.stderr):  # an old console may lack some characters
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(words)
    measures: dict[str, Callable[[int, Callable[[str], None]], Measurement]] = {
        "grading": partial(grading.measure, copies=options.copies),
        "direct": direct.measure,
        "growth": direct.growth,
        "canvas": partial(page.measure, witness=IPYWIDGETS),
        "typing": keystrokes.measure,
        "imports": imports.measure,
        "memory": memory.measure,
        "class": classview.measure,
        "plan": plan.measure,
        "opening": shell.opening,
        "turns": shell.turns,
        "outage": shell.outage,
    }
    print(f"Ce que cela coûte : Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cœurs.")
    print("Rapport : combien de fois moins que le témoin. Valeurs : médiane [la moindre – la plus grande].", flush=True)
    status = 0
    with isolated():
        for name in options.measures or measures:
            rounds = options.rounds or _ROUNDS[name]
            try:
                measurement = measures[name](rounds, partial(_say, name))
            except (Impossible, Refusal) as problem:
                print(f"\nMesure impossible, {_FRENCH[name]} : {problem}", file=sys.stderr)
                status = _WRONG
            else:
                print(f"\n{table(measurement)}", flush=True)
    return status


def _say(name: str, progress: str) -> None:
    print(f"… {_FRENCH[name]} : {progress}", file=sys.stderr, flush=True)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - argparse speaks English
        self.exit(_WRONG, "Je n’ai pas compris cette commande. Pour l’aide : python -m benchmarks --aide\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m benchmarks",
        usage="python -m benchmarks [MESURE …] [--tours N] [--copies N]",
        formatter_class=_Formatter,
        description="Mesure ce que le cours coûte, à côté de ce à quoi on le compare.",
        add_help=False,
    )
    parser._positionals.title = "mesures"
    names = ", ".join(f"{name} ({french})" for name, french in _FRENCH.items())
    parser.add_argument("measures", nargs="*", metavar="MESURE", type=_measure, help=f"{names} ; toutes d’ordinaire")
    parser.add_argument(
        "--tours", dest="rounds", type=_number, metavar="N", help="combien de fois mesurer chaque chose"
    )
    parser.add_argument("--copies", type=_number, default=30, metavar="N", help="combien de copies corriger (30)")
    parser.add_argument("-h", "--help", "--aide", action="help", help="montrer cette aide")
    return parser


def _measure(text: str) -> str:
    if text not in _ROUNDS:
        raise argparse.ArgumentTypeError(text)
    return text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST):
        raise argparse.ArgumentTypeError(text)
    return int(text)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_WRONG))  # child processes are stopped, temporary folders removed
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        sys.exit(_WRONG)
