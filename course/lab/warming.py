"""An IPython extension: a kernel imports what the canvases need while the page is still making its acquaintance.

Those imports are the larger part of what the first canvas waits for. They begin once the kernel answers messages.
"""

from __future__ import annotations

import importlib
from contextlib import suppress

from tornado.ioloop import IOLoop


def load_ipython_extension(_shell: object) -> None:
    """Called by IPython when a kernel starts, before it answers anything."""
    IOLoop.current().call_later(0, _warm)


def _warm() -> None:
    with suppress(Exception):  # the cell that needs it will say what is wrong
        importlib.import_module("course.workbook.canvas.show")
