"""A process of its own for what a test does: it has all that the test's has imported, and what it changes dies with it.

A new Python needs 1 to 3 s to import nbgrader, pandas and matplotlib.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork: Windows has none")


def forked(act: Callable[[], object]) -> tuple[int, str]:
    """Do something in a forked process.

    Args:
        act: What to do; it may end the process, as programs do, with `SystemExit`.

    Returns:
        The status of the process, and what it wrote on its standard output and error.
    """
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = _run(act, output.fileno())
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        return status, output.read().decode()


def _run(act: Callable[[], object], output: int) -> int:
    # pytest hears logs and warnings itself, in its own process.
    logging.getLogger().handlers.clear()
    warnings.simplefilter("default")
    warnings.showwarning = lambda *warning: sys.stderr.write(warnings.formatwarning(*warning[:4]))
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.stdout, sys.stderr = (os.fdopen(stream, "w", closefd=False, encoding="utf-8") for stream in (1, 2))
    try:
        act()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1 if end.code else 0
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    return 0
