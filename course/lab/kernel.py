"""A kernel's work for its page: warming up, showing the course's cells together, and leaving it for another page."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from IPython.core.getipython import get_ipython
from IPython.display import display

import course
from course.lab.settings import ROOT_VARIABLE

CELL = "course_cell"
"""The key, in the transient data of what is shown, of the rank of the call that showed it."""
_page: str | None = None  # that the kernel serves


def load_ipython_extension(_shell: object) -> None:
    """Called by IPython when a kernel starts: the canvas is imported once the kernel answers messages.

    Those imports are the larger part of what the first canvas of a page waits for. Faults of the program go to the
    server's log, and not to a page.
    """
    logging.getLogger("course").addHandler(logging.StreamHandler(sys.__stderr__))
    from tornado.ioloop import IOLoop  # noqa: PLC0415 - a browser's Python has none

    IOLoop.current().call_later(0, _warm)


def _warm() -> None:
    with suppress(Exception):  # the cell that needs it will show the error
        importlib.import_module("course.workbook.canvas.widget")


def show(*calls: Sequence[str]) -> None:
    """Shows what each call returns, in their order, as one request of the page: a page opens sooner so.

    A call that fails shows nothing; the page then runs its cell alone, and the error appears where it belongs.

    Args:
        calls: A verb of the course and its arguments each: `["canvas", "1.1"]`.
    """
    for rank, (verb, *arguments) in enumerate(calls):
        with suppress(Exception):
            shown = getattr(course, verb)(*arguments)
            if shown is not None:
                display(shown, transient={CELL: rank})


def enter(path: str) -> None:
    """Begins a page: makes its folder the current one, as the kernel may have served a page in another.

    Args:
        path: The notebook, relative to the folder that the server shows, as `exercises/but-1/but-1.ipynb`.

    Raises:
        OSError: There is no such folder.
    """
    global _page  # noqa: PLW0603 - a kernel has one page
    if root := os.environ.get(ROOT_VARIABLE):
        os.chdir(Path(root, path).parent)
    _page = path


def clear(path: str) -> None:
    """Leaves a page: closes its widgets and forgets its names, so that another page takes over the kernel.

    Args:
        path: The page, as for `enter`.

    Raises:
        RuntimeError: The kernel serves another page, or somebody has run cells of their own here, whose traces must
            not reach another page.
    """
    global _page  # noqa: PLW0603
    shell = get_ipython()
    if shell is None or shell.execution_count > 1 or _page not in {None, path}:
        raise RuntimeError(f"this kernel does not serve {path} alone")
    from ipywidgets import Widget  # type: ignore[import-untyped]  # noqa: PLC0415 - here already, with the first widget

    Widget.close_all()
    shell.reset(new_session=False)
    _page = None
