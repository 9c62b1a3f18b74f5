"""The course's version, and where its files are: beside the package in a clone, inside it in a wheel."""

from __future__ import annotations

import re
from pathlib import Path

VERSION = "0.1.0"
"""In the command line, in what is handed in, in archives."""

PACKAGE = Path(__file__).resolve().parents[1]


def content(name: str) -> Path:
    """The folder `name` of the course: `data`, `modules`, `exercises` or `solutions`.

    Args:
        name: A top-level folder of the project.

    Returns:
        The folder in the wheel's own copy when there is one, else in the clone the package is imported from.

    Raises:
        FileNotFoundError: Neither place has it.
    """
    for root in (PACKAGE / "_content", PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"Le dossier « {name} » du cours est introuvable : réinstallez soins-centres-personnes.")


def is_for_instructors(name: str) -> bool:
    """Whether a notebook of `modules/` is an instructor's tool and no lesson: those numbered 20 and above.

    Args:
        name: Its file name, `21-correction.ipynb`.
    """
    return re.match(r"[2-9]\d-", name) is not None
