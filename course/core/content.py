"""The course's version, and its folders: beside the package in a clone, inside it in a wheel."""

from __future__ import annotations

import re
from pathlib import Path

VERSION = "0.1.0"
"""Shown by the command line, and recorded in hand-ins and archives."""

PACKAGE = Path(__file__).resolve().parents[1]


def content(name: str) -> Path:
    """Return a folder of the course: `data`, `modules`, `exercises` or `solutions`.

    Args:
        name: A top-level folder of the project.

    Returns:
        The folder in the wheel's copy when there is one, else in the clone that the package is imported from.

    Raises:
        FileNotFoundError: It is in neither.
    """
    for root in (PACKAGE / "_content", PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"Le dossier « {name} » du cours est introuvable : réinstallez soins-centres-personnes.")


def is_for_instructors(name: str) -> bool:
    """Return True for a notebook of `modules/` that is an instructor's tool: those numbered 20 and above.

    Args:
        name: Its file name, `21-correction.ipynb`.
    """
    return re.match(r"[2-9]\d-", name) is not None
