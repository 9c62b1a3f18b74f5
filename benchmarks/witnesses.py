"""References: kernels whose canvas is made of ipywidgets; former states, from the history of this repository."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rounds import ROOT, Impossible

# IPython runs this at the start of a kernel: it replaces the course's verb.
_OTHER_VERB = """
import course


def canvas(identifier):
    from benchmarks.ipywidgets_canvas import canvas

    return canvas(identifier)


course.canvas = canvas
"""


@dataclass(frozen=True, slots=True)
class Witness:
    """A reference for the course's canvas.

    Attributes:
        name: The heading of its column, in French.
        variables: Writes its files into an empty folder; returns the environment variables of its server and kernels.
        time: The promised ratio of times for all canvases, in French.
        size: The promised ratio of bytes.
        remarks: Notes for the reader, in French.
    """

    name: str
    variables: Callable[[Path], dict[str, str]]
    time: str
    size: str
    remarks: tuple[str, ...] = ()


def _ipywidgets(folder: Path) -> dict[str, str]:
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "10-canvas.py").write_text(_OTHER_VERB, encoding="utf-8")
    return {"IPYTHONDIR": str(folder)}


def unpack(commit: str, folder: Path, *paths: str) -> None:
    """Write paths of a commit of this repository, by default the package and its data, into a new folder.

    Raises:
        Impossible: The history does not contain the commit.
    """
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", commit, *(paths or ("course", "data"))]
    try:
        archive = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        raise Impossible(
            f"La version {commit} n’est pas dans l’historique de ce dossier : il faut un clone "
            "entier du dépôt (git fetch --unshallow)."
        ) from None
    with tarfile.open(fileobj=io.BytesIO(archive)) as content:
        content.extractall(folder, filter="data")


IPYWIDGETS = Witness("ipywidgets", _ipywidgets, "6 × et plus", "120 ko au plus")
