"""What it takes to import the course, and to make a first canvas, each in an interpreter of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import Line, Measurement, seconds
from benchmarks.rounds import COURSE, OTHER, alternated, run

_TIMED = "import time\n{before}\nstart = time.perf_counter()\n{what}\nprint(time.perf_counter() - start)"
_KERNEL = "import ipykernel.ipkernel"  # a kernel has it already

IMPORT = {COURSE: "import course", OTHER: "import ipywidgets"}
FIRST = {
    COURSE: 'from course import canvas\ncanvas("1.1")',
    OTHER: 'from benchmarks.ipywidgets_canvas import canvas\ncanvas("1.1")',
}


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Times imports in fresh interpreters.

    Args:
        rounds: 1 or more.
        say: Hears the progress, in French.
    """
    sides = {side: lambda _, side=side: (_seconds(IMPORT[side]), _seconds(FIRST[side], _KERNEL)) for side in IMPORT}
    alternated(1, sides)  # the compiled files of a first time are of no interest
    found = alternated(rounds, sides, say)
    lines = [
        Line(what, [pair[rank] for pair in found[COURSE]], [pair[rank] for pair in found[OTHER]], seconds)
        for rank, what in enumerate(("import", "import et premier canevas"))
    ]
    return Measurement("Importer, dans un Python qui vient de démarrer", "ipywidgets", tuple(lines))


def _seconds(what: str, before: str = "") -> float:
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        program = _TIMED.format(before=before, what=what)
        return float(run([sys.executable, "-c", program], Path(folder), patience=60).split()[-1])
