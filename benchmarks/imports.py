"""The time to import the course, and to create a first canvas, each in a new interpreter."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import Figure, Measurement, seconds
from benchmarks.rounds import COURSE, OTHER, alternated, run

_TIMED = "import time\n{setup}\nstart = time.perf_counter()\n{code}\nprint(time.perf_counter() - start)"
_KERNEL = "import ipykernel.ipkernel"  # a kernel has imported it already

IMPORT = {COURSE: "import course", OTHER: "import ipywidgets"}
FIRST = {
    COURSE: 'from course import canvas\ncanvas("1.1")',
    OTHER: 'from benchmarks.ipywidgets_canvas import canvas\ncanvas("1.1")',
}


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Time imports in new interpreters.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.
    """
    sides = {side: lambda _, side=side: (_seconds(IMPORT[side]), _seconds(FIRST[side], _KERNEL)) for side in IMPORT}
    alternated(1, sides)  # compiles the modules
    times = alternated(rounds, sides, say)
    lines = [
        Figure(label, [pair[rank] for pair in times[COURSE]], [pair[rank] for pair in times[OTHER]], seconds)
        for rank, label in enumerate(("import", "import et premier canevas"))
    ]
    return Measurement("Importer, dans un Python qui vient de démarrer", "ipywidgets", tuple(lines))


def _seconds(code: str, setup: str = "") -> float:
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        program = _TIMED.format(setup=setup, code=code)
        return float(run([sys.executable, "-c", program], Path(folder), patience=60).split()[-1])
