"""References for the canvas, as kernels with another `canvas`: ipywidgets, and the former canvas."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rounds import ROOT, Impossible
from course.lab.settings import SHARE

# The commit of this repository before the canvases of a page shared one module.
FORMER = "a42b4e0"
# The last commit whose page sent one request to the kernel per canvas; earlier pages sent none by themselves.
FORMER_PAGE = "7bec9a9"

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


def _former(folder: Path) -> dict[str, str]:
    """Prepare kernels with the whole package of the former commit, and the page that sends a request per canvas."""
    from ipykernel.kernelspec import get_kernel_dict  # noqa: PLC0415  (0.3 s)

    unpack(FORMER, folder / "course")
    unpack(FORMER_PAGE, folder / "page")
    kernel = get_kernel_dict(["--InteractiveShellApp.ignore_cwd=True"], ["-P"])
    environment = {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(folder / "course")}
    kernel |= {"display_name": "Cours (Python)", "env": environment}
    path = folder / "kernels" / "python3" / "kernel.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(kernel), encoding="utf-8")
    return {"JUPYTER_PATH": os.pathsep.join([str(folder), str(folder / "page" / SHARE.relative_to(ROOT))])}


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
            f"Le canevas d’avant (version {commit}) n’est pas dans l’historique de ce dossier : il faut un clone "
            "entier du dépôt (git fetch --unshallow)."
        ) from None
    with tarfile.open(fileobj=io.BytesIO(archive)) as content:
        content.extractall(folder, filter="data")


IPYWIDGETS = Witness("ipywidgets", _ipywidgets, "6 × et plus", "120 ko au plus")
BEFORE = Witness(
    "le canevas d’avant",
    _former,
    "1,7 × et plus",
    "2,5 × et plus",
    (
        f"Le canevas d’avant : le paquet entier de la version {FORMER}, où chaque canevas apportait tout son module, "
        f"sur une page qui le demandait à part (version {FORMER_PAGE}) ; JupyterLab est celui d’aujourd’hui.",
    ),
)
