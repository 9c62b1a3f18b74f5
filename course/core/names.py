"""Names that come from somebody else: shown without harm, and refused where they would do some."""

from __future__ import annotations

import re

MAX_NAME = 128

# nbgrader puts a trainee's name raw into pages, and takes it for a pattern of file names.
_REFUSED = re.compile(r'[<>&"\\/*?\[\]]')

# Names that Windows keeps to itself: a class moves from one computer to another.
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def legible(name: str) -> str:
    """A name fit for a line of a log: nothing invisible in it, and not too long."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return shown if len(shown) <= MAX_NAME else f"{shown[:MAX_NAME]}…"


def refused_name(name: str) -> str | None:
    """Why a folder's name cannot be a trainee's identifier, in French, or None when it can."""
    if not name or name.startswith(".") or name != name.strip() or len(name) > MAX_NAME or not name.isprintable():
        return "ce nom ne peut pas être celui d’un stagiaire"
    if name.endswith(".") or name.partition(".")[0].casefold() in RESERVED:
        return "Windows ne peut pas avoir de dossier de ce nom"
    if found := _REFUSED.search(name):
        return f"nbgrader ne sait pas traiter un nom qui contient « {found[0]} » : renommez ce dossier"
    return None
