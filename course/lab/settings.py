"""JupyterLab's settings for a desk, written where JupyterLab looks for them.

`share/jupyter/lab/settings/overrides.d/` holds what everybody has (a wheel installs it), `desks.json` what the course's
shell and each desk do without. Settings are nowhere else.
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARE = HERE / "share" / "jupyter"
_OVERRIDES = SHARE / "lab" / "settings" / "overrides.d" / "soins-centres-personnes.json"
_DESKS = HERE / "desks.json"
TEMPLATES = HERE / "templates"
_NAME = "soins-centres-personnes.json"
ROOT_VARIABLE = "COURSE_ROOT"
"""The environment variable that names, to the kernels of a server, the folder that it shows."""


class Desk(StrEnum):
    """The person a page is for; the extension reads it as the page option `courseDesk`."""

    TRAINEE = "stagiaire"
    INSTRUCTOR = "formateur"


def write_config(folder: Path, desk: Desk, notice: str = "") -> None:
    """Writes a desk's settings into a Jupyter configuration folder, such as one of `JUPYTER_CONFIG_PATH`.

    Args:
        folder: Made when missing; `labconfig/` and `jupyter_server_config.d/` are written in it.
        desk: Trainees do without nbgrader's own pages and without a terminal.
        notice: `binder` for the bar that says that the session is temporary.

    Raises:
        OSError: The folder cannot be written.
    """
    absent = _read(_DESKS)[desk.value]
    page = {
        "courseDesk": desk.value,
        "courseNotice": notice,
        "disabledExtensions": dict.fromkeys(absent["disabledExtensions"], True),
    }
    server = dict.fromkeys(absent["disabledServerExtensions"], False) | {"course.lab.site": True}
    _write(folder / "labconfig" / "default_setting_overrides.json", _read(_OVERRIDES))
    _write(folder / "labconfig" / "page_config.json", page)
    _write(folder / "jupyter_server_config.d" / _NAME, {"ServerApp": {"jpserver_extensions": server}})


def shell_plugins() -> list[str]:
    """JupyterLab's plugins that the course's shell takes the place of, or does without."""
    plugins: list[str] = _read(_DESKS)["shell"]["disabledExtensions"]
    return plugins


def write_kernel(folder: Path) -> None:
    """Writes the course's kernel into a Jupyter data folder, such as one of `JUPYTER_PATH`.

    It is this Python, called `python3` like the one that ipykernel installs, and imports nothing from the folder of the
    notebook: a `course.py` that came with a notebook would run by itself. `-P` keeps that folder off the path while
    the kernel starts, `ignore_cwd` afterwards.

    Args:
        folder: Made when missing; `kernels/python3/kernel.json` is written in it.

    Raises:
        OSError: The folder cannot be written.
    """
    from ipykernel.kernelspec import get_kernel_dict  # noqa: PLC0415  (0.3 s, and `course --help` needs none of it)

    kernel = get_kernel_dict(
        ["--InteractiveShellApp.ignore_cwd=True", "--InteractiveShellApp.extra_extensions=course.lab.kernel"], ["-P"]
    )
    kernel |= {"display_name": "Cours (Python)", "env": {"PYTHONSAFEPATH": "1"}}
    _write(folder / "kernels" / "python3" / "kernel.json", kernel)


def _read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def _write(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
