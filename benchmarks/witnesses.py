"""What the canvas is compared with, in kernels where `canvas` means that: ipywidgets, and the canvas before."""

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

# The commit before the canvases of a page began to share one module, in this repository's own history.
FORMER = "a42b4e0"
# The last commit whose page asked the kernel anew for each canvas; before it there was no page that asked by itself.
FORMER_PAGE = "7bec9a9"

# IPython runs this at the start of a kernel: the course's verb means the other table from then on.
_OTHER_VERB = """
import course


def canvas(identifier):
    from benchmarks.ipywidgets_canvas import canvas

    return canvas(identifier)


course.canvas = canvas
"""


@dataclass(frozen=True, slots=True)
class Witness:
    """Something that the course's canvas is compared with.

    Attributes:
        name: The heading of its column, in French.
        variables: Given an empty folder that lasts, the variables that make a server's kernels its own.
        time: How much less time the project promised all canvases would need, in French.
        size: How many fewer bytes.
        remarks: What a reader must know of it.
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
    """The whole package of that commit in kernels as it started them, and a page that asks each canvas for itself."""
    from ipykernel.kernelspec import get_kernel_dict  # noqa: PLC0415  (0.3 s that only this one needs)

    unpack(FORMER, folder / "course")
    unpack(FORMER_PAGE, folder / "page")
    kernel = get_kernel_dict(["--InteractiveShellApp.ignore_cwd=True"], ["-P"])
    environment = {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(folder / "course")}
    kernel |= {"display_name": "Cours (Python)", "env": environment}
    path = folder / "kernels" / "python3" / "kernel.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(kernel), encoding="utf-8")
    return {"JUPYTER_PATH": os.pathsep.join([str(folder), str(folder / "page" / SHARE.relative_to(ROOT))])}


def unpack(commit: str, folder: Path) -> None:
    """Writes the package and its data as they were in a commit of this repository into a new folder.

    Raises:
        Impossible: The history does not go back that far, or there is none.
    """
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", commit, "course", "data"]
    try:
        packed = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        raise Impossible(
            f"Le canevas d’avant (version {commit}) n’est pas dans l’historique de ce dossier : il faut un clone "
            "entier du dépôt (git fetch --unshallow)."
        ) from None
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


IPYWIDGETS = Witness("ipywidgets", _ipywidgets, "3 × et plus", "10 × et plus")
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
