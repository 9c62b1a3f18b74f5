"""What a person did that cannot be done, said in French."""

from __future__ import annotations

import errno
from pathlib import Path

_CAUSES = {
    errno.EACCES: "vous n’en avez pas le droit",
    errno.EPERM: "vous n’en avez pas le droit",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.ENOTDIR: "un fichier porte le nom d’un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.EISDIR: "un dossier porte le nom d’un fichier",
}


class Refusal(Exception):  # noqa: N818  (nobody made an error: it cannot be done)
    """A French sentence: what happened, to which file, what to do. It is shown as it is, without a traceback."""


def not_writable(folder: Path, error: OSError) -> Refusal:
    """The refusal that says that a folder cannot be used, and why."""
    cause = _CAUSES.get(error.errno or 0, f"erreur {error.errno}")
    return Refusal(
        f"Le dossier « {folder} » ne peut pas être écrit ({cause}) : ouvrez-en l’accès, "
        "ou choisissez-en un autre avec --dossier."
    )
