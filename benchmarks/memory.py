"""The memory of a kernel: bare, with one canvas, with all of them."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import Figure, Measurement, size
from benchmarks.rounds import COURSE, OTHER, Impossible, alternated
from course.core import syllabus

VERBS = {COURSE: "from course import canvas", OTHER: "from benchmarks.ipywidgets_canvas import canvas"}
_PATIENCE = 60.0


class Memory(NamedTuple):
    """Bytes of a kernel: bare, then added by one canvas and by all."""

    bare: int
    one: int
    all: int


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Measure the memory of kernels, one after the other.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.

    Raises:
        Impossible: A kernel did not start, or a canvas did not run.
    """
    sides = {side: lambda _, side=side: _weigh(VERBS[side]) for side in VERBS}
    alternated(1, sides)  # compiling leaves free memory, which the measured code would then reuse
    memory = alternated(rounds, sides, say)
    course, other = memory[COURSE], memory[OTHER]
    lines = (
        Figure("noyau nu", [kernel.bare for kernel in course], [kernel.bare for kernel in other], size),
        Figure(
            "ajouté par 1 canevas",
            [kernel.one for kernel in course],
            [kernel.one for kernel in other],
            size,
            "8 Mio au plus",
        ),
        Figure("ajouté par 18 canevas", [kernel.all for kernel in course], [kernel.all for kernel in other], size),
    )
    return Measurement("Mémoire du noyau", "ipywidgets", lines, (f"Mesure : {_measured()}.",))


def _weigh(verb: str) -> Memory:
    from jupyter_client import KernelManager  # noqa: PLC0415  (`--aide` needs none of it)
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415

    from course.lab.settings import write_kernel  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="noyau-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        write_kernel(folder / "share")
        specs = KernelSpecManager(kernel_dirs=[str(folder / "share" / "kernels")])
        manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs)
        manager.start_kernel(cwd=str(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = manager.client()
        try:
            client.start_channels()
            client.wait_for_ready(timeout=_PATIENCE)
            objectives = [objective.id for objective in syllabus.load().objectives]
            steps = ("", *(f'{verb}\ncanvas("{objective}")' for objective in objectives))
            sizes = []
            for step in steps:
                reply = client.execute_interactive(step, timeout=_PATIENCE, output_hook=lambda _: None)
                if reply["content"]["status"] != "ok":
                    raise Impossible(f"Un canevas ne s’est pas ouvert : {reply['content'].get('evalue')}")
                sizes.append(_bytes(manager.provisioner.pid))
        except (RuntimeError, TimeoutError) as error:
            raise Impossible(f"Le noyau ne répond pas : {error}") from error
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        return Memory(sizes[0], sizes[1] - sizes[0], sizes[-1] - sizes[0])


def _bytes(pid: int) -> int:
    import psutil  # noqa: PLC0415

    process = psutil.Process(pid)
    full = process.memory_full_info()
    return getattr(full, "pss", 0) or full.rss


def _measured() -> str:
    import psutil  # noqa: PLC0415

    shared = hasattr(psutil.Process().memory_full_info(), "pss")
    return "PSS, la part du noyau dans les pages partagées comprise" if shared else "RSS, pages partagées comprises"
